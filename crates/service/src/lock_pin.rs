//! Locking and unlocking (R-LOCK-7). Rights: [`Right::LockPin`], [`Right::UnlockPin`].

use pinward_core::User;

use crate::assign_pin::identity_of;
use crate::error::unavailable;
use crate::{Caller, Denied, Refusal, Right, Service, Unavailable};

/// Why a PIN was neither locked nor unlocked.
#[derive(Debug, thiserror::Error)]
pub enum LockPinError {
    /// The person is not enabled for PIN authentication (R-SET-6).
    #[error("{identity} is not enabled, so there is no PIN to lock or unlock")]
    NotEnabled {
        /// The user.
        identity: String,
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

unavailable!(LockPinError);

impl Refusal for LockPinError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotEnabled { .. } => "UserNotEnabled",
            Self::Gone { .. } => "UserNotFound",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// Everything [`Service::lock_pin`] would refuse, found without changing anything: what
    /// `-WhatIf` and the question of `-Confirm` rest on.
    pub fn check_lock(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        let _permit = caller.permit(Right::LockPin)?;
        enabled(user)
    }

    /// Everything [`Service::unlock_pin`] would refuse, found without changing anything.
    pub fn check_unlock(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        let _permit = caller.permit(Right::UnlockPin)?;
        enabled(user)
    }

    /// Locks the PIN until an administrator unlocks it.
    pub async fn lock_pin(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        let act = caller.permit(Right::LockPin)?.act(self.clock.now());
        enabled(user)?;
        found(user, self.store.lock_pin(user.id, &act).await?)
    }

    /// Ends every lock and lockout and sets both counts to 0, locked or not.
    pub async fn unlock_pin(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        let act = caller.permit(Right::UnlockPin)?.act(self.clock.now());
        enabled(user)?;
        found(user, self.store.unlock_pin(user.id, &act).await?)?;
        self.turnstiles.settled(user.id);
        Ok(())
    }
}

fn enabled(user: &User) -> Result<(), LockPinError> {
    if user.person.enabled {
        Ok(())
    } else {
        Err(LockPinError::NotEnabled {
            identity: identity_of(user),
        })
    }
}

fn found(user: &User, found: bool) -> Result<(), LockPinError> {
    if found {
        Ok(())
    } else {
        Err(LockPinError::Gone {
            identity: identity_of(user),
        })
    }
}
