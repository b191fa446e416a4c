//! The files that packages carry.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_unit_is_understood_by_systemd() {
    const ANALYZE: &str = "/usr/bin/systemd-analyze";
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/pinward.service");
    let text = fs::read_to_string(unit).expect("the unit");
    // It names the program where packages put it.
    let program = "/usr/bin/pinward serve";
    assert!(text.contains(&format!("ExecStart={program}\n")));
    if !Path::new(ANALYZE).exists() {
        eprintln!("skipped: there is no {ANALYZE}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("pinward.service");
    let here = format!("{} serve", env!("CARGO_BIN_EXE_pinward"));
    fs::write(&copy, text.replace(program, &here)).expect("a copy");
    let run = Command::new(ANALYZE)
        .args(["verify", "--man=no"])
        .arg(&copy)
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&run.stderr);
    // It looks at the units of the machine too; only what it says of this one matters.
    let ours: Vec<&str> = told
        .lines()
        .filter(|line| line.contains("pinward"))
        .collect();
    assert!(run.status.success() && ours.is_empty(), "{told}");
}
