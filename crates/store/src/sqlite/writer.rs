//! The way to the one desk where things are written (`desk.rs`): group commit.
//!
//! A thread sits at the desk. It takes everything that is queued, has it done in one transaction, and only then
//! answers. What comes while short pieces run becomes part of their transaction.
//!
//! A short piece that finds the desk free is written at once by whoever brings it ([`Writer::write_short`]):
//! waking the thread and being woken by it takes longer than the write itself. That must never hold up
//! the thread of a runtime for long, so everything unusual is left to the queue: another process that
//! has the file, a piece that fails, a connection to be opened, a disk that is slow. Once several
//! pieces come at a time they queue again, since together they need fewer syncs.
//!
//! Where nobody is in a hurry ([`Writer::unhurried`]) the thread waits some milliseconds for more pieces: with
//! all processors busy otherwise, a commit costs several times as much as it does in a row.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};

use super::desk::{Desk, Failure};
use super::piece::{Done, Job, Write};
use super::readers::Readers;
use super::transaction::Transaction;
use super::watch::Watch;
use crate::StoreError;

/// The most pieces in one transaction: what one of them waits for is bounded.
pub(super) const MOST_AT_ONCE: usize = 1024;
/// When nothing was queued for so long, nothing else may be coming for a while: callers of one
/// commit ask again sooner than that.
const QUIET: Duration = Duration::from_millis(5);
/// How long more pieces are waited for where nobody is in a hurry, and how many are enough.
const GATHERING: Duration = Duration::from_millis(10);
pub(super) const ENOUGH: usize = 16;

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
    failure: Arc<Failure>,
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
        let failure = Arc::<Failure>::default();
        let shared = Arc::new(Shared {
            desk: Mutex::new(Desk::new(watch, readers, Arc::clone(&failure))),
            queued: AtomicUsize::new(0),
            gathering: AtomicU64::new(0),
            failure,
        });
        let thread = {
            let shared = Arc::clone(&shared);
            // Only one whose threads go on by themselves: others stand still while nobody waits for something.
            let runtime = Handle::try_current().ok();
            let runtime = runtime.filter(|it| it.runtime_flavor() == RuntimeFlavor::MultiThread);
            std::thread::Builder::new()
                .name("pinward-store".to_owned())
                .spawn(move || work_through(&shared, &receiver, runtime.as_ref()))?
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
        F: FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
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
        F: FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, answer) = Write::of(false, work);
        if let Some(job) = self.shared.at_once(job) {
            self.queue(job)?;
        }
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// What something failed at that may last, where no change was kept since.
    pub(super) fn failure(&self) -> Option<StoreError> {
        self.shared.failure.look()
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

/// What the thread does until the store closes.
fn work_through(shared: &Shared, queue: &Receiver<Box<dyn Job>>, runtime: Option<&Handle>) {
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
        let failures = failures.into_iter().chain(nothing());
        let failures = failures.map(|failure| whole.as_ref().err().cloned().or(failure));
        Done::of(batch.drain(..).zip(failures)).tell(runtime);
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

fn nothing() -> impl Iterator<Item = Option<StoreError>> {
    std::iter::repeat_with(|| None)
}
