//! What the role cmdlets have in common: naming roles, changes to their lists, refusals.

use pinward_core::{ALL_CMDLETS, ListEdit, RoleChange, RoleProblem};
use pinward_service::{Refusal, RoleError};
use pinward_shell::command::ListChange;
use pinward_shell::error::nearest;
use pinward_shell::{Args, ErrorRecord, Param, Value};

use crate::product::Product;
use crate::refusals::{invalid, record};

/// The role that is granted or taken back.
pub(crate) fn named(args: &Args) -> &str {
    args.string("Role").unwrap_or_default().trim()
}

/// `-Cmdlets`.
pub(crate) const CMDLETS: Param = Param::list_change("Cmdlets")
    .label("PSListModifier[CmdletType]")
    .completes("cmdlet")
    .help(
        "The cmdlets that the role gives: a list that replaces the present one, or a change such as \
         @{Add=\"Set-CsClientPin\"} or @{Remove=\"Get-CsAdUser\"}. What changes or grants roles, and \
         the import of people, belong to CsAdministrator alone. Each list of a role has up to 256 entries.",
    );
/// `-ScriptModules`.
pub(crate) const SCRIPT_MODULES: Param = Param::list_change("ScriptModules")
    .label("PSListModifier[String]")
    .help(
        "Names of script modules, kept with the role so that scripts run: up to 256, each of 1 to 255 \
         characters. None come with Pinward.",
    );
/// `-ConfigScopes`.
pub(crate) const CONFIG_SCOPES: Param = Param::list_change("ConfigScopes")
    .label("PSListModifier[ConfigScope]")
    .help(
        "The configuration that the role reaches: global, or site:<SiteId> for the sites and their \
         policies. A list that replaces the present one, or @{Add=…}, @{Remove=…}. The global \
         policy, per-user policies and custom roles need global. Up to 256 scopes.",
    );
/// `-UserScopes`.
pub(crate) const USER_SCOPES: Param = Param::list_change("UserScopes")
    .label("PSListModifier[UserScope]")
    .help(
        "The users whom the role reaches: global, OU:<distinguished name> for a unit and all beneath \
         it, or site:<SiteId>. A list that replaces the present one, or @{Add=…}, @{Remove=…}. \
         Whoever is out of scope does not exist for the holders of the role. Up to 256 scopes, each of up \
         to 2048 characters.",
    );

/// What the parameters of a call change.
pub(crate) fn change(args: &Args) -> RoleChange {
    let edit = |name| {
        args.list_change(name).map(|change| match change {
            ListChange::Replace(all) => ListEdit::Replace(all),
            ListChange::Change { add, remove } => ListEdit::Edit { add, remove },
        })
    };
    RoleChange {
        cmdlets: edit("Cmdlets"),
        script_modules: edit("ScriptModules"),
        config_scopes: edit("ConfigScopes"),
        user_scopes: edit("UserScopes"),
        template_cmdlets: None,
    }
}

/// The role that a value names: text, or an object with an Identity.
pub(crate) fn identity(value: &Value) -> Result<String, Box<ErrorRecord>> {
    let named = match value {
        Value::Object(_) | Value::Hash(_) => value.property("Identity"),
        Value::Str(_) | Value::Number(_) => Some(value.clone()),
        _ => None,
    };
    match named.filter(|named| !named.is_null()) {
        Some(named) => Ok(named.to_text().to_string()),
        None => Err(Box::new(
            invalid(
                "RoleIdentityInvalid",
                format!("a value of type {} does not name a role", value.type_name()),
            )
            .advice("Give the name of a role as text, or a role as Get-CsAdminRole makes it."),
        )),
    }
}

/// The error of a refusal, with what may have been meant.
pub(crate) fn refusal(product: &Product, refusal: &RoleError, target: &str) -> ErrorRecord {
    let error = record(refusal, target);
    let meant = match refusal {
        RoleError::NotFound { identity: name } | RoleError::NoSuchTemplate { template: name } => {
            return unknown(product, refusal, name);
        }
        RoleError::NoSuchSite { site } => {
            let sites = product.wait(product.service.sites(&product.caller));
            let sites = sites.unwrap_or_default();
            let known = sites.iter().map(|site| site.id.as_str());
            nearest(site, known).map(|site| format!("site:{site}"))
        }
        RoleError::Invalid { reasons, .. } => {
            let nearest_cmdlet = |reason: &RoleProblem| match reason {
                RoleProblem::UnknownCmdlet { name } => nearest(name, ALL_CMDLETS.iter().copied()),
                _ => None,
            };
            let meant: Vec<&str> = reasons.iter().filter_map(nearest_cmdlet).collect();
            (!meant.is_empty()).then(|| meant.join(", "))
        }
        _ => None,
    };
    match meant {
        Some(meant) => error.advice(format!("Is {meant} meant?")),
        None => error,
    }
}

/// The error of a name that no role has.
pub(crate) fn unknown(product: &Product, refusal: &impl Refusal, name: &str) -> ErrorRecord {
    let roles = product.wait(product.service.roles(&product.caller));
    let roles = roles.unwrap_or_default();
    let known = roles.iter().map(|role| role.identity.as_str());
    let error = record(refusal, name);
    match nearest(name, known) {
        Some(meant) => error.advice(format!("Is {meant} meant?")),
        None => error.advice("`Get-CsAdminRole` lists the roles."),
    }
}
