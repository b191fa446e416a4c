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

#[test]
fn progress_tells_what_share_of_the_work_is_done() {
    Bench::on(|bench| {
        let first_share = |bench: &mut Bench, source: &str| {
            bench.values(source);
            let reports = bench.host.with(|seen| seen.progress.clone());
            let last = reports.last().unwrap();
            assert!(last.finished, "{source}: {last:?}");
            assert_eq!(reports[0].unit, "users");
            reports[0].share.map(|share| {
                assert!(share.part <= share.whole, "{source}: {share:?}");
                share.part as f64 / share.whole as f64
            })
        };
        // It is reported first when two have their PIN.
        let people = bench.ok("Get-CsAdUser").len() as f64;
        let all = first_share(bench, "Get-CsUser | Set-CsClientPin").unwrap();
        assert!((all - 2.0 / people).abs() < 1e-6, "{all}");
        let some = "Get-CsUser -ResultSize 8 | Get-CsClientPinInfo | Set-CsClientPin";
        assert_eq!(first_share(bench, some), Some(0.25));
        let named = "'Ken Myer', 'nobody', 'Pilar Ackerman', 'John Smith' | Set-CsClientPin";
        assert_eq!(first_share(bench, named), Some(0.75), "refusals count too");
        let listed = "Set-CsClientPin 'Ken Myer', 'Pilar Ackerman', 'John Smith', 'Denise Smith'";
        assert_eq!(first_share(bench, listed), Some(0.5));
        let found = "Get-CsUser -OU 'OU=Finance,DC=litwareinc,DC=com' | Set-CsClientPin";
        assert!(first_share(bench, found).is_some());
        // Nobody can tell how many objects a block will put out.
        let unknown =
            "ForEach-Object { 'Ken Myer'; 'Pilar Ackerman'; 'John Smith' } | Set-CsClientPin";
        assert_eq!(first_share(bench, unknown), None);
    });
}

#[test]
fn a_stop_before_this_command_is_accounted_for_too() {
    Bench::on(|bench| {
        let host = TestHost::new();
        let stopping = Stopping {
            inner: host.clone(),
            after: Cell::new(1),
        };
        let mut session = bench.another_session("CsAdministrator", Box::new(stopping));
        let result = session.run(
            "'Ken Myer', 'Pilar Ackerman', 'John Smith' | Where-Object { \
               if ($_ -eq 'John Smith') { Write-Host 'sip:' }; $true } | Set-CsClientPin",
        );
        assert!(result.cancelled);
        assert!(!bench.info("Ken Myer").is_pin_set);
        let warnings = host.with(|seen| seen.warnings.clone());
        let expected =
            "Stopped. 0 PINs were assigned and shown; at least 2 users were not reached.";
        assert_eq!(warnings, [expected]);
    });
}

/// Whatever the PINs are sent to: each that was assigned before the stop can be read, or the user is
/// named. Nobody has a PIN that nobody knows.
#[test]
fn a_stop_loses_no_pin_without_a_word() {
    let check = |after: &'static str, all_shown: bool| {
        Bench::on(move |bench| {
            let host = TestHost::new();
            let stopping = Stopping {
                inner: host.clone(),
                after: Cell::new(150),
            };
            let mut session = bench.another_session("CsAdministrator", Box::new(stopping));
            let source = after.replace(
                "PINS",
                "Get-CsUser | ForEach-Object {Write-Host 'sip:'; $_} | Set-CsClientPin",
            );
            assert!(session.run(&source).cancelled, "{source}");
            let (mut shown, warnings) =
                host.with(|seen| (seen.lines.join("\n"), seen.warnings.clone()));
            host.with(|seen| {
                let files = seen.files.values();
                shown.extend(files.map(|file| String::from_utf8(file.clone()).unwrap()));
            });
            let states = bench.ok("Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet}");
            let set: Vec<String> = states.iter().map(|state| text(state, "Identity")).collect();
            assert!(set.len() > 10, "{source}");
            let told = if all_shown { &shown } else { &warnings[0] };
            for identity in &set {
                assert!(
                    told.contains(identity.as_str()),
                    "{source}: {identity} in {told}"
                );
            }
            let count = if all_shown { set.len() } else { 0 };
            let expected = format!("Stopped. {count} PINs were assigned and shown;");
            let last = warnings.last().unwrap();
            assert!(last.starts_with(&expected), "{source}: {warnings:?}");
            assert_eq!(warnings.len(), if all_shown { 1 } else { 2 }, "{source}");
        });
    };
    check("PINS | Export-Csv pins.csv", true);
    check("PINS | Sort-Object Identity | Export-Csv pins.csv", true);
    check("PINS | Out-File pins.txt", true);
    check("PINS | Tee-Object -FilePath pins.txt | Out-Null", true);
    check("PINS | Sort-Object Identity", true);
    check("PINS | ConvertTo-Json", true);
    check("$x = PINS", false);
    check("PINS | Sort-Object {$_.Identity}", false);
    check("PINS | Group-Object Identity", false);
    check("PINS | Sort-Object Identity | ForEach-Object {$_}", false);
}

#[test]
fn an_error_that_ends_the_run_leaves_the_rows_before_it_in_the_file() {
    Bench::on(|bench| {
        bench.values("'Ken Myer', 'nobody', 'John Smith' | Set-CsClientPin -ErrorAction Stop | Export-Csv pins.csv");
        let file = bench.host.with(|seen| seen.files.get("pins.csv").cloned());
        let file = String::from_utf8(file.unwrap()).unwrap();
        assert!(file.contains("kenmyer"), "{file}");
        assert!(!file.contains("johnsmith"), "{file}");
    });
}
