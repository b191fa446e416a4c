//! Attempts to log on, from the reservation to the answer.

use pinward_core::{AttemptId, LockState, Outcome, Policy, Timestamp, UserId};

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
        /// What it is bound to, as in [`crate::PinStatus::binding`].
        binding: String,
        /// Which PIN it belongs to, as in [`crate::PinStatus::version`].
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
