//! What flows through pipelines and lives in variables.

mod build;
mod compare;
mod convert;
mod date;
mod graveyard;
mod hash;
mod list;
mod name;
mod number;
mod object;
mod types;

use std::rc::Rc;

use jiff::SignedDuration;

use crate::ast::ScriptBlock;

pub use compare::{Incomparable, Wildcard, equals, order};
pub use convert::ConvertError;
pub(crate) use convert::clip;
pub use date::{Date, parse_span};
pub use hash::Hash;
pub use list::List;
pub use name::Name;
pub use number::{Number, NumberKind};
pub use object::{Object, Property};
pub use types::{Column, TypeDesc, TypeName, View};

/// A value of the language. Cloning is cheap: everything large is shared.
///
/// Arrays are values (assigning an element changes only the variable it was reached through);
/// hash tables and objects are shared, as in PowerShell.
#[derive(Clone, Default)]
pub enum Value {
    /// `$null`.
    #[default]
    Null,
    /// `$true` and `$false`.
    Bool(bool),
    /// A whole or a binary floating point number.
    Number(Number),
    /// Text.
    Str(Rc<str>),
    /// A point in time with the offset it is shown in.
    Date(Date),
    /// A length of time.
    Span(SignedDuration),
    /// Several values.
    Array(Rc<List>),
    /// A hash table.
    Hash(Rc<Hash>),
    /// A property bag with a type name.
    Object(Rc<Object>),
    /// A script block.
    Block(Rc<ScriptBlock>),
    /// A type named in brackets, such as `[int]`.
    Type(TypeName),
}

impl Value {
    /// Whether this is `$null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text if this is a [`Value::Str`]; no conversion (see [`Value::to_text`] for that).
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The object if this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Rc<Object>> {
        match self {
            Value::Object(o) => Some(o),
            _ => None,
        }
    }

    /// The property of an object, the entry of a hash table, or a built-in property of other
    /// values (`Length`, `Year` …); names compare without regard to case.
    ///
    /// `None` when there is no such property. Arrays are not enumerated here.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Value> {
        match self {
            Value::Object(o) => o.get(name),
            Value::Hash(h) => h.member(name),
            Value::Date(d) => d.property(name),
            Value::Str(s) if name.eq_ignore_ascii_case("Length") => {
                Some(Value::from(s.chars().count()))
            }
            Value::Array(a)
                if name.eq_ignore_ascii_case("Count") || name.eq_ignore_ascii_case("Length") =>
            {
                Some(Value::from(a.len()))
            }
            Value::Span(s) => date::span_property(*s, name),
            _ => None,
        }
    }

    /// The values this one stands for in a pipeline: the elements of an array, nothing for
    /// `$null`, else the value itself.
    #[must_use]
    pub fn into_items(self) -> Vec<Value> {
        match self {
            Value::Null => Vec::new(),
            Value::Array(a) => List::take(a),
            other => vec![other],
        }
    }

    /// The inverse of [`Value::into_items`]: nothing becomes `$null`, one value itself, more an
    /// array.
    #[must_use]
    pub fn from_items(mut items: Vec<Value>) -> Value {
        match items.len() {
            0 => Value::Null,
            1 => items.pop().unwrap_or_default(),
            _ => Value::array(items),
        }
    }

    /// The short name of the value's type, as `Get-Member` and error messages show it.
    #[must_use]
    pub fn type_name(&self) -> String {
        match self {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "System.Boolean".to_owned(),
            Value::Number(n) => n.type_name().to_owned(),
            Value::Str(_) => "System.String".to_owned(),
            Value::Date(_) => "System.DateTime".to_owned(),
            Value::Span(_) => "System.TimeSpan".to_owned(),
            Value::Array(_) => "System.Object[]".to_owned(),
            Value::Hash(_) => "System.Collections.Hashtable".to_owned(),
            Value::Object(o) => o.type_name().into_owned(),
            Value::Block(_) => "System.Management.Automation.ScriptBlock".to_owned(),
            Value::Type(_) => "System.RuntimeType".to_owned(),
        }
    }
}

/// For debugging and tests: type and text, never deeper than one level.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Str(s) => write!(f, "{s:?}"),
            Value::Array(a) => write!(f, "array[{}]({})", a.len(), self.to_text()),
            other => f.write_str(&other.to_text()),
        }
    }
}
