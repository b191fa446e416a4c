//! The one normalisation for comparing names.

/// Trims and lower-cases, so that two spellings of one name compare equal (R-ID-1, R-LOCK-13).
///
/// Each character is lowered by itself (and the Greek final sigma counts as sigma), so that the
/// result does not depend on what stands beside it and folding twice changes nothing.
/// Blanks inside are kept: "Ken  Myer" is not "Ken Myer". Letters that grow when raised stay apart:
/// "Weiß" is not "Weiss".
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .collect()
}
