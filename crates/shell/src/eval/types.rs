//! Casts: `[int]"5"`, `[pscustomobject]@{…}`.

use super::arithmetic::seconds;
use super::runtime::Runtime;
use crate::value::{ConvertError, Date, Hash, Number, Object, TypeName, Value, parse_span};

impl Runtime {
    /// `value` as a value of type `ty`.
    pub(crate) fn cast(&self, ty: TypeName, value: Value) -> Result<Value, ConvertError> {
        match ty {
            TypeName::Int => whole(&value, i64::from(i32::MIN), i64::from(i32::MAX)),
            TypeName::UInt32 => whole(&value, 0, i64::from(u32::MAX)),
            TypeName::UInt64 => whole(&value, 0, i64::MAX),
            TypeName::Long => whole(&value, i64::MIN, i64::MAX),
            TypeName::Double => Ok(Value::from(value.to_number()?.as_f64())),
            TypeName::String => Ok(Value::Str(value.to_text())),
            TypeName::Bool | TypeName::Switch => Ok(Value::Bool(value.is_true())),
            TypeName::DateTime => self.date(&value),
            TypeName::TimeSpan => span(&value),
            TypeName::Array => Ok(array(value)),
            TypeName::StringArray => {
                let items = array(value).into_items();
                Ok(Value::array(
                    items.iter().map(|v| Value::Str(v.to_text())).collect(),
                ))
            }
            TypeName::IntArray => {
                let items = array(value).into_items();
                let items: Result<Vec<_>, _> = items
                    .iter()
                    .map(|v| whole(v, i64::from(i32::MIN), i64::from(i32::MAX)))
                    .collect();
                Ok(Value::array(items?))
            }
            TypeName::Hashtable | TypeName::Ordered => match value {
                Value::Hash(_) => Ok(value),
                Value::Object(o) => {
                    let hash = Hash::new();
                    for p in o.properties().iter() {
                        hash.set(&p.name, p.value.clone());
                    }
                    Ok(hash.into())
                }
                other => Err(cannot(&other)),
            },
            TypeName::Custom => match value {
                Value::Hash(hash) => {
                    let object = Object::custom();
                    for (name, value) in hash.pairs() {
                        object.put(name, value);
                    }
                    Ok(object.into())
                }
                other => Ok(other),
            },
            TypeName::ScriptBlock => match value {
                Value::Block(_) => Ok(value),
                other => Err(cannot(&other)),
            },
            TypeName::Object => Ok(value),
            TypeName::Void => Ok(Value::array(Vec::new())),
        }
    }

    fn date(&self, value: &Value) -> Result<Value, ConvertError> {
        match value {
            Value::Date(_) => Ok(value.clone()),
            Value::Str(text) => match Date::parse(text, &self.zone) {
                Some(date) => Ok(date.into()),
                None => Err(ConvertError::new(format!(
                    "\"{}\" is not a date such as 2026-01-31 or 2026-01-31 14:05",
                    crate::value::clip(text)
                ))),
            },
            other => Err(cannot(other)),
        }
    }
}

fn cannot(value: &Value) -> ConvertError {
    ConvertError::new(format!(
        "a value of type {} does not fit",
        value.type_name()
    ))
}

fn array(value: Value) -> Value {
    match value {
        Value::Array(_) => value,
        Value::Null => Value::array(Vec::new()),
        one => Value::array(vec![one]),
    }
}

fn whole(value: &Value, least: i64, greatest: i64) -> Result<Value, ConvertError> {
    if let Value::Date(_) | Value::Span(_) | Value::Object(_) = value {
        return Err(cannot(value));
    }
    let number = value.to_number()?;
    number
        .as_i64()
        .filter(|n| (least..=greatest).contains(n))
        .map(|n| Value::Number(Number::int(n)))
        .ok_or_else(|| ConvertError::new(format!("{number} is not between {least} and {greatest}")))
}

/// A length of time from another, from text such as `1.02:03:04`, or from a number of seconds.
fn span(value: &Value) -> Result<Value, ConvertError> {
    let wrong =
        || ConvertError::new("a length of time looks like 1.02:03:04 (days.hours:minutes:seconds)");
    match value {
        Value::Span(_) => Ok(value.clone()),
        Value::Number(n) => seconds(n.as_f64()).map(Value::Span).ok_or_else(wrong),
        Value::Str(text) => parse_span(text).map(Value::Span).ok_or_else(wrong),
        other => Err(cannot(other)),
    }
}
