//! The trait that every store implements.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use pinward_core::{
    AccessNumber, AccessNumberPatch, AttemptId, Client, ClientKey, ClientPatch, Lookup, Membership,
    Person, Policy, PolicyIdentity, PolicyPatch, Role, RoleChange, SitePatch, Timestamp, User,
    UserChange, UserId,
};

use crate::{
    AccessNumberChanged, AccessNumberCreated, Act, Answer, AuditMark, AuditPage, AuditProgress,
    AuditQuery, AuditReport, Begun, CensusOf, Changed, Charged, ClientChanged, ClientCreated,
    CountFrom, Counts, Created, Deleted, Delivered, Delivery, Foresight, Foretell, FoundPeople,
    Granted, KeptPlace, KeyFingerprint, KeyRetired, LogOn, LogOnCounts, PinSet, PinStatus, Placed,
    Placing, PolicyChange, Pruned, Put, ReadingId, Removed, Reordered, RoleChanged, RoleCreated,
    RoleGranted, SearchFor, SetPin, Settled, Site, SiteChanged, SiteCreated, SiteDetails,
    SiteRemoved, SiteRules, SourceStatus, Staged, StoreError, SyncEnd, SyncFigures, SyncPlan,
    SyncStep, SyncTerms, Tally, UserChanged, Verdict,
};

/// What must be kept, and the decisions that must be exact.
///
/// Each method is one transaction. A change that was answered with `Ok` survives a crash of the
/// process and of the machine. One that was answered with `Err` has as a rule not happened; only
/// where the disk failed during the commit itself can nobody tell. Times are kept as whole
/// milliseconds, rounded towards the past.
///
/// A method whose future is dropped may still take effect.
///
/// Refusals are answers; `Err` means that the store could not decide.
///
/// What takes an [`Act`] leaves one record of it in the audit log, in the same transaction, for each
/// thing that it changed; none where nothing was done. What takes a [`LogOn`] leaves one record when the
/// logon is decided, by whichever method that is, and none where it was decided before (R-SEC-4).
#[async_trait]
pub trait Store: Send + Sync {
    /// Whether changes can be kept. Where something failed at the disk or the file and no change was kept since, one
    /// is tried that nobody sees; an error says what failed.
    async fn writable(&self) -> Result<(), StoreError>;

    // --- keys -------------------------------------------------------------------------------

    /// The keys that verifiers were made with, by id; not those that were retired (R-SEC-2).
    async fn key_fingerprints(&self) -> Result<Vec<KeyFingerprint>, StoreError>;

    /// Remembers a key. A key that is known keeps the fingerprint it had.
    async fn add_key_fingerprint(
        &self,
        id: &str,
        fingerprint: &[u8; 32],
        act: &Act,
    ) -> Result<(), StoreError>;

    /// Retires a key that no verifier needs: none may be made with it from then on, also by
    /// processes that have not noticed yet (R-SEC-2). Again is no error.
    async fn retire_key(&self, id: &str, act: &Act) -> Result<KeyRetired, StoreError>;

    // --- directory --------------------------------------------------------------------------

    /// Creates the sites that are missing and renames those that are there. Sites are told apart
    /// by their id without regard to case.
    async fn put_sites(&self, sites: &[Site], act: &Act) -> Result<(), StoreError>;

    /// All sites by id.
    async fn sites(&self) -> Result<Vec<Site>, StoreError>;

    /// All sites by id, with their rules and the number of their users.
    async fn site_details(&self) -> Result<Vec<SiteDetails>, StoreError>;

    /// Creates a site. Its rule is applied by [`Store::place_people`].
    async fn create_site(
        &self,
        site: &Site,
        membership: &Membership,
        act: &Act,
    ) -> Result<SiteCreated, StoreError>;

    /// Changes a site. Its rule is applied by [`Store::place_people`].
    async fn change_site(
        &self,
        id: &str,
        patch: &SitePatch,
        seen: Option<&SiteDetails>,
        act: &Act,
    ) -> Result<SiteChanged, StoreError>;

    /// Removes a site and its policy: nobody is governed by that one any more (R-POL-6). Those who
    /// belonged to it get their places by [`Store::place_people`].
    async fn remove_site(
        &self,
        id: &str,
        seen: Option<&SiteDetails>,
        act: &Act,
    ) -> Result<SiteRemoved, StoreError>;

    /// The rules by which people belong to sites.
    async fn site_rules(&self) -> Result<SiteRules, StoreError>;

    /// Applies the rules to people who were not gone through since the rules or what is known of
    /// them changed. What the directory says of somebody's site holds before any rule. What follows from
    /// the rules is not recorded for each person: the change of the rules is.
    async fn place_people(&self, placing: Placing) -> Result<Placed, StoreError>;

    /// The site that the directory names for somebody, which holds before any rule.
    async fn named_site(&self, user: UserId) -> Result<Option<String>, StoreError>;

    /// Creates and updates people: matched by guid, else by distinguished name. Somebody whose
    /// name leads to a person with another guid of the directory is another person, and inherits
    /// neither PIN nor counts nor grant; a guid that was made up says nothing against it. One answer
    /// per row, in order; a refused row does not stop the others. With `dry_run` the answers are the
    /// same and nothing is kept.
    async fn put_people(
        &self,
        batch: Vec<Person>,
        dry_run: bool,
        act: &Act,
    ) -> Result<Vec<Put>, StoreError>;

    /// Changes a user, judged as they are now, so that two changes of different properties are both
    /// kept. Disabling takes the grant of a policy and the PIN with its history as well, but neither
    /// counts nor locks. Everything else that belongs to the user stays. With `kept` only where no rule
    /// moves the person for it.
    async fn change_user(
        &self,
        user: UserId,
        change: &UserChange,
        kept: Option<KeptPlace>,
        act: &Act,
    ) -> Result<UserChanged, StoreError>;

    /// One user.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// The users that a look-up names, by ascending id, at most `limit`: where there are more, any of them.
    async fn find(&self, lookup: &Lookup, limit: usize) -> Result<Vec<User>, StoreError>;

    /// The users that any of the look-ups names, each once, by ascending id, at most `limit`. A
    /// store that can does it in one view of what is kept.
    async fn find_any(
        &self,
        lookups: &[Lookup],
        limit: usize,
    ) -> Result<Vec<Arc<User>>, StoreError> {
        let mut found = BTreeMap::new();
        for lookup in lookups {
            let users = self.find(lookup, limit).await?;
            found.extend(users.into_iter().map(|user| (user.id, user)));
        }
        Ok(found.into_values().map(Arc::new).take(limit).collect())
    }

    /// The next `limit` users by ascending id, those after `after`; empty at the end.
    async fn users_after(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<User>, StoreError>;

    /// The people of whom the words are the beginnings of words of a name or of a number.
    async fn search(&self, of: &SearchFor) -> Result<FoundPeople, StoreError>;

    // --- sources ----------------------------------------------------------------------------

    /// The sources of which a reading ended, by name.
    async fn sources(&self) -> Result<Vec<SourceStatus>, StoreError>;

    /// Begins a reading of a source, and makes the source known where it is not. A reading of it that
    /// is under way is overtaken. Each step of a reading notes when it was taken, as
    /// [`SourceStatus::under_way`].
    async fn begin_reading(
        &self,
        name: &str,
        kind: &str,
        now: Timestamp,
    ) -> Result<Begun, StoreError>;

    /// Keeps entries of a reading and changes nobody. A person who is in it already is unusable.
    async fn stage(
        &self,
        reading: ReadingId,
        entries: Vec<Staged>,
        now: Timestamp,
    ) -> Result<Option<()>, StoreError>;

    /// Finds out whom staged entries mean and what is to be done about them, of so many at most:
    /// matched by GUID, else by distinguished name where one of both GUIDs was made up and nobody in
    /// the reading has the other. How many were judged; fewer than asked for when there are no more.
    async fn judge_staged(
        &self,
        reading: ReadingId,
        most: usize,
        now: Timestamp,
    ) -> Result<Option<usize>, StoreError>;

    /// What applying a reading would do, once all of it is judged.
    async fn plan_reading(
        &self,
        reading: ReadingId,
        terms: SyncTerms,
    ) -> Result<Option<SyncPlan>, StoreError>;

    /// Takes one step of applying a reading. Whoever is missing is disabled and gone since the time of
    /// the act, and keeps everything else; whoever is purged is removed with everything they had.
    async fn apply_reading(
        &self,
        reading: ReadingId,
        step: SyncStep,
        act: &Act,
    ) -> Result<Option<SyncFigures>, StoreError>;

    /// Notes how a reading ended, and records what it did as a whole where it did anything.
    async fn end_reading(
        &self,
        reading: ReadingId,
        end: SyncEnd,
        act: &Act,
    ) -> Result<Option<()>, StoreError>;

    /// The reading is not under way any more, however it came to its end; one that overtook it is.
    async fn leave_reading(&self, reading: ReadingId) -> Result<(), StoreError>;

    /// Forgets so many at most of the entries that are kept of this reading of a source and those
    /// before it. How many were forgotten.
    async fn forget_staged(&self, reading: ReadingId, most: usize) -> Result<usize, StoreError>;

    // --- policies ---------------------------------------------------------------------------

    /// All policies: global, then sites by name, then per-user ones by name.
    async fn policies(&self) -> Result<Vec<Policy>, StoreError>;

    /// One policy. The global one always exists (R-POL-5).
    async fn policy(&self, identity: &PolicyIdentity) -> Result<Option<Policy>, StoreError>;

    /// Stores a new policy (R-POL-3). The values must be valid: judge them first.
    async fn create_policy(&self, policy: &Policy, act: &Act) -> Result<Created, StoreError>;

    /// Reads, patches, judges and writes a policy as a whole (R-POL-2, R-POL-8).
    async fn change_policy(
        &self,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
        seen: Option<&Policy>,
        act: &Act,
    ) -> Result<Changed, StoreError>;

    /// Removes a policy and every grant of it (R-POL-6); resets the global one (R-POL-5).
    async fn remove_policy(
        &self,
        identity: &PolicyIdentity,
        seen: Option<&Policy>,
        act: &Act,
    ) -> Result<Removed, StoreError>;

    /// Grants a user the per-user policy of that name, or with `None` takes the grant back.
    async fn grant_policy(
        &self,
        user: UserId,
        tag: Option<&str>,
        act: &Act,
    ) -> Result<Granted, StoreError>;

    /// The policy that governs a user (R-POL-4); `None`: no such user.
    async fn governing_policy(&self, user: UserId) -> Result<Option<Policy>, StoreError>;

    // --- roles ------------------------------------------------------------------------------

    /// The custom roles by name (R-RBAC-1); the standard ones are not kept.
    async fn custom_roles(&self) -> Result<Vec<Role>, StoreError>;

    /// Stores a new custom role under a SID that no role had before; the one it came with does not
    /// count. Names compare without regard to case, those of the standard roles included.
    async fn create_role(&self, role: &Role, act: &Act) -> Result<RoleCreated, StoreError>;

    /// Reads, changes, judges and writes a custom role as a whole.
    async fn change_role(
        &self,
        identity: &str,
        change: &RoleChange,
        seen: Option<&Role>,
        act: &Act,
    ) -> Result<RoleChanged, StoreError>;

    /// Removes a custom role and every grant of it; clients that had it have no rights any more. A
    /// standard one is not found (R-RBAC-5).
    async fn remove_role(
        &self,
        identity: &str,
        seen: Option<&Role>,
        act: &Act,
    ) -> Result<Deleted, StoreError>;

    /// Grants a user a role, standard or custom. Again is no error.
    async fn grant_role(
        &self,
        user: UserId,
        identity: &str,
        act: &Act,
    ) -> Result<RoleGranted, StoreError>;

    /// Takes a granted role back. `false`: it was not granted.
    async fn revoke_role(
        &self,
        user: UserId,
        identity: &str,
        act: &Act,
    ) -> Result<bool, StoreError>;

    /// The roles that were granted to a user, folded, by name. Grants stay when the person is
    /// renamed, and go where somebody else takes their place in the directory.
    async fn granted_roles(&self, user: UserId) -> Result<Vec<String>, StoreError>;

    // --- clients of the API -------------------------------------------------------------------

    /// The programs that use the API, by name.
    async fn clients(&self) -> Result<Vec<Client>, StoreError>;

    /// The client that has the key with this digest, whether or not the key holds.
    async fn client_by_key(&self, digest: &[u8; 32]) -> Result<Option<Arc<Client>>, StoreError>;

    /// Stores a new client with its keys. It must have been judged. Names compare without regard to
    /// case.
    async fn create_client(&self, client: &Client, act: &Act) -> Result<ClientCreated, StoreError>;

    /// Reads, changes, judges and writes a client as a whole, but for its keys.
    async fn change_client(
        &self,
        name: &str,
        patch: &ClientPatch,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<ClientChanged, StoreError>;

    /// Gives a client another key. The one it had holds until `until`, and any older one no longer.
    async fn rotate_client(
        &self,
        name: &str,
        key: &ClientKey,
        until: Timestamp,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<ClientChanged, StoreError>;

    /// Removes a client and its keys.
    async fn remove_client(
        &self,
        name: &str,
        seen: Option<&Client>,
        act: &Act,
    ) -> Result<Deleted, StoreError>;

    // --- dial-in conferencing -----------------------------------------------------------------

    /// All access numbers by SIP address; with a region those of the region, in their order.
    async fn access_numbers(&self, region: Option<&str>) -> Result<Vec<AccessNumber>, StoreError>;

    /// Stores a new access number, the last of its regions. It must have been judged.
    async fn create_access_number(
        &self,
        number: &AccessNumber,
        act: &Act,
    ) -> Result<AccessNumberCreated, StoreError>;

    /// Reads, patches, judges and writes an access number as a whole. It keeps its place in the
    /// regions it stays in.
    async fn change_access_number(
        &self,
        uri: &str,
        patch: &AccessNumberPatch,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<AccessNumberChanged, StoreError>;

    /// Gives an access number another place among those of a region, 0 the first; the others move up
    /// or down.
    async fn reorder_access_number(
        &self,
        uri: &str,
        region: &str,
        priority: usize,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<Reordered, StoreError>;

    /// Removes an access number.
    async fn remove_access_number(
        &self,
        uri: &str,
        seen: Option<&AccessNumber>,
        act: &Act,
    ) -> Result<Deleted, StoreError>;

    /// The site to which most of the enabled people of a pool belong.
    async fn site_of_pool(&self, pool: &str) -> Result<Option<String>, StoreError>;

    // --- PINs -------------------------------------------------------------------------------

    /// The state of a user's PIN at `now`, leases that ran out counted; `None`: no such user.
    async fn pin_status(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<PinStatus>, StoreError>;

    /// The `n` most recent verifiers, the newest first, the current one included (R-HIST-3: at
    /// most 20 are kept). Empty where the user is not known.
    async fn pin_history(&self, user: UserId, n: usize) -> Result<Vec<String>, StoreError>;

    /// Makes a verifier the current one and the newest of the history (R-SET-3), unless the PIN
    /// is locked (R-SET-5); ends a temporary lockout and sets the local count to 0 (R-SET-4).
    async fn set_pin(&self, request: SetPin) -> Result<PinSet, StoreError>;

    /// Locks until an administrator unlocks (R-LOCK-7), also a user who has no PIN yet. `false`:
    /// no such user.
    async fn lock_pin(&self, user: UserId, act: &Act) -> Result<bool, StoreError>;

    /// Ends every lock and lockout and sets both counts to 0 (R-LOCK-7). `false`: no such user.
    async fn unlock_pin(&self, user: UserId, act: &Act) -> Result<bool, StoreError>;

    // --- logon ------------------------------------------------------------------------------

    /// Reserves one attempt, which counts as a failure if it is not settled within `lease`
    /// (R-LOCK-10). Checks in the order of R-AUTH-2.
    async fn charge(
        &self,
        user: UserId,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
    ) -> Result<Charged, StoreError> {
        self.charge_foretold(user, now, lease, log_on, Foretell::nobody())
            .await
    }

    /// As [`Store::charge`], with a forecast of an admission before it is durable. A store may leave
    /// it out.
    async fn charge_foretold(
        &self,
        user: UserId,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
        foretell: Foretell,
    ) -> Result<Charged, StoreError>;

    /// Tells whether those who charge and settle wait much longer for something else anyway, so that
    /// they may wait some milliseconds for each other here and share a sync. Holds until the next
    /// call. A store may leave it out.
    fn unhurried(&self, _unhurried: bool) {}

    /// Turns a reservation into what came of it.
    async fn settle(
        &self,
        attempt: AttemptId,
        verdict: Verdict,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Settled, StoreError>;

    // --- attempts that may be delivered more than once (R-LOCK-11) ---------------------------

    /// As [`Store::charge`], once per delivery key. An attempt that is told to wait leaves nothing
    /// behind; what is refused is remembered as answered.
    async fn charge_once(
        &self,
        user: UserId,
        delivery: Delivery,
        now: Timestamp,
        lease: SignedDuration,
        log_on: &Arc<LogOn>,
        foretell: Foretell,
    ) -> Result<Delivered<Charged>, StoreError>;

    /// As [`Store::settle`], remembering the answer under the delivery's key in the same
    /// transaction; a released attempt is forgotten, so that it can be delivered again.
    async fn settle_once(
        &self,
        attempt: AttemptId,
        verdict: Verdict,
        key: [u8; 32],
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Settled, StoreError>;

    /// Remembers an answer for which no attempt was needed, such as "nobody of that name".
    async fn answer_once(
        &self,
        delivery: Delivery,
        answer: Answer,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<Delivered<()>, StoreError>;

    // --- audit log (R-SEC-4) ------------------------------------------------------------------

    /// Records what came of a logon for which no attempt was needed.
    async fn record_log_on(
        &self,
        answer: Answer,
        now: Timestamp,
        log_on: &Arc<LogOn>,
    ) -> Result<(), StoreError>;

    /// Records what came of an attempt to sign in: `Success`, or why not.
    async fn record_sign_in(
        &self,
        sign_in: &LogOn,
        user: Option<UserId>,
        outcome: &'static str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Records that an act was refused: nothing was changed, on that subject.
    async fn record_refusal(
        &self,
        act: &Act,
        subject: &str,
        user: Option<UserId>,
    ) -> Result<(), StoreError>;

    /// Records something that the program noticed of itself, with the outcome `Detected`.
    async fn record_detection(&self, act: &Act, subject: &str) -> Result<(), StoreError>;

    /// The records that are wanted, from one on; at most `limit`.
    async fn audit(
        &self,
        query: &AuditQuery,
        from: Option<i64>,
        limit: usize,
    ) -> Result<AuditPage, StoreError>;

    /// Whether the log is as it was written, and holds the records that were noted earlier. `None`:
    /// `progress` did not want to go on.
    async fn verify_audit(
        &self,
        noted: Vec<AuditMark>,
        progress: AuditProgress,
    ) -> Result<Option<AuditReport>, StoreError>;

    /// Removes records that are older than `before` from the oldest on, at most `most`. Keeps what
    /// the others are verified from, and is itself recorded.
    async fn prune_audit(
        &self,
        before: Timestamp,
        most: u64,
        act: &Act,
    ) -> Result<Pruned, StoreError>;

    // --- figures ----------------------------------------------------------------------------

    /// How much there is.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// Counts the logons of a part of the audit log, of so many records at most.
    async fn count_log_ons(&self, from: CountFrom, most: u64) -> Result<LogOnCounts, StoreError>;

    /// How the PINs of all users stand, by the policy that governs them: one tally for every policy,
    /// in the order of [`Store::policies`], in one pass over one view of what is kept.
    async fn census(&self, of: &CensusOf) -> Result<Vec<Tally>, StoreError>;

    /// What a change of a policy would mean, without making it; `None`: no such policy.
    async fn foresee(
        &self,
        change: &PolicyChange,
        of: &CensusOf,
    ) -> Result<Option<Foresight>, StoreError>;

    /// How many users a policy governs (R-POL-4); `None`: no such policy.
    async fn governed_by(&self, identity: &PolicyIdentity) -> Result<Option<u64>, StoreError>;
}
