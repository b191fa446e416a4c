//! The cmdlets of Pinward, one file each.
//!
//! A cmdlet file holds its table of parameters, its help, and the few lines that turn arguments
//! into one call on the service and the answer into objects. Rules, permissions and wording of
//! refusals belong to the service and the core.
//!
//! To add a cmdlet: one file here, one line in `CMDLETS` below, and its name in the role tables of
//! the core. Then `UPDATE=1 cargo test -p pinward-cmdlets` writes `docs/cmdlets/` anew.

use std::sync::Arc;

use pinward_service::Right;
use pinward_shell::CmdletDef;

mod access_number_values;
mod calls;
mod disable_user;
mod each_user;
mod enable_user;
mod foresight;
mod get_access_number;
mod get_ad_user;
mod get_admin_role;
mod get_admin_role_assignment;
mod get_client_pin_info;
mod get_directory_status;
mod get_language_list;
mod get_pin_audit;
mod get_pin_policy;
mod get_site;
mod get_user;
mod grant_admin_role;
mod grant_pin_policy;
mod lock_client_pin;
mod new_access_number;
mod new_admin_role;
mod new_pin_policy;
mod new_site;
mod objects;
mod page;
mod policy_values;
mod product;
mod refusals;
mod remove_access_number;
mod remove_admin_role;
mod remove_pin_policy;
mod remove_site;
mod revoke_admin_role;
mod role_values;
mod set_access_number;
mod set_admin_role;
mod set_client_pin;
mod set_pin_policy;
mod set_site;
mod set_user;
mod site_values;
mod test_phone_bootstrap;
mod test_pin_policy;
mod unlock_client_pin;
mod update_admin_role;
mod user_changes;
mod user_search;
mod users;
mod welcome_mail;

pub use page::reference_pages;
pub use product::Product;

/// Makes the definition of one cmdlet.
type Define = fn(&Arc<Product>) -> CmdletDef;

/// Every cmdlet with the right that a caller needs to see it.
const CMDLETS: &[(Right, Define)] = &[
    (Right::AssignPin, set_client_pin::define),
    (Right::ViewPin, get_client_pin_info::define),
    (Right::WelcomeUser, welcome_mail::define),
    (Right::LockPin, lock_client_pin::define),
    (Right::UnlockPin, unlock_client_pin::define),
    (Right::ViewPolicy, get_pin_policy::define),
    (Right::ChangePolicy, set_pin_policy::define),
    (Right::CreatePolicy, new_pin_policy::define),
    (Right::RemovePolicy, remove_pin_policy::define),
    (Right::GrantPolicy, grant_pin_policy::define),
    (Right::ViewUsers, get_user::define),
    (Right::ViewPeople, get_ad_user::define),
    (Right::ChangeUser, set_user::define),
    (Right::EnableUser, enable_user::define),
    (Right::DisableUser, disable_user::define),
    (Right::ViewSites, get_site::define),
    (Right::CreateSite, new_site::define),
    (Right::ChangeSite, set_site::define),
    (Right::RemoveSite, remove_site::define),
    (Right::ViewRoles, get_admin_role::define),
    (Right::CreateRole, new_admin_role::define),
    (Right::ChangeRole, set_admin_role::define),
    (Right::RemoveRole, remove_admin_role::define),
    (Right::UpdateRole, update_admin_role::define),
    (Right::ViewAssignments, get_admin_role_assignment::define),
    (Right::GrantRole, grant_admin_role::define),
    (Right::RevokeRole, revoke_admin_role::define),
    (Right::ViewSources, get_directory_status::define),
    (Right::TestPolicy, test_pin_policy::define),
    (Right::ViewAccessNumbers, get_access_number::define),
    (Right::CreateAccessNumber, new_access_number::define),
    (Right::ChangeAccessNumber, set_access_number::define),
    (Right::RemoveAccessNumber, remove_access_number::define),
    (Right::ViewLanguages, get_language_list::define),
    (Right::TestLogon, test_phone_bootstrap::define),
    (Right::ViewAudit, get_pin_audit::define),
];

/// The cmdlets of the caller's roles; the others are not there for this session (R-RBAC-4).
#[must_use]
pub fn all(product: Product) -> Vec<CmdletDef> {
    let product = Arc::new(product);
    CMDLETS
        .iter()
        .filter(|(right, _)| product.caller.permit(*right).is_ok())
        .map(|(_, define)| define(&product))
        .collect()
}
