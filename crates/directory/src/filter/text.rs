//! Values of conditions, folded when parsed so that comparing allocates nothing.

use std::cmp::Ordering;
use std::fmt;

use pinward_core::Dn;

/// One assertion value.
#[derive(Clone, Debug)]
pub(super) struct Text {
    raw: String,
    folded: String,
    number: Option<i64>,
    /// The comparison key, where the attribute holds distinguished names and this is one.
    dn: Option<String>,
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Text {}

impl Text {
    pub(super) fn new(raw: String) -> Text {
        let folded = fold_chars(&raw).collect();
        let number = raw.trim().parse().ok();
        Text {
            raw,
            folded,
            number,
            dn: None,
        }
    }

    pub(super) fn distinguished_name(raw: String) -> Text {
        let dn = Dn::parse(&raw).ok().map(|dn| dn.folded());
        Text {
            dn,
            ..Text::new(raw)
        }
    }

    /// Equality without regard to case and to blanks at either end.
    pub(super) fn equals(&self, value: &str) -> bool {
        let (ours, theirs) = (self.folded.trim(), value.trim());
        if ours.is_ascii() && theirs.is_ascii() {
            if ours.eq_ignore_ascii_case(theirs) {
                return true;
            }
        } else if ours.chars().eq(fold_chars(theirs)) {
            return true;
        }
        match &self.dn {
            // Names without anything special differ where their letters do: no need to read them.
            Some(_) if is_plain(&self.raw) && is_plain(value) && !self.resembles(value) => false,
            Some(ours) => Dn::parse(value).is_ok_and(|theirs| theirs.folded() == *ours),
            None => false,
        }
    }

    /// How an entry's value stands to this one: as numbers where both are, else as text.
    pub(super) fn order_of(&self, value: &str) -> Ordering {
        match (value.trim().parse::<i64>(), self.number) {
            (Ok(theirs), Some(ours)) => theirs.cmp(&ours),
            _ => fold_chars(value.trim()).cmp(self.folded.trim().chars()),
        }
    }

    /// Equality of letters and digits alone.
    pub(super) fn resembles(&self, value: &str) -> bool {
        let ours = self.folded.chars().filter(|c| c.is_alphanumeric());
        ours.eq(fold_chars(value).filter(|c| c.is_alphanumeric()))
    }
}

/// No escapes, quotations, parts of several values or numeric types in a distinguished name.
fn is_plain(dn: &str) -> bool {
    !dn.contains(['\\', '"', '+', '.'])
}

/// Whether `value` consists of the pieces in order, with anything between them.
pub(super) fn contains(
    value: &str,
    first: Option<&Text>,
    inner: &[Text],
    last: Option<&Text>,
) -> bool {
    let mut rest = fold_chars(value);
    if first.is_some_and(|piece| !take_prefix(&mut rest, &piece.folded)) {
        return false;
    }
    for piece in inner {
        loop {
            let mut probe = rest.clone();
            if take_prefix(&mut probe, &piece.folded) {
                rest = probe;
                break;
            }
            if rest.next().is_none() {
                return false;
            }
        }
    }
    let Some(piece) = last else { return true };
    let (have, need) = (rest.clone().count(), piece.folded.chars().count());
    have >= need && rest.skip(have - need).eq(piece.folded.chars())
}

fn take_prefix(rest: &mut impl Iterator<Item = char>, prefix: &str) -> bool {
    prefix.chars().all(|wanted| rest.next() == Some(wanted))
}

/// Lower case, character by character; both forms of the small sigma count as one, because
/// which of them `Σ` becomes depends on what follows.
fn fold_chars(text: &str) -> impl Iterator<Item = char> + Clone + '_ {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ς' { 'σ' } else { c })
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(&self.raw, f)
    }
}

/// Writes `value` so that it stands for itself within a filter (RFC 4515 section 3).
///
/// ```
/// assert_eq!(pinward_directory::filter::escape("Parens R Us (for all)*"),
///            r"Parens R Us \28for all\29\2a");
/// ```
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    // Writing to a string cannot fail.
    let _ = write_escaped(value, &mut escaped);
    escaped
}

fn write_escaped(value: &str, out: &mut impl fmt::Write) -> fmt::Result {
    let end = value.len();
    for (at, c) in value.char_indices() {
        let at_either_end = at == 0 || at + c.len_utf8() == end;
        // The bare characters RFC 4515 forbids, what would be invisible, and blanks that the
        // lenient forms would take for padding.
        let forbidden = matches!(c, '*' | '(' | ')' | '\\') || c.is_control();
        if forbidden || (at_either_end && c.is_whitespace()) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(out, "\\{byte:02x}")?;
            }
        } else {
            out.write_char(c)?;
        }
    }
    Ok(())
}
