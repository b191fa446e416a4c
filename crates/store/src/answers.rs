//! What goes into a store and what comes out: plain values, one small enum per refusal.

use std::sync::Arc;

pub use pinward_core::Site;
use pinward_core::{
    AccessNumber, AccessNumberViolation, AttemptId, Client, ClientViolation, Counters, LengthClass,
    LockState, Membership, Outcome, Person, Policy, PolicyViolation, Role, RoleProblem, Timestamp,
    User, UserId, UserViolation,
};

use crate::Act;

/// A key that verifiers were made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFingerprint {
    /// The key's id, as it stands in the verifiers.
    pub id: String,
    /// What tells a wrong key under the same id.
    pub fingerprint: [u8; 32],
    /// How many verifiers were made with it, those of the history included.
    pub verifiers: u64,
}

/// What came of retiring a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum KeyRetired {
    /// No verifier may be made with it any more.
    Done,
    /// So many users have a PIN, current or in the history, that was made with it.
    InUse {
        /// How many.
        users: u64,
    },
    /// There is no such key.
    Unknown,
}

/// A site with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteDetails {
    /// The site.
    pub site: Site,
    /// Its rule.
    pub membership: Membership,
    /// How many enabled people belong to it.
    pub users: u64,
}

impl SiteDetails {
    /// Whether what is set of it is the same; who belongs to it comes and goes.
    pub fn is_set_like(&self, other: &Self) -> bool {
        self.site == other.site && self.membership == other.membership
    }
}

/// What came of creating a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SiteCreated {
    /// It exists now.
    Done,
    /// It existed already; nothing was changed.
    Exists,
}

/// What came of changing a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SiteChanged {
    /// It is so now.
    Done,
    /// There is no such site.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// What came of removing a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SiteRemoved {
    /// It is gone.
    Done {
        /// How many enabled people belonged to it.
        users: u64,
        /// Whether a policy went with it.
        policy: bool,
    },
    /// There is no such site.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// The rules by which people belong to sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRules {
    /// Counts the changes of the rules.
    pub version: i64,
    /// Whether there is somebody to whom they are not applied yet.
    pub pending: bool,
    /// The sites that have a rule, by id.
    pub rules: Vec<(String, Membership)>,
}

/// What the rules say of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The id of the site they give the person; one that has a rule.
    pub site: Option<String>,
    /// Whether the rule that is looked at means the person.
    pub meant: bool,
    /// Whether it does, and so does the rule of another site.
    pub contested: bool,
    /// Whether it does, and the directory names another site.
    pub kept: bool,
}

/// Says where a person belongs by the rules. [`Person::site`] is what the directory said.
pub type Judge = Arc<dyn Fn(&Person) -> Place + Send + Sync>;

/// What holds of a change by somebody who does not say who belongs to which site: no rule may give the
/// person another site for it (R-RBAC-3).
#[derive(Clone)]
pub struct KeptPlace {
    /// The rules by which `judge` judges, as [`SiteRules::version`].
    pub version: i64,
    /// What the rules say.
    pub judge: Judge,
}

impl KeptPlace {
    /// Whether the rules give a person whom the directory names no site for another one after a change.
    /// Whoever falls out of a site is in nobody's scope who did not reach them before.
    #[must_use]
    pub fn forbids(&self, before: &Person, after: &Person) -> bool {
        let by_rule = |person: &Person| {
            (self.judge)(&Person {
                site: None,
                ..person.clone()
            })
            .site
        };
        let next = by_rule(after);
        next.is_some() && next != by_rule(before)
    }
}

/// Applying the rules to some people.
#[derive(Clone)]
pub struct Placing {
    /// The rules by which `judge` judges, as [`SiteRules::version`].
    pub version: i64,
    /// To how many people at most.
    pub most: usize,
    /// What the rules say.
    pub judge: Judge,
}

/// What came of applying the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Placed {
    /// They were applied to some more people.
    Some(PlacedBatch),
    /// The rules were changed in between: read them again.
    RulesChanged,
}

/// What applying the rules did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlacedBatch {
    /// People that were gone through.
    pub gone_through: u64,
    /// People who belong elsewhere now.
    pub moved: u64,
    /// People of whom [`Place::meant`] was said.
    pub meant: u64,
    /// People of whom [`Place::contested`] was said.
    pub contested: u64,
    /// People of whom [`Place::kept`] was said.
    pub kept: u64,
    /// Whether everybody was gone through.
    pub done: bool,
}

impl PlacedBatch {
    /// Adds what a further batch did.
    pub fn add(&mut self, batch: Self) {
        self.gone_through += batch.gone_through;
        self.moved += batch.moved;
        self.meant += batch.meant;
        self.contested += batch.contested;
        self.kept += batch.kept;
        self.done = batch.done;
    }
}

/// What came of one row of [`crate::Store::put_people`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Put {
    /// The person was not there before.
    Created,
    /// The person's details changed.
    Updated,
    /// The person was there just so.
    Unchanged,
    /// The row was left out; why, and what to do.
    Refused(String),
}

/// What came of changing a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum UserChanged {
    /// Changed.
    Done {
        /// The user as they are now.
        user: Box<User>,
        /// How those are named whose line is reached by the same number (R-AUTH-6).
        same_line: Vec<String>,
    },
    /// The person was enabled already; nothing was changed.
    AlreadyEnabled,
    /// Everything that is wrong with the change; nothing was changed.
    Invalid(Vec<UserViolation>),
    /// The SIP address belongs to somebody else; nothing was changed.
    SipAddressTaken {
        /// The address.
        address: String,
        /// The display name of whoever has it.
        by: String,
    },
    /// The line that the change would give or bring into use reaches somebody else who is enabled, so
    /// that nobody could sign in by it any more (R-AUTH-6); nothing was changed.
    LineTaken {
        /// The line.
        line: String,
        /// How whoever has it is named.
        by: String,
    },
    /// A rule would give the person another site; nothing was changed.
    OtherSite,
    /// The rules were changed in between: read them again. Nothing was changed.
    RulesChanged,
    /// There is no such user.
    NoSuchUser,
}

/// What came of creating an access number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum AccessNumberCreated {
    /// It exists now.
    Done,
    /// There is one of that SIP address.
    Exists,
    /// Another one has that line.
    LineTaken {
        /// Its SIP address.
        by: String,
    },
    /// There is no such site.
    NoSuchSite,
}

/// What came of changing an access number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum AccessNumberChanged {
    /// What it is now.
    Done(Box<AccessNumber>),
    /// There is no such number.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// Everything that is wrong with the result; nothing was changed.
    Invalid(Vec<AccessNumberViolation>),
    /// Another one has that line.
    LineTaken {
        /// Its SIP address.
        by: String,
    },
    /// There is no such site.
    NoSuchSite,
}

/// What came of giving an access number another place in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Reordered {
    /// It has this place now, from 0.
    Done {
        /// The place.
        priority: usize,
    },
    /// There is no such number.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// The number is not in that region.
    NotInRegion,
}

/// What came of creating a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Created {
    /// It exists now.
    Done,
    /// It existed already; nothing was changed.
    Exists,
    /// A site policy needs its site (R-POL-3).
    NoSuchSite,
}

/// What came of changing a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Changed {
    /// What it is now.
    Done(Policy),
    /// There is no such policy.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// Everything that the result would break; nothing was changed (R-POL-8).
    Invalid(Vec<PolicyViolation>),
}

/// What came of creating a custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RoleCreated {
    /// What it is now, with its SID.
    Done(Role),
    /// There is a role of that name; nothing was changed.
    Exists,
}

/// What came of changing a custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RoleChanged {
    /// What it is now.
    Done(Role),
    /// There is no such custom role.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// Everything that is wrong with the change; nothing was changed.
    Invalid(Vec<RoleProblem>),
}

/// What came of granting a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RoleGranted {
    /// The user holds it, if not before then now.
    Done,
    /// There is no such role, standard or custom.
    NoSuchRole,
    /// There is no such user.
    NoSuchUser,
}

/// What came of removing a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Removed {
    /// It is gone, and every grant of it.
    Done,
    /// The global policy has its defaults again (R-POL-5).
    Reset,
    /// There is no such policy.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// What came of removing a custom role, an access number or a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Deleted {
    /// It is gone.
    Done,
    /// There is nothing of that name.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// What came of granting a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Granted {
    /// Granted, or the grant taken back.
    Done,
    /// There is no per-user policy of that name.
    NoSuchPolicy,
    /// There is no such user.
    NoSuchUser,
}

/// The state of a user's PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinStatus {
    /// When the PIN was set; `None`: the user has none.
    pub set_at: Option<Timestamp>,
    /// What the user's verifiers are bound to: stays the same for a person, whatever else changes.
    pub binding: String,
    /// Grows with each PIN that is set; 0 where none ever was. See [`SetPin::if_version`].
    pub version: i64,
    /// Whether the PIN must be changed before it opens anything.
    pub must_change: bool,
    /// An end of its own, beside the policy's lifetime.
    pub expires_override: Option<Timestamp>,
    /// The failures and locks, leases that ran out counted.
    pub counters: Counters,
    /// The policy that governs the user.
    pub policy: Policy,
    /// The class of the PIN's length; `None`: the user has no PIN.
    pub length_class: Option<LengthClass>,
}

/// A PIN to set.
#[derive(Clone, Debug)]
pub struct SetPin {
    /// Whose.
    pub user: UserId,
    /// The verifier's text.
    pub verifier: String,
    /// The class of the PIN's length, which decides the limits (R-LOCK-3).
    pub length_class: LengthClass,
    /// Whether it must be changed at the first logon.
    pub must_change: bool,
    /// An end of its own, beside the policy's lifetime.
    pub expires_override: Option<Timestamp>,
    /// Set only if [`PinStatus::version`] is still this: what a choice that was judged by the old
    /// PIN and the history needs (R-HIST-1). `None` sets in any case.
    pub if_version: Option<i64>,
    /// Who sets it, and when.
    pub act: Act,
}

/// What came of setting a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum PinSet {
    /// It is the current one.
    Done,
    /// It must be unlocked first (R-SET-5).
    Locked(LockState),
    /// Another PIN was set in between: judge again. Only with [`SetPin::if_version`].
    Superseded,
    /// The verifier was made with a key that was retired meanwhile: load the keys and derive again.
    RetiredKey,
    /// The user is not enabled (R-SET-6).
    Disabled,
    /// There is no such user.
    NoSuchUser,
}

/// What came of asking for an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Charged {
    /// One attempt is reserved: verify, then settle.
    Admitted {
        /// The reservation.
        attempt: AttemptId,
        /// The current verifier.
        verifier: String,
        /// What it is bound to, as in [`PinStatus::binding`].
        binding: String,
        /// Which PIN it belongs to, as in [`PinStatus::version`].
        pin_version: i64,
        /// When the PIN was set.
        set_at: Timestamp,
        /// Whether the PIN must be changed.
        must_change: bool,
        /// An end of its own, beside the policy's lifetime.
        expires_override: Option<Timestamp>,
        /// The policy that governs the user, as of now (R-POL-7).
        policy: Policy,
    },
    /// Open attempts hold the whole remaining budget: ask again when one was settled.
    Wait,
    /// Locked or locked out; not counted (R-LOCK-4).
    Refused(LockState),
    /// The user has no PIN.
    PinNotSet,
    /// The user is not enabled.
    Disabled,
    /// There is no such user.
    NoSuchUser,
}

impl Charged {
    /// What the caller is told where the attempt is refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Outcome> {
        match self {
            Self::Admitted { .. } | Self::Wait => None,
            Self::Refused(_) => Some(Outcome::UserPinAccountLocked),
            Self::PinNotSet => Some(Outcome::PinNotSet),
            Self::Disabled => Some(Outcome::UserPinAccountDisabled),
            Self::NoSuchUser => Some(Outcome::UserDoesNotExist),
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The PIN was right.
    Correct {
        /// The verifier made anew with the current key and parameters, where it was not; kept only
        /// if the PIN is still the one that was verified.
        upgraded: Option<String>,
    },
    /// The PIN was right but is expired or must be changed: neither success nor failure (R-AUTH-4).
    CorrectButUnusable(Outcome),
    /// The PIN was wrong.
    Wrong,
    /// Nothing was evaluated, so nothing is counted (R-AUTH-7).
    Released,
}

impl Verdict {
    /// What the caller is told; `None`: nothing was evaluated.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::Correct { .. } => Some(Outcome::Success),
            Self::CorrectButUnusable(outcome) => Some(*outcome),
            Self::Wrong => Some(Outcome::IncorrectPin),
            Self::Released => None,
        }
    }
}

/// What came of settling an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Settled {
    /// The verdict is kept.
    Done,
    /// The attempt is no longer open: its lease ran out and it was counted as a failure, or it
    /// was settled before. The verdict changed nothing.
    AlreadyExpired,
    /// No attempt of this id was ever made.
    Unknown,
}

/// How much there is in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// People, enabled or not.
    pub users: u64,
    /// People who have a PIN.
    pub users_with_pin: u64,
    /// Sites.
    pub sites: u64,
    /// Policies, the global one included.
    pub policies: u64,
    /// Attempts that are reserved and not settled.
    pub open_attempts: u64,
}

/// What tells that an attempt was delivered before (R-LOCK-11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// A digest of the client and its key, or of what identifies a retransmission.
    pub key: [u8; 32],
    /// Digests of the whole input, keyed outside the store: that of the current key first, then
    /// those of older keys. Any match means the same input. Never empty.
    pub inputs: Vec<[u8; 32]>,
    /// Until when the answer is remembered.
    pub keep_until: Timestamp,
}

/// An answer that is remembered for later deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What came out.
    pub outcome: Outcome,
    /// Who was meant, where that is clear.
    pub user: Option<UserId>,
    /// Until when a temporary lockout holds.
    pub locked_until: Option<Timestamp>,
}

/// What is known of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Delivered<T> {
    /// It is the first; what came of it.
    First(T),
    /// It was answered before: the same answer again.
    Again(Answer),
    /// The first is being decided: ask again.
    UnderWay,
    /// The first was given up and counted as a failure before there was an answer.
    GivenUp,
    /// The key was used with another input.
    OtherInput,
}

/// What came of storing a new client of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClientCreated {
    /// It is kept.
    Done,
    /// There is one of that name.
    Exists,
    /// A client has that certificate.
    KeyTaken {
        /// The client.
        by: String,
    },
}

/// What came of changing a client of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClientChanged {
    /// What it became.
    Done(Client),
    /// There is no client of that name.
    NotFound,
    /// It is another one by now than was seen, or has other keys.
    Overtaken,
    /// It would make no sense.
    Invalid(ClientViolation),
    /// A client has that certificate, perhaps this one.
    KeyTaken {
        /// The client.
        by: String,
    },
}
