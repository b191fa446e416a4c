//! `Get-CsAdminRole`: lists roles.

use std::sync::Arc;

use pinward_core::{Role, fold};
use pinward_service::RoleError;
use pinward_shell::value::Wildcard;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::LOCAL_STORE;
use crate::objects::role::{self, ROLE};
use crate::product::Product;
use crate::refusals::{fail, report};
use crate::role_values;

const PARAMS: &[Param] = &[
    Param::string("Identity")
        .at(2)
        .by_value()
        .sets(&["Identity"])
        .completes("role")
        .help("The name of a role. Without it all roles are listed. No wildcards: see -Filter."),
    Param::string("Filter")
        .sets(&["Filter"])
        .help("A wildcard on the name: \"*Voice*\"."),
    Param::string("Sid")
        .at(2)
        .sets(&["SID"])
        .help("The security identifier of a role."),
    LOCAL_STORE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsAdminRole", move |cx, args| process(&product, cx, args))
        .synopsis("Lists roles: which cmdlets their members may run, and over what.")
        .description(
            "Cmdlets is the list of the cmdlets that a role gives. A session has the cmdlets of \
             its roles and knows no others.",
        )
        .sets(&["Identity", "Filter", "SID"])
        .params(PARAMS)
        .inputs("Names of roles as text.")
        .outputs(const { &[&ROLE] })
        .example("Get-CsAdminRole", "All roles.")
        .example(r#"Get-CsAdminRole -Identity "CsHelpDesk""#, "One role.")
        .example(r#"Get-CsAdminRole -Filter "*Voice*""#, "The roles whose names contain a word.")
        .example(
            r"Get-CsAdminRole | Where-Object {$_.IsStandardRole -eq $False}",
            "The roles that did not come with the product.",
        )
        .example(
            r#"Get-CsAdminRole | Where-Object {$_.Cmdlets -match "Set-CsUser\b"}"#,
            "The roles that may run a cmdlet.",
        )
        .example(
            r#"Get-CsAdminRole | Where-Object {$_.UserScopes -match "OU:ou=Redmond,dc=litwareinc,dc=com"}"#,
            "The roles that reach the users of an organisational unit.",
        )
        .example(
            r#"Get-CsAdminRole -Identity "CsVoiceAdministrator" | Select-Object -ExpandProperty Cmdlets"#,
            "The cmdlets of a role, one a line.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let roles = match product.wait(product.service.roles(&product.caller)) {
        Ok(roles) => roles,
        Err(denied) => return Err(fail(cx, &denied, "")),
    };
    if let Some(name) = args.string("Identity") {
        return match roles.iter().find(|role| role.is_called(name)) {
            Some(role) => cx.emit(role::object(role)),
            None => {
                let identity = name.trim().to_owned();
                let refusal = RoleError::NotFound { identity };
                cx.error(role_values::unknown(product, &refusal, name))
            }
        };
    }
    if let Some(sid) = args.string("Sid") {
        return match roles.iter().find(|role| fold(&role.sid) == fold(sid)) {
            Some(role) => cx.emit(role::object(role)),
            None => {
                let identity = sid.trim().to_owned();
                report(cx, &RoleError::NotFound { identity }, sid)
            }
        };
    }
    let filter = args
        .string("Filter")
        .map(|text| Wildcard::new(text.trim(), false));
    let wanted = |role: &&Role| {
        filter
            .as_ref()
            .is_none_or(|filter| filter.is_match(&role.identity))
    };
    cx.emit_all(roles.iter().filter(wanted).map(role::object))
}
