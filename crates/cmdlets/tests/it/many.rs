//! Many users at once: order, progress, and what a stop leaves behind.

use std::cell::Cell;

use pinward_core::Outcome;
use pinward_shell::host::TestHost;

use crate::bench::{Bench, text};
use crate::stopping::Stopping;

#[test]
fn everybody_gets_a_pin_in_the_order_of_the_input() {
    Bench::on(|bench| {
        let users = bench.texts("Get-CsUser", "SipAddress");
        let shown = bench.ok("Get-CsUser | Set-CsClientPin");
        let identities: Vec<String> = shown.iter().map(|one| text(one, "Identity")).collect();
        assert_eq!(identities, users);
        for one in shown.iter().step_by(97) {
            let outcome = bench.log_on(&text(one, "Identity"), &text(one, "Pin"));
            assert_eq!(outcome, Outcome::Success);
        }
        let left = bench.ok("Get-CsUser | Get-CsClientPinInfo | Where-Object {-not $_.IsPinSet}");
        assert!(left.is_empty());
    });
}

#[test]
fn errors_keep_their_place_among_the_others() {
    Bench::on(|bench| {
        bench.ok("Lock-CsClientPin 'Pilar Ackerman'");
        let shown = bench.values(
            "'Ken Myer', 'Pilar Ackerman', 'John Smith' | Set-CsClientPin -ErrorAction Stop",
        );
        assert_eq!(
            shown.len(),
            0,
            "collecting a stopped pipeline gives nothing"
        );
        assert!(bench.info("Ken Myer").is_pin_set);
        assert!(
            !bench.info("John Smith").is_pin_set,
            "nothing after the error was touched"
        );
    });
}

#[test]
fn a_command_that_has_enough_leaves_few_assigned_and_none_untold() {
    Bench::on(|bench| {
        let shown = bench.ok("Get-CsUser | Set-CsClientPin | Select-Object -First 1");
        assert_eq!(shown.len(), 1);
        let told = bench.warnings().join(" ");
        let set = bench.ok("Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet}");
        for state in &set {
            let identity = text(state, "Identity");
            assert!(
                identity == text(&shown[0], "Identity") || told.contains(&identity),
                "{identity}"
            );
        }
    });
}

#[test]
fn a_stop_leaves_no_pin_that_was_not_shown() {
    Bench::on(|bench| {
        let host = TestHost::new();
        let stopping = Stopping {
            inner: host.clone(),
            after: Cell::new(150),
        };
        let mut session = bench.another_session("CsAdministrator", Box::new(stopping));
        let result = session.run("Get-CsUser | Set-CsClientPin");
        assert!(result.cancelled);
        let rows: Vec<(String, String)> = host.with(|seen| {
            let users = seen.lines.iter().filter(|line| line.starts_with("sip:"));
            users
                .map(|line| {
                    let mut cells = line.split_whitespace().map(str::to_owned);
                    (cells.next().unwrap(), cells.next().unwrap())
                })
                .collect()
        });
        assert!(
            rows.len() >= 150,
            "what was in flight is shown too: {}",
            rows.len()
        );
        let states = bench.ok("Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet}");
        let set: Vec<String> = states.iter().map(|state| text(state, "Identity")).collect();
        let shown: Vec<String> = rows.iter().map(|(identity, _)| identity.clone()).collect();
        assert_eq!(set, shown);
        let (identity, pin) = rows.last().unwrap();
        assert_eq!(bench.log_on(identity, pin), Outcome::Success);
        let warnings = host.with(|seen| seen.warnings.clone());
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let start = format!(
            "Stopped. {} PINs were assigned and shown; at least ",
            shown.len()
        );
        assert!(warnings[0].starts_with(&start), "{warnings:?}");
    });
}
