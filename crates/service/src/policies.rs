//! PIN policies (R-POL). Rights: [`Right::ViewPolicy`], [`Right::CreatePolicy`],
//! [`Right::ChangePolicy`], [`Right::RemovePolicy`], [`Right::GrantPolicy`].

use pinward_core::{Policy, PolicyIdentity, PolicyPatch, PolicyViolation, User, fold};
use pinward_store::{Changed, Created, Granted, Removed};

use crate::assign_pin::identity_of;
use crate::error::unavailable;
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// Why a policy was not created, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// There is no such policy.
    #[error("there is no PIN policy {identity}. `Get-CsPinPolicy` lists the policies")]
    NotFound {
        /// The policy.
        identity: PolicyIdentity,
    },
    /// The policy exists already.
    #[error("the PIN policy {identity} exists already; change it with Set-CsPinPolicy")]
    Exists {
        /// The policy.
        identity: PolicyIdentity,
    },
    /// A site policy needs its site (R-POL-3).
    #[error("there is no site {site}, so it cannot have a policy. `Get-CsSite` lists the sites")]
    NoSuchSite {
        /// The site.
        site: String,
    },
    /// It belongs to the company as a whole, of which the caller's roles reach sites only.
    #[error(
        "your roles reach the configuration of sites only, and the PIN policy {identity} belongs to \
         the company as a whole"
    )]
    OutOfScope {
        /// The policy.
        identity: PolicyIdentity,
    },
    /// Somebody changed it after it was seen.
    #[error("the PIN policy {identity} was changed in the meantime. Look at it again")]
    Overtaken {
        /// The policy.
        identity: PolicyIdentity,
    },
    /// The resulting policy breaks rules; all that it breaks (R-POL-8).
    #[error("nothing was changed for the PIN policy {identity}: {}", join(reasons))]
    Invalid {
        /// The policy.
        identity: PolicyIdentity,
        /// Every rule that it would break.
        reasons: Vec<PolicyViolation>,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(PolicyError);

impl Refusal for PolicyError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "PolicyNotFound",
            Self::Exists { .. } => "PolicyExists",
            Self::NoSuchSite { .. } => "SiteNotFound",
            Self::OutOfScope { .. } => "OutOfScope",
            Self::Overtaken { .. } => "PolicyOvertaken",
            Self::Invalid { .. } => "PolicyInvalid",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// Why a policy was not granted.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is no such per-user policy.
    #[error(
        "there is no per-user PIN policy \"{name}\". `Get-CsPinPolicy -Filter \"tag:*\"` lists them"
    )]
    NoSuchPolicy {
        /// The name as given.
        name: String,
    },
    /// Global and site policies apply by themselves.
    #[error(
        "\"{name}\" is not a per-user policy. Global and site policies apply by themselves; \
         only per-user policies are granted"
    )]
    NotPerUser {
        /// The name as given.
        name: String,
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

unavailable!(GrantError);

impl Refusal for GrantError {
    fn id(&self) -> &'static str {
        match self {
            Self::NoSuchPolicy { .. } => "PolicyNotFound",
            Self::NotPerUser { .. } => "PolicyNotPerUser",
            Self::Gone { .. } => "UserNotFound",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// What removing a policy came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum PolicyRemoval {
    /// The policy is gone; its users fall to the next scope (R-POL-6).
    Removed,
    /// The global policy has its default values again (R-POL-5).
    Reset,
}

fn join(reasons: &[PolicyViolation]) -> String {
    reasons
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

impl Service {
    /// Whether a right reaches a policy; one that it does not reach is not there (R-RBAC-3).
    pub(crate) async fn policy_within(
        &self,
        permit: &Permit<'_>,
        identity: &PolicyIdentity,
    ) -> Result<(), PolicyError> {
        if permit.reaches_policy(identity) {
            return Ok(());
        }
        self.note_refused(permit, &identity.to_string()).await?;
        Err(PolicyError::NotFound {
            identity: identity.clone(),
        })
    }

    /// The policies that the caller may see: global, then sites, then per-user ones.
    pub async fn policies(&self, caller: &Caller) -> Result<Vec<Policy>, PolicyError> {
        let permit = caller.permit(Right::ViewPolicy)?;
        let mut policies = self.store.policies().await?;
        policies.retain(|policy| permit.reaches_policy(&policy.identity));
        Ok(policies)
    }

    /// One policy.
    pub async fn policy(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
    ) -> Result<Policy, PolicyError> {
        let permit = caller.permit(Right::ViewPolicy)?;
        self.policy_within(&permit, identity).await?;
        let found = self.store.policy(identity).await?;
        found.ok_or_else(|| PolicyError::NotFound {
            identity: identity.clone(),
        })
    }

    /// The policy that a patch of the defaults makes, not stored (`New-CsPinPolicy -InMemory`).
    pub fn new_policy(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
    ) -> Result<Policy, PolicyError> {
        let _permit = caller.permit(Right::CreatePolicy)?;
        Policy::defaults(identity.clone())
            .apply(patch)
            .map_err(|reasons| PolicyError::Invalid {
                identity: identity.clone(),
                reasons,
            })
    }

    /// Whether [`Service::create_policy`] would succeed: what `-WhatIf` rests on.
    pub async fn check_creation(
        &self,
        caller: &Caller,
        policy: &Policy,
    ) -> Result<(), PolicyError> {
        self.permit_creation(caller, policy).await.map(drop)
    }

    /// The right to create a policy, and the policy with its site as that is written.
    async fn permit_creation<'a>(
        &self,
        caller: &'a Caller,
        policy: &Policy,
    ) -> Result<(Permit<'a>, Policy), PolicyError> {
        let permit = caller.permit(Right::CreatePolicy)?;
        let identity = policy.identity.clone();
        if !permit.reaches_policy(&identity) {
            self.note_refused(&permit, &identity.to_string()).await?;
            return Err(match identity {
                PolicyIdentity::Site(site) => PolicyError::NoSuchSite { site },
                identity => PolicyError::OutOfScope { identity },
            });
        }
        policy.validate().map_err(|reasons| PolicyError::Invalid {
            identity: identity.clone(),
            reasons,
        })?;
        if self.store.policy(&identity).await?.is_some() {
            return Err(PolicyError::Exists { identity });
        }
        let mut policy = policy.clone();
        if let PolicyIdentity::Site(site) = identity {
            let sites = self.store.sites().await?;
            let known = sites
                .into_iter()
                .find(|known| fold(&known.id) == fold(&site));
            match known {
                Some(known) => policy.identity = PolicyIdentity::Site(known.id),
                None => return Err(PolicyError::NoSuchSite { site }),
            }
        }
        Ok((permit, policy))
    }

    /// Stores a new policy. Returns it as it is kept.
    pub async fn create_policy(
        &self,
        caller: &Caller,
        policy: &Policy,
    ) -> Result<Policy, PolicyError> {
        let (permit, policy) = self.permit_creation(caller, policy).await?;
        let act = permit.act(self.clock.now());
        let identity = policy.identity.clone();
        match self.store.create_policy(&policy, &act).await? {
            Created::Done => Ok(policy),
            Created::Exists => Err(PolicyError::Exists { identity }),
            Created::NoSuchSite => {
                let site = match identity {
                    PolicyIdentity::Site(site) => site,
                    other => other.to_string(),
                };
                Err(PolicyError::NoSuchSite { site })
            }
        }
    }

    /// What the policy would become, changing nothing: what `-WhatIf` rests on.
    pub async fn check_change(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
    ) -> Result<Policy, PolicyError> {
        let permit = caller.permit(Right::ChangePolicy)?;
        self.policy_within(&permit, identity).await?;
        let found = self.store.policy(identity).await?;
        found
            .ok_or_else(|| PolicyError::NotFound {
                identity: identity.clone(),
            })?
            .apply(patch)
            .map_err(|reasons| PolicyError::Invalid {
                identity: identity.clone(),
                reasons,
            })
    }

    /// Changes a policy as a whole or not at all (R-POL-8), and where it is told what was `seen`, only if
    /// the policy is still so. Returns what it became.
    pub async fn change_policy(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
        patch: &PolicyPatch,
        seen: Option<&Policy>,
    ) -> Result<Policy, PolicyError> {
        let permit = caller.permit(Right::ChangePolicy)?;
        self.policy_within(&permit, identity).await?;
        let act = permit.act(self.clock.now());
        let changed = self.store.change_policy(identity, patch, seen, &act);
        match changed.await? {
            Changed::Done(policy) => Ok(policy),
            Changed::NotFound => Err(PolicyError::NotFound {
                identity: identity.clone(),
            }),
            Changed::Overtaken => Err(PolicyError::Overtaken {
                identity: identity.clone(),
            }),
            Changed::Invalid(reasons) => Err(PolicyError::Invalid {
                identity: identity.clone(),
                reasons,
            }),
        }
    }

    /// The policy that [`Service::remove_policy`] would remove: what `-WhatIf` rests on.
    pub async fn check_removal(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
    ) -> Result<Policy, PolicyError> {
        let permit = caller.permit(Right::RemovePolicy)?;
        self.policy_within(&permit, identity).await?;
        let found = self.store.policy(identity).await?;
        found.ok_or_else(|| PolicyError::NotFound {
            identity: identity.clone(),
        })
    }

    /// Removes a policy, or resets the global one; where it is told what was `seen`, only if the policy is
    /// still so.
    pub async fn remove_policy(
        &self,
        caller: &Caller,
        identity: &PolicyIdentity,
        seen: Option<&Policy>,
    ) -> Result<PolicyRemoval, PolicyError> {
        let permit = caller.permit(Right::RemovePolicy)?;
        self.policy_within(&permit, identity).await?;
        let act = permit.act(self.clock.now());
        match self.store.remove_policy(identity, seen, &act).await? {
            Removed::Done => Ok(PolicyRemoval::Removed),
            Removed::Reset => Ok(PolicyRemoval::Reset),
            Removed::Overtaken => Err(PolicyError::Overtaken {
                identity: identity.clone(),
            }),
            Removed::NotFound => Err(PolicyError::NotFound {
                identity: identity.clone(),
            }),
        }
    }

    /// Grants a user a per-user policy by its name, or takes the grant back with `None`.
    pub async fn grant_policy(
        &self,
        caller: &Caller,
        user: &User,
        name: Option<&str>,
    ) -> Result<(), GrantError> {
        let permit = caller.permit(Right::GrantPolicy)?;
        if self.subject(&permit, user).await?.is_none() {
            return Err(GrantError::Gone {
                identity: identity_of(user),
            });
        }
        let act = permit.act(self.clock.now());
        let tag = name.map(per_user_name).transpose()?;
        match self
            .store
            .grant_policy(user.id, tag.as_deref(), &act)
            .await?
        {
            Granted::Done => Ok(()),
            Granted::NoSuchPolicy => Err(GrantError::NoSuchPolicy {
                name: name.unwrap_or_default().to_owned(),
            }),
            Granted::NoSuchUser => Err(GrantError::Gone {
                identity: identity_of(user),
            }),
        }
    }

    /// Whether a policy of this name can be granted: what `-WhatIf` rests on.
    pub async fn check_grant(&self, caller: &Caller, name: Option<&str>) -> Result<(), GrantError> {
        let _permit = caller.permit(Right::GrantPolicy)?;
        let Some(name) = name else { return Ok(()) };
        let identity = PolicyIdentity::Tag(per_user_name(name)?);
        match self.store.policy(&identity).await? {
            Some(_) => Ok(()),
            None => Err(GrantError::NoSuchPolicy {
                name: name.to_owned(),
            }),
        }
    }
}

/// The name of the per-user policy that is meant.
pub(crate) fn per_user_name(name: &str) -> Result<String, GrantError> {
    match PolicyIdentity::parse(name) {
        Ok(PolicyIdentity::Tag(tag)) => Ok(tag),
        Ok(_) => Err(GrantError::NotPerUser {
            name: name.to_owned(),
        }),
        Err(_) => Err(GrantError::NoSuchPolicy {
            name: name.to_owned(),
        }),
    }
}
