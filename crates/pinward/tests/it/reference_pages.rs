//! Every command that the two reference pages print, verbatim, on a fresh sample company, each with
//! the effect that its caption describes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;
use serde_json::Value;

use crate::program::Sample;

/// The commands as printed, en dashes included.
const COMMANDS: [&str; 10] = [
    "Set-CsClientPin -Identity \"litwareinc\\kenmyer\"",
    "Set-CsClientPin -Identity \"litwareinc\\kenmyer\" -Pin 18723834",
    "Get-CsUser -OU \"OU=Finance,DC=litwareinc,DC=com\" | Set-CsClientPin",
    "Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $False} | Set-CsClientPin",
    "Get-CsAdminRole | Where-Object {$_.Cmdlets –match \"Set-CsClientPin\"}",
    "Get-CsAdminRole | Where-Object {$_.Cmdlets –match \"Set-CsPinPolicy\"}",
    "Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 10",
    "Set-CsPinPolicy -Identity RedmondUsersPinPolicy -MinPasswordLength 10 -AllowCommonPatterns $True",
    "Get-CsPinPolicy | Set-CsPinPolicy -MinPasswordLength 10",
    "Get-CsPinPolicy | Where-Object {$_.MinPasswordLength -gt 10} | Set-CsPinPolicy -MaximumLogonAttempts 25",
];

/// The list above is what the pages print, wherever the pages are at hand.
#[test]
fn the_commands_are_those_of_the_pages() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec");
    let command = Regex::new(r"(?m)^(?:Get|Set)-Cs\w+ (?:-|\|)[^<\r\n]*$").unwrap();
    let mut printed = Vec::new();
    for page in ["seeds-set-csclientpin.txt", "seeds-set-cspinpolicy.txt"] {
        let Ok(text) = std::fs::read_to_string(pages.join(page)) else {
            println!("the reference pages are not at hand; only the list above is tested");
            return;
        };
        printed.extend(
            command
                .find_iter(&text)
                .map(|found| found.as_str().trim().to_owned()),
        );
    }
    let printed: BTreeSet<&str> = printed.iter().map(String::as_str).collect();
    assert_eq!(printed, COMMANDS.into_iter().collect());
}

/// The state of every user's PIN, by identity.
fn pins(sample: &Sample) -> BTreeMap<String, Value> {
    sample
        .json("Get-CsUser | Get-CsClientPinInfo")
        .into_iter()
        .map(|info| {
            (
                info["Identity"].as_str().expect("an identity").to_owned(),
                info,
            )
        })
        .collect()
}

/// The users whose PIN's state differs.
fn changed(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> BTreeSet<String> {
    assert_eq!(before.len(), after.len());
    before
        .keys()
        .filter(|user| before[*user] != after[*user])
        .cloned()
        .collect()
}

/// The Identity and Pin that a command showed, in order.
fn shown(out: &str) -> Vec<(String, String)> {
    let line = Regex::new(r"(?m)^(sip:\S+)\s+(\d+)\s*$").unwrap();
    line.captures_iter(out)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect()
}

/// All policies by identity.
fn policies(sample: &Sample) -> BTreeMap<String, Value> {
    sample
        .json("Get-CsPinPolicy")
        .into_iter()
        .map(|policy| {
            (
                policy["Identity"].as_str().expect("an identity").to_owned(),
                policy,
            )
        })
        .collect()
}

const KEN: &str = "sip:kenmyer@litwareinc.com";

// R-SET-1
#[test]
fn example_1_assigns_a_generated_pin_and_shows_it() {
    let sample = Sample::new();
    let before = pins(&sample);
    assert!(
        before.values().all(|info| info["IsPinSet"] == false),
        "nobody has a PIN"
    );
    let out = sample.run(COMMANDS[0]).well().out;
    let shown = shown(&out);
    assert_eq!(shown.len(), 1, "{out}");
    assert_eq!(shown[0].0, KEN);
    let after = pins(&sample);
    assert_eq!(changed(&before, &after), BTreeSet::from([KEN.to_owned()]));
    assert_eq!(after[KEN]["IsPinSet"], true);
    assert!(sample.logs_on("51219", &shown[0].1));
}

#[test]
fn example_2_assigns_the_named_pin() {
    let sample = Sample::new();
    let before = pins(&sample);
    sample.run(COMMANDS[1]).well();
    assert_eq!(
        changed(&before, &pins(&sample)),
        BTreeSet::from([KEN.to_owned()])
    );
    assert!(sample.logs_on("+14255551219", "18723834"));
    assert!(!sample.logs_on("+14255551219", "18723835"));
}

#[test]
fn example_3_assigns_pins_in_finance_only() {
    let sample = Sample::new();
    let before = pins(&sample);
    let out = sample.run(COMMANDS[2]).well().out;
    let finance: BTreeSet<String> = sample
        .json("Get-CsUser")
        .iter()
        .filter(|user| {
            let dn = user["Identity"].as_str().expect("a DN").to_lowercase();
            dn.ends_with(",ou=finance,dc=litwareinc,dc=com")
        })
        .map(|user| {
            user["SipAddress"]
                .as_str()
                .expect("a SIP address")
                .to_owned()
        })
        .collect();
    assert!(finance.len() >= 10, "{finance:?}");
    assert_eq!(changed(&before, &pins(&sample)), finance);
    let shown = shown(&out);
    assert_eq!(
        shown
            .iter()
            .map(|(user, _)| user.clone())
            .collect::<BTreeSet<_>>(),
        finance
    );
    let (user, pin) = &shown[shown.len() - 1];
    assert!(sample.logs_on(user, pin));
}

#[test]
fn example_4_assigns_pins_to_those_who_have_none() {
    let sample = Sample::new();
    sample.run(COMMANDS[1]).well();
    sample
        .run("Set-CsClientPin 'Pilar Ackerman' 383042650")
        .well();
    let before = pins(&sample);
    let out = sample.run(COMMANDS[3]).well().out;
    let after = pins(&sample);
    assert!(after.values().all(|info| info["IsPinSet"] == true));
    let had = |user: &&String| before[*user]["IsPinSet"] == true;
    assert_eq!(before.keys().filter(had).count(), 2);
    for user in before.keys().filter(had) {
        assert_eq!(before[user], after[user], "who had a PIN kept it");
    }
    assert_eq!(shown(&out).len(), before.len() - 2);
    assert!(sample.logs_on("51219", "18723834"));
}

// R-RBAC-2
#[test]
fn the_roles_that_may_run_a_cmdlet_are_listed() {
    let sample = Sample::new();
    let set_pin: BTreeSet<String> = sample.texts(COMMANDS[4], "Identity").into_iter().collect();
    assert_eq!(
        set_pin,
        ["CsAdministrator", "CsUserAdministrator"]
            .map(String::from)
            .into()
    );
    let set_policy: BTreeSet<String> = sample.texts(COMMANDS[5], "Identity").into_iter().collect();
    assert_eq!(
        set_policy,
        ["CsAdministrator", "CsServerAdministrator"]
            .map(String::from)
            .into()
    );
    for command in [COMMANDS[4], COMMANDS[5]] {
        assert!(sample.run(command).well().out.contains("CsAdministrator"));
    }
}

/// What a command changed in the policies: policy, property → new value.
fn policy_changes(sample: &Sample, command: &str) -> BTreeMap<(String, String), Value> {
    let before = policies(sample);
    assert_eq!(
        sample.run(command).well().out,
        "",
        "the cmdlet returns nothing"
    );
    let after = policies(sample);
    assert_eq!(
        before.keys().collect::<Vec<_>>(),
        after.keys().collect::<Vec<_>>()
    );
    let mut changes = BTreeMap::new();
    for (identity, policy) in &after {
        for (property, value) in policy.as_object().expect("an object") {
            if before[identity][property] != *value {
                changes.insert((identity.clone(), property.clone()), value.clone());
            }
        }
    }
    changes
}

#[test]
fn policy_example_1_changes_the_site_policy_only() {
    let sample = Sample::new();
    let changes = policy_changes(&sample, COMMANDS[6]);
    let expected = [(
        ("Site:Redmond".into(), "MinPasswordLength".into()),
        10.into(),
    )];
    assert_eq!(changes, expected.into());
    let refused = sample.run("Set-CsClientPin litwareinc\\kenmyer 18723834");
    assert_eq!(
        refused.code,
        Some(1),
        "new PINs have at least 10 digits: {refused:?}"
    );
}

#[test]
fn policy_example_2_changes_two_properties() {
    let sample = Sample::new();
    let changes = policy_changes(&sample, COMMANDS[7]);
    let tag = "Tag:RedmondUsersPinPolicy".to_owned();
    let expected = [
        ((tag.clone(), "MinPasswordLength".into()), 10.into()),
        ((tag, "AllowCommonPatterns".into()), true.into()),
    ];
    assert_eq!(changes, expected.into());
}

#[test]
fn policy_example_3_changes_all_policies() {
    let sample = Sample::new();
    let changes = policy_changes(&sample, COMMANDS[8]);
    assert!(
        changes
            .keys()
            .all(|(_, property)| property == "MinPasswordLength")
    );
    let all = policies(&sample);
    assert!(all.len() >= 3);
    assert!(all.values().all(|policy| policy["MinPasswordLength"] == 10));
}

#[test]
fn policy_example_4_changes_those_with_long_pins() {
    let sample = Sample::new();
    sample
        .run("Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 12")
        .well();
    let long: BTreeSet<String> = policies(&sample)
        .into_iter()
        .filter(|(_, policy)| policy["MinPasswordLength"].as_u64().expect("a number") > 10)
        .map(|(identity, _)| identity)
        .collect();
    assert!(
        long.contains("Site:Redmond") && !long.contains("Global"),
        "{long:?}"
    );
    let changes = policy_changes(&sample, COMMANDS[9]);
    let expected = long
        .into_iter()
        .map(|identity| {
            (
                (identity, "MaximumLogonAttempts".to_owned()),
                Value::from(25),
            )
        })
        .collect();
    assert_eq!(changes, expected);
}
