//! Several processes on one file, and processes that die.
//!
//! The other processes are this test binary again, told by a variable what to do.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use pinward_core::{LengthClass, Site, UserId};
use pinward_store::{Charged, Settled, SqliteStore, Store, StoreError, Verdict};

use crate::support::{LEASE, act, at, limit_attempts, log_on, people, set_pin};

const ROLE: &str = "PINWARD_STORE_TEST_ROLE";
const FOLDER: &str = "PINWARD_STORE_TEST_FOLDER";
const HELPER: [&str; 4] = [
    "processes::in_another_process",
    "--exact",
    "--nocapture",
    "--test-threads=1",
];
const PROCESSES: usize = 8;
const TASKS: usize = 4;

/// Begins another process; what it says comes through its standard output.
fn begin(role: &str, dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "processes::in_another_process",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ROLE, role)
        .env(FOLDER, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The lines that a process said for us, up to its end.
fn said(child: &mut Child) -> impl Iterator<Item = String> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("> ").map(str::to_owned))
}

/// What the other processes do. In an ordinary run there is nothing to do.
#[tokio::test]
async fn in_another_process() {
    let (Ok(role), Ok(dir)) = (std::env::var(ROLE), std::env::var(FOLDER)) else {
        return;
    };
    let store = Arc::new(SqliteStore::open(Path::new(&dir)).unwrap());
    println!();
    if role == "fill" {
        return fill(&*store).await;
    }
    let users = store.users_after(None, 100).await.unwrap();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (store, role, user) = (Arc::clone(&store), role.clone(), users[task].id);
            let shared = users[TASKS].id;
            tokio::spawn(async move {
                match role.as_str() {
                    "guess" => guess(&*store, shared).await,
                    "count" => count(&*store, user).await,
                    "endless" => endless(&*store, user).await,
                    other => panic!("{other}"),
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Guesses until the lock holds; says how often a wrong PIN was evaluated.
async fn guess(store: &dyn Store, user: UserId) {
    let mut evaluated = 0;
    loop {
        match store.charge(user, at(1), LEASE, &log_on()).await.unwrap() {
            Charged::Admitted { attempt, .. } => {
                evaluated += 1;
                let settled = store
                    .settle(attempt, Verdict::Wrong, at(1), &log_on())
                    .await
                    .unwrap();
                assert_eq!(settled, Settled::Done);
            }
            Charged::Wait => tokio::task::yield_now().await,
            Charged::Refused(_) => break,
            other => panic!("{other:?}"),
        }
    }
    println!("> {evaluated}");
}

/// A fixed number of failures.
async fn count(store: &dyn Store, user: UserId) {
    for _ in 0..50 {
        let charged = store.charge(user, at(1), LEASE, &log_on()).await.unwrap();
        let Charged::Admitted { attempt, .. } = charged else {
            panic!("{charged:?}")
        };
        let settled = store
            .settle(attempt, Verdict::Wrong, at(1), &log_on())
            .await
            .unwrap();
        assert_eq!(settled, Settled::Done);
    }
    println!("> 50");
}

/// Failures until somebody ends it; says each answer as it comes.
async fn endless(store: &dyn Store, user: UserId) {
    loop {
        let charged = store.charge(user, at(1), LEASE, &log_on()).await.unwrap();
        let Charged::Admitted { attempt, .. } = charged else {
            break;
        };
        println!("> charged {}", user.0);
        let settled = store
            .settle(attempt, Verdict::Wrong, at(1), &log_on())
            .await
            .unwrap();
        assert_eq!(settled, Settled::Done);
        println!("> failed {}", user.0);
    }
}

fn large_site(number: usize) -> Site {
    Site {
        id: format!("site {number}"),
        display_name: Some("x".repeat(10_000)),
    }
}

/// Writes until the disk refuses, has that mended, and writes once more.
async fn fill(store: &dyn Store) {
    let mut number = 0;
    let refused = loop {
        assert!(number < 1000, "the limit was never felt");
        let sites = [large_site(number), large_site(number + 1)];
        // Two at once, so that several wait for the commit that fails.
        let act = act(at(0));
        let (one, two) = tokio::join!(
            store.put_sites(&sites[..1], &act),
            store.put_sites(&sites[1..], &act)
        );
        match (one, two) {
            (Ok(()), Ok(())) => println!("> {}", number + 1),
            (Err(error), _) | (_, Err(error)) => break error,
        }
        number += 2;
    };
    assert!(
        matches!(refused, StoreError::Io { .. } | StoreError::Full { .. }),
        "not a failure of the disk: {refused:?}"
    );
    // More than what may be left after a refused commit of two.
    let many: Vec<_> = (10_000..10_100).map(large_site).collect();
    assert!(
        store.put_sites(&many, &act(at(0))).await.is_err(),
        "it is still full"
    );
    assert!(
        store.sites().await.unwrap().len() >= number,
        "reading goes on"
    );
    let own = std::process::id().to_string();
    let mended = Command::new("prlimit")
        .args(["--pid", &own, "--fsize=unlimited"])
        .status()
        .unwrap();
    assert!(mended.success());
    store
        .put_sites(&[large_site(number)], &act(at(0)))
        .await
        .unwrap();
    println!("> {number}");
}

// R-AUTH-7: a disk that refuses is an error to everyone who waits, and passes.
#[tokio::test]
async fn a_disk_that_refuses_loses_no_answer() {
    let dir = tempfile::tempdir().unwrap();
    prepared(dir.path(), 999).await;
    // The limit on the size of files stands for a full disk; its signal must not end the process.
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -S -f 4000; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(HELPER)
        .env(ROLE, "fill")
        .env(FOLDER, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let answered: Vec<usize> = said(&mut child).map(|line| line.parse().unwrap()).collect();
    assert!(child.wait().unwrap().success());
    assert!(answered.len() > 2, "{answered:?}");
    let store = SqliteStore::open(dir.path()).unwrap();
    let sites = store.sites().await.unwrap();
    for number in answered {
        assert!(
            sites.contains(&large_site(number)),
            "site {number} was answered and is gone"
        );
    }
}

async fn prepared(dir: &Path, attempts: u64) -> Vec<UserId> {
    let store = SqliteStore::create(dir).unwrap();
    let ids = people(&store, u32::try_from(TASKS).unwrap() + 1).await;
    limit_attempts(&store, attempts).await;
    for id in &ids {
        set_pin(&store, *id, LengthClass::SevenUp, at(0)).await;
    }
    ids
}

/// Runs so many processes at once and answers what they said; each must end well.
fn together(role: &str, dir: &Path) -> Vec<u64> {
    let mut children: Vec<_> = (0..PROCESSES).map(|_| begin(role, dir)).collect();
    let numbers = children
        .iter_mut()
        .flat_map(|child| {
            said(child)
                .map(|line| line.parse().unwrap())
                .collect::<Vec<_>>()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success(), "an error reached a caller");
    }
    numbers
}

/// How many records the audit log has; its chain holds.
async fn chain(store: &dyn Store) -> u64 {
    let report = store.verify_audit(Vec::new(), Box::new(|_, _| true)).await;
    let report = report.unwrap().unwrap();
    assert_eq!(report.problem, None);
    report.records
}

// R-SEC-4: the chain holds whenever one of several processes is killed.
#[tokio::test]
async fn a_chain_survives_the_end_of_its_writers() {
    let dir = tempfile::tempdir().unwrap();
    prepared(dir.path(), 999).await;
    let mut children: Vec<_> = (0..3).map(|_| begin("endless", dir.path())).collect();
    let store = SqliteStore::open(dir.path()).unwrap();
    let mut records = 0;
    for (number, child) in (1..).zip(&mut children) {
        while records < 60 * number {
            records = chain(&store).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(chain(&store).await >= records);
    }
}

// R-LOCK-10: overshoot 0 with any number of processes.
#[tokio::test]
async fn processes_together_evaluate_no_more_than_the_limit() {
    let dir = tempfile::tempdir().unwrap();
    let ids = prepared(dir.path(), 150).await;
    let evaluated = together("guess", dir.path());
    assert_eq!(evaluated.len(), PROCESSES * TASKS);
    assert_eq!(evaluated.iter().sum::<u64>(), 150, "{evaluated:?}");
    let store = SqliteStore::open(dir.path()).unwrap();
    let status = store.pin_status(ids[TASKS], at(2)).await.unwrap().unwrap();
    assert_eq!((status.counters.local, status.counters.global), (150, 150));
}

// R-LOCK-1, R-LOCK-10
#[tokio::test]
async fn processes_together_count_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let ids = prepared(dir.path(), 999).await;
    assert_eq!(together("count", dir.path()), [50; PROCESSES * TASKS]);
    let store = SqliteStore::open(dir.path()).unwrap();
    for id in &ids[..TASKS] {
        let status = store.pin_status(*id, at(2)).await.unwrap().unwrap();
        assert_eq!((status.counters.local, status.counters.global), (400, 400));
    }
    assert_eq!(store.counts().await.unwrap().open_attempts, 0);
    // Processes share one chain, with a record for each failure (R-SEC-4).
    let records = chain(&store).await;
    assert!(records >= (50 * PROCESSES * TASKS) as u64, "{records}");
}

// R-LOCK-10: what was answered is never forgotten, and what was begun counts.
#[tokio::test]
async fn a_killed_process_loses_no_answer() {
    for lines in [1, 40, 400] {
        let dir = tempfile::tempdir().unwrap();
        let ids = prepared(dir.path(), 999).await;
        let mut child = begin("endless", dir.path());
        let (mut charged, mut failed) = (vec![0; TASKS], vec![0; TASKS]);
        let mut heard = 0;
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while output.read_line(&mut line).unwrap() > 0 {
            let counted = match line.trim_end().split_once(' ') {
                Some((">", what)) => what.split_once(' '),
                _ => None,
            };
            // The last line may be cut where the process died.
            if let (Some((what, user)), true) = (counted, line.ends_with('\n')) {
                let place = ids.iter().position(|id| id.0.to_string() == user).unwrap();
                match what {
                    "charged" => charged[place] += 1,
                    _ => failed[place] += 1,
                }
                heard += 1;
                if heard == lines {
                    // SIGKILL
                    child.kill().unwrap();
                }
            }
            line.clear();
        }
        assert!(!child.wait().unwrap().success());
        assert!(heard >= lines);
        let store = SqliteStore::open(dir.path()).unwrap();
        let records = chain(&store).await;
        assert!(records >= failed.iter().sum::<u32>().into(), "{records}");
        for (place, id) in ids[..TASKS].iter().enumerate() {
            let at_once = store
                .pin_status(*id, at(2))
                .await
                .unwrap()
                .unwrap()
                .counters;
            assert!(
                at_once.global >= failed[place],
                "an answered failure was forgotten"
            );
            let later = store
                .pin_status(*id, at(100))
                .await
                .unwrap()
                .unwrap()
                .counters;
            assert!(
                later.global >= charged[place],
                "an attempt that died counts"
            );
            assert!(
                later.global <= charged[place] + 1,
                "one at most was not answered"
            );
            assert_eq!(later.open, []);
        }
    }
}
