//! Logons against the pure state machine of the core, under random interleavings: which step of
//! which logon comes next, callers who go away, processes that die, clocks that jump, locks, new
//! PINs and new limits in between.
//!
//! One thread, a paused timer and a hook before each step of the store make every history
//! repeatable.

mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use pinward_core::{
    Admission, AttemptId, Clock, Counters, LengthClass, Limits, LockState, Outcome, PolicyIdentity,
    PolicyPatch, Timestamp, UserId,
};
use pinward_service::{
    AssignPinError, Attempt, Caller, Door, LogOnError, NewPin, Service, Source, Unavailable,
    Verdict,
};
use pinward_store::{Changed, Charged, Settled, Store, Verdict as Settlement};
use pinward_testkit::{ManualClock, act};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use self::stage::{Came, LOGON, Stage, TEMPLATE, Template, awake, settle_down, start, template};
use crate::helpers::in_memory;

const USERS: usize = 2;
/// PINs of three classes of length.
const PINS: [&str; 4] = ["18723834", "383042650", "121989", "60591"];
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

#[derive(Clone, Debug)]
enum Step {
    /// A logon begins: as whom, and with which of [`PINS`]; beyond them, with what is no PIN.
    Begin(usize, usize),
    /// One of the logons that stand before a step of the store takes it.
    Go(usize),
    /// Those who wait look again.
    Tick,
    /// The caller of one of the logons goes away.
    Abandon(usize),
    /// Seconds by which the clock moves, backwards too.
    Clock(i64),
    Lock(usize),
    Unlock(usize),
    Assign(usize, usize),
    Limit(Option<u32>),
    /// The process dies and another takes its place.
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let user = 0..USERS;
    let step = prop_oneof![
        12 => (user.clone(), 0..=PINS.len()).prop_map(|(user, pin)| Step::Begin(user, pin)),
        // The PIN that users have at first: else successes are rare.
        8 => user.clone().prop_map(|user| Step::Begin(user, 0)),
        36 => (0..99_usize).prop_map(Step::Go),
        6 => Just(Step::Tick),
        2 => (0..99_usize).prop_map(Step::Abandon),
        4 => prop_oneof![0..90_i64, -200..0_i64, 1500..4000_i64].prop_map(Step::Clock),
        1 => user.clone().prop_map(Step::Lock),
        2 => user.clone().prop_map(Step::Unlock),
        2 => (user, 0..PINS.len()).prop_map(|(user, pin)| Step::Assign(user, pin)),
        1 => prop::option::weighted(0.8, 1..5_u32).prop_map(Step::Limit),
        1 => Just(Step::Crash),
    ];
    prop::collection::vec(step, 1..100)
}

/// What one user's state should be.
struct Model {
    counters: Counters,
    pin: usize,
}

/// A logon that was begun.
struct LogOn {
    user: usize,
    pin: usize,
    answer: JoinHandle<Result<Verdict, LogOnError>>,
    /// The PIN that the user had when it was admitted.
    judged_by: Option<usize>,
    /// The answer that it must get, once that is decided.
    expected: Option<Result<Outcome, ()>>,
}

struct World {
    template: &'static Template,
    dir: TempDir,
    clock: Arc<ManualClock>,
    stage: Arc<Stage>,
    store: Arc<dyn Store>,
    service: Arc<Service>,
    maximum: Option<u32>,
    models: Vec<Model>,
    log_ons: BTreeMap<usize, LogOn>,
    begun: usize,
}

impl World {
    async fn new() -> Self {
        if TEMPLATE.get().is_none() {
            let made = template().await;
            TEMPLATE.get_or_init(|| made);
        }
        let template = TEMPLATE.get().expect("made above");
        let dir = in_memory();
        fs::write(dir.path().join("pinward.db"), &template.database).expect("written");
        let clock = Arc::new(ManualClock::default());
        let (stage, store, service) = start(template, &dir, &clock).await;
        let counters = |_| Model {
            counters: Counters::default(),
            pin: 0,
        };
        let mut models: Vec<_> = (0..USERS).map(counters).collect();
        for model in &mut models {
            model.counters.pin_was_set(clock.now());
        }
        Self {
            template,
            dir,
            clock,
            stage,
            store,
            service,
            maximum: None,
            models,
            log_ons: BTreeMap::new(),
            begun: 0,
        }
    }

    fn limits(&self, user: usize) -> Limits {
        let class = LengthClass::of(PINS[self.models[user].pin].len());
        Limits::of(class, self.maximum)
    }

    fn place(&self, id: UserId) -> usize {
        let people = &self.template.people;
        people
            .iter()
            .position(|(user, _)| *user == id)
            .expect("ours")
    }

    /// Which logon is the `number`th of those that stand before a step.
    fn waiting(&self, number: usize) -> Option<usize> {
        let waiting = self.stage.waiting.lock().unwrap();
        let all: Vec<_> = waiting.keys().copied().collect();
        all.get(number % all.len().max(1)).copied()
    }

    async fn step(&mut self, step: Step) {
        let now = self.clock.now();
        let administrator = Caller::local_administrator("test");
        match step {
            Step::Begin(user, pin) => self.begin(user, pin),
            Step::Go(number) => {
                if let Some(log_on) = self.waiting(number) {
                    self.go(log_on).await;
                }
            }
            Step::Tick => tokio::time::advance(Duration::from_millis(21)).await,
            Step::Abandon(number) => {
                if let Some(log_on) = self.waiting(number) {
                    self.stage.waiting.lock().unwrap().remove(&log_on);
                    let log_on = self.log_ons.remove(&log_on).expect("it was begun");
                    log_on.answer.abort();
                }
            }
            Step::Clock(by) => self.clock.advance_seconds(by),
            Step::Lock(user) => {
                let person = self.person(user).await;
                let locked = self.service.lock_pin(&administrator, &person).await;
                locked.expect("locked");
                let limits = self.limits(user);
                let counters = &mut self.models[user].counters;
                counters.expire(&limits, now);
                counters.lock_by_administrator(now);
            }
            Step::Unlock(user) => {
                let person = self.person(user).await;
                let unlocked = self.service.unlock_pin(&administrator, &person).await;
                unlocked.expect("unlocked");
                let limits = self.limits(user);
                let counters = &mut self.models[user].counters;
                counters.expire(&limits, now);
                counters.unlock(now);
            }
            Step::Assign(user, pin) => self.assign(user, pin).await,
            Step::Limit(maximum) => {
                let patch = PolicyPatch {
                    maximum_logon_attempts: Some(maximum.map(u64::from)),
                    ..PolicyPatch::default()
                };
                let (global, at) = (PolicyIdentity::Global, self.clock.now());
                let changed = self
                    .store
                    .change_policy(&global, &patch, None, &act(at))
                    .await;
                assert!(matches!(changed, Ok(Changed::Done(_))), "{changed:?}");
                self.maximum = maximum;
            }
            Step::Crash => self.crash().await,
        }
        settle_down().await;
        self.hear().await;
    }

    async fn person(&self, user: usize) -> pinward_core::User {
        let found = self.store.user(self.template.people[user].0).await;
        found.expect("it reads").expect("there")
    }

    fn begin(&mut self, user: usize, pin: usize) {
        let number = self.begun;
        self.begun += 1;
        let service = Arc::clone(&self.service);
        let who = &self.template.people[user].1;
        let logon = async move {
            let attempt = Attempt {
                who,
                pin: PINS.get(pin).copied().unwrap_or("no PIN"),
                also_known_as: None,
                source: Source::of(Door::Shell),
                delivery: None,
            };
            service.log_on(&attempt).await
        };
        let log_on = LogOn {
            user,
            pin,
            answer: tokio::spawn(LOGON.scope(number, logon)),
            judged_by: None,
            expected: None,
        };
        self.log_ons.insert(number, log_on);
    }

    async fn assign(&mut self, user: usize, pin: usize) {
        let now = self.clock.now();
        let person = self.person(user).await;
        let administrator = Caller::local_administrator("test");
        let assigned = self
            .service
            .assign_pin(&administrator, &person, &NewPin::Named(PINS[pin]))
            .await;
        let limits = self.limits(user);
        let model = &mut self.models[user];
        let mut counters = model.counters.clone();
        counters.expire(&limits, now);
        if counters.may_set_pin() {
            counters.pin_was_set(now);
            *model = Model { counters, pin };
            assert!(assigned.is_ok());
        } else {
            // A refusal keeps nothing, not even the time.
            assert_ne!(counters.state(now), LockState::None);
            assert!(matches!(assigned, Err(AssignPinError::Locked { .. })));
        }
    }

    /// One logon takes its next step in the store; the model takes it too.
    async fn go(&mut self, number: usize) {
        let waits = self.stage.waiting.lock().unwrap().remove(&number);
        let (now, go) = waits.expect("it waits");
        go.send(()).expect("it lives");
        let came = loop {
            if let Some(came) = self.stage.came.lock().unwrap().take() {
                break came;
            }
            tokio::task::yield_now().await;
        };
        match came {
            Came::Charged(user, charged) => self.charged(number, self.place(user), &charged, now),
            Came::Settled(attempt, verdict, settled) => {
                self.settled(number, attempt, &verdict, settled, now);
            }
        }
        // The hash is computed on another thread: until the logon stands before its next step.
        let admitted = self.log_ons[&number].judged_by.is_some();
        while admitted
            && !self.log_ons[&number].answer.is_finished()
            && !self.stage.waiting.lock().unwrap().contains_key(&number)
        {
            tokio::task::yield_now().await;
        }
    }

    fn charged(&mut self, number: usize, user: usize, charged: &Charged, now: Timestamp) {
        let limits = self.limits(user);
        let model = &mut self.models[user];
        let log_on = self.log_ons.get_mut(&number).expect("it was begun");
        assert_eq!(log_on.user, user);
        let id = match charged {
            Charged::Admitted { attempt, .. } => *attempt,
            _ => AttemptId(-1),
        };
        let admission = model.counters.charge(id, &limits, now, LEASE);
        match (charged, admission) {
            (Charged::Admitted { .. }, Admission::Admitted) => log_on.judged_by = Some(model.pin),
            (Charged::Wait, Admission::Wait) => {}
            (Charged::Refused(told), Admission::Refused(expected)) => {
                assert_eq!(*told, expected);
                log_on.expected = Some(Ok(Outcome::UserPinAccountLocked));
            }
            other => panic!("{other:?}"),
        }
    }

    fn settled(
        &mut self,
        number: usize,
        id: AttemptId,
        verdict: &Settlement,
        settled: Settled,
        now: Timestamp,
    ) {
        let log_on = self.log_ons.get_mut(&number).expect("it was begun");
        let right = log_on.judged_by == Some(log_on.pin);
        let user = log_on.user;
        let limits = self.limits(user);
        let counters = &mut self.models[user].counters;
        // What is no longer open changes nothing, not even the clock.
        let expected = match counters.open.iter().any(|open| open.id == id) {
            false => pinward_core::Settled::AlreadyExpired,
            true if right => counters.settle_success(id, &limits, now),
            true => counters.settle_failure(id, &limits, now),
        };
        match right {
            true => assert_eq!(*verdict, Settlement::Correct { upgraded: None }),
            false => assert_eq!(*verdict, Settlement::Wrong),
        }
        let log_on = self.log_ons.get_mut(&number).expect("it was begun");
        log_on.expected = Some(match (settled, expected) {
            (Settled::Done, pinward_core::Settled::Done) if right => Ok(Outcome::Success),
            (Settled::Done, pinward_core::Settled::Done) => Ok(Outcome::IncorrectPin),
            (Settled::AlreadyExpired, pinward_core::Settled::AlreadyExpired) => Err(()),
            other => panic!("{other:?}"),
        });
    }

    /// The answers that were given are those that the model expects, no sooner and no other.
    async fn hear(&mut self) {
        let finished = |log_on: &LogOn| log_on.answer.is_finished();
        let numbers: Vec<_> = self.log_ons.keys().copied().collect();
        for number in numbers {
            if !finished(&self.log_ons[&number]) {
                continue;
            }
            let log_on = self.log_ons.remove(&number).expect("there");
            let answer = log_on.answer.await.expect("no panic");
            let expected = log_on.expected.expect("decided before it is answered");
            match (answer, expected) {
                (Ok(verdict), Ok(outcome)) => assert_eq!(verdict.outcome, outcome),
                (Err(LogOnError::Unavailable(Unavailable::TooSlow)), Err(())) => {}
                other => panic!("{other:?}"),
            }
        }
        let decided = |log_on: &LogOn| log_on.expected.is_some();
        assert!(!self.log_ons.values().any(decided), "answered when decided");
    }

    async fn crash(&mut self) {
        let log_ons = std::mem::take(&mut self.log_ons);
        for log_on in log_ons.into_values() {
            log_on.answer.abort();
        }
        settle_down().await;
        let (stage, store, service) = start(self.template, &self.dir, &self.clock).await;
        self.stage = stage;
        self.store = store;
        self.service = service;
    }

    async fn compare(&self) {
        let now = self.clock.now();
        for (user, model) in self.models.iter().enumerate() {
            let id = self.template.people[user].0;
            let status = self.store.pin_status(id, now).await;
            let status = status.expect("it reads").expect("there");
            let mut expected = model.counters.clone();
            expected.expire(&self.limits(user), now);
            assert_eq!(status.counters, expected);
        }
    }

    /// Everybody gets an answer in the end, and never "busy".
    async fn finish(&mut self) {
        let mut rounds = 0;
        while !self.log_ons.is_empty() {
            while self.waiting(0).is_some() {
                self.step(Step::Go(0)).await;
            }
            self.step(Step::Tick).await;
            rounds += 1;
            if rounds % 4 == 0 {
                // What the dead left open holds the budget until its lease is over.
                self.step(Step::Clock(61)).await;
            }
            assert!(rounds < 200, "{} wait for ever", self.log_ons.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    // R-LOCK-1, R-LOCK-4, R-LOCK-8, R-LOCK-10, R-LOCK-12, R-AUTH-2, R-AUTH-7, R-POL-7
    #[test]
    fn logons_come_out_as_the_core_says(
        maximum in prop::option::weighted(0.8, 1..5_u32),
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(awake(async {
            let mut world = World::new().await;
            world.step(Step::Limit(maximum)).await;
            for (number, step) in (1..).zip(steps) {
                world.step(step).await;
                if number % 4 == 0 {
                    world.compare().await;
                }
            }
            world.finish().await;
            world.compare().await;
        }));
    }
}
