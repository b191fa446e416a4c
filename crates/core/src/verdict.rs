//! R-AUTH: the verdict of a logon and the order of its checks.

use std::fmt;

use crate::lockout::LockState;

/// What a logon came to (R-AUTH-3). `Display` writes the name as it stands here.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// The PIN is right and may be used.
    Success,
    /// The PIN is wrong.
    IncorrectPin,
    /// Locked, or temporarily locked out.
    UserPinAccountLocked,
    /// The PIN is right and has expired.
    PinExpired,
    /// The PIN is right and must be replaced before it can be used.
    PinMustBeChanged,
    /// The user has no PIN.
    PinNotSet,
    /// The user is not enabled for PIN authentication.
    UserPinAccountDisabled,
    /// Nobody is named so.
    UserDoesNotExist,
    /// Several users are named so.
    NonUniqueUser,
    /// The source must wait; nothing was evaluated.
    Throttled,
}

/// What an outcome does to the counts of R-LOCK.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted {
    /// Adds one to both counts.
    Failure,
    /// Sets the local count to 0.
    Success,
    /// Leaves the counts alone.
    Neither,
}

impl Outcome {
    /// All outcomes, in the order of the specification.
    pub const ALL: [Outcome; 10] = [
        Outcome::Success,
        Outcome::IncorrectPin,
        Outcome::UserPinAccountLocked,
        Outcome::PinExpired,
        Outcome::PinMustBeChanged,
        Outcome::PinNotSet,
        Outcome::UserPinAccountDisabled,
        Outcome::UserDoesNotExist,
        Outcome::NonUniqueUser,
        Outcome::Throttled,
    ];

    /// The stable name, "UserPinAccountLocked".
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "Success",
            Outcome::IncorrectPin => "IncorrectPin",
            Outcome::UserPinAccountLocked => "UserPinAccountLocked",
            Outcome::PinExpired => "PinExpired",
            Outcome::PinMustBeChanged => "PinMustBeChanged",
            Outcome::PinNotSet => "PinNotSet",
            Outcome::UserPinAccountDisabled => "UserPinAccountDisabled",
            Outcome::UserDoesNotExist => "UserDoesNotExist",
            Outcome::NonUniqueUser => "NonUniqueUser",
            Outcome::Throttled => "Throttled",
        }
    }

    /// The outcome of that name, exactly as [`Outcome::name`] writes it.
    pub fn from_name(name: &str) -> Option<Outcome> {
        Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.name() == name)
    }

    /// What this outcome does to the counts (R-LOCK-1, R-LOCK-4, R-LOCK-8, R-AUTH-4).
    pub fn counted(self) -> Counted {
        match self {
            Outcome::Success => Counted::Success,
            Outcome::IncorrectPin => Counted::Failure,
            _ => Counted::Neither,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The checks that come before the PIN is looked at, in their order (R-AUTH-2).
///
/// `matches` is how many users are named so; the rest is read only where there is exactly one.
/// `None` means: look at the PIN.
pub fn before_pin(
    matches: usize,
    enabled: bool,
    pin_set: bool,
    lock: LockState,
) -> Option<Outcome> {
    match matches {
        0 => Some(Outcome::UserDoesNotExist),
        2.. => Some(Outcome::NonUniqueUser),
        _ if !enabled => Some(Outcome::UserPinAccountDisabled),
        _ if !pin_set => Some(Outcome::PinNotSet),
        _ if lock != LockState::None => Some(Outcome::UserPinAccountLocked),
        _ => None,
    }
}

/// The checks from the PIN on, in their order (R-AUTH-2, R-AUTH-4).
///
/// A PIN that is both expired and to be changed is told as expired: the two are mended alike, and
/// expiry is the one the policy can prove.
pub fn verdict(correct: bool, expired: bool, must_change: bool) -> Outcome {
    match (correct, expired, must_change) {
        (false, _, _) => Outcome::IncorrectPin,
        (true, true, _) => Outcome::PinExpired,
        (true, false, true) => Outcome::PinMustBeChanged,
        (true, false, false) => Outcome::Success,
    }
}
