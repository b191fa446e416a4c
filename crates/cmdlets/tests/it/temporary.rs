//! Set-CsClientPin -MustChange and -ExpiresIn.

use pinward_core::Outcome;

use crate::bench::{Bench, text};

const PIN: &str = "18723834";

// R-AUTH-4
#[test]
fn a_pin_that_must_be_changed() {
    Bench::on(|bench| {
        bench.ok(&format!(
            "Set-CsClientPin 'Ken Myer' -Pin {PIN} -MustChange"
        ));
        assert_eq!(bench.log_on("51219", PIN), Outcome::PinMustBeChanged);
        let state = bench.ok("Get-CsClientPinInfo 'Ken Myer'");
        assert_eq!(text(&state[0], "MustChange"), "True");
        bench.ok(&format!(
            "Set-CsClientPin 'Ken Myer' -Pin {PIN} -MustChange:$false"
        ));
        assert_eq!(bench.log_on("51219", PIN), Outcome::Success);
    });
}

// R-EXP-1
#[test]
fn a_pin_for_a_limited_time() {
    Bench::on(|bench| {
        for (span, end) in [
            ("3", "2026-01-08 09:00:00"),
            ("0.5", "2026-01-05 21:00:00"),
            ("'2'", "2026-01-07 09:00:00"),
            ("1.12:30", "2026-01-06 21:30:00"),
            ("08:00", "2026-01-05 17:00:00"),
            ("'0.08:00:01'", "2026-01-05 17:00:01"),
            ("([timespan]'2.00:00')", "2026-01-07 09:00:00"),
            ("999", "2028-09-30 09:00:00"),
        ] {
            bench.ok(&format!("Set-CsClientPin 'Ken Myer' -ExpiresIn {span}"));
            let state = bench.ok("Get-CsClientPinInfo 'Ken Myer'");
            assert_eq!(text(&state[0], "PinExpirationTime"), end, "{span}");
        }
        for span in [
            "0", "-1", "999.1", "1000", "'soon'", "''", "$null", "$true", "1:2:3:4", "'-1:00'",
        ] {
            bench.refused(
                &format!("Set-CsClientPin 'Ken Myer' -ExpiresIn {span}"),
                "PinExpiryInvalid",
            );
        }
    });
}

#[test]
fn what_would_be_done_is_said() {
    Bench::on(|bench| {
        bench.silent("Set-CsClientPin 'Ken Myer' -MustChange -ExpiresIn 3 -WhatIf");
        let remarks = bench.remarks().join("");
        assert!(
            remarks.contains("for a limited time, to be changed"),
            "{remarks}"
        );
        assert!(!bench.info("Ken Myer").is_pin_set);
        bench.refused(
            "Set-CsClientPin 'Ken Myer' -ExpiresIn 0 -WhatIf",
            "PinExpiryInvalid",
        );
    });
}
