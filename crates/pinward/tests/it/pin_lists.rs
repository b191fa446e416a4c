//! `pinward import-pins`.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Pid, Signal, kill_process};

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

/// A PIN for each of the first users, as a list.
fn list_of(sample: &Sample, users: usize) -> String {
    let mut list = "UserPrincipalName,PIN\n".to_owned();
    let names = sample.texts(
        &format!("Get-CsUser -ResultSize {users}"),
        "UserPrincipalName",
    );
    for (number, name) in (100..).zip(names) {
        writeln!(list, "{name},{number}73902618").expect("a line");
    }
    list
}

// Ctrl-C ends it after the rows under way; again it goes on.
#[test]
fn stopped_and_gone_on_with() {
    let sample = Sample::new();
    let file = sample.everything().join("pins.csv");
    fs::write(&file, list_of(&sample, 150)).expect("the file");
    let report = sample.everything().join("report.csv");
    let child = sample
        .command()
        .args(["import-pins", "--json", "--report"])
        .args([&report, &file])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = || fs::read_to_string(&report).map_or(0, |report| report.lines().count());
    while lines() < 10 {
        std::thread::yield_now();
    }
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid")).expect("a pid");
    kill_process(pid, Signal::INT).expect("it hears");
    let run: Run = child.wait_with_output().expect("it ends").into();
    assert_eq!(run.code, Some(130), "{run:?}");
    let first: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(first["interrupted"], true);
    let assigned = first["assigned"].as_u64().expect("a count");
    assert!((9..150).contains(&assigned), "{assigned}");
    assert_eq!(lines() as u64, assigned + 1, "each is in the report");

    let again = import(&sample, &["--json", file.to_str().expect("UTF-8")]);
    assert_eq!(again.code, Some(0), "{again:?}");
    let second: serde_json::Value = serde_json::from_str(&again.out).expect("JSON");
    assert_eq!(second["leftAlone"], assigned);
    assert_eq!(second["assigned"], 150 - assigned);
}

// The way through the shell: a file of PINs, and a file of those that were assigned.
#[test]
fn a_file_of_pins_goes_through_the_shell() {
    let sample = Sample::new();
    let folder = sample.everything().to_owned();
    let (new, done) = (folder.join("new.csv"), folder.join("done.csv"));
    fs::write(
        &new,
        "Identity,Pin\nlitwareinc\\kenmyer,018723834\nPilar Ackerman,\nJohn Nobody,383042650\n",
    )
    .expect("the file");
    let run = sample.run(&format!(
        "Import-Csv '{}' | Set-CsClientPin | Export-Csv '{}' -NoTypeInformation",
        new.display(),
        done.display()
    ));
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.err.contains("packerman") && run.err.contains("John Nobody"),
        "{run:?}"
    );
    assert!(!run.err.contains("383042650"), "{run:?}");
    let written = fs::read_to_string(&done).expect("the file of those assigned");
    assert!(written.contains("sip:kenmyer@litwareinc.com") && written.contains("018723834"));
    assert_eq!(written.lines().count(), 2, "{written}");
    assert!(sample.logs_on("51219", "018723834"));
    assert!(!sample.logs_on("51219", "18723834"));
}
