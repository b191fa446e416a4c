//! PIN policies as objects.

use pinward_core::Policy;
use pinward_shell::{Object, TypeDesc, Value};

/// The type.
pub(crate) static POLICY: TypeDesc = TypeDesc::new(
    "UserPinPolicy",
    &[
        "Identity",
        "Description",
        "MinPasswordLength",
        "PINHistoryCount",
        "AllowCommonPatterns",
        "PINLifetime",
        "MaximumLogonAttempts",
    ],
)
.also(&[
    "Microsoft.Rtc.Management.WritableConfig.Policy.UserPin.UserPinPolicy",
    "Microsoft.Rtc.Management.WritableConfig.Policy.UserPin.UserPolicy",
])
.as_list();

/// The object.
pub(crate) fn object(policy: &Policy) -> Value {
    Object::new(&POLICY)
        .with("Identity", policy.identity.to_string())
        .with("Description", policy.description.as_deref())
        .with("MinPasswordLength", policy.min_password_length)
        .with("PINHistoryCount", policy.pin_history_count)
        .with("AllowCommonPatterns", policy.allow_common_patterns)
        .with("PINLifetime", policy.pin_lifetime_days)
        .with("MaximumLogonAttempts", policy.maximum_logon_attempts)
        .into()
}
