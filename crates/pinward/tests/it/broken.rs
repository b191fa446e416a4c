//! What a person is told when the disk or a file is of no use: what is wrong and what to do, never
//! a success, never a panic; and all is well when the cause has gone (R-AUTH-7, R-SEC-2).

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::process::{Command, Stdio};

use crate::program::{Run, Sample};

const PIN: &str = "18723834";
const LOG_ON: &str = "Test-CsPhoneBootstrap -PhoneOrExt 51219 -Pin 18723834";

fn sample() -> Sample {
    let sample = Sample::new();
    sample
        .run(&format!("Set-CsClientPin litwareinc\\kenmyer {PIN}"))
        .well();
    sample
}

/// An error that says what is wrong, and no success.
fn refused(run: &Run, says: &[&str]) {
    assert_eq!(run.code, Some(1), "{run:#?}");
    assert!(!run.out.contains("Success"), "{run:#?}");
    assert!(!run.err.contains("panicked"), "{run:#?}");
    for word in says {
        assert!(run.err.contains(word), "{word} is not said: {run:#?}");
    }
}

/// Runs a script for `sh` where it may mount what nobody else sees. `None`, and a line that says
/// so, where that is not allowed. `$PROGRAM`, `$DATA` and `$PLACE` are the program, the data folder
/// and a folder to mount on.
fn with_mounts(sample: &Sample, script: &str) -> Option<Run> {
    let place = sample.everything().join("place");
    fs::create_dir_all(&place).expect("a folder");
    // As root a namespace for mounts is enough; others need to be root of one of their own.
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let run = |way: &[&str], script: &str| {
        Command::new("unshare")
            .args(way)
            .args(["sh", "-c", script])
            .env("PROGRAM", env!("CARGO_BIN_EXE_pinward"))
            .env("DATA", sample.data())
            .env("PLACE", &place)
            .env("HOME", sample.everything())
            .output()
    };
    let may = |way: &[&str]| {
        run(way, "mount -t tmpfs none \"$PLACE\"").is_ok_and(|output| output.status.success())
    };
    let Some(way) = ways.into_iter().find(|way| may(way)) else {
        println!("skipped: this test may not mount anything here");
        return None;
    };
    Some(run(way, script).expect("it runs").into())
}

#[test]
fn a_full_disk_is_told_and_passes() {
    let sample = sample();
    let begin = "set -e
        mount -t tmpfs -o size=24m none \"$PLACE\"
        cp -a \"$DATA\"/. \"$PLACE\"
        chmod 700 \"$PLACE\"
        dd if=/dev/zero of=\"$PLACE/ballast\" bs=4k 2>/dev/null || true
        ";
    let full = format!("{begin} exec \"$PROGRAM\" --data \"$PLACE\" -c '{LOG_ON}'");
    let Some(full) = with_mounts(&sample, &full) else {
        return;
    };
    refused(&full, &["the disk is full", "Make room"]);
    let again = format!(
        "{begin} \"$PROGRAM\" --data \"$PLACE\" -c '{LOG_ON}' && exit 9
        rm \"$PLACE/ballast\"
        exec \"$PROGRAM\" --data \"$PLACE\" -c '({LOG_ON}).Result'"
    );
    let again = with_mounts(&sample, &again).expect("as before");
    assert_eq!((again.code, again.out.as_str()), (Some(0), "Success\n"));
}

#[test]
fn a_disk_that_may_only_be_read_is_told() {
    let sample = sample();
    let script = format!(
        "mount --bind \"$DATA\" \"$PLACE\" && mount -o remount,ro,bind \"$PLACE\" &&
        exec \"$PROGRAM\" --data \"$PLACE\" -c '{LOG_ON}'"
    );
    if let Some(run) = with_mounts(&sample, &script) {
        refused(&run, &["cannot be written", "mounted"]);
    }
    assert!(sample.logs_on("51219", PIN), "elsewhere all is well");
}

#[test]
fn a_database_that_is_gone_is_told_and_not_made_anew() {
    let sample = sample();
    let (path, away) = (
        sample.data().join("pinward.db"),
        sample.everything().join("away"),
    );
    fs::rename(&path, &away).expect("moved away");
    refused(
        &sample.run(LOG_ON),
        &["is gone", "restore it from a backup"],
    );
    assert!(!path.exists());
    fs::rename(&away, &path).expect("put back");
    assert!(sample.logs_on("51219", PIN));
}

#[test]
fn a_database_that_goes_while_in_use_is_told_for_each_user() {
    let sample = sample();
    let (path, away) = (
        sample.data().join("pinward.db"),
        sample.everything().join("away"),
    );
    let mut child = sample
        .command()
        .args(["-c", "Get-CsUser | Set-CsClientPin"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    while !line.starts_with("sip:") {
        line.clear();
        assert!(output.read_line(&mut line).expect("UTF-8") > 0, "it began");
    }
    fs::rename(&path, &away).expect("removed while it works");
    // Both are read to the end, so that neither keeps it waiting.
    let mut errors = child.stderr.take().expect("its errors");
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).map(|_bytes| text)
    });
    let mut out = String::new();
    output.read_to_string(&mut out).expect("UTF-8");
    let run = Run {
        code: child.wait().expect("it ends").code(),
        out,
        err: errors.join().expect("no panic").expect("UTF-8"),
    };
    refused(&run, &["was removed or replaced", "Put it back"]);
    assert!(!path.exists(), "none is made in its place");
    fs::rename(&away, &path).expect("put back");
    let (user, pin) = line.trim_end().split_once(' ').expect("a row");
    assert!(
        sample.logs_on(user, pin.trim()),
        "{user} was reported as done"
    );
}

#[test]
fn a_damaged_database_is_told() {
    let sample = sample();
    let path = sample.data().join("pinward.db");
    let sound = fs::read(&path).expect("it reads");
    let file = fs::File::options().write(true).open(&path).expect("open");
    file.write_all_at(&vec![0xa5; sound.len() - 4096], 4096)
        .expect("overwritten");
    refused(&sample.run(LOG_ON), &["is damaged", "from a backup"]);
    file.write_all_at(&sound, 0).expect("mended");
    assert!(sample.logs_on("51219", PIN));
}

#[test]
fn a_key_file_of_no_use_is_told_at_start() {
    let sample = sample();
    let path = sample.data().join("pinward.key");
    let key = fs::read(&path).expect("the key");
    type Make = fn(&std::path::Path);
    let owners = |mode| fs::Permissions::from_mode(mode);
    let cases: [(Make, &str); 4] = [
        (
            |path| fs::create_dir(path).expect("a folder"),
            "regular file",
        ),
        (
            |path| fs::write(path, "").expect("a file"),
            "restore the file",
        ),
        (
            |path| fs::write(path, "pinward-keys 1\n").expect("a file"),
            "restore the file",
        ),
        (
            |path| fs::write(path, [0xff; 999]).expect("a file"),
            "pinward.key",
        ),
    ];
    for (make, says) in cases {
        fs::remove_file(&path).expect("removed");
        make(&path);
        match path.is_dir() {
            true => {
                refused(&sample.run(LOG_ON), &[says]);
                fs::remove_dir(&path).expect("removed");
            }
            false => {
                fs::set_permissions(&path, owners(0o600)).expect("its owner's");
                refused(&sample.run(LOG_ON), &[says]);
            }
        }
        fs::write(&path, &key).expect("put back");
        fs::set_permissions(&path, owners(0o644)).expect("anybody's");
        refused(&sample.run(LOG_ON), &["chmod 0600"]);
        fs::set_permissions(&path, owners(0o600)).expect("its owner's");
        assert!(sample.logs_on("51219", PIN));
    }
}
