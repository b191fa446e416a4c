//! A piece of work for the desk (`desk.rs`), and whoever waits for its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::write_connection::WriteConnection;
use crate::StoreError;

/// A piece of work.
pub(super) trait Job: Send {
    /// Whether it may change more than logons do.
    fn is_change(&self) -> bool;
    /// Does it, in a transaction that is open. Again from the beginning where that was undone.
    fn run(&mut self, db: &WriteConnection) -> rusqlite::Result<()>;
    /// Tells who waits for it: what it made, unless `failure` says why nothing was kept.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

/// One that is made of a closure.
pub(super) struct Write<T, F> {
    change: bool,
    work: F,
    made: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Write<T, F>
where
    T: Send + 'static,
    F: FnMut(&WriteConnection) -> rusqlite::Result<T> + Send + 'static,
{
    /// A piece, and where its answer comes.
    pub(super) fn of(
        change: bool,
        work: F,
    ) -> (Box<dyn Job>, oneshot::Receiver<Result<T, StoreError>>) {
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
    F: FnMut(&WriteConnection) -> rusqlite::Result<T> + Send,
{
    fn is_change(&self) -> bool {
        self.change
    }

    fn run(&mut self, db: &WriteConnection) -> rusqlite::Result<()> {
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

/// Runs one piece. One that panics has failed: what it began must be undone, and the thread must stay.
pub(super) fn run(job: &mut dyn Job, db: &WriteConnection) -> rusqlite::Result<()> {
    catch_unwind(AssertUnwindSafe(|| job.run(db))).unwrap_or_else(|_panic| {
        Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_INTERNAL),
            Some("a change panicked".to_owned()),
        ))
    })
}

/// Runs one piece. `Ok(Some(error))`: it alone failed and was undone. `Err`: the transaction is
/// lost.
pub(super) fn in_savepoint(
    db: &WriteConnection,
    job: &mut dyn Job,
) -> rusqlite::Result<Option<rusqlite::Error>> {
    let before = db.savepoint("job")?;
    match run(job, db) {
        Ok(()) => {
            before.keep()?;
            Ok(None)
        }
        // Some failures of the disk end the whole transaction.
        Err(error) if db.is_autocommit() => Err(error),
        Err(error) => {
            before.undo()?;
            Ok(Some(error))
        }
    }
}
