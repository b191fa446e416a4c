//! `pinward externpasscheck` as Asterisk's voicemail runs it: it takes a PIN where the output begins with
//! `VALID`, and where there is none.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use crate::program::{Run, Sample, pinward};

fn check(sample: &Sample, arguments: &[&str], answer: &str) {
    let output = sample
        .command()
        .arg("externpasscheck")
        .args(arguments)
        .output();
    let run = Run::from(output.expect("the program starts"));
    assert!(run.out.starts_with(answer), "{arguments:?}: {run:?}");
    let code = if answer == "VALID" { 0 } else { 1 };
    assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
    // The PIN is in the arguments already; it goes no further.
    let told = format!("{}{}", run.out, run.err);
    assert!(!told.contains("90217463"), "{told}");
}

#[test]
fn voicemail_pins_obey_the_policy_of_the_user() {
    let sample = Sample::new();
    for (arguments, answer) in [
        (["51219", "default", "1234", "90217463"].as_slice(), "VALID"),
        // Without an old PIN, the shell between drops its place.
        (&["51219", "default", "90217463"], "VALID"),
        (&["51219", "default", "1234", "51219"], "INVALID The PIN"),
        (&["51219", "default", "1234", "123456"], "INVALID The PIN"),
        (&["51219", "default", "1234", "90"], "INVALID The PIN"),
        (&["51219", "default", "1234", ""], "INVALID"),
        (&["51219", "default", "1234", "--help"], "INVALID"),
        // Nobody has that extension.
        (&["59999", "default", "1234", "90217463"], "INVALID\n"),
        (&["51219", "90217463"], "INVALID\n"),
        (&[], "INVALID\n"),
        (&["--version", "default", "1", "90217463"], "INVALID\n"),
    ] {
        check(&sample, arguments, answer);
    }
}

#[test]
fn where_nothing_can_be_judged_the_pin_is_refused() {
    let run = pinward()
        .args(["externpasscheck", "51219", "default", "1234", "90217463"])
        .env("PINWARD_DATA", "/nowhere/at/all")
        .output();
    let run = Run::from(run.expect("the program starts"));
    assert_eq!(run.out, "INVALID\n");
    assert_eq!(run.code, Some(1), "{run:?}");
}

#[test]
fn another_account_is_told_to_run_it_as_the_owner() {
    let sample = Sample::new();
    let mut command = sample.command();
    command.args(["externpasscheck", "51219", "default", "1234", "90217463"]);
    // Root may look into every folder; everybody else is kept out of one of their own.
    if rustix::process::geteuid().is_root() {
        command.current_dir("/").uid(65_534).gid(65_534);
    }
    fs::set_permissions(sample.data(), Permissions::from_mode(0o000)).expect("its mode");
    let run = Run::from(command.output().expect("the program starts"));
    fs::set_permissions(sample.data(), Permissions::from_mode(0o700)).expect("its mode");
    assert_eq!((run.out.as_str(), run.code), ("INVALID\n", Some(1)));
    assert!(run.err.contains("may not look into"), "{run:?}");
    assert!(run.err.contains("sudo -u pinward"), "{run:?}");
    assert!(!run.err.contains("init"), "{run:?}");
}
