//! `Get-CsAdminRoleAssignment`: the roles that a user holds.

use std::sync::Arc;

use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::LOCAL_STORE;
use crate::product::Product;
use crate::refusals::{raise, report};
use crate::users::{self, IDENTITY, name_of};

const PARAMS: &[Param] = &[
    IDENTITY.at(2),
    LOCAL_STORE,
    Param::switch("Force").help("Accepted so that scripts run; nothing is asked."),
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsAdminRoleAssignment", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Lists the roles that a user holds.")
    .description(
        "A user holds the roles that were granted to them with Grant-CsAdminRole, and those that are \
         called like a group of the directory in which they are a member. The bare logon name \
         (SamAccountName) is enough where it is unique.",
    )
    .params(PARAMS)
    .inputs("Names of people as text, or objects with an Identity.")
    .notes(
        "Puts out the names of the roles as text; nothing for somebody who holds none. Whoever reaches the \
         configuration of some sites only is told of the standard roles and of those they hold themselves.",
    )
    .example(
        r#"Get-CsAdminRoleAssignment -Identity "kenmyer""#,
        "The roles of one user.",
    )
    .example(
        "Get-CsUser | ForEach-Object {$_.DisplayName; Get-CsAdminRoleAssignment -Identity $_.SamAccountName}",
        "Every user's name, followed by the roles they hold.",
    )
    .example(
        r#"Get-CsUser | Where-Object {(Get-CsAdminRoleAssignment $_) -contains "CsHelpDesk"}"#,
        "The users who hold a role.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let named = args.get("Identity").unwrap_or(&Value::Null);
    for found in users::find_all(product, Right::ViewAssignments, named) {
        let user = match found {
            Ok(user) => user,
            Err(refused) => {
                raise(cx, refused)?;
                continue;
            }
        };
        let roles = product.service.role_assignment(&product.caller, &user);
        match product.wait(roles) {
            Ok(roles) => cx.emit_all(roles.iter().map(String::as_str))?,
            Err(refusal) => report(cx, &refusal, name_of(&user))?,
        }
    }
    Ok(())
}
