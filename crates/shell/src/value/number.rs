//! Numbers, which remember how they were typed.

use std::cmp::Ordering;
use std::rc::Rc;

/// The two kinds of number there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NumberKind {
    /// A whole number.
    Int(i64),
    /// A binary floating point number.
    Float(f64),
}

/// A number; one typed as an argument keeps its text, so that `0712` is still `0712` where text
/// is wanted.
#[derive(Clone, Debug)]
pub struct Number {
    kind: NumberKind,
    text: Option<Rc<str>>,
}

impl Number {
    /// A whole number.
    #[must_use]
    pub fn int(value: i64) -> Self {
        Number {
            kind: NumberKind::Int(value),
            text: None,
        }
    }

    /// A floating point number.
    #[must_use]
    pub fn float(value: f64) -> Self {
        Number {
            kind: NumberKind::Float(value),
            text: None,
        }
    }

    /// The same number, remembering the text it was typed as.
    #[must_use]
    pub fn typed_as(mut self, text: &str) -> Self {
        self.text = Some(Rc::from(text));
        self
    }

    /// The number without the text it was typed as.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Number {
            kind: self.kind,
            text: None,
        }
    }

    /// The text it was typed as, if it remembers.
    #[must_use]
    pub fn typed(&self) -> Option<&Rc<str>> {
        self.text.as_ref()
    }

    /// Its kind and value.
    #[must_use]
    pub fn kind(&self) -> NumberKind {
        self.kind
    }

    /// As a floating point number, rounded where it must be.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "that is what the conversion means"
    )]
    pub fn as_f64(&self) -> f64 {
        match self.kind {
            NumberKind::Int(i) => i as f64,
            NumberKind::Float(f) => f,
        }
    }

    /// As a whole number, rounded half to even as PowerShell does; `None` where it does not fit.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked first"
    )]
    pub fn as_i64(&self) -> Option<i64> {
        match self.kind {
            NumberKind::Int(i) => Some(i),
            NumberKind::Float(f) => {
                let rounded = f.round_ties_even();
                (-9.223_372_036_854_775e18..=9.223_372_036_854_775e18)
                    .contains(&rounded)
                    .then_some(rounded as i64)
            }
        }
    }

    /// As a whole number that is not negative; exact up to 2^64-1 where it remembers its text.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self.as_i64() {
            Some(i) => u64::try_from(i).ok(),
            None => self.text.as_ref()?.trim().parse().ok(),
        }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match self.kind {
            NumberKind::Int(i) => i == 0,
            NumberKind::Float(f) => f == 0.0,
        }
    }

    /// Order by value; `None` with a NaN.
    #[must_use]
    pub fn order(&self, other: &Number) -> Option<Ordering> {
        match (self.kind, other.kind) {
            (NumberKind::Int(a), NumberKind::Int(b)) => Some(a.cmp(&b)),
            _ => self.as_f64().partial_cmp(&other.as_f64()),
        }
    }

    /// The name PowerShell would give its type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            NumberKind::Int(i) if i32::try_from(i).is_ok() => "System.Int32",
            NumberKind::Int(_) => "System.Int64",
            NumberKind::Float(_) => "System.Double",
        }
    }

    /// Reads a number as the language writes it: decimal, hexadecimal (`0x1F`), with a fraction or
    /// exponent, with a `kb` to `pb` suffix. `None` if the text is not wholly a number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Number> {
        let (sign, body) = match text.as_bytes().first()? {
            b'-' => (-1, &text[1..]),
            b'+' => (1, &text[1..]),
            _ => (1, text),
        };
        let lower = body.to_ascii_lowercase();
        if let Some(hex) = lower.strip_prefix("0x") {
            if hex.is_empty() || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            return i64::from_str_radix(hex, 16)
                .ok()
                .map(|v| Number::int(v * sign));
        }
        let (digits, factor) = multiplier(&lower);
        let digits = digits.strip_suffix(['l', 'd']).unwrap_or(digits);
        if !is_decimal(digits) {
            return None;
        }
        let whole = digits.bytes().all(|b| b.is_ascii_digit());
        if whole
            && let Ok(value) = digits.parse::<i64>()
            && let Some(value) = value.checked_mul(factor).and_then(|v| v.checked_mul(sign))
        {
            return Some(Number::int(value));
        }
        #[expect(clippy::cast_precision_loss, reason = "a floating point literal")]
        let value = digits.parse::<f64>().ok()? * factor as f64 * sign as f64;
        value.is_finite().then(|| Number::float(value))
    }
}

fn multiplier(text: &str) -> (&str, i64) {
    for (suffix, shift) in [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("pb", 50)] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest, 1 << shift);
        }
    }
    (text, 1)
}

/// `1`, `1.5`, `.5`, `1.`, `1e3`, `1.5e-3`.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once('e') {
        Some((m, e)) => (m, Some(e)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    (!whole.is_empty() || !fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_ok
}

/// The number as text: the text it was typed as, else the shortest form.
impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        match self.kind {
            NumberKind::Int(i) => write!(f, "{i}"),
            NumberKind::Float(v) if v.is_nan() => f.write_str("NaN"),
            NumberKind::Float(v) if v.is_infinite() => {
                f.write_str(if v > 0.0 { "Infinity" } else { "-Infinity" })
            }
            NumberKind::Float(v) if v != 0.0 && !(1e-5..1e15).contains(&v.abs()) => {
                let text = format!("{v:E}");
                match text.split_once('E') {
                    Some((m, e)) if !e.starts_with('-') => write!(f, "{m}E+{e:0>2}"),
                    Some((m, e)) => write!(f, "{m}E-{:0>2}", &e[1..]),
                    None => f.write_str(&text),
                }
            }
            NumberKind::Float(v) => write!(f, "{v}"),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.order(other) == Some(Ordering::Equal)
    }
}

macro_rules! small {
    ($($t:ty),*) => {$(
        impl From<$t> for Number {
            fn from(value: $t) -> Self {
                Number::int(i64::from(value))
            }
        }
    )*};
}
small!(i32, i64, u16, u32);

impl From<u64> for Number {
    #[expect(clippy::cast_precision_loss, reason = "the text keeps the exact value")]
    fn from(value: u64) -> Self {
        match i64::try_from(value) {
            Ok(v) => Number::int(v),
            Err(_) => Number::float(value as f64).typed_as(&value.to_string()),
        }
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::from(value as u64)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Number::float(value)
    }
}
