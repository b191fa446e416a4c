//! Refusals of the service as errors of the shell.

use pinward_service::Refusal;
use pinward_shell::{Category, Cx, ErrorRecord, Flow, Stop};
use tokio::task::JoinError;

/// The error of a refusal: its own sentence and identifier. `target` is what was asked about.
pub(crate) fn record(refusal: &impl Refusal, target: &str) -> ErrorRecord {
    let id = refusal.id();
    ErrorRecord::new(id, category(id), refusal.to_string()).target(target)
}

/// How many digits a PIN may have.
const PIN_LENGTHS: std::ops::RangeInclusive<usize> = 4..=24;

/// What an error of a cmdlet that takes PINs says of a name: digits that could be a PIN in the wrong
/// place are not repeated (R-SEC-3).
pub(crate) fn without_pin(mut error: ErrorRecord, named: &str) -> ErrorRecord {
    let named = named.trim();
    let digits = named.chars().all(char::is_numeric);
    if digits && PIN_LENGTHS.contains(&named.chars().count()) {
        error.message = error.message.replace(named, "***");
        error.target = error.target.map(|target| target.replace(named, "***"));
    }
    error
}

/// An argument that the service never sees.
pub(crate) fn invalid(id: &'static str, message: impl Into<String>) -> ErrorRecord {
    ErrorRecord::new(id, Category::InvalidArgument, message)
}

/// Reports a refusal of one object and goes on, except where every further object would be refused
/// the same way.
pub(crate) fn report(cx: &mut Cx, refusal: &impl Refusal, target: &str) -> Flow {
    raise(cx, record(refusal, target))
}

/// The same for an error that is made already.
pub(crate) fn raise(cx: &mut Cx, error: ErrorRecord) -> Flow {
    match error.category {
        Category::PermissionDenied => Err(cx.fail(error)),
        _ => cx.error(error),
    }
}

/// Ends the statement with a refusal.
pub(crate) fn fail(cx: &mut Cx, refusal: &impl Refusal, target: &str) -> Stop {
    let error = record(refusal, target);
    cx.fail(error)
}

/// The error of a task that broke: a mistake of ours, told without its details, which could hold
/// anything.
pub(crate) fn internal(broken: &JoinError) -> ErrorRecord {
    let what = if broken.is_cancelled() {
        "was dropped"
    } else {
        "failed"
    };
    ErrorRecord::new(
        "InternalError",
        Category::NotSpecified,
        format!("the work for this user {what} inside Pinward; whether it was done is not known"),
    )
    .advice("See the state with Get-CsClientPinInfo, and report this as a fault of Pinward.")
}

fn category(id: &str) -> Category {
    match id {
        "AccessNumberNotFound"
        | "UserNotFound"
        | "PolicyNotFound"
        | "SiteNotFound"
        | "RoleNotFound"
        | "TemplateNotFound" => Category::ObjectNotFound,
        "AccessNumberExists" | "LineUriTaken" | "PolicyExists" | "RoleExists" | "SiteExists"
        | "SipAddressTaken" => Category::ResourceExists,
        "AccessDenied" => Category::PermissionDenied,
        "PinLocked" | "UserNotEnabled" | "RoleIsStandard" | "RoleNotGranted" | "RoleByGroup"
        | "OutOfScope" => Category::InvalidOperation,
        "Busy" | "TooSlow" => Category::ResourceBusy,
        "StoreUnavailable" | "VerifierUnavailable" => Category::ResourceUnavailable,
        _ => Category::InvalidArgument,
    }
}
