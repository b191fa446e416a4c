//! Test-CsPhoneBootstrap.

use crate::bench::{Bench, names, text};

const KEN: &str = "Test-CsPhoneBootstrap -PhoneOrExtension \"+14255551219\"";

fn outcome(bench: &mut Bench, source: &str) -> (String, String) {
    let result = bench.ok(source);
    assert_eq!(result.len(), 1, "{source}");
    (text(&result[0], "Result"), text(&result[0], "Error"))
}

// R-AUTH-6
#[test]
fn the_right_pin_succeeds_however_the_user_is_named() {
    Bench::on(|bench| {
        bench.ok("Set-CsPinPolicy site:Redmond -MinPasswordLength 4");
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 0712");
        let result = bench.ok(&format!("{KEN} -Pin \"0712\""));
        assert_eq!(
            names(&result[0]),
            [
                "TargetUri",
                "TargetFqdn",
                "Result",
                "Latency",
                "Error",
                "Diagnosis"
            ]
        );
        for (property, value) in [
            ("TargetUri", ""),
            ("TargetFqdn", "atl-cs-001.litwareinc.com"),
            ("Result", "Success"),
            ("Latency", "00:00:00"),
            ("Error", ""),
            ("Diagnosis", ""),
        ] {
            assert_eq!(text(&result[0], property), value, "{property}");
        }
        for source in [
            r#"Test-CsPhoneBootstrap -PhoneOrExtension "+14255551219" -Pin "0712" -UserSipAddress "sip:kenmyer@litwareinc.com""#,
            "Test-CsPhoneBootstrap pool.litwareinc.com -PhoneOrExt 51219 -PIN 0712 -Force",
            "Test-CsPhoneBootstrap -ph 51219 -Pin 0712 -RegistrarPort 5061 -TargetUri https://x -OutLoggerVariable l",
            "Test-CsPhoneBootstrap -ph '+1 (425) 555-1219' -Pin 0712",
        ] {
            assert_eq!(outcome(bench, source).0, "Success", "{source}");
        }
        assert_eq!(outcome(bench, &format!("{KEN} -Pin 712")).0, "Failure");
    });
}

// R-AUTH-3, R-AUTH-4
#[test]
fn each_failure_is_a_result_that_says_what_to_do() {
    Bench::on(|bench| {
        let check = |bench: &mut Bench, parameters: &str, error: &str, diagnosis: &str| {
            let source = format!("Test-CsPhoneBootstrap {parameters}");
            let result = bench.ok(&source);
            assert_eq!(text(&result[0], "Result"), "Failure", "{source}");
            let shown = text(&result[0], "Error");
            assert!(
                shown.starts_with(&format!("{error}: ")),
                "{source}: {shown}"
            );
            let shown = text(&result[0], "Diagnosis");
            assert!(shown.contains(diagnosis), "{source}: {shown}");
        };
        let ken = "-PhoneOrExt 51219 -Pin 18723834";
        check(bench, ken, "PinNotSet", "Set-CsClientPin");
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        check(
            bench,
            "-PhoneOrExt 51219 -Pin 99999999",
            "IncorrectPin",
            "Set-CsClientPin",
        );
        assert_eq!(bench.info("Ken Myer").local_failures, 1, "it counts");
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        check(bench, ken, "UserPinAccountLocked", "Unlock-CsClientPin");
        bench.ok("Unlock-CsClientPin 'Ken Myer'");
        bench.ok("Set-CsPinPolicy site:Redmond -MaximumLogonAttempts 1 -PINLifetime 1");
        check(
            bench,
            "-PhoneOrExt 51219 -Pin 99999999",
            "IncorrectPin",
            "counted",
        );
        check(bench, ken, "UserPinAccountLocked", "2026-01-05 10:00:00");
        bench.kit.clock.advance_days(1);
        check(bench, ken, "PinExpired", "Set-CsClientPin");
        check(
            bench,
            "-PhoneOrExt garywinslow@litwareinc.com -Pin 1",
            "UserPinAccountDisabled",
            "Enable",
        );
        check(
            bench,
            "-PhoneOrExt 99 -Pin 1",
            "UserDoesNotExist",
            "Get-CsUser",
        );
        check(
            bench,
            "-PhoneOrExt 51000 -Pin 1",
            "NonUniqueUser",
            "-UserSipAddress",
        );
        let tom = "-PhoneOrExt 51000 -Pin 1 -UserSipAddress sip:tomarcher@litwareinc.com";
        check(bench, tom, "PinNotSet", "tomarcher");
        let not_ken = "-PhoneOrExt 51219 -Pin 1 -UserSipAddress sip:tomarcher@litwareinc.com";
        check(bench, not_ken, "UserDoesNotExist", "Get-CsUser");
        assert!(!bench.everything_shown().contains("99999999"));
    });
}
