//! Figures over all users: what is asked, and the answers.

use pinward_core::{Policy, PolicyIdentity, Reach, Timestamp};

/// Whom to count, and by which time.
#[derive(Clone, Debug)]
pub struct CensusOf {
    /// The time.
    pub now: Timestamp,
    /// PINs that end by then are told as expiring.
    pub until: Timestamp,
    /// Users outside of it are not counted (R-RBAC-3).
    pub reach: Reach,
}

/// The users that a policy governs, and how their PINs stand. People who are not enabled are not
/// counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The policy.
    pub policy: Policy,
    /// Users governed by it (R-POL-4).
    pub users: u64,
    /// Of these, those who have no PIN.
    pub missing: u64,
    /// PINs that have expired (R-EXP-1).
    pub expired: u64,
    /// PINs that have not, and will by [`CensusOf::until`].
    pub expiring: u64,
    /// PINs that must be changed before they open anything (R-AUTH-4).
    pub must_change: u64,
    /// PINs, also of users who have none yet, that are locked in any way (R-LOCK-9).
    pub locked: u64,
}

impl Tally {
    /// Nobody, under a policy.
    pub fn of(policy: Policy) -> Self {
        Self {
            policy,
            users: 0,
            missing: 0,
            expired: 0,
            expiring: 0,
            must_change: 0,
            locked: 0,
        }
    }

    /// Users who have a PIN.
    pub fn pins(&self) -> u64 {
        self.users - self.missing
    }
}

/// What might be done to a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyChange {
    /// The policy of this identity gets these values.
    Become(Policy),
    /// The policy goes, and its users fall to the next scope (R-POL-6); the global one gets its
    /// first values (R-POL-5).
    Remove(PolicyIdentity),
}

/// What a change of a policy would mean for the users it governs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foresight {
    /// How it stands now.
    pub now: Tally,
    /// What would be, by the policy that would govern: the same one, or those that its users fall to.
    pub then: Vec<Shift>,
}

/// What users would come to who would be governed by a policy after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// The policy, as it would be.
    pub policy: Policy,
    /// How many users.
    pub users: u64,
    /// PINs that have not expired and would have at once.
    pub expired: u64,
    /// PINs that would not have expired at once, but would by [`CensusOf::until`].
    pub expiring: u64,
    /// PINs that have expired and would not have any more.
    pub revived: u64,
    /// Users who are not locked and would be at their next logon, because they have failed as often
    /// already as they may (R-POL-7).
    pub locked: u64,
}

impl Shift {
    /// Nobody, under a policy.
    pub fn to(policy: Policy) -> Self {
        Self {
            policy,
            users: 0,
            expired: 0,
            expiring: 0,
            revived: 0,
            locked: 0,
        }
    }
}
