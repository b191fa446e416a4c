//! Who holds which role (R-RBAC-1), and acting as they do. Rights: [`Right::ViewAssignments`],
//! [`Right::GrantRole`], [`Right::RevokeRole`].
//!
//! A user holds the roles that were granted to them here, and those that are called like a group of
//! which the directory says they are a member. Whoever asks hears of those they may know of (roles.rs).

use pinward_core::{Role, User, fold};
use pinward_store::{RoleGranted, StoreError};

use crate::assign_pin::identity_of;
use crate::error::unavailable;
use crate::{Caller, Denied, FindUserError, Refusal, Right, Service, Unavailable};

/// Why a role was neither granted nor taken back.
#[derive(Debug, thiserror::Error)]
pub enum RoleGrantError {
    /// There is no such role.
    #[error("there is no role \"{role}\"")]
    NoSuchRole {
        /// The name as given.
        role: String,
    },
    /// The user was not granted the role.
    #[error("{identity} was not granted the role {role}")]
    NotGranted {
        /// The user.
        identity: String,
        /// The role.
        role: String,
    },
    /// The user holds the role by a group of the directory.
    #[error(
        "{identity} holds the role {role} by the group of that name in the directory. Take them out \
         of the group there"
    )]
    ByGroup {
        /// The user.
        identity: String,
        /// The role.
        role: String,
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

unavailable!(RoleGrantError);

impl Refusal for RoleGrantError {
    fn id(&self) -> &'static str {
        match self {
            Self::NoSuchRole { .. } => "RoleNotFound",
            Self::NotGranted { .. } => "RoleNotGranted",
            Self::ByGroup { .. } => "RoleByGroup",
            Self::Gone { .. } => "UserNotFound",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// Why nobody can act as a user.
#[derive(Debug, thiserror::Error)]
pub enum ActAsError {
    /// The name does not lead to one person.
    #[error(transparent)]
    Find(#[from] FindUserError),
    /// They may do nothing at all.
    #[error(
        "{user} holds no role, so they may do nothing here. An administrator grants one with \
         Grant-CsAdminRole -Identity \"{user}\" -Role <role>"
    )]
    NoRoles {
        /// The user.
        user: String,
    },
}

impl Refusal for ActAsError {
    fn id(&self) -> &'static str {
        match self {
            Self::Find(error) => error.id(),
            Self::NoRoles { .. } => "NoRoles",
        }
    }
}

impl Service {
    /// A caller with the roles that a user holds now. `owner` is whoever may do anything and wants to
    /// act as the user; the audit log names both.
    pub async fn caller_for(&self, owner: &Caller, identity: &str) -> Result<Caller, ActAsError> {
        let found = self
            .find_people(owner, Right::ViewAssignments, identity)
            .await?;
        let [user] = found.as_slice() else {
            return Err(FindUserError::NotUnique {
                identity: identity.trim().to_owned(),
                count: found.len(),
            }
            .into());
        };
        let name = format!("{}\\{}", user.person.domain, user.person.sam_account_name);
        let roles = self.roles_held(user).await.map_err(FindUserError::from)?;
        if roles.is_empty() {
            return Err(ActAsError::NoRoles { user: name });
        }
        Ok(owner.acting_as(&name, roles))
    }

    /// The names of the roles that a user holds, as far as the caller may know of them, the standard ones
    /// first.
    pub async fn role_assignment(
        &self,
        caller: &Caller,
        user: &User,
    ) -> Result<Vec<String>, FindUserError> {
        let permit = caller.permit(Right::ViewAssignments)?;
        let Some(user) = self.subject(&permit, user).await? else {
            let identity = identity_of(user);
            return Err(FindUserError::NotFound { identity });
        };
        let mut roles = self.roles_held(&user).await?;
        roles.retain(|role| permit.reaches_role(&role.identity));
        Ok(roles.into_iter().map(|role| role.identity).collect())
    }

    /// Whether a role of that name can be granted.
    pub async fn check_role_grant(
        &self,
        caller: &Caller,
        role: &str,
    ) -> Result<(), RoleGrantError> {
        let _all = caller.permit(Right::GrantRole)?;
        self.role(role)
            .await?
            .map(drop)
            .ok_or_else(|| no_such(role))
    }

    /// Grants a user a role. Again is no error.
    pub async fn grant_role(
        &self,
        caller: &Caller,
        user: &User,
        role: &str,
    ) -> Result<(), RoleGrantError> {
        let act = caller.permit(Right::GrantRole)?.act(self.clock.now());
        match self.store.grant_role(user.id, role, &act).await? {
            RoleGranted::Done => Ok(()),
            RoleGranted::NoSuchRole => Err(no_such(role)),
            RoleGranted::NoSuchUser => Err(RoleGrantError::Gone {
                identity: identity_of(user),
            }),
        }
    }

    /// Takes back a role that was granted.
    pub async fn revoke_role(
        &self,
        caller: &Caller,
        user: &User,
        role: &str,
    ) -> Result<(), RoleGrantError> {
        let act = caller.permit(Right::RevokeRole)?.act(self.clock.now());
        self.check_role_revocation(caller, user, role).await?;
        if self.store.revoke_role(user.id, role, &act).await? {
            return Ok(());
        }
        Err(RoleGrantError::NotGranted {
            identity: identity_of(user),
            role: role.trim().to_owned(),
        })
    }

    /// Whether the user was granted the role, so that it can be taken back.
    pub async fn check_role_revocation(
        &self,
        caller: &Caller,
        user: &User,
        role: &str,
    ) -> Result<(), RoleGrantError> {
        let _all = caller.permit(Right::RevokeRole)?;
        let Some(role) = self.role(role).await? else {
            return Err(no_such(role));
        };
        let key = fold(&role.identity);
        if self.store.granted_roles(user.id).await?.contains(&key) {
            return Ok(());
        }
        let (identity, role) = (identity_of(user), role.identity);
        if user.person.groups().contains(&key) {
            return Err(RoleGrantError::ByGroup { identity, role });
        }
        Err(RoleGrantError::NotGranted { identity, role })
    }

    /// The roles that a user holds, the standard ones first; none while they are gone from their source.
    pub(crate) async fn roles_held(&self, user: &User) -> Result<Vec<Role>, StoreError> {
        if user.gone {
            return Ok(Vec::new());
        }
        let mut held = user.person.groups();
        held.extend(self.store.granted_roles(user.id).await?);
        let mut roles = Vec::new();
        if !held.is_empty() {
            roles = self.all_roles().await?;
            roles.retain(|role| held.contains(&fold(&role.identity)));
        }
        Ok(roles)
    }
}

fn no_such(role: &str) -> RoleGrantError {
    RoleGrantError::NoSuchRole {
        role: role.trim().to_owned(),
    }
}
