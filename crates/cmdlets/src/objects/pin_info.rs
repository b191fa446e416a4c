//! The state of a PIN.

use pinward_core::{LockState, Timestamp};
use pinward_service::PinInfo;
use pinward_shell::{Cx, Object, TypeDesc, Value};

/// The type. The properties after the first five are our own.
pub(crate) static PIN_INFO: TypeDesc = TypeDesc::new(
    "PinInfoDetails",
    &[
        "Identity",
        "IsPinSet",
        "IsLockedOut",
        "LastPinChangeTime",
        "PinExpirationTime",
        "LockState",
        "LockedUntil",
        "LocalFailures",
        "GlobalFailures",
        "EffectivePolicy",
        "MustChange",
    ],
)
.also(&["Microsoft.Rtc.Management.UserPinService.PinInfoDetails"])
.shows(&[
    "Identity",
    "IsPinSet",
    "IsLockedOut",
    "LastPinChangeTime",
    "PinExpirationTime",
])
.as_list();

/// The object.
pub(crate) fn object(cx: &Cx, info: &PinInfo) -> Value {
    let date = |at: Option<Timestamp>| at.map(|at| cx.date(at));
    let (state, until) = match info.lock_state {
        LockState::None => ("None", None),
        LockState::Temporary { until } => ("Temporary", Some(until)),
        LockState::Permanent => ("Permanent", None),
        LockState::Administrator => ("Administrator", None),
    };
    Object::new(&PIN_INFO)
        .with("Identity", info.identity.as_str())
        .with("IsPinSet", info.is_pin_set)
        .with("IsLockedOut", info.is_locked_out)
        .with("LastPinChangeTime", date(info.last_pin_change))
        .with("PinExpirationTime", date(info.pin_expiration))
        .with("LockState", state)
        .with("LockedUntil", date(until))
        .with("LocalFailures", info.local_failures)
        .with("GlobalFailures", info.global_failures)
        .with("EffectivePolicy", info.effective_policy.to_string())
        .with("MustChange", info.must_change)
        .into()
}
