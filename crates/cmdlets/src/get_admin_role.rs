//! `Get-CsAdminRole`: lists roles.

use std::sync::Arc;

use pinward_core::{Role, fold};
use pinward_service::FindUserError;
use pinward_shell::value::Wildcard;
use pinward_shell::{Args, Category, CmdletDef, Cx, ErrorRecord, Flow, Param};

use crate::calls::LOCAL_STORE;
use crate::objects::role::{self, ROLE};
use crate::product::Product;
use crate::refusals::fail;

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
    let roles = match product.service.roles(&product.caller) {
        Ok(roles) => roles,
        Err(denied) => return Err(fail(cx, &FindUserError::from(denied), "")),
    };
    let one = args.string("Identity").map(|name| (name, "name"));
    if let Some((wanted, kind)) = one.or_else(|| args.string("Sid").map(|sid| (sid, "SID"))) {
        let is_it = |role: &&Role| {
            let known = if kind == "SID" {
                &role.sid
            } else {
                &role.identity
            };
            fold(known) == fold(wanted)
        };
        return match roles.iter().find(is_it) {
            Some(role) => cx.emit(role::object(role)),
            None => cx.error(
                ErrorRecord::new(
                    "RoleNotFound",
                    Category::ObjectNotFound,
                    format!("there is no role with the {kind} \"{wanted}\""),
                )
                .target(wanted)
                .advice("`Get-CsAdminRole` lists the roles."),
            ),
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
