//! R-RBAC: the standard roles as data.

use std::sync::LazyLock;

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
}

/// Every cmdlet that a role can hold, sorted.
pub const ALL_CMDLETS: &[&str] = &[];

/// The standard roles (R-RBAC-1), in the order of the specification.
pub fn standard_roles() -> &'static [Role] {
    static ROLES: LazyLock<Vec<Role>> = LazyLock::new(Vec::new);
    &ROLES
}

/// The SID of the custom role with that serial number.
pub fn custom_sid(serial: u32) -> String {
    format!("S-1-5-21-1-1-1-{serial}")
}
