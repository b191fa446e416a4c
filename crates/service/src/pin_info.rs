//! What may be known of a PIN. Right: [`Right::ViewPin`].

use pinward_core::{LockState, Policy, PolicyIdentity, Timestamp, User, end_of};
use pinward_store::StoreError;

use crate::assign_pin::identity_of;
use crate::{Caller, FindUserError, Permit, Right, Service};

/// The state of a user's PIN, without the PIN.
#[derive(Clone, Debug)]
pub struct PinInfo {
    /// The user's SIP address.
    pub identity: String,
    /// Whether the user has a PIN.
    pub is_pin_set: bool,
    /// R-LOCK-9.
    pub is_locked_out: bool,
    /// When the PIN was last set.
    pub last_pin_change: Option<Timestamp>,
    /// When the PIN expires or expired; `None` where it never does (R-EXP-1).
    pub pin_expiration: Option<Timestamp>,
    /// Whether the user has to choose another PIN before they can log on (R-AUTH-4).
    pub must_change: bool,
    /// Which lock holds.
    pub lock_state: LockState,
    /// Failed logons in the current window.
    pub local_failures: u32,
    /// Failed logons since the last unlock.
    pub global_failures: u32,
    /// The policy that governs the user (R-POL-4).
    pub effective_policy: PolicyIdentity,
}

impl Service {
    /// The state of a user's PIN.
    pub async fn pin_info(&self, caller: &Caller, user: &User) -> Result<PinInfo, FindUserError> {
        let permit = caller.permit(Right::ViewPin)?;
        self.info_within(&permit, user).await
    }

    /// The state of the PIN of a user whom a right reaches.
    pub(crate) async fn info_within(
        &self,
        permit: &Permit<'_>,
        user: &User,
    ) -> Result<PinInfo, FindUserError> {
        let identity = identity_of(user);
        let info = match self.subject(permit, user).await? {
            Some(user) => self.info_and_policy(&user).await?,
            None => None,
        };
        match info {
            Some((info, _policy)) => Ok(info),
            None => Err(FindUserError::NotFound { identity }),
        }
    }

    /// The state of a user's PIN and the policy that governs it; `None`: the user is no longer there.
    pub(crate) async fn info_and_policy(
        &self,
        user: &User,
    ) -> Result<Option<(PinInfo, Policy)>, StoreError> {
        let now = self.clock.now();
        let Some(status) = self.store.pin_status(user.id, now).await? else {
            return Ok(None);
        };
        let lock_state = status.counters.state(now);
        let lifetime = status.policy.pin_lifetime_days;
        let pin_expiration = status
            .set_at
            .and_then(|set| end_of(set, lifetime, status.expires_override));
        let info = PinInfo {
            identity: identity_of(user),
            is_pin_set: status.set_at.is_some(),
            is_locked_out: lock_state != LockState::None,
            last_pin_change: status.set_at,
            pin_expiration,
            must_change: status.must_change,
            lock_state,
            local_failures: status.counters.displayed_local(now),
            global_failures: status.counters.global,
            effective_policy: status.policy.identity.clone(),
        };
        Ok(Some((info, status.policy)))
    }
}
