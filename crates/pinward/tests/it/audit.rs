//! `pinward audit` (R-SEC-4).

use std::fs;

use serde_json::Value;

use crate::program::{Run, Sample};

fn audit(sample: &Sample, arguments: &[&str]) -> Run {
    let mut command = sample.command();
    command.arg("audit").args(arguments);
    command.output().expect("the program starts").into()
}

fn head(sample: &Sample) -> String {
    let out = audit(sample, &["verify", "--json"]).well().out;
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["ok"], true);
    report["head"].as_str().expect("a head").to_owned()
}

#[test]
fn a_log_is_verified_and_what_was_noted_is_found_again() {
    let sample = Sample::new();
    let early = head(&sample);
    sample.run("Lock-CsClientPin 'Ken Myer'").well();
    let late = head(&sample);
    assert_ne!(early, late);
    let run = audit(&sample, &["verify", "--head", &early, "--head", &late]).well();
    assert!(
        run.out.contains("The audit log holds") && run.out.contains(&late),
        "{run:?}"
    );
    let forged = late.replace(['0', '1'], "7");
    let run = audit(&sample, &["verify", "--head", &forged]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("does NOT hold"), "{run:?}");
    assert_eq!(audit(&sample, &["verify", "--head", "what"]).code, Some(2));
}

#[test]
fn a_changed_byte_of_the_file_is_found() {
    let sample = Sample::new();
    sample.run("Lock-CsClientPin 'Ken Myer'").well();
    head(&sample);
    let path = sample.data().join("pinward.db");
    let mut bytes = fs::read(&path).expect("the database");
    let told: &[u8] = b"by an administrator";
    let places: Vec<_> = (0..bytes.len() - told.len())
        .filter(|place| bytes[*place..].starts_with(told))
        .collect();
    assert!(!places.is_empty(), "the record is where it is looked for");
    for place in places {
        bytes[place] = b'B';
    }
    fs::write(&path, bytes).expect("written");
    let run = audit(&sample, &["verify"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("was changed"), "{run:?}");
    // Nothing is removed from a log that does not hold.
    let run = audit(&sample, &["prune", "--older-than", "30"]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{run:?}");
}

#[test]
fn records_are_exported_one_a_line() {
    let sample = Sample::new();
    sample
        .run("Lock-CsClientPin 'Ken Myer'; Unlock-CsClientPin 'Ken Myer'")
        .well();
    let lines = |format: &str| {
        let run = audit(&sample, &["export", "--format", format]).well();
        run.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (json, cef, syslog) = (lines("jsonl"), lines("cef"), lines("syslog"));
    assert_eq!((json.len(), cef.len()), (syslog.len(), syslog.len()));
    for (number, line) in (1..).zip(&json) {
        let record: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(record["seq"], number);
    }
    let last = json.last().expect("records");
    assert!(
        last.contains("Unlock-CsClientPin") && last.contains("sip:kenmyer@"),
        "{last}"
    );
    assert!(
        cef.iter()
            .all(|line| line.starts_with("CEF:0|Pinward|Pinward|"))
    );
    assert!(
        syslog.iter().all(|line| line.starts_with("<110>1 ")),
        "all went well"
    );
    let none = audit(&sample, &["export", "--before", "2000-01-01"]).well();
    assert_eq!(none.out, "");
    assert_eq!(
        audit(&sample, &["export", "--after", "yesterday"]).code,
        Some(2)
    );
}
