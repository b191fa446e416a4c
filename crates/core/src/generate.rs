//! R-PIN-5: a PIN drawn uniformly from those that satisfy the rules.
//!
//! Rejection sampling: draw every digit uniformly, throw the whole PIN away when a rule refuses it.
//! What remains is uniform over the accepted set; repairing a refused PIN would not be.
//!
//! It cannot hang: the rules accept more than four in five PINs of every length (the tests measure the
//! short ones), so that [`MAX_CANDIDATES`] refusals in a row do not happen with sound randomness
//! (below 2⁻¹⁰⁰⁰) and mean that the source is broken. Then no PIN is given out at all.

use zeroize::{Zeroize, Zeroizing};

use crate::entropy::Entropy;
use crate::pin::{MAX_DIGITS, Pin};
use crate::policy::Policy;
use crate::rules::{PinFacts, breaks_a_pattern_rule};

/// Candidates drawn before the source of randomness is held to be broken.
const MAX_CANDIDATES: usize = 1000;

/// Bytes drawn for one candidate at a time: enough for 24 digits with some to spare.
const BYTES: usize = 32;

/// Why no PIN could be generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// The random bytes cannot be random: every candidate was refused.
    #[error(
        "no PIN was generated: the source of randomness gives no usable values; restart the \
         program, and check the system's random device if this persists"
    )]
    BrokenEntropy,
}

/// How many digits a generated PIN has: `MinPasswordLength`, at least 4, or the site's longer
/// default; never more than [`MAX_DIGITS`].
pub fn generated_length(policy: &Policy, longer_default: Option<u32>) -> usize {
    let wanted = policy
        .min_password_length
        .max(4)
        .max(longer_default.unwrap_or(0));
    usize::try_from(wanted).map_or(MAX_DIGITS, |length| length.min(MAX_DIGITS))
}

/// Draws a PIN uniformly from those of [`generated_length`] that satisfy R-PIN-1 to R-PIN-3.
///
/// R-PIN-3 holds even where the policy allows common patterns.
pub fn generate_pin(
    policy: &Policy,
    facts: &PinFacts,
    longer_default: Option<u32>,
    entropy: &dyn Entropy,
) -> Result<Pin, GenerateError> {
    let length = generated_length(policy, longer_default);
    let mut digits = Zeroizing::new([0u8; MAX_DIGITS]);
    let digits = digits.get_mut(..length).unwrap_or_default();
    let mut bytes = Zeroizing::new([0u8; BYTES]);
    for _ in 0..MAX_CANDIDATES {
        if !draw(digits, &mut bytes, entropy) || breaks_a_pattern_rule(digits, facts) {
            continue;
        }
        if let Ok(text) = std::str::from_utf8(digits)
            && let Ok(pin) = Pin::parse(text)
        {
            digits.zeroize();
            return Ok(pin);
        }
    }
    Err(GenerateError::BrokenEntropy)
}

/// Fills `digits` with uniform ASCII digits; `false` when too few of the bytes were usable.
fn draw(digits: &mut [u8], bytes: &mut [u8; BYTES], entropy: &dyn Entropy) -> bool {
    let mut left = digits.iter_mut();
    // 32 bytes give 24 digits nearly always; four fillings fail with sound randomness never.
    for _ in 0..4 {
        entropy.fill(bytes);
        // 250 is the largest multiple of ten in a byte: what lies above would favour 0 to 5.
        for byte in bytes.iter().filter(|byte| **byte < 250) {
            match left.next() {
                Some(digit) => *digit = b'0' + byte % 10,
                None => return true,
            }
        }
    }
    left.next().is_none()
}
