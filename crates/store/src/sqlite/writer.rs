//! The one desk where things are written: group commit.
//!
//! A thread sits at it. It takes everything that is queued, runs it in one transaction, syncs once, and only then
//! answers. What comes while short pieces run becomes part of their transaction. Should a piece fail, which
//! hardly ever happens, the transaction is undone and all run again, each in a savepoint of its own, so
//! that the one that fails is undone alone. (Savepoints from the start cost every piece two statements
//! and a copy of each page that it changes.) A commit that fails answers everyone in it with the cause.
//!
//! A short piece that finds the desk free is written at once by whoever brings it ([`Writer::write_short`]):
//! waking the thread and being woken by it takes longer than the write itself. That must never hold up
//! the thread of a runtime for long, so everything unusual is left to the queue: another process that
//! has the file, a piece that fails, a connection to be opened, a disk that is slow. Once several
//! pieces come at a time they queue again, since together they need fewer syncs.
//!
//! Where nobody is in a hurry ([`Writer::unhurried`]) the thread waits some milliseconds for more pieces: with
//! all processors busy otherwise, a commit costs several times as much as it does in a row.
//!
//! What was committed goes from the log into the database when the thread has nothing else to do, or
//! when there is so much of it (`file.rs`) that it cannot wait for that. The log then begins anew in
//! the same place of the disk, where a commit takes half the time of one that makes the log longer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::convert::store_error;
use super::file::{self, FileId};
use super::readers::Readers;
use super::remembered;
use super::watch::Watch;
use crate::StoreError;

/// The most pieces in one transaction: what one of them waits for is bounded.
pub(super) const MOST_AT_ONCE: usize = 1024;
/// Changed rows whose pages in the log are worth a checkpoint, which takes some milliseconds.
pub(super) const WORTH_A_CHECKPOINT: u64 = 1024;
/// When nothing was queued for so long, nothing else may be coming for a while: callers of one
/// commit ask again sooner than that.
const QUIET: Duration = Duration::from_millis(5);
/// A commit that took no longer than this may be followed by one on the thread of whoever writes.
const SWIFT: Duration = Duration::from_millis(2);
/// How long more pieces are waited for where nobody is in a hurry, and how many are enough.
const GATHERING: Duration = Duration::from_millis(10);
pub(super) const ENOUGH: usize = 16;

/// A piece of work for the writer.
trait Job: Send {
    /// Whether it may change more than logons do.
    fn is_change(&self) -> bool;
    /// Does it, in a transaction that is open. Again from the beginning where that was undone.
    fn run(&mut self, db: &Connection) -> rusqlite::Result<()>;
    /// Tells who waits for it: what it made, unless `failure` says why nothing was kept.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

struct Write<T, F> {
    change: bool,
    work: F,
    made: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Write<T, F>
where
    T: Send + 'static,
    F: FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
{
    /// A piece, and where its answer comes.
    fn of(change: bool, work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        let job = Self {
            change,
            work,
            made: None,
            reply,
        };
        (Box::new(job), answer)
    }
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnMut(&Connection) -> rusqlite::Result<T> + Send,
{
    fn is_change(&self) -> bool {
        self.change
    }

    fn run(&mut self, db: &Connection) -> rusqlite::Result<()> {
        self.made = None;
        self.made = Some((self.work)(db)?);
        Ok(())
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let answer = match (failure, self.made) {
            (Some(error), _) => Err(error),
            (None, Some(made)) => Ok(made),
            (None, None) => Err(StoreError::Closed),
        };
        // Whoever asked may have gone away; the change is kept all the same.
        let _gone = self.reply.send(answer);
    }
}

/// The way to the desk.
pub(super) struct Writer {
    shared: Arc<Shared>,
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread shares with those who write at once.
struct Shared {
    desk: Mutex<Desk>,
    /// Pieces in the queue, or about to be.
    queued: AtomicUsize,
    /// How long pieces are waited for, in microseconds; 0 where somebody is in a hurry.
    gathering: AtomicU64,
    /// Something failed at what may last ([`StoreError::may_last`]), and no change was kept since.
    failing: Arc<AtomicBool>,
}

impl Shared {
    /// The desk, for the thread. Only it waits for it. Nothing panics at it: pieces that do are caught.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a piece where nobody sits at the desk or stands in line; gives it back where the thread
    /// is to do it.
    fn at_once(&self, job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        if self.queued.load(Ordering::SeqCst) > 0 || self.gathering.load(Ordering::SeqCst) > 0 {
            return Some(job);
        }
        match self.desk.try_lock() {
            Ok(mut desk) => desk.at_once(job),
            Err(_taken) => Some(job),
        }
    }
}

impl Writer {
    /// Starts the thread. `queue` is how many pieces may wait before callers are told
    /// [`StoreError::Busy`].
    pub(super) fn start(
        watch: Arc<Watch>,
        readers: Arc<Readers>,
        queue: usize,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(queue);
        let failing = Arc::new(AtomicBool::new(false));
        let desk = Desk {
            watch,
            readers,
            open: None,
            alone_and_swift: false,
            failing: Arc::clone(&failing),
        };
        let shared = Arc::new(Shared {
            desk: Mutex::new(desk),
            queued: AtomicUsize::new(0),
            gathering: AtomicU64::new(0),
            failing,
        });
        let thread = {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name("pinward-store".to_owned())
                .spawn(move || work_through(&shared, &receiver))?
        };
        Ok(Self {
            shared,
            queue: Some(sender),
            thread: Some(thread),
        })
    }

    /// Has a piece of work done and answers when it is durable.
    ///
    /// The work is done even if the caller does not wait for the answer. It may be done twice, the
    /// first time undone.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, answer) = Write::of(true, work);
        self.queue(job)?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// [`Writer::write`] for what takes microseconds: done on the calling thread where that is free to
    /// do it. Begins no generation: only for what changes nothing that is remembered (`remembered.rs`).
    pub(super) async fn write_short<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, answer) = Write::of(false, work);
        if let Some(job) = self.shared.at_once(job) {
            self.queue(job)?;
        }
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Whether something failed at what may last ([`StoreError::may_last`]), and no change was kept since.
    pub(super) fn is_failing(&self) -> bool {
        self.shared.failing.load(Ordering::SeqCst)
    }

    /// Whether pieces may wait some milliseconds for each other, from now on.
    pub(super) fn unhurried(&self, unhurried: bool) {
        let time = if unhurried { GATHERING } else { Duration::ZERO };
        self.gather_for(time);
    }

    /// How long pieces may wait for each other, from now on.
    pub(super) fn gather_for(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.shared.gathering.store(micros, Ordering::SeqCst);
    }

    fn queue(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        self.shared.queued.fetch_add(1, Ordering::SeqCst);
        queue.try_send(job).map_err(|error| {
            self.shared.queued.fetch_sub(1, Ordering::SeqCst);
            match error {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::Closed,
            }
        })
    }
}

impl Drop for Writer {
    /// Waits for what is queued, so that a store that was dropped may be opened again at once.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

/// What it takes to write.
struct Desk {
    watch: Arc<Watch>,
    readers: Arc<Readers>,
    open: Option<Open>,
    /// The last transaction had but one piece and took no longer than [`SWIFT`].
    alone_and_swift: bool,
    /// [`Shared::failing`], which is seen without waiting for the desk.
    failing: Arc<AtomicBool>,
}

/// A connection and the files that it is connected to.
struct Open {
    db: Connection,
    file: Option<FileId>,
    /// Known once something was committed.
    log: Option<FileId>,
    /// Rows that the connection had changed when the whole log was last brought into the database.
    tidy_at: u64,
}

/// What the thread does until the store closes.
fn work_through(shared: &Shared, queue: &Receiver<Box<dyn Job>>) {
    let mut batch = Vec::new();
    while let Some(first) = next(shared, queue) {
        batch.push(first);
        gather(shared, queue, &mut batch);
        let mut desk = shared.desk();
        shared.queued.fetch_sub(batch.len(), Ordering::SeqCst);
        let mut failures = Vec::new();
        let whole = desk.work_off(&mut batch, &mut failures, |batch| {
            let before = batch.len();
            batch.extend(queue.try_iter().take(MOST_AT_ONCE.saturating_sub(before)));
            shared
                .queued
                .fetch_sub(batch.len() - before, Ordering::SeqCst);
        });
        // Whoever is answered finds the desk free.
        drop(desk);
        for (job, failure) in batch.drain(..).zip(failures.into_iter().chain(nothing())) {
            job.answer(whole.as_ref().err().cloned().or(failure));
        }
    }
}

/// Waits for more pieces as long as nobody is in a hurry.
fn gather(shared: &Shared, queue: &Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) {
    let begun = Instant::now();
    while batch.len() < ENOUGH {
        let time = Duration::from_micros(shared.gathering.load(Ordering::SeqCst));
        let left = time.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return;
        }
        match queue.recv_timeout(left) {
            Ok(job) => batch.push(job),
            Err(_) => return,
        }
    }
}

/// The next piece; `None` when the store closes. Tidies up while there is none.
fn next(shared: &Shared, queue: &Receiver<Box<dyn Job>>) -> Option<Box<dyn Job>> {
    if !shared.desk().is_tidy() {
        match queue.recv_timeout(QUIET) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => shared.desk().checkpoint(),
        }
    }
    queue.recv().ok()
}

impl Desk {
    /// Whether there is little in the log: enough of it makes SQLite itself bring it into the database
    /// within a commit, which may take long.
    fn is_tidy(&self) -> bool {
        self.open.as_ref().is_none_or(|open| {
            open.db.total_changes().saturating_sub(open.tidy_at) < WORTH_A_CHECKPOINT
        })
    }

    /// Writes these pieces, and those that `more` adds to them. `failures` gets an entry for each of them, or
    /// none where all went well.
    fn work_off(
        &mut self,
        batch: &mut Vec<Box<dyn Job>>,
        failures: &mut Vec<Option<StoreError>>,
        more: impl FnMut(&mut Vec<Box<dyn Job>>),
    ) -> Result<(), StoreError> {
        let begun = Instant::now();
        let whole = self.transact(batch, failures, more);
        self.ended(begun, batch.len(), whole.is_ok());
        let mut errors = whole
            .as_ref()
            .err()
            .into_iter()
            .chain(failures.iter().flatten());
        if errors.any(StoreError::may_last) {
            self.failing.store(true, Ordering::SeqCst);
        }
        whole
    }

    /// Writes one piece on the thread of whoever brought it. Gives it back, with nothing of it done,
    /// where that could take long: the thread is to do it.
    fn at_once(&mut self, mut job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        // Where there is something to tidy up, the thread must hear of it.
        if !self.alone_and_swift || !self.is_tidy() || !self.begin_at_once() {
            return Some(job);
        }
        let begun = Instant::now();
        let ran = self
            .open
            .as_ref()
            .is_some_and(|open| run(job.as_mut(), &open.db).is_ok());
        if !ran {
            self.recover();
            return Some(job);
        }
        let whole = self.commit();
        self.ended(begun, 1, whole.is_ok());
        if whole.as_ref().is_err_and(StoreError::may_last) {
            self.failing.store(true, Ordering::SeqCst);
        }
        job.answer(whole.err());
        None
    }

    /// A transaction of so many pieces came to its end.
    fn ended(&mut self, begun: Instant, pieces: usize, well: bool) {
        if !well {
            self.recover();
        }
        self.alone_and_swift = well && pieces == 1 && begun.elapsed() <= SWIFT;
    }

    /// Copies what is in the log to the database, as far as no reader needs it where it is.
    fn checkpoint(&mut self) {
        if let Some(open) = &mut self.open
            && open.file == FileId::of(self.watch.path())
        {
            // Whatever hinders it hinders the next commit too, and that one tells.
            let moved = open
                .db
                .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                    Ok(row.get::<_, i64>(1)? == row.get::<_, i64>(2)?)
                });
            if moved == Ok(true) {
                open.tidy_at = open.db.total_changes();
            }
        }
    }

    /// One transaction. `failures` gets an entry for each piece, or none where all went well.
    fn transact(
        &mut self,
        batch: &mut Vec<Box<dyn Job>>,
        failures: &mut Vec<Option<StoreError>>,
        mut more: impl FnMut(&mut Vec<Box<dyn Job>>),
    ) -> Result<(), StoreError> {
        // Whatever hinders the beginning is told to all who are there.
        more(batch);
        self.begin()?;
        if let Some(open) = &self.open
            && !run_all(&open.db, batch, more)
        {
            self.again_one_by_one(batch, failures)?;
        }
        if batch.iter().any(|job| job.is_change()) {
            let begun = self.on_open(remembered::begin_another)?;
            let at = Instant::now();
            self.commit()?;
            // The generation at least was written; other commits may be empty, and say nothing of the disk.
            self.failing.store(false, Ordering::SeqCst);
            self.readers.remembered.confirm(begun, at);
            return Ok(());
        }
        // Nobody begins another one before this is written, whatever comes of that.
        let same = self.on_open(remembered::generation)?;
        self.readers.remembered.confirm(same, Instant::now());
        self.commit()
    }

    /// Makes durable what was done since [`Desk::begin`].
    fn commit(&mut self) -> Result<(), StoreError> {
        let failed = |error: rusqlite::Error| store_error(&error, self.watch.path());
        let Some(open) = &mut self.open else {
            return Err(StoreError::Closed);
        };
        execute(&open.db, "COMMIT").map_err(failed)?;
        // What was written to a file that has no name any more is lost: do not say it is done.
        let log = FileId::of(&file::log_of(self.watch.path()));
        let unmoved =
            FileId::of(self.watch.path()) == open.file && open.log.is_none_or(|id| Some(id) == log);
        if !unmoved {
            return Err(self.missing());
        }
        if open.log != log {
            open.log = log;
            // From now on the log is known to belong to this file.
            let _same_file = self.watch.usable();
        }
        Ok(())
    }

    /// Undoes a transaction in which some piece failed and begins another, in which only that one is
    /// undone.
    fn again_one_by_one(
        &mut self,
        batch: &mut [Box<dyn Job>],
        failures: &mut Vec<Option<StoreError>>,
    ) -> Result<(), StoreError> {
        self.recover();
        self.begin()?;
        let Some(open) = &self.open else {
            return Err(StoreError::Closed);
        };
        let failed = |error: rusqlite::Error| store_error(&error, self.watch.path());
        for job in batch {
            let alone = in_savepoint(&open.db, job.as_mut()).map_err(failed)?;
            failures.push(alone.map(failed));
        }
        Ok(())
    }

    /// Begins a transaction, on a new connection where the old one is of no use.
    fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(open) = &self.open
            && open.file == FileId::of(self.watch.path())
        {
            match execute(&open.db, "BEGIN IMMEDIATE") {
                Ok(()) => return Ok(()),
                Err(error) => match store_error(&error, self.watch.path()) {
                    StoreError::Busy => return Err(StoreError::Busy),
                    _ => self.open = None,
                },
            }
        }
        self.open = None;
        // Connections to a file that was removed must not meet those to its successor.
        let alone = self.readers.close(FileId::of(self.watch.path()));
        let file = self.watch.usable().filter(|_| alone);
        if file.is_none() {
            return Err(self.missing());
        }
        let opened = file::connect_writer(self.watch.path()).and_then(|db| {
            execute(&db, "BEGIN IMMEDIATE")?;
            Ok(db)
        });
        let db = opened.map_err(|error| store_error(&error, self.watch.path()))?;
        self.open = Some(Open {
            db,
            file,
            log: None,
            tidy_at: 0,
        });
        Ok(())
    }

    /// Begins a transaction where nothing hinders it; `false`: it would have to wait, or there is more
    /// to be done first.
    fn begin_at_once(&mut self) -> bool {
        let Some(open) = &mut self.open else {
            return false;
        };
        open.file == FileId::of(self.watch.path())
            && file::without_waiting(&mut open.db, |db| execute(db, "BEGIN IMMEDIATE")).is_ok()
    }

    /// Does something on the connection.
    fn on_open<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let open = self.open.as_ref().ok_or(StoreError::Closed)?;
        work(&open.db).map_err(|error| store_error(&error, self.watch.path()))
    }

    fn missing(&self) -> StoreError {
        StoreError::Missing {
            path: self.watch.path().to_owned(),
        }
    }

    /// Undoes what is open; where that fails, starts afresh next time.
    fn recover(&mut self) {
        if let Some(open) = &self.open {
            let undone = open.db.is_autocommit() || execute(&open.db, "ROLLBACK").is_ok();
            let sound = undone && open.file == FileId::of(self.watch.path());
            let log = FileId::of(&file::log_of(self.watch.path()));
            if !sound || open.log.is_some_and(|id| Some(id) != log) {
                self.open = None;
            }
        }
    }
}

fn nothing() -> impl Iterator<Item = Option<StoreError>> {
    std::iter::repeat_with(|| None)
}

/// Runs all pieces, and then those that came meanwhile, until there are no more or there was a change among
/// them: changes may take long, and nobody is to wait or to fail for one that began before they came. `false`:
/// one failed, and what was done must be undone.
fn run_all(
    db: &Connection,
    batch: &mut Vec<Box<dyn Job>>,
    mut more: impl FnMut(&mut Vec<Box<dyn Job>>),
) -> bool {
    let mut done = 0;
    while done < batch.len() {
        let mut left = batch.iter_mut().skip(done);
        if !left.all(|job| run(job.as_mut(), db).is_ok()) {
            return false;
        }
        let changed = batch.iter().skip(done).any(|job| job.is_change());
        done = batch.len();
        if !changed {
            more(batch);
        }
    }
    true
}

/// Runs one piece. One that panics has failed: what it began must be undone, and the thread must stay.
fn run(job: &mut dyn Job, db: &Connection) -> rusqlite::Result<()> {
    catch_unwind(AssertUnwindSafe(|| job.run(db))).unwrap_or_else(|_panic| {
        Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERNAL),
            Some("a change panicked".to_owned()),
        ))
    })
}

/// Runs one piece. `Ok(Some(error))`: it alone failed and was undone. `Err`: the transaction is
/// lost.
fn in_savepoint(db: &Connection, job: &mut dyn Job) -> rusqlite::Result<Option<rusqlite::Error>> {
    execute(db, "SAVEPOINT job")?;
    match run(job, db) {
        Ok(()) => {
            execute(db, "RELEASE job")?;
            Ok(None)
        }
        // Some failures of the disk end the whole transaction.
        Err(error) if db.is_autocommit() => Err(error),
        Err(error) => {
            execute(db, "ROLLBACK TO job")?;
            execute(db, "RELEASE job")?;
            Ok(Some(error))
        }
    }
}

fn execute(db: &Connection, statement: &str) -> rusqlite::Result<()> {
    db.prepare_cached(statement)?.execute([]).map(drop)
}
