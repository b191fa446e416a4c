//! The store against the pure state machine of the core, under random interleavings.

use jiff::Timestamp;
use pinward_core::{
    Admission, AttemptId, Counters, LengthClass, Limits, LockState, Policy, PolicyIdentity, UserId,
};
use pinward_store::{Charged, PinSet, Settled, SqliteStore, Store, Verdict};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::{LEASE, at, limit_attempts, new_pin, people, scratch};

const USERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Charge(usize),
    /// Settles one of the attempts ever made, from the newest.
    Settle(usize, u8),
    /// Seconds by which the clock moves, backwards too.
    Clock(i64),
    Lock(usize),
    Unlock(usize),
    Set(usize, u8),
    /// The store is closed and opened again.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let user = 0..USERS;
    let step = prop_oneof![
        12 => user.clone().prop_map(Step::Charge),
        12 => (0..6_usize, 0..8_u8).prop_map(|(back, verdict)| Step::Settle(back, verdict)),
        4 => prop_oneof![0..90_i64, -200..0_i64, 1500..4000_i64].prop_map(Step::Clock),
        1 => user.clone().prop_map(Step::Lock),
        1 => user.clone().prop_map(Step::Unlock),
        2 => (user, 0..4_u8).prop_map(|(user, class)| Step::Set(user, class)),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..160)
}

/// What one user's state should be.
#[derive(Default)]
struct Model {
    counters: Counters,
    class: Option<LengthClass>,
    pins: Vec<String>,
}

struct World {
    dir: TempDir,
    store: Option<SqliteStore>,
    maximum: Option<u32>,
    now: i64,
    ids: Vec<UserId>,
    models: Vec<Model>,
    attempts: Vec<(usize, AttemptId)>,
}

impl World {
    async fn new(maximum: Option<u32>) -> Self {
        let dir = scratch();
        let store = SqliteStore::create(dir.path()).unwrap();
        let ids = people(&store, u32::try_from(USERS).unwrap()).await;
        if let Some(maximum) = maximum {
            limit_attempts(&store, maximum.into()).await;
        }
        let models = ids.iter().map(|_| Model::default()).collect();
        let store = Some(store);
        Self {
            dir,
            store,
            maximum,
            now: 0,
            ids,
            models,
            attempts: Vec::new(),
        }
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_ref().unwrap()
    }

    fn time(&self) -> Timestamp {
        at(self.now)
    }

    fn limits(&self, user: usize) -> Limits {
        Limits::of(
            self.models[user].class.unwrap_or(LengthClass::Four),
            self.maximum,
        )
    }

    async fn step(&mut self, step: Step) {
        let now = self.time();
        match step {
            Step::Charge(user) => self.charge(user).await,
            Step::Settle(back, verdict) => self.settle(back, verdict).await,
            Step::Clock(by) => self.now += by,
            Step::Lock(user) => {
                assert!(self.store().lock_pin(self.ids[user], now).await.unwrap());
                let limits = self.limits(user);
                self.models[user].counters.expire(&limits, now);
                self.models[user].counters.lock_by_administrator(now);
            }
            Step::Unlock(user) => {
                assert!(self.store().unlock_pin(self.ids[user], now).await.unwrap());
                let limits = self.limits(user);
                self.models[user].counters.expire(&limits, now);
                self.models[user].counters.unlock(now);
            }
            Step::Set(user, class) => self.set(user, class).await,
            Step::Restart => {
                self.store = None;
                self.store = Some(SqliteStore::open(self.dir.path()).unwrap());
            }
        }
    }

    async fn charge(&mut self, user: usize) {
        let now = self.time();
        let charged = self
            .store()
            .charge(self.ids[user], now, LEASE)
            .await
            .unwrap();
        let limits = self.limits(user);
        let model = &mut self.models[user];
        if model.class.is_none() {
            assert_eq!(charged, Charged::PinNotSet);
            return;
        }
        let id = match &charged {
            Charged::Admitted { attempt, .. } => *attempt,
            _ => AttemptId(-1),
        };
        let admission = model.counters.charge(id, &limits, now, LEASE);
        match (charged, admission) {
            (
                Charged::Admitted {
                    attempt,
                    verifier,
                    pin_version,
                    ..
                },
                Admission::Admitted,
            ) => {
                assert_eq!(Some(&verifier), model.pins.last());
                assert_eq!(usize::try_from(pin_version).unwrap(), model.pins.len());
                assert!(
                    self.attempts.iter().all(|(_, other)| *other != attempt),
                    "ids are new"
                );
                self.attempts.push((user, attempt));
            }
            (Charged::Wait, Admission::Wait) => {}
            (Charged::Refused(told), Admission::Refused(expected)) => assert_eq!(told, expected),
            other => panic!("{other:?}"),
        }
    }

    async fn settle(&mut self, back: usize, verdict: u8) {
        let Some(place) = self.attempts.len().checked_sub(back + 1) else {
            return;
        };
        let (user, id) = self.attempts[place];
        let now = self.time();
        let limits = self.limits(user);
        let counters = &mut self.models[user].counters;
        let was_open = counters.open.iter().any(|open| open.id == id);
        let (verdict, expected) = match verdict {
            // What is no longer open changes nothing, not even the clock.
            _ if !was_open => (Verdict::Wrong, pinward_core::Settled::AlreadyExpired),
            0 | 1 => {
                let verdict = Verdict::Correct { upgraded: None };
                (verdict, counters.settle_success(id, &limits, now))
            }
            2 => {
                counters.expire(&limits, now);
                (Verdict::CorrectButUnusable, counters.release(id))
            }
            3 => {
                counters.expire(&limits, now);
                (Verdict::Released, counters.release(id))
            }
            _ => (Verdict::Wrong, counters.settle_failure(id, &limits, now)),
        };
        let settled = self.store().settle(id, verdict, now).await.unwrap();
        let expected = match expected {
            pinward_core::Settled::Done => Settled::Done,
            pinward_core::Settled::AlreadyExpired => Settled::AlreadyExpired,
        };
        assert_eq!(settled, expected);
    }

    async fn set(&mut self, user: usize, class: u8) {
        let now = self.time();
        let class = match class {
            0 => LengthClass::Four,
            1 => LengthClass::Five,
            2 => LengthClass::Six,
            _ => LengthClass::SevenUp,
        };
        let mut request = new_pin(self.ids[user], class, now);
        request.verifier = format!("{} {}", request.verifier, self.models[user].pins.len());
        let set = self.store().set_pin(request.clone()).await.unwrap();
        let limits = self.limits(user);
        let model = &mut self.models[user];
        model.counters.expire(&limits, now);
        if model.counters.may_set_pin() {
            model.counters.pin_was_set(now);
            model.class = Some(class);
            model.pins.push(request.verifier);
            assert_eq!(set, PinSet::Done);
        } else {
            let state = model.counters.state(now);
            assert_ne!(state, LockState::None);
            assert_eq!(set, PinSet::Locked(state));
        }
    }

    /// What the store shows is what the model holds.
    async fn compare(&self) {
        let now = self.time();
        let mut open = 0;
        for (user, model) in self.models.iter().enumerate() {
            let status = self
                .store()
                .pin_status(self.ids[user], now)
                .await
                .unwrap()
                .unwrap();
            let mut expected = model.counters.clone();
            open += expected.open.len();
            expected.expire(&self.limits(user), now);
            assert_eq!(status.counters, expected);
            assert_eq!(status.length_class, model.class);
            let history = self.store().pin_history(self.ids[user], 99).await.unwrap();
            let expected: Vec<_> = model.pins.iter().rev().take(20).cloned().collect();
            assert_eq!(history, expected);
        }
        let counts = self.store().counts().await.unwrap();
        assert_eq!(counts.open_attempts, u64::try_from(open).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    // R-LOCK-1 to 8, R-LOCK-10, R-LOCK-12, R-SET-3, R-SET-4, R-SET-5, R-HIST-3
    #[test]
    fn the_store_does_what_the_core_says(
        maximum in prop::option::weighted(0.8, 1..5_u32),
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(maximum).await;
            for user in 0..USERS - 1 {
                world.step(Step::Set(user, 0)).await;
            }
            for step in steps {
                world.step(step).await;
                world.compare().await;
            }
        });
    }
}

#[tokio::test]
async fn the_models_policy_is_the_stores() {
    let world = World::new(None).await;
    let governing = world.store().governing_policy(world.ids[0]).await.unwrap();
    assert_eq!(governing, Some(Policy::defaults(PolicyIdentity::Global)));
}
