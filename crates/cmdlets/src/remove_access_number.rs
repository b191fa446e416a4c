//! `Remove-CsDialInConferencingAccessNumber`: removes access numbers.

use std::sync::Arc;

use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::access_number_values::{OPTIONAL_IDENTITY, uri};
use crate::calls::proceed;
use crate::product::Product;
use crate::refusals::report;

const PARAMS: &[Param] = &[OPTIONAL_IDENTITY.required()];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Remove-CsDialInConferencingAccessNumber", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Removes access numbers.")
    .description("The number is no longer shown to anybody, and its line is free for another one.")
    .params(PARAMS)
    .inputs("SIP addresses of access numbers as text, or objects with an Identity.")
    .notes("Puts out nothing.")
    .changes()
    .example(
        "Remove-CsDialInConferencingAccessNumber -Identity sip:RedmondDialIn@litwareinc.com",
        "Removes one.",
    )
    .example(
        "Get-CsDialInConferencingAccessNumber -Region $Null | Remove-CsDialInConferencingAccessNumber -WhatIf",
        "Which numbers of no region would be removed; nothing changes.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let named = match uri(args.get("Identity").unwrap_or(&Value::Null)) {
        Ok(named) => named,
        Err(error) => return cx.error(*error),
    };
    let uri = match product.wait(service.check_access_number_removal(caller, &named)) {
        Ok(number) => number.primary_uri,
        Err(refusal) => return report(cx, &refusal, &named),
    };
    if !proceed(cx, args, &uri, "Remove the access number")? {
        return Ok(());
    }
    match product.wait(service.remove_access_number(caller, &uri, None)) {
        Ok(()) => cx.verbose(&format!("The access number {uri} is removed.")),
        Err(refusal) => report(cx, &refusal, &uri),
    }
}
