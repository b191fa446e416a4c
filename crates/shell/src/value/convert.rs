//! Conversions between kinds of value, as PowerShell does them.

use std::fmt::Write as _;
use std::rc::Rc;

use super::{Number, Value, date};

/// A value that cannot become what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ConvertError {
    /// What is wrong, for people; names the value.
    pub reason: String,
}

impl ConvertError {
    /// With this reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        ConvertError {
            reason: reason.into(),
        }
    }
}

impl Value {
    /// As text: `$null` is empty, an array its elements with a blank between, a date
    /// `2026-01-31 14:05:09`.
    #[must_use]
    pub fn to_text(&self) -> Rc<str> {
        match self {
            Value::Str(s) => Rc::clone(s),
            Value::Number(n) => match n.typed() {
                Some(text) => Rc::clone(text),
                None => Rc::from(n.to_string()),
            },
            other => {
                let mut text = String::new();
                other.write_text(&mut text);
                Rc::from(text)
            }
        }
    }

    /// Appends the text of [`Value::to_text`].
    pub fn write_text(&self, out: &mut String) {
        match self {
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(' ');
                    }
                    item.write_flat(out);
                }
            }
            Value::Object(o) if o.desc().properties.is_empty() || o.is_selected() => {
                out.push_str("@{");
                for (i, p) in o.properties().iter().enumerate() {
                    if i > 0 {
                        out.push_str("; ");
                    }
                    out.push_str(&p.name);
                    out.push('=');
                    p.value.write_flat(out);
                }
                out.push('}');
            }
            other => other.write_flat(out),
        }
    }

    /// The text of a value inside another: containers show their type only, so that nothing
    /// recurses.
    fn write_flat(&self, out: &mut String) {
        match self {
            Value::Null => {}
            Value::Bool(b) => out.push_str(if *b { "True" } else { "False" }),
            Value::Number(n) => _ = write!(out, "{n}"),
            Value::Str(s) => out.push_str(s),
            Value::Date(d) => _ = write!(out, "{d}"),
            Value::Span(s) => out.push_str(&date::span_text(*s)),
            Value::Block(b) => out.push_str(&b.source),
            Value::Type(t) => out.push_str(t.as_str()),
            Value::Object(o) => match o.desc().text.and_then(|name| o.get(name)) {
                Some(Value::Str(text)) => out.push_str(&text),
                _ => out.push_str(&self.type_name()),
            },
            Value::Array(_) | Value::Hash(_) => out.push_str(&self.type_name()),
        }
    }

    /// Whether it counts as true: not `$null`, `$false`, zero, the empty text, or an array of none
    /// or of one such element.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(b) => *b,
            Value::Number(n) => !n.is_zero(),
            Value::Str(s) => !s.is_empty(),
            Value::Array(a) => match &a[..] {
                [] => false,
                // One level only, as PowerShell looks at the single element.
                [Value::Array(inner)] => !inner.is_empty(),
                [one] => one.is_true(),
                _ => true,
            },
            _ => true,
        }
    }

    /// As a number: `$null` is 0, a truth value 0 or 1, text what it spells.
    ///
    /// # Errors
    /// When it is not a number; the reason names the value.
    pub fn to_number(&self) -> Result<Number, ConvertError> {
        match self {
            Value::Null => Ok(Number::int(0)),
            Value::Bool(b) => Ok(Number::int((*b).into())),
            Value::Number(n) => Ok(n.without_text()),
            Value::Str(s) if s.trim().is_empty() => Ok(Number::int(0)),
            Value::Str(s) => Number::parse(s.trim())
                .ok_or_else(|| ConvertError::new(format!("\"{}\" is not a number", clip(s)))),
            other => Err(ConvertError::new(format!(
                "a value of type {} is not a number",
                other.type_name()
            ))),
        }
    }
}

/// `text` shortened for a message.
#[must_use]
pub(crate) fn clip(text: &str) -> String {
    const LONGEST: usize = 120;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain("…".chars()).collect()
}
