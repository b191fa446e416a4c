//! What several cmdlets have in common: parameters for the sake of old scripts, `-Force`, questions.

use pinward_shell::{Args, Cx, Flow, Param, ParamKind, Stop};

/// `-Force` of the cmdlets that change something.
pub(crate) const FORCE: Param = Param::switch("Force").help(
    "Asks nothing, whatever $ConfirmPreference says, and leaves out warnings. Errors are shown \
     and counted all the same: each means that something was not done.",
);

/// `-Tenant`.
pub(crate) const TENANT: Param = Param::any("Tenant")
    .label("Guid")
    .allow_null()
    .help("Accepted so that scripts run; there is one company, so it changes nothing.");

/// `-LocalStore`.
pub(crate) const LOCAL_STORE: Param = Param::switch("LocalStore")
    .help("Accepted so that scripts run; there is one store, so it changes nothing.");

/// `-DomainController`.
pub(crate) const DOMAIN_CONTROLLER: Param = Param::string("DomainController")
    .allow_null()
    .help("Accepted so that scripts run; there is one directory, so it changes nothing.");

/// `-Credential`. Secret, because what it is given may be one.
pub(crate) const CREDENTIAL: Param = Param::new("Credential", ParamKind::Any)
    .label("PSCredential")
    .secret()
    .allow_null()
    .help("Accepted so that scripts run; the session's own account counts, so it changes nothing.");

/// Whether to make a change: `-WhatIf` and the answer to `-Confirm` count, and `-Force` without
/// `-Confirm` asks nothing.
pub(crate) fn proceed(cx: &mut Cx, args: &Args, target: &str, action: &str) -> Result<bool, Stop> {
    proceed_with(cx, args, target, action, String::new)
}

/// The same, telling what the change would mean to whoever is asked or only wants to know.
pub(crate) fn proceed_with(
    cx: &mut Cx,
    args: &Args,
    target: &str,
    action: &str,
    meaning: impl FnOnce() -> String,
) -> Result<bool, Stop> {
    let silent = args.switch("Force") && !args.given("Confirm") && !is_dry(cx, args);
    if silent {
        cx.check()?;
        return Ok(true);
    }
    cx.should_process_with(target, action, meaning)
}

/// A warning that `-Force` leaves out.
pub(crate) fn warn(cx: &mut Cx, args: &Args, text: &str) -> Flow {
    if args.switch("Force") {
        Ok(())
    } else {
        cx.warning(text)
    }
}

/// Whether objects must be dealt with strictly one by one: each is asked or told about, or the first
/// error ends everything.
pub(crate) fn one_by_one(cx: &Cx, args: &Args) -> bool {
    let stop = |text: &str| text.eq_ignore_ascii_case("Stop");
    let errors = match args.string("ErrorAction") {
        Some(action) => stop(action),
        None => stop(&cx.variable("ErrorActionPreference").to_text()),
    };
    let asked = match args.get("Confirm") {
        Some(confirm) => confirm.is_true(),
        None => !cx.variable("ConfirmPreference").is_null() && !args.switch("Force"),
    };
    errors || asked || is_dry(cx, args)
}

fn is_dry(cx: &Cx, args: &Args) -> bool {
    args.switch("WhatIf") || cx.variable("WhatIfPreference").is_true()
}
