//! Errors, warnings, what-if and confirmation.

use crate::support::{check, session};

#[test]
fn error_actions() {
    check(&[
        ("'a','bad','b' | Test-Each", "\"a\" \"b\" reported Bad"),
        (
            "'a','bad','b' | Test-Each -ErrorAction SilentlyContinue",
            "\"a\" \"b\"",
        ),
        ("'a','bad','b' | Test-Each -ea Stop; 'after'", "error Bad"),
        (
            "'a','fatal','b' | Test-Each; 'after'",
            "\"a\" \"after\" reported Fatal",
        ),
        ("$x = 'bad' | Test-Each -ea 0", "reported ParameterValue"),
        ("'bad' | Test-Each -ea Ignore; $Error.Count", "0"),
        (
            "'bad' | Test-Each -ea SilentlyContinue; $Error[0].Message",
            "\"bad is bad\"",
        ),
        (
            "'bad' | Test-Each -ea SilentlyContinue -ErrorVariable e; $e.Count",
            "1",
        ),
        (
            "'a' | Test-Each -WarningVariable w -OutVariable o | Out-Null; $w; $o",
            "\"careful with a\" \"a\"",
        ),
        (
            "'bad' | Test-Each -ea SilentlyContinue; $?; $?",
            "False True",
        ),
        ("1 | Test-Each -PipelineVariable x", "reported NotSupported"),
    ]);
}

#[test]
fn verbose_and_warning() {
    let (mut session, host) = session();
    session.run("'a' | Test-Each | Out-Null; 'b' | Test-Each -Verbose -WarningAction SilentlyContinue | Out-Null");
    host.with(|seen| {
        assert_eq!(seen.warnings, ["careful with a"]);
        assert_eq!(seen.verbose, ["doing b"]);
    });
    session.run("$VerbosePreference = 'Continue'; 'c' | Test-Each | Out-Null");
    host.with(|seen| assert_eq!(seen.verbose, ["doing b", "doing c"]));
}

#[test]
fn what_if_and_confirm() {
    let (mut session, host) = session();
    assert!(
        session
            .collect("'a' | Remove-Thing -WhatIf")
            .unwrap()
            .is_empty()
    );
    host.with(|seen| {
        let said = "What if: Performing the operation \"Remove\" on target \"a\".";
        assert_eq!(seen.information, [said]);
    });
    // Yes, Yes to All (remembered for the call).
    host.with(|seen| seen.answers.extend([0, 1]));
    assert_eq!(
        session
            .collect("'a','b','c' | Remove-Thing -Confirm")
            .unwrap()
            .len(),
        3
    );
    host.with(|seen| assert_eq!(seen.questions.len(), 2));
    // No, No to All.
    host.with(|seen| seen.answers.extend([2, 3]));
    assert_eq!(
        session
            .collect("'a','b','c' | Remove-Thing -Confirm")
            .unwrap()
            .len(),
        0
    );
    // Nobody there.
    assert!(session.collect("'a' | Remove-Thing -Confirm").is_ok());
    assert_eq!(host.error_ids(), ["ConfirmationNeeded"]);
    assert_eq!(
        session
            .collect("'a' | Remove-Thing -Confirm:$false")
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        session
            .collect("$WhatIfPreference = $true; 'a' | Remove-Thing")
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn cancelling_stops_quietly() {
    let (mut session, host) = session();
    host.with(|seen| seen.cancelled = true);
    let result = session.run("while ($true) { 1 }");
    assert!(result.cancelled);
    assert_eq!(result.errors, 0);
}

/// What a command put out before the user asked to stop is shown, also where rows were held back
/// to find the widths of their columns.
#[test]
fn rows_that_are_held_back_are_shown_when_a_run_is_stopped() {
    let (mut session, host) = session();
    host.with(|seen| seen.stops_after = Some(50));
    let result =
        session.run("Get-Person 3 | Format-Table Name, Age; while ($true) { 1 | Out-Null }");
    assert!(result.cancelled);
    let shown = host.output();
    assert!(shown.contains("Person 3"), "{shown}");
    host.with(|seen| {
        seen.cancelled = false;
        seen.stops_after = Some(50);
        seen.lines.clear();
    });
    let result = session.run("foreach ($i in 1..100) { [pscustomobject]@{Row = \"row $i\"} }");
    assert!(result.cancelled);
    let shown = host.output();
    assert!(
        shown.contains("row 10") && !shown.contains("row 100"),
        "{shown}"
    );
}

/// What a stopped pipeline holds is laid out or written; nothing that could change something runs.
#[test]
fn what_is_held_is_let_out_when_a_run_is_stopped() {
    let run = |source: &str, shown: &str, not: &str| {
        let (mut session, host) = session();
        host.with(|seen| {
            seen.stops_after = Some(60);
            seen.files.insert("old.csv".to_owned(), b"old".to_vec());
        });
        assert!(session.run(source).cancelled, "{source}");
        let mut text = host.output();
        host.with(|seen| {
            let files = seen.files.values();
            text.extend(files.map(|file| String::from_utf8(file.clone()).unwrap()));
        });
        assert!(text.contains(shown), "{source}: {text}");
        assert!(!text.contains(not), "{source}: {text}");
    };
    let rows = "1..1000 | ForEach-Object {[pscustomobject]@{Row = \"row $_\"}}";
    run(&format!("{rows} | Sort-Object Row"), "row 7", "row 999");
    run(&format!("{rows} | Export-Csv old.csv"), "row 7", "old");
    run(
        &format!("{rows} | Where-Object {{$false}} | Export-Csv old.csv"),
        "old",
        "row",
    );
    run(&format!("{rows} | ConvertTo-Json"), "\"row 7\"", "row 999");
    run(
        &format!("{rows} | Sort-Object Row | ForEach-Object {{Write-Output 'ran'}}"),
        "old",
        "ran",
    );
    run(
        &format!("{rows} | Sort-Object Row | Select-Object @{{n='a';e={{'ran'}}}}"),
        "old",
        "ran",
    );
}

#[test]
fn variables_stay_between_runs() {
    let (mut session, _) = session();
    assert_eq!(session.run("$x = 5").errors, 0);
    assert_eq!(
        session.collect("$x + 1").unwrap()[0].to_text().as_ref(),
        "6"
    );
}
