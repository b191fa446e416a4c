//! The product on a folder of its own.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot set up its product cannot go on"
)]

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use pinward_core::{Clock, Timestamp, User};
use pinward_directory::sample;
use pinward_service::{Caller, Right, Service};
use pinward_store::{Act, Origin, SqliteStore, Store};
use pinward_verifier::{HashParams, KeyRing};
use tempfile::TempDir;

use crate::{Hook, HookedStore, ManualClock, SeededEntropy};

/// The product, its neighbours, and the means to move them.
pub struct Kit {
    /// The service under test.
    pub service: Arc<Service>,
    /// The store below it, to look at what was really kept.
    pub store: Arc<dyn Store>,
    /// The clock that everything reads.
    pub clock: Arc<ManualClock>,
    folder: Arc<TempDir>,
}

/// Somebody's act at this time, for what a test changes below the service.
pub fn act(at: Timestamp) -> Act {
    Act {
        at,
        actor: "test".to_owned(),
        action: "Test",
        origin: Origin::of("test"),
    }
}

impl Kit {
    /// The product with the sample company, nobody with a PIN.
    pub async fn sample() -> Self {
        Self::sample_in(tempfile::tempdir().expect("a temporary folder")).await
    }

    /// The sample company's sites, policies and access numbers, and nobody in it.
    pub async fn without_people() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut company = sample::company();
        company.people.clear();
        Self::company_in(folder, company).await
    }

    /// As [`Kit::sample`], in a folder that the test chose.
    pub async fn sample_in(folder: TempDir) -> Self {
        Self::company_in(folder, sample::company()).await
    }

    async fn company_in(folder: TempDir, company: sample::Company) -> Self {
        let clock = Arc::new(ManualClock::default());
        let entropy = SeededEntropy::new(1);
        KeyRing::create(&folder.path().join("pinward.key"), &entropy, clock.now())
            .expect("a key file");
        let store = SqliteStore::create(folder.path()).expect("a store");
        let act = act(clock.now());
        store
            .put_sites(&company.sites, &act)
            .await
            .expect("the sites");
        store
            .put_people(company.people, false, &act)
            .await
            .expect("the people");
        for policy in &company.policies {
            let _created = store.create_policy(policy, &act).await.expect("a policy");
        }
        for number in &company.access_numbers {
            let created = store.create_access_number(number, &act).await;
            let _created = created.expect("an access number");
        }
        Self::open(Arc::new(folder), clock, Arc::new(store), 2).await
    }

    /// A product on a copy of the folder of another one that rests.
    pub async fn copy_of(rests: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for file in std::fs::read_dir(rests).expect("a folder") {
            let file = file.expect("a file");
            std::fs::copy(file.path(), folder.path().join(file.file_name())).expect("a copy");
        }
        let store = SqliteStore::open(folder.path()).expect("the store copied");
        let clock = Arc::new(ManualClock::default());
        Self::open(Arc::new(folder), clock, Arc::new(store), 6).await
    }

    /// The same folder, opened anew: what a restart of the program keeps is there.
    pub async fn restart(self) -> Self {
        let Self {
            service,
            store,
            clock,
            folder,
        } = self;
        drop(service);
        drop(store);
        let store = SqliteStore::open(folder.path()).expect("the store again");
        Self::open(folder, clock, Arc::new(store), 3).await
    }

    /// A second process on the same folder, by the same clock.
    pub async fn beside(&self) -> Self {
        let store = SqliteStore::open(self.folder.path()).expect("the store once more");
        let (folder, clock) = (Arc::clone(&self.folder), Arc::clone(&self.clock));
        Self::open(folder, clock, Arc::new(store), 4).await
    }

    /// The same folder and store, with a hook between the service and the store.
    pub async fn hooked(self, hook: Arc<dyn Hook>) -> Self {
        let store = Arc::new(HookedStore::new(self.store, hook));
        Self::open(self.folder, self.clock, store, 5).await
    }

    /// A second service on the same store, whose verifiers cost what they cost in use.
    pub async fn at_full_cost(&self) -> Self {
        let (folder, clock) = (Arc::clone(&self.folder), Arc::clone(&self.clock));
        Self::hashing(
            HashParams::default(),
            folder,
            clock,
            Arc::clone(&self.store),
            7,
        )
        .await
    }

    async fn open(
        folder: Arc<TempDir>,
        clock: Arc<ManualClock>,
        store: Arc<dyn Store>,
        seed: u64,
    ) -> Self {
        Self::hashing(
            HashParams::MINIMUM_FOR_MEASUREMENTS,
            folder,
            clock,
            store,
            seed,
        )
        .await
    }

    async fn hashing(
        params: HashParams,
        folder: Arc<TempDir>,
        clock: Arc<ManualClock>,
        store: Arc<dyn Store>,
        seed: u64,
    ) -> Self {
        let ring = KeyRing::load(&folder.path().join("pinward.key")).expect("the key file");
        let service = Service::open(
            Arc::clone(&store),
            ring,
            params,
            NonZeroUsize::new(2).expect("two is not zero"),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(SeededEntropy::new(seed)),
        )
        .await
        .expect("the service")
        .with_key_file(folder.path().join("pinward.key"));
        Self {
            service: Arc::new(service),
            store,
            clock,
            folder,
        }
    }

    /// The folder with the database and the key.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody's act, now, for what a test changes below the service.
    pub fn act(&self) -> Act {
        act(self.clock.now())
    }

    /// Somebody who may do everything.
    pub fn administrator(&self) -> Caller {
        Caller::local_administrator("test")
    }

    /// The one person whom an identity names.
    pub async fn person(&self, identity: &str) -> User {
        let administrator = self.administrator();
        let found = self
            .service
            .find_people(&administrator, Right::ViewPeople, identity);
        let mut found = found.await.expect("somebody");
        assert_eq!(found.len(), 1, "{identity} names {} people", found.len());
        found.remove(0)
    }
}
