//! R-PIN-1: digits 0–9 only. A telephone keypad can send nothing else; digits of other scripts
//! look alike on paper but are not keys.

/// Whether there is anything but ASCII digits. Nothing at all is too short, not wrong.
pub(super) fn breaks(text: &[u8]) -> bool {
    !text.iter().all(u8::is_ascii_digit)
}
