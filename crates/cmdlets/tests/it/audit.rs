//! Get-CsPinAudit: R-SEC-4.

use crate::bench::Bench;

#[test]
fn records_are_listed_and_filtered() {
    Bench::on(|bench| {
        bench.ok("Lock-CsClientPin 'Ken Myer'; Unlock-CsClientPin 'Pilar Ackerman'");
        bench.ok("Set-CsPinPolicy Global -PINHistoryCount 7 | Out-Null");
        assert_eq!(bench.log_on("51219", "18723834").name(), "PinNotSet");
        for (pipeline, property, expected) in [
            (
                "Get-CsPinAudit -Newest 4",
                "Action",
                &[
                    "LogOn",
                    "Set-CsPinPolicy",
                    "Unlock-CsClientPin",
                    "Lock-CsClientPin",
                ][..],
            ),
            (
                "Get-CsPinAudit 'Ken Myer' -Newest 2",
                "Outcome",
                &["PinNotSet", "Success"],
            ),
            (
                "'Ken Myer', 'Pilar Ackerman' | Get-CsPinAudit -Actor TEST -Newest 1",
                "Identity",
                &["sip:kenmyer@litwareinc.com", "sip:packerman@litwareinc.com"],
            ),
            (
                "Get-CsPinAudit -Action set-cspinpolicy",
                "Changes",
                &[r#"{"PINHistoryCount":[0,7]}"#],
            ),
            ("Get-CsPinAudit -Outcome PinNotSet", "Actor", &[""]),
            ("Get-CsPinAudit -After (Get-Date).AddDays(1)", "Action", &[]),
            (
                "Get-CsPinAudit -Before (Get-Date).AddDays(1) -Action LogOn",
                "Door",
                &["shell"],
            ),
        ] {
            assert_eq!(bench.texts(pipeline, property), expected, "{pipeline}");
        }
        bench.refused("Get-CsPinAudit nobody", "UserNotFound");
        bench.refused("Get-CsPinAudit -Newest 0", "ParameterValue");
    });
}

#[test]
fn the_table_shows_what_matters() {
    Bench::on(|bench| {
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        let shown = bench.ok("Get-CsPinAudit -Newest 1 | Out-String");
        let shown = shown[0].to_text();
        for title in ["Time", "Actor", "Action", "Identity", "Outcome"] {
            assert!(shown.contains(title), "{shown}");
        }
    });
}
