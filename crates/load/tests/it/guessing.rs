//! R-GUESS-1: `pinward-load guessing`. Synthetic data only.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use pinward_core::{PinFacts, Policy, PolicyIdentity, pin_violations};

/// Standard input is `text`.
fn guessing(arguments: &str, text: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pinward-load"))
        .arg("guessing")
        .args(arguments.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn out(arguments: &str, text: &str) -> String {
    let run = guessing(arguments, text);
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{arguments}: {told}");
    String::from_utf8(run.stdout).expect("text")
}

/// 0000, 1234 and 123456 are common patterns; the sixty others, chosen by one person each, break no rule.
fn synthetic() -> String {
    let mut text = "PIN;Count\n1234;25\n0000;10\n123456;5\n12;4\nabcd;3\n".to_owned();
    let policy = Policy {
        min_password_length: 4,
        ..Policy::defaults(PolicyIdentity::Global)
    };
    let plain = (5000..9999)
        .map(|number: u32| number.to_string())
        .filter(|pin| pin_violations(pin, &policy, &PinFacts::default()).is_empty())
        .take(60);
    for pin in plain {
        text.push_str(&format!("{pin};1\n"));
    }
    text
}

/// R-GUESS-1: 100 people. Four digits have limits of 10 and 100: within the local one ten PINs of four
/// digits are found, 25 + 10 + 8 people, and the 5 with six digits after them.
#[test]
fn the_table_says_what_hand_computation_says() {
    let expected = "\
100 people chose 63 different PINs; read from 1 file
skipped: 1 lines (3 people) with something other than digits
skipped: 1 lines (4 people) with fewer than 4 or more than 24 digits
limits, local and global: 4 digits 10, 100; 5 to 6 digits 25, 1000; 7 to 24 digits 25, 5000

                                  refused as              accepted        of these found within
MinLength CommonPatterns      too short    pattern       people       PINs      local     global
4         allowed                0.00 %     0.00 %          100         63    48.00 %   100.00 %
4         refused                0.00 %    40.00 %           60         60    16.67 %   100.00 %
6         allowed               95.00 %     0.00 %            5          1   100.00 %   100.00 %
6         refused               95.00 %     5.00 %            0          0          -          -
";
    let found = out("- --min-password-length 4,6", &synthetic());
    let lines = |text: &str| -> Vec<String> {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().map(words).collect()
    };
    assert_eq!(lines(&found), lines(expected));
}

#[test]
fn programs_get_the_numbers() {
    let found = out("--json --min-password-length 4 -", &synthetic());
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found["people"], 100);
    assert_eq!(found["skipped"]["peopleOfOtherLength"], 4);
    assert_eq!(found["limits"][0]["global"], 100);
    let strict = &found["policies"][1];
    assert_eq!(strict["allowCommonPatterns"], false);
    assert_eq!(strict["refusedCommonPattern"], 40);
    assert_eq!(strict["shareRefused"], 0.4);
    assert_eq!(strict["foundWithinLocal"], 10);
    assert_eq!(strict["shareFoundWithinGlobal"], 1.0);
    let nobody = out("--json --min-password-length 24 -", &synthetic());
    let nobody: serde_json::Value = serde_json::from_str(&nobody).expect("JSON");
    assert!(nobody["policies"][0]["shareFoundWithinLocal"].is_null());
}

#[test]
fn files_are_taken_together_and_an_attempt_can_be_all_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let with_counts = folder.path().join("counts.txt");
    std::fs::write(&with_counts, "n pin\n3 0852\n1 2580\n").expect("a file");
    let arguments = format!(
        "{} - --json --maximum-logon-attempts 1",
        with_counts.display()
    );
    let found = out(&arguments, "PIN\n0852\n0852\n2580\n7391\n");
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found["people"], 8);
    assert_eq!(found["differentPins"], 3);
    assert_eq!(found["policies"][0]["foundWithinLocal"], 5);
    assert_eq!(found["policies"].as_array().map(Vec::len), Some(10));
}

#[test]
fn a_list_that_says_no_frequencies_is_warned_of() {
    let warning = "no PIN was chosen by more than one person";
    let list = "2580\n0852\n1379\n";
    assert!(out("--order pin -", list).contains(&format!("\nwarning: {warning}")));
    let told = |text: &str| -> serde_json::Value {
        let found = out("--order pin --json -", text);
        serde_json::from_str(&found).expect("JSON")
    };
    let warned = told(list)["warnings"][0].to_string();
    assert!(warned.contains(warning), "{warned}");
    assert_eq!(told("2580\n2580\n")["warnings"], serde_json::json!([]));
}

#[test]
fn the_limits_told_are_those_that_stop_guessing() {
    let found = out("--maximum-logon-attempts 999 -", &synthetic());
    assert!(
        found.contains("4 digits 100, 100; 5 to 6 digits 999, 1000;"),
        "{found}"
    );
}

/// R-GUESS-1, R-SEC-3: what is refused is told with its file and line, and without the digits.
#[test]
fn what_is_refused_is_told_without_a_pin() {
    let missing = "cannot open /nowhere/pins.txt";
    for (arguments, text, expected) in [
        (
            "-",
            "2580,1713\n1379,1024\n",
            "-: line 1: what the lines hold is not told",
        ),
        (
            "-",
            "PIN,count\n2580,12\n1379,x\n",
            "-: line 3: the count is not a whole number",
        ),
        (
            "--order pin -",
            "abc\n12\n",
            "-: there is no PIN of 4 to 24 digits",
        ),
        ("- -", "PIN,count\n2580,12\n", "- is named twice"),
        ("/nowhere/pins.txt", "", missing),
    ] {
        let run = guessing(arguments, text);
        let told = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{told}");
        assert!(
            told.starts_with(&format!("pinward-load: {expected}")),
            "{told}"
        );
        assert!(run.stdout.is_empty());
        for secret in ["2580", "1713", "1379", "1024"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
    assert_eq!(guessing("", "").status.code(), Some(2));
}
