//! `pinward sync`.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::program::{Run, Sample};

fn file(sample: &Sample, name: &str, people: impl IntoIterator<Item = (u32, u32)>) -> PathBuf {
    let mut text = "DisplayName,SamAccountName,Domain,LineURI,ObjectGuid\n".to_owned();
    for (number, extension) in people {
        writeln!(
            text,
            "Synced {number},synced{number},LITWAREINC,tel:+1999555{extension:04};ext=99{extension:04},\
             00000000-0000-4000-8000-{number:012x}"
        )
        .expect("written");
    }
    let path = sample.everything().join(name);
    fs::write(&path, text).expect("the file");
    path
}

fn same(numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = (u32, u32)> {
    numbers.into_iter().map(|number| (number, number))
}

fn sync(sample: &Sample, path: &PathBuf, arguments: &[&str]) -> Run {
    let mut command = sample.command();
    let command = command.arg("sync").arg("--from").arg(path).args(arguments);
    command.output().expect("runs").into()
}

fn report(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("JSON: {run:?}"))
}

#[test]
fn a_file_is_the_whole_truth_about_its_people() {
    let sample = Sample::new();
    let path = file(&sample, "users.csv", same(1..=10));
    let dry = sync(&sample, &path, &["--dry-run"]).well();
    assert!(dry.out.contains("10 would be created"), "{dry:?}");
    assert_eq!(sample.run("Get-CsUser 'Synced 1'").code, Some(1));
    let first = sync(&sample, &path, &[]).well();
    assert!(first.out.contains("10 created"), "{first:?}");
    sample.run("Set-CsClientPin 'Synced 1' 18723834").well();
    sample.run("Set-CsClientPin 'Synced 3' 18723834").well();

    // Two swap their numbers, one goes, one comes.
    let swapped = [(1, 2), (2, 1)].into_iter().chain(same(4..=11));
    let path = file(&sample, "users.csv", swapped);
    let second = sync(&sample, &path, &["--json"]).well();
    let figures = report(&second);
    for (name, expected) in [
        ("created", 1),
        ("updated", 2),
        ("disabled", 1),
        ("unchanged", 7),
        ("purged", 0),
    ] {
        assert_eq!(figures[name], expected, "{name}: {second:?}");
    }
    assert!(sample.logs_on("990002", "18723834"));
    assert!(!sample.logs_on("990001", "18723834"));
    assert!(!sample.logs_on("990003", "18723834"), "gone");
    assert!(
        sample.run("Get-CsUser 'Ken Myer'").code == Some(0),
        "not of the file"
    );

    let path = file(&sample, "users.csv", same(1..=11));
    let third = sync(&sample, &path, &["--json"]).well();
    assert_eq!(report(&third)["returned"], 1);
    assert!(sample.logs_on("990003", "18723834"), "back with the PIN");
    let status = sample.texts("Get-CsDirectoryStatus", "LastResult");
    assert_eq!(status, ["Success"]);
}

#[test]
fn too_many_disabled_ask_and_what_is_wrong_is_told() {
    let sample = Sample::new();
    let path = file(&sample, "users.csv", same(1..=20));
    sync(&sample, &path, &["--source", "staff"]).well();
    let few = file(&sample, "other.csv", same(1..=4));
    let asks = sync(&sample, &few, &["--source", "Staff"]);
    assert_eq!(asks.code, Some(3), "{asks:?}");
    assert!(
        asks.err.contains("16 of 20 users") && asks.err.contains("--allow-disable 16"),
        "{asks:?}"
    );
    assert_eq!(sample.texts("Get-CsDirectoryStatus", "Enabled"), ["20"]);
    // Another name is another source, and takes nobody from this one.
    let other = sync(&sample, &few, &["--json"]);
    assert_eq!(other.code, Some(1), "{other:?}");
    assert_eq!(report(&other)["unusable"].as_array().map(Vec::len), Some(4));
    assert!(other.out.contains("staff"), "{other:?}");
    sync(
        &sample,
        &few,
        &["--source", "staff", "--allow-disable", "16"],
    )
    .well();
    assert_eq!(
        sample.texts("Get-CsDirectoryStatus staff", "Enabled"),
        ["4"]
    );
    // An entry that cannot be read could be anybody's.
    let text = fs::read_to_string(&few).expect("the file");
    let broken = text.replace("synced4,LITWAREINC", ",LITWAREINC");
    fs::write(&few, broken).expect("the file");
    let held = sync(&sample, &few, &["--source", "staff"]);
    assert_eq!(held.code, Some(1), "{held:?}");
    assert!(
        held.err.contains("line 5") && held.err.contains("1 users are not in the source"),
        "{held:?}"
    );
    let missing = sync(&sample, &sample.everything().join("none.csv"), &[]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.err.contains("none.csv"), "{missing:?}");
}

// R-AUTH-6
#[test]
fn conflicts_are_named_and_the_configuration_holds() {
    let sample = Sample::new();
    let path = file(&sample, "users.csv", [(1, 1), (2, 1), (3, 3)]);
    let run = sync(&sample, &path, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.err.contains("extension 990001") && run.err.contains(" and "),
        "{run:?}"
    );
    assert_eq!(sample.texts("Get-CsDirectoryStatus", "Conflicts"), ["1"]);
    let config = sample.data().join("pinward.toml");
    fs::write(&config, "[sync]\ngrace_days = 0\n").expect("the configuration");
    let path = file(&sample, "users.csv", [(1, 1), (3, 3)]);
    sync(&sample, &path, &[]).well();
    let purged = sync(&sample, &path, &["--json"]).well();
    assert_eq!(report(&purged)["purged"], 1);
    fs::write(&config, "[sync]\ndisable_percent = 101\n").expect("the configuration");
    let wrong = sync(&sample, &path, &[]);
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    assert!(wrong.err.contains("disable_percent is 101"), "{wrong:?}");
}
