//! R-RBAC: the standard roles as data.
//!
//! To add a cmdlet: its name in [`ALL_CMDLETS`] (which gives it to CsAdministrator and, if it only
//! reads, to CsViewOnlyAdministrator), and in the list of every other role that may run it.
//!
//! What R-RBAC-2 leaves open is settled so:
//! - finding users is part of every role that acts on users; seeing their PIN status is not;
//! - `Test-CsPinPolicy` tells whether a PIN would be accepted, as `Set-CsClientPin` and the policy
//!   cmdlets do, so it goes with either, and as it only reads with CsViewOnlyAdministrator;
//! - `Test-CsPhoneBootstrap` is a logon that counts against the user (R-LOCK) and goes to those who
//!   run the servers;
//! - people are enabled, disabled and changed by CsUserAdministrator, but imported by CsAdministrator
//!   alone, because an import reaches the whole directory;
//! - sites and keys are configuration of the servers; the audit log is read by CsAdministrator and
//!   CsViewOnlyAdministrator; roles are changed by CsAdministrator alone, as whoever changes roles
//!   can give themselves anything;
//! - how it stands with the sources of people is seen by those who run the servers;
//! - access numbers belong to CsVoiceAdministrator and CsServerAdministrator.

mod change;

use std::sync::LazyLock;

pub use self::change::{ListEdit, RoleChange, RoleNameError, RoleProblem, role_name};
use crate::fold::fold;

/// A role: which cmdlets, over which part of the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Name, compared without regard to case.
    pub identity: String,
    /// Security identifier, "S-1-5-21-…".
    pub sid: String,
    /// Whether it came with the product; such a role cannot be changed or removed (R-RBAC-5).
    pub is_standard: bool,
    /// Names of the cmdlets, sorted.
    pub cmdlets: Vec<String>,
    /// Names of script modules; kept for compatibility, none come with the product.
    pub script_modules: Vec<String>,
    /// Scopes over configuration; see [`crate::Scope`].
    pub config_scopes: Vec<String>,
    /// Scopes over users; see [`crate::Scope`].
    pub user_scopes: Vec<String>,
    /// Name of the role it was made from.
    pub template: Option<String>,
    /// The cmdlets that the template had when this role last took them over; what it has gained since
    /// is what an update of the role adds.
    pub template_cmdlets: Vec<String>,
}

impl Role {
    /// Whether the role holds that cmdlet, in any case (R-RBAC-4).
    pub fn allows(&self, cmdlet: &str) -> bool {
        self.cmdlets
            .iter()
            .any(|held| held.eq_ignore_ascii_case(cmdlet))
    }

    /// A custom role with what the template has (R-RBAC-1), without what only CsAdministrator may
    /// have.
    pub fn from_template(identity: &str, sid: String, template: &Role) -> Role {
        let cmdlets = template.delegable();
        Role {
            identity: identity.trim().to_owned(),
            sid,
            is_standard: false,
            template: Some(template.identity.clone()),
            template_cmdlets: cmdlets.clone(),
            cmdlets,
            ..template.clone()
        }
    }

    /// The cmdlets that a role made from this one can have.
    pub fn delegable(&self) -> Vec<String> {
        let may = |name: &&String| !is_administrator_only(name);
        self.cmdlets.iter().filter(may).cloned().collect()
    }

    /// Whether it goes by that name, in any case.
    pub fn is_called(&self, identity: &str) -> bool {
        fold(&self.identity) == fold(identity)
    }
}

/// Every cmdlet that a role can hold, sorted.
pub const ALL_CMDLETS: &[&str] = &[
    "Disable-CsUser",
    "Enable-CsUser",
    "Get-CsAdUser",
    "Get-CsAdminRole",
    "Get-CsAdminRoleAssignment",
    "Get-CsClientPinInfo",
    "Get-CsDialInConferencingAccessNumber",
    "Get-CsDialInConferencingLanguageList",
    "Get-CsDirectoryStatus",
    "Get-CsPinAudit",
    "Get-CsPinClient",
    "Get-CsPinPolicy",
    "Get-CsSite",
    "Get-CsUser",
    "Grant-CsAdminRole",
    "Grant-CsPinPolicy",
    "Import-CsUser",
    "Lock-CsClientPin",
    "New-CsAdminRole",
    "New-CsDialInConferencingAccessNumber",
    "New-CsPinClient",
    "New-CsPinPolicy",
    "New-CsSite",
    "Remove-CsAdminRole",
    "Remove-CsDialInConferencingAccessNumber",
    "Remove-CsPinClient",
    "Remove-CsPinPolicy",
    "Remove-CsSite",
    "Revoke-CsAdminRole",
    "Set-CsAdminRole",
    "Set-CsClientPin",
    "Set-CsDialInConferencingAccessNumber",
    "Set-CsPinClient",
    "Set-CsPinPolicy",
    "Set-CsPinSendCAWelcomeMail",
    "Set-CsSite",
    "Set-CsUser",
    "Test-CsPhoneBootstrap",
    "Test-CsPinPolicy",
    "Unlock-CsClientPin",
    "Update-CsAdminRole",
];

/// What no custom role can have. Whoever changes or grants roles can give themselves any; an import says
/// of everybody which groups, and so which roles, they have; and a client of the API can have any role.
const ADMINISTRATOR_ONLY: &[&str] = &[
    "Grant-CsAdminRole",
    "Import-CsUser",
    "New-CsAdminRole",
    "New-CsPinClient",
    "Remove-CsAdminRole",
    "Remove-CsPinClient",
    "Revoke-CsAdminRole",
    "Set-CsAdminRole",
    "Set-CsPinClient",
    "Update-CsAdminRole",
];

const USER_ADMINISTRATOR: &[&str] = &[
    "Disable-CsUser",
    "Enable-CsUser",
    "Get-CsAdUser",
    "Get-CsClientPinInfo",
    "Get-CsSite",
    "Get-CsUser",
    "Grant-CsPinPolicy",
    "Lock-CsClientPin",
    "Set-CsClientPin",
    "Set-CsPinSendCAWelcomeMail",
    "Set-CsUser",
    "Test-CsPinPolicy",
    "Unlock-CsClientPin",
];

const SERVER_ADMINISTRATOR: &[&str] = &[
    "Get-CsAdminRole",
    "Get-CsAdminRoleAssignment",
    "Get-CsDialInConferencingAccessNumber",
    "Get-CsDialInConferencingLanguageList",
    "Get-CsDirectoryStatus",
    "Get-CsPinPolicy",
    "Get-CsSite",
    "New-CsDialInConferencingAccessNumber",
    "New-CsPinPolicy",
    "New-CsSite",
    "Remove-CsDialInConferencingAccessNumber",
    "Remove-CsPinPolicy",
    "Remove-CsSite",
    "Set-CsDialInConferencingAccessNumber",
    "Set-CsPinPolicy",
    "Set-CsSite",
    "Test-CsPhoneBootstrap",
    "Test-CsPinPolicy",
];

const HELP_DESK: &[&str] = &[
    "Get-CsAdUser",
    "Get-CsSite",
    "Get-CsUser",
    "Lock-CsClientPin",
    "Unlock-CsClientPin",
];

const VOICE_ADMINISTRATOR: &[&str] = &[
    "Get-CsAdUser",
    "Get-CsDialInConferencingAccessNumber",
    "Get-CsDialInConferencingLanguageList",
    "Get-CsSite",
    "Get-CsUser",
    "New-CsDialInConferencingAccessNumber",
    "Remove-CsDialInConferencingAccessNumber",
    "Set-CsDialInConferencingAccessNumber",
];

/// What all SIDs of the product begin with: NT authority, non-unique sub-authorities, and a
/// domain part of our own.
const SID_DOMAIN: &str = "S-1-5-21-2021617526-1349086573-725345543";

/// Relative identifiers from here on are those of custom roles.
const FIRST_CUSTOM_RID: u32 = 10_000;

/// The standard roles (R-RBAC-1), in the order of the specification. Their SIDs never change.
pub fn standard_roles() -> &'static [Role] {
    static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| {
        let reading: Vec<_> = ALL_CMDLETS
            .iter()
            .copied()
            .filter(|name| name.starts_with("Get-") || *name == "Test-CsPinPolicy")
            .collect();
        vec![
            standard("CsAdministrator", 1101, ALL_CMDLETS),
            standard("CsUserAdministrator", 1102, USER_ADMINISTRATOR),
            standard("CsServerAdministrator", 1103, SERVER_ADMINISTRATOR),
            standard("CsHelpDesk", 1104, HELP_DESK),
            standard("CsViewOnlyAdministrator", 1105, &reading),
            standard("CsVoiceAdministrator", 1106, VOICE_ADMINISTRATOR),
        ]
    });
    &ROLES
}

/// The standard role of that name, in any case.
pub fn standard_role(identity: &str) -> Option<&'static Role> {
    standard_roles()
        .iter()
        .find(|role| role.is_called(identity))
}

fn standard(identity: &str, rid: u32, cmdlets: &[&str]) -> Role {
    Role {
        identity: identity.to_owned(),
        sid: format!("{SID_DOMAIN}-{rid}"),
        is_standard: true,
        cmdlets: cmdlets.iter().map(|&name| name.to_owned()).collect(),
        script_modules: Vec::new(),
        config_scopes: vec!["global".to_owned()],
        user_scopes: vec!["global".to_owned()],
        template: None,
        template_cmdlets: Vec::new(),
    }
}

/// Whether a cmdlet belongs to CsAdministrator alone.
fn is_administrator_only(cmdlet: &str) -> bool {
    ADMINISTRATOR_ONLY
        .iter()
        .any(|name| name.eq_ignore_ascii_case(cmdlet))
}

/// The SID of the custom role with that serial number, counted from 0; numbers are not to be reused.
pub fn custom_sid(serial: u32) -> String {
    format!("{SID_DOMAIN}-{}", FIRST_CUSTOM_RID.saturating_add(serial))
}

#[cfg(test)]
mod tests;
