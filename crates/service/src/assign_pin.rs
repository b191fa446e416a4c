//! An administrator assigns a PIN (R-SET-1). Right: [`Right::AssignPin`].

use pinward_core::{LockState, Pin, PinFacts, User, Violation, check_pin, generate_pin};
use pinward_store::PinSet;

use crate::error::unavailable;
use crate::{Caller, Denied, Refusal, Right, Service, Unavailable};

/// Which PIN to assign.
pub enum NewPin<'a> {
    /// One that the service makes (R-PIN-5).
    Generated,
    /// One that the administrator names; checked here.
    Named(&'a str),
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

/// How a user is named in answers: the SIP address, else the distinguished name.
pub(crate) fn identity_of(user: &User) -> String {
    user.person
        .sip_address
        .clone()
        .unwrap_or_else(|| user.person.dn.clone())
}

impl Service {
    /// Everything [`Service::assign_pin`] would refuse, found without changing anything: what
    /// `-WhatIf` and the question of `-Confirm` rest on.
    pub async fn check_assignment(
        &self,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<(), AssignPinError> {
        self.prepare_pin(caller, user, new).await.map(drop)
    }

    /// Assigns a PIN. Bound by the PIN rules of the policy that governs the user, not by history
    /// (R-SET-1); durable before this returns.
    pub async fn assign_pin(
        &self,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<Assigned, AssignPinError> {
        let (pin, binding) = self.prepare_pin(caller, user, new).await?;
        let identity = identity_of(user);
        match self.keep_pin(user, &binding, &pin, None).await? {
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

    /// The PIN, and what its verifier is to be bound to.
    async fn prepare_pin(
        &self,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
    ) -> Result<(Pin, String), AssignPinError> {
        let _permit = caller.permit(Right::AssignPin)?;
        let identity = identity_of(user);
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
            LockState::None | LockState::Temporary { .. } => Ok((pin, status.binding)),
        }
    }
}
