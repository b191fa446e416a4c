//! A store that calls a hook at the steps of logons, and hands on everything else.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use pinward_core::{
    AccessNumber, AccessNumberPatch, AttemptId, Client, ClientKey, ClientPatch, Lookup, Membership,
    Person, Policy, PolicyIdentity, PolicyPatch, Role, RoleChange, SitePatch, Timestamp, User,
    UserChange, UserId,
};

use pinward_store::{
    AccessNumberChanged, AccessNumberCreated, Act, Answer, AuditMark, AuditPage, AuditProgress,
    AuditQuery, AuditReport, Begun, CensusOf, Changed, Charged, ClientChanged, ClientCreated,
    CountFrom, Counts, Created, Deleted, Delivered, Delivery, Foresight, Foretell, FoundPeople,
    Granted, KeptPlace, KeyFingerprint, KeyRetired, LogOn, LogOnCounts, PinSet, PinStatus, Placed,
    Placing, PolicyChange, Pruned, Put, ReadingId, Removed, Reordered, RoleChanged, RoleCreated,
    RoleGranted, SearchFor, SetPin, Settled, Site, SiteChanged, SiteCreated, SiteDetails,
    SiteRemoved, SiteRules, SourceStatus, Staged, Store, StoreError, SyncEnd, SyncFigures,
    SyncPlan, SyncStep, SyncTerms, Tally, UserChanged, Verdict,
};

use crate::hook::{Hook, Made, Step};

/// A store with a hook between it and its caller.
pub struct HookedStore {
    inner: Arc<dyn Store>,
    hook: Arc<dyn Hook>,
}

impl HookedStore {
    /// The store with the hook before it.
    pub fn new(inner: Arc<dyn Store>, hook: Arc<dyn Hook>) -> Self {
        Self { inner, hook }
    }
}

#[async_trait]
impl Store for HookedStore {
    async fn writable(&self) -> Result<(), StoreError> {
        self.inner.writable().await
    }

    async fn key_fingerprints(&self) -> Result<Vec<KeyFingerprint>, StoreError> {
        self.inner.key_fingerprints().await
    }

    async fn add_key_fingerprint(
        &self,
        id: &str,
        fingerprint: &[u8; 32],
        act: &Act,
    ) -> Result<(), StoreError> {
        self.inner.add_key_fingerprint(id, fingerprint, act).await
    }

    async fn retire_key(&self, id: &str, act: &Act) -> Result<KeyRetired, StoreError> {
        self.inner.retire_key(id, act).await
    }

    async fn put_sites(&self, sites: &[Site], act: &Act) -> Result<(), StoreError> {
        self.inner.put_sites(sites, act).await
    }

    async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        self.inner.sites().await
    }

    async fn site_details(&self) -> Result<Vec<SiteDetails>, StoreError> {
        self.inner.site_details().await
    }

    async fn create_site(
        &self,
        site: &Site,
        membership: &Membership,
        act: &Act,
    ) -> Result<SiteCreated, StoreError> {
        self.inner.create_site(site, membership, act).await
    }

    async fn change_site(
        &self,
        id: &str,
        patch: &SitePatch,
        seen: Option<&SiteDetails>,
        act: &Act,
    ) -> Result<SiteChanged, StoreError> {
        self.inner.change_site(id, patch, seen, act).await
    }

    async fn remove_site(
        &self,
        id: &str,
        seen: Option<&SiteDetails>,
        act: &Act,
    ) -> Result<SiteRemoved, StoreError> {
        self.inner.remove_site(id, seen, act).await
    }

    async fn site_rules(&self) -> Result<SiteRules, StoreError> {
        self.inner.site_rules().await
    }

    async fn place_people(&self, placing: Placing) -> Result<Placed, StoreError> {
        self.inner.place_people(placing).await
    }

    async fn named_site(&self, user: UserId) -> Result<Option<String>, StoreError> {
        self.inner.named_site(user).await
    }

    async fn put_people(
        &self,
        batch: Vec<Person>,
        dry_run: bool,
        act: &Act,
    ) -> Result<Vec<Put>, StoreError> {
        self.inner.put_people(batch, dry_run, act).await
    }

    async fn change_user(
        &self,
        user: UserId,
        change: &UserChange,
        kept: Option<KeptPlace>,
        act: &Act,
    ) -> Result<UserChanged, StoreError> {
        self.inner.change_user(user, change, kept, act).await
    }

    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.inner.user(id).await
    }

    async fn find(&self, lookup: &Lookup, limit: usize) -> Result<Vec<User>, StoreError> {
        self.inner.find(lookup, limit).await
    }

    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, StoreError> {
        self.inner.users_after(after, limit).await
    }

    async fn search(&self, of: &SearchFor) -> Result<FoundPeople, StoreError> {
        self.inner.search(of).await
    }

    async fn sources(&self) -> Result<Vec<SourceStatus>, StoreError> {
        self.inner.sources().await
    }

    async fn begin_reading(
        &self,
        name: &str,
        kind: &str,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        self.inner.begin_reading(name, kind, now).await
    }

    async fn stage(
        &self,
        reading: ReadingId,
        entries: Vec<Staged>,
        now: Timestamp,
    ) -> Result<Option<()>, StoreError> {
        self.inner.stage(reading, entries, now).await
    }

    async fn judge_staged(
        &self,
        reading: ReadingId,
        most: usize,
        now: Timestamp,
    ) -> Result<Option<usize>, StoreError> {
        self.inner.judge_staged(reading, most, now).await
    }

    async fn plan_reading(
        &self,
        reading: ReadingId,
        terms: SyncTerms,
    ) -> Result<Option<SyncPlan>, StoreError> {
        self.inner.plan_reading(reading, terms).await
    }

    async fn apply_reading(
        &self,
        reading: ReadingId,
        step: SyncStep,
        act: &Act,
    ) -> Result<Option<SyncFigures>, StoreError> {
        self.inner.apply_reading(reading, step, act).await
    }

    async fn leave_reading(&self, reading: ReadingId) -> Result<(), StoreError> {
        self.inner.leave_reading(reading).await
    }

    async fn end_reading(
        &self,
        reading: ReadingId,
        end: SyncEnd,
        act: &Act,
    ) -> Result<Option<()>, StoreError> {
        self.inner.end_reading(reading, end, act).await
    }

    async fn forget_staged(&self, reading: ReadingId, most: usize) -> Result<usize, StoreError> {
        self.inner.forget_staged(reading, most).await
    }

    async fn policies(&self) -> Result<Vec<Policy>, StoreError> {
        self.inner.policies().await
    }

    async fn policy(&self, identity: &PolicyIdentity) -> Result<Option<Policy>, StoreError> {
        self.inner.policy(identity).await
    }

    async fn create_policy(&self, policy: &Policy, act: &Act) -> Result<Created, StoreError> {
        self.inner.create_policy(policy, act).await
    }

    async fn change_policy(
        &self,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
        seen: Option<&Policy>,
        act: &Act,
    ) -> Result<Changed, StoreError> {
        self.inner.change_policy(identity, patch, seen, act).await
    }

    async fn remove_policy(
        &self,
        identity: &PolicyIdentity,
        seen: Option<&Policy>,
        act: &Act,
    ) -> Result<Removed, StoreError> {
        self.inner.remove_policy(identity, seen, act).await
    }

    async fn grant_policy(
        &self,
        user: UserId,
        tag: Option<&str>,
        act: &Act,
    ) -> Result<Granted, StoreError> {
        self.inner.grant_policy(user, tag, act).await
    }

    async fn governing_policy(&self, user: UserId) -> Result<Option<Policy>, StoreError> {
        self.inner.governing_policy(user).await
    }

    async fn custom_roles(&self) -> Result<Vec<Role>, StoreError> {
        self.inner.custom_roles().await
    }

    async fn create_role(&self, role: &Role, act: &Act) -> Result<RoleCreated, StoreError> {
        self.inner.create_role(role, act).await
    }

    async fn change_role(
        &self,
        identity: &str,
        change: &RoleChange,
        seen: Option<&Role>,
        act: &Act,
    ) -> Result<RoleChanged, StoreError> {
        self.inner.change_role(identity, change, seen, act).await
    }

    async fn remove_role(
        &self,
        identity: &str,
        seen: Option<&Role>,
        act: &Act,
    ) -> Result<Deleted, StoreError> {
        self.inner.remove_role(identity, seen, act).await
    }

    async fn grant_role(
        &self,
        user: UserId,
        identity: &str,
        act: &Act,
    ) -> Result<RoleGranted, StoreError> {
        self.inner.grant_role(user, identity, act).await
    }

    async fn revoke_role(
        &self,
        user: UserId,
        identity: &str,
        act: &Act,
    ) -> Result<bool, StoreError> {
        self.inner.revoke_role(user, identity, act).await
    }

    async fn granted_roles(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        self.inner.granted_roles(user).await
    }

    async fn clients(&self) -> Result<Vec<Client>, StoreError> {
        self.inner.clients().await
    }

    async fn client_by_key(&self, digest: &[u8; 32]) -> Result<Option<Arc<Client>>, StoreError> {
        self.inner.client_by_key(digest).await
    }

    async fn create_client(&self, client: &Client, act: &Act) -> Result<ClientCreated, StoreError> {
        self.inner.create_client(client, act).await
    }

    async fn change_client(
        &self,
        name: &str,
        patch: &ClientPatch,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<ClientChanged, StoreError> {
        self.inner.change_client(name, patch, seen, act).await
    }

    async fn rotate_client(
        &self,
        name: &str,
        key: &ClientKey,
        until: Timestamp,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<ClientChanged, StoreError> {
        self.inner.rotate_client(name, key, until, seen, act).await
    }

    async fn remove_client(
        &self,
        name: &str,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<Deleted, StoreError> {
        self.inner.remove_client(name, seen, act).await
    }

    async fn access_numbers(&self, region: Option<&str>) -> Result<Vec<AccessNumber>, StoreError> {
        self.inner.access_numbers(region).await
    }

    async fn create_access_number(
        &self,
        number: &AccessNumber,
        act: &Act,
    ) -> Result<AccessNumberCreated, StoreError> {
        self.inner.create_access_number(number, act).await
    }

    async fn change_access_number(
        &self,
        uri: &str,
        patch: &AccessNumberPatch,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<AccessNumberChanged, StoreError> {
        self.inner.change_access_number(uri, patch, seen, act).await
    }

    async fn reorder_access_number(
        &self,
        uri: &str,
        region: &str,
        priority: usize,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<Reordered, StoreError> {
        self.inner
            .reorder_access_number(uri, region, priority, seen, act)
            .await
    }

    async fn remove_access_number(
        &self,
        uri: &str,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<Deleted, StoreError> {
        self.inner.remove_access_number(uri, seen, act).await
    }

    async fn site_of_pool(&self, pool: &str) -> Result<Option<String>, StoreError> {
        self.inner.site_of_pool(pool).await
    }

    async fn pin_status(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<PinStatus>, StoreError> {
        let status = self.inner.pin_status(user, now).await?;
        self.hook.looked(user).await;
        Ok(status)
    }

    async fn pin_history(&self, user: UserId, n: usize) -> Result<Vec<String>, StoreError> {
        self.inner.pin_history(user, n).await
    }

    async fn set_pin(&self, request: SetPin) -> Result<PinSet, StoreError> {
        self.inner.set_pin(request).await
    }

    async fn lock_pin(&self, user: UserId, act: &Act) -> Result<bool, StoreError> {
        self.inner.lock_pin(user, act).await
    }

    async fn unlock_pin(&self, user: UserId, act: &Act) -> Result<bool, StoreError> {
        self.inner.unlock_pin(user, act).await
    }

    async fn charge_foretold(
        &self,
        user: UserId,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
        foretell: Foretell,
    ) -> Result<Charged, StoreError> {
        self.hook.before(Step::Charge(user)).await?;
        let made = self
            .inner
            .charge_foretold(user, now, lease, log_on, foretell)
            .await?;
        self.hook.after(Made::Charged(user, &made)).await?;
        Ok(made)
    }

    fn unhurried(&self, unhurried: bool) {
        self.inner.unhurried(unhurried);
    }

    async fn settle(
        &self,
        attempt: AttemptId,
        verdict: Verdict,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Settled, StoreError> {
        self.hook.before(Step::Settle(attempt, &verdict)).await?;
        let made = self
            .inner
            .settle(attempt, verdict.clone(), now, log_on)
            .await?;
        self.hook
            .after(Made::Settled(attempt, &verdict, made))
            .await?;
        Ok(made)
    }

    async fn charge_once(
        &self,
        user: UserId,
        delivery: Delivery,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
        foretell: Foretell,
    ) -> Result<Delivered<Charged>, StoreError> {
        self.hook.before(Step::Charge(user)).await?;
        let made = self
            .inner
            .charge_once(user, delivery, now, lease, log_on, foretell)
            .await?;
        self.hook.after(Made::Delivered(user, &made)).await?;
        Ok(made)
    }

    async fn settle_once(
        &self,
        attempt: AttemptId,
        verdict: Verdict,
        key: [u8; 32],
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Settled, StoreError> {
        self.hook.before(Step::Settle(attempt, &verdict)).await?;
        let made = self
            .inner
            .settle_once(attempt, verdict.clone(), key, now, log_on)
            .await?;
        self.hook
            .after(Made::Settled(attempt, &verdict, made))
            .await?;
        Ok(made)
    }

    async fn answer_once(
        &self,
        delivery: Delivery,
        answer: Answer,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Delivered<()>, StoreError> {
        self.inner.answer_once(delivery, answer, now, log_on).await
    }

    async fn record_log_on(
        &self,
        answer: Answer,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<(), StoreError> {
        self.inner.record_log_on(answer, now, log_on).await
    }

    async fn record_sign_in(
        &self,
        sign_in: &LogOn,
        user: Option<UserId>,
        outcome: &'static str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.inner.record_sign_in(sign_in, user, outcome, now).await
    }

    async fn record_refusal(
        &self,
        act: &Act,
        subject: &str,
        user: Option<UserId>,
    ) -> Result<(), StoreError> {
        self.inner.record_refusal(act, subject, user).await
    }

    async fn record_detection(&self, act: &Act, subject: &str) -> Result<(), StoreError> {
        self.inner.record_detection(act, subject).await
    }

    async fn audit(
        &self,
        query: &AuditQuery,
        from: Option<i64>,
        limit: usize,
    ) -> Result<AuditPage, StoreError> {
        self.inner.audit(query, from, limit).await
    }

    async fn verify_audit(
        &self,
        noted: Vec<AuditMark>,
        progress: AuditProgress,
    ) -> Result<Option<AuditReport>, StoreError> {
        self.inner.verify_audit(noted, progress).await
    }

    async fn prune_audit(
        &self,
        before: Timestamp,
        most: u64,
        act: &Act,
    ) -> Result<Pruned, StoreError> {
        self.inner.prune_audit(before, most, act).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.inner.counts().await
    }

    async fn count_log_ons(&self, from: CountFrom, most: u64) -> Result<LogOnCounts, StoreError> {
        self.inner.count_log_ons(from, most).await
    }

    async fn census(&self, of: &CensusOf) -> Result<Vec<Tally>, StoreError> {
        self.inner.census(of).await
    }

    async fn foresee(
        &self,
        change: &PolicyChange,
        of: &CensusOf,
    ) -> Result<Option<Foresight>, StoreError> {
        self.inner.foresee(change, of).await
    }

    async fn governed_by(&self, identity: &PolicyIdentity) -> Result<Option<u64>, StoreError> {
        self.inner.governed_by(identity).await
    }
}
