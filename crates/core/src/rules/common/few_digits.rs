//! At most two different digits (1110, 01100): quickly keyed and easily remembered, and so few that
//! an attacker can go through all of them.

/// Whether there are one or two different digits.
pub(in crate::rules) fn is_habit(digits: &[u8]) -> bool {
    let seen = digits
        .iter()
        .fold(0u16, |seen, digit| seen | 1 << (digit & 0x0f));
    seen.count_ones() <= 2
}
