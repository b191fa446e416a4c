//! Hash tables: text keys without regard to case, in order of insertion.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;

use super::{Value, graveyard};

/// The key as written, and the value.
type Entry = (Rc<str>, Value);

/// A hash table. Shared and mutable, as in PowerShell; keys keep their order of insertion.
#[derive(Default)]
pub struct Hash {
    entries: RefCell<IndexMap<Rc<str>, Entry>>,
}

fn fold(key: &str) -> Rc<str> {
    Rc::from(key.to_lowercase())
}

impl Hash {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value under `key`, if there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        self.entries
            .borrow()
            .get(&fold(key))
            .map(|(_, v)| v.clone())
    }

    /// The value under `key`, or `Count`, `Keys` and `Values` where no key has that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Value> {
        self.get(name)
            .or_else(|| match name.to_ascii_lowercase().as_str() {
                "count" => Some(Value::from(self.len())),
                "keys" => Some(
                    self.keys()
                        .into_iter()
                        .map(Value::Str)
                        .collect::<Vec<_>>()
                        .into(),
                ),
                "values" => Some(
                    self.pairs()
                        .into_iter()
                        .map(|(_, v)| v)
                        .collect::<Vec<Value>>()
                        .into(),
                ),
                _ => None,
            })
    }

    /// Adds or replaces an entry; `true` if it is new.
    pub fn set(&self, key: &str, value: Value) -> bool {
        let old = self
            .entries
            .borrow_mut()
            .insert(fold(key), (Rc::from(key), value));
        old.is_none()
    }

    /// Removes an entry; `true` if there was one.
    pub fn remove(&self, key: &str) -> bool {
        let old = self.entries.borrow_mut().shift_remove(&fold(key));
        old.is_some()
    }

    /// Whether there is an entry under `key`.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.entries.borrow().contains_key(&fold(key))
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys, as they were written.
    #[must_use]
    pub fn keys(&self) -> Vec<Rc<str>> {
        self.entries
            .borrow()
            .values()
            .map(|(k, _)| Rc::clone(k))
            .collect()
    }

    /// Keys and values.
    #[must_use]
    pub fn pairs(&self) -> Vec<(Rc<str>, Value)> {
        self.entries.borrow().values().cloned().collect()
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        graveyard::bury(self.entries.get_mut().values_mut().map(|(_, v)| v));
    }
}
