//! R-PIN-3a, first half: no PIN made of repeating digits alone (222222, 225577, 11223344), because
//! people who choose by rhythm choose these first and attackers know it.

use super::PinFacts;

/// Whether every digit stands in a run of two or more equal ones.
pub(super) fn breaks(digits: &[u8], _: &PinFacts) -> bool {
    digits.chunk_by(|a, b| a == b).all(|run| run.len() >= 2)
}
