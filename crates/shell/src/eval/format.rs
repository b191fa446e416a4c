//! `-f`: filling values into a text, as .NET's composite formatting does.

use std::fmt::Write as _;

use super::runtime::Runtime;
use crate::ast::At;
use crate::command::Stop;
use crate::error::Category;
use crate::format::Locale;
use crate::value::{Number, NumberKind, Value};

/// The widest field and the most decimals.
const WIDEST: usize = 1000;

impl Runtime {
    pub(super) fn format(
        &mut self,
        template: &Value,
        values: &Value,
        at: At,
    ) -> Result<Value, Stop> {
        let wrong = |rt: &Self, message: &str| {
            rt.fault(
                at,
                "FormatTemplate",
                Category::InvalidArgument,
                message.to_owned(),
            )
        };
        let template = template.to_text();
        let locale = self.host.locale();
        let values: &[Value] = match values {
            Value::Array(items) => items,
            one => std::slice::from_ref(one),
        };
        let mut out = String::new();
        let mut rest = &*template;
        while let Some(place) = rest.find(['{', '}']) {
            self.step(1)?;
            out.push_str(&rest[..place]);
            self.check_text(out.len())?;
            let brace = &rest[place..=place];
            rest = &rest[place + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                out.push_str(brace);
                rest = after;
                continue;
            }
            let end = match rest.find('}') {
                Some(end) if brace == "{" => end,
                _ => return Err(wrong(self, "a brace in the template of -f has no partner")),
            };
            let field = Field::parse(&rest[..end])
                .ok_or_else(|| wrong(self, "a field of -f looks like {0}, {0,8} or {0:N2}"))?;
            let value = values.get(field.index).ok_or_else(|| {
                wrong(
                    self,
                    "the template of -f has a field for which there is no value",
                )
            })?;
            field
                .write(value, locale, &mut out)
                .map_err(|e| wrong(self, &e))?;
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        self.made_text(out)
    }
}

struct Field<'a> {
    index: usize,
    width: usize,
    left: bool,
    format: &'a str,
}

impl Field<'_> {
    fn parse(text: &str) -> Option<Field<'_>> {
        let (place, format) = text.split_once(':').unwrap_or((text, ""));
        let (index, width) = place.split_once(',').unwrap_or((place, "0"));
        let width: i32 = width.trim().parse().ok()?;
        let cells = usize::try_from(width.unsigned_abs())
            .ok()
            .filter(|w| *w <= WIDEST)?;
        Some(Field {
            index: index.trim().parse().ok()?,
            width: cells,
            left: width < 0,
            format,
        })
    }

    fn write(&self, value: &Value, locale: Locale, out: &mut String) -> Result<(), String> {
        let text = formatted(value, self.format, locale)?;
        let blanks = self.width.saturating_sub(text.chars().count());
        if self.left {
            out.push_str(&text);
            out.extend(std::iter::repeat_n(' ', blanks));
        } else {
            out.extend(std::iter::repeat_n(' ', blanks));
            out.push_str(&text);
        }
        Ok(())
    }
}

/// A value in a format such as `N2`, `D5`, `P0`, `X` or `yyyy-MM-dd`.
pub(super) fn formatted(value: &Value, format: &str, locale: Locale) -> Result<String, String> {
    if format.is_empty() {
        return Ok(value.to_text().to_string());
    }
    match value {
        Value::Number(number) => number_format(number, format),
        Value::Date(date) => crate::format::dates::dotnet(date, format, locale),
        other => Ok(other.to_text().to_string()),
    }
}

fn number_format(number: &Number, format: &str) -> Result<String, String> {
    let unknown = || {
        format!(
            "the number format \"{}\" is not supported",
            crate::value::clip(format)
        )
    };
    let kind = format.chars().next().ok_or_else(unknown)?;
    let digits = format[kind.len_utf8()..].trim();
    if !digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() > 3 {
        return Err(unknown());
    }
    let digits: Option<usize> = digits.parse().ok();
    let decimals = digits.unwrap_or(2).min(99);
    match kind {
        'n' | 'N' => Ok(grouped(&format!("{:.decimals$}", number.as_f64()))),
        'f' | 'F' => Ok(format!("{:.decimals$}", number.as_f64())),
        'p' | 'P' => Ok(format!(
            "{}%",
            grouped(&format!("{:.decimals$}", number.as_f64() * 100.0))
        )),
        'd' | 'D' | 'x' | 'X' => {
            let NumberKind::Int(whole) = number.kind() else {
                return Err(format!("the number format \"{kind}\" is for whole numbers"));
            };
            let width = digits.unwrap_or(0).min(WIDEST);
            let mut text = String::new();
            let written = match kind {
                'x' => write!(text, "{whole:0width$x}"),
                'X' => write!(text, "{whole:0width$X}"),
                _ if whole < 0 => write!(text, "-{:0width$}", whole.unsigned_abs()),
                _ => write!(text, "{whole:0width$}"),
            };
            written.map_err(|_| unknown())?;
            Ok(text)
        }
        'g' | 'G' => Ok(number.to_string()),
        _ => Err(unknown()),
    }
}

/// A comma between each three digits.
fn grouped(text: &str) -> String {
    let (sign, text) = text
        .strip_prefix('-')
        .map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}
