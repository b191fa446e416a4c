//! `Set-CsAdminRole`: changes a custom role.

use std::sync::Arc;

use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::{FORCE, proceed, warn};
use crate::product::Product;
use crate::refusals::raise;
use crate::role_values::{self, CMDLETS, CONFIG_SCOPES, SCRIPT_MODULES, USER_SCOPES};

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("String")
        .required()
        .at(2)
        .by_value()
        .by_property()
        .completes("role")
        .help("The custom role. Standard roles cannot be changed."),
    CONFIG_SCOPES,
    USER_SCOPES,
    CMDLETS,
    SCRIPT_MODULES,
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Set-CsAdminRole", move |cx, args| process(&product, cx, args))
        .synopsis("Changes a role of your own.")
        .description(
            "Changes the lists that are given and leaves the others. The role is judged as it would \
             become: everything wrong with it is reported together, and then nothing is changed. \
             The change counts for sessions that begin from then on.",
        )
        .params(PARAMS)
        .inputs("Names of roles as text, or roles.")
        .notes(
            "Puts out nothing. A list whose last scope is taken out reaches nothing, and it warns of \
             that; global reaches everything.",
        )
        .changes()
        .example(
            r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -UserScopes @{Add="OU:ou=Portland,dc=litwareinc,dc=com"}"#,
            "The users of one more unit.",
        )
        .example(
            r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -UserScopes @{Remove="OU:ou=Portland,dc=litwareinc,dc=com"}"#,
            "Without the users of that unit.",
        )
        .example(
            r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -ConfigScopes @{Add="site:Redmond"}"#,
            "The configuration of one more site.",
        )
        .example(
            r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -ConfigScopes @{Remove="site:Redmond"}"#,
            "Without the configuration of that site.",
        )
        .example(
            r#"Set-CsAdminRole RedmondHelpDesk -Cmdlets @{Add="Unlock-CsClientPin"; Remove="Get-CsUser"}"#,
            "One cmdlet more and one fewer.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let identity = match role_values::identity(args.get("Identity").unwrap_or(&Value::Null)) {
        Ok(identity) => identity,
        Err(error) => return cx.error(*error),
    };
    let change = role_values::change(args);
    let judged = product.wait(service.check_role_change(caller, &identity, &change));
    let (role, warnings) = match judged {
        Ok(judged) => judged,
        Err(refused) => return raise(cx, role_values::refusal(product, &refused, &identity)),
    };
    for warning in &warnings {
        warn(cx, args, &format!("{}: {warning}.", role.identity))?;
    }
    if !proceed(cx, args, &role.identity, "Change the role")? {
        return Ok(());
    }
    match product.wait(service.change_role(caller, &identity, &change, None)) {
        Ok((role, _told)) => cx.verbose(&format!("The role {} is changed.", role.identity)),
        Err(refused) => raise(cx, role_values::refusal(product, &refused, &identity)),
    }
}
