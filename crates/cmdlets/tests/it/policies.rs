//! The PIN policy cmdlets.

use pinward_core::Outcome;

use crate::bench::{Bench, names, text};

#[test]
fn policies_are_listed_global_first() {
    Bench::on(|bench| {
        let all = bench.texts("Get-CsPinPolicy", "Identity");
        assert_eq!(
            all,
            [
                "Global",
                "Site:Redmond",
                "Tag:ExecutivesPinPolicy",
                "Tag:LobbyPhonesPinPolicy",
                "Tag:RedmondUsersPinPolicy",
            ]
        );
        let one = bench.ok("Get-CsPinPolicy -Identity \"site:Redmond\"");
        assert_eq!(
            names(&one[0]),
            [
                "Identity",
                "Description",
                "MinPasswordLength",
                "PINHistoryCount",
                "AllowCommonPatterns",
                "PINLifetime",
                "MaximumLogonAttempts",
            ]
        );
        for (source, expected) in [
            ("Get-CsPinPolicy -Filter 'tag:*'", &all[2..]),
            ("Get-CsPinPolicy -Filter 'site:*'", &all[1..2]),
            ("Get-CsPinPolicy -Filter 'global'", &all[..1]),
            ("Get-CsPinPolicy -Filter '*Users*'", &all[4..]),
            ("Get-CsPinPolicy -Filter 'x*'", &[]),
            ("Get-CsPinPolicy GLOBAL", &all[..1]),
            ("Get-CsPinPolicy redmonduserspinpolicy", &all[4..]),
            (
                "Get-CsPinPolicy TAG:RedmondUsersPinPolicy -LocalStore -Tenant $null",
                &all[4..],
            ),
            (
                "Get-CsPinPolicy | Where-Object {$_.AllowCommonPatterns -eq $True}",
                &all[3..4],
            ),
            (
                "Get-CsPinPolicy | Where-Object {$_.PinLifetime -gt 30}",
                &all[2..3],
            ),
        ] {
            assert_eq!(bench.texts(source, "Identity"), expected, "{source}");
        }
    });
}

// R-POL-3
#[test]
fn names_that_name_no_policy_are_refused() {
    Bench::on(|bench| {
        for (source, id) in [
            ("Get-CsPinPolicy Nowhere", "PolicyNotFound"),
            ("Get-CsPinPolicy site:Nowhere", "PolicyNotFound"),
            ("Get-CsPinPolicy 'tag:*'", "PolicyIdentityInvalid"),
            ("Get-CsPinPolicy 'site:'", "PolicyIdentityInvalid"),
            (
                "Set-CsPinPolicy Nowhere -MinPasswordLength 6",
                "PolicyNotFound",
            ),
            ("Remove-CsPinPolicy Nowhere", "PolicyNotFound"),
            ("Remove-CsPinPolicy Nowhere -WhatIf", "PolicyNotFound"),
            ("New-CsPinPolicy site:Nowhere", "SiteNotFound"),
            ("New-CsPinPolicy RedmondUsersPinPolicy", "PolicyExists"),
            ("New-CsPinPolicy ' redmonduserspinpolicy '", "PolicyExists"),
            ("New-CsPinPolicy 'a:b'", "PolicyIdentityInvalid"),
            // R-POL-5
            ("New-CsPinPolicy global", "PolicyExists"),
            ("New-CsPinPolicy global -WhatIf", "PolicyExists"),
            ("Set-CsPinPolicy -Instance $true", "PolicyIdentityInvalid"),
        ] {
            bench.refused(source, id);
        }
        assert_eq!(bench.ok("Get-CsPinPolicy").len(), 5);
    });
}

#[test]
fn a_change_touches_what_is_given_and_nothing_else() {
    Bench::on(|bench| {
        let before = bench.policy("site:Redmond").unwrap();
        bench.silent("Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 10");
        let after = bench.policy("site:Redmond").unwrap();
        assert_eq!(after.min_password_length, 10);
        assert_eq!(
            pinward_core::Policy {
                min_password_length: 6,
                ..after
            },
            before
        );
        bench.silent(
            "Set-CsPinPolicy -Identity RedmondUsersPinPolicy -MinPasswordLength 10 -AllowCommonPatterns $True",
        );
        let after = bench.policy("RedmondUsersPinPolicy").unwrap();
        assert_eq!(
            (after.min_password_length, after.allow_common_patterns),
            (10, true)
        );
        // Without an identity it is the global one.
        bench.silent("Set-CsPinPolicy -MinPasswordLength 7 -Description 'Ours'");
        let after = bench.policy("global").unwrap();
        assert_eq!(after.min_password_length, 7);
        assert_eq!(after.description.as_deref(), Some("Ours"));
        bench.silent("Set-CsPinPolicy -Description $null");
        assert_eq!(bench.policy("global").unwrap().description, None);
    });
}

#[test]
fn a_change_says_what_to_change() {
    Bench::on(|bench| {
        for source in [
            "Set-CsPinPolicy",
            "Set-CsPinPolicy site:Redmond",
            "Set-CsPinPolicy site:Redmond -WhatIf",
        ] {
            bench.refused(source, "NothingToChange");
        }
        // An object says it by itself.
        bench.silent("Get-CsPinPolicy | Set-CsPinPolicy");
        bench.silent("New-CsPinPolicy site:Paris -MinPasswordLength 9 -InMemory | Set-CsPinPolicy");
        assert_eq!(bench.policy("site:Paris").unwrap().min_password_length, 9);
    });
}

#[test]
fn changes_of_all_policies_or_some() {
    Bench::on(|bench| {
        bench.silent("Get-CsPinPolicy | Set-CsPinPolicy -MinPasswordLength 10");
        let lengths = bench.texts("Get-CsPinPolicy", "MinPasswordLength");
        assert_eq!(lengths, ["10"; 5]);
        bench.silent("Set-CsPinPolicy ExecutivesPinPolicy -MinPasswordLength 12");
        bench.silent(
            "Get-CsPinPolicy | Where-Object {$_.MinPasswordLength -gt 10} | Set-CsPinPolicy -MaximumLogonAttempts 25",
        );
        assert_eq!(
            bench
                .policy("ExecutivesPinPolicy")
                .unwrap()
                .maximum_logon_attempts,
            Some(25)
        );
        assert_eq!(bench.policy("global").unwrap().maximum_logon_attempts, None);
        bench.silent("Set-CsPinPolicy ExecutivesPinPolicy -MaximumLogonAttempts $null");
        assert_eq!(
            bench
                .policy("ExecutivesPinPolicy")
                .unwrap()
                .maximum_logon_attempts,
            None
        );
    });
}

// R-POL-1, R-POL-2, R-POL-8
#[test]
fn a_value_out_of_range_changes_nothing_and_names_the_range() {
    Bench::on(|bench| {
        let before = bench.policy("global").unwrap();
        for (parameters, reasons) in [
            (
                "-MinPasswordLength 3",
                &["MinPasswordLength is 3", "between 4 and 24"][..],
            ),
            (
                "-MinPasswordLength 25",
                &["MinPasswordLength is 25", "between 4 and 24"],
            ),
            (
                "-MinPasswordLength -1",
                &["MinPasswordLength is -1", "between 4 and 24"],
            ),
            (
                "-MinPasswordLength abc",
                &["MinPasswordLength is abc", "between 4 and 24"],
            ),
            (
                "-MinPasswordLength 5.5",
                &["MinPasswordLength is 5.5", "between 4 and 24"],
            ),
            (
                "-MinPasswordLength 99999999999999999999",
                &["MinPasswordLength is 1E+20"],
            ),
            (
                "-MaximumLogonAttempts 0",
                &["MaximumLogonAttempts is 0", "between 1 and 999"],
            ),
            (
                "-MaximumLogonAttempts 1000",
                &["MaximumLogonAttempts is 1000", "between 1 and 999"],
            ),
            (
                "-PINHistoryCount 21",
                &["PINHistoryCount is 21", "between 0 and 20"],
            ),
            (
                "-PINHistoryCount 1 -PINLifetime 1000",
                &["PINLifetime is 1000", "between 0 and 999"],
            ),
            (
                "-Description ('x' * 1025)",
                &["Description has 1025 characters", "1024 at most"],
            ),
            (
                "-PINLifetime 30",
                &["PINLifetime is 30", "PINHistoryCount is 0"],
            ),
            (
                "-MinPasswordLength 3 -MaximumLogonAttempts abc -PINHistoryCount 21",
                &[
                    "MinPasswordLength is 3",
                    "MaximumLogonAttempts is abc",
                    "PINHistoryCount is 21",
                ],
            ),
        ] {
            for verb in [
                "Set-CsPinPolicy global",
                "New-CsPinPolicy Fresh",
                "Set-CsPinPolicy global -WhatIf",
            ] {
                let message = bench.refused(&format!("{verb} {parameters}"), "PolicyInvalid");
                for reason in reasons {
                    assert!(message.contains(reason), "{message}");
                }
            }
            assert_eq!(bench.policy("global").unwrap(), before);
            assert_eq!(bench.policy("Fresh"), None);
        }
        for (parameters, values) in [
            (
                "-MinPasswordLength 4 -PINHistoryCount 20 -PINLifetime 999 -MaximumLogonAttempts 999",
                (4, 20, 999, Some(999)),
            ),
            (
                "-MinPasswordLength 24 -PINHistoryCount 1 -PINLifetime 1 -MaximumLogonAttempts 1",
                (24, 1, 1, Some(1)),
            ),
            (
                "-MinPasswordLength '05' -PINLifetime 0 -MaximumLogonAttempts $null",
                (5, 1, 0, None),
            ),
        ] {
            bench.silent(&format!("Set-CsPinPolicy {parameters}"));
            let now = bench.policy("global").unwrap();
            let got = (
                now.min_password_length,
                now.pin_history_count,
                now.pin_lifetime_days,
                now.maximum_logon_attempts,
            );
            assert_eq!(got, values);
        }
        // R-POL-2: what counts is the result.
        bench.silent("Set-CsPinPolicy -PINLifetime 30");
        bench.refused("Set-CsPinPolicy -PINHistoryCount 0", "PolicyInvalid");
        bench.silent("Set-CsPinPolicy -PINHistoryCount 0 -PINLifetime 0");
        // An unknown parameter, or a value of another kind.
        for source in [
            "Set-CsPinPolicy -MinPinLength 6",
            "Set-CsPinPolicy -AllowCommonPatterns maybe",
        ] {
            bench.values(source);
            assert_eq!(bench.host.error_ids().len(), 1, "{source}");
        }
    });
}

#[test]
fn a_new_policy_of_a_site() {
    Bench::on(|bench| {
        bench.silent("Remove-CsPinPolicy site:Redmond");
        let new = bench.ok(r#"New-CsPinPolicy -Identity "site:Redmond" -MinPasswordLength 10"#);
        assert_eq!(text(&new[0], "Identity"), "Site:Redmond");
        assert_eq!(text(&new[0], "MinPasswordLength"), "10");
        assert_eq!(text(&new[0], "MaximumLogonAttempts"), "");
        assert_eq!(
            bench.info("Ken Myer").effective_policy.to_string(),
            "Site:Redmond"
        );
        bench.silent("Remove-CsPinPolicy site:Redmond");
        bench.ok(r#"New-CsPinPolicy -Identity "site:Redmond" -MinPasswordLength 10 -PINHistoryCount 10 -PINLifetime 30"#);
        let stored = bench.policy("site:redmond").unwrap();
        assert_eq!(
            (stored.pin_history_count, stored.pin_lifetime_days),
            (10, 30)
        );
        bench.ok("$x = Get-CsPinPolicy -Identity \"site:Redmond\"\nNew-CsPinPolicy -Identity \"site:Paris\" -MinPasswordLength $x.MinPasswordLength");
        assert_eq!(bench.policy("site:Paris").unwrap().min_password_length, 10);
        bench.silent("New-CsPinPolicy site:Dublin -WhatIf");
        assert_eq!(bench.policy("site:Dublin"), None);
    });
}

#[test]
fn a_policy_made_in_memory_is_stored_by_set() {
    Bench::on(|bench| {
        bench.silent("Remove-CsPinPolicy site:Redmond");
        bench.silent("$x = New-CsPinPolicy -Identity \"site:Redmond\" -InMemory");
        assert_eq!(bench.policy("site:Redmond"), None);
        bench.silent(
            "$x.MinPasswordLength = 10\n$x.PINHistoryCount = 10\n$x.PINLifetime = 30\nSet-CsPinPolicy -Instance $x",
        );
        let stored = bench.policy("site:Redmond").unwrap();
        let got = (
            stored.min_password_length,
            stored.pin_history_count,
            stored.pin_lifetime_days,
        );
        assert_eq!(got, (10, 10, 30));
        // A policy that exists takes the values over; parameters count more.
        bench.silent(
            "$x.MinPasswordLength = 3\n$x.MaximumLogonAttempts = 7\n$x.Description = 'Kept'",
        );
        let message = bench.refused("Set-CsPinPolicy -Instance $x", "PolicyInvalid");
        assert!(message.contains("MinPasswordLength is 3"), "{message}");
        bench.silent("Set-CsPinPolicy -Instance $x -MinPasswordLength 8");
        let stored = bench.policy("site:Redmond").unwrap();
        assert_eq!(stored.min_password_length, 8);
        assert_eq!(stored.maximum_logon_attempts, Some(7));
        assert_eq!(stored.description.as_deref(), Some("Kept"));
        bench.silent("$x.MaximumLogonAttempts = $null\n$x | Set-CsPinPolicy -MinPasswordLength 8");
        assert_eq!(
            bench.policy("site:Redmond").unwrap().maximum_logon_attempts,
            None
        );
        // A site that does not exist; something that is no policy.
        bench.refused(
            "New-CsPinPolicy site:Nowhere -InMemory | Set-CsPinPolicy",
            "SiteNotFound",
        );
        bench.refused(
            "Get-Date | Set-CsPinPolicy -MinPasswordLength 8",
            "PolicyIdentityInvalid",
        );
        bench.refused(
            "$x.MinPasswordLength = 'many'\nSet-CsPinPolicy -Instance $x",
            "PolicyInvalid",
        );
    });
}

// R-POL-5, R-POL-6
#[test]
fn removing_policies() {
    Bench::on(|bench| {
        bench.ok("Grant-CsPinPolicy 'Ken Myer' RedmondUsersPinPolicy");
        bench.silent("Remove-CsPinPolicy -Identity RedmondUsersPinPolicy -WhatIf");
        assert!(bench.policy("RedmondUsersPinPolicy").is_some());
        bench.silent("Remove-CsPinPolicy -Identity RedmondUsersPinPolicy");
        assert!(bench.policy("RedmondUsersPinPolicy").is_none());
        assert_eq!(
            bench.info("Ken Myer").effective_policy.to_string(),
            "Site:Redmond"
        );
        bench.ok("New-CsPinPolicy RedmondUsersPinPolicy");
        assert_eq!(
            bench.info("Ken Myer").effective_policy.to_string(),
            "Site:Redmond"
        );
        bench.silent("Get-CsPinPolicy -Filter \"site:*\" | Remove-CsPinPolicy");
        assert!(bench.policy("site:Redmond").is_none());
        bench.silent(
            "Get-CsPinPolicy | Where-Object {$_.AllowCommonPatterns -eq $True} | Remove-CsPinPolicy",
        );
        assert!(bench.policy("LobbyPhonesPinPolicy").is_none());
        assert!(bench.policy("ExecutivesPinPolicy").is_some());
        bench.ok("Set-CsPinPolicy -MinPasswordLength 9");
        bench.ok("Get-CsPinPolicy | Remove-CsPinPolicy");
        assert_eq!(bench.texts("Get-CsPinPolicy", "Identity"), ["Global"]);
        assert_eq!(bench.policy("global").unwrap().min_password_length, 5);
        bench.ok("Remove-CsPinPolicy global");
        assert_eq!(bench.warnings().len(), 1, "a reset is said");
        bench.silent("Remove-CsPinPolicy global -Force");
    });
}

// R-POL-7
#[test]
fn a_change_counts_for_new_pins_and_limits_at_once() {
    Bench::on(|bench| {
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 187238");
        bench.ok("Set-CsPinPolicy site:Redmond -MinPasswordLength 8 -MaximumLogonAttempts 2");
        assert_eq!(
            bench.log_on("51219", "187238"),
            Outcome::Success,
            "shorter, and still good"
        );
        assert_eq!(bench.log_on("51219", "000001"), Outcome::IncorrectPin);
        assert_eq!(bench.log_on("51219", "000002"), Outcome::IncorrectPin);
        assert_eq!(
            bench.log_on("51219", "187238"),
            Outcome::UserPinAccountLocked
        );
        bench.ok("Unlock-CsClientPin 'Ken Myer'");
        bench.ok("Set-CsPinPolicy site:Redmond -PINLifetime 1");
        bench.kit.clock.advance_days(1);
        assert_eq!(bench.log_on("51219", "187238"), Outcome::PinExpired);
        bench.refused("Set-CsClientPin 'Ken Myer' -Pin 187238", "PinRefused");
    });
}
