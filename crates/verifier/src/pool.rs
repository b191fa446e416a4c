//! The bounded hashing pool: as many threads as lanes, each with one arena; one queue, first come,
//! first served.
//!
//! What a lane computes is a function, so that the tests can put a gate or a panic in its place.

use crate::arena::Arena;
use crate::error::{StartError, VerifierError};
use crate::params::HashParams;
use crate::stored::{HASH, SALT};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// One hash to compute. Boxed by everybody who holds it: moving it would leave copies of the MAC.
#[derive(ZeroizeOnDrop)]
pub(crate) struct Work {
    pub(crate) mac: [u8; HASH],
    pub(crate) hash: [u8; HASH],
    #[zeroize(skip)]
    pub(crate) salt: [u8; SALT],
    #[zeroize(skip)]
    pub(crate) params: HashParams,
}

/// Fills in `hash` from the rest, using the lane's arena.
pub(crate) type Engine =
    dyn Fn(&mut Arena, &mut Work) -> Result<(), VerifierError> + Send + Sync + 'static;

type Answer = Result<Box<Work>, VerifierError>;

struct Job {
    work: Box<Work>,
    answer: oneshot::Sender<Answer>,
}

pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Queue>,
    /// One for each lane.
    bells: Vec<Condvar>,
    /// Most jobs at a time, those in the lanes included.
    capacity: usize,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Lanes that have a job in hand.
    computing: usize,
    /// Lanes that wait for their bell, the latest last: it is rung first, since what it works with
    /// is still in the processor's cache.
    idle: Vec<usize>,
    closed: bool,
}

impl Queue {
    fn len(&self) -> usize {
        self.jobs.len() + self.computing
    }

    /// The first job that somebody still waits for, now in a lane's hand.
    fn take(&mut self) -> Option<Job> {
        loop {
            let job = self.jobs.pop_front()?;
            if !job.answer.is_closed() {
                self.computing += 1;
                return Some(job);
            }
        }
    }

    /// Those who gave up waiting do not keep others out.
    fn is_full(&mut self, capacity: usize) -> bool {
        if self.len() >= capacity {
            self.jobs.retain(|job| !job.answer.is_closed());
        }
        self.len() >= capacity
    }
}

impl Pool {
    /// `capacity` jobs may wait, besides the one in each lane.
    pub(crate) fn start(
        lanes: NonZeroUsize,
        capacity: NonZeroUsize,
        memory_kib: u32,
        engine: &Arc<Engine>,
    ) -> Result<Pool, StartError> {
        let capacity = capacity.saturating_add(lanes.get());
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            bells: std::iter::repeat_with(Condvar::new)
                .take(lanes.get())
                .collect(),
            capacity: capacity.get(),
        });
        let mut pool = Pool {
            shared,
            threads: Vec::with_capacity(lanes.get()),
        };
        for number in 0..lanes.get() {
            let no_memory = StartError::Memory {
                lanes: lanes.get(),
                memory_kib,
            };
            let arena = Arena::new(memory_kib as usize).ok_or(no_memory)?;
            let (shared, engine) = (Arc::clone(&pool.shared), Arc::clone(engine));
            let thread = Builder::new()
                .name(format!("pin-hash-{number}"))
                .spawn(move || lane(number, &shared, arena, &*engine))
                .map_err(StartError::Thread)?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    pub(crate) fn lanes(&self) -> usize {
        self.threads.len()
    }

    /// Whether a job would be refused now.
    pub(crate) fn is_full(&self) -> bool {
        self.shared.lock().is_full(self.shared.capacity)
    }

    /// Jobs in the lanes and before them.
    pub(crate) fn queued(&self) -> usize {
        self.shared.lock().len()
    }

    /// Queues a job; the answer comes when its turn has come. Dropping the receiver takes the job
    /// back, unless a lane already computes it.
    pub(crate) fn submit(
        &self,
        work: Box<Work>,
    ) -> Result<oneshot::Receiver<Answer>, VerifierError> {
        let (answer, receiver) = oneshot::channel();
        let mut queue = self.shared.lock();
        if queue.is_full(self.shared.capacity) {
            return Err(VerifierError::Busy);
        }
        queue.jobs.push_back(Job { work, answer });
        let bell = queue
            .idle
            .pop()
            .and_then(|lane| self.shared.bells.get(lane));
        drop(queue);
        if let Some(bell) = bell {
            bell.notify_one();
        }
        Ok(receiver)
    }
}

/// A lane that went down without an answer is an error like every other.
pub(crate) async fn answer(receiver: oneshot::Receiver<Answer>) -> Answer {
    receiver.await.unwrap_or(Err(VerifierError::Failed))
}

impl Drop for Pool {
    /// Waits for the hashes being computed; whoever could wait for one is gone.
    fn drop(&mut self) {
        let mut queue = self.shared.lock();
        queue.closed = true;
        queue.jobs.clear();
        drop(queue);
        self.shared.bells.iter().for_each(Condvar::notify_one);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    /// Nothing in here panics half way, so a poisoned queue is a good queue.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job that somebody still waits for, for the lane of that number.
    fn next(&self, lane: usize, patience: Option<Duration>) -> Next {
        let mut queue = self.lock();
        let mut tired = false;
        loop {
            if queue.closed {
                return Next::End;
            }
            let job = queue.take();
            if job.is_some() || tired {
                queue.idle.retain(|idle| *idle != lane);
                return job.map_or(Next::Nothing, Next::Job);
            }
            if !queue.idle.contains(&lane) {
                queue.idle.push(lane);
            }
            let bell = &self.bells[lane];
            (queue, tired) = match patience {
                None => {
                    let queue = bell.wait(queue);
                    (queue.unwrap_or_else(PoisonError::into_inner), false)
                }
                Some(patience) => {
                    let waited = bell.wait_timeout(queue, patience);
                    let (queue, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                    (queue, timeout.timed_out())
                }
            };
        }
    }

    fn finished(&self) {
        self.lock().computing -= 1;
    }
}

/// What comes next for a lane.
enum Next {
    Job(Job),
    /// Not within the lane's patience.
    Nothing,
    /// The pool closes.
    End,
}

/// How long what a hash leaves in the memory may stay there: about as long as it takes the service
/// to settle one attempt and to admit the next.
const LINGER: Duration = Duration::from_millis(2);

/// Computes one job after the other.
///
/// What a hash leaves in the memory is wiped when nobody asks for [`LINGER`]. Where somebody does,
/// with the same parameters, the next hash overwrites all of it in its first pass, before it reads
/// any: wiping too would cost a tenth of the lane's time and gain some milliseconds.
fn lane(number: usize, shared: &Shared, mut arena: Arena, engine: &Engine) {
    arena.prepare();
    let mut left_by = None;
    loop {
        let Job { mut work, answer } = match shared.next(number, left_by.map(|_| LINGER)) {
            Next::Job(job) => job,
            Next::Nothing => {
                arena.wipe();
                left_by = None;
                continue;
            }
            Next::End => return,
        };
        if left_by.is_some_and(|params| params != work.params) {
            arena.wipe();
        }
        // A panic must cost one verdict, not a lane for ever: with all lanes gone nobody could
        // sign in, and nothing would say so.
        let outcome = catch_unwind(AssertUnwindSafe(|| engine(&mut arena, &mut work)));
        work.mac.zeroize();
        left_by = matches!(outcome, Ok(Ok(()))).then_some(work.params);
        if left_by.is_none() {
            // Nobody knows what it left where.
            arena.wipe();
        }
        let result = match outcome {
            Ok(done) => done.map(|()| work),
            Err(_) => Err(VerifierError::Failed),
        };
        // Before the answer: whoever has it finds the place free.
        shared.finished();
        // An error here: the attempt was given up, and its answer is wiped.
        let _ = answer.send(result);
    }
}

#[cfg(test)]
mod tests;
