//! `New-CsPinPolicy`: creates a PIN policy.

use std::sync::Arc;

use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::{FORCE, TENANT, proceed};
use crate::objects::policy::{self, POLICY};
use crate::policy_values::{
    self, ALLOW_COMMON_PATTERNS, DESCRIPTION, MAXIMUM_LOGON_ATTEMPTS, MIN_PASSWORD_LENGTH,
    PIN_HISTORY_COUNT, PIN_LIFETIME, Wanted,
};
use crate::product::Product;
use crate::refusals::{raise, report};

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("XdsIdentity").required().at(2).completes("site-policy").help(
        "Of the new policy: site:<SiteId> for a site that exists, or a name for a per-user policy. \
         There is only one global policy, and it exists already.",
    ),
    MIN_PASSWORD_LENGTH,
    PIN_HISTORY_COUNT,
    ALLOW_COMMON_PATTERNS,
    PIN_LIFETIME,
    MAXIMUM_LOGON_ATTEMPTS,
    DESCRIPTION,
    Param::switch("InMemory").help(
        "Makes an object that is not stored. Change its properties, then store it with \
         Set-CsPinPolicy -Instance.",
    ),
    FORCE,
    TENANT,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("New-CsPinPolicy", move |cx, args| process(&product, cx, args))
        .synopsis("Creates a PIN policy for a site, or one that is granted to users.")
        .description(
            "Properties that are not given have the values of a fresh global policy. The policy of \
             a site governs its users at once; a per-user policy governs those to whom it is \
             granted with Grant-CsPinPolicy.",
        )
        .params(PARAMS)
        .outputs(const { &[&POLICY] })
        .notes("Puts out the new policy.")
        .changes()
        .example(
            r#"New-CsPinPolicy -Identity "site:Redmond" -MinPasswordLength 10"#,
            "A policy for a site that has none.",
        )
        .example(
            r#"New-CsPinPolicy -Identity "site:Redmond" -MinPasswordLength 10 -PINHistoryCount 10 -PINLifetime 30"#,
            "The same, with PINs that have to be replaced every 30 days.",
        )
        .example(
            "$x = New-CsPinPolicy -Identity \"site:Redmond\" -InMemory\n\
             $x.MinPasswordLength = 10\n\
             $x.PINHistoryCount = 10\n\
             $x.PINLifetime = 30\n\
             Set-CsPinPolicy -Instance $x",
            "The same in steps: nothing is stored before the last one.",
        )
        .example(
            "$x = Get-CsPinPolicy -Identity \"site:Redmond\"\n\
             New-CsPinPolicy -Identity \"site:Paris\" -MinPasswordLength $x.MinPasswordLength",
            "Takes one value over from another policy.",
        )
        .example(
            r#"New-CsPinPolicy NightShiftPinPolicy -MinPasswordLength 8 -Description "For the night shift""#,
            "A per-user policy.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let identity = match policy_values::identity(args.get("Identity").unwrap_or(&Value::Null)) {
        Ok(identity) => identity,
        Err(error) => return cx.error(*error),
    };
    let label = identity.to_string();
    let wanted = Wanted::read(args, None);
    let policy = match service.new_policy(caller, &identity, &wanted.patch) {
        Ok(policy) if wanted.problems.is_empty() => policy,
        judged => return raise(cx, wanted.refusal(&identity, judged.map(drop))),
    };
    if args.switch("InMemory") {
        return cx.emit(policy::object(&policy));
    }
    if let Err(refusal) = product.wait(service.check_creation(caller, &policy)) {
        return report(cx, &refusal, &label);
    }
    if !proceed(cx, args, &label, "Create the PIN policy")? {
        return Ok(());
    }
    match product.wait(service.create_policy(caller, &policy)) {
        Ok(created) => cx.emit(policy::object(&created)),
        Err(refusal) => report(cx, &refusal, &label),
    }
}
