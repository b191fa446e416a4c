//! What a change of policies would mean, before it is made: what `-WhatIf` tells. Rights:
//! [`Right::ChangePolicy`], [`Right::RemovePolicy`], [`Right::GrantPolicy`].

use pinward_core::{Policy, PolicyIdentity, PolicyPatch, SignedDuration, Timestamp, User, end_of};
use pinward_store::{CensusOf, Foresight, PolicyChange};

use crate::assign_pin::identity_of;
use crate::policies::per_user_name;
use crate::{Caller, GrantError, Permit, PolicyError, Right, Service};

/// PINs that end within this time are told as expiring.
pub const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What granting a policy, or taking it back, would mean for one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantForesight {
    /// The policy that governs the user now.
    pub now: Policy,
    /// The one that would.
    pub then: Policy,
    /// When the user's PIN expires or expired under the policy of now.
    pub expires_now: Option<Timestamp>,
    /// When it would expire or have expired.
    pub expires_then: Option<Timestamp>,
    /// Whether the user has a PIN that has not expired and would have.
    pub expired_at_once: bool,
}

impl Service {
    /// What [`Service::change_policy`] would mean for the users that the policy governs.
    pub async fn foresee_change(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
    ) -> Result<Foresight, PolicyError> {
        let permit = caller.permit(Right::ChangePolicy)?;
        let becomes = self.check_change(caller, identity, patch).await?;
        let change = PolicyChange::Become(becomes);
        self.foresee(&permit, identity, change).await
    }

    /// What [`Service::remove_policy`] would mean for the users that the policy governs, by the
    /// policies that they would fall to.
    pub async fn foresee_removal(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
    ) -> Result<Foresight, PolicyError> {
        let permit = caller.permit(Right::RemovePolicy)?;
        self.policy_within(&permit, identity).await?;
        let change = PolicyChange::Remove(identity.clone());
        self.foresee(&permit, identity, change).await
    }

    async fn foresee(
        &self,
        permit: &Permit<'_>,
        identity: &PolicyIdentity,
        change: PolicyChange,
    ) -> Result<Foresight, PolicyError> {
        let of = self.census_of(permit, SOON);
        let found = self.store.foresee(&change, &of).await?;
        found.ok_or_else(|| PolicyError::NotFound {
            identity: identity.clone(),
        })
    }

    /// What [`Service::grant_policy`] would mean for a user.
    pub async fn foresee_grant(
        &self,
        caller: &Caller,
        user: &User,
        name: Option<&str>,
    ) -> Result<GrantForesight, GrantError> {
        self.check_grant(caller, name).await?;
        let now = self.clock.now();
        let gone = || GrantError::Gone {
            identity: identity_of(user),
        };
        let permit = caller.permit(Right::GrantPolicy)?;
        let user = self.subject(&permit, user).await?.ok_or_else(gone)?;
        let status = self.store.pin_status(user.id, now).await?;
        let status = status.ok_or_else(gone)?;
        let then = self.policy_after_grant(&user, name).await?;
        let end = |policy: &Policy| {
            end_of(
                status.set_at?,
                policy.pin_lifetime_days,
                status.expires_override,
            )
        };
        let (expires_now, expires_then) = (end(&status.policy), end(&then));
        let past = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        Ok(GrantForesight {
            expires_now,
            expires_then,
            expired_at_once: past(expires_then) && !past(expires_now),
            now: status.policy,
            then,
        })
    }

    /// The policy that would govern a user who is granted this one, or none (R-POL-4).
    async fn policy_after_grant(
        &self,
        user: &User,
        name: Option<&str>,
    ) -> Result<Policy, GrantError> {
        let mut nearest = Vec::new();
        if let Some(name) = name {
            nearest.push(PolicyIdentity::Tag(per_user_name(name)?));
        }
        nearest.extend(user.person.site.clone().map(PolicyIdentity::Site));
        nearest.push(PolicyIdentity::Global);
        for identity in nearest {
            if let Some(policy) = self.store.policy(&identity).await? {
                return Ok(policy);
            }
        }
        // The store always has the global one (R-POL-5).
        Ok(Policy::defaults(PolicyIdentity::Global))
    }

    /// Everybody whom the right reaches, at this time, with what ends within `soon`.
    pub(crate) fn census_of(&self, permit: &Permit<'_>, soon: SignedDuration) -> CensusOf {
        let now = self.clock.now();
        CensusOf {
            now,
            until: now.checked_add(soon).unwrap_or(Timestamp::MAX),
            reach: permit.users().clone(),
        }
    }
}
