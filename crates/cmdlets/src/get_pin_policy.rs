//! `Get-CsPinPolicy`: lists PIN policies.

use std::sync::Arc;

use pinward_core::Policy;
use pinward_shell::value::Wildcard;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{LOCAL_STORE, TENANT};
use crate::objects::policy::{self, POLICY};
use crate::policy_values;
use crate::product::Product;
use crate::refusals::{fail, report};

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("XdsIdentity")
        .at(2)
        .sets(&["Identity"])
        .completes("policy")
        .help(
            "The policy: global, site:<SiteId>, or the name of a per-user policy with or without \
         tag: before it. Without it all policies are listed. No wildcards: see -Filter.",
        ),
    Param::string("Filter").sets(&["Filter"]).help(
        "A wildcard on the identity, which is Global, Site:<SiteId> or Tag:<name>: \"site:*\" \
         lists the policies of sites, \"tag:*\" the per-user ones.",
    ),
    LOCAL_STORE,
    TENANT,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsPinPolicy", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Lists PIN policies.")
    .description(
        "First the global policy, then those of sites, then the per-user ones. A user is \
             governed by the per-user policy they were granted, else by the policy of their site, \
             else by the global one.",
    )
    .sets(&["Identity", "Filter"])
    .params(PARAMS)
    .outputs(const { &[&POLICY] })
    .example("Get-CsPinPolicy", "All policies.")
    .example(
        r#"Get-CsPinPolicy -Identity "site:Redmond""#,
        "The policy of one site.",
    )
    .example(
        r#"Get-CsPinPolicy -Filter "tag:*""#,
        "The per-user policies.",
    )
    .example(
        r"Get-CsPinPolicy | Where-Object {$_.AllowCommonPatterns -eq $True}",
        "The policies under which PINs such as 1234 may be chosen.",
    )
    .example(
        r"Get-CsPinPolicy | Where-Object {$_.PinLifetime -gt 30}",
        "The policies under which PINs last longer than 30 days, those that never expire apart.",
    )
    .example(
        "Get-CsPinPolicy | Format-Table Identity, MinPasswordLength, PINLifetime",
        "An overview.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    if let Some(named) = args.get("Identity") {
        let identity = match policy_values::identity(named) {
            Ok(identity) => identity,
            Err(error) => {
                let error = error.advice("Wildcards belong into -Filter, such as \"site:*\".");
                return cx.error(error);
            }
        };
        return match product.wait(product.service.policy(&product.caller, &identity)) {
            Ok(policy) => cx.emit(policy::object(&policy)),
            Err(refusal) => report(cx, &refusal, &identity.to_string()),
        };
    }
    let policies: Vec<Policy> = match product.wait(product.service.policies(&product.caller)) {
        Ok(policies) => policies,
        Err(refusal) => return Err(fail(cx, &refusal, "")),
    };
    let filter = args
        .string("Filter")
        .map(|text| Wildcard::new(text.trim(), false));
    let wanted = |policy: &&Policy| {
        filter
            .as_ref()
            .is_none_or(|filter| filter.is_match(&policy.identity.to_string()))
    };
    cx.emit_all(policies.iter().filter(wanted).map(policy::object))
}
