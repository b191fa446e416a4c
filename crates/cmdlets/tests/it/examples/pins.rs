//! Set-, Get-, Lock- and Unlock-CsClientPin…, Test-CsPhoneBootstrap.

use pinward_core::{LockState, Outcome};

use super::Checked;
use super::effects::{PINS, changes, effect, with};
use crate::bench::{Bench, names, text};

const KEN: &str = "sip:kenmyer@litwareinc.com";

pub const EXAMPLES: &[Checked] = &[
    (
        r#"Set-CsClientPin -Identity "litwareinc\kenmyer""#,
        |bench, code| {
            let (changes, shown) = effect(bench, PINS, code);
            assert_eq!(with(&changes, "IsPinSet=True"), [KEN]);
            assert!(
                changes.iter().all(|change| change.starts_with(KEN)),
                "{changes:?}"
            );
            assert_eq!(text(&shown[0], "Identity"), KEN);
            let pin = text(&shown[0], "Pin");
            assert_eq!(bench.log_on("51219", &pin), Outcome::Success);
        },
    ),
    (
        r#"Set-CsClientPin -Identity "litwareinc\kenmyer" -Pin 18723834"#,
        |bench, code| {
            let (changes, _) = effect(bench, PINS, code);
            assert_eq!(with(&changes, "IsPinSet=True"), [KEN]);
            assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
        },
    ),
    (
        r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Set-CsClientPin"#,
        |bench, code| {
            let unit = people_below(bench, "OU=Finance,DC=litwareinc,DC=com");
            let (changes, shown) = effect(bench, PINS, code);
            assert!(unit.len() >= 12 && unit.len() < 100, "{}", unit.len());
            assert_eq!(with(&changes, "IsPinSet=True"), unit);
            assert_eq!(shown.len(), unit.len());
            let (who, pin) = (text(&shown[3], "Identity"), text(&shown[3], "Pin"));
            assert_eq!(bench.log_on(&who, &pin), Outcome::Success);
        },
    ),
    (
        "Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $False} | Set-CsClientPin",
        |bench, code| {
            bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
            let (changes, shown) = effect(bench, PINS, code);
            let without = bench.ok("Get-CsUser").len() - 1;
            assert_eq!(with(&changes, "IsPinSet=True").len(), without);
            assert_eq!(shown.len(), without);
            // Who had one keeps it.
            assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
        },
    ),
    ("Get-CsUser | Get-CsClientPinInfo", |bench, code| {
        let all = bench.ok(code);
        assert_eq!(all.len(), bench.ok("Get-CsUser").len());
        assert_eq!(
            names(&all[0])[..5],
            [
                "Identity",
                "IsPinSet",
                "IsLockedOut",
                "LastPinChangeTime",
                "PinExpirationTime"
            ]
        );
    }),
    (
        r#"Get-CsClientPinInfo -Identity "litwareinc\kenmyer""#,
        |bench, code| {
            bench.ok("Set-CsClientPin 'Ken Myer'");
            let info = bench.ok(code);
            assert_eq!(info.len(), 1);
            assert_eq!(text(&info[0], "Identity"), KEN);
            assert_eq!(text(&info[0], "IsPinSet"), "True");
            assert_eq!(text(&info[0], "IsLockedOut"), "False");
        },
    ),
    (
        r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Get-CsClientPinInfo"#,
        |bench, code| {
            let mut listed = bench.texts(code, "Identity");
            listed.sort();
            assert_eq!(
                listed,
                people_below(bench, "OU=Finance,DC=litwareinc,DC=com")
            );
        },
    ),
    (
        r#"Get-CsUser -LdapFilter "Title=Manager" | Get-CsClientPinInfo"#,
        |bench, code| {
            let managers = bench.texts("Get-CsUser | Where-Object Title -eq Manager", "SipAddress");
            assert!(managers.len() > 3 && managers.contains(&KEN.to_owned()));
            assert_eq!(bench.texts(code, "Identity"), managers);
        },
    ),
    (
        r#"Lock-CsClientPin -Identity "kenmyer@litwareinc.com""#,
        |bench, code| {
            bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
            let expected = [
                &*format!("{KEN} IsLockedOut=True"),
                &*format!("{KEN} LockState=Administrator"),
            ];
            changes(bench, PINS, code, &expected);
            let outcome = bench.log_on("51219", "18723834");
            assert_eq!(outcome, Outcome::UserPinAccountLocked);
        },
    ),
    (
        "Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $True} | Lock-CsClientPin",
        |bench, code| {
            let set = bench.texts("Set-CsClientPin '* Smith'", "Identity");
            let (changes, put_out) = effect(bench, PINS, code);
            assert!(set.len() > 1 && put_out.is_empty());
            assert_eq!(with(&changes, "IsLockedOut=True"), sorted(set));
        },
    ),
    (
        "Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.PinExpirationTime -lt (Get-Date)} | Lock-CsClientPin",
        |bench, code| {
            // Redmond's PINs expire after 30 days; those of Paris never do.
            bench.ok("Set-CsPinPolicy site:Redmond -PINLifetime 30 -PINHistoryCount 3");
            bench.ok("Set-CsClientPin 'Ken Myer'; Set-CsClientPin 'Pilar Ackerman'");
            bench.ok("Get-CsUser -LdapFilter 'l=Paris' -ResultSize 2 | Set-CsClientPin");
            bench.kit.clock.advance_days(31);
            bench.ok("Set-CsClientPin 'Pilar Ackerman'");
            bench.tell_time();
            let (changes, _) = effect(bench, PINS, code);
            assert_eq!(with(&changes, "IsLockedOut=True"), [KEN]);
        },
    ),
    (
        r#"Unlock-CsClientPin -Identity "litwareinc\kenmyer""#,
        |bench, code| {
            bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
            bench.ok("Lock-CsClientPin 'Ken Myer'; Lock-CsClientPin 'Pilar Ackerman'");
            let expected = [
                &*format!("{KEN} IsLockedOut=False"),
                &*format!("{KEN} LockState=None"),
            ];
            changes(bench, PINS, code, &expected);
            assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
        },
    ),
    (
        "Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsLockedOut -eq $True} | Unlock-CsClientPin",
        |bench, code| {
            bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
            bench.ok("Set-CsClientPin 'Pilar Ackerman' -Pin 18723834");
            bench.ok("Lock-CsClientPin 'Ken Myer'");
            // One by an administrator, one by guessing.
            for _ in 0..25 {
                assert_eq!(bench.log_on("51297", "99999998"), Outcome::IncorrectPin);
            }
            bench.tell_time();
            let state = bench.info("Pilar Ackerman").lock_state;
            assert!(matches!(state, LockState::Temporary { .. }), "{state:?}");
            let (changes, put_out) = effect(bench, PINS, code);
            assert!(put_out.is_empty());
            assert_eq!(
                with(&changes, "IsLockedOut=False"),
                [KEN, "sip:packerman@litwareinc.com"]
            );
            assert_eq!(bench.log_on("51297", "18723834"), Outcome::Success);
        },
    ),
    (
        r#"Test-CsPhoneBootstrap -PhoneOrExtension "+14255551219" -Pin "0712""#,
        tries_a_logon,
    ),
    (
        r#"Test-CsPhoneBootstrap -PhoneOrExtension "+14255551219" -Pin "0712" -UserSipAddress "sip:kenmyer@litwareinc.com""#,
        |bench, code| {
            tries_a_logon(bench, code);
            let other = code.replace("sip:kenmyer", "sip:packerman");
            let result = bench.ok(&other);
            assert_eq!(text(&result[0], "Result"), "Failure", "{other}");
        },
    ),
];

fn tries_a_logon(bench: &mut Bench, code: &str) {
    let result = bench.ok(code);
    assert_eq!(
        text(&result[0], "Result"),
        "Failure",
        "nobody has a PIN yet"
    );
    bench.ok("Set-CsPinPolicy site:Redmond -MinPasswordLength 4");
    bench.ok("Set-CsClientPin 'Ken Myer' -Pin 0712");
    let result = bench.ok(code);
    assert_eq!(text(&result[0], "Result"), "Success");
    bench.ok("Set-CsClientPin 'Ken Myer' -Pin 0812");
    let result = bench.ok(code);
    assert_eq!(text(&result[0], "Result"), "Failure");
    assert_eq!(bench.info("Ken Myer").global_failures, 1, "it counts");
}

/// The users at or beneath a unit by their distinguished names, as the SIP addresses, sorted.
fn people_below(bench: &mut Bench, unit: &str) -> Vec<String> {
    let end = format!(",{}", unit.to_lowercase());
    let below = |dn: &str| dn.to_lowercase().ends_with(&end);
    let users = bench.ok("Get-CsUser");
    let users = users.iter().filter(|user| below(&text(user, "Identity")));
    sorted(users.map(|user| text(user, "SipAddress")).collect())
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

#[test]
fn examples_of_pins() {
    super::run(EXAMPLES);
}
