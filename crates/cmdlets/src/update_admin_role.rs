//! `Update-CsAdminRole`: gives custom roles what their templates have gained.

use std::sync::Arc;

use pinward_service::OutdatedRole;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{FORCE, proceed};
use crate::objects::role::{self, ROLE};
use crate::product::Product;
use crate::refusals::raise;
use crate::role_values;

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("String")
        .at(1)
        .by_value()
        .by_property()
        .completes("role")
        .help("The role to bring up to its template. Without it all roles that are behind are."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Update-CsAdminRole", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Gives custom roles the cmdlets that their templates have gained.")
    .description(
        "A custom role keeps the cmdlets that its template had when it was made. Where the template \
         has gained cmdlets since, because a new version of Pinward brought them or somebody changed \
         the template, this adds them. What was taken out of a role stays out, and scopes stay as \
         they are.",
    )
    .params(PARAMS)
    .inputs("Names of roles as text, or roles.")
    .outputs(const { &[&ROLE] })
    .notes("Puts out the roles that it changed. -WhatIf says what each would gain.")
    .changes()
    .example("Update-CsAdminRole -WhatIf", "Which roles are behind, and what they would gain.")
    .example("Update-CsAdminRole", "Brings all roles up to their templates.")
    .example(
        r#"Get-CsAdminRole -Filter "*Redmond*" | Update-CsAdminRole"#,
        "Those whose names contain a word.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let named = match args.get("Identity").filter(|named| !named.is_null()) {
        Some(value) => match role_values::identity(value) {
            Ok(name) => Some(name),
            Err(error) => return cx.error(*error),
        },
        None => None,
    };
    let (service, caller) = (&product.service, &product.caller);
    let outdated = match &named {
        Some(name) => product
            .wait(service.check_role_update(caller, name))
            .map(|one| vec![one]),
        None => product.wait(service.outdated_roles(caller)),
    };
    match outdated {
        Ok(outdated) => outdated
            .iter()
            .filter(|one| !one.gains.is_empty())
            .try_for_each(|one| update(product, cx, args, one)),
        Err(refused) => {
            let name = named.unwrap_or_default();
            raise(cx, role_values::refusal(product, &refused, &name))
        }
    }
}

fn update(product: &Product, cx: &mut Cx, args: &Args, outdated: &OutdatedRole) -> Flow {
    let name = &outdated.role.identity;
    let action = format!("Add {}", outdated.gains.join(", "));
    if !proceed(cx, args, name, &action)? {
        return Ok(());
    }
    let (service, caller) = (&product.service, &product.caller);
    match product.wait(service.update_role(caller, outdated, None)) {
        Ok(role) => cx.emit(role::object(&role)),
        Err(refused) => raise(cx, role_values::refusal(product, &refused, name)),
    }
}
