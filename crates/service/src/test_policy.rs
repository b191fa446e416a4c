//! What policies come to: figures for each, who is governed by which, and what one would say of a PIN.
//! Right: [`Right::TestPolicy`]. Nothing is changed and nothing is counted.

use pinward_core::{
    LengthClass, Limits, PinFacts, PinSpace, PolicyIdentity, SignedDuration, User, Violation,
    pin_space, pin_violations,
};
use pinward_store::Tally;

use crate::assign_pin::identity_of;
use crate::{Caller, FindUserError, PinInfo, PolicyError, Right, Service};

/// The figures of one policy.
#[derive(Clone, Debug)]
pub struct PolicyFigures {
    /// The users it governs, and how their PINs stand.
    pub tally: Tally,
    /// The PINs of the fewest digits it allows, without what R-PIN-3c takes from single users.
    pub space: PinSpace,
    /// How many failures such a PIN stands (R-LOCK-3).
    pub limits: Limits,
}

/// Where the policy of a user comes from (R-POL-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// Granted to the user.
    Granted,
    /// That of the user's site.
    Site,
    /// The one that governs where there is no nearer one.
    Global,
}

impl PolicySource {
    /// Where a policy that governs somebody comes from.
    #[must_use]
    pub fn of(governing: &PolicyIdentity) -> Self {
        match governing {
            PolicyIdentity::Tag(_) => Self::Granted,
            PolicyIdentity::Site(_) => Self::Site,
            PolicyIdentity::Global => Self::Global,
        }
    }
}

/// How it stands with a user's PIN; what comes first here hides what comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinStanding {
    /// The person is not enabled, so they can have none.
    NotEnabled,
    /// There is none.
    Missing,
    /// It has expired.
    Expired,
    /// It is only good for choosing another one.
    MustChange,
    /// It expires soon.
    Expiring,
    /// It is good.
    Good,
}

/// Which policy governs a user, and how it stands with their PIN.
#[derive(Clone, Debug)]
pub struct UserStanding {
    /// The state of the PIN, and the policy.
    pub info: PinInfo,
    /// Where the policy comes from.
    pub source: PolicySource,
    /// How the PIN stands; a lock is told by the state.
    pub standing: PinStanding,
}

/// What a policy says of a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Judgement {
    /// The policy.
    pub policy: PolicyIdentity,
    /// Every rule that the PIN breaks; none: it would be taken.
    pub violations: Vec<Violation>,
}

impl Service {
    /// The figures of all policies, or of one. PINs that end within `soon` are told as expiring.
    pub async fn policy_figures(
        &self,
        caller: &Caller,
        identity: Option<&PolicyIdentity>,
        soon: SignedDuration,
    ) -> Result<Vec<PolicyFigures>, PolicyError> {
        let permit = caller.permit(Right::TestPolicy)?;
        if let Some(identity) = identity {
            self.policy_within(&permit, identity).await?;
        }
        let mut tallies = self.store.census(&self.census_of(&permit, soon)).await?;
        tallies.retain(|tally| {
            let found = &tally.policy.identity;
            permit.reaches_policy(found) && identity.is_none_or(|wanted| wanted == found)
        });
        match identity {
            Some(identity) if tallies.is_empty() => Err(PolicyError::NotFound {
                identity: identity.clone(),
            }),
            _ => Ok(tallies.into_iter().map(figures).collect()),
        }
    }

    /// Which policy governs a user, and how it stands with their PIN. Right: [`Right::ViewPin`] too,
    /// because it is the state of a PIN.
    pub async fn user_standing(
        &self,
        caller: &Caller,
        user: &User,
        soon: SignedDuration,
    ) -> Result<UserStanding, FindUserError> {
        let test = caller.permit(Right::TestPolicy)?;
        let permit = caller.permit(Right::ViewPin)?;
        if self.subject(&test, user).await?.is_none() {
            let identity = identity_of(user);
            return Err(FindUserError::NotFound { identity });
        }
        let info = self.info_within(&permit, user).await?;
        let now = self.clock.now();
        let ends_within = |span: SignedDuration| {
            let end = now
                .checked_add(span)
                .unwrap_or(pinward_core::Timestamp::MAX);
            info.pin_expiration.is_some_and(|expires| expires <= end)
        };
        let standing = match () {
            () if !user.person.enabled => PinStanding::NotEnabled,
            () if !info.is_pin_set => PinStanding::Missing,
            () if ends_within(SignedDuration::ZERO) => PinStanding::Expired,
            () if info.must_change => PinStanding::MustChange,
            () if ends_within(soon) => PinStanding::Expiring,
            () => PinStanding::Good,
        };
        Ok(UserStanding {
            source: PolicySource::of(&info.effective_policy),
            info,
            standing,
        })
    }

    /// What a policy would say of a PIN, whosoever it were: without R-PIN-3c.
    pub async fn judge_pin(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
        candidate: &str,
    ) -> Result<Judgement, PolicyError> {
        let permit = caller.permit(Right::TestPolicy)?;
        self.policy_within(&permit, identity).await?;
        let policy = self.store.policy(identity).await?;
        let policy = policy.ok_or_else(|| PolicyError::NotFound {
            identity: identity.clone(),
        })?;
        Ok(Judgement {
            violations: pin_violations(candidate, &policy, &PinFacts::default()),
            policy: policy.identity,
        })
    }

    /// What the policy that governs the user of a telephone number or extension says of a PIN
    /// (R-AUTH-6). Right: [`Right::TestPolicy`].
    pub async fn judge_pin_of_number(
        &self,
        caller: &Caller,
        number: &str,
        candidate: &str,
    ) -> Result<Judgement, FindUserError> {
        let _permit = caller.permit(Right::TestPolicy)?;
        let mut found = self.resolve_number(number).await?;
        let identity = number.to_owned();
        match (found.len(), found.pop()) {
            (1, Some(user)) => self.judge_pin_for(caller, &user, candidate).await,
            (0, _) => Err(FindUserError::NotFound { identity }),
            (count, _) => Err(FindUserError::NotUnique { identity, count }),
        }
    }

    /// What the policy that governs a user would say of a PIN for them. As with
    /// [`Service::assign_pin`] earlier PINs do not count.
    pub async fn judge_pin_for(
        &self,
        caller: &Caller,
        user: &User,
        candidate: &str,
    ) -> Result<Judgement, FindUserError> {
        let permit = caller.permit(Right::TestPolicy)?;
        let gone = || FindUserError::NotFound {
            identity: identity_of(user),
        };
        let user = self.subject(&permit, user).await?.ok_or_else(gone)?;
        let policy = self.store.governing_policy(user.id).await?;
        let policy = policy.ok_or_else(gone)?;
        Ok(Judgement {
            violations: pin_violations(candidate, &policy, &PinFacts::of(&user.person)),
            policy: policy.identity,
        })
    }
}

fn figures(tally: Tally) -> PolicyFigures {
    let policy = &tally.policy;
    let length = usize::try_from(policy.min_password_length).unwrap_or(usize::MAX);
    let space = pin_space(length, policy.allow_common_patterns);
    PolicyFigures {
        limits: Limits::of(LengthClass::of(space.length), policy.maximum_logon_attempts),
        space,
        tally,
    }
}
