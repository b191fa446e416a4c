//! The elements of an array.

use std::ops::Deref;
use std::rc::Rc;

use super::{Value, graveyard};

/// The elements of an array; reads as a slice.
#[derive(Clone, Default)]
pub struct List(Vec<Value>);

impl List {
    /// The elements of a shared list, copied only if someone else holds it too.
    #[must_use]
    pub fn take(mut list: Rc<List>) -> Vec<Value> {
        std::mem::take(&mut Rc::make_mut(&mut list).0)
    }

    /// The elements, to change them.
    pub fn items_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        List(items)
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0
    }
}

impl Drop for List {
    fn drop(&mut self) {
        graveyard::bury(self.0.iter_mut());
    }
}
