//! The arguments of a call, converted and checked.

use std::rc::Rc;

use super::{Param, ParamKind};
use crate::ast::ScriptBlock;
use crate::value::{Date, Value};

/// A change to a list, or a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListChange {
    /// This list instead.
    Replace(Vec<String>),
    /// These more, those fewer.
    Change {
        /// To be added.
        add: Vec<String>,
        /// To be removed.
        remove: Vec<String>,
    },
}

/// The arguments of a call. Names are those of the parameter table, compared without regard to
/// case; values are already converted to the parameter's kind and checked.
pub struct Args {
    pub(crate) slots: Vec<Slot>,
    pub(crate) set: &'static str,
    pub(crate) input: Value,
}

/// A parameter and what it was given.
pub(crate) struct Slot {
    pub(crate) param: &'static Param,
    /// `None`: not given.
    pub(crate) value: Option<Value>,
    /// Given in source, not taken from the pipeline.
    pub(crate) written: bool,
}

impl Args {
    /// The value of a parameter; `None` if it was not given. Given as `$null` it is
    /// `Some(Value::Null)`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.slots
            .iter()
            .find(|s| s.param.name.eq_ignore_ascii_case(name))
            .and_then(|s| s.value.as_ref())
    }

    /// Whether a parameter was given, be it as `$null`.
    #[must_use]
    pub fn given(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a parameter was given as `$null`.
    #[must_use]
    pub fn is_null(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Value::Null))
    }

    /// The text of a parameter (kinds `String`, `Filter`, `Enum`); `None` if not given or `$null`.
    #[must_use]
    pub fn string(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The text of a required parameter; empty where it is missing or `$null`.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.string(name).unwrap_or_default()
    }

    /// The texts of a `StringList`; none if not given.
    #[must_use]
    pub fn strings(&self, name: &str) -> Vec<Rc<str>> {
        self.get(name).cloned().map(texts).unwrap_or_default()
    }

    /// What a `ListChange` asks for; `None` if not given. `$null` is an empty list.
    #[must_use]
    pub fn list_change(&self, name: &str) -> Option<ListChange> {
        let owned = |v: Option<Value>| -> Vec<String> {
            v.map(texts)
                .unwrap_or_default()
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        Some(match self.get(name)? {
            Value::Hash(h) => match h.get("Replace") {
                Some(all) => ListChange::Replace(owned(Some(all))),
                None => ListChange::Change {
                    add: owned(h.get("Add")),
                    remove: owned(h.get("Remove")),
                },
            },
            other => ListChange::Replace(owned(Some(other.clone()))),
        })
    }

    /// Whether a switch is on.
    #[must_use]
    pub fn switch(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_true)
    }

    /// A truth value; `None` if not given or `$null`.
    #[must_use]
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// A whole number; `None` if not given or `$null`.
    #[must_use]
    pub fn i64(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Number(n) => n.as_i64(),
            _ => None,
        }
    }

    /// A whole number of kind `UInt32` or `UnlimitedUInt32`; `None` if not given, `$null`, or
    /// `Unlimited`.
    #[must_use]
    pub fn u32(&self, name: &str) -> Option<u32> {
        self.i64(name).and_then(|v| u32::try_from(v).ok())
    }

    /// A whole number of kind `UInt64`; `None` if not given or `$null`.
    #[must_use]
    pub fn u64(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Number(n) => n.as_u64(),
            _ => None,
        }
    }

    /// A point in time; `None` if not given or `$null`.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<Date> {
        match self.get(name)? {
            Value::Date(d) => Some(*d),
            _ => None,
        }
    }

    /// A script block; `None` if not given.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<&Rc<ScriptBlock>> {
        match self.get(name)? {
            Value::Block(b) => Some(b),
            _ => None,
        }
    }

    /// The parameter set in use; empty where the command has none.
    #[must_use]
    pub fn set(&self) -> &'static str {
        self.set
    }

    /// The pipeline object; `$null` when there is none.
    #[must_use]
    pub fn input(&self) -> &Value {
        &self.input
    }

    /// All parameters that were given, with their values; those that are secret without.
    pub fn given_params(&self) -> impl Iterator<Item = (&'static Param, Option<&Value>)> {
        self.slots.iter().filter(|s| s.value.is_some()).map(|s| {
            let value = if s.param.secret {
                None
            } else {
                s.value.as_ref()
            };
            (s.param, value)
        })
    }

    /// Whether a value can be one of a kind without conversion.
    pub(crate) fn fits(kind: ParamKind, value: &Value) -> bool {
        match kind {
            ParamKind::String | ParamKind::Enum(_) => matches!(value, Value::Str(_)),
            ParamKind::Filter => matches!(value, Value::Str(_) | Value::Block(_)),
            ParamKind::StringList => match value {
                Value::Str(_) => true,
                Value::Array(items) => items.iter().all(|v| matches!(v, Value::Str(_))),
                _ => false,
            },
            ParamKind::ListChange => matches!(value, Value::Hash(_)),
            ParamKind::Bool | ParamKind::Switch => matches!(value, Value::Bool(_)),
            ParamKind::Int32
            | ParamKind::UInt32
            | ParamKind::UInt64
            | ParamKind::UnlimitedUInt32
            | ParamKind::Number => matches!(value, Value::Number(_)),
            ParamKind::Any | ParamKind::AnyList => true,
            ParamKind::Object(types) => match value {
                Value::Object(o) => types.is_empty() || types.iter().any(|t| o.desc().is_called(t)),
                _ => types.is_empty() && !value.is_null(),
            },
            ParamKind::Hash => matches!(value, Value::Hash(_)),
            ParamKind::Block => matches!(value, Value::Block(_)),
            ParamKind::Date => matches!(value, Value::Date(_)),
        }
    }
}

fn texts(value: Value) -> Vec<Rc<str>> {
    value.into_items().iter().map(Value::to_text).collect()
}
