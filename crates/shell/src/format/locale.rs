//! How people write dates and times where they live.
//!
//! Digits and separators only: names of months and days stay English, and dates are read as ISO 8601
//! or in the month-day-year order everywhere, so that a script means the same on every machine.

use super::dates;
use crate::value::Date;

/// How dates are shown to people. The default is that of no place in particular: ISO 8601.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Locale(Option<&'static Custom>);

/// The custom of a language in a country.
#[derive(Debug, PartialEq, Eq)]
struct Custom {
    /// Such as `de_at`; a language alone stands for its other countries.
    name: &'static str,
    /// A day, as a .NET format.
    day: &'static str,
    /// A time of the day with seconds.
    time: &'static str,
}

const TWELVE: &str = "h:mm:ss tt";
const PADDED: &str = "HH:mm:ss";
const PLAIN: &str = "H:mm:ss";

const fn custom(name: &'static str, day: &'static str, time: &'static str) -> Custom {
    Custom { name, day, time }
}

/// What the Common Locale Data Repository says of these.
const CUSTOMS: &[Custom] = &[
    custom("bg", "d.MM.yyyy", PADDED),
    custom("ca", "d/M/yyyy", PLAIN),
    custom("cs", "dd.MM.yyyy", PLAIN),
    custom("da", "dd.MM.yyyy", "HH.mm.ss"),
    custom("de", "dd.MM.yyyy", PADDED),
    custom("en", "M/d/yyyy", TWELVE),
    custom("en_au", "d/MM/yyyy", TWELVE),
    custom("en_ca", "yyyy-MM-dd", TWELVE),
    custom("en_gb", "dd/MM/yyyy", PADDED),
    custom("en_ie", "dd/MM/yyyy", PADDED),
    custom("en_in", "dd/MM/yyyy", TWELVE),
    custom("en_nz", "d/MM/yyyy", TWELVE),
    custom("en_za", "yyyy/MM/dd", PADDED),
    custom("es", "d/M/yyyy", PLAIN),
    custom("es_mx", "dd/MM/yyyy", PADDED),
    custom("es_us", "M/d/yyyy", TWELVE),
    custom("et", "dd.MM.yyyy", PADDED),
    custom("fi", "d.M.yyyy", "H.mm.ss"),
    custom("fr", "dd/MM/yyyy", PADDED),
    custom("fr_ca", "yyyy-MM-dd", PADDED),
    custom("fr_ch", "dd.MM.yyyy", PADDED),
    custom("hr", "dd. MM. yyyy.", PADDED),
    custom("hu", "yyyy. MM. dd.", PLAIN),
    custom("id", "dd/MM/yyyy", "HH.mm.ss"),
    custom("is", "d.M.yyyy", PADDED),
    custom("it", "dd/MM/yyyy", PADDED),
    custom("it_ch", "dd.MM.yyyy", PADDED),
    custom("ja", "yyyy/MM/dd", PLAIN),
    custom("lt", "yyyy-MM-dd", PADDED),
    custom("lv", "dd.MM.yyyy", PADDED),
    custom("nb", "dd.MM.yyyy", PADDED),
    custom("nl", "dd-MM-yyyy", PADDED),
    custom("nl_be", "d/MM/yyyy", PADDED),
    custom("nn", "dd.MM.yyyy", PADDED),
    custom("no", "dd.MM.yyyy", PADDED),
    custom("pl", "dd.MM.yyyy", PADDED),
    custom("pt", "dd/MM/yyyy", PADDED),
    custom("ro", "dd.MM.yyyy", PADDED),
    custom("ru", "dd.MM.yyyy", PADDED),
    custom("sk", "d. M. yyyy", PLAIN),
    custom("sl", "d. MM. yyyy", PADDED),
    custom("sv", "yyyy-MM-dd", PADDED),
    custom("tr", "d.MM.yyyy", PADDED),
    custom("uk", "dd.MM.yyyy", PADDED),
    custom("vi", "dd/MM/yyyy", PADDED),
    custom("zh", "yyyy/M/d", PADDED),
];

/// The names that are known.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    CUSTOMS.iter().map(|custom| custom.name)
}

impl Locale {
    /// ISO 8601: `2026-11-21 21:45:00`.
    pub const ISO: Locale = Locale(None);

    /// The locale of a name such as `de_DE.UTF-8`, `de-AT` or `fr_FR@euro`; ISO 8601 for `C`,
    /// `POSIX` and what is not known.
    #[must_use]
    pub fn named(name: &str) -> Locale {
        let name = name.split(['.', '@']).next().unwrap_or_default();
        let name = name.trim().replace('-', "_").to_ascii_lowercase();
        let language = name.split('_').next().unwrap_or_default();
        let find = |name: &str| CUSTOMS.iter().find(|custom| custom.name == name);
        Locale(find(&name).or_else(|| find(language)))
    }

    /// A point in time, with seconds, on the clock where it is shown.
    #[must_use]
    pub fn show(self, date: &Date) -> String {
        let Some(custom) = self.0 else {
            return date.to_string();
        };
        let format = format!("{} {}", custom.day, custom.time);
        dates::custom(date, &format).unwrap_or_else(|_| date.to_string())
    }

    /// The format that a letter stands for here, where it does not mean the same everywhere.
    pub(super) fn standard(self, letter: char) -> Option<String> {
        let Custom { day, time, .. } = self.0?;
        let short = time.replace(":ss", "").replace(".ss", "");
        Some(match letter {
            'd' => (*day).to_owned(),
            't' => short,
            'T' => (*time).to_owned(),
            'g' => format!("{day} {short}"),
            'G' => format!("{day} {time}"),
            _ => return None,
        })
    }
}
