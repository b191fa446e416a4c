//! The program's arguments, streams and exit codes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use sha2::{Digest, Sha256};

use crate::program::{Run, Sample, pinward};

#[test]
fn a_pipeline_comes_from_an_argument_a_script_or_standard_input() {
    let sample = Sample::new();
    let pipeline = "(Get-CsPinPolicy -Identity global).MinPasswordLength";
    let script = sample.everything().join("script.ps1");
    fs::write(&script, format!("# a script\n{pipeline}\n")).expect("the script");
    let by_argument: Run = sample
        .command()
        .args(["-c", pipeline])
        .output()
        .expect("runs")
        .into();
    let by_script: Run = sample.command().arg(&script).output().expect("runs").into();
    for run in [by_argument, by_script, sample.run(pipeline)] {
        assert_eq!(run.well().out, "5\n");
    }
    let mut elsewhere = pinward();
    elsewhere
        .arg("--data")
        .arg(sample.data())
        .args(["-c", pipeline]);
    assert_eq!(
        Run::from(elsewhere.output().expect("runs")).well().out,
        "5\n"
    );
}

#[test]
fn the_demo_runs_a_pipeline_and_leaves_nothing() {
    let scratch = tempfile::tempdir().expect("a folder");
    let run: Run = pinward()
        .env("TMPDIR", scratch.path())
        .args([
            "demo",
            "-c",
            "Set-CsClientPin -Identity \"litwareinc\\kenmyer\"",
        ])
        .output()
        .expect("runs")
        .into();
    assert!(run.well().out.contains("sip:kenmyer@litwareinc.com"));
    assert_eq!(fs::read_dir(scratch.path()).expect("the folder").count(), 0);
}

#[test]
fn exit_codes_mean_something() {
    let sample = Sample::new();
    assert_eq!(sample.run("Get-CsPinPolicy").code, Some(0));
    assert_eq!(sample.run("Get-CsPinPolicy -Identity nope").code, Some(1));
    let usage = sample
        .command()
        .arg("--no-such-option")
        .output()
        .expect("runs");
    assert_eq!(usage.status.code(), Some(2));
    let both = sample
        .command()
        .args(["-c", "1", "script.ps1"])
        .output()
        .expect("runs");
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn what_is_not_a_terminal_gets_no_escapes() {
    let sample = Sample::new();
    let run = sample.run("Get-CsPinPolicy; Get-CsUser | Select-Object -First 3; Get-CsUser nobody");
    assert!(
        !run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'),
        "{run:?}"
    );
}

#[test]
fn a_folder_is_made_once_and_for_its_owner_alone() {
    let sample = Sample::new();
    for (path, mode) in [("", 0o700), ("pinward.key", 0o600), ("pinward.db", 0o600)] {
        let path = sample.data().join(path);
        let found = fs::metadata(&path).expect("it exists").permissions().mode() & 0o777;
        assert_eq!(found, mode, "{}", path.display());
    }
    let key = fs::read(sample.data().join("pinward.key")).expect("the key");
    let again: Run = sample.command().arg("init").output().expect("runs").into();
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("already"), "{}", again.err);
    assert_eq!(
        fs::read(sample.data().join("pinward.key")).expect("the key"),
        key
    );
}

// R-SEC-2
#[test]
fn a_missing_or_wrong_key_is_told_at_start() {
    let sample = Sample::new();
    sample
        .run("Set-CsClientPin litwareinc\\kenmyer 18723834")
        .well();
    let key = sample.data().join("pinward.key");
    let kept = sample.everything().join("kept.key");
    fs::rename(&key, &kept).expect("moved away");
    let missing = sample.run("Get-CsPinPolicy");
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.contains("key file"), "{}", missing.err);
    let other = Sample::new();
    fs::copy(other.data().join("pinward.key"), &key).expect("another key");
    let wrong = sample.run("Get-CsPinPolicy");
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("restore"), "{}", wrong.err);
    let mut elsewhere = sample.command();
    elsewhere
        .arg("--key-file")
        .arg(&kept)
        .args(["-c", "(Get-CsPinPolicy).Count"]);
    Run::from(elsewhere.output().expect("runs")).well();
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let sample = Sample::new();
    let database = sample.data().join("pinward.db");
    // The format's number is at offset 60 of an SQLite file.
    let mut bytes = fs::read(&database).expect("the database");
    bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    fs::write(&database, &bytes).expect("a newer database");
    let before = Sha256::digest(fs::read(&database).expect("read"));
    let run = sample.run("Get-CsPinPolicy");
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("9999"), "{}", run.err);
    assert_eq!(Sha256::digest(fs::read(&database).expect("read")), before);
}

#[test]
fn no_folder_is_told_with_what_to_do() {
    let nowhere = tempfile::tempdir().expect("a folder");
    let path = nowhere.path().join("none");
    let run: Run = pinward()
        .env("PINWARD_DATA", &path)
        .args(["-c", "1"])
        .output()
        .expect("runs")
        .into();
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("pinward init"), "{}", run.err);
    assert!(!path.exists(), "nothing was made");
}

// R-PIN-1: leading zeros count
#[test]
fn a_pin_keeps_its_leading_zero() {
    let sample = Sample::new();
    sample
        .run("Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 4")
        .well();
    sample
        .run("Set-CsClientPin litwareinc\\kenmyer -Pin 0712")
        .well();
    assert!(sample.logs_on("51219", "0712"));
    assert!(!sample.logs_on("51219", "712"));
}

// R-SET-7
#[test]
fn what_if_changes_nothing_and_says_what_would_happen() {
    let sample = Sample::new();
    let run = sample
        .run("Set-CsClientPin litwareinc\\kenmyer 18723834 -WhatIf")
        .well();
    assert!(
        run.out.contains("What if:") && run.out.contains("kenmyer"),
        "{run:?}"
    );
    assert!(!run.out.contains("18723834"));
    assert_eq!(
        sample.texts("Get-CsClientPinInfo litwareinc\\kenmyer", "IsPinSet"),
        ["false"]
    );
    let refused = sample.run("Set-CsClientPin litwareinc\\kenmyer 123456 -WhatIf");
    assert_eq!(
        refused.code,
        Some(1),
        "what would be refused is told: {refused:?}"
    );
}

// R-SEC-2
#[test]
fn keys_rotate_and_old_ones_go_when_nobody_needs_them() {
    let sample = Sample::new();
    let key = |arguments: &[&str]| -> Run {
        let mut command = sample.command();
        command
            .arg("key")
            .args(arguments)
            .output()
            .expect("runs")
            .into()
    };
    let status = || -> Vec<serde_json::Value> {
        serde_json::from_str(&key(&["status", "--json"]).well().out).expect("JSON")
    };
    sample
        .run("Set-CsClientPin litwareinc\\kenmyer 18723834")
        .well();
    let old = status()[0]["id"].as_str().expect("an id").to_owned();
    key(&["rotate"]).well();
    let refused = key(&["remove", &old]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("1 users"), "{}", refused.err);
    assert!(
        sample.logs_on("51219", "18723834"),
        "the logon moves the verifier to the new key"
    );
    key(&["remove", &old]).well();
    let keys = status();
    assert_eq!(keys.len(), 1);
    assert_eq!(
        (&keys[0]["current"], &keys[0]["verifiers"]),
        (&true.into(), &1.into())
    );
    assert!(sample.logs_on("51219", "18723834"));
    assert!(key(&["status"]).well().out.contains("yes"));
}

/// Dates are shown as people write them where they live, and told to programs as ISO 8601.
#[test]
fn dates_follow_the_locale_and_the_time_zone() {
    let sample = Sample::new();
    let shown = |variables: &[(&str, &str)], pipeline: &str| {
        let mut command = sample.command();
        command.envs(variables.iter().copied());
        let run: Run = command
            .args(["-c", pipeline])
            .output()
            .expect("runs")
            .into();
        run.well().out.trim().to_owned()
    };
    let evening = "[datetime]'2026-11-21T21:45:00Z'";
    for (variables, expected) in [
        (&[][..], "2026-11-21 21:45:00"),
        (&[("LANG", "en_US.UTF-8")], "11/21/2026 9:45:00 PM"),
        (
            &[("LANG", "de_DE.UTF-8"), ("TZ", "Europe/Berlin")],
            "21.11.2026 22:45:00",
        ),
        (
            &[("LANG", "en_US.UTF-8"), ("LC_TIME", "de_DE.UTF-8")],
            "21.11.2026 21:45:00",
        ),
        (
            &[("LC_TIME", "de_DE.UTF-8"), ("LC_ALL", "C")],
            "2026-11-21 21:45:00",
        ),
    ] {
        assert_eq!(shown(variables, evening), expected, "{variables:?}");
    }
    let german = [("LANG", "de_DE.UTF-8"), ("TZ", "Europe/Berlin")];
    let json = shown(&german, &format!("ConvertTo-Json ({evening})"));
    assert_eq!(json, "\"2026-11-21T22:45:00+01:00\"");
    let csv = shown(
        &german,
        &format!("[pscustomobject]@{{At={evening}}} | ConvertTo-Csv"),
    );
    assert_eq!(csv, "\"At\"\n\"2026-11-21T22:45:00+01:00\"");
}
