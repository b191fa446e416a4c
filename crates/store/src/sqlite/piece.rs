//! A piece of work for the desk (`desk.rs`), and whoever waits for its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::transaction::Transaction;
use crate::StoreError;

/// A piece of work.
pub(super) trait Job: Send {
    /// Whether it may change more than logons do.
    fn is_change(&self) -> bool;
    /// Does it, in a transaction that is open. Again from the beginning where that was undone.
    fn run(&mut self, db: &Transaction<'_>) -> rusqlite::Result<()>;
    /// Tells who waits for it: what it made, unless `failure` says why nothing was kept.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

/// Pieces that are done, each with why nothing of it was kept, where that is so. Who waits for them is told when
/// this is dropped.
pub(super) struct Done(Vec<(Box<dyn Job>, Option<StoreError>)>);

impl Done {
    /// These pieces.
    pub(super) fn of(pieces: impl Iterator<Item = (Box<dyn Job>, Option<StoreError>)>) -> Self {
        Self(pieces.collect())
    }

    /// Tells all who wait; where there are several and a runtime, there, by a task of their own. Waking many from
    /// outside of it takes longer, and they would be woken on the processor that is busy with it, beside an idle one.
    pub(super) fn tell(self, runtime: Option<&Handle>) {
        match runtime {
            // A runtime that has ended drops the task at once, and so tells them too.
            Some(runtime) if self.0.len() > 1 => drop(runtime.spawn(async move { drop(self) })),
            _ => drop(self),
        }
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        for (job, failure) in self.0.drain(..) {
            job.answer(failure);
        }
    }
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
    F: FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
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
    F: FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send,
{
    fn is_change(&self) -> bool {
        self.change
    }

    fn run(&mut self, db: &Transaction<'_>) -> rusqlite::Result<()> {
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
pub(super) fn run(job: &mut dyn Job, db: &Transaction<'_>) -> rusqlite::Result<()> {
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
    db: &Transaction<'_>,
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
