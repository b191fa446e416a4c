//! PINs, and the keys that their verifiers are made with.

use pinward_core::{Counters, LengthClass, LockState, Policy, Timestamp, UserId};

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
