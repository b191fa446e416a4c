//! Dropping values nested a million deep without recursion.
//!
//! A container hands its container elements over here when it is dropped; the outermost drop
//! empties the list in a loop, so the stack stays flat however deep the nesting is.

use std::cell::RefCell;

use super::Value;

thread_local! {
    static PENDING: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

fn nests(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Hash(_) | Value::Object(_))
}

/// Drops `values`; nested containers one after the other instead of one inside the other.
pub(super) fn bury<'a>(values: impl Iterator<Item = &'a mut Value>) {
    let mut nested = values.filter(|v| nests(v)).peekable();
    if nested.peek().is_none() {
        return;
    }
    // At thread exit the list may be gone; then plain dropping has to do.
    let outermost = PENDING.try_with(|pending| {
        let mut pending = pending.borrow_mut();
        let outermost = pending.is_none();
        pending
            .get_or_insert_default()
            .extend(nested.map(std::mem::take));
        outermost
    });
    if outermost == Ok(true) {
        while let Some(value) = next() {
            drop(value);
        }
    }
}

fn next() -> Option<Value> {
    PENDING
        .try_with(|pending| {
            let mut pending = pending.borrow_mut();
            let value = pending.as_mut().and_then(Vec::pop);
            if value.is_none() {
                *pending = None;
            }
            value
        })
        .ok()
        .flatten()
}
