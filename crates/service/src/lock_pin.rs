//! Locking and unlocking (R-LOCK-7). Rights: [`Right::LockPin`], [`Right::UnlockPin`].

use pinward_core::User;
use pinward_store::Act;

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
    pub async fn check_lock(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        self.may_lock(caller, Right::LockPin, user).await.map(drop)
    }

    /// Everything [`Service::unlock_pin`] would refuse, found without changing anything.
    pub async fn check_unlock(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        self.may_lock(caller, Right::UnlockPin, user)
            .await
            .map(drop)
    }

    /// Locks the PIN until an administrator unlocks it.
    pub async fn lock_pin(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        let act = self.may_lock(caller, Right::LockPin, user).await?;
        found(user, self.store.lock_pin(user.id, &act).await?)
    }

    /// Ends every lock and lockout and sets both counts to 0, locked or not.
    pub async fn unlock_pin(&self, caller: &Caller, user: &User) -> Result<(), LockPinError> {
        let act = self.may_lock(caller, Right::UnlockPin, user).await?;
        found(user, self.store.unlock_pin(user.id, &act).await?)?;
        self.turnstiles.settled(user.id);
        Ok(())
    }

    async fn may_lock(
        &self,
        caller: &Caller,
        right: Right,
        user: &User,
    ) -> Result<Act, LockPinError> {
        let permit = caller.permit(right)?;
        let identity = identity_of(user);
        match self.subject(&permit, user).await? {
            None => Err(LockPinError::Gone { identity }),
            Some(user) if !user.person.enabled => Err(LockPinError::NotEnabled { identity }),
            Some(_) => Ok(permit.act(self.clock.now())),
        }
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
