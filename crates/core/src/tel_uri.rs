//! `tel:` URIs as they are given by administrators: one form, nothing guessed.

use std::fmt;

/// The most digits of an international number (E.164) and of an extension.
const MOST_DIGITS: usize = 15;

/// A `tel:` URI: `tel:+14255551219`, with `;ext=51219` where there is an extension.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TelUri {
    /// Digits of the number, without `+`.
    pub number: String,
    /// Whether the number begins with `+`, and so with a country code.
    pub international: bool,
    /// Digits of the extension.
    pub extension: Option<String>,
}

impl TelUri {
    /// Reads `tel:`, an optional `+`, digits, and an optional `;ext=` with digits, in any case.
    /// Nothing else may stand anywhere: what directories and people write is read by
    /// [`crate::LineUri`] and [`crate::parse_number`].
    pub fn parse(text: &str) -> Option<TelUri> {
        let text = text.trim();
        let scheme = text.get(..4)?;
        let rest = text.get(4..)?;
        if !scheme.eq_ignore_ascii_case("tel:") {
            return None;
        }
        let (number, extension) = match rest.split_once(';') {
            Some((number, parameter)) => (number, Some(parameter)),
            None => (rest, None),
        };
        let extension = match extension {
            None => None,
            Some(parameter) => {
                let (name, digits) = parameter.split_once('=')?;
                Some(digits_of(digits).filter(|_| name.eq_ignore_ascii_case("ext"))?)
            }
        };
        let (international, number) = match number.strip_prefix('+') {
            Some(number) => (true, number),
            None => (false, number),
        };
        Some(TelUri {
            number: digits_of(number)?,
            international,
            extension,
        })
    }
}

impl fmt::Display for TelUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plus = if self.international { "+" } else { "" };
        write!(f, "tel:{plus}{}", self.number)?;
        match &self.extension {
            Some(extension) => write!(f, ";ext={extension}"),
            None => Ok(()),
        }
    }
}

fn digits_of(text: &str) -> Option<String> {
    let plain = !text.is_empty()
        && text.len() <= MOST_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.to_owned())
}
