//! How a call ended.

use std::sync::Arc;

use pinward_core::{Outcome, User};

use crate::Said;

/// A call that has ended. What it says is said, then the outcome stands.
#[must_use]
pub struct Ending {
    /// What is said before the call goes elsewhere or is hung up; nothing to a caller who is gone.
    pub say: Vec<Said>,
    /// The tag of the language it is said in.
    pub language: &'static str,
    /// What the call came to.
    pub outcome: CallOutcome,
}

/// What a call came to.
#[must_use]
#[derive(Debug)]
pub enum CallOutcome {
    /// The caller is who they say.
    Admitted(Box<Admission>),
    /// They did not prove it; with the reason where the door may tell it.
    Refused(Option<Outcome>),
    /// They keyed nothing that could be used, too often.
    NoInput,
    /// They hung up before it was decided.
    HungUp,
    /// No decision could be reached (R-AUTH-7).
    Unavailable,
}

/// Who was let in.
#[derive(Debug)]
pub struct Admission {
    /// The user.
    pub user: Arc<User>,
    /// The digits of the conference they named.
    pub conference: Option<String>,
}

impl CallOutcome {
    /// Its stable name: `Success`, the name of a reason of R-AUTH-3, `Refused`, `NoInput`, `HungUp`,
    /// `Unavailable`. Only `Success` lets in.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Admitted(_) => Outcome::Success.name(),
            Self::Refused(Some(reason)) => reason.name(),
            Self::Refused(None) => "Refused",
            Self::NoInput => "NoInput",
            Self::HungUp => "HungUp",
            Self::Unavailable => "Unavailable",
        }
    }
}
