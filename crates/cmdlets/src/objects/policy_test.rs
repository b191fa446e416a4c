//! What `Test-CsPinPolicy` finds: of a policy, of a user, of a PIN.

use pinward_service::{Judgement, PinStanding, PolicyFigures, PolicySource, UserStanding};
use pinward_shell::{Cx, Object, TypeDesc, Value};

/// The figures of a policy.
pub(crate) static POLICY_TEST: TypeDesc = TypeDesc::new(
    "PinPolicyTest",
    &[
        "Identity",
        "Users",
        "PinsSet",
        "PinsMissing",
        "PinsExpired",
        "PinsExpiring",
        "PinsToChange",
        "PinsLocked",
        "MinPasswordLength",
        "PossiblePins",
        "AllowedPins",
        "LocalLimit",
        "GlobalLimit",
        "UniformOddsLocal",
        "UniformOddsGlobal",
    ],
)
.as_list();

/// Which policy governs a user.
pub(crate) static USER_TEST: TypeDesc = TypeDesc::new(
    "UserPinPolicyTest",
    &[
        "Identity",
        "EffectivePolicy",
        "Source",
        "PinState",
        "PinExpirationTime",
        "IsLockedOut",
    ],
)
.as_list();

/// What a policy says of a PIN, which is not shown.
pub(crate) static PIN_TEST: TypeDesc = TypeDesc::new(
    "PinTest",
    &[
        "Identity",
        "EffectivePolicy",
        "Accepted",
        "Violations",
        "Reasons",
    ],
)
.as_list();

/// The figures.
pub(crate) fn of_policy(figures: &PolicyFigures) -> Value {
    let (tally, space, limits) = (&figures.tally, &figures.space, &figures.limits);
    Object::new(&POLICY_TEST)
        .with("Identity", tally.policy.identity.to_string())
        .with("Users", tally.users)
        .with("PinsSet", tally.pins())
        .with("PinsMissing", tally.missing)
        .with("PinsExpired", tally.expired)
        .with("PinsExpiring", tally.expiring)
        .with("PinsToChange", tally.must_change)
        .with("PinsLocked", tally.locked)
        .with("MinPasswordLength", tally.policy.min_password_length)
        .with("PossiblePins", exact(space.all))
        .with("AllowedPins", exact(space.allowed))
        .with("LocalLimit", limits.local)
        .with("GlobalLimit", limits.global)
        .with("UniformOddsLocal", space.odds(limits.local))
        .with("UniformOddsGlobal", space.odds(limits.global))
        .into()
}

/// A whole number, as text where it is too large to reckon with.
fn exact(number: u128) -> Value {
    match i64::try_from(number) {
        Ok(number) => number.into(),
        Err(_) => number.to_string().as_str().into(),
    }
}

/// The user.
pub(crate) fn of_user(cx: &Cx, standing: &UserStanding) -> Value {
    let info = &standing.info;
    let source = match standing.source {
        PolicySource::Granted => "Granted",
        PolicySource::Site => "Site",
        PolicySource::Global => "Global",
    };
    let state = match standing.standing {
        PinStanding::NotEnabled => "NotEnabled",
        PinStanding::Missing => "Missing",
        PinStanding::Expired => "Expired",
        PinStanding::MustChange => "MustChange",
        PinStanding::Expiring => "Expiring",
        PinStanding::Good => "Good",
    };
    Object::new(&USER_TEST)
        .with("Identity", info.identity.as_str())
        .with("EffectivePolicy", info.effective_policy.to_string())
        .with("Source", source)
        .with("PinState", state)
        .with(
            "PinExpirationTime",
            info.pin_expiration.map(|at| cx.date(at)),
        )
        .with("IsLockedOut", info.is_locked_out)
        .into()
}

/// The PIN; `identity` is that of the user, or none where only the policy was asked.
pub(crate) fn of_pin(identity: Option<&str>, judgement: &Judgement) -> Value {
    let texts = |each: fn(&pinward_core::Violation) -> String| {
        let all = judgement.violations.iter().map(each);
        Value::array(all.map(|text| Value::from(text.as_str())).collect())
    };
    Object::new(&PIN_TEST)
        .with("Identity", identity)
        .with("EffectivePolicy", judgement.policy.to_string())
        .with("Accepted", judgement.violations.is_empty())
        .with("Violations", texts(|violation| violation.code().to_owned()))
        .with("Reasons", texts(ToString::to_string))
        .into()
}
