//! Making values from Rust values.

use std::rc::Rc;

use jiff::SignedDuration;

use super::{Date, Hash, List, Number, Object, Value};
use crate::ast::ScriptBlock;

impl Value {
    /// An array, even of none or one.
    #[must_use]
    pub fn array(items: Vec<Value>) -> Value {
        Value::Array(Rc::new(List::from(items)))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Str(Rc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Str(Rc::from(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Str(Rc::from(text.as_str()))
    }
}

impl From<Rc<str>> for Value {
    fn from(text: Rc<str>) -> Self {
        Value::Str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

macro_rules! whole {
    ($($t:ty),*) => {$(
        impl From<$t> for Value {
            fn from(value: $t) -> Self {
                Value::Number(Number::from(value))
            }
        }
    )*};
}
whole!(i32, i64, u16, u32, u64, usize, f64, Number);

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Value::Date(date)
    }
}

impl From<SignedDuration> for Value {
    fn from(span: SignedDuration) -> Self {
        Value::Span(span)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(Rc::new(object))
    }
}

impl From<Rc<Object>> for Value {
    fn from(object: Rc<Object>) -> Self {
        Value::Object(object)
    }
}

impl From<Hash> for Value {
    fn from(hash: Hash) -> Self {
        Value::Hash(Rc::new(hash))
    }
}

impl From<Rc<ScriptBlock>> for Value {
    fn from(block: Rc<ScriptBlock>) -> Self {
        Value::Block(block)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Value::array(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Clone + Into<Value>> From<&[T]> for Value {
    fn from(items: &[T]) -> Self {
        Value::array(items.iter().cloned().map(Into::into).collect())
    }
}
