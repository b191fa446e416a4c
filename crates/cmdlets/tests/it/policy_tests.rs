//! Test-CsPinPolicy.

use pinward_core::{Outcome, pin_space};

use crate::bench::{Bench, names, text};

// R-POL-4, R-EXP-1, R-AUTH-4, R-LOCK-9
#[test]
fn the_figures_of_policies() {
    Bench::on(|bench| {
        bench.ok("Set-CsPinPolicy site:Redmond -PINHistoryCount 1 -PINLifetime 30");
        bench.ok("New-CsPinPolicy Few -MinPasswordLength 4 -MaximumLogonAttempts 5");
        for user in ["Ken Myer", "Pilar Ackerman"] {
            bench.ok(&format!("Grant-CsPinPolicy '{user}' Few"));
        }
        bench.ok("Set-CsClientPin 'Ken Myer' -MustChange -ExpiresIn 10");
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        let users = bench.ok("Get-CsUser").len();
        let all = bench.ok("Test-CsPinPolicy");
        assert_eq!(
            bench.texts("Test-CsPinPolicy", "Identity"),
            bench.texts("Get-CsPinPolicy", "Identity")
        );
        let counted: usize = all
            .iter()
            .map(|one| text(one, "Users").parse::<usize>().unwrap())
            .sum();
        assert_eq!(counted, users);
        let figures = |bench: &mut Bench, source: &str| {
            let found = bench.ok(source);
            assert_eq!(found.len(), 1, "{source}");
            let properties = [
                "Users",
                "PinsSet",
                "PinsMissing",
                "PinsExpired",
                "PinsExpiring",
                "PinsToChange",
                "PinsLocked",
            ];
            properties.map(|property| text(&found[0], property))
        };
        let few = "Test-CsPinPolicy Few";
        assert_eq!(figures(bench, few), ["2", "1", "1", "0", "0", "1", "1"]);
        let soon = "Test-CsPinPolicy tag:FEW -Days 10";
        assert_eq!(figures(bench, soon), ["2", "1", "1", "0", "1", "1", "1"]);
        let piped = "Get-CsPinPolicy Few | Test-CsPinPolicy -Days 9";
        assert_eq!(figures(bench, piped), ["2", "1", "1", "0", "0", "1", "1"]);
        bench.kit.clock.advance_days(10);
        assert_eq!(figures(bench, few), ["2", "1", "1", "1", "0", "1", "1"]);
    });
}

// R-PIN-3, R-LOCK-3
#[test]
fn the_pins_that_the_rules_leave() {
    Bench::on(|bench| {
        bench.ok("New-CsPinPolicy Few -MinPasswordLength 4 -MaximumLogonAttempts 5");
        bench.ok("New-CsPinPolicy Any -MinPasswordLength 6 -AllowCommonPatterns $true");
        bench.ok("New-CsPinPolicy Long -MinPasswordLength 24");
        for (name, possible, local, global) in [
            ("Few", "10000", "5", "100"),
            ("Any", "1000000", "25", "1000"),
            ("Long", "1000000000000000000000000", "25", "5000"),
        ] {
            let found = bench.ok(&format!("Test-CsPinPolicy {name}"));
            assert_eq!(text(&found[0], "PossiblePins"), possible);
            assert_eq!(text(&found[0], "LocalLimit"), local);
            assert_eq!(text(&found[0], "GlobalLimit"), global);
            let policy = bench.policy(name).unwrap();
            let space = pin_space(
                policy.min_password_length as usize,
                policy.allow_common_patterns,
            );
            assert_eq!(text(&found[0], "AllowedPins"), space.allowed.to_string());
            let odds: f64 = text(&found[0], "UniformOddsGlobal").parse().unwrap();
            assert_eq!(odds, space.odds(global.parse().unwrap()), "{name}");
        }
        let few = bench.ok("Test-CsPinPolicy Few");
        let allowed: u64 = text(&few[0], "AllowedPins").parse().unwrap();
        assert!((8_000..10_000).contains(&allowed), "{allowed}");
    });
}

// R-POL-4
#[test]
fn who_is_governed_by_what() {
    Bench::on(|bench| {
        bench.ok("Set-CsPinPolicy site:Redmond -PINHistoryCount 1 -PINLifetime 30");
        bench.ok("Grant-CsPinPolicy 'Pilar Ackerman' RedmondUsersPinPolicy");
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        let check = |bench: &mut Bench, user: &str, expected: [&str; 3]| {
            let found = bench.ok(&format!("Test-CsPinPolicy -User '{user}'"));
            let seen = ["EffectivePolicy", "Source", "PinState"].map(|name| text(&found[0], name));
            assert_eq!(seen, expected, "{user}");
        };
        check(
            bench,
            "Pilar Ackerman",
            ["Tag:RedmondUsersPinPolicy", "Granted", "Missing"],
        );
        check(bench, "Ken Myer", ["Site:Redmond", "Site", "Good"]);
        bench.kit.clock.advance_days(24);
        check(bench, "Ken Myer", ["Site:Redmond", "Site", "Expiring"]);
        bench.kit.clock.advance_days(6);
        check(bench, "Ken Myer", ["Site:Redmond", "Site", "Expired"]);
        bench.ok("Set-CsClientPin 'Ken Myer' -MustChange");
        check(bench, "Ken Myer", ["Site:Redmond", "Site", "MustChange"]);
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        assert_eq!(
            bench.texts("Test-CsPinPolicy -User 'Ken Myer'", "IsLockedOut"),
            ["True"]
        );

        let users = bench.ok("Get-CsUser").len();
        let piped = bench.texts("Get-CsUser | Test-CsPinPolicy", "Source");
        assert_eq!(piped.len(), users);
        assert!(piped.iter().any(|source| source == "Global"));
        let named = bench.texts("'Ken Myer', 'Pilar Ackerman' | Test-CsPinPolicy", "Source");
        assert_eq!(named, ["Site", "Granted"]);
        bench.refused("Test-CsPinPolicy -User Nobody", "UserNotFound");
        bench.refused("Test-CsPinPolicy Nowhere", "PolicyNotFound");
        bench.refused("Test-CsPinPolicy Nowhere -Pin 18723834", "PolicyNotFound");
        bench.refused(
            "Test-CsPinPolicy -Identity global -User 'Ken Myer'",
            "AmbiguousParameterSet",
        );
    });
}

// R-PIN-4, R-SEC-3
#[test]
fn what_a_policy_says_of_a_pin() {
    Bench::on(|bench| {
        for (source, expected) in [
            ("Test-CsPinPolicy -Pin 18723834", ""),
            (
                "Test-CsPinPolicy global -Pin 1234",
                "PinTooShort PinConsecutiveDigits PinTooCommon",
            ),
            ("Test-CsPinPolicy global -Pin 225577", "PinRepeatingDigits"),
            ("Test-CsPinPolicy global -Pin 51219", ""),
            (
                "Test-CsPinPolicy -User 'Ken Myer' -Pin 51219",
                "PinTooShort PinIsExtension PinInPhoneNumber",
            ),
            ("Test-CsPinPolicy -User 'Ken Myer' -Pin 18723834", ""),
            ("Test-CsPinPolicy global -Pin 12a456", "PinNotDigits"),
        ] {
            let found = bench.ok(source);
            assert_eq!(
                names(&found[0]),
                [
                    "Identity",
                    "EffectivePolicy",
                    "Accepted",
                    "Violations",
                    "Reasons"
                ]
            );
            let codes = text(&found[0], "Violations");
            assert_eq!(codes, expected, "{source}");
            assert_eq!(text(&found[0], "Accepted") == "True", expected.is_empty());
        }
        let reasons = bench.ok("(Test-CsPinPolicy global -Pin 225577).Reasons");
        assert!(reasons[0].to_text().contains("repeated digits"));
        bench.refused("Test-CsPinPolicy global -Pin ''", "PinMissing");
        bench
            .session
            .run("Test-CsPinPolicy -User 'Ken Myer' -Pin 225577");
        assert!(!bench.everything_shown().contains("225577"));
        // Nothing was assigned or counted.
        assert!(!bench.info("Ken Myer").is_pin_set);
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::PinNotSet);
    });
}
