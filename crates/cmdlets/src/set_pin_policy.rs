//! `Set-CsPinPolicy`: changes PIN policies.

use std::sync::Arc;

use pinward_core::{Policy, PolicyIdentity, PolicyPatch};
use pinward_service::PolicyError;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::calls::{FORCE, TENANT, proceed_with};
use crate::foresight;
use crate::policy_values::{
    self, ALLOW_COMMON_PATTERNS, DESCRIPTION, MAXIMUM_LOGON_ATTEMPTS, MIN_PASSWORD_LENGTH,
    PIN_HISTORY_COUNT, PIN_LIFETIME, Wanted,
};
use crate::product::Product;
use crate::refusals::{invalid, raise, report};

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("XdsIdentity")
        .at(2)
        .sets(&["Identity"])
        .completes("policy")
        .help(
            "The policy: global, site:<SiteId>, or the name of a per-user policy with or without \
         tag: before it. Without it the global policy is changed.",
        ),
    Param::any("Instance")
        .label("PSObject").by_value().sets(&["Instance"]).help(
        "A policy object, as Get-CsPinPolicy or New-CsPinPolicy -InMemory make it. The policy of \
         its Identity takes over its values, and is created where there is none.",
    ),
    MIN_PASSWORD_LENGTH,
    PIN_HISTORY_COUNT,
    ALLOW_COMMON_PATTERNS,
    PIN_LIFETIME,
    MAXIMUM_LOGON_ATTEMPTS,
    DESCRIPTION,
    FORCE,
    TENANT,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Set-CsPinPolicy", move |cx, args| process(&product, cx, args))
        .synopsis("Changes PIN policies.")
        .description(
            "Changes the properties that are given and leaves the others. The policy is judged as \
             it would become: everything wrong with it is reported together, and then nothing is \
             changed.\n\n\
             PINs that are set already stay as they are. The new values count for PINs that are \
             set from then on, except PINLifetime and MaximumLogonAttempts, which count at the \
             next logon. With -WhatIf, and where it asks for confirmation, it says how many users \
             the policy governs and what the change would mean for their PINs.",
        )
        .sets(&["Identity", "Instance"])
        .params(PARAMS)
        .inputs("PIN policy objects.")
        .notes(
            "Values of a policy object are applied first, parameters over them. \
             MaximumLogonAttempts and Description are removed by $null.",
        )
        .changes()
        .example(
            "Set-CsPinPolicy -Identity site:Redmond -MinPasswordLength 10",
            "New PINs at a site need ten digits.",
        )
        .example(
            "Set-CsPinPolicy -Identity RedmondUsersPinPolicy -MinPasswordLength 10 -AllowCommonPatterns $True",
            "Two properties of a per-user policy.",
        )
        .example(
            "Get-CsPinPolicy | Set-CsPinPolicy -MinPasswordLength 10",
            "One property of all policies.",
        )
        .example(
            "Get-CsPinPolicy | Where-Object {$_.MinPasswordLength -gt 10} | Set-CsPinPolicy -MaximumLogonAttempts 25",
            "One property of the policies that ask for long PINs.",
        )
        .example(
            "Set-CsPinPolicy -PINHistoryCount 5 -PINLifetime 90",
            "PINs under the global policy last 90 days, and the last five may not be chosen again.",
        )
        .example(
            "Set-CsPinPolicy site:Redmond -PINLifetime 30 -WhatIf",
            "How many users it is about, and how many PINs would expire; nothing changes.",
        )
        .example(
            "Set-CsPinPolicy site:Redmond -MaximumLogonAttempts $null",
            "Back to the limits that go with the length of the PIN.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    match args.get("Instance") {
        Some(Value::Array(instances)) => instances
            .iter()
            .try_for_each(|one| change(product, cx, args, Some(one))),
        instance => change(product, cx, args, instance),
    }
}

fn change(product: &Product, cx: &mut Cx, args: &Args, instance: Option<&Value>) -> Flow {
    let named = instance.or_else(|| args.get("Identity"));
    let identity = match named.map(policy_values::identity).transpose() {
        Ok(identity) => identity.unwrap_or(PolicyIdentity::Global),
        Err(error) => return cx.error(*error),
    };
    let wanted = Wanted::read(args, instance);
    let next = match judge(product, &identity, &wanted.patch, instance.is_some()) {
        Ok(next) if wanted.problems.is_empty() => next,
        judged => return raise(cx, wanted.refusal(&identity, judged.map(drop))),
    };
    let nothing = wanted.patch == PolicyPatch::default();
    if instance.is_none() && nothing {
        let error = invalid(
            "NothingToChange",
            format!("it is not said what to change of the PIN policy {identity}"),
        );
        let advice = "Give -MinPasswordLength, -PINHistoryCount, -AllowCommonPatterns, \
                      -PINLifetime, -MaximumLogonAttempts or -Description.";
        return cx.error(error.advice(advice).target(identity.to_string()));
    }
    let label = identity.to_string();
    let action = match &next {
        Next::Change => "Change the PIN policy",
        Next::Create(_) => "Create the PIN policy",
    };
    let meaning = || match &next {
        Next::Change => foresight::of_change(product, &identity, &wanted.patch),
        Next::Create(_) => String::new(),
    };
    if !proceed_with(cx, args, &label, action, meaning)? {
        return Ok(());
    }
    let changed = product.wait(async {
        let service = &product.service;
        match &next {
            Next::Change => service
                .change_policy(&product.caller, &identity, &wanted.patch, None)
                .await
                .map(drop),
            Next::Create(policy) => {
                let created = service.create_policy(&product.caller, policy).await;
                created.map(drop)
            }
        }
    });
    match changed {
        Ok(()) => cx.verbose(&format!("The PIN policy {identity} is changed.")),
        Err(refusal) => report(cx, &refusal, &label),
    }
}

/// What there is to do.
enum Next {
    Change,
    Create(Policy),
}

/// What the service would do, and whether it would refuse.
fn judge(
    product: &Product,
    identity: &PolicyIdentity,
    patch: &PolicyPatch,
    may_create: bool,
) -> Result<Next, PolicyError> {
    let (service, caller) = (&product.service, &product.caller);
    match product.wait(service.check_change(caller, identity, patch)) {
        Ok(_) => Ok(Next::Change),
        Err(PolicyError::NotFound { .. }) if may_create => {
            let policy = service.new_policy(caller, identity, patch)?;
            product.wait(service.check_creation(caller, &policy))?;
            Ok(Next::Create(policy))
        }
        Err(refusal) => Err(refusal),
    }
}
