//! Set-CsClientPin and Get-CsClientPinInfo.

use pinward_core::Outcome;

use crate::bench::{Bench, names, text};

// R-SET-1
#[test]
fn a_generated_pin_is_shown_once_and_works() {
    Bench::on(|bench| {
        let shown = bench.ok(r#"Set-CsClientPin -Identity "litwareinc\kenmyer""#);
        assert_eq!(shown.len(), 1);
        assert_eq!(names(&shown[0]), ["Identity", "Pin"]);
        assert_eq!(text(&shown[0], "Identity"), "sip:kenmyer@litwareinc.com");
        let pin = text(&shown[0], "Pin");
        // The policy of the site asks for six digits.
        assert_eq!(pin.len(), 6);
        assert_eq!(bench.log_on("51219", &pin), Outcome::Success);
        let state = bench.ok("Get-CsClientPinInfo 'Ken Myer' | Format-List * | Out-String");
        assert!(
            !state[0].to_text().contains(&pin),
            "a PIN is never shown again"
        );
    });
}

#[test]
fn a_given_pin_is_assigned_and_shown() {
    Bench::on(|bench| {
        let shown = bench.ok(r#"Set-CsClientPin -Identity "litwareinc\kenmyer" -Pin 18723834"#);
        assert_eq!(text(&shown[0], "Pin"), "18723834");
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
        // By position, and with the zeros it was typed with.
        bench.ok("Set-CsPinPolicy site:Redmond -MinPasswordLength 4");
        let shown = bench.ok("Set-CsClientPin kenmyer@litwareinc.com 0718");
        assert_eq!(text(&shown[0], "Pin"), "0718");
        assert_eq!(bench.log_on("51219", "0718"), Outcome::Success);
        assert_eq!(bench.log_on("51219", "718"), Outcome::IncorrectPin);
    });
}

// R-SET-1: the history does not bind an administrator.
#[test]
fn a_pin_may_be_assigned_again() {
    Bench::on(|bench| {
        for _ in 0..3 {
            bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        }
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
    });
}

#[test]
fn a_unit_of_the_directory_gets_pins() {
    Bench::on(|bench| {
        let before = bench.texts(
            r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com""#,
            "SipAddress",
        );
        assert!(before.len() > 10, "{before:?}");
        let shown =
            bench.ok(r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Set-CsClientPin"#);
        let after: Vec<String> = shown.iter().map(|one| text(one, "Identity")).collect();
        assert_eq!(after, before, "in the order of the input");
        assert_eq!(
            bench.log_on("johnsmith@litwareinc.com", &pin_of(&shown, "johnsmith")),
            Outcome::Success
        );
        assert!(!bench.info("Ken Myer").is_pin_set);
    });
}

fn pin_of(shown: &[pinward_shell::Value], logon: &str) -> String {
    let identity = format!("sip:{logon}@litwareinc.com");
    let one = shown.iter().find(|one| text(one, "Identity") == identity);
    text(one.expect("a PIN"), "Pin")
}

#[test]
fn those_without_a_pin_get_one_and_the_others_keep_theirs() {
    Bench::on(|bench| {
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        let users = bench.ok("Get-CsUser").len();
        let shown = bench.ok(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $False} | Set-CsClientPin",
        );
        assert_eq!(shown.len(), users - 1);
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
        let left = bench.ok(r"Get-CsUser | Get-CsClientPinInfo | Where-Object {-not $_.IsPinSet}");
        assert!(left.is_empty());
    });
}

// R-ID-2
#[test]
fn a_wildcard_means_all_users_it_matches() {
    Bench::on(|bench| {
        let smiths = bench.texts(r#"Get-CsUser "* Smith""#, "SipAddress");
        let shown = bench.texts(r#"Set-CsClientPin -Identity "* Smith""#, "Identity");
        assert!(shown.len() >= 2, "{shown:?}");
        assert_eq!(shown, smiths);
    });
}

#[test]
fn users_are_named_by_objects_too() {
    Bench::on(|bench| {
        let ken = "sip:kenmyer@litwareinc.com";
        for source in [
            "Get-CsUser 'Ken Myer' | Set-CsClientPin",
            "Get-CsClientPinInfo 'Ken Myer' | Set-CsClientPin",
            "$u = Get-CsUser 'Ken Myer'; Set-CsClientPin -Identity $u",
            "'Ken Myer' | Set-CsClientPin",
            "[pscustomobject]@{Identity='Ken Myer'} | Set-CsClientPin",
            "Set-CsClientPin $(Get-CsUser 'Ken Myer').DistinguishedName",
        ] {
            assert_eq!(bench.texts(source, "Identity"), [ken], "{source}");
        }
    });
}

// R-PIN-4: all reasons at once, none with the PIN.
#[test]
fn bad_pins_are_refused_with_all_reasons() {
    Bench::on(|bench| {
        bench.ok("Set-CsPinPolicy site:Redmond -MinPasswordLength 5");
        for (pin, reasons) in [
            ("12a45", &["only the digits"][..]),
            ("1259", &["at least 5 digits"]),
            ("1234567890987654321012345", &["at most 24 digits"]),
            ("225577", &["repeated digits"]),
            ("222222", &["repeated digits"]),
            ("11223344", &["repeated digits"]),
            ("123123", &["group of digits repeated"]),
            ("991234", &["consecutive"]),
            ("654321", &["consecutive"]),
            ("1234", &["at least 5 digits", "consecutive"]),
            ("51219", &["the extension"]),
            ("5551219", &["phone number"]),
        ] {
            let message = bench.refused(
                &format!("Set-CsClientPin 'Ken Myer' -Pin '{pin}'"),
                "PinRefused",
            );
            for reason in reasons {
                assert!(message.contains(reason), "{message}");
            }
            assert!(message.contains("kenmyer@litwareinc.com"), "{message}");
            assert!(
                !bench.everything_shown().contains(pin),
                "{}",
                bench.everything_shown()
            );
            assert!(!bench.info("Ken Myer").is_pin_set);
        }
        for pin in ["18723834", "121989", "383042650", "1985848"] {
            bench.ok(&format!("Set-CsClientPin 'Ken Myer' -Pin {pin}"));
            assert_eq!(bench.log_on("51219", pin), Outcome::Success);
        }
    });
}

// R-SET-6, R-ID-3
#[test]
fn users_who_cannot_be_given_a_pin_are_reported() {
    Bench::on(|bench| {
        let message = bench.refused("Set-CsClientPin 'Nobody Atall'", "UserNotFound");
        assert!(message.contains("Nobody Atall"), "{message}");
        let message = bench.refused("Set-CsClientPin 'Maria Garcia'", "UserNotUnique");
        assert!(message.contains('2'), "{message}");
        let message = bench.refused(
            "Set-CsClientPin garywinslow@litwareinc.com",
            "UserNotEnabled",
        );
        assert!(message.contains("garywinslow"), "{message}");
        bench.refused("Set-CsClientPin $true", "IdentityInvalid");
        bench.refused(
            "[pscustomobject]@{Name='Ken'} | Set-CsClientPin",
            "IdentityInvalid",
        );
        // R-SET-6: the others get theirs, in order.
        let values = bench.values(
            "'Ken Myer', 'Nobody Atall', 'Gary Winslow', 'Maria Garcia', 'Pilar Ackerman' | Set-CsClientPin",
        );
        let shown: Vec<String> = values.iter().map(|one| text(one, "Identity")).collect();
        assert_eq!(
            shown,
            ["sip:kenmyer@litwareinc.com", "sip:packerman@litwareinc.com"]
        );
        assert_eq!(
            bench.host.error_ids(),
            ["UserNotFound", "UserNotEnabled", "UserNotUnique"]
        );
    });
}

// R-SET-5
#[test]
fn a_locked_pin_is_left_as_it_is() {
    Bench::on(|bench| {
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        let values = bench.values("'Ken Myer', 'Pilar Ackerman' | Set-CsClientPin -Pin 60317952");
        assert_eq!(values.len(), 1, "the other one goes through");
        assert_eq!(bench.host.error_ids(), ["PinLocked"]);
        let message = bench.host.with(|seen| seen.errors[0].message.clone());
        assert!(message.contains("Unlock-CsClientPin"), "{message}");
        bench.ok("Unlock-CsClientPin 'Ken Myer'");
        assert_eq!(
            bench.log_on("51219", "18723834"),
            Outcome::Success,
            "nothing was changed"
        );
        assert_eq!(bench.log_on("51297", "60317952"), Outcome::Success);
    });
}

// R-SET-7
#[test]
fn what_if_changes_nothing_and_tells_what_would_happen() {
    Bench::on(|bench| {
        let values = bench.ok("Set-CsClientPin 'Ken Myer' -WhatIf");
        assert!(values.is_empty());
        let remarks = bench.remarks();
        assert_eq!(remarks.len(), 1, "{remarks:?}");
        assert!(
            remarks[0].starts_with("What if:") && remarks[0].contains("kenmyer"),
            "{remarks:?}"
        );
        assert!(!bench.info("Ken Myer").is_pin_set);
        // What would be refused is reported as such.
        bench.refused("Set-CsClientPin 'Ken Myer' -Pin 11 -WhatIf", "PinRefused");
        bench.refused(
            "Set-CsClientPin garywinslow@litwareinc.com -WhatIf",
            "UserNotEnabled",
        );
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        bench.refused("Set-CsClientPin 'Ken Myer' -WhatIf", "PinLocked");
    });
}

// R-SET-7
#[test]
fn confirm_asks_for_each_user() {
    Bench::on(|bench| {
        let users = "'Ken Myer', 'Pilar Ackerman', 'John Smith', 'Denise Smith' | Set-CsClientPin";
        // Yes, No, Yes to All.
        bench.host.with(|seen| seen.answers.extend([0, 2, 1]));
        let shown = bench.texts(&format!("{users} -Confirm"), "Identity");
        let logons = ["kenmyer", "johnsmith", "denisesmith"];
        assert_eq!(
            shown,
            logons.map(|logon| format!("sip:{logon}@litwareinc.com"))
        );
        assert_eq!(bench.host.with(|seen| seen.questions.len()), 3);
        assert!(!bench.info("Pilar Ackerman").is_pin_set);
        // No to All.
        bench.host.with(|seen| seen.answers.extend([3]));
        assert!(bench.ok(&format!("{users} -Confirm")).is_empty());
        // Not asked at all.
        assert_eq!(bench.ok(&format!("{users} -Confirm:$false")).len(), 4);
        assert_eq!(bench.host.with(|seen| seen.questions.len()), 4);
        // Nobody to ask.
        bench.values(&format!("{users} -Confirm"));
        assert_eq!(bench.host.error_ids(), ["ConfirmationNeeded"]);
    });
}

#[test]
fn force_asks_nothing_and_hides_no_refusal() {
    Bench::on(|bench| {
        bench.ok("$ConfirmPreference = 'Low'");
        assert_eq!(bench.ok("Set-CsClientPin 'Ken Myer' -Force").len(), 1);
        bench.refused("Set-CsClientPin 'Nobody Atall' -Force", "UserNotFound");
        assert_eq!(bench.host.with(|seen| seen.questions.len()), 0);
        // -WhatIf still holds.
        assert!(
            bench
                .ok("Set-CsClientPin 'Ken Myer' -Force -WhatIf")
                .is_empty()
        );
    });
}

#[test]
fn calls_that_make_no_sense_are_refused() {
    Bench::on(|bench| {
        for source in [
            "Set-CsClientPin 'Ken Myer' -Pan 18723834",
            "Set-CsClientPin 'Ken Myer' 18723834 extra",
            "Set-CsClientPin 'Ken Myer' -Pin",
            "Set-CsClientPin 'Ken Myer' -Pin $null",
            "Set-CsClientPin -Identity $null",
        ] {
            assert!(bench.values(source).is_empty());
            assert_eq!(bench.host.error_ids().len(), 1, "{source}");
            assert!(
                !bench.everything_shown().contains("18723834"),
                "{}",
                bench.everything_shown()
            );
            assert!(!bench.info("Ken Myer").is_pin_set, "{source}");
        }
    });
}

#[test]
fn the_state_of_a_pin_has_the_properties_of_the_reference_first() {
    Bench::on(|bench| {
        bench.ok("Set-CsPinPolicy site:Redmond -PINLifetime 30");
        bench.ok("Set-CsClientPin 'Ken Myer'");
        let state = bench.ok(r#"Get-CsClientPinInfo -Identity "litwareinc\kenmyer""#);
        let reference = [
            "Identity",
            "IsPinSet",
            "IsLockedOut",
            "LastPinChangeTime",
            "PinExpirationTime",
        ];
        let ours = [
            "LockState",
            "LockedUntil",
            "LocalFailures",
            "GlobalFailures",
            "EffectivePolicy",
            "MustChange",
        ];
        assert_eq!(names(&state[0]), [&reference[..], &ours[..]].concat());
        let expected = [
            ("Identity", "sip:kenmyer@litwareinc.com"),
            ("IsPinSet", "True"),
            ("IsLockedOut", "False"),
            ("LastPinChangeTime", "2026-01-05 09:00:00"),
            ("PinExpirationTime", "2026-02-04 09:00:00"),
            ("LockState", "None"),
            ("LockedUntil", ""),
            ("LocalFailures", "0"),
            ("GlobalFailures", "0"),
            ("EffectivePolicy", "Site:Redmond"),
            ("MustChange", "False"),
        ];
        for (property, value) in expected {
            assert_eq!(text(&state[0], property), value, "{property}");
        }
        // By default the first five are shown.
        bench.session.run("Get-CsClientPinInfo 'Ken Myer'");
        let page = bench.host.output();
        assert!(
            page.contains("PinExpirationTime") && !page.contains("EffectivePolicy"),
            "{page}"
        );
    });
}

#[test]
fn the_state_of_many_pins() {
    Bench::on(|bench| {
        let users = bench.ok("Get-CsUser").len();
        assert_eq!(bench.ok("Get-CsUser | Get-CsClientPinInfo").len(), users);
        let finance = bench.texts(
            r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Get-CsClientPinInfo"#,
            "Identity",
        );
        assert!(finance.contains(&"sip:johnsmith@litwareinc.com".to_owned()));
        let managers = bench.texts(
            r#"Get-CsUser -LdapFilter "Title=Manager" | Get-CsClientPinInfo"#,
            "Identity",
        );
        assert!(managers.contains(&"sip:kenmyer@litwareinc.com".to_owned()));
        assert!(!managers.contains(&"sip:packerman@litwareinc.com".to_owned()));
        bench.refused("Get-CsClientPinInfo 'Nobody Atall'", "UserNotFound");
        assert!(
            bench
                .ok("Get-CsClientPinInfo 'Ken Myer' -WhatIf")
                .is_empty()
        );
    });
}

// R-SEC-3: digits where a name should be may be a PIN, and are not repeated.
#[test]
fn a_pin_in_place_of_a_name_is_not_shown() {
    Bench::on(|bench| {
        for (source, id) in [
            ("Set-CsClientPin 94830211", "UserNotFound"),
            (
                "[pscustomobject]@{Identity = '94830211'; Pin = 'johnsmith'} | Set-CsClientPin",
                "UserNotFound",
            ),
            ("Test-CsPinPolicy -User 94830211", "UserNotFound"),
            ("Test-CsPinPolicy 94830211", "PolicyNotFound"),
            ("Test-CsPinPolicy 94830211 -Pin 18723834", "PolicyNotFound"),
        ] {
            let message = bench.refused(source, id);
            assert!(message.contains("***"), "{source}: {message}");
            let shown = bench.everything_shown();
            assert!(!shown.contains("94830211"), "{source}: {shown}");
        }
        // Other names are said.
        let message = bench.refused("Set-CsClientPin nobody42", "UserNotFound");
        assert!(message.contains("nobody42"), "{message}");
        let message = bench.refused("Lock-CsClientPin 94830211", "UserNotFound");
        assert!(message.contains("94830211"), "{message}");
    });
}
