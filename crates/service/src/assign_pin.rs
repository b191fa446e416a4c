//! An administrator assigns a PIN (R-SET-1). Right: [`Right::AssignPin`].

use pinward_core::{
    LockState, Pin, PinFacts, SignedDuration, Timestamp, User, Violation, check_pin, generate_pin,
};
use pinward_store::PinSet;

use crate::error::unavailable;
use crate::keep_pin::{By, Keeping};
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// Which PIN to assign.
pub enum NewPin<'a> {
    /// One that the service makes (R-PIN-5).
    Generated,
    /// One that the administrator names; checked here.
    Named(&'a str),
}

/// The longest that a temporary PIN may last, as the longest lifetime of a policy (R-POL-1).
const LONGEST: SignedDuration = SignedDuration::from_hours(999 * 24);

/// For how long and for what an assigned PIN is good; by default until the policy ends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// It opens nothing until its user has chosen another one (R-AUTH-4).
    pub must_change: bool,
    /// It expires after this time, or earlier where the policy says so (R-EXP-1). More than 0, at
    /// most 999 days.
    pub expires_in: Option<SignedDuration>,
}

/// A PIN that was assigned: shown once, never again.
pub struct Assigned {
    /// The user's SIP address.
    pub identity: String,
    /// The PIN.
    pub pin: Pin,
}

/// Why a PIN was not assigned.
#[derive(Debug, thiserror::Error)]
pub enum AssignPinError {
    /// The person is not enabled for PIN authentication (R-SET-6).
    #[error("{identity} is not enabled, so they cannot have a PIN. Enable the user first")]
    NotEnabled {
        /// The user.
        identity: String,
    },
    /// The PIN breaks rules; all that it breaks (R-PIN-4).
    #[error("the PIN for {identity} is refused: {}", join(reasons))]
    Refused {
        /// The user.
        identity: String,
        /// Every rule that the PIN breaks.
        reasons: Vec<Violation>,
    },
    /// The PIN is locked (R-SET-5).
    #[error(
        "the PIN of {identity} is locked. Unlock it first: Unlock-CsClientPin -Identity \"{identity}\""
    )]
    Locked {
        /// The user.
        identity: String,
    },
    /// No PIN could be generated.
    #[error("no PIN could be generated for {identity}: {reason}")]
    NotGenerated {
        /// The user.
        identity: String,
        /// Why.
        reason: String,
    },
    /// The PIN would expire before it can be used, or later than any.
    #[error(
        "the PIN cannot expire in {}: it has to be more than 0 and at most {} days",
        days(.expires_in), LONGEST.as_hours() / 24
    )]
    BadExpiry {
        /// What was asked for.
        expires_in: SignedDuration,
    },
    /// The user left the directory in between.
    #[error("{identity} is no longer in the directory")]
    Gone {
        /// The user.
        identity: String,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(AssignPinError);

impl Refusal for AssignPinError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotEnabled { .. } => "UserNotEnabled",
            Self::Refused { .. } => "PinRefused",
            Self::Locked { .. } => "PinLocked",
            Self::NotGenerated { .. } => "PinNotGenerated",
            Self::BadExpiry { .. } => "PinExpiryInvalid",
            Self::Gone { .. } => "UserNotFound",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// The reasons of a refusal: each is a sentence.
pub(crate) fn join(reasons: &[Violation]) -> String {
    reasons
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A length of time as administrators give it, such as `1.5 days`.
fn days(span: &SignedDuration) -> String {
    let days = span.as_secs_f64() / 86_400.0;
    match days.fract() == 0.0 {
        true => format!("{days} days"),
        false => format!("{days:.3} days"),
    }
}

/// How a user is named in answers: the SIP address, else the distinguished name.
pub(crate) fn identity_of(user: &User) -> String {
    user.person
        .sip_address
        .clone()
        .unwrap_or_else(|| user.person.dn.clone())
}

impl Service {
    /// Everything [`Service::assign_pin_on`] would refuse, found without changing anything: what
    /// `-WhatIf` and the question of `-Confirm` rest on.
    pub async fn check_assignment(
        &self,
        terms: &Terms,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<(), AssignPinError> {
        self.prepare_pin(terms, caller, user, new).await.map(drop)
    }

    /// Assigns a PIN that lasts as long as the policy lets it: [`Service::assign_pin_on`] without
    /// terms of its own.
    pub async fn assign_pin(
        &self,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<Assigned, AssignPinError> {
        self.assign_pin_on(&Terms::default(), caller, user, new)
            .await
    }

    /// Assigns a PIN. Bound by the PIN rules of the policy that governs the user, not by history
    /// (R-SET-1); durable before this returns.
    pub async fn assign_pin_on(
        &self,
        terms: &Terms,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<Assigned, AssignPinError> {
        let (permit, pin, binding) = self.prepare_pin(terms, caller, user, new).await?;
        let identity = identity_of(user);
        let keeping = Keeping {
            must_change: terms.must_change,
            expires: self.end_of(terms)?,
            if_version: None,
        };
        let by = By::Permit(&permit);
        match self.keep_pin(user, &binding, &pin, keeping, by).await? {
            PinSet::Done => Ok(Assigned { identity, pin }),
            PinSet::Locked(_) => Err(AssignPinError::Locked { identity }),
            PinSet::Disabled => Err(AssignPinError::NotEnabled { identity }),
            PinSet::NoSuchUser => Err(AssignPinError::Gone { identity }),
            // Other keys or PINs were set again and again while this one was hashed.
            PinSet::RetiredKey | PinSet::Superseded => {
                Err(AssignPinError::Unavailable(Unavailable::Busy))
            }
        }
    }

    /// When a PIN that is set now on these terms ends.
    fn end_of(&self, terms: &Terms) -> Result<Option<Timestamp>, AssignPinError> {
        let Some(expires_in) = terms.expires_in else {
            return Ok(None);
        };
        // The store keeps whole milliseconds: less than one would end at once.
        if expires_in < SignedDuration::from_millis(1) || expires_in > LONGEST {
            return Err(AssignPinError::BadExpiry { expires_in });
        }
        let end = self.clock.now().checked_add(expires_in);
        Ok(Some(end.unwrap_or(Timestamp::MAX)))
    }

    /// The right, the PIN, and what its verifier is to be bound to.
    async fn prepare_pin<'a>(
        &self,
        terms: &Terms,
        caller: &'a Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<(Permit<'a>, Pin, String), AssignPinError> {
        let permit = caller.permit(Right::AssignPin)?;
        self.end_of(terms)?;
        let identity = identity_of(user);
        let Some(user) = self.subject(&permit, user).await? else {
            return Err(AssignPinError::Gone { identity });
        };
        if !user.person.enabled {
            return Err(AssignPinError::NotEnabled { identity });
        }
        let now = self.clock.now();
        let Some(status) = self.store.pin_status(user.id, now).await? else {
            return Err(AssignPinError::Gone { identity });
        };
        let facts = PinFacts::of(&user.person);
        let pin = match new {
            NewPin::Named(candidate) => {
                check_pin(candidate, &status.policy, &facts).map_err(|reasons| {
                    AssignPinError::Refused {
                        identity: identity.clone(),
                        reasons,
                    }
                })?
            }
            NewPin::Generated => generate_pin(&status.policy, &facts, None, &*self.entropy)
                .map_err(|error| AssignPinError::NotGenerated {
                    identity: identity.clone(),
                    reason: error.to_string(),
                })?,
        };
        match status.counters.state(now) {
            LockState::Permanent | LockState::Administrator => {
                Err(AssignPinError::Locked { identity })
            }
            LockState::None | LockState::Temporary { .. } => Ok((permit, pin, status.binding)),
        }
    }
}
