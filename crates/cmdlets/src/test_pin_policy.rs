//! `Test-CsPinPolicy`: what policies come to, whom they govern, what they say of a PIN.

use std::sync::Arc;

use pinward_core::{PolicyIdentity, SignedDuration};
use pinward_service::{Refusal, Right};
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::objects::policy_test::{self, PIN_TEST, POLICY_TEST, USER_TEST};
use crate::policy_values;
use crate::product::Product;
use crate::refusals::{invalid, raise, record, report, without_pin};
use crate::users::{self, name_of};

/// PINs that expire within so many days are told.
const DAYS: i64 = 7;

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("XdsIdentity")
        .at(1)
        .sets(&["Policy"])
        .completes("policy")
        .help(
            "The policy: global, site:<SiteId>, or the name of a per-user policy. Without it all \
             policies are told of; with -Pin it is the global one.",
        ),
    Param::object("Instance", &["UserPinPolicy"])
        .by_value()
        .sets(&["Policy"])
        .help("A policy object, as Get-CsPinPolicy makes it: what is stored under its Identity."),
    Param::any("User")
        .label("UserIdParameter")
        .by_value()
        .sets(&["User"])
        .completes("user")
        .help(
            "Whose policy: a SIP address, user principal name, domain\\logon, display name or \
             distinguished name, or an object that has one of these as its Identity.",
        ),
    Param::string("Pin").secret().help(
        "What the policy, or the one that governs the user, would say of this PIN. It is not \
         assigned, not shown and not kept.",
    ),
    Param::uint32("Days")
        .range(1, 999)
        .help("Which PINs count as expiring: those that expire within so many days, 1 to 999. 7 by itself."),
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Test-CsPinPolicy", move |cx, args| process(&product, cx, args))
        .synopsis("Tells what PIN policies come to, whom they govern, and what they say of a PIN.")
        .description(
            "Of a policy: how many users it governs, how many of them have no PIN, an expired one, \
             one that expires soon, one that must be changed, or a locked one; and how many PINs of \
             its MinPasswordLength its rules allow (AllowedPins out of PossiblePins, counted \
             exactly), with the odds that somebody who guesses hits a PIN before the local and \
             before the global limit stops them. The odds are those of a PIN drawn uniformly, as \
             generated ones are; PINs that people choose are guessed far more easily.\n\n\
             Of a user: which policy governs them, whether it is granted, that of their site or the \
             global one, and how their PIN stands: Missing, Expired, MustChange, Expiring, Good, or \
             NotEnabled. Of a PIN: every rule that it breaks.",
        )
        .sets(&["Policy", "User"])
        .params(PARAMS)
        .inputs("Users by name or as objects; PIN policy objects.")
        .outputs(const { &[&POLICY_TEST, &USER_TEST, &PIN_TEST] })
        .notes(
            "Changes nothing and counts nothing. How it stands with a user's PIN is told to those who \
             may run Get-CsClientPinInfo. The extension and the phone number of a user, \
             which are no PINs for them, are not taken off AllowedPins. Earlier PINs of a user do \
             not count. Numbers of more than 18 digits are texts.",
        )
        .example("Test-CsPinPolicy", "The figures of all policies.")
        .example(
            "Test-CsPinPolicy site:Redmond -Days 30",
            "The figures of one policy, with the PINs that expire within 30 days.",
        )
        .example(
            "Test-CsPinPolicy | Format-Table Identity, Users, PinsMissing, PinsExpired, AllowedPins",
            "An overview.",
        )
        .example(
            r#"Test-CsPinPolicy -User "Ken Myer""#,
            "Which policy governs Ken Myer, and how his PIN stands.",
        )
        .example(
            r#"Get-CsUser | Test-CsPinPolicy | Where-Object {$_.PinState -ne "Good"} | Group-Object PinState"#,
            "Whose PINs need attention, by what is the matter.",
        )
        .example(
            r#"Test-CsPinPolicy -User "Ken Myer" -Pin 51219"#,
            "What would be said of this PIN for Ken Myer: it is his extension, among others.",
        )
        .example(
            "(Test-CsPinPolicy global -Pin 246810).Reasons",
            "The reasons for which a policy refuses a PIN.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let soon = SignedDuration::from_hours(24 * args.i64("Days").unwrap_or(DAYS));
    if args.given("Pin") && args.text("Pin").is_empty() {
        let error = invalid("PinMissing", "the PIN to judge is empty");
        return raise(cx, error.advice("Give the digits, or leave out -Pin."));
    }
    if let Some(named) = args.get("User") {
        return users(product, cx, args, named, soon);
    }
    let named = args.get("Instance").or_else(|| args.get("Identity"));
    let identity = match named.map(policy_values::identity).transpose() {
        Ok(identity) => identity,
        Err(error) => return raise(cx, *error),
    };
    match args.string("Pin") {
        Some(pin) => {
            let identity = identity.unwrap_or(PolicyIdentity::Global);
            let judged = product.service.judge_pin(&product.caller, &identity, pin);
            match product.wait(judged) {
                Ok(judgement) => cx.emit(policy_test::of_pin(None, &judgement)),
                Err(refusal) => refuse(cx, &refusal, &identity),
            }
        }
        None => policies(product, cx, identity.as_ref(), soon),
    }
}

fn policies(
    product: &Product,
    cx: &mut Cx,
    identity: Option<&PolicyIdentity>,
    soon: SignedDuration,
) -> Flow {
    let figures = product
        .service
        .policy_figures(&product.caller, identity, soon);
    match product.wait(figures) {
        Ok(all) => cx.emit_all(all.iter().map(policy_test::of_policy)),
        Err(refusal) => match identity {
            Some(identity) => refuse(cx, &refusal, identity),
            None => report(cx, &refusal, ""),
        },
    }
}

/// A policy is refused; its name may be the PIN, where -Pin was forgotten.
fn refuse(cx: &mut Cx, refusal: &impl Refusal, identity: &PolicyIdentity) -> Flow {
    let name = match identity {
        PolicyIdentity::Global => "Global",
        PolicyIdentity::Site(name) | PolicyIdentity::Tag(name) => name,
    };
    let named = identity.to_string();
    let error = without_pin(record(refusal, &named), name);
    raise(cx, error)
}

fn users(product: &Product, cx: &mut Cx, args: &Args, named: &Value, soon: SignedDuration) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    for found in users::find(product, Right::TestPolicy, named) {
        let user = match found {
            Ok(user) => user,
            Err(refused) => {
                raise(cx, refused)?;
                continue;
            }
        };
        let object = match args.string("Pin") {
            Some(pin) => product
                .wait(service.judge_pin_for(caller, &user, pin))
                .map(|judgement| policy_test::of_pin(Some(name_of(&user)), &judgement)),
            None => product
                .wait(service.user_standing(caller, &user, soon))
                .map(|standing| policy_test::of_user(cx, &standing)),
        };
        match object {
            Ok(object) => cx.emit(object)?,
            Err(refusal) => report(cx, &refusal, name_of(&user))?,
        }
    }
    Ok(())
}
