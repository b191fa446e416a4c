//! Converting a value to what a parameter takes.

use jiff::tz::TimeZone;

use crate::command::{Args, Param, ParamKind};
use crate::value::{Date, Number, NumberKind, Value, clip};

/// `value` as `param` takes it, or why it cannot be. With `hide` the reason does not show the value.
pub(super) fn convert(
    param: &Param,
    value: Value,
    zone: &TimeZone,
    hide: bool,
) -> Result<Value, String> {
    if value.is_null() {
        return null(param);
    }
    let shown = |value: &Value| {
        if hide {
            "the value".to_owned()
        } else {
            format!("\"{}\"", clip(&value.to_text()))
        }
    };
    match param.kind {
        ParamKind::Any => Ok(plain(value)),
        ParamKind::AnyList => Ok(match value {
            Value::Array(_) => value,
            one => Value::array(vec![plain(one)]),
        }),
        ParamKind::String => text(param, value),
        ParamKind::StringList => texts(param, value),
        ParamKind::ListChange => list_change(param, value),
        ParamKind::Filter => match value {
            Value::Block(block) => Ok(Value::from(block.source.trim())),
            other => text(param, other),
        },
        ParamKind::Bool | ParamKind::Switch => match value {
            Value::Bool(_) => Ok(value),
            Value::Number(n) => Ok(Value::Bool(!n.is_zero())),
            other => Err(format!("{} is neither $true nor $false", shown(&other))),
        },
        ParamKind::Int32 => whole(
            param,
            &value,
            i64::from(i32::MIN),
            i64::from(i32::MAX),
            hide,
        ),
        ParamKind::UInt32 => whole(param, &value, 0, i64::from(u32::MAX), hide),
        ParamKind::UnlimitedUInt32 => match &value {
            Value::Str(s) if s.eq_ignore_ascii_case("Unlimited") => Ok(Value::from("Unlimited")),
            value => whole(param, value, 0, i64::from(u32::MAX), hide),
        },
        ParamKind::UInt64 => large(param, &value, hide),
        ParamKind::Number => match value.to_number() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => Err(format!("{} is not a number", shown(&value))),
        },
        ParamKind::Object(types) => {
            if Args::fits(param.kind, &value) {
                return Ok(value);
            }
            let wanted = types.join(" or ");
            Err(format!(
                "a value of type {} is not of type {wanted}",
                value.type_name()
            ))
        }
        ParamKind::Hash => match value {
            Value::Hash(_) => Ok(value),
            other => Err(format!(
                "{} is no hash table such as @{{Name=\"value\"}}",
                shown(&other)
            )),
        },
        ParamKind::Block => match value {
            Value::Block(_) => Ok(value),
            other => Err(format!(
                "{} is no script block such as {{$_.Name}}",
                shown(&other)
            )),
        },
        ParamKind::Enum(words) => {
            let given = value.to_text();
            word(words, &given)
                .map(Value::from)
                .ok_or_else(|| format!("{} is none of {}", shown(&value), words.join(", ")))
        }
        ParamKind::Date => match &value {
            Value::Date(_) => Ok(value),
            Value::Str(s) => Date::parse(s, zone).map(Value::Date).ok_or_else(|| {
                format!(
                    "{} is not a date such as 2026-01-31 or 2026-01-31 14:05",
                    shown(&value)
                )
            }),
            other => Err(format!("{} is not a date", shown(other))),
        },
    }
}

fn null(param: &Param) -> Result<Value, String> {
    let any = matches!(param.kind, ParamKind::Any | ParamKind::AnyList);
    match param.kind {
        _ if param.allow_null || any => Ok(Value::Null),
        ParamKind::Switch => Ok(Value::Bool(false)),
        _ => Err("$null is not accepted".to_owned()),
    }
}

/// A number for a parameter that takes anything loses the text it was typed as, unless leading
/// zeros say that the text matters.
fn plain(value: Value) -> Value {
    match &value {
        Value::Number(n) => match n.typed() {
            Some(text)
                if !(text.starts_with('0')
                    && text.len() > 1
                    && text.bytes().all(|b| b.is_ascii_digit())) =>
            {
                Value::Number(n.without_text())
            }
            _ => value,
        },
        Value::Array(items) => Value::array(
            items
                .iter()
                .map(|v| match v {
                    Value::Number(_) => plain(v.clone()),
                    other => other.clone(),
                })
                .collect(),
        ),
        _ => value,
    }
}

fn text(param: &Param, value: Value) -> Result<Value, String> {
    let text = match value {
        Value::Str(text) => text,
        // An object stands for what identifies it.
        Value::Object(object) => match object.get("Identity") {
            Some(Value::Str(identity)) => identity,
            _ => {
                return Err(format!(
                    "an object of type {} is no text",
                    object.type_name()
                ));
            }
        },
        Value::Array(_) => return Err("several values where one is taken".to_owned()),
        Value::Hash(_) => return Err("a hash table is no text".to_owned()),
        other => other.to_text(),
    };
    if param.required && text.is_empty() {
        return Err("an empty text is not accepted".to_owned());
    }
    Ok(Value::Str(text))
}

fn texts(param: &Param, value: Value) -> Result<Value, String> {
    let items = value.into_items();
    let items: Result<Vec<Value>, String> = items.into_iter().map(|v| text(param, v)).collect();
    items.map(Value::array)
}

fn list_change(param: &Param, value: Value) -> Result<Value, String> {
    let Value::Hash(hash) = value else {
        return texts(param, value);
    };
    for key in hash.keys() {
        if !["Add", "Remove", "Replace"]
            .iter()
            .any(|k| k.eq_ignore_ascii_case(&key))
        {
            return Err(format!(
                "\"{}\" is none of Add, Remove, Replace",
                clip(&key)
            ));
        }
    }
    if hash.is_empty() {
        return Err("the hash table says neither Add, Remove nor Replace".to_owned());
    }
    Ok(Value::Hash(hash))
}

/// The word that is meant: exactly, or by an unambiguous beginning.
fn word(words: &'static [&'static str], given: &str) -> Option<&'static str> {
    if let Some(word) = words.iter().find(|w| w.eq_ignore_ascii_case(given)) {
        return Some(word);
    }
    let begins = |w: &&&'static str| {
        !given.is_empty()
            && w.get(..given.len())
                .is_some_and(|s| s.eq_ignore_ascii_case(given))
    };
    let mut fitting = words.iter().filter(begins);
    match (fitting.next(), fitting.next()) {
        (Some(word), None) => Some(word),
        _ => None,
    }
}

fn whole(
    param: &Param,
    value: &Value,
    least: i64,
    greatest: i64,
    hide: bool,
) -> Result<Value, String> {
    let (least, greatest) = match param.range {
        Some((l, g)) => (least.max(l), greatest.min(g)),
        None => (least, greatest),
    };
    let exact = exact(value).filter(|n| (least..=greatest).contains(n));
    exact.map(|n| Value::Number(Number::int(n))).ok_or_else(|| {
        outside(
            value,
            &format!("a whole number from {least} to {greatest}"),
            hide,
        )
    })
}

fn large(param: &Param, value: &Value, hide: bool) -> Result<Value, String> {
    if let Some((least, greatest)) = param.range {
        return whole(param, value, least.max(0), greatest, hide);
    }
    let text = value.to_text();
    let number = match exact(value) {
        Some(n) => u64::try_from(n).ok(),
        None => text.trim().parse::<u64>().ok(),
    };
    number.map(Value::from).ok_or_else(|| {
        outside(
            value,
            &format!("a whole number from 0 to {}", u64::MAX),
            hide,
        )
    })
}

fn outside(value: &Value, wanted: &str, hide: bool) -> String {
    let shown = if hide {
        "the value".to_owned()
    } else {
        format!("\"{}\"", clip(&value.to_text()))
    };
    format!("{shown} is not {wanted}")
}

/// The whole number a value is, without rounding.
fn exact(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(n) => n.clone(),
        Value::Str(s) => Number::parse(s.trim())?,
        Value::Bool(b) => Number::int((*b).into()),
        _ => return None,
    };
    match number.kind() {
        NumberKind::Int(n) => Some(n),
        NumberKind::Float(f) if f.fract() == 0.0 => number.as_i64(),
        NumberKind::Float(_) => None,
    }
}
