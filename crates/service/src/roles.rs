//! The roles (R-RBAC-1). Right: [`Right::ViewRoles`].
//!
//! Custom roles are configuration of the whole company: who has the right for a part of it sees the
//! standard roles and those they hold themselves.

use pinward_core::{Role, RoleNameError, RoleProblem, fold, standard_role, standard_roles};
use pinward_store::StoreError;

use crate::error::unavailable;
use crate::{Caller, Denied, Refusal, Right, Service, Unavailable};

/// Why a role was not found, created, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// There is no such role.
    #[error("there is no role \"{identity}\"")]
    NotFound {
        /// The name as given.
        identity: String,
    },
    /// There is a role of that name.
    #[error("the role {identity} exists already; change it with Set-CsAdminRole")]
    Exists {
        /// The role.
        identity: String,
    },
    /// Somebody changed it after it was seen.
    #[error("the role {identity} was changed in the meantime. Look at it again")]
    Overtaken {
        /// The role.
        identity: String,
    },
    /// A standard role (R-RBAC-5).
    #[error(
        "{identity} is a standard role, and those cannot be changed or removed. Make a role of your \
         own from it: New-CsAdminRole -Identity <name> -Template {identity}"
    )]
    Standard {
        /// The role.
        identity: String,
    },
    /// The name cannot be that of a custom role.
    #[error(transparent)]
    Name(#[from] RoleNameError),
    /// There is no role to make it from.
    #[error("there is no role \"{template}\" that could be the template")]
    NoSuchTemplate {
        /// The name as given.
        template: String,
    },
    /// A scope names a site that does not exist.
    #[error("there is no site {site}, so it cannot be a scope")]
    NoSuchSite {
        /// The site as given.
        site: String,
    },
    /// The resulting role would make no sense; all that is wrong with it.
    #[error("nothing was changed for the role {identity}: {}", join(reasons))]
    Invalid {
        /// The role.
        identity: String,
        /// Everything that is wrong.
        reasons: Vec<RoleProblem>,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(RoleError);

impl Refusal for RoleError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "RoleNotFound",
            Self::Exists { .. } => "RoleExists",
            Self::Overtaken { .. } => "RoleOvertaken",
            Self::Standard { .. } => "RoleIsStandard",
            Self::Name(_) => "RoleNameInvalid",
            Self::NoSuchTemplate { .. } => "TemplateNotFound",
            Self::NoSuchSite { .. } => "SiteNotFound",
            Self::Invalid { .. } => "RoleInvalid",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

fn join(reasons: &[RoleProblem]) -> String {
    reasons
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

impl Service {
    /// The roles that the caller may know of, the standard ones first.
    pub async fn roles(&self, caller: &Caller) -> Result<Vec<Role>, RoleError> {
        let permit = caller.permit(Right::ViewRoles)?;
        let mut roles = self.all_roles().await?;
        roles.retain(|role| permit.reaches_role(&role.identity));
        Ok(roles)
    }

    /// One of the roles that the caller may know of.
    pub async fn role_named(&self, caller: &Caller, identity: &str) -> Result<Role, RoleError> {
        let roles = self.roles(caller).await?;
        let found = roles.into_iter().find(|role| role.is_called(identity));
        found.ok_or_else(|| RoleError::NotFound {
            identity: identity.trim().to_owned(),
        })
    }

    /// All roles, the standard ones first.
    pub(crate) async fn all_roles(&self) -> Result<Vec<Role>, StoreError> {
        let mut roles = standard_roles().to_vec();
        roles.extend(self.store.custom_roles().await?);
        Ok(roles)
    }

    /// The role of that name, standard or custom.
    pub(crate) async fn role(&self, identity: &str) -> Result<Option<Role>, StoreError> {
        if let Some(role) = standard_role(identity) {
            return Ok(Some(role.clone()));
        }
        let wanted = fold(identity);
        let custom = self.store.custom_roles().await?;
        Ok(custom
            .into_iter()
            .find(|role| fold(&role.identity) == wanted))
    }

    /// The custom role of that name, which may be changed.
    pub(crate) async fn custom_role(&self, identity: &str) -> Result<Role, RoleError> {
        match self.role(identity).await? {
            Some(role) if role.is_standard => Err(RoleError::Standard {
                identity: role.identity,
            }),
            Some(role) => Ok(role),
            None => Err(RoleError::NotFound {
                identity: identity.trim().to_owned(),
            }),
        }
    }
}
