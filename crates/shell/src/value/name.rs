//! Property names: mostly known at compile time, sometimes read from a file.

use std::ops::Deref;
use std::rc::Rc;

/// The name of a property, cheap to clone. Compare with `eq_ignore_ascii_case`.
#[derive(Clone, Debug)]
pub enum Name {
    /// Known at compile time.
    Static(&'static str),
    /// Made while running.
    Shared(Rc<str>),
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Name::Static(s) => s,
            Name::Shared(s) => s,
        }
    }
}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Name::Static(text)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Name::Shared(text.into())
    }
}

impl From<Rc<str>> for Name {
    fn from(text: Rc<str>) -> Self {
        Name::Shared(text)
    }
}

impl From<Name> for Rc<str> {
    fn from(name: Name) -> Self {
        match name {
            Name::Static(s) => Rc::from(s),
            Name::Shared(s) => s,
        }
    }
}
