//! `Get-CsClientPinInfo`: what may be known of a PIN.

use std::sync::Arc;

use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::proceed;
use crate::objects::pin_info::{self, PIN_INFO};
use crate::product::Product;
use crate::refusals::{raise, report};
use crate::users::{self, IDENTITY, name_of, title_of};

const PARAMS: &[Param] = &[IDENTITY];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsClientPinInfo", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Shows whether a user has a PIN, and whether it is locked or expires.")
    .description(
        "Shows the state of a PIN, never the PIN. Besides what is shown by default, the \
             objects have LockState (None, Temporary, Permanent, Administrator), LockedUntil, \
             LocalFailures, GlobalFailures, EffectivePolicy and MustChange: see them with \
             Format-List *.",
    )
    .params(PARAMS)
    .inputs("Names of users as text, or objects with an Identity: users, rows.")
    .outputs(const { &[&PIN_INFO] })
    .notes(
        "A PinExpirationTime of $null means that the PIN never expires, or that there is none. \
             Looking changes nothing; -WhatIf and -Confirm are accepted so that scripts run, and \
             do what they do elsewhere.",
    )
    .changes()
    .example("Get-CsUser | Get-CsClientPinInfo", "The state of all PINs.")
    .example(
        r#"Get-CsClientPinInfo -Identity "litwareinc\kenmyer""#,
        "The state of Ken Myer's PIN.",
    )
    .example(
        r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Get-CsClientPinInfo"#,
        "The PINs of everybody in an organisational unit.",
    )
    .example(
        r#"Get-CsUser -LdapFilter "Title=Manager" | Get-CsClientPinInfo"#,
        "The PINs of all managers.",
    )
    .example(
        "Get-CsUser | Get-CsClientPinInfo | Group-Object LockState",
        "How many PINs are locked, and in which way.",
    )
    .example(
        r#"Get-CsClientPinInfo "Ken Myer" | Format-List *"#,
        "Also the counts of failed logons and the policy that governs the user.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let named = args.get("Identity").unwrap_or(&Value::Null);
    for found in users::find(product, Right::ViewPin, named) {
        let user = match found {
            Ok(user) => user,
            Err(refused) => {
                raise(cx, refused)?;
                continue;
            }
        };
        if !proceed(cx, args, &title_of(&user), "Show the state of the PIN")? {
            continue;
        }
        match product.wait(product.service.pin_info(&product.caller, &user)) {
            Ok(info) => {
                let object = pin_info::object(cx, &info);
                cx.emit(object)?;
            }
            Err(refusal) => report(cx, &refusal, name_of(&user))?,
        }
    }
    Ok(())
}
