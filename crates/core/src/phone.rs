//! R-AUTH-6, R-LOCK-13: telephone numbers, as directories write them and as people key them.

use crate::identity::{Lookup, parse_identity};

/// More digits than any number or extension has; what is longer is not one.
const MAX_NUMBER_DIGITS: usize = 32;

/// The number and extension of a line, "tel:+14255551219;ext=51219".
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct LineUri {
    /// Digits of the full number, without `+`.
    pub number: Option<String>,
    /// Digits of the extension.
    pub extension: Option<String>,
}

impl LineUri {
    /// Reads a `tel:` URI (any case, the scheme may be missing); other URI parameters are ignored.
    /// `None`: there is neither a number nor an extension.
    pub fn parse(text: &str) -> Option<LineUri> {
        let keyed = Keyed::parse(text)?;
        Some(LineUri {
            number: keyed.number,
            extension: keyed.extension,
        })
    }
}

/// What a caller keyed or a client sent (R-AUTH-6), as alternatives like [`parse_identity`].
///
/// Punctuation is ignored. Bare digits are an extension or a full number, both tried and united, so
/// that a clash is seen instead of guessed away; with `+` they are a full number. A number with an
/// extension must match in both. What is not a number is read as an identity. Digits of other
/// scripts do not make a number: they would be dropped or guessed. `None`: the text is empty, or has
/// a wildcard outside a distinguished name, which is for looking around and not for signing in.
pub fn parse_number(text: &str) -> Option<Vec<Vec<Lookup>>> {
    let Some(keyed) = Keyed::parse(text) else {
        let groups = parse_identity(text);
        let wild = |lookup: &Lookup| matches!(lookup, Lookup::DisplayPattern(_));
        let usable = !groups.is_empty() && !groups.iter().flatten().any(wild);
        return usable.then_some(groups);
    };
    let group = match (keyed.number, keyed.extension) {
        (Some(phone), Some(extension)) => vec![Lookup::PhoneAndExtension { phone, extension }],
        (Some(phone), None) if keyed.international => vec![Lookup::Phone(phone)],
        (Some(digits), None) => vec![Lookup::Extension(digits.clone()), Lookup::Phone(digits)],
        (None, Some(extension)) => vec![Lookup::Extension(extension)],
        (None, None) => return None,
    };
    Some(vec![group])
}

/// A number taken apart; at least one of the two is there.
struct Keyed {
    number: Option<String>,
    international: bool,
    extension: Option<String>,
}

impl Keyed {
    fn parse(text: &str) -> Option<Keyed> {
        let text = text.trim();
        let body = match text.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => text.get(4..)?,
            _ => text,
        };
        let (number, extension) = match body.split_once(';') {
            Some((number, parameters)) => (number, uri_extension(parameters)?),
            None => spoken_extension(body)?,
        };
        let number = number.trim_start_matches(is_punctuation);
        let after_plus = number.strip_prefix(['+', '\u{ff0b}']);
        let digits = digits(after_plus.unwrap_or(number))?;
        let keyed = Keyed {
            international: after_plus.is_some(),
            number: if digits.is_empty() {
                None
            } else {
                Some(digits)
            },
            extension,
        };
        if keyed.number.is_none() && (keyed.extension.is_none() || keyed.international) {
            return None;
        }
        Some(keyed)
    }
}

/// The `ext` among URI parameters; the outer `None` where it is there but not a number.
fn uri_extension(parameters: &str) -> Option<Option<String>> {
    for parameter in parameters.split(';') {
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("ext")
        {
            let value = digits(value)?;
            return if value.is_empty() {
                None
            } else {
                Some(Some(value))
            };
        }
    }
    Some(None)
}

/// Splits "… x51297", "… ext. 51297", "… extension 51297"; the outer `None` where letters stand
/// elsewhere.
fn spoken_extension(body: &str) -> Option<(&str, Option<String>)> {
    let Some(start) = body.find(|c: char| c.is_ascii_alphabetic()) else {
        return Some((body, None));
    };
    let (number, tail) = body.split_at(start);
    let word_end = tail
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(tail.len());
    let (word, rest) = tail.split_at(word_end);
    if !["x", "ext", "extn", "extension"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
    {
        return None;
    }
    let rest = rest.trim_start_matches(['.', ':', '=']);
    let extension = digits(rest)?;
    if extension.is_empty() {
        None
    } else {
        Some((number, Some(extension)))
    }
}

/// The digits of a text that holds nothing but digits and punctuation.
fn digits(text: &str) -> Option<String> {
    let mut found = String::with_capacity(text.len().min(MAX_NUMBER_DIGITS));
    for c in text.chars() {
        if c.is_ascii_digit() {
            if found.len() == MAX_NUMBER_DIGITS {
                return None;
            }
            found.push(c);
        } else if !is_punctuation(c) {
            return None;
        }
    }
    Some(found)
}

/// What people and programs put between digits: blanks (no-break ones too), dashes of all kinds,
/// parentheses, dots, slashes, and the invisible direction marks that come with copied numbers.
fn is_punctuation(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '(' | ')' | '.' | '/' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}'
        )
        || matches!(
            c,
            '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0e}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || c == '\u{feff}'
}
