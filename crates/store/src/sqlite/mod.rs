//! The store in one SQLite file.
//!
//! Writes go over one desk (`writer.rs`, `desk.rs`), reads through a few connections (`readers.rs`).
//! Several processes may have the same file open: a write transaction takes the file's lock before
//! it reads, so that what it decides rests on what is there.

mod access_numbers;
mod attempts;
mod audit;
mod census;
mod changes;
mod clients;
mod convert;
mod counters;
mod deliveries;
mod desk;
mod file;
mod meta;
mod people;
mod piece;
mod pins;
mod placement;
mod policies;
mod readers;
mod remembered;
mod roles;
mod schema;
mod search;
mod sites;
mod slots;
mod stage;
mod sync;
mod sync_plan;
#[cfg(test)]
mod tests;
mod transaction;
mod user_changes;
mod watch;
mod write_connection;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use pinward_core::{
    AccessNumber, AccessNumberPatch, AttemptId, Client, ClientKey, ClientPatch, Lookup, Membership,
    Person, Policy, PolicyIdentity, PolicyPatch, Role, RoleChange, Site, SitePatch, Timestamp,
    User, UserChange, UserId, to_milliseconds,
};
use rusqlite::Connection;

use self::readers::Readers;
use self::transaction::Transaction;
use self::watch::Watch;
use self::writer::Writer;
use crate::{
    AccessNumberChanged, AccessNumberCreated, Act, Answer, AuditMark, AuditPage, AuditProgress,
    AuditQuery, AuditReport, Begun, CensusOf, Changed, Charged, ClientChanged, ClientCreated,
    CountFrom, Counts, Created, Deleted, Delivered, Delivery, Foresight, Foretell, FoundPeople,
    Granted, KeptPlace, KeyFingerprint, KeyRetired, LogOn, LogOnCounts, OpenError, PinSet,
    PinStatus, Placed, Placing, PolicyChange, Pruned, Put, ReadingId, Removed, Reordered,
    RoleChanged, RoleCreated, RoleGranted, SearchFor, SetPin, Settled, SiteChanged, SiteCreated,
    SiteDetails, SiteRemoved, SiteRules, SourceStatus, Staged, Store, StoreError, SyncEnd,
    SyncFigures, SyncPlan, SyncStep, SyncTerms, Tally, UserChanged, Verdict,
};

/// What may be set where a store is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many changes may wait to be written before callers are told [`StoreError::Busy`].
    pub queue: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { queue: 4096 }
    }
}

/// A store in one SQLite file.
///
/// Its methods need no particular runtime, except that long reads are handed to Tokio's blocking
/// threads. Where it was opened within a runtime of several threads, these tell who waits for a change: they must not
/// all be held up. Dropping it waits until what is queued is written.
pub struct SqliteStore {
    // First: the last connection to be closed tidies up, and that should be a reader's.
    writer: Writer,
    readers: Arc<Readers>,
    /// Held by whoever tries whether changes can be kept again.
    trial: tokio::sync::Mutex<()>,
}

impl SqliteStore {
    /// Makes a new database in a folder, and the folder where it is missing; only their owner may
    /// read them. Refuses where there is a database.
    pub fn create(dir: &Path) -> Result<Self, OpenError> {
        Self::create_with(dir, &Options::default())
    }

    /// [`SqliteStore::create`] with options.
    pub fn create_with(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        let path = file::path_in(dir);
        file::create_empty(&path)?;
        file::prepare(&path)?;
        Self::start(&path, options)
    }

    /// Opens the database in a folder and brings it to the format known here. One that a newer
    /// version wrote, or that is not ours, is left untouched.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        Self::open_with(dir, &Options::default())
    }

    /// [`SqliteStore::open`] with options.
    pub fn open_with(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        let path = file::path_in(dir);
        file::check(&path)?;
        file::prepare(&path)?;
        Self::start(&path, options)
    }

    /// Whether there is a database in a folder, readable or not.
    pub fn exists(dir: &Path) -> bool {
        file::path_in(dir).exists()
    }

    fn start(path: &Path, options: &Options) -> Result<Self, OpenError> {
        let watch = Arc::new(Watch::new(path.to_owned()));
        let readers = Arc::new(Readers::new(Arc::clone(&watch)));
        let writer =
            Writer::start(watch, Arc::clone(&readers), options.queue).map_err(|source| {
                OpenError::Io {
                    path: path.to_owned(),
                    source,
                }
            })?;
        Ok(Self {
            writer,
            readers,
            trial: tokio::sync::Mutex::default(),
        })
    }

    /// A change, durable when this answers. It may be made twice, the first time undone.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.write(work).await
    }

    /// [`SqliteStore::write`] for a few rows of a logon: on the spot where nobody else writes. What is remembered of
    /// clients and users stays: nothing of what is read for them may be changed so.
    async fn write_short<T: Send + 'static>(
        &self,
        work: impl FnMut(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.write_short(work).await
    }

    /// A read of a few rows, on the spot.
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.readers.read(work)
    }

    /// A read of many rows, away from the threads that answer callers.
    async fn read_long<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.readers.turn().await?;
        let readers = Arc::clone(&self.readers);
        let read = tokio::task::spawn_blocking(move || readers.read(work)).await;
        read.unwrap_or(Err(StoreError::Closed))
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn writable(&self) -> Result<(), StoreError> {
        let Some(failure) = self.writer.failure() else {
            return Ok(());
        };
        // However many ask, they do not fill the queue.
        let Ok(_alone) = self.trial.try_lock() else {
            return Err(failure);
        };
        // A change of nothing begins a generation, which is written.
        self.write(|_db| Ok(())).await
    }

    async fn key_fingerprints(&self) -> Result<Vec<KeyFingerprint>, StoreError> {
        self.read_long(meta::key_fingerprints).await
    }

    async fn add_key_fingerprint(
        &self,
        id: &str,
        fingerprint: &[u8; 32],
        act: &Act,
    ) -> Result<(), StoreError> {
        let (id, fingerprint, act) = (id.to_owned(), *fingerprint, act.clone());
        self.write(move |db| meta::add_key_fingerprint(db, &id, &fingerprint, &act))
            .await
    }

    async fn retire_key(&self, id: &str, act: &Act) -> Result<KeyRetired, StoreError> {
        let (id, act) = (id.to_owned(), act.clone());
        self.write(move |db| meta::retire_key(db, &id, &act)).await
    }

    async fn put_sites(&self, sites: &[Site], act: &Act) -> Result<(), StoreError> {
        let (sites, act) = (sites.to_vec(), act.clone());
        self.write(move |db| people::put_sites(db, &sites, &act))
            .await
    }

    async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.read(people::sites)
    }

    async fn site_details(&self) -> Result<Vec<SiteDetails>, StoreError> {
        self.read_long(sites::details).await
    }

    async fn create_site(
        &self,
        site: &Site,
        membership: &Membership,
        act: &Act,
    ) -> Result<SiteCreated, StoreError> {
        let (site, membership, act) = (site.clone(), membership.clone(), act.clone());
        self.write(move |db| sites::create(db, &site, &membership, &act))
            .await
    }

    async fn change_site(
        &self,
        id: &str,
        patch: &SitePatch,
        seen: Option<&SiteDetails>,
        act: &Act,
    ) -> Result<SiteChanged, StoreError> {
        let (id, patch, seen, act) = (id.to_owned(), patch.clone(), seen.cloned(), act.clone());
        self.write(move |db| sites::change(db, &id, &patch, seen.as_ref(), &act))
            .await
    }

    async fn remove_site(
        &self,
        id: &str,
        seen: Option<&SiteDetails>,
        act: &Act,
    ) -> Result<SiteRemoved, StoreError> {
        let (id, seen, act) = (id.to_owned(), seen.cloned(), act.clone());
        self.write(move |db| sites::remove(db, &id, seen.as_ref(), &act))
            .await
    }

    async fn site_rules(&self) -> Result<SiteRules, StoreError> {
        self.read(placement::rules)
    }

    async fn place_people(&self, placing: Placing) -> Result<Placed, StoreError> {
        self.write(move |db| placement::place(db, &placing)).await
    }

    async fn named_site(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.read(|db| placement::named_site(db, user))
    }

    async fn put_people(
        &self,
        batch: Vec<Person>,
        dry_run: bool,
        act: &Act,
    ) -> Result<Vec<Put>, StoreError> {
        let act = act.clone();
        self.write(move |db| people::put(db, batch.clone(), dry_run, &act))
            .await
    }

    async fn change_user(
        &self,
        user: UserId,
        change: &UserChange,
        kept: Option<KeptPlace>,
        act: &Act,
    ) -> Result<UserChanged, StoreError> {
        let (change, act) = (change.clone(), act.clone());
        self.write(move |db| user_changes::change(db, user, &change, kept.as_ref(), &act))
            .await
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.read(|db| people::user(db, id))
    }

    async fn find(&self, lookup: &Lookup, limit: usize) -> Result<Vec<User>, StoreError> {
        let found = self.find_any(std::slice::from_ref(lookup), limit).await?;
        Ok(found.into_iter().map(Arc::unwrap_or_clone).collect())
    }

    async fn find_any(
        &self,
        lookups: &[Lookup],
        limit: usize,
    ) -> Result<Vec<Arc<User>>, StoreError> {
        let scans = |lookup: &Lookup| matches!(lookup, Lookup::DisplayPattern(_));
        if lookups.iter().any(scans) {
            let lookups = lookups.to_vec();
            return self
                .read_long(move |db| people::find_any(db, &lookups, limit))
                .await;
        }
        let read = |db: &Connection| people::find_any(db, lookups, limit);
        self.readers.users(lookups, limit, read)
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, StoreError> {
        self.read_long(move |db| people::users_after(db, after, limit))
            .await
    }

    async fn search(&self, of: &SearchFor) -> Result<FoundPeople, StoreError> {
        let of = of.clone();
        self.read_long(move |db| search::search(db, &of)).await
    }

    async fn sources(&self) -> Result<Vec<SourceStatus>, StoreError> {
        self.read_long(sync::sources).await
    }

    async fn begin_reading(
        &self,
        name: &str,
        kind: &str,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let (name, kind) = (name.to_owned(), kind.to_owned());
        self.write(move |db| sync::begin(db, &name, &kind, now))
            .await
    }

    async fn stage(
        &self,
        reading: ReadingId,
        entries: Vec<Staged>,
        now: Timestamp,
    ) -> Result<Option<()>, StoreError> {
        self.write(move |db| stage::stage(db, reading, &entries, now))
            .await
    }

    async fn judge_staged(
        &self,
        reading: ReadingId,
        most: usize,
        now: Timestamp,
    ) -> Result<Option<usize>, StoreError> {
        self.write(move |db| stage::judge(db, reading, most, now))
            .await
    }

    async fn plan_reading(
        &self,
        reading: ReadingId,
        terms: SyncTerms,
    ) -> Result<Option<SyncPlan>, StoreError> {
        self.read_long(move |db| sync_plan::plan(db, reading, &terms))
            .await
    }

    async fn apply_reading(
        &self,
        reading: ReadingId,
        step: SyncStep,
        act: &Act,
    ) -> Result<Option<SyncFigures>, StoreError> {
        let act = act.clone();
        self.write(move |db| sync::apply(db, reading, &step, &act))
            .await
    }

    async fn end_reading(
        &self,
        reading: ReadingId,
        end: SyncEnd,
        act: &Act,
    ) -> Result<Option<()>, StoreError> {
        let act = act.clone();
        self.write(move |db| sync::end(db, reading, &end, &act))
            .await
    }

    async fn leave_reading(&self, reading: ReadingId) -> Result<(), StoreError> {
        self.write(move |db| sync::leave(db, reading)).await
    }

    async fn forget_staged(&self, reading: ReadingId, most: usize) -> Result<usize, StoreError> {
        self.write(move |db| stage::forget(db, reading, most)).await
    }

    async fn policies(&self) -> Result<Vec<Policy>, StoreError> {
        self.read(policies::policies)
    }

    async fn policy(&self, identity: &PolicyIdentity) -> Result<Option<Policy>, StoreError> {
        self.read(|db| policies::policy(db, identity))
    }

    async fn create_policy(&self, policy: &Policy, act: &Act) -> Result<Created, StoreError> {
        let (policy, act) = (policy.clone(), act.clone());
        self.write(move |db| policies::create(db, &policy, &act))
            .await
    }

    async fn change_policy(
        &self,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
        seen: Option<&Policy>,
        act: &Act,
    ) -> Result<Changed, StoreError> {
        let (identity, patch) = (identity.clone(), patch.clone());
        let (seen, act) = (seen.cloned(), act.clone());
        self.write(move |db| policies::change(db, &identity, &patch, seen.as_ref(), &act))
            .await
    }

    async fn remove_policy(
        &self,
        identity: &PolicyIdentity,
        seen: Option<&Policy>,
        act: &Act,
    ) -> Result<Removed, StoreError> {
        let (identity, seen, act) = (identity.clone(), seen.cloned(), act.clone());
        self.write(move |db| policies::remove(db, &identity, seen.as_ref(), &act))
            .await
    }

    async fn grant_policy(
        &self,
        user: UserId,
        tag: Option<&str>,
        act: &Act,
    ) -> Result<Granted, StoreError> {
        let (tag, act) = (tag.map(str::to_owned), act.clone());
        self.write(move |db| policies::grant(db, user, tag.as_deref(), &act))
            .await
    }

    async fn governing_policy(&self, user: UserId) -> Result<Option<Policy>, StoreError> {
        self.read(|db| policies::governing_policy(db, user))
    }

    async fn custom_roles(&self) -> Result<Vec<Role>, StoreError> {
        self.read(roles::roles)
    }

    async fn create_role(&self, role: &Role, act: &Act) -> Result<RoleCreated, StoreError> {
        let (role, act) = (role.clone(), act.clone());
        self.write(move |db| roles::create(db, &role, &act)).await
    }

    async fn change_role(
        &self,
        identity: &str,
        change: &RoleChange,
        seen: Option<&Role>,
        act: &Act,
    ) -> Result<RoleChanged, StoreError> {
        let (identity, change) = (identity.to_owned(), change.clone());
        let (seen, act) = (seen.cloned(), act.clone());
        self.write(move |db| roles::change(db, &identity, &change, seen.as_ref(), &act))
            .await
    }

    async fn remove_role(
        &self,
        identity: &str,
        seen: Option<&Role>,
        act: &Act,
    ) -> Result<Deleted, StoreError> {
        let (identity, seen, act) = (identity.to_owned(), seen.cloned(), act.clone());
        self.write(move |db| roles::remove(db, &identity, seen.as_ref(), &act))
            .await
    }

    async fn grant_role(
        &self,
        user: UserId,
        identity: &str,
        act: &Act,
    ) -> Result<RoleGranted, StoreError> {
        let (identity, act) = (identity.to_owned(), act.clone());
        self.write(move |db| roles::grant(db, user, &identity, &act))
            .await
    }

    async fn revoke_role(
        &self,
        user: UserId,
        identity: &str,
        act: &Act,
    ) -> Result<bool, StoreError> {
        let (identity, act) = (identity.to_owned(), act.clone());
        self.write(move |db| roles::revoke(db, user, &identity, &act))
            .await
    }

    async fn granted_roles(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        self.read(|db| roles::granted(db, user))
    }

    async fn clients(&self) -> Result<Vec<Client>, StoreError> {
        self.read(clients::clients)
    }

    async fn client_by_key(&self, digest: &[u8; 32]) -> Result<Option<Arc<Client>>, StoreError> {
        let read = |db: &Connection| Ok(clients::by_digest(db, digest)?.map(Arc::new));
        self.readers.client(digest, read)
    }

    async fn create_client(&self, client: &Client, act: &Act) -> Result<ClientCreated, StoreError> {
        let (client, act) = (client.clone(), act.clone());
        self.write(move |db| clients::create(db, &client, &act))
            .await
    }

    async fn change_client(
        &self,
        name: &str,
        patch: &ClientPatch,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<ClientChanged, StoreError> {
        let (name, patch) = (name.to_owned(), patch.clone());
        let (seen, act) = (seen.cloned(), act.clone());
        self.write(move |db| clients::change(db, &name, &patch, seen.as_ref(), &act))
            .await
    }

    async fn rotate_client(
        &self,
        name: &str,
        key: &ClientKey,
        until: Timestamp,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<ClientChanged, StoreError> {
        let (name, key) = (name.to_owned(), key.clone());
        let (seen, act) = (seen.cloned(), act.clone());
        self.write(move |db| clients::rotate(db, &name, &key, until, seen.as_ref(), &act))
            .await
    }

    async fn remove_client(
        &self,
        name: &str,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<Deleted, StoreError> {
        let (name, seen, act) = (name.to_owned(), seen.cloned(), act.clone());
        self.write(move |db| clients::remove(db, &name, seen.as_ref(), &act))
            .await
    }

    async fn access_numbers(&self, region: Option<&str>) -> Result<Vec<AccessNumber>, StoreError> {
        self.read(|db| match region {
            Some(region) => access_numbers::of_region(db, region),
            None => access_numbers::all(db),
        })
    }

    async fn create_access_number(
        &self,
        number: &AccessNumber,
        act: &Act,
    ) -> Result<AccessNumberCreated, StoreError> {
        let (number, act) = (number.clone(), act.clone());
        self.write(move |db| access_numbers::create(db, &number, &act))
            .await
    }

    async fn change_access_number(
        &self,
        uri: &str,
        patch: &AccessNumberPatch,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<AccessNumberChanged, StoreError> {
        let (uri, patch) = (uri.to_owned(), patch.clone());
        let (seen, act) = (seen.cloned(), act.clone());
        self.write(move |db| access_numbers::change(db, &uri, &patch, seen.as_ref(), &act))
            .await
    }

    async fn reorder_access_number(
        &self,
        uri: &str,
        region: &str,
        priority: usize,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<Reordered, StoreError> {
        let (uri, region) = (uri.to_owned(), region.to_owned());
        let (seen, act) = (seen.cloned(), act.clone());
        self.write(move |db| {
            access_numbers::reorder(db, &uri, &region, priority, seen.as_ref(), &act)
        })
        .await
    }

    async fn remove_access_number(
        &self,
        uri: &str,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<Deleted, StoreError> {
        let (uri, seen, act) = (uri.to_owned(), seen.cloned(), act.clone());
        self.write(move |db| access_numbers::remove(db, &uri, seen.as_ref(), &act))
            .await
    }

    async fn site_of_pool(&self, pool: &str) -> Result<Option<String>, StoreError> {
        let pool = pool.to_owned();
        self.read_long(move |db| access_numbers::site_of_pool(db, &pool))
            .await
    }

    async fn pin_status(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<PinStatus>, StoreError> {
        self.read(|db| pins::status(db, user, to_milliseconds(now)))
    }

    async fn pin_history(&self, user: UserId, n: usize) -> Result<Vec<String>, StoreError> {
        self.read(|db| pins::history(db, user, n))
    }

    async fn set_pin(&self, mut request: SetPin) -> Result<PinSet, StoreError> {
        request.act.at = to_milliseconds(request.act.at);
        self.write(move |db| pins::set(db, &request)).await
    }

    async fn lock_pin(&self, user: UserId, act: &Act) -> Result<bool, StoreError> {
        let act = act.clone();
        self.write(move |db| pins::lock(db, user, &act)).await
    }

    async fn unlock_pin(&self, user: UserId, act: &Act) -> Result<bool, StoreError> {
        let act = act.clone();
        self.write(move |db| pins::unlock(db, user, &act)).await
    }

    async fn charge_foretold(
        &self,
        user: UserId,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
        mut foretell: Foretell,
    ) -> Result<Charged, StoreError> {
        let now = to_milliseconds(now);
        let log_on = Arc::clone(log_on);
        self.write_short(move |db| {
            let charged = attempts::charge(db, user, now, lease, &log_on)?;
            foretell.tell(&charged);
            Ok(charged)
        })
        .await
    }

    fn unhurried(&self, unhurried: bool) {
        self.writer.unhurried(unhurried);
    }

    async fn settle(
        &self,
        attempt: AttemptId,
        verdict: Verdict,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Settled, StoreError> {
        let (now, log_on) = (to_milliseconds(now), Arc::clone(log_on));
        self.write_short(move |db| attempts::settle(db, attempt, &verdict, now, &log_on))
            .await
    }

    async fn charge_once(
        &self,
        user: UserId,
        delivery: Delivery,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
        mut foretell: Foretell,
    ) -> Result<Delivered<Charged>, StoreError> {
        let (now, log_on) = (to_milliseconds(now), Arc::clone(log_on));
        self.write_short(move |db| {
            let delivered = deliveries::charge(db, user, &delivery, now, lease, &log_on)?;
            if let Delivered::First(charged) = &delivered {
                foretell.tell(charged);
            }
            Ok(delivered)
        })
        .await
    }

    async fn settle_once(
        &self,
        attempt: AttemptId,
        verdict: Verdict,
        key: [u8; 32],
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Settled, StoreError> {
        let (now, log_on) = (to_milliseconds(now), Arc::clone(log_on));
        self.write_short(move |db| deliveries::settle(db, attempt, &verdict, &key, now, &log_on))
            .await
    }

    async fn answer_once(
        &self,
        delivery: Delivery,
        answer: Answer,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Delivered<()>, StoreError> {
        let (now, log_on) = (to_milliseconds(now), Arc::clone(log_on));
        self.write_short(move |db| deliveries::answer(db, &delivery, &answer, now, &log_on))
            .await
    }

    async fn record_log_on(
        &self,
        answer: Answer,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<(), StoreError> {
        let (now, log_on) = (to_milliseconds(now), Arc::clone(log_on));
        self.write_short(move |db| audit::record_answer(db, &log_on, &answer, now))
            .await
    }

    async fn record_sign_in(
        &self,
        sign_in: &LogOn,
        user: Option<UserId>,
        outcome: &'static str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (now, sign_in) = (to_milliseconds(now), sign_in.clone());
        self.write_short(move |db| {
            let nothing = changes::Changes::default();
            audit::record_log_on(db, &sign_in, user, outcome, &nothing, now)
        })
        .await
    }

    async fn record_refusal(
        &self,
        act: &Act,
        subject: &str,
        user: Option<UserId>,
    ) -> Result<(), StoreError> {
        let (act, subject) = (act.clone(), subject.to_owned());
        self.write(move |db| audit::record_refusal(db, &act, &subject, user))
            .await
    }

    async fn record_detection(&self, act: &Act, subject: &str) -> Result<(), StoreError> {
        let (act, subject) = (act.clone(), subject.to_owned());
        self.write(move |db| audit::record_detection(db, &act, &subject))
            .await
    }

    async fn audit(
        &self,
        query: &AuditQuery,
        from: Option<i64>,
        limit: usize,
    ) -> Result<AuditPage, StoreError> {
        let query = query.clone();
        self.read_long(move |db| audit::search(db, &query, from, limit))
            .await
    }

    async fn verify_audit(
        &self,
        noted: Vec<AuditMark>,
        mut progress: AuditProgress,
    ) -> Result<Option<AuditReport>, StoreError> {
        self.read_long(move |db| audit::verify(db, &noted, &mut progress))
            .await
    }

    async fn prune_audit(
        &self,
        before: Timestamp,
        most: u64,
        act: &Act,
    ) -> Result<Pruned, StoreError> {
        let act = act.clone();
        self.write(move |db| audit::prune(db, before, most, &act))
            .await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.read_long(meta::counts).await
    }

    async fn count_log_ons(&self, from: CountFrom, most: u64) -> Result<LogOnCounts, StoreError> {
        self.read_long(move |db| audit::count_log_ons(db, from, most))
            .await
    }

    async fn census(&self, of: &CensusOf) -> Result<Vec<Tally>, StoreError> {
        let of = of.clone();
        self.read_long(move |db| census::census(db, &of)).await
    }

    async fn foresee(
        &self,
        change: &PolicyChange,
        of: &CensusOf,
    ) -> Result<Option<Foresight>, StoreError> {
        let (change, of) = (change.clone(), of.clone());
        self.read_long(move |db| census::foresee(db, &change, &of))
            .await
    }

    async fn governed_by(&self, identity: &PolicyIdentity) -> Result<Option<u64>, StoreError> {
        let identity = identity.clone();
        self.read_long(move |db| meta::governed_by(db, &identity))
            .await
    }
}
