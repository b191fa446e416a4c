//! What of a line may be shown or kept.

use crate::ast::At;
use crate::error::Position;

/// `text` with every run of 4 to 24 digits masked, so that no PIN is repeated in an error.
#[must_use]
pub fn mask_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let settle = |run: &mut String, out: &mut String| {
        if (4..=24).contains(&run.chars().count()) {
            out.extend(std::iter::repeat_n('*', run.chars().count()));
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if c.is_numeric() {
            run.push(c);
        } else {
            settle(&mut run, &mut out);
            out.push(c);
        }
    }
    settle(&mut run, &mut out);
    out
}

/// The line and column of a place in a script, with the line masked and shortened.
pub(crate) fn position(script: &str, at: At) -> Position {
    const LONGEST: usize = 160;
    let mut at = (at as usize).min(script.len());
    while !script.is_char_boundary(at) {
        at -= 1;
    }
    let start = script[..at].rfind('\n').map_or(0, |i| i + 1);
    let line = script[start..].lines().next().unwrap_or_default();
    let text: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Position {
        line: script[..at].matches('\n').count() + 1,
        column: script[start..at].chars().count() + 1,
        text: mask_digits(&text).chars().take(LONGEST).collect(),
    }
}
