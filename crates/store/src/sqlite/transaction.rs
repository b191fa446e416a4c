//! An open transaction, as the pieces of work in it see it.
//!
//! Many logons share a transaction, and each of them runs the same few statements. To look one of them up by its text
//! and put it back takes about as long as to run it, so the transaction keeps those at hand.

use std::cell::RefCell;
use std::ops::Deref;

use rusqlite::{CachedStatement, Statement};

use super::write_connection::WriteConnection;

/// A transaction that was begun. Only in it may be appended to the audit log.
pub(super) struct Transaction<'c> {
    db: &'c WriteConnection,
    /// Each with its text.
    at_hand: RefCell<Vec<(&'static str, CachedStatement<'c>)>>,
}

impl<'c> Transaction<'c> {
    /// The one that was begun on a connection.
    pub(super) fn of(db: &'c WriteConnection) -> Self {
        Self {
            db,
            at_hand: RefCell::default(),
        }
    }

    /// Does something with a statement that logons run, of which there are few.
    pub(super) fn with<T>(
        &self,
        text: &'static str,
        work: impl FnOnce(&mut Statement<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut statement = match self.take(text) {
            Some(statement) => statement,
            None => self.db.prepare_cached(text)?,
        };
        let done = work(&mut statement);
        self.at_hand.borrow_mut().push((text, statement));
        done
    }

    fn take(&self, text: &'static str) -> Option<CachedStatement<'c>> {
        let mut at_hand = self.at_hand.borrow_mut();
        // The same text is in the same place, and need not be looked at.
        let place = at_hand.iter().position(|(it, _)| std::ptr::eq(*it, text))?;
        Some(at_hand.swap_remove(place).1)
    }
}

/// Whatever else is done needs no more than the connection.
impl Deref for Transaction<'_> {
    type Target = WriteConnection;

    fn deref(&self) -> &WriteConnection {
        self.db
    }
}
