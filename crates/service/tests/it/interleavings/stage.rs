//! The stage of the interleavings: one process on a data folder, whose steps in the store wait to be
//! let go.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use pinward_core::{AttemptId, Clock, Timestamp, UserId};
use pinward_service::{Caller, NewPin, Service};
use pinward_store::{Charged, Settled, SqliteStore, Store, StoreError, Verdict as Settlement};
use pinward_testkit::{
    Hook, HookedStore, Made, ManualClock, SeededEntropy, Step as StoreStep, act,
};
use pinward_verifier::{HashParams, KeyRing};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::{PINS, USERS};
use crate::helpers::in_memory;

tokio::task_local! {
    /// Which logon it is that asks the store.
    pub static LOGON: usize;
}

/// What a step of the store came to.
pub enum Came {
    Charged(UserId, Charged),
    Settled(AttemptId, Settlement, Settled),
}

/// Holds each step until it is let go, and keeps what it came to.
pub struct Stage {
    clock: Arc<ManualClock>,
    /// Since when each waits: that is the time by which its step is taken.
    pub waiting: Mutex<BTreeMap<usize, (Timestamp, oneshot::Sender<()>)>>,
    pub came: Mutex<Option<Came>>,
}

#[async_trait]
impl Hook for Stage {
    async fn before(&self, _step: StoreStep<'_>) -> Result<(), StoreError> {
        let (sender, go) = oneshot::channel();
        let waits = (self.clock.now(), sender);
        self.waiting.lock().unwrap().insert(LOGON.get(), waits);
        go.await.expect("let go, not dropped");
        Ok(())
    }

    async fn after(&self, made: Made<'_>) -> Result<(), StoreError> {
        let came = match made {
            Made::Charged(user, charged) => Came::Charged(user, charged.clone()),
            Made::Settled(attempt, verdict, settled) => {
                Came::Settled(attempt, verdict.clone(), settled)
            }
            Made::Delivered(..) => unreachable!("no keys here"),
        };
        *self.came.lock().unwrap() = Some(came);
        Ok(())
    }
}

/// A data folder with users who have a PIN, made once.
pub struct Template {
    pub database: Vec<u8>,
    pub key: TempDir,
    pub people: Vec<(UserId, String)>,
}

pub static TEMPLATE: OnceLock<Template> = OnceLock::new();

pub async fn template() -> Template {
    let (dir, key) = (in_memory(), in_memory());
    let clock = ManualClock::default();
    let entropy = SeededEntropy::new(1);
    KeyRing::create(&key.path().join("pinward.key"), &entropy, clock.now()).expect("a key");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::create(dir.path()).expect("a store"));
    let company = pinward_directory::sample::company();
    let act = act(clock.now());
    store
        .put_sites(&company.sites, &act)
        .await
        .expect("the sites");
    let mut chosen: Vec<_> = company.people;
    chosen.retain(|person| person.enabled && person.sip_address.is_some());
    chosen.truncate(USERS);
    let put = store
        .put_people(chosen, false, &act)
        .await
        .expect("the people");
    assert_eq!(put.len(), USERS);
    let users = store.users_after(None, 9).await.expect("users");
    let service = open(&key, Arc::clone(&store), Arc::new(clock)).await;
    let mut people = Vec::new();
    for user in users {
        let administrator = Caller::local_administrator("test");
        let assigned = service
            .assign_pin(&administrator, &user, &NewPin::Named(PINS[0]))
            .await;
        assert!(assigned.is_ok());
        people.push((user.id, user.person.sip_address.expect("it has one")));
    }
    drop((service, store));
    Template {
        database: fs::read(dir.path().join("pinward.db")).expect("it reads"),
        key,
        people,
    }
}

async fn open(key: &TempDir, store: Arc<dyn Store>, clock: Arc<ManualClock>) -> Arc<Service> {
    let service = Service::open(
        store,
        KeyRing::load(&key.path().join("pinward.key")).expect("the key"),
        HashParams::MINIMUM_FOR_MEASUREMENTS,
        NonZeroUsize::MIN,
        clock,
        Arc::new(SeededEntropy::new(2)),
    )
    .await;
    Arc::new(service.expect("the service"))
}

pub async fn start(
    template: &Template,
    dir: &TempDir,
    clock: &Arc<ManualClock>,
) -> (Arc<Stage>, Arc<dyn Store>, Arc<Service>) {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(dir.path()).expect("the store"));
    let stage = Arc::new(Stage {
        clock: Arc::clone(clock),
        waiting: Mutex::default(),
        came: Mutex::default(),
    });
    let hooked = HookedStore::new(Arc::clone(&store), Arc::clone(&stage) as _);
    let service = open(&template.key, Arc::new(hooked), Arc::clone(clock)).await;
    (stage, store, service)
}

/// Lets everything run that can.
pub async fn settle_down() {
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

/// Never idle: the paused timer would jump ahead while other threads work.
pub async fn awake<T>(work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        let polled = work.as_mut().poll(context);
        // The other threads may need this processor.
        std::thread::yield_now();
        polled
    })
    .await
}
