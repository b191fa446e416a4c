//! `Test-CsPhoneBootstrap`: a real logon with a number and a PIN, which counts.

use std::sync::Arc;

use pinward_core::{Outcome, Timestamp};
use pinward_service::{Attempt, Door, Source, Verdict};
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::objects::task_output::{TASK_OUTPUT, TaskOutput};
use crate::product::Product;
use crate::refusals::report;

const NO_LOG: &str = "Accepted so that scripts run; -Verbose tells what there is to tell, and no \
                      variable is set.";

const PARAMS: &[Param] = &[
    Param::string("PhoneOrExt")
        .required()
        .alias(&["PhoneOrExtension", "ph"])
        .help(
            "What is keyed for the user: a phone number or an extension, written as you like: \
         \"+1 (425) 555-1219\", 51219. Any other identity of the user works too.",
        ),
    Param::string("PIN")
        .required()
        .secret()
        .help("The PIN to try, as text or as a number."),
    Param::string("TargetFqdn")
        .at(2)
        .alias(&["t"])
        .allow_null()
        .help(
            "Accepted so that scripts run, and shown in the result; the logon is decided by this \
         server.",
        ),
    Param::string("TargetUri")
        .alias(&["twsu"])
        .allow_null()
        .help(
            "Accepted so that scripts run, and shown in the result; the logon is decided by this \
         server.",
        ),
    Param::string("UserSipAddress").alias(&["ua"]).help(
        "The user whom the number has to belong to, by SIP address. Where it belongs to another \
         one, or to several, this tells whom you mean.",
    ),
    Param::int32("RegistrarPort")
        .alias(&["rp"])
        .help("Accepted so that scripts run; no registrar is asked, so it changes nothing."),
    Param::string("OutVerboseVariable")
        .alias(&["ovv"])
        .help(NO_LOG),
    Param::string("OutLoggerVariable")
        .alias(&["olv"])
        .help(NO_LOG),
    Param::switch("Force").help("Accepted so that scripts run; nothing is asked anyway."),
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Test-CsPhoneBootstrap", move |cx, args| process(&product, cx, args))
        .synopsis("Tries a logon as a telephone would, with a number and a PIN.")
        .description(
            "This is a logon like any other: a wrong PIN counts as a failed logon of the user and \
             can lock them out, and the right one ends a row of failures. A logon that fails is a \
             result, not an error: see Result, Error and Diagnosis. An error means that nothing \
             could be decided, and then nothing was counted.",
        )
        .params(PARAMS)
        .outputs(const { &[&TASK_OUTPUT] })
        .example(
            r#"Test-CsPhoneBootstrap -PhoneOrExtension "+14255551219" -Pin "0712""#,
            "Tries a number with a PIN.",
        )
        .example(
            r#"Test-CsPhoneBootstrap -PhoneOrExtension "+14255551219" -Pin "0712" -UserSipAddress "sip:kenmyer@litwareinc.com""#,
            "The same, where the number has to be Ken Myer's.",
        )
        .example(
            "(Test-CsPhoneBootstrap -PhoneOrExt 51219 -PIN 18723834).Result",
            "Success or Failure alone.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let attempt = Attempt {
        who: args.text("PhoneOrExt"),
        pin: args.text("PIN"),
        also_known_as: args.string("UserSipAddress"),
        delivery: None,
        source: Source::of(Door::Shell),
    };
    let begun = cx.now();
    let decided = product.wait(product.service.test_log_on(&product.caller, &attempt));
    let latency = cx.now().duration_since(begun);
    let verdict = match decided {
        Ok(verdict) => verdict,
        Err(refusal) => return report(cx, &refusal, attempt.who),
    };
    let pool = verdict
        .user
        .as_ref()
        .and_then(|user| user.person.registrar_pool.as_deref());
    let success = verdict.outcome == Outcome::Success;
    let until = verdict
        .locked_until
        .map(|at: Timestamp| cx.date(at).to_string());
    let (error, diagnosis) = explain(&verdict, until.as_deref()).unzip();
    cx.emit(TaskOutput {
        target_uri: args.string("TargetUri"),
        target_fqdn: args.string("TargetFqdn").or(pool),
        success,
        latency,
        error: error.map(|error: &str| format!("{}: {error}", verdict.outcome)),
        diagnosis,
    })
}

/// What went wrong, and what an administrator can do about it.
fn explain(verdict: &Verdict, locked_until: Option<&str>) -> Option<(&'static str, String)> {
    let sip = verdict
        .user
        .as_ref()
        .and_then(|user| user.person.sip_address.as_deref());
    let user = sip.unwrap_or("<user>");
    let (error, diagnosis) = match verdict.outcome {
        Outcome::Success => return None,
        Outcome::IncorrectPin => (
            "the PIN is wrong.",
            format!(
                "The failed logon was counted. See the counts with Get-CsClientPinInfo \"{user}\" | \
                 Format-List *, or assign another PIN with Set-CsClientPin \"{user}\"."
            ),
        ),
        Outcome::UserPinAccountLocked => (
            "the PIN is locked.",
            match locked_until {
                Some(until) => format!(
                    "Too many failed logons: locked out until {until}. Wait, or end it with \
                     Unlock-CsClientPin \"{user}\"."
                ),
                None => format!("Unlock it with Unlock-CsClientPin \"{user}\"."),
            },
        ),
        Outcome::PinExpired => (
            "the PIN is right but has expired.",
            format!(
                "The user has to choose another one, or assign one with Set-CsClientPin \"{user}\"."
            ),
        ),
        Outcome::PinMustBeChanged => (
            "the PIN is right but has to be changed before it can be used.",
            format!(
                "The user has to choose another one, or assign one with Set-CsClientPin \"{user}\"."
            ),
        ),
        Outcome::PinNotSet => (
            "the user has no PIN.",
            format!("Assign one with Set-CsClientPin \"{user}\"."),
        ),
        Outcome::UserPinAccountDisabled => (
            "the user is not enabled for PIN sign-in.",
            "Enable the user in the directory first.".to_owned(),
        ),
        Outcome::UserDoesNotExist => (
            "no user has this number or name.",
            "See the numbers of users with Get-CsUser | Format-Table DisplayName, LineURI."
                .to_owned(),
        ),
        Outcome::NonUniqueUser => (
            "several users have this number or name.",
            "Say whom you mean with -UserSipAddress, or with the full number and the extension."
                .to_owned(),
        ),
        Outcome::Throttled => (
            "too many logons came from this source.",
            "Wait a moment and try again; nothing was counted.".to_owned(),
        ),
    };
    Some((error, diagnosis))
}
