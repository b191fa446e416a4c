//! `pinward import-pins`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::program::{Run, Sample};

const LIST: &str = "\
Extension;Name;PIN
51219;Ken Myer;18723834
51220;nobody knows;0
59999;Nobody;383042650
";

fn import(sample: &Sample, arguments: &[&str]) -> Run {
    sample
        .command()
        .arg("import-pins")
        .args(arguments)
        .output()
        .expect("runs")
        .into()
}

// R-SEC-3: what is reported never has the PINs of the list
#[test]
fn a_list_is_tried_imported_and_gone_on_with() {
    let sample = Sample::new();
    let file = sample.everything().join("pins.csv");
    fs::write(&file, LIST).expect("the file");
    let path = file.to_str().expect("UTF-8");

    let dry = import(&sample, &["--dry-run", path]);
    assert_eq!(dry.code, Some(1), "{dry:?}");
    assert!(dry.out.contains("1 would be assigned"), "{dry:?}");
    assert!(!sample.logs_on("51219", "18723834"));

    let report = sample.everything().join("report.csv");
    let told = ["--json", "--report", report.to_str().expect("UTF-8"), path];
    let done = import(&sample, &told);
    assert_eq!(done.code, Some(1), "{done:?}");
    let summary: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(summary["assigned"], 1);
    let refused = summary["refused"].as_array().expect("a list");
    assert!(
        refused
            .iter()
            .any(|row| row["line"] == 4 && row["id"] == "UserNotFound")
    );
    let rows = fs::read_to_string(&report).expect("the report");
    assert!(
        rows.contains("2,\"sip:kenmyer@litwareinc.com\",Assigned,,\"\""),
        "{rows}"
    );
    for secret in ["18723834", "383042650"] {
        assert!(!rows.contains(secret) && !done.out.contains(secret) && !done.err.contains(secret));
    }
    let mode = fs::metadata(&report)
        .expect("the report")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(sample.logs_on("51219", "18723834"));

    // A report is never written over.
    let again = import(&sample, &told);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.err.contains("new file"), "{again:?}");

    let again = import(&sample, &[path]);
    assert!(
        again
            .out
            .starts_with("0 assigned, 0 generated, 1 left alone"),
        "{again:?}"
    );
}

#[test]
fn what_is_no_list_is_wrong_usage() {
    let sample = Sample::new();
    let file = sample.everything().join("pins.csv");
    for (text, expected) in [
        ("51219,18723834\n51220,383042650\n", "no column for the PIN"),
        ("PIN,Department\n18723834,Legal\n", "whose the PINs are"),
    ] {
        fs::write(&file, text).expect("the file");
        let run = import(&sample, &[file.to_str().expect("UTF-8")]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains(expected), "{run:?}");
        assert!(!run.err.contains("18723834"), "{run:?}");
    }
    let run = import(&sample, &["--generate-for-refused", "pins.csv"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains("--report"), "{run:?}");
}

#[test]
fn generated_pins_are_in_the_report_alone() {
    let sample = Sample::new();
    let file = sample.everything().join("pins.csv");
    fs::write(&file, "ext,pin\n51219,111111\n").expect("the file");
    let report = sample.everything().join("report.csv");
    let run = import(
        &sample,
        &[
            "--generate-for-refused",
            "--report",
            report.to_str().expect("UTF-8"),
            file.to_str().expect("UTF-8"),
        ],
    );
    assert_eq!(run.code, Some(0), "{run:?}");
    let rows = fs::read_to_string(&report).expect("the report");
    let row = rows.lines().nth(1).expect("a row");
    let pin = row.split(',').nth(3).expect("a PIN");
    assert!(
        pin.len() >= 6 && pin.bytes().all(|byte| byte.is_ascii_digit()),
        "{rows}"
    );
    assert!(!run.out.contains(pin) && !run.err.contains(pin), "{run:?}");
    // It opens nothing, but it is the one.
    let tried = format!("Test-CsPhoneBootstrap -PhoneOrExt 51219 -PIN {pin}");
    let told = sample.texts(&tried, "Error");
    assert!(told[0].starts_with("PinMustBeChanged"), "{told:?}");
}
