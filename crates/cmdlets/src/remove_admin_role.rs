//! `Remove-CsAdminRole`: removes custom roles.

use std::sync::Arc;

use pinward_core::fold;
use pinward_service::RoleError;
use pinward_shell::value::Wildcard;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::{FORCE, proceed};
use crate::product::Product;
use crate::refusals::raise;
use crate::role_values;

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("String")
        .required()
        .at(2)
        .by_value()
        .by_property()
        .sets(&["Identity"])
        .completes("role")
        .help("The custom role. No wildcards: see -Filter. Standard roles cannot be removed."),
    Param::string("Filter")
        .sets(&["Filter"])
        .required()
        .help("A wildcard on the names of custom roles: \"*Redmond*\". Standard roles stay."),
    Param::string("Sid")
        .sets(&["SID"])
        .required()
        .help("The security identifier of a custom role."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Remove-CsAdminRole", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Removes roles of your own.")
    .description(
        "A removed role is taken back from everybody to whom it was granted, so that a later role of \
         the same name starts with nobody; its SID is never used again.",
    )
    .sets(&["Identity", "Filter", "SID"])
    .params(PARAMS)
    .inputs("Objects with an Identity: roles; or their names as text.")
    .notes("Puts out nothing.")
    .changes()
    .example(r#"Remove-CsAdminRole -Identity "RedmondHelpDesk""#, "Removes one role.")
    .example(
        r#"Remove-CsAdminRole -Filter "*Redmond*""#,
        "Removes the roles whose names contain a word.",
    )
    .example(
        r"Get-CsAdminRole | Where-Object {$_.IsStandardRole -eq $False} | Remove-CsAdminRole",
        "Removes all roles that did not come with the product.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let names = if let Some(filter) = args.string("Filter") {
        let filter = Wildcard::new(filter.trim(), false);
        chosen(product, |role| {
            !role.is_standard && filter.is_match(&role.identity)
        })
    } else if let Some(sid) = args.string("Sid") {
        let found = chosen(product, |role| fold(&role.sid) == fold(sid));
        found.and_then(|names| match names.is_empty() {
            true => Err(RoleError::NotFound {
                identity: sid.to_owned(),
            }),
            false => Ok(names),
        })
    } else {
        match role_values::identity(args.get("Identity").unwrap_or(&Value::Null)) {
            Ok(name) => Ok(vec![name]),
            Err(error) => return cx.error(*error),
        }
    };
    match names {
        Ok(names) => names
            .iter()
            .try_for_each(|name| remove(product, cx, args, name)),
        Err(refused) => raise(cx, role_values::refusal(product, &refused, "")),
    }
}

/// The names of the roles that are wanted.
fn chosen(
    product: &Product,
    wanted: impl Fn(&pinward_core::Role) -> bool,
) -> Result<Vec<String>, RoleError> {
    let roles = product.wait(product.service.roles(&product.caller))?;
    let wanted = roles.into_iter().filter(|role| wanted(role));
    Ok(wanted.map(|role| role.identity).collect())
}

fn remove(product: &Product, cx: &mut Cx, args: &Args, name: &str) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let removed = match product.wait(service.check_role_removal(caller, name)) {
        Ok(role) if proceed(cx, args, &role.identity, "Remove the role")? => {
            product.wait(service.remove_role(caller, name, None))
        }
        Ok(_) => return Ok(()),
        Err(refused) => Err(refused),
    };
    match removed {
        Ok(()) => cx.verbose(&format!("The role {name} is removed.")),
        Err(refused) => raise(cx, role_values::refusal(product, &refused, name)),
    }
}
