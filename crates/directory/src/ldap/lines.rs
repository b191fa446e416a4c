//! From the telephone numbers of a directory to `tel:` URIs.

use pinward_core::{LineUri, TelUri};
use serde::Deserialize;

use crate::import::strip_scheme;

/// How numbers are written in full. Nothing set: as they stand.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Numbers {
    /// The country code of numbers without `+`, `49`.
    pub country_code: Option<String>,
    /// What such numbers begin with within the country, `0`; it is left away, as in `+49 (0)711`.
    pub national_prefix: Option<String>,
    /// What stands for `+`, `00`, which it is where there is a country code and nothing else is said.
    pub international_prefix: Option<String>,
    /// How many digits an extension has: numbers of up to as many are extensions, and the last so many
    /// of a longer number are its extension where nothing else tells it.
    pub extension_length: Option<u8>,
}

impl Numbers {
    /// The `tel:` URI of a number as people write it and an extension of its own; `None` where there
    /// is neither.
    pub(super) fn line(&self, phone: Option<&str>, extension: Option<&str>) -> Option<String> {
        let extension = extension
            .and_then(LineUri::parse)
            .and_then(|parsed| parsed.number)
            .filter(|digits| digits.len() <= 15);
        let (number, international, own) = match phone.and_then(|phone| self.number(phone)) {
            Some(found) => found,
            None => (extension.clone()?, false, None),
        };
        let is_extension = !international && Some(number.len()) <= self.length() && own.is_none();
        let extension = match own.or(extension) {
            Some(extension) => Some(extension),
            None if is_extension => Some(number.clone()),
            None => self
                .length()
                .and_then(|length| number.get(number.len().checked_sub(length)?..))
                .map(str::to_owned),
        };
        let uri = TelUri {
            number,
            international,
            extension: extension.filter(|digits| !digits.is_empty()),
        };
        TelUri::parse(&uri.to_string()).map(|uri| uri.to_string())
    }

    fn length(&self) -> Option<usize> {
        self.extension_length.map(usize::from)
    }

    /// The digits, whether they begin with a country code, and the extension written behind.
    fn number(&self, phone: &str) -> Option<(String, bool, Option<String>)> {
        let prefix = self.national_prefix.as_deref().unwrap_or_default();
        let plus = begins_with_plus(phone);
        let written = LineUri::parse(phone)?.number?;
        let short = Some(written.len()) <= self.length();
        let abroad = self.abroad();
        let abroad = abroad.filter(|abroad| !plus && !short && written.starts_with(abroad));
        let international = plus || abroad.is_some();
        let phone = match international && !prefix.is_empty() {
            true => phone.replacen(&format!("({prefix})"), "", 1),
            false => phone.to_owned(),
        };
        let parsed = LineUri::parse(&phone)?;
        let digits = parsed.number?;
        let digits = digits.strip_prefix(abroad.unwrap_or_default())?;
        match &self.country_code {
            Some(code) if !international && !short => {
                let national = digits.strip_prefix(prefix).unwrap_or(digits);
                Some((format!("{code}{national}"), true, parsed.extension))
            }
            _ => Some((digits.to_owned(), international, parsed.extension)),
        }
    }

    /// What stands for `+`.
    fn abroad(&self) -> Option<&str> {
        let usual = self.country_code.as_ref().map(|_| "00");
        self.international_prefix.as_deref().or(usual)
    }
}

/// Whether a number begins with `+`, also as `(+49)` or behind a scheme.
fn begins_with_plus(phone: &str) -> bool {
    let phone = phone.trim_start();
    let behind = strip_scheme(phone, "tel:").unwrap_or(phone);
    behind
        .trim_start_matches(|c: char| c.is_whitespace() || c == '(')
        .starts_with(['+', '\u{ff0b}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_full() {
        let german = Numbers {
            country_code: Some("49".to_owned()),
            national_prefix: Some("0".to_owned()),
            extension_length: Some(4),
            ..Numbers::default()
        };
        let american = Numbers {
            country_code: Some("1".to_owned()),
            international_prefix: Some("011".to_owned()),
            ..Numbers::default()
        };
        let plain = Numbers::default();
        for (rules, phone, extension, expected) in [
            (
                &german,
                "+49 711 123-4567",
                "",
                "tel:+497111234567;ext=4567",
            ),
            (
                &german,
                "+49 (0)711 1234567",
                "",
                "tel:+497111234567;ext=4567",
            ),
            (
                &german,
                "(+49) 711 123-4567",
                "",
                "tel:+497111234567;ext=4567",
            ),
            (
                &german,
                "( +49 ) (0)711 1234567",
                "",
                "tel:+497111234567;ext=4567",
            ),
            (
                &german,
                "tel:+497111234567",
                "",
                "tel:+497111234567;ext=4567",
            ),
            (
                &german,
                "TEL: +1 425 5551219;ext=12",
                "",
                "tel:+14255551219;ext=12",
            ),
            (&german, "tel:07111234567", "", "tel:+497111234567;ext=4567"),
            (&german, "0711/1234567", "", "tel:+497111234567;ext=4567"),
            (
                &german,
                "0711/1234567",
                "9999",
                "tel:+497111234567;ext=9999",
            ),
            (&german, "0711 123 ext. 12", "", "tel:+49711123;ext=12"),
            (&german, "4567", "", "tel:4567;ext=4567"),
            (&german, "0012", "", "tel:0012;ext=0012"),
            (
                &german,
                "0049 228 5551006",
                "",
                "tel:+492285551006;ext=1006",
            ),
            (
                &german,
                "0049 (0)228 5551006",
                "",
                "tel:+492285551006;ext=1006",
            ),
            (&german, "(00) 1 425 5551219", "7", "tel:+14255551219;ext=7"),
            (&american, "011 49 228 5551006", "", "tel:+492285551006"),
            (&american, "425 555 1219", "", "tel:+14255551219"),
            (&plain, "0049 228 5551006", "", "tel:00492285551006"),
            (&german, "", "4567", "tel:4567;ext=4567"),
            (
                &plain,
                "+1 (425) 555-1219",
                "51219",
                "tel:+14255551219;ext=51219",
            ),
            (&plain, "425 555 1219", "", "tel:4255551219"),
            (&plain, "ask the desk", "", ""),
            (&plain, "+123456789012345678", "", ""),
            (&german, "", "", ""),
        ] {
            let some = |text: &'static str| (!text.is_empty()).then_some(text);
            assert_eq!(
                rules.line(some(phone), some(extension)).as_deref(),
                some(expected),
                "{phone} {extension}"
            );
        }
    }
}
