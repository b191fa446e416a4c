//! The same read from either end (4774, 12321, 123321): half of it says the rest.

/// Whether the digits are a palindrome.
pub(in crate::rules) fn is_habit(digits: &[u8]) -> bool {
    digits.iter().eq(digits.iter().rev())
}
