//! `Remove-CsPinPolicy`: removes a PIN policy, or resets the global one.

use std::sync::Arc;

use pinward_core::PolicyIdentity;
use pinward_service::PolicyRemoval;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::{FORCE, TENANT, proceed_with, warn};
use crate::foresight;
use crate::policy_values;
use crate::product::Product;
use crate::refusals::report;

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("XdsIdentity")
        .required()
        .at(2)
        .by_property()
        .completes("policy")
        .help(
            "The policy: global, site:<SiteId>, or the name of a per-user policy with or without \
         tag: before it. No wildcards: filter with Get-CsPinPolicy.",
        ),
    FORCE,
    TENANT,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Remove-CsPinPolicy", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Removes a PIN policy; the global one goes back to its first values.")
    .description(
        "A policy in use can be removed: its users are governed by the policy of their site or \
             the global one from then on. Grants of a removed policy are dropped, so that a later \
             policy of the same name starts with nobody. PINs stay as they are. With -WhatIf, and \
             where it asks for confirmation, it says how many users would fall to which policy.",
    )
    .params(PARAMS)
    .inputs("Objects with an Identity: PIN policies.")
    .notes("Puts out nothing.")
    .changes()
    .example(
        "Remove-CsPinPolicy -Identity RedmondUsersPinPolicy",
        "Removes a per-user policy.",
    )
    .example(
        r#"Get-CsPinPolicy -Filter "site:*" | Remove-CsPinPolicy"#,
        "Removes the policies of all sites.",
    )
    .example(
        r"Get-CsPinPolicy | Where-Object {$_.AllowCommonPatterns -eq $True} | Remove-CsPinPolicy",
        "Removes the policies that allow common patterns.",
    )
    .example(
        "Get-CsPinPolicy | Remove-CsPinPolicy",
        "Removes all policies; what stays is the global one with its first values.",
    )
    .example(
        "Remove-CsPinPolicy global -Confirm",
        "Resets the global policy, after a question.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let identity = match policy_values::identity(args.get("Identity").unwrap_or(&Value::Null)) {
        Ok(identity) => identity,
        Err(error) => return cx.error(*error),
    };
    let label = identity.to_string();
    if let Err(refusal) = product.wait(service.check_removal(caller, &identity)) {
        return report(cx, &refusal, &label);
    }
    let action = match identity {
        PolicyIdentity::Global => "Reset the PIN policy to its first values",
        _ => "Remove the PIN policy",
    };
    let meaning = || foresight::of_removal(product, &identity);
    if !proceed_with(cx, args, &label, action, meaning)? {
        return Ok(());
    }
    match product.wait(service.remove_policy(caller, &identity, None)) {
        Ok(PolicyRemoval::Removed) => cx.verbose(&format!("The PIN policy {label} is removed.")),
        Ok(PolicyRemoval::Reset) => warn(
            cx,
            args,
            "The global PIN policy cannot be removed. It has the values of a new policy again.",
        ),
        Err(refusal) => report(cx, &refusal, &label),
    }
}
