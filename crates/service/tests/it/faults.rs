//! A store that fails or is slow at one step of a logon: no success that is not kept, nothing
//! counted that was not evaluated (R-AUTH-7), nobody held up by somebody else's trouble.

use std::collections::VecDeque;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::SignedDuration;
use pinward_core::{Outcome, PolicyPatch};
use pinward_service::{Attempt, Delivery, Door, Input, LogOnError, Source, Unavailable, Verdict};
use pinward_store::{Charged, StoreError, Verdict as Settlement};
use pinward_testkit::{Hook, Kit, Made, Step};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures, policy};

const RIGHT: &str = "18723834";
const WRONG: &str = "72940001";

async fn log_on(kit: &Kit, pin: &str, key: Option<&str>) -> Result<Verdict, LogOnError> {
    let delivery = key.map(|key| Delivery {
        client: "gateway",
        key,
        life: SignedDuration::from_mins(10),
        input: Input::Keyed(&[]),
    });
    let attempt = Attempt {
        who: KEN_EXTENSION,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery,
    };
    kit.service.log_on(&attempt).await
}

async fn limit(kit: &Kit, attempts: u64) {
    let patch = PolicyPatch {
        maximum_logon_attempts: Some(Some(attempts)),
        ..PolicyPatch::default()
    };
    policy(kit, "site:Redmond", patch).await;
}

/// Fails the next charges and settlements as told, before they are made.
#[derive(Default)]
struct Failing {
    charges: Mutex<VecDeque<StoreError>>,
    settlements: Mutex<VecDeque<StoreError>>,
    /// What was asked to be settled.
    asked: Mutex<Vec<Settlement>>,
}

#[async_trait]
impl Hook for Failing {
    async fn before(&self, step: Step<'_>) -> Result<(), StoreError> {
        let failures = match step {
            Step::Charge(_) => &self.charges,
            Step::Settle(_, verdict) => {
                self.asked.lock().unwrap().push(verdict.clone());
                &self.settlements
            }
        };
        failures.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }
}

fn path() -> PathBuf {
    PathBuf::from("pinward.db")
}

fn troubles() -> [StoreError; 5] {
    let detail = "a test".to_owned();
    [
        StoreError::Full { path: path() },
        StoreError::ReadOnly { path: path() },
        StoreError::Missing { path: path() },
        StoreError::Damaged {
            path: path(),
            detail: detail.clone(),
        },
        StoreError::Io {
            path: path(),
            detail,
        },
    ]
}

async fn failing() -> (Kit, Arc<Failing>) {
    let kit = Kit::sample().await;
    assign(&kit, KEN, RIGHT).await;
    let failing = Arc::new(Failing::default());
    let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
    (kit.hooked(hook).await, failing)
}

fn is_store_error(answer: &Result<Verdict, LogOnError>, expected: &StoreError) -> bool {
    matches!(answer, Err(LogOnError::Unavailable(Unavailable::Store(error))) if error == expected)
}

// R-AUTH-7
#[tokio::test]
async fn a_charge_that_is_not_kept_is_an_error_and_counts_nothing() {
    let (kit, failing) = failing().await;
    for trouble in troubles().into_iter().chain([StoreError::Busy]) {
        for (pin, key) in [(RIGHT, None), (WRONG, None), (RIGHT, Some("a"))] {
            failing.charges.lock().unwrap().push_back(trouble.clone());
            let answer = log_on(&kit, pin, key).await;
            assert!(is_store_error(&answer, &trouble), "{answer:?}");
        }
    }
    assert_eq!(*failing.asked.lock().unwrap(), []);
    kit.clock.advance_minutes(5);
    assert_eq!(failures(&kit, KEN).await, (0, 0));
    let again = log_on(&kit, RIGHT, Some("a")).await.expect("a verdict");
    assert_eq!(again.outcome, Outcome::Success);
}

// R-AUTH-7: the right PIN opens nothing where that cannot be kept. It was evaluated, so that the
// attempt counts when its lease runs out: the safe side.
#[tokio::test]
async fn a_settlement_that_is_not_kept_is_never_a_success() {
    let (kit, failing) = failing().await;
    for (before, trouble) in (0..).zip(troubles()) {
        let key = format!("key {before}");
        failing
            .settlements
            .lock()
            .unwrap()
            .push_back(trouble.clone());
        let answer = log_on(&kit, RIGHT, Some(&key)).await;
        assert!(is_store_error(&answer, &trouble), "{answer:?}");
        assert_eq!(failures(&kit, KEN).await.1, before);
        kit.clock.advance_minutes(1);
        assert_eq!(failures(&kit, KEN).await.1, before + 1);
        let again = log_on(&kit, RIGHT, Some(&key)).await;
        assert!(
            matches!(again, Err(LogOnError::Unavailable(Unavailable::TooSlow))),
            "{again:?}"
        );
        assert_eq!(failures(&kit, KEN).await.1, before + 1, "once only");
    }
}

// A busy store is asked again, so that a right PIN is not counted because others are decided.
#[tokio::test]
async fn a_busy_store_still_gets_the_settlement() {
    let (kit, failing) = failing().await;
    for (pin, expected) in [
        (RIGHT, Outcome::Success),
        (WRONG, Outcome::IncorrectPin),
        ("no PIN at all", Outcome::IncorrectPin),
    ] {
        failing.settlements.lock().unwrap().extend([
            StoreError::Busy,
            StoreError::Busy,
            StoreError::Busy,
        ]);
        let verdict = log_on(&kit, pin, None).await.expect("a verdict");
        assert_eq!(verdict.outcome, expected);
    }
    kit.clock.advance_minutes(2);
    assert_eq!(failures(&kit, KEN).await, (2, 2));
}

/// Holds charges and settlements that come after the first few until it is told to let them go.
struct Gate {
    charges: Semaphore,
    settlements: Semaphore,
    /// Answers to those who were admitted.
    answers: Semaphore,
    charged: AtomicUsize,
    admitted: AtomicUsize,
}

impl Gate {
    fn new(charges: usize, settlements: usize, answers: usize) -> Arc<Self> {
        Arc::new(Self {
            charges: Semaphore::new(charges),
            settlements: Semaphore::new(settlements),
            answers: Semaphore::new(answers),
            charged: AtomicUsize::new(0),
            admitted: AtomicUsize::new(0),
        })
    }
}

async fn pass(gate: &Semaphore) {
    gate.acquire().await.expect("never closed").forget();
}

#[async_trait]
impl Hook for Gate {
    async fn before(&self, step: Step<'_>) -> Result<(), StoreError> {
        match step {
            Step::Charge(_) => pass(&self.charges).await,
            Step::Settle(..) => pass(&self.settlements).await,
        }
        Ok(())
    }

    async fn after(&self, made: Made<'_>) -> Result<(), StoreError> {
        match made {
            Made::Charged(_, charged) => {
                self.charged.fetch_add(1, Ordering::SeqCst);
                if matches!(charged, Charged::Admitted { .. }) {
                    self.admitted.fetch_add(1, Ordering::SeqCst);
                    pass(&self.answers).await;
                }
            }
            Made::Delivered(..) => {
                self.charged.fetch_add(1, Ordering::SeqCst);
            }
            Made::Settled(..) => {}
        }
        Ok(())
    }
}

/// Foretells what the store does, and then says that it failed.
struct Reneging(AtomicUsize);

#[async_trait]
impl Hook for Reneging {
    async fn after(&self, made: Made<'_>) -> Result<(), StoreError> {
        let Made::Charged(..) = made else {
            return Ok(());
        };
        // The hash that was begun on the forecast has an opportunity to end.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => Err(StoreError::Closed),
            _ => Ok(()),
        }
    }
}

// R-AUTH-7, R-LOCK-10: what was found out on a forecast that was not kept is told nobody.
#[tokio::test]
async fn a_forecast_that_is_not_kept_lets_nobody_in() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, RIGHT).await;
    let kit = kit.hooked(Arc::new(Reneging(AtomicUsize::new(0)))).await;
    let refused = log_on(&kit, RIGHT, None).await;
    assert!(matches!(refused, Err(LogOnError::Unavailable(_))));
    for (pin, outcome) in [(WRONG, Outcome::IncorrectPin), (RIGHT, Outcome::Success)] {
        let verdict = log_on(&kit, pin, None).await.expect("a verdict");
        assert_eq!(verdict.outcome, outcome);
    }
}

/// Lets everything else go on until the condition holds.
async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::task::yield_now().await;
    }
}

fn right(kit: &Arc<Kit>) -> JoinHandle<Result<Verdict, LogOnError>> {
    let kit = Arc::clone(kit);
    tokio::spawn(async move { log_on(&kit, RIGHT, None).await })
}

/// Somebody with one attempt, which is admitted and held by the gate.
async fn the_only_attempt(gate: &Arc<Gate>) -> (Arc<Kit>, JoinHandle<Result<Verdict, LogOnError>>) {
    let kit = Kit::sample().await;
    assign(&kit, KEN, RIGHT).await;
    limit(&kit, 1).await;
    let kit = Arc::new(kit.hooked(Arc::clone(gate) as _).await);
    let first = right(&kit);
    until(|| gate.admitted.load(Ordering::SeqCst) == 1).await;
    (kit, first)
}

// R-AUTH-7: whoever waited too long while the store was slow was admitted behind its own back,
// and counted as a failure a minute later.
#[tokio::test]
async fn nobody_is_admitted_without_hearing_of_it() {
    let gate = Gate::new(99, 0, 1);
    let (kit, first) = the_only_attempt(&gate).await;
    // It stands in line; that the store admits it is made, and the answer is slow.
    let second = right(&kit);
    until(|| gate.charged.load(Ordering::SeqCst) >= 2).await;
    gate.settlements.add_permits(1);
    let first = first.await.expect("it ends").expect("a verdict");
    assert_eq!(first.outcome, Outcome::Success);
    until(|| gate.admitted.load(Ordering::SeqCst) == 2).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(30)).await;
    tokio::time::resume();
    // Whoever's time is over now has the opportunity to notice.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    gate.answers.add_permits(9);
    gate.settlements.add_permits(9);
    let second = second.await.expect("it ends").expect("a verdict");
    assert_eq!(second.outcome, Outcome::Success);
    kit.clock.advance_minutes(2);
    assert_eq!(failures(&kit, KEN).await, (0, 0));
    assert_eq!(kit.store.counts().await.expect("counts").open_attempts, 0);
}

// R-LOCK-10, R-AUTH-7: waiting for others has a bound; whoever waited for nothing is not counted.
#[tokio::test]
async fn nobody_waits_for_others_for_ever() {
    let gate = Gate::new(99, 0, 99);
    let (kit, first) = the_only_attempt(&gate).await;
    let second = right(&kit);
    until(|| gate.charged.load(Ordering::SeqCst) >= 2).await;
    assert!(!second.is_finished(), "it waits for the first one");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    let second = second.await.expect("it ends");
    assert!(
        matches!(second, Err(LogOnError::Unavailable(Unavailable::Busy))),
        "{second:?}"
    );
    gate.settlements.add_permits(9);
    let first = first.await.expect("it ends").expect("a verdict");
    assert_eq!(first.outcome, Outcome::Success);
    assert_eq!(failures(&kit, KEN).await, (0, 0));
    assert_eq!(kit.store.counts().await.expect("counts").open_attempts, 0);
}

/// Polls once and lets the rest go, as if its process had died there.
async fn die(gate: &Gate, attempt: impl Future) {
    let mut attempt = pin!(attempt);
    let waiting = std::future::poll_fn(|context| {
        let settling =
            gate.admitted.load(Ordering::SeqCst) > 0 || gate.charged.load(Ordering::SeqCst) > 0;
        match attempt.as_mut().poll(context) {
            Poll::Ready(_) => panic!("it was to be held"),
            Poll::Pending if settling => Poll::Ready(()),
            Poll::Pending => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    });
    waiting.await;
}

// R-LOCK-10, R-LOCK-11: a process died while it decided an attempt. Its repetitions wait for the
// end of the lease, and keep nobody else waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repetitions_of_a_dead_attempt_hold_nobody_up() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, RIGHT).await;
    let gate = Gate::new(99, 0, 99);
    let dead = kit.beside().await.hooked(Arc::clone(&gate) as _).await;
    die(&gate, log_on(&dead, WRONG, Some("a"))).await;
    drop(dead);
    let gate = Gate::new(99, 99, 99);
    let kit = Arc::new(kit.hooked(Arc::clone(&gate) as _).await);
    let repeated: Vec<_> = (0..4)
        .map(|_| {
            let kit = Arc::clone(&kit);
            tokio::spawn(async move { log_on(&kit, WRONG, Some("a")).await })
        })
        .collect();
    // One of them asks the store again and again.
    until(|| gate.charged.load(Ordering::SeqCst) >= 8).await;
    let start = Instant::now();
    for _ in 0..10 {
        let verdict = log_on(&kit, RIGHT, None).await.expect("a verdict");
        assert_eq!(verdict.outcome, Outcome::Success);
    }
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "held up for {:?}",
        start.elapsed()
    );
    kit.clock.advance_minutes(2);
    for repeated in repeated {
        let answer = repeated.await.expect("it ends");
        assert!(
            matches!(answer, Err(LogOnError::Unavailable(Unavailable::TooSlow))),
            "{answer:?}"
        );
    }
    assert_eq!(failures(&kit, KEN).await.1, 1, "counted once");
}
