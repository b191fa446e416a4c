//! The store against the pure state machine of the core, under random interleavings and crashes.

mod state;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use jiff::Timestamp;
use pinward_core::{
    AttemptId, LengthClass, LockState, Policy, PolicyIdentity, PolicyPatch, UserId,
};
use pinward_store::{Changed, Charged, PinSet, Settled, SqliteStore, Store, StoreError};
use proptest::prelude::*;
use tempfile::TempDir;

use self::state::{Model, State, verdict_of};
use crate::support::{LEASE, act, at, log_on, new_pin, people, scratch};

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
    /// `MaximumLogonAttempts` of the policy that governs everybody.
    Policy(Option<u32>),
    /// Charges and settlements that are queued at once, so that they may share a transaction.
    Together(Vec<Attempted>),
    /// The store is closed and opened again.
    Restart,
    /// The process dies at some point of the commit that a step makes: so many thousandths of it
    /// have reached the file.
    Crash(Box<Step>, usize),
}

#[derive(Clone, Debug)]
enum Attempted {
    Charge(usize),
    Settle(usize, u8),
}

fn attempted() -> impl Strategy<Value = Attempted> {
    prop_oneof![
        (0..USERS).prop_map(Attempted::Charge),
        (0..6_usize, 0..8_u8).prop_map(|(back, verdict)| Attempted::Settle(back, verdict)),
    ]
}

/// Steps that change something in one transaction.
fn change() -> impl Strategy<Value = Step> {
    let user = 0..USERS;
    prop_oneof![
        24 => attempted().prop_map(|attempted| match attempted {
            Attempted::Charge(user) => Step::Charge(user),
            Attempted::Settle(back, verdict) => Step::Settle(back, verdict),
        }),
        1 => user.clone().prop_map(Step::Lock),
        1 => user.clone().prop_map(Step::Unlock),
        2 => (user, 0..4_u8).prop_map(|(user, class)| Step::Set(user, class)),
        1 => prop::option::weighted(0.8, 1..6_u32).prop_map(Step::Policy),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        24 => change(),
        4 => prop_oneof![0..90_i64, -200..0_i64, 1500..4000_i64].prop_map(Step::Clock),
        3 => prop::collection::vec(attempted(), 2..9).prop_map(Step::Together),
        1 => Just(Step::Restart),
        2 => (change(), 0..=1000_usize).prop_map(|(step, part)| Step::Crash(Box::new(step), part)),
    ];
    prop::collection::vec(step, 1..80)
}

struct World {
    dir: TempDir,
    store: Option<SqliteStore>,
    now: i64,
    ids: Vec<UserId>,
    state: State,
}

const DATABASE: &str = "pinward.db";
const LOG: &str = "pinward.db-wal";

/// A database with the users in it, made once: that takes longer than a history.
static TEMPLATE: OnceLock<(Vec<u8>, Vec<UserId>)> = OnceLock::new();

async fn template() -> (Vec<u8>, Vec<UserId>) {
    let dir = scratch();
    let store = SqliteStore::create(dir.path()).unwrap();
    let ids = people(&store, u32::try_from(USERS).unwrap()).await;
    drop(store);
    (fs::read(dir.path().join(DATABASE)).unwrap(), ids)
}

impl World {
    async fn new() -> Self {
        let dir = scratch();
        let (template, ids) = match TEMPLATE.get() {
            Some(template) => template,
            None => {
                let made = template().await;
                TEMPLATE.get_or_init(|| made)
            }
        };
        fs::write(dir.path().join(DATABASE), template).unwrap();
        let state = State {
            maximum: None,
            models: vec![Model::default(); USERS],
            attempts: Vec::new(),
        };
        Self {
            store: Some(SqliteStore::open(dir.path()).unwrap()),
            dir,
            now: 0,
            ids: ids.clone(),
            state,
        }
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_ref().unwrap()
    }

    fn time(&self) -> Timestamp {
        at(self.now)
    }

    async fn step(&mut self, step: Step) {
        let now = self.time();
        match step {
            Step::Charge(user) => self.together(vec![Attempted::Charge(user)]).await,
            Step::Settle(back, verdict) => {
                self.together(vec![Attempted::Settle(back, verdict)]).await;
            }
            Step::Together(attempted) => self.together(attempted).await,
            Step::Clock(by) => self.now += by,
            Step::Lock(user) => {
                assert!(
                    self.store()
                        .lock_pin(self.ids[user], &act(now))
                        .await
                        .unwrap()
                );
                let limits = self.state.limits(user);
                self.state.models[user].counters.expire(&limits, now);
                self.state.models[user].counters.lock_by_administrator(now);
            }
            Step::Unlock(user) => {
                assert!(
                    self.store()
                        .unlock_pin(self.ids[user], &act(now))
                        .await
                        .unwrap()
                );
                let limits = self.state.limits(user);
                self.state.models[user].counters.expire(&limits, now);
                self.state.models[user].counters.unlock(now);
            }
            Step::Set(user, class) => self.set(user, class).await,
            Step::Policy(maximum) => self.policy(maximum).await,
            Step::Restart => {
                self.store = None;
                self.store = Some(SqliteStore::open(self.dir.path()).unwrap());
            }
            Step::Crash(step, part) => Box::pin(self.crash(*step, part)).await,
        }
    }

    /// The files as they are when the process dies in the commit that the step makes: all that was
    /// answered before is there; the step is there only where all of its commit is.
    async fn crash(&mut self, step: Step, part: usize) {
        let log = |dir: &Path| fs::read(dir.join(LOG)).unwrap_or_default();
        let (before, state) = (log(self.dir.path()), self.state.clone());
        self.step(step).await;
        let mut after = log(self.dir.path());
        let same = |(old, new): &(&u8, &u8)| old == new;
        let begun = before.iter().zip(&after).take_while(same).count();
        let reached = begun + (after.len() - begun) * part / 1000;
        if reached < after.len() {
            after.truncate(reached);
            self.state = state;
        }
        let dir = scratch();
        fs::copy(self.dir.path().join(DATABASE), dir.path().join(DATABASE)).unwrap();
        fs::write(dir.path().join(LOG), after).unwrap();
        self.store = Some(SqliteStore::open(dir.path()).unwrap());
        self.dir = dir;
    }

    async fn policy(&mut self, maximum: Option<u32>) {
        let patch = PolicyPatch {
            maximum_logon_attempts: Some(maximum.map(u64::from)),
            ..PolicyPatch::default()
        };
        let changed = self
            .store()
            .change_policy(&PolicyIdentity::Global, &patch, None, &act(at(0)))
            .await
            .unwrap();
        assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
        self.state.maximum = maximum;
    }

    /// Queues everything at once; the queue keeps the order.
    async fn together(&mut self, attempted: Vec<Attempted>) {
        let now = self.time();
        let mut asked = Vec::new();
        for attempted in attempted {
            // Which attempt is meant is clear before any of them is made.
            asked.push(match attempted {
                Attempted::Charge(user) => Asked::Charge(user),
                Attempted::Settle(back, verdict) => {
                    let attempts = &self.state.attempts;
                    match attempts.len().checked_sub(back + 1) {
                        Some(place) => Asked::Settle(attempts[place], verdict),
                        None => continue,
                    }
                }
            });
        }
        let store = self.store.take().unwrap();
        let mut answers: Vec<_> = asked
            .into_iter()
            .map(|asked| {
                let future = answer(&store, &self.ids, asked, now);
                (asked, Box::pin(future))
            })
            .collect();
        // Polled once each, in order: then all are queued.
        let mut early = Vec::new();
        for (_, future) in &mut answers {
            let polled = std::future::poll_fn(|context| {
                std::task::Poll::Ready(future.as_mut().poll(context))
            });
            early.push(polled.await);
        }
        let mut made = Vec::new();
        for ((asked, future), early) in answers.into_iter().zip(early) {
            let answer = match early {
                std::task::Poll::Ready(answer) => answer,
                std::task::Poll::Pending => future.await,
            };
            made.push((asked, answer.unwrap()));
        }
        self.store = Some(store);
        for (asked, answer) in made {
            match (asked, answer) {
                (Asked::Charge(user), Answered::Charged(charged)) => {
                    self.state.charged(user, charged, now);
                }
                (Asked::Settle((user, id), verdict), Answered::Settled(settled)) => {
                    self.state.settled(user, id, verdict, settled, now);
                }
                _ => unreachable!("each is answered in kind"),
            }
        }
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
        request.verifier = format!(
            "{} {}",
            request.verifier,
            self.state.models[user].pins.len()
        );
        let set = self.store().set_pin(request.clone()).await.unwrap();
        let limits = self.state.limits(user);
        let model = &mut self.state.models[user];
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
        for (user, model) in self.state.models.iter().enumerate() {
            let status = self
                .store()
                .pin_status(self.ids[user], now)
                .await
                .unwrap()
                .unwrap();
            let mut expected = model.counters.clone();
            open += expected.open.len();
            expected.expire(&self.state.limits(user), now);
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

#[derive(Clone, Copy)]
enum Asked {
    Charge(usize),
    Settle((usize, AttemptId), u8),
}

enum Answered {
    Charged(Charged),
    Settled(Settled),
}

async fn answer(
    store: &SqliteStore,
    ids: &[UserId],
    asked: Asked,
    now: Timestamp,
) -> Result<Answered, StoreError> {
    Ok(match asked {
        Asked::Charge(user) => {
            Answered::Charged(store.charge(ids[user], now, LEASE, &log_on()).await?)
        }
        Asked::Settle((_, id), verdict) => Answered::Settled(
            store
                .settle(id, verdict_of(verdict), now, &log_on())
                .await?,
        ),
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    // R-LOCK-1 to 8, R-LOCK-10, R-LOCK-12, R-POL-7, R-SET-3, R-SET-4, R-SET-5, R-HIST-3
    #[test]
    fn the_store_does_what_the_core_says(
        maximum in prop::option::weighted(0.8, 1..5_u32),
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            world.step(Step::Policy(maximum)).await;
            for user in 0..USERS - 1 {
                world.step(Step::Set(user, 0)).await;
            }
            for (number, step) in (1..).zip(steps) {
                let crashed = matches!(step, Step::Crash(..));
                world.step(step).await;
                // A difference does not go away by itself: now and then is enough.
                if crashed || number % 8 == 0 {
                    world.compare().await;
                }
            }
            world.compare().await;
        });
    }
}

#[tokio::test]
async fn the_models_policy_is_the_stores() {
    let world = World::new().await;
    let governing = world.store().governing_policy(world.ids[0]).await.unwrap();
    assert_eq!(governing, Some(Policy::defaults(PolicyIdentity::Global)));
}
