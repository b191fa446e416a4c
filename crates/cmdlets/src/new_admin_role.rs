//! `New-CsAdminRole`: makes a role from another.

use std::sync::Arc;

use pinward_service::NewRole;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{FORCE, proceed, warn};
use crate::objects::role::{self, ROLE};
use crate::product::Product;
use crate::refusals::raise;
use crate::role_values::{self, CMDLETS, CONFIG_SCOPES, SCRIPT_MODULES, USER_SCOPES};

const PARAMS: &[Param] = &[
    Param::string("Identity").required().at(2).help(
        "The name of the new role. A group of that name in the directory gives the role to its \
         members.",
    ),
    Param::string("Template")
        .required()
        .completes("role")
        .help("The role that it is made from, standard or custom: it begins with its cmdlets."),
    CONFIG_SCOPES,
    USER_SCOPES,
    CMDLETS,
    SCRIPT_MODULES,
    Param::switch("InMemory").help("Makes an object to look at that is not stored."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("New-CsAdminRole", move |cx, args| process(&product, cx, args))
        .synopsis("Makes a role of your own from another one.")
        .description(
            "A role says which cmdlets its holders may run, and over which users and which \
             configuration. The new one has what its template has, except what is given here. \
             Grant it with Grant-CsAdminRole, or make a group of the same name in the directory. Where \
             there is such a group already, its members hold the role at once, and a warning says how \
             many they are.\n\n\
             To let a help desk reset PINs and do nothing else, make a role with two cmdlets: \
             Get-CsUser to find the users, Set-CsClientPin to give them new PINs. With \
             -UserScopes the help desk of one unit reaches the users of that unit alone; all \
             others do not exist for it.",
        )
        .params(PARAMS)
        .outputs(const { &[&ROLE] })
        .notes(
            "Puts out the new role. No custom role can hold what changes or grants roles or \
             imports people; these belong to CsAdministrator.",
        )
        .changes()
        .example(
            r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator""#,
            "A role with the cmdlets of its template, over everything.",
        )
        .example(
            r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator" -UserScopes "OU:ou=Redmond,dc=litwareinc,dc=com""#,
            "The same for the users of one unit.",
        )
        .example(
            r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator" -UserScopes "OU:ou=Redmond,dc=litwareinc,dc=com","OU:ou=Portland,dc=litwareinc,dc=com""#,
            "For the users of two units. Where nobody is in a unit, it says so.",
        )
        .example(
            r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator" -ConfigScopes "site:Redmond""#,
            "For the configuration of one site.",
        )
        .example(
            r#"New-CsAdminRole PinReset -Template CsHelpDesk -Cmdlets "Get-CsUser","Set-CsClientPin" -UserScopes "OU:ou=Finance,dc=litwareinc,dc=com""#,
            "A help desk that resets the PINs of one unit and does nothing else.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let new = NewRole {
        identity: args.string("Identity").unwrap_or_default().to_owned(),
        template: args.string("Template").unwrap_or_default().to_owned(),
        change: role_values::change(args),
    };
    let (role, warnings) = match product.wait(service.check_new_role(caller, &new)) {
        Ok(judged) => judged,
        Err(refused) => return raise(cx, role_values::refusal(product, &refused, &new.identity)),
    };
    for warning in &warnings {
        warn(cx, args, &format!("{}: {warning}.", role.identity))?;
    }
    if args.switch("InMemory") {
        return cx.emit(role::object(&role));
    }
    if !proceed(cx, args, &role.identity, "Make the role")? {
        return Ok(());
    }
    match product.wait(service.create_role(caller, &new)) {
        Ok((role, _told)) => cx.emit(role::object(&role)),
        Err(refused) => raise(cx, role_values::refusal(product, &refused, &new.identity)),
    }
}
