//! The one desk where things are written.
//!
//! Pieces that were brought together run in one transaction, which is synced once. Should a piece fail, which
//! hardly ever happens, the transaction is undone and all run again, each in a savepoint of its own, so
//! that the one that fails is undone alone. (Savepoints from the start cost every piece two statements
//! and a copy of each page that it changes.) A commit that fails answers everyone in it with the cause.
//!
//! What was committed goes from the log into the database when nothing else is to be done, or
//! when there is so much of it (`file.rs`) that it cannot wait for that. The log then begins anew in
//! the same place of the disk, where a commit takes half the time of one that makes the log longer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::convert::store_error;
use super::file::{self, FileId};
use super::piece::{Job, in_savepoint, run};
use super::readers::Readers;
use super::remembered;
use super::transaction::Transaction;
use super::watch::Watch;
use super::write_connection::WriteConnection;
use crate::StoreError;

/// Changed rows whose pages in the log are worth a checkpoint, which takes some milliseconds.
pub(super) const WORTH_A_CHECKPOINT: u64 = 1024;
/// A commit that took no longer than this may be followed by one on the thread of whoever writes.
const SWIFT: Duration = Duration::from_millis(2);

/// What it takes to write.
pub(super) struct Desk {
    watch: Arc<Watch>,
    readers: Arc<Readers>,
    open: Option<Open>,
    /// The last transaction had but one piece and took no longer than [`SWIFT`].
    alone_and_swift: bool,
    failure: Arc<Failure>,
}

/// What something failed at that may last ([`StoreError::may_last`]), where no change was kept since. To be looked at
/// without waiting for the desk.
#[derive(Default)]
pub(super) struct Failure(Mutex<Option<StoreError>>);

impl Failure {
    fn note(&self, error: &StoreError) {
        if error.may_last() {
            self.set(Some(error.clone()));
        }
    }

    fn forget(&self) {
        self.set(None);
    }

    fn set(&self, error: Option<StoreError>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    /// What it is, where there is one.
    pub(super) fn look(&self) -> Option<StoreError> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A connection and the files that it is connected to.
struct Open {
    db: WriteConnection,
    file: Option<FileId>,
    /// Known once something was committed.
    log: Option<FileId>,
    /// Rows that the connection had changed when the whole log was last brought into the database.
    tidy_at: u64,
}

impl Desk {
    /// A desk at which nothing was written yet.
    pub(super) fn new(watch: Arc<Watch>, readers: Arc<Readers>, failure: Arc<Failure>) -> Self {
        Self {
            watch,
            readers,
            open: None,
            alone_and_swift: false,
            failure,
        }
    }

    /// Whether there is little in the log: enough of it makes SQLite itself bring it into the database
    /// within a commit, which may take long.
    pub(super) fn is_tidy(&self) -> bool {
        self.open.as_ref().is_none_or(|open| {
            open.db.total_changes().saturating_sub(open.tidy_at) < WORTH_A_CHECKPOINT
        })
    }

    /// Writes these pieces, and those that `more` adds to them. `failures` gets an entry for each of them, or
    /// none where all went well.
    pub(super) fn work_off(
        &mut self,
        batch: &mut Vec<Box<dyn Job>>,
        failures: &mut Vec<Option<StoreError>>,
        more: impl FnMut(&mut Vec<Box<dyn Job>>),
    ) -> Result<(), StoreError> {
        let begun = Instant::now();
        let whole = self.transact(batch, failures, more);
        self.ended(begun, batch.len(), whole.is_ok());
        for error in whole
            .as_ref()
            .err()
            .into_iter()
            .chain(failures.iter().flatten())
        {
            self.failure.note(error);
        }
        whole
    }

    /// Writes one piece on the thread of whoever brought it. Gives it back, with nothing of it done,
    /// where that could take long: the thread is to do it.
    pub(super) fn at_once(&mut self, mut job: Box<dyn Job>) -> Option<Box<dyn Job>> {
        // Where there is something to tidy up, the thread must hear of it.
        if !self.alone_and_swift || !self.is_tidy() || !self.begin_at_once() {
            return Some(job);
        }
        let begun = Instant::now();
        let ran = self
            .open
            .as_ref()
            .is_some_and(|open| run(job.as_mut(), &Transaction::of(&open.db)).is_ok());
        if !ran {
            self.recover();
            return Some(job);
        }
        let whole = self.commit();
        self.ended(begun, 1, whole.is_ok());
        if let Err(error) = &whole {
            self.failure.note(error);
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
    pub(super) fn checkpoint(&mut self) {
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
            && !run_all(&Transaction::of(&open.db), batch, more)
        {
            self.again_one_by_one(batch, failures)?;
        }
        if batch.iter().any(|job| job.is_change()) {
            let begun = self.on_open(remembered::begin_another)?;
            let at = Instant::now();
            self.commit()?;
            // The generation at least was written; other commits may be empty, and say nothing of the disk.
            self.failure.forget();
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
        open.db.commit().map_err(failed)?;
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
        let db = Transaction::of(&open.db);
        for job in batch {
            let alone = in_savepoint(&db, job.as_mut()).map_err(failed)?;
            failures.push(alone.map(failed));
        }
        Ok(())
    }

    /// Begins a transaction, on a new connection where the old one is of no use.
    fn begin(&mut self) -> Result<(), StoreError> {
        if let Some(open) = &self.open
            && open.file == FileId::of(self.watch.path())
        {
            match open.db.begin() {
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
            db.begin()?;
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
        open.file == FileId::of(self.watch.path()) && open.db.begin_without_waiting().is_ok()
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
            let sound = open.db.rollback().is_ok() && open.file == FileId::of(self.watch.path());
            let log = FileId::of(&file::log_of(self.watch.path()));
            if !sound || open.log.is_some_and(|id| Some(id) != log) {
                self.open = None;
            }
        }
    }
}

/// Runs all pieces, and then those that came meanwhile, until there are no more or there was a change among
/// them: changes may take long, and nobody is to wait or to fail for one that began before they came. `false`:
/// one failed, and what was done must be undone.
fn run_all(
    db: &Transaction<'_>,
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
