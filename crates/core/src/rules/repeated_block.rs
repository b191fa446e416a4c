//! R-PIN-3a, second half: no PIN that is one block said again (1212, 123123), because it is no
//! harder to guess than the block.

use super::PinFacts;

/// Whether the digits are one block two or more times.
pub(super) fn breaks(digits: &[u8], _: &PinFacts) -> bool {
    let length = digits.len();
    (1..=length / 2)
        .filter(|block| length.is_multiple_of(*block))
        .any(|block| {
            // A text has the period `block` exactly if it equals itself shifted by that much.
            digits
                .iter()
                .skip(block)
                .eq(digits.iter().take(length - block))
        })
}
