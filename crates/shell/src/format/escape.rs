//! Making control characters visible, so that a name read from a directory cannot move the cursor,
//! change the title of the terminal or hide text.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character can do something to a terminal or to the order of text, other than appear.
fn acts(c: char) -> bool {
    c.is_control()
        // Line and paragraph separator, and everything that reverses the direction of text.
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

fn show(c: char, out: &mut String) {
    match c {
        '\0'..='\u{1f}' => {
            out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'));
        }
        '\u{7f}' => out.push('\u{2421}'),
        c => _ = write!(out, "<U+{:04X}>", u32::from(c)),
    }
}

fn guard(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|c| acts(c) && !keep(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if acts(c) && !keep(c) {
            show(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// The text of a table cell: one line; a tab is a blank, other control characters are shown as
/// their pictures (`␛`, `␊`) or code points.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    match guard(text, |c| c == '\t') {
        t if t.contains('\t') => Cow::Owned(t.replace('\t', " ")),
        t => t,
    }
}

/// A line of plain text: as [`cell`], but tabs stay.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    guard(text, |c| c == '\t')
}

/// The lines of a text; a line end is `\n` or `\r\n`.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l))
}
