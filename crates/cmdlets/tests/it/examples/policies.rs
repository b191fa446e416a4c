//! The PIN policy cmdlets.

use super::Checked;
use super::effects::{POLICIES, USERS, changes, effect, lists, with};
use crate::bench::{Bench, text};

pub const EXAMPLES: &[Checked] = &[
    (
        "Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 10",
        |bench, code| {
            changes(
                bench,
                POLICIES,
                code,
                &["Site:Redmond MinPasswordLength=10"],
            );
            let reason = bench.refused("Set-CsClientPin 'Ken Myer' -Pin 18723834", "PinRefused");
            assert!(reason.contains("at least 10 digits"), "{reason}");
        },
    ),
    (
        "Set-CsPinPolicy -Identity RedmondUsersPinPolicy -MinPasswordLength 10 -AllowCommonPatterns $True",
        |bench, code| {
            let expected = [
                "Tag:RedmondUsersPinPolicy AllowCommonPatterns=True",
                "Tag:RedmondUsersPinPolicy MinPasswordLength=10",
            ];
            changes(bench, POLICIES, code, &expected);
        },
    ),
    (
        "Get-CsPinPolicy | Set-CsPinPolicy -MinPasswordLength 10",
        |bench, code| {
            let expected = [
                "Global MinPasswordLength=10",
                "Site:Redmond MinPasswordLength=10",
                "Tag:ExecutivesPinPolicy MinPasswordLength=10",
                "Tag:LobbyPhonesPinPolicy MinPasswordLength=10",
                "Tag:RedmondUsersPinPolicy MinPasswordLength=10",
            ];
            changes(bench, POLICIES, code, &expected);
        },
    ),
    (
        "Get-CsPinPolicy | Where-Object {$_.MinPasswordLength -gt 10} | Set-CsPinPolicy -MaximumLogonAttempts 25",
        |bench, code| {
            let expected = ["Tag:ExecutivesPinPolicy MaximumLogonAttempts=25"];
            changes(bench, POLICIES, code, &expected);
        },
    ),
    (
        r#"New-CsPinPolicy -Identity "site:Redmond" -MinPasswordLength 10"#,
        |bench, code| creates_for_redmond(bench, code, ["10", "0", "0"]),
    ),
    (
        r#"New-CsPinPolicy -Identity "site:Redmond" -MinPasswordLength 10 -PINHistoryCount 10 -PINLifetime 30"#,
        |bench, code| creates_for_redmond(bench, code, ["10", "10", "30"]),
    ),
    (
        r#"$x = New-CsPinPolicy -Identity "site:Redmond" -InMemory
$x.MinPasswordLength = 10
$x.PINHistoryCount = 10
$x.PINLifetime = 30
Set-CsPinPolicy -Instance $x"#,
        |bench, code| {
            bench.ok("Remove-CsPinPolicy site:Redmond");
            changes(bench, POLICIES, code, &["+ Site:Redmond"]);
            of_redmond(bench, ["10", "10", "30"]);
        },
    ),
    (
        r#"$x = Get-CsPinPolicy -Identity "site:Redmond"
New-CsPinPolicy -Identity "site:Paris" -MinPasswordLength $x.MinPasswordLength"#,
        |bench, code| {
            let (changes, made) = effect(bench, POLICIES, code);
            assert_eq!(changes, ["+ Site:Paris"]);
            assert_eq!(text(&made[0], "MinPasswordLength"), "6");
            lists(
                bench,
                "Get-CsPinPolicy site:Paris",
                "MinPasswordLength",
                &["6"],
            );
        },
    ),
    ("Get-CsPinPolicy", |bench, code| {
        let all = [
            "Global",
            "Site:Redmond",
            "Tag:ExecutivesPinPolicy",
            "Tag:LobbyPhonesPinPolicy",
            "Tag:RedmondUsersPinPolicy",
        ];
        lists(bench, code, "Identity", &all);
    }),
    (
        r#"Get-CsPinPolicy -Identity "site:Redmond""#,
        |bench, code| lists(bench, code, "Identity", &["Site:Redmond"]),
    ),
    (r#"Get-CsPinPolicy -Filter "tag:*""#, |bench, code| {
        let tags = [
            "Tag:ExecutivesPinPolicy",
            "Tag:LobbyPhonesPinPolicy",
            "Tag:RedmondUsersPinPolicy",
        ];
        lists(bench, code, "Identity", &tags);
    }),
    (
        "Get-CsPinPolicy | Where-Object {$_.AllowCommonPatterns -eq $True}",
        |bench, code| lists(bench, code, "Identity", &["Tag:LobbyPhonesPinPolicy"]),
    ),
    (
        "Get-CsPinPolicy | Where-Object {$_.PinLifetime -gt 30}",
        |bench, code| lists(bench, code, "Identity", &["Tag:ExecutivesPinPolicy"]),
    ),
    (
        r#"Grant-CsPinPolicy -Identity "kenmyer@litwareinc.com" -PolicyName RedmondUsersPinPolicy"#,
        |bench, code| {
            let ken = text(&bench.ok("Get-CsUser kenmyer")[0], "Identity");
            let expected = [&*format!("{ken} PinPolicy=RedmondUsersPinPolicy")];
            changes(bench, USERS, code, &expected);
            let governing = "Get-CsClientPinInfo kenmyer";
            lists(
                bench,
                governing,
                "EffectivePolicy",
                &["Tag:RedmondUsersPinPolicy"],
            );
        },
    ),
    (
        "Grant-CsPinPolicy -Identity kenmyer@litwareinc.com -PolicyName $Null",
        |bench, code| {
            bench
                .ok("Get-CsUser -ResultSize 9 | Grant-CsPinPolicy -PolicyName ExecutivesPinPolicy");
            bench.ok("Grant-CsPinPolicy kenmyer RedmondUsersPinPolicy");
            let ken = text(&bench.ok("Get-CsUser kenmyer")[0], "Identity");
            changes(bench, USERS, code, &[&format!("{ken} PinPolicy=")]);
            let governing = "Get-CsClientPinInfo kenmyer";
            lists(bench, governing, "EffectivePolicy", &["Site:Redmond"]);
        },
    ),
    (
        r#"Get-CsUser -LdapFilter "l=Redmond" | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy"#,
        |bench, code| {
            let there = bench.texts("Get-CsUser | Where-Object City -eq Redmond", "Identity");
            let had = bench.texts(
                "Get-CsUser | Where-Object {$_.PinPolicy -eq 'RedmondUsersPinPolicy'}",
                "Identity",
            );
            let (changes, put_out) = effect(bench, USERS, code);
            assert!(there.len() > 300 && put_out.is_empty());
            let granted = with(&changes, "PinPolicy=RedmondUsersPinPolicy");
            assert_eq!(granted.len(), changes.len());
            let mut expected = there;
            expected.retain(|user| !had.contains(user));
            expected.sort();
            assert_eq!(granted, expected);
        },
    ),
    (
        "Get-CsUser -Filter {PinPolicy -eq $Null} | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy",
        |bench, code| {
            bench.ok("Get-CsUser -LdapFilter 'l=Paris' | Grant-CsPinPolicy -PolicyName ExecutivesPinPolicy");
            let mut without =
                bench.texts("Get-CsUser | Where-Object {-not $_.PinPolicy}", "Identity");
            let (changes, _) = effect(bench, USERS, code);
            let granted = with(&changes, "PinPolicy=RedmondUsersPinPolicy");
            assert_eq!(granted.len(), changes.len());
            without.sort();
            assert_eq!(granted, without);
            assert_eq!(
                bench.texts(
                    "Get-CsUser -LdapFilter 'l=Paris' -ResultSize 1",
                    "PinPolicy"
                ),
                ["ExecutivesPinPolicy"]
            );
        },
    ),
    (
        "Remove-CsPinPolicy -Identity RedmondUsersPinPolicy",
        |bench, code| {
            bench.ok("Grant-CsPinPolicy kenmyer RedmondUsersPinPolicy");
            changes(bench, POLICIES, code, &["- Tag:RedmondUsersPinPolicy"]);
            let governing = "Get-CsClientPinInfo kenmyer";
            lists(bench, governing, "EffectivePolicy", &["Site:Redmond"]);
        },
    ),
    (
        r#"Get-CsPinPolicy -Filter "site:*" | Remove-CsPinPolicy"#,
        |bench, code| {
            bench.ok("New-CsPinPolicy site:Paris");
            changes(bench, POLICIES, code, &["- Site:Paris", "- Site:Redmond"]);
        },
    ),
    (
        "Get-CsPinPolicy | Where-Object {$_.AllowCommonPatterns -eq $True} | Remove-CsPinPolicy",
        |bench, code| changes(bench, POLICIES, code, &["- Tag:LobbyPhonesPinPolicy"]),
    ),
    ("Get-CsPinPolicy | Remove-CsPinPolicy", |bench, code| {
        bench.ok("Set-CsPinPolicy global -MinPasswordLength 9");
        let expected = [
            "- Site:Redmond",
            "- Tag:ExecutivesPinPolicy",
            "- Tag:LobbyPhonesPinPolicy",
            "- Tag:RedmondUsersPinPolicy",
            // R-POL-5: the global one goes back to its first values.
            "Global MinPasswordLength=5",
        ];
        changes(bench, POLICIES, code, &expected);
    }),
];

fn creates_for_redmond(bench: &mut Bench, code: &str, values: [&str; 3]) {
    bench.refused(code, "PolicyExists");
    bench.ok("Remove-CsPinPolicy site:Redmond");
    let (changes, made) = effect(bench, POLICIES, code);
    assert_eq!(changes, ["+ Site:Redmond"]);
    assert_eq!(text(&made[0], "Identity"), "Site:Redmond");
    of_redmond(bench, values);
}

/// The least length, the history and the lifetime of Redmond's policy.
#[track_caller]
fn of_redmond(bench: &mut Bench, values: [&str; 3]) {
    let kept = bench.ok("Get-CsPinPolicy site:Redmond");
    let properties = ["MinPasswordLength", "PINHistoryCount", "PINLifetime"];
    assert_eq!(properties.map(|property| text(&kept[0], property)), values);
}

#[test]
fn examples_of_policies() {
    super::run(EXAMPLES);
}
