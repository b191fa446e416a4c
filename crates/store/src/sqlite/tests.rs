//! What happens when things go wrong beneath: R-AUTH-7, R-LOCK-10.

mod chain;
mod files;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::transaction::Transaction;
use super::{Options, SqliteStore};
use crate::{Store, StoreError};

fn store() -> (TempDir, SqliteStore) {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::create(dir.path()).unwrap();
    (dir, store)
}

fn add(db: &Connection, key: &str) -> rusqlite::Result<usize> {
    db.execute("INSERT INTO site (key, name) VALUES (?1, ?1)", [key])
}

async fn keys(store: &SqliteStore) -> Vec<String> {
    store
        .sites()
        .await
        .unwrap()
        .into_iter()
        .map(|site| site.id)
        .collect()
}

/// Runs one change that lets the others queue up behind it, so that the others share a transaction.
async fn held<T>(
    store: &SqliteStore,
    others: impl Future<Output = T>,
) -> (Result<(), StoreError>, T) {
    let (release, wait) = mpsc::channel::<()>();
    let holding = store.write(move |_db| {
        let _released = wait.recv();
        Ok(())
    });
    let (held, (answers, ())) = tokio::join!(biased; holding, async {
        tokio::join!(biased; others, async { drop(release) })
    });
    (held, answers)
}

/// Runs one short piece, which adds "first", and the others come while its transaction runs.
pub(super) async fn joined<T>(store: &SqliteStore, others: impl Future<Output = T>) -> T {
    let (begin, begun) = tokio::sync::oneshot::channel();
    let (release, wait) = mpsc::channel::<()>();
    let mut begin = Some(begin);
    // For the thread, which waits, and not for this one.
    store.writer.gather_for(Duration::from_micros(1));
    let holding = store.write_short(move |db| {
        let _listening = begin.take().map(|begin| begin.send(()));
        let _released = wait.recv();
        add(db, "first")
    });
    let (held, (answers, ())) = tokio::join!(biased; holding, async {
        begun.await.unwrap();
        store.writer.gather_for(Duration::ZERO);
        tokio::join!(biased; others, async { drop(release) })
    });
    assert_eq!(held, Ok(1));
    answers
}

#[tokio::test]
async fn commits_reach_the_disk() {
    let (_dir, store) = store();
    let read = |pragma| store.write(move |db| db.query_row(pragma, [], |row| row.get(0)));
    assert_eq!(
        read("PRAGMA synchronous").await,
        Ok(2),
        "FULL: each commit is synced"
    );
    assert_eq!(read("PRAGMA foreign_keys").await, Ok(1));
    let mode = store
        .write(|db| db.query_row("PRAGMA journal_mode", [], |row| row.get(0)))
        .await;
    assert_eq!(mode, Ok("wal".to_owned()));
}

async fn one_of_three_fails(store: &SqliteStore) {
    let (first, (one, two, three)) = held(store, async {
        tokio::join!(biased;
            store.write(|db| add(db, "one")),
            store.write(|db| {
                add(db, "two")?;
                add(db, "one")
            }),
            store.write(|db| add(db, "three")),
        )
    })
    .await;
    assert_eq!((first, one, three), (Ok(()), Ok(1), Ok(1)));
    assert!(matches!(two, Err(StoreError::Internal { .. })), "{two:?}");
    assert!(store.writer.failure().is_none(), "that is not for the disk");
    assert_eq!(keys(store).await, ["one", "three"]);
}

#[tokio::test]
async fn a_piece_that_fails_is_undone_alone() {
    let (_dir, store) = store();
    one_of_three_fails(&store).await;
}

fn threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).thread_name("worker");
    builder.build().unwrap()
}

/// Tells on which thread it was woken.
struct Bell(Mutex<mpsc::Sender<Option<String>>>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let thread = std::thread::current().name().map(str::to_owned);
        let _heard = self.0.lock().unwrap().send(thread);
    }
}

#[test]
fn several_are_told_by_a_thread_of_the_runtime() {
    let runtime = threads();
    let (_dir, store) = runtime.block_on(async { store() });
    runtime.block_on(one_of_three_fails(&store));
    let (tell, told) = mpsc::channel();
    let waker = Waker::from(Arc::new(Bell(Mutex::new(tell))));
    let ask = |key| Box::pin(store.write(move |db| add(db, key)));
    let mut asked = [ask("four"), ask("five"), ask("six")];
    let queue = async {
        for asked in &mut asked {
            assert!(
                asked
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            );
        }
    };
    runtime.block_on(joined(&store, queue));
    for _ in 0..3 {
        assert_eq!(told.recv().unwrap().as_deref(), Some("worker"));
    }
    runtime.block_on(async {
        for asked in asked {
            assert_eq!(asked.await, Ok(1));
        }
    });
}

#[test]
fn several_are_told_where_the_runtime_of_the_store_has_ended() {
    let runtime = threads();
    let (_dir, store) = runtime.block_on(async { store() });
    drop(runtime);
    threads().block_on(one_of_three_fails(&store));
}

#[test]
fn several_are_told_while_the_runtime_of_the_store_ends() {
    let runtime = threads();
    let (_dir, store) = runtime.block_on(async { store() });
    // Its one thread has no time for them before it is to end.
    let (release, wait) = mpsc::channel::<()>();
    runtime.spawn(async move { wait.recv() });
    let figures = runtime.metrics();
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| threads().block_on(one_of_three_fails(&store)));
        while figures.num_alive_tasks() < 2 && !asking.is_finished() {
            std::thread::yield_now();
        }
        assert!(!asking.is_finished(), "they wait for the busy thread");
        runtime.shutdown_background();
        drop(release);
    });
}

#[tokio::test]
async fn a_full_queue_is_busy_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::create_with(dir.path(), &Options { queue: 1 }).unwrap();
    let (started, begun) = tokio::sync::oneshot::channel();
    let (release, wait) = mpsc::channel::<()>();
    let mut started = Some(started);
    let first = store.write(move |_db| {
        let _told = started.take().map(|started| started.send(()));
        let _released = wait.recv();
        Ok(())
    });
    let rest = async {
        begun.await.unwrap();
        let both = tokio::join!(biased;
            store.write(|db| add(db, "one")),
            async {
                let refused = store.write(|db| add(db, "two")).await;
                drop(release);
                refused
            },
        );
        assert_eq!(both, (Ok(1), Err(StoreError::Busy)));
    };
    let (first, ()) = tokio::join!(biased; first, rest);
    assert_eq!(first, Ok(()));
    assert_eq!(keys(&store).await, ["one"]);
}

/// A pragma of the writing connection.
async fn pragma(store: &SqliteStore, text: &'static str) {
    let set = store.write_short(move |db| match db.query_row(text, [], |_row| Ok(())) {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
        other => other,
    });
    set.await.unwrap();
}

#[tokio::test]
async fn a_full_disk_answers_nobody_as_done() {
    let (_dir, store) = store();
    store.write(|db| add(db, "before")).await.unwrap();
    pragma(&store, "PRAGMA max_page_count = 1").await;
    let large = "x".repeat(100_000);
    let (first, (one, two)) = held(&store, async {
        let other = large.clone() + "y";
        tokio::join!(biased;
            store.write(move |db| add(db, &large)),
            store.write(move |db| add(db, &other)),
        )
    })
    .await;
    // A full disk takes the whole transaction with it; whether the piece that held the thread is in
    // the same one depends on who came first.
    assert!(
        matches!(first, Ok(()) | Err(StoreError::Full { .. })),
        "{first:?}"
    );
    for failed in [one.map(drop), two.map(drop)] {
        assert!(matches!(failed, Err(StoreError::Full { .. })), "{failed:?}");
    }
    assert_eq!(keys(&store).await, ["before"]);
    assert!(store.writer.failure().is_some());
    pragma(&store, "PRAGMA max_page_count = 100000").await;
    assert!(
        store.writer.failure().is_some(),
        "an empty commit says nothing"
    );
    store.write(|db| add(db, "later")).await.unwrap();
    assert!(store.writer.failure().is_none());
    assert_eq!(keys(&store).await, ["before", "later"]);
}

#[tokio::test]
async fn a_connection_of_no_use_is_replaced() {
    let (_dir, store) = store();
    pragma(&store, "PRAGMA query_only = 1").await;
    store.write(|db| add(db, "later")).await.unwrap();
    assert_eq!(keys(&store).await, ["later"]);
}

fn file(dir: &Path) -> std::path::PathBuf {
    dir.join("pinward.db")
}

/// Adds a key while another connection holds the lock, which it lets go only after the store's thread was
/// given something to wait with.
async fn waited_for(
    store: &SqliteStore,
    other: Connection,
    key: &'static str,
) -> Result<usize, StoreError> {
    let (started, begun) = mpsc::channel();
    let ender = std::thread::spawn(move || {
        begun.recv().unwrap();
        other.execute_batch("COMMIT").unwrap();
    });
    let (written, ()) = tokio::join!(biased; store.write(move |db| add(db, key)), async {
        started.send(()).unwrap();
    });
    ender.join().unwrap();
    written
}

#[tokio::test]
async fn another_process_is_waited_for() {
    let (dir, store) = store();
    let other = Connection::open(file(dir.path())).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    add(&other, "theirs").unwrap();
    assert_eq!(waited_for(&store, other, "ours").await, Ok(1));
    assert_eq!(keys(&store).await, ["ours", "theirs"]);
}

/// Which thread a short piece is written by.
async fn written_by(store: &SqliteStore) -> std::thread::ThreadId {
    let here = store.write_short(|_db| Ok(std::thread::current().id()));
    here.await.unwrap()
}

/// A store of which it is known that it writes a short piece on the thread of whoever brings it. A disk
/// that is slow for a moment has the thread do it, so it may take some tries.
async fn at_once() -> (TempDir, SqliteStore) {
    let (dir, store) = store();
    comes_to_write_at_once(&store).await;
    (dir, store)
}

async fn comes_to_write_at_once(store: &SqliteStore) {
    let here = std::thread::current().id();
    for _ in 0..10_000 {
        if written_by(store).await == here {
            return;
        }
    }
    panic!("nothing was written at once");
}

#[tokio::test]
async fn a_short_piece_alone_is_written_at_once() {
    let (_dir, store) = at_once().await;
    store
        .write_short(|db| add(db, "short"))
        .await
        .expect("a change");
    let long = store.write(|_db| Ok(std::thread::current().id())).await;
    assert_ne!(long, Ok(std::thread::current().id()), "that takes its turn");
    assert_eq!(keys(&store).await, ["short"]);
}

#[tokio::test]
async fn a_short_piece_does_not_wait_for_another_process_here() {
    let (dir, store) = at_once().await;
    let other = Connection::open(file(dir.path())).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    add(&other, "theirs").unwrap();
    let ours = store.write_short(|db| {
        add(db, "ours")?;
        Ok(std::thread::current().id())
    });
    // Were it waited for here, nobody would ever let go of it.
    let (written, ()) = tokio::join!(biased; ours, async {
        other.execute_batch("COMMIT").unwrap();
    });
    assert_ne!(written.expect("a change"), std::thread::current().id());
    assert_eq!(keys(&store).await, ["ours", "theirs"]);
    // Where it has to wait otherwise, it still does.
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(waited_for(&store, other, "last").await, Ok(1));
}

#[tokio::test]
async fn a_short_piece_that_fails_leaves_nothing() {
    let (_dir, store) = at_once().await;
    let failed = store.write_short(|db| {
        add(db, "once")?;
        add(db, "once")
    });
    let failed = failed.await;
    assert!(
        matches!(failed, Err(StoreError::Internal { .. })),
        "{failed:?}"
    );
    store.write_short(|db| add(db, "later")).await.unwrap();
    assert_eq!(keys(&store).await, ["later"]);
}

#[tokio::test]
async fn a_piece_that_panics_costs_nobody_else() {
    let (dir, store) = at_once().await;
    let other = Connection::open(file(dir.path())).unwrap();
    let panics = |db: &Transaction<'_>| -> rusqlite::Result<usize> {
        add(db, "half")?;
        panic!("this piece is broken on purpose")
    };
    for broken in [store.write_short(panics).await, store.write(panics).await] {
        assert!(
            matches!(broken, Err(StoreError::Internal { .. })),
            "{broken:?}"
        );
        // Nothing is left that keeps other processes out.
        add(&other, "theirs").unwrap();
        other.execute("DELETE FROM site", []).unwrap();
    }
    store.write(|db| add(db, "later")).await.unwrap();
    store.write_short(|db| add(db, "last")).await.unwrap();
    assert_eq!(keys(&store).await, ["last", "later"]);
}

// SQLite itself brings a long log into the database within a commit, which may take long.
#[tokio::test]
async fn while_the_log_is_long_the_thread_writes() {
    let (dir, store) = at_once().await;
    let reading = Connection::open(file(dir.path())).unwrap();
    reading
        .execute_batch("BEGIN; SELECT count(*) FROM site;")
        .unwrap();
    let number = super::desk::WORTH_A_CHECKPOINT;
    let large = store.write(move |db| {
        for number in 0..number {
            add(db, &format!("key-{number:05}"))?;
        }
        Ok(())
    });
    large.await.unwrap();
    // The reader needs what was before: the log stays.
    let here = std::thread::current().id();
    for _ in 0..20 {
        assert_ne!(written_by(&store).await, here);
    }
    reading.execute_batch("COMMIT").unwrap();
    assert_ne!(written_by(&store).await, here);
    brought_in(dir.path(), &format!("key-{:05}", number - 1)).await;
    let mut tries = 0..10_000;
    while written_by(&store).await != here {
        tries.next().expect("written at once again");
    }
}

/// Waits until the database itself holds a key. Nothing is asked of the store meanwhile; a test that
/// never ends is a test that fails.
async fn brought_in(dir: &Path, key: &str) {
    let arrived = || {
        let content = fs::read(file(dir)).unwrap();
        content
            .windows(key.len())
            .any(|part| part == key.as_bytes())
    };
    while !arrived() {
        tokio::task::yield_now().await;
    }
}

/// How many commits lie in the log.
fn commits(dir: &Path) -> usize {
    let log = fs::read(dir.join("pinward.db-wal")).unwrap();
    let Some((head, frames)) = log.split_at_checked(32) else {
        return 0;
    };
    let page = u32::from_be_bytes(head[8..12].try_into().unwrap()) as usize;
    // A frame belongs to the log while it has its salt; the last one of a commit says how large the
    // database is from then on.
    let frames = frames.chunks_exact(24 + page);
    let frames = frames.take_while(|frame| frame[8..16] == head[16..24]);
    frames.filter(|frame| frame[4..8] != [0; 4]).count()
}

#[tokio::test]
async fn those_who_are_not_in_a_hurry_share_a_commit() {
    let (dir, store) = at_once().await;
    let forever = Duration::from_secs(1 << 20);
    store.writer.gather_for(forever);
    let before = commits(dir.path());
    let store = std::sync::Arc::new(store);
    let mut adding = tokio::task::JoinSet::new();
    for number in 0..super::writer::ENOUGH {
        let (store, key) = (store.clone(), format!("key-{number:05}"));
        adding.spawn(async move { store.write_short(move |db| add(db, &key)).await });
    }
    let added = adding.join_all().await;
    assert!(added.iter().all(|added| *added == Ok(1)), "{added:?}");
    assert_eq!(commits(dir.path()), before + 1);
    // Nobody waits for long once somebody is in a hurry.
    let (one, two) = tokio::join!(biased; store.write_short(|db| add(db, "one")), async {
        store.unhurried(false);
        store.write_short(|db| add(db, "two")).await
    });
    assert_eq!((one, two), (Ok(1), Ok(1)));
}

#[tokio::test]
async fn what_comes_while_short_pieces_run_becomes_part_of_their_transaction() {
    let (dir, store) = at_once().await;
    store.write(|db| add(db, "before")).await.unwrap();
    let before = commits(dir.path());
    let two = async {
        tokio::join!(
            store.write_short(|db| add(db, "one")),
            store.write_short(|db| add(db, "two"))
        )
    };
    assert_eq!(joined(&store, two).await, (Ok(1), Ok(1)));
    assert_eq!(commits(dir.path()), before + 1);
    assert_eq!(keys(&store).await, ["before", "first", "one", "two"]);
    // Nobody is thought to stand in line any more.
    comes_to_write_at_once(&store).await;
}

#[tokio::test]
async fn no_more_than_a_bounded_number_share_a_transaction() {
    let (dir, store) = store();
    store.write(|db| add(db, "before")).await.unwrap();
    let before = commits(dir.path());
    let mut many = Vec::new();
    for number in 0..super::writer::MOST_AT_ONCE {
        let key = format!("key-{number:05}");
        many.push(Box::pin(store.write_short(move |db| add(db, &key))));
    }
    let all = std::future::poll_fn(|context| {
        many.retain_mut(|one| match one.as_mut().poll(context) {
            Poll::Ready(added) => {
                assert_eq!(added, Ok(1));
                false
            }
            Poll::Pending => true,
        });
        match many.is_empty() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    });
    joined(&store, all).await;
    assert_eq!(commits(dir.path()), before + 2);
}

#[tokio::test]
async fn what_is_queued_is_written_before_the_store_closes() {
    let (dir, store) = store();
    let mut waiting = Box::pin(store.write(|db| add(db, "queued")));
    // Sent, then abandoned.
    let sent =
        std::future::poll_fn(|context| Poll::Ready(waiting.as_mut().poll(context).is_pending()));
    let _pending = sent.await;
    drop(waiting);
    drop(store);
    let store = SqliteStore::open(dir.path()).unwrap();
    assert_eq!(keys(&store).await, ["queued"]);
}

#[tokio::test]
async fn a_quiet_moment_brings_the_log_into_the_database() {
    let (dir, store) = store();
    let number = super::desk::WORTH_A_CHECKPOINT;
    for number in 0..number {
        let key = format!("key-{number:05}");
        store.write(move |db| add(db, &key)).await.unwrap();
    }
    // The first, and not the last: the moment may have come when half of them was written.
    brought_in(dir.path(), "key-00000").await;
    assert_eq!(keys(&store).await.len() as u64, number);
}
