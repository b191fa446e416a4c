//! The format strings of dates: .NET's (`yyyy-MM-dd`) and Unix's (`%Y-%m-%d`).

use std::fmt::Write as _;

use crate::value::Date;

use super::Locale;
use super::json::iso;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(date: &Date) -> &'static str {
    usize::try_from(date.civil().month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .unwrap_or(&"")
}

fn day(date: &Date) -> String {
    date.civil().strftime("%A").to_string()
}

fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

fn twelve(hour: i8) -> i8 {
    if hour % 12 == 0 { 12 } else { hour % 12 }
}

/// The offset as `+01:00`.
fn offset(date: &Date) -> String {
    let iso = iso(date);
    if iso.ends_with('Z') {
        return "+00:00".to_owned();
    }
    iso.get(iso.len() - 6..).unwrap_or("+00:00").to_owned()
}

fn unknown(part: &str) -> String {
    format!(
        "the date format \"{}\" is not supported",
        super::cell::clip(part, 40)
    )
}

/// What a format of one letter stands for.
fn standard(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "MM/dd/yyyy",
        'D' => "dddd, MMMM d, yyyy",
        't' => "h:mm tt",
        'T' => "h:mm:ss tt",
        'f' => "dddd, MMMM d, yyyy h:mm tt",
        'F' | 'U' => "dddd, MMMM d, yyyy h:mm:ss tt",
        'g' => "MM/dd/yyyy h:mm tt",
        'G' => "MM/dd/yyyy h:mm:ss tt",
        's' => "yyyy-MM-dd'T'HH:mm:ss",
        'u' => "yyyy-MM-dd HH:mm:ss'Z'",
        'o' | 'O' => "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
        'r' | 'R' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        'm' | 'M' => "MMMM d",
        'y' | 'Y' => "MMMM yyyy",
        _ => return None,
    })
}

/// A date in a .NET format, custom or of one letter. What the letters `d`, `t`, `T`, `g` and `G`
/// stand for depends on the place.
///
/// # Errors
/// A sentence that names the part of the format that is not understood.
pub fn dotnet(date: &Date, format: &str, locale: Locale) -> Result<String, String> {
    let mut letters = format.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        if let Some(pattern) = locale.standard(letter) {
            return custom(date, &pattern);
        }
        let pattern = standard(letter).ok_or_else(|| unknown(format))?;
        // These are in universal time by definition.
        let date = match letter {
            'u' | 'U' | 'r' | 'R' => date.in_zone(&jiff::tz::TimeZone::UTC),
            _ => *date,
        };
        return custom(&date, pattern);
    }
    custom(date, format)
}

pub(super) fn custom(date: &Date, format: &str) -> Result<String, String> {
    let chars: Vec<char> = format.chars().collect();
    let mut out = String::new();
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        match c {
            '\'' | '"' => {
                let end = chars[i + 1..].iter().position(|&e| e == c);
                let end = end.ok_or_else(|| unknown(format))? + i + 1;
                out.extend(&chars[i + 1..end]);
                i = end + 1;
            }
            '\\' => {
                out.extend(chars.get(i + 1));
                i += 2;
            }
            '%' => i += 1,
            c if c.is_ascii_alphabetic() => {
                let count = chars[i..].iter().take_while(|&&d| d == c).count();
                part(date, c, count, &mut out)
                    .ok_or_else(|| unknown(&c.to_string().repeat(count)))?;
                i += count;
            }
            c => {
                out.push(c);
                i += 1;
            }
        }
    }
    Ok(out)
}

/// `count` times the letter `c`.
fn part(date: &Date, c: char, count: usize, out: &mut String) -> Option<()> {
    let civil = date.civil();
    let number = |out: &mut String, value: i64| _ = write!(out, "{value:00$}", count.min(2));
    match (c, count) {
        ('y', 1 | 2) => number(out, i64::from(civil.year()) % 100),
        ('y', _) => _ = write!(out, "{:0count$}", civil.year()),
        ('M', 1 | 2) => number(out, civil.month().into()),
        ('M', 3) => out.push_str(short(month(date))),
        ('M', _) => out.push_str(month(date)),
        ('d', 1 | 2) => number(out, civil.day().into()),
        ('d', 3) => out.push_str(short(&day(date))),
        ('d', _) => out.push_str(&day(date)),
        ('H', _) => number(out, civil.hour().into()),
        ('h', _) => number(out, twelve(civil.hour()).into()),
        ('m', _) => number(out, civil.minute().into()),
        ('s', _) => number(out, civil.second().into()),
        ('f' | 'F', 1..=7) => {
            let digits = format!("{:09}", civil.subsec_nanosecond());
            let digits = digits.get(..count)?;
            out.push_str(if c == 'F' {
                digits.trim_end_matches('0')
            } else {
                digits
            });
        }
        ('t', _) => {
            let half = if civil.hour() < 12 { "AM" } else { "PM" };
            out.push_str(if count == 1 { &half[..1] } else { half });
        }
        ('K', _) if iso(date).ends_with('Z') => out.push('Z'),
        ('K', _) | ('z', 3..) => out.push_str(&offset(date)),
        ('z', _) => out.push_str(offset(date).get(..3)?),
        ('g', _) => out.push_str("A.D."),
        _ => return None,
    }
    Some(())
}

/// A date in a Unix format, such as `%Y-%m-%d`.
///
/// # Errors
/// A sentence that names the part of the format that is not understood.
pub fn unix(date: &Date, format: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let letter = chars.next();
        let pattern = match letter {
            Some('%') => "'%'",
            Some('n') => "'\n'",
            Some('t') => "'\t'",
            Some('Y') => "yyyy",
            Some('y') => "yy",
            Some('m') => "MM",
            Some('d') => "dd",
            Some('e') => "%d",
            Some('H') => "HH",
            Some('I') => "hh",
            Some('M') => "mm",
            Some('S') => "ss",
            Some('p') => "tt",
            Some('A') => "dddd",
            Some('a') => "ddd",
            Some('B') => "MMMM",
            Some('b' | 'h') => "MMM",
            Some('Z') => "zzz",
            Some('F') => "yyyy-MM-dd",
            Some('T' | 'X') => "HH:mm:ss",
            Some('R') => "HH:mm",
            Some('D' | 'x') => "MM/dd/yy",
            Some('r') => "hh:mm:ss tt",
            Some('s') => {
                _ = write!(out, "{}", date.timestamp().as_second());
                continue;
            }
            Some('j') => {
                _ = write!(out, "{:03}", date.civil().day_of_year());
                continue;
            }
            other => {
                return Err(unknown(&format!(
                    "%{}",
                    other.map(String::from).unwrap_or_default()
                )));
            }
        };
        out.push_str(&custom(date, pattern)?);
    }
    Ok(out)
}
