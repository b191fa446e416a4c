//! Reading the values that entries carry as text.

use jiff::{Timestamp, civil};
use pinward_core::LineUri;

/// `tel:+14255551219;ext=51219` from a line as it stands, else from a phone number (its digits, with
/// the `+` it may begin with; an extension may stand behind it) and an extension.
///
/// # Errors
/// The line, where it is neither a number nor an extension. Phone numbers are free text in
/// directories: one that is no number counts as absent.
pub(crate) fn line_uri<'a>(
    line: Option<&'a str>,
    phone: Option<&str>,
    extension: Option<&str>,
) -> Result<Option<String>, &'a str> {
    if let Some(line) = line {
        let parsed = LineUri::parse(line).ok_or(line)?;
        return Ok(match strip_scheme(line, "tel:") {
            Some(rest) => Some(format!("tel:{rest}")),
            None => write_line(line, parsed),
        });
    }
    let own_extension = extension
        .and_then(LineUri::parse)
        .and_then(|parsed| parsed.number);
    let Some((phone, mut parsed)) = phone.and_then(|phone| Some((phone, LineUri::parse(phone)?)))
    else {
        let extension = own_extension.map(|digits| format!("tel:{digits};ext={digits}"));
        return Ok(extension);
    };
    parsed.extension = parsed.extension.or(own_extension);
    Ok(write_line(phone, parsed))
}

fn write_line(written: &str, parsed: LineUri) -> Option<String> {
    let plus = if written.trim_start().starts_with('+') {
        "+"
    } else {
        ""
    };
    match (parsed.number, parsed.extension) {
        (Some(number), None) => Some(format!("tel:{plus}{number}")),
        (Some(number), Some(extension)) => Some(format!("tel:{plus}{number};ext={extension}")),
        (None, Some(extension)) => Some(format!("tel:{extension};ext={extension}")),
        (None, None) => None,
    }
}

/// `sip:` in front, whatever the case it was written in.
pub(crate) fn sip(address: &str) -> Option<String> {
    let address = strip_scheme(address, "sip:").unwrap_or(address).trim();
    let unusable = |c: char| c.is_whitespace() || c.is_control();
    (address.contains('@') && !address.contains(unusable)).then(|| format!("sip:{address}"))
}

/// What follows the scheme, which may be written in any case.
pub(crate) fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let start = text.get(..scheme.len())?;
    start
        .eq_ignore_ascii_case(scheme)
        .then(|| &text[scheme.len()..])
}

/// `true`, `yes`, `1` and their opposites, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Generalized time (`20120326101112.0Z`, taken as UTC) or RFC 3339. What is neither, such as a
/// date in the language of a country, is nobody's loss: `None`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let time = match text
        .get(..14)
        .filter(|start| start.bytes().all(|b| b.is_ascii_digit()))
    {
        Some(digits) => {
            let part = |from: usize, to: usize| digits[from..to].parse::<i8>().ok();
            let year = digits[..4].parse().ok()?;
            let date = civil::Date::new(year, part(4, 6)?, part(6, 8)?).ok()?;
            let clock = civil::Time::new(part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()?;
            date.to_datetime(clock)
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?
                .timestamp()
        }
        None => text.parse().ok()?,
    };
    Timestamp::from_millisecond(time.as_millisecond()).ok()
}

/// The values of the `DC=` parts of a distinguished name, in order.
pub(super) fn domain_parts(dn: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = dn.chars();
    let mut quoted = false;
    while let Some(c) = characters.next() {
        let Some(part) = parts.last_mut() else { break };
        match c {
            '\\' => {
                part.push(c);
                part.extend(characters.next());
            }
            ',' | ';' if !quoted => parts.push(String::new()),
            _ => {
                quoted ^= c == '"';
                part.push(c);
            }
        }
    }
    let value = |part: String| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim();
        (name.trim().eq_ignore_ascii_case("dc") && !value.is_empty()).then(|| value.to_owned())
    };
    parts.into_iter().filter_map(value).collect()
}

/// Escapes a value for use in a distinguished name (RFC 4514 section 2.4).
pub(crate) fn escape_dn(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        let special = matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=');
        let at_end = (c == ' ' && (at == 0 || at == last)) || (c == '#' && at == 0);
        match c {
            '\0' => escaped.push_str("\\00"),
            _ if special || at_end => escaped.extend(['\\', c]),
            _ => escaped.push(c),
        }
    }
    escaped
}
