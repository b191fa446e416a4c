//! The text of one value in a table or list, and cutting text by terminal cells.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{ELEMENTS_SHOWN, Locale};
use crate::value::Value;

/// The mark of a text that was cut.
pub const ELLIPSIS: &str = "…";

/// The width of a text in terminal cells.
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// What a value looks like in a cell: `$null` is empty, a date as people there write it, an array `{a, b, c, d…}`, a hash table its
/// entries, an object its short text. Line ends and control characters are still in it.
#[must_use]
pub fn text(value: &Value, locale: Locale) -> String {
    match value {
        Value::Array(items) => {
            let mut out = String::from("{");
            for (i, item) in items.iter().take(ELEMENTS_SHOWN).enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                element(item, locale, &mut out);
            }
            close(&mut out, items.len())
        }
        Value::Hash(hash) => {
            let mut out = String::from("{");
            for (i, (key, value)) in hash.pairs().iter().take(ELEMENTS_SHOWN).enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push('[');
                out.push_str(key);
                out.push_str(", ");
                element(value, locale, &mut out);
                out.push(']');
            }
            close(&mut out, hash.len())
        }
        Value::Date(date) => locale.show(date),
        other => other.to_text().to_string(),
    }
}

fn close(out: &mut String, count: usize) -> String {
    if count > ELEMENTS_SHOWN {
        out.push_str(ELLIPSIS);
    }
    out.push('}');
    std::mem::take(out)
}

/// A value inside another; containers show their type only, so that nothing recurses.
fn element(value: &Value, locale: Locale, out: &mut String) {
    match value {
        Value::Array(_) | Value::Hash(_) => out.push_str(&value.type_name()),
        Value::Date(date) => out.push_str(&locale.show(date)),
        other => other.write_text(out),
    }
}

/// Whether values like this one are aligned to the right.
#[must_use]
pub fn is_right(value: &Value) -> bool {
    matches!(value, Value::Number(_))
}

/// The longest start of `text` that is at most `cells` wide, and the rest.
#[must_use]
pub fn split_at(text: &str, cells: usize) -> (&str, &str) {
    let mut used = 0;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > cells {
            end = at;
            break;
        }
    }
    // Sequences can be wider than their characters (a digit made an emoji).
    while width(&text[..end]) > cells {
        end = text[..end]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
    }
    text.split_at(end)
}

/// `text` if it fits into `cells`, else its start and an ellipsis.
#[must_use]
pub fn clip(text: &str, cells: usize) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    match cells {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}{ELLIPSIS}", split_at(text, cells - 1).0)),
    }
}

/// `text` in pieces at most `cells` wide, at least one; between words where there is a blank.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let (piece, after) = split_at(rest, cells);
        if after.is_empty() || piece.is_empty() {
            // A character wider than the column stands on its own rather than never.
            pieces.push(rest);
            return pieces;
        }
        // The blank at which a line is broken is in neither piece.
        if let Some(after) = after.strip_prefix(' ') {
            pieces.push(piece);
            rest = after;
        } else if let Some((words, _)) = piece.rsplit_once(' ')
            && !words.trim().is_empty()
        {
            pieces.push(words);
            rest = &rest[words.len() + 1..];
        } else {
            pieces.push(piece);
            rest = after;
        }
    }
}

/// Appends `text` filled up with blanks to `cells`.
pub fn pad(text: &str, cells: usize, right: bool, out: &mut String) {
    let fill = cells.saturating_sub(width(text));
    if right {
        out.extend(std::iter::repeat_n(' ', fill));
    }
    out.push_str(text);
    if !right {
        out.extend(std::iter::repeat_n(' ', fill));
    }
}
