//! R-PIN-1, R-PIN-2: at most 24 digits, because that is what every door can carry; at least as many
//! as the policy asks, because each digit makes guessing ten times harder.

use crate::pin::MAX_DIGITS;
use crate::policy::Policy;

/// More than 24 characters. What comes after the 25th is not even counted.
pub(super) fn is_too_long(text: &str) -> bool {
    text.chars().nth(MAX_DIGITS).is_some()
}

/// Fewer characters than the policy asks; nothing at all is always too short.
pub(super) fn is_too_short(text: &str, policy: &Policy) -> bool {
    let minimum = usize::try_from(policy.min_password_length)
        .unwrap_or(MAX_DIGITS)
        .max(1);
    text.chars().nth(minimum - 1).is_none()
}
