//! Comparing values by PowerShell's rule: the left operand decides the kind of comparison.

use std::cmp::Ordering;
use std::rc::Rc;

use jiff::tz::TimeZone;

use super::{Date, Number, Value};

/// Two values that have no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot compare {left} with {right}")]
pub struct Incomparable {
    /// The type (or text) of the left operand.
    pub left: String,
    /// The type (or text) of the right operand.
    pub right: String,
}

/// Orders two texts as people do: `a` before `B` in any case. With `case`, texts that differ in
/// nothing else are not equal, and small letters come first.
fn text_order(a: &str, b: &str, case: bool) -> Ordering {
    match folded_order(a, b) {
        Ordering::Equal if case => b.cmp(a),
        order => order,
    }
}

fn folded_order(a: &str, b: &str) -> Ordering {
    let fold = |s: &'_ str| -> Vec<char> { s.chars().flat_map(char::to_lowercase).collect() };
    if a.is_ascii() && b.is_ascii() {
        let lower = |b: u8| b.to_ascii_lowercase();
        return a.bytes().map(lower).cmp(b.bytes().map(lower));
    }
    fold(a).cmp(&fold(b))
}

fn text_equal(a: &str, b: &str, case: bool) -> bool {
    a == b
        || (!case
            && if a.is_ascii() && b.is_ascii() {
                a.eq_ignore_ascii_case(b)
            } else {
                text_order(a, b, false) == Ordering::Equal
            })
}

/// `left -eq right` for single values (an array on the left is the caller's business: it filters).
/// Without regard to case unless `case`.
#[must_use]
pub fn equals(left: &Value, right: &Value, case: bool) -> bool {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => left.is_null() && right.is_null(),
        (Value::Str(a), Value::Str(b)) => text_equal(a, b, case),
        (Value::Str(a), _) => text_equal(a, &right.to_text(), case),
        (Value::Bool(a), _) => *a == right.is_true(),
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Number(a), _) => right.to_number().is_ok_and(|b| *a == b),
        (Value::Date(a), _) => as_date(right, a).is_some_and(|b| *a == b),
        (Value::Span(a), Value::Span(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
        (Value::Hash(a), Value::Hash(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::Block(a), Value::Block(b)) => Rc::ptr_eq(a, b),
        (Value::Type(a), Value::Type(b)) => a == b,
        (Value::Object(_), Value::Str(b)) => text_equal(&left.to_text(), b, case),
        _ => false,
    }
}

fn as_date(value: &Value, like: &Date) -> Option<Date> {
    match value {
        Value::Date(d) => Some(*d),
        Value::Str(s) => {
            let offset = like.civil().to_zoned(TimeZone::UTC).ok()?;
            let ahead = offset.timestamp().duration_since(like.timestamp());
            let at = Date::parse(s, &TimeZone::UTC)?;
            // Text without an offset is meant on the same clock as the date beside it.
            if s.ends_with(['Z', 'z']) || s.rfind(['+']).is_some() {
                return Some(at);
            }
            at.plus(-ahead)
        }
        _ => None,
    }
}

/// The order of two single values, the left deciding how; `Ok(None)` where there is none: an
/// absent date is neither before nor after another (a PIN that never expires has not expired), and
/// NaN has no order.
///
/// # Errors
/// When the two kinds cannot be compared.
pub fn order(left: &Value, right: &Value, case: bool) -> Result<Option<Ordering>, Incomparable> {
    let incomparable = || Incomparable {
        left: describe(left),
        right: describe(right),
    };
    match (left, right) {
        (Value::Null, Value::Null) => Ok(Some(Ordering::Equal)),
        (Value::Null, Value::Date(_)) | (Value::Date(_), Value::Null) => Ok(None),
        (Value::Null, Value::Number(n)) => Ok(Number::int(0).order(n)),
        (Value::Null, _) => Ok(Some(Ordering::Less)),
        (Value::Str(a), _) => Ok(Some(text_order(a, &right.to_text(), case))),
        (Value::Number(a), _) => {
            let b = right.to_number().map_err(|_| incomparable())?;
            Ok(a.order(&b))
        }
        (Value::Bool(a), _) => Ok(Some(a.cmp(&right.is_true()))),
        (Value::Date(a), _) => match as_date(right, a) {
            Some(b) => Ok(a.partial_cmp(&b)),
            None => Err(incomparable()),
        },
        (_, Value::Null) => Ok(Some(Ordering::Greater)),
        (Value::Span(a), Value::Span(b)) => Ok(Some(a.cmp(b))),
        _ => Err(incomparable()),
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Null => "$null".to_owned(),
        Value::Str(s) => format!("\"{}\"", super::convert::clip(s)),
        Value::Number(n) => n.to_string(),
        other => other.type_name(),
    }
}

/// A wildcard pattern: `*`, `?`, `[a-z]`, with a backtick before a character meant as itself.
/// Matching takes time in proportion to text × pattern, whatever they are.
pub struct Wildcard {
    parts: Vec<Part>,
    case: bool,
}

enum Part {
    Any,
    One,
    Char(char),
    Set(Vec<(char, char)>),
}

impl Wildcard {
    /// Reads a pattern. An unclosed `[` is a plain character.
    #[must_use]
    pub fn new(pattern: &str, case: bool) -> Self {
        let fold = |c: char| if case { c } else { lower(c) };
        let mut parts = Vec::new();
        let chars: Vec<char> = pattern.chars().collect();
        let mut i = 0;
        while let Some(&c) = chars.get(i) {
            i += 1;
            let part = match c {
                '*' if matches!(parts.last(), Some(Part::Any)) => continue,
                '*' => Part::Any,
                '?' => Part::One,
                '`' if i < chars.len() => {
                    i += 1;
                    Part::Char(fold(chars[i - 1]))
                }
                '[' => match chars[i..].iter().position(|c| *c == ']').filter(|n| *n > 0) {
                    Some(n) => {
                        let set = set(&chars[i..i + n], fold);
                        i += n + 1;
                        Part::Set(set)
                    }
                    None => Part::Char('['),
                },
                c => Part::Char(fold(c)),
            };
            parts.push(part);
        }
        Wildcard { parts, case }
    }

    /// Whether the pattern has any wildcard characters.
    #[must_use]
    pub fn has_wildcards(&self) -> bool {
        !self.parts.iter().all(|p| matches!(p, Part::Char(_)))
    }

    /// Whether all of `text` matches.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let fold = |c: char| if self.case { c } else { lower(c) };
        let text: Vec<char> = text.chars().map(fold).collect();
        let (mut t, mut p) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while t < text.len() {
            match self.parts.get(p) {
                Some(Part::Any) => {
                    retry = Some((p + 1, t));
                    p += 1;
                }
                Some(part) if part.accepts(text[t]) => {
                    t += 1;
                    p += 1;
                }
                _ => match retry {
                    Some((after, from)) => {
                        retry = Some((after, from + 1));
                        p = after;
                        t = from + 1;
                    }
                    None => return false,
                },
            }
        }
        self.parts[p.min(self.parts.len())..]
            .iter()
            .all(|part| matches!(part, Part::Any))
    }
}

impl Part {
    fn accepts(&self, c: char) -> bool {
        match self {
            Part::Any => false,
            Part::One => true,
            Part::Char(p) => *p == c,
            Part::Set(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)),
        }
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn set(chars: &[char], fold: impl Fn(char) -> char) -> Vec<(char, char)> {
    let mut ranges = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if i + 2 < chars.len() && chars[i + 1] == '-' {
            ranges.push((fold(chars[i]), fold(chars[i + 2])));
            i += 3;
        } else {
            ranges.push((fold(chars[i]), fold(chars[i])));
            i += 1;
        }
    }
    ranges
}
