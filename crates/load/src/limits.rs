//! What this machine can do at most: the hash alone on every core, and commits alone.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use pinward_verifier::{HashParams, RawHash};
use rusqlite::Connection;

use crate::drive::Bounds;
use crate::sample::{Meter, Sample};

/// Rows that the commits spread over, as wide as a user's PIN and counters.
const ROWS: i64 = 10_000;
/// Apart by this many rows from one to the next: no two of a commit in the same page.
const STRIDE: i64 = 157;

/// Argon2id and nothing else, in memory that is used again and never wiped, on so many threads.
pub fn hashes(params: HashParams, threads: usize, bounds: &Bounds) -> Result<Sample> {
    let hashers: Result<Vec<_>, _> = (0..threads).map(|_| RawHash::new(params)).collect();
    let hashers = hashers.context("no memory for the hash")?;
    let meter = Meter::start();
    let started = Instant::now();
    let took = std::thread::scope(|scope| {
        let running: Vec<_> = hashers
            .into_iter()
            .map(|mut hasher| {
                scope.spawn(move || -> Result<Vec<u32>> {
                    let mut took = Vec::new();
                    while going_on(bounds, started, took.len()) {
                        let begun = Instant::now();
                        hasher.compute()?;
                        took.push(micros(begun));
                    }
                    Ok(took)
                })
            })
            .collect();
        let mut all = Vec::new();
        for thread in running {
            all.extend(
                thread
                    .join()
                    .map_err(|_| anyhow!("a hashing thread ended"))??,
            );
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    Ok(meter.end(took))
}

/// Commits of `rows` changed rows each, on a database with the settings of the store. An operation
/// is a row.
pub fn commits(folder: &Path, rows: usize, bounds: &Bounds) -> Result<Sample> {
    let db = database(folder)?;
    let mut change = db.prepare("UPDATE counter SET n = n + 1 WHERE id = ?1")?;
    let (mut begin, mut commit) = (db.prepare("BEGIN IMMEDIATE")?, db.prepare("COMMIT")?);
    let mut took = Vec::new();
    let mut row = 0;
    let meter = Meter::start();
    let started = Instant::now();
    while going_on(bounds, started, took.len()) {
        let begun = Instant::now();
        begin.execute([])?;
        for _ in 0..rows {
            row = (row + STRIDE) % ROWS;
            change.execute([row + 1])?;
        }
        commit.execute([])?;
        took.extend(std::iter::repeat_n(micros(begun), rows));
    }
    Ok(meter.end(took))
}

fn database(folder: &Path) -> Result<Connection> {
    let path = folder.join("limit.db");
    let fresh = !path.exists();
    let db = Connection::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;",
    )?;
    if fresh {
        db.execute_batch(&format!(
            "CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, rest TEXT);
             WITH RECURSIVE number (id) AS
                 (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < {ROWS})
             INSERT INTO counter SELECT id, 0, hex(zeroblob(80)) FROM number;"
        ))?;
    }
    Ok(db)
}

fn going_on(bounds: &Bounds, started: Instant, done: usize) -> bool {
    started.elapsed() < bounds.time
        && (done as u64) < bounds.operations
        && !bounds
            .interrupted
            .load(std::sync::atomic::Ordering::Relaxed)
}

fn micros(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX)
}
