//! Roles as objects.

use pinward_core::Role;
use pinward_shell::{Object, TypeDesc, Value};

/// The type.
pub(crate) static ROLE: TypeDesc = TypeDesc::new(
    "Role",
    &[
        "Identity",
        "SID",
        "IsStandardRole",
        "Cmdlets",
        "ScriptModules",
        "ConfigScopes",
        "UserScopes",
        "TemplateName",
    ],
)
.also(&["Microsoft.Rtc.Management.WritableConfig.Settings.Roles.Role"])
.as_list();

/// The object.
pub(crate) fn object(role: &Role) -> Value {
    Object::new(&ROLE)
        .with("Identity", role.identity.as_str())
        .with("SID", (!role.sid.is_empty()).then_some(role.sid.as_str()))
        .with("IsStandardRole", role.is_standard)
        .with("Cmdlets", role.cmdlets.as_slice())
        .with("ScriptModules", role.script_modules.as_slice())
        .with("ConfigScopes", role.config_scopes.as_slice())
        .with("UserScopes", role.user_scopes.as_slice())
        .with("TemplateName", role.template.as_deref())
        .into()
}
