//! Disks that are full or refuse to be written, databases that are removed, replaced or damaged
//! while they are in use: an error and never a success, nothing lost that was answered, and all
//! is well again when the cause has gone (R-AUTH-7).
//!
//! Full disks need a small one of their own. The test mounts it where nobody else sees it, in a
//! process that is this test binary again; where that is not allowed the test says so and ends.

use std::fs;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use pinward_core::{Entropy, Outcome};
use pinward_service::{LogOnError, Service, Unavailable, Verdict};
use pinward_store::{SqliteStore, StoreError};
use pinward_testkit::{Hook, Kit, ManualClock, SeededEntropy, Step};
use pinward_verifier::{HashParams, KeyRing};

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures, in_memory, tried};

const RIGHT: &str = "18723834";
const WRONG: &str = "72940001";
const OWN_DISK: &str = "PINWARD_SERVICE_TEST_DISK";
const DATABASE: &str = "pinward.db";

async fn log_on(service: &Service, pin: &str) -> Result<Verdict, LogOnError> {
    tried(service, KEN_EXTENSION, pin).await
}

async fn outcome(kit: &Kit, pin: &str) -> Outcome {
    log_on(&kit.service, pin).await.expect("a verdict").outcome
}

/// Right and wrong PINs are answered with an error of the store that `expected` knows.
async fn all_refuse(kit: &Kit, expected: impl Fn(&StoreError) -> bool) {
    for turn in 0..10 {
        for pin in [RIGHT, WRONG, "no PIN"] {
            match log_on(&kit.service, pin).await {
                Err(LogOnError::Unavailable(Unavailable::Store(error))) if expected(&error) => {
                    assert!(error.to_string().contains(DATABASE), "names it: {error}");
                }
                other => panic!("turn {turn}: {other:?}"),
            }
        }
        let ready = kit.service.ready().await;
        let Err(Unavailable::Store(error)) = &ready else {
            panic!("turn {turn}: {ready:?}");
        };
        assert!(expected(error), "turn {turn}: {ready:?}");
    }
}

/// One failure that was answered, before things go wrong.
async fn with_a_failure(kit: &Kit) {
    assign(kit, KEN, RIGHT).await;
    assert_eq!(outcome(kit, WRONG).await, Outcome::IncorrectPin);
}

/// The cause has gone: the failures that were answered are all there, and all goes on.
async fn well_again(kit: Kit, answered: u32) {
    kit.service.ready().await.expect("it notices by itself");
    assert_eq!(failures(&kit, KEN).await.1, answered);
    assert_eq!(outcome(&kit, WRONG).await, Outcome::IncorrectPin);
    assert_eq!(outcome(&kit, RIGHT).await, Outcome::Success);
    let kit = kit.restart().await;
    assert_eq!(failures(&kit, KEN).await, (0, answered + 1));
    assert_eq!(outcome(&kit, RIGHT).await, Outcome::Success);
}

/// Runs one test of this file on a disk of its own of so many KiB. `None` in the process that has
/// the disk, which is where the test goes on.
fn on_its_own_disk(test: &str, kib: u32) -> Option<()> {
    if std::env::var_os(OWN_DISK).is_some() {
        return None;
    }
    let place = tempfile::tempdir().expect("a folder");
    // As root a namespace for mounts is enough; others need to be root of one of their own.
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let mount = format!(
        "mount -t tmpfs -o size={kib}k none \"{}\"",
        place.path().display()
    );
    let possible = ways.iter().find(|way| {
        let mut command = Command::new("unshare");
        command.args(**way).args(["sh", "-c", &mount]);
        command.output().is_ok_and(|output| output.status.success())
    });
    let Some(way) = possible else {
        println!("skipped: this test may not mount a small disk here");
        return Some(());
    };
    let run = Command::new("unshare")
        .args(*way)
        .args(["sh", "-c", &format!("{mount} && exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().expect("this test"))
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(OWN_DISK, place.path())
        .output()
        .expect("it runs");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (said(&run.stdout), said(&run.stderr));
    // Also that it was this test that ran.
    let passed = run.status.success() && out.contains("1 passed");
    assert!(passed, "{out}{err}");
    Some(())
}

/// Takes all room that is left on the disk that a folder is on.
fn fill(folder: &Path) -> PathBuf {
    let ballast = folder.join("ballast");
    let mut file = fs::File::create(&ballast).expect("a file");
    for size in [1 << 16, 1 << 12, 1] {
        while std::io::Write::write_all(&mut file, &vec![1; size]).is_ok() {}
    }
    ballast
}

async fn on_the_disk() -> Kit {
    let disk = std::env::var_os(OWN_DISK).expect("a disk");
    let kit = Kit::sample_in(tempfile::tempdir_in(disk).expect("a folder")).await;
    // With a log that begins: one that was brought into the database has room for more, however full the disk.
    let kit = kit.restart().await;
    with_a_failure(&kit).await;
    kit
}

#[tokio::test]
async fn a_full_disk() {
    if on_its_own_disk("broken::a_full_disk", 24 << 10).is_some() {
        return;
    }
    let kit = on_the_disk().await;
    for _ in 0..3 {
        let ballast = fill(kit.folder());
        all_refuse(&kit, |error| {
            matches!(error, StoreError::Full { .. } | StoreError::Io { .. })
        })
        .await;
        assert_eq!(failures(&kit, KEN).await, (1, 1), "reading goes on");
        assert!(kit.service.ready().await.is_err(), "that does not mislead");
        fs::remove_file(ballast).expect("room again");
        assert_eq!(failures(&kit, KEN).await, (1, 1));
    }
    well_again(kit, 1).await;
}

/// Fills the disk between the charge and the settlement.
struct FillsUp {
    folder: PathBuf,
    ballast: Mutex<Option<PathBuf>>,
}

#[async_trait]
impl Hook for FillsUp {
    async fn before(&self, step: Step<'_>) -> Result<(), StoreError> {
        if matches!(step, Step::Settle(..)) {
            let mut ballast = self.ballast.lock().unwrap();
            ballast.get_or_insert_with(|| fill(&self.folder));
        }
        Ok(())
    }
}

// R-LOCK-10: what was evaluated counts, even though its verdict could not be kept.
#[tokio::test]
async fn a_disk_that_is_full_before_the_verdict_is_kept() {
    let test = "broken::a_disk_that_is_full_before_the_verdict_is_kept";
    if on_its_own_disk(test, 24 << 10).is_some() {
        return;
    }
    let kit = on_the_disk().await;
    let hook = Arc::new(FillsUp {
        folder: kit.folder().to_owned(),
        ballast: Mutex::default(),
    });
    let kit = kit.hooked(Arc::clone(&hook) as _).await;
    for (before, pin) in (1..).zip([RIGHT, WRONG, RIGHT]) {
        assert_eq!(failures(&kit, KEN).await.1, before);
        let answer = log_on(&kit.service, pin).await;
        assert!(
            matches!(
                answer,
                Err(LogOnError::Unavailable(Unavailable::Store(
                    StoreError::Full { .. } | StoreError::Io { .. }
                )))
            ),
            "{answer:?}"
        );
        let ballast = hook.ballast.lock().unwrap().take();
        fs::remove_file(ballast.expect("it was filled")).expect("room again");
        kit.clock.advance_minutes(2);
    }
    assert_eq!(failures(&kit, KEN).await, (4, 4));
}

/// A file that may not be written, until this is dropped.
struct Immutable(PathBuf);

impl Immutable {
    fn new(path: PathBuf) -> Option<Self> {
        let made = Command::new("chattr").arg("+i").arg(&path).output();
        made.is_ok_and(|output| output.status.success())
            .then_some(Self(path))
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        let _writable = Command::new("chattr").arg("-i").arg(&self.0).status();
    }
}

#[tokio::test]
async fn files_that_cannot_be_written_any_more() {
    let kit = Kit::sample().await;
    with_a_failure(&kit).await;
    for _ in 0..2 {
        let files = [DATABASE, "pinward.db-wal"].map(|name| kit.folder().join(name));
        let immutable: Option<Vec<_>> = files.into_iter().map(Immutable::new).collect();
        let Some(immutable) = immutable else {
            println!("skipped: this test may not make files immutable here");
            return;
        };
        all_refuse(&kit, |error| {
            matches!(error, StoreError::ReadOnly { .. } | StoreError::Io { .. })
        })
        .await;
        assert_eq!(failures(&kit, KEN).await, (1, 1), "reading goes on");
        drop(immutable);
    }
    well_again(kit, 1).await;
}

fn is_missing(error: &StoreError) -> bool {
    matches!(error, StoreError::Missing { .. })
}

#[tokio::test]
async fn a_database_that_is_removed() {
    let kit = Kit::sample_in(in_memory()).await;
    with_a_failure(&kit).await;
    let (path, away) = (kit.folder().join(DATABASE), kit.folder().join("away"));
    for _ in 0..2 {
        fs::rename(&path, &away).expect("removed");
        all_refuse(&kit, is_missing).await;
        assert!(!path.exists(), "none is made in its place");
        fs::rename(&away, &path).expect("put back");
    }
    well_again(kit, 1).await;
}

#[tokio::test]
async fn a_database_that_is_replaced() {
    let others = Kit::sample_in(in_memory()).await;
    assign(&others, KEN, WRONG).await;
    let other = others.folder().join("copy");
    others.store.sites().await.expect("it reads");
    let others = others.restart().await;
    fs::copy(others.folder().join(DATABASE), &other).expect("a copy");
    let text = others.folder().join("text");
    fs::write(
        &text,
        "no database, but long enough to be one. ".repeat(999),
    )
    .expect("a file");
    let empty = others.folder().join("empty");
    fs::write(&empty, "").expect("a file");
    let kit = Kit::sample_in(in_memory()).await;
    with_a_failure(&kit).await;
    let (path, away) = (kit.folder().join(DATABASE), kit.folder().join("away"));
    for successor in [other, text, empty] {
        fs::rename(&path, &away).expect("removed");
        fs::copy(&successor, &path).expect("replaced");
        let copied = fs::read(&path).expect("it reads");
        all_refuse(&kit, is_missing).await;
        assert!(fs::read(&path).expect("it reads") == copied, "left alone");
        fs::rename(&away, &path).expect("put back");
        assert_eq!(outcome(&kit, RIGHT).await, Outcome::Success);
    }
    well_again(kit, 1).await;
}

#[tokio::test]
async fn a_database_that_is_damaged_while_in_use() {
    let kit = Kit::sample_in(in_memory()).await;
    with_a_failure(&kit).await;
    let kit = kit.restart().await;
    let path = kit.folder().join(DATABASE);
    let sound = fs::read(&path).expect("it reads");
    let file = fs::File::options().write(true).open(&path).expect("open");
    file.write_all_at(&vec![0xa5; sound.len() - (8 << 12)], 8 << 12)
        .expect("overwritten");
    all_refuse(&kit, |error| matches!(error, StoreError::Damaged { .. })).await;
    file.write_all_at(&sound, 0).expect("mended");
    well_again(kit, 1).await;
}

async fn open(folder: &Path) -> Option<Service> {
    Service::open(
        Arc::new(SqliteStore::open(folder).ok()?),
        KeyRing::load(&folder.join("pinward.key")).expect("the key file"),
        HashParams::MINIMUM_FOR_MEASUREMENTS,
        NonZeroUsize::MIN,
        Arc::new(ManualClock::default()),
        Arc::new(SeededEntropy::new(9)),
    )
    .await
    .ok()
}

// Whatever bytes of the database are overwritten: a wrong PIN opens nothing, and the thread that
// writes lives on.
#[tokio::test]
async fn damage_anywhere_lets_nobody_in() {
    let kit = Kit::sample_in(in_memory()).await;
    with_a_failure(&kit).await;
    let kit = kit.restart().await;
    let random = SeededEntropy::new(7);
    let number = |below: usize| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % below as u64).expect("small")
    };
    let sound = fs::read(kit.folder().join(DATABASE)).expect("it reads");
    let (mut refused, mut opened) = (0, 0);
    for trial in 0..300 {
        let folder = in_memory();
        let mut bytes = sound.clone();
        for _ in 0..1 + number(8) {
            let length = [1, 8, 64, 4096][number(4)];
            // The first page says what the file is; without it nothing opens.
            let at = 4096 + number(bytes.len() - 4096 - length);
            random.fill(&mut bytes[at..at + length]);
        }
        fs::write(folder.path().join(DATABASE), bytes).expect("written");
        let key = folder.path().join("pinward.key");
        fs::copy(kit.folder().join("pinward.key"), key).expect("copied");
        let Some(service) = open(folder.path()).await else {
            refused += 1;
            continue;
        };
        for pin in [RIGHT, WRONG, RIGHT, WRONG] {
            let answer = log_on(&service, pin).await;
            match &answer {
                Ok(verdict) if verdict.outcome == Outcome::Success => {
                    assert_eq!(pin, RIGHT, "trial {trial}");
                    opened += 1;
                }
                Ok(_) => {}
                Err(LogOnError::Unavailable(Unavailable::Store(StoreError::Closed))) => {
                    panic!("trial {trial}: the writing thread has died");
                }
                Err(_) => refused += 1,
            }
        }
    }
    println!("{refused} errors, {opened} right PINs accepted");
    assert!(refused > 0 && opened > 0, "{refused} {opened}");
}
