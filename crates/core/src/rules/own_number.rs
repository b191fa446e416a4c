//! R-PIN-3c: no PIN out of the user's own number, because the caller's number is what an attacker
//! has before anything else.

use super::PinFacts;

/// Whether the PIN is the user's extension.
pub(super) fn is_extension(digits: &[u8], facts: &PinFacts) -> bool {
    facts
        .extension
        .as_deref()
        .is_some_and(|extension| extension.as_bytes() == digits)
}

/// Whether the PIN is a contiguous part of the user's phone number.
pub(super) fn is_in_phone_number(digits: &[u8], facts: &PinFacts) -> bool {
    !digits.is_empty()
        && facts.phone_digits.as_deref().is_some_and(|phone| {
            phone
                .as_bytes()
                .windows(digits.len())
                .any(|part| part == digits)
        })
}
