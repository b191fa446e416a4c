//! R-PIN: what a PIN may be. One file per rule, each with its reason.
//!
//! To add a rule: 1. a file here with one function from the digits (and what it needs) to `bool`;
//! 2. a variant of [`Violation`] with its code and its sentence; 3. a line in [`PATTERN_RULES`].

mod common;
mod consecutive;
mod facts;
mod length;
mod own_number;
mod repeated_block;
mod repeating;
mod space;
mod syntax;
mod violation;

pub use facts::PinFacts;
pub use space::{PinSpace, pin_space};
pub use violation::Violation;

use crate::pin::{MAX_DIGITS, Pin};
use crate::policy::Policy;

/// A rule of R-PIN-3: whether the digits (at least one, ASCII) break it.
type PatternRule = fn(&[u8], &PinFacts) -> bool;

/// All the rules of R-PIN-3, in the order in which they are reported.
const PATTERN_RULES: [(PatternRule, Violation); 6] = [
    (repeating::breaks, Violation::RepeatingDigits),
    (repeated_block::breaks, Violation::RepeatedBlock),
    (consecutive::breaks, Violation::ConsecutiveDigits),
    (own_number::is_extension, Violation::Extension),
    (own_number::is_in_phone_number, Violation::PhoneNumber),
    (common::breaks, Violation::CommonPin),
];

/// Judges a PIN that somebody chose; all violations together (R-PIN-4).
///
/// `candidate` is taken as it is: blanks are not trimmed, digits of other scripts are refused.
pub fn check_pin(
    candidate: &str,
    policy: &Policy,
    facts: &PinFacts,
) -> Result<Pin, Vec<Violation>> {
    let found = pin_violations(candidate, policy, facts);
    if !found.is_empty() {
        return Err(found);
    }
    Pin::parse(candidate).map_err(|_| vec![Violation::NotDigits])
}

/// All rules that a PIN would break under a policy; none: it would be taken.
pub fn pin_violations(candidate: &str, policy: &Policy, facts: &PinFacts) -> Vec<Violation> {
    let mut found = Vec::new();
    let digits = candidate.as_bytes();
    let syntax_holds = !syntax::breaks(digits);
    if !syntax_holds {
        found.push(Violation::NotDigits);
    }
    if length::is_too_long(candidate) {
        found.push(Violation::TooLong);
    }
    if length::is_too_short(candidate, policy) {
        found.push(Violation::TooShort {
            minimum: policy.min_password_length,
        });
    }
    // Patterns are sought in PINs only; the rules cost time in proportion to the length.
    if syntax_holds && (1..=MAX_DIGITS).contains(&digits.len()) && !policy.allow_common_patterns {
        found.extend(broken_patterns(digits, facts));
    }
    found
}

/// The rules of R-PIN-3 that the digits break.
fn broken_patterns(digits: &[u8], facts: &PinFacts) -> impl Iterator<Item = Violation> {
    PATTERN_RULES
        .into_iter()
        .filter(|(breaks, _)| breaks(digits, facts))
        .map(|(_, what)| what)
}

/// Whether any rule of R-PIN-3 is broken.
pub(crate) fn breaks_a_pattern_rule(digits: &[u8], facts: &PinFacts) -> bool {
    PATTERN_RULES
        .iter()
        .any(|(breaks, _)| breaks(digits, facts))
}

#[cfg(test)]
mod tests;
