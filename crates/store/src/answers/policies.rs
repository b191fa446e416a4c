//! PIN policies.

use pinward_core::{Policy, PolicyViolation};

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
