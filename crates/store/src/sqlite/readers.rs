//! The connections that read. Each sees everything that was committed before it began; what is remembered
//! (`remembered.rs`) may be a millisecond older.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use pinward_core::{Client, Lookup, User};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::convert::store_error;
use super::file::{self, FileId};
use super::remembered::Remembered;
use super::slots::Key;
use super::watch::Watch;
use crate::StoreError;

/// Connections that are kept for the next reader; more are opened where more read at once.
const KEPT: usize = 8;

/// Long reads that may run at once, away from the threads that answer callers.
const LONG_READS: usize = 4;

/// The connections that nobody reads with at the moment.
pub(super) struct Readers {
    watch: Arc<Watch>,
    shelf: Mutex<Shelf>,
    long_reads: Semaphore,
    pub(super) remembered: Remembered,
}

#[derive(Default)]
struct Shelf {
    idle: Vec<(Connection, FileId)>,
    /// Which file each connection that is being read with belongs to.
    lent: Vec<FileId>,
    /// Connections that were lent before the last closing are not taken back.
    closings: u64,
}

impl Readers {
    pub(super) fn new(watch: Arc<Watch>) -> Self {
        Self {
            watch,
            shelf: Mutex::default(),
            long_reads: Semaphore::new(LONG_READS),
            remembered: Remembered::default(),
        }
    }

    /// Reads on the calling thread: for what takes microseconds.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut loan = self.lend()?;
        let found = loan.connection().and_then(work);
        if found.is_ok() {
            loan.sound = true;
        }
        found.map_err(|error| store_error(&error, self.watch.path()))
    }

    /// The client by the digest of its key, remembered or read.
    pub(super) fn client(
        &self,
        digest: &Key,
        read: impl FnOnce(&Connection) -> rusqlite::Result<Option<Arc<Client>>>,
    ) -> Result<Option<Arc<Client>>, StoreError> {
        let now = Instant::now();
        self.remembered
            .find(self, |kept| &mut kept.clients, digest, now, read)
    }

    /// The users who are found in any of these ways, remembered or read, so many at most.
    pub(super) fn users(
        &self,
        ways: &[Lookup],
        limit: usize,
        read: impl FnOnce(&Connection) -> rusqlite::Result<Vec<Arc<User>>>,
    ) -> Result<Vec<Arc<User>>, StoreError> {
        let key = self.remembered.key_of(ways, limit);
        let now = Instant::now();
        self.remembered
            .find(self, |kept| &mut kept.users, &key, now, read)
    }

    /// A turn for a long read; few run at once.
    pub(super) async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, StoreError> {
        self.long_reads
            .acquire()
            .await
            .map_err(|_closed| StoreError::Closed)
    }

    /// Closes what is idle. `false`: some connections to another file than this are still being
    /// read with.
    pub(super) fn close(&self, file: Option<FileId>) -> bool {
        let mut shelf = self.shelf();
        shelf.closings += 1;
        shelf.idle.clear();
        self.remembered.forget();
        shelf.lent.iter().all(|lent| Some(*lent) == file)
    }

    fn lend(&self) -> Result<Loan<'_>, StoreError> {
        let mut shelf = self.shelf();
        let (db, file) = match shelf.idle.pop() {
            Some((db, file)) => (Some(db), file),
            None => {
                let file = self.watch.usable().ok_or_else(|| StoreError::Missing {
                    path: self.watch.path().to_owned(),
                })?;
                (None, file)
            }
        };
        shelf.lent.push(file);
        Ok(Loan {
            of: self,
            db,
            file,
            closings: shelf.closings,
            sound: false,
        })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Every change to the shelf is complete in one step, so a panic leaves it in order.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is being read with; comes back by itself.
struct Loan<'a> {
    of: &'a Readers,
    db: Option<Connection>,
    file: FileId,
    closings: u64,
    sound: bool,
}

impl Loan<'_> {
    fn connection(&mut self) -> rusqlite::Result<&Connection> {
        let db = match self.db.take() {
            Some(db) => db,
            None => file::connect_reader(self.of.watch.path())?,
        };
        Ok(self.db.insert(db))
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let db = self.db.take();
        let mut shelf = self.of.shelf();
        let wanted = self.sound && shelf.closings == self.closings && shelf.idle.len() < KEPT;
        match db {
            Some(db) if wanted => shelf.idle.push((db, self.file)),
            // Closed before it is counted as returned: see `Readers::close`.
            closed => drop(closed),
        }
        if let Some(place) = shelf.lent.iter().position(|lent| *lent == self.file) {
            shelf.lent.swap_remove(place);
        }
    }
}
