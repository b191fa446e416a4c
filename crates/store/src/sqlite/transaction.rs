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

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    const ADD: &str = "INSERT INTO number (it) VALUES (?1)";

    fn numbers(db: &Connection) -> Vec<i64> {
        let mut all = db.prepare("SELECT it FROM number ORDER BY it").unwrap();
        let all = all.query_map([], |row| row.get(0)).unwrap();
        all.map(Result::unwrap).collect()
    }

    #[test]
    fn a_statement_is_at_hand_whatever_came_of_it_before() {
        let db = WriteConnection::new(Connection::open_in_memory().unwrap());
        db.execute_batch("CREATE TABLE number (it INTEGER PRIMARY KEY)")
            .unwrap();
        db.begin().unwrap();
        let transaction = Transaction::of(&db);
        let add = |number: i64| transaction.with(ADD, |it| it.execute([number]));
        add(1).unwrap();
        add(1).expect_err("it is there");
        let part = transaction.savepoint("part").unwrap();
        add(2).unwrap();
        part.undo().unwrap();
        // While it is in use there is another one.
        let both = transaction.with(ADD, |it| {
            add(3)?;
            it.execute([4])
        });
        assert_eq!(both, Ok(1));
        assert_eq!(transaction.at_hand.borrow().len(), 2);
        assert_eq!(add(5), Ok(1));
        drop(transaction);
        db.commit().unwrap();
        assert_eq!(numbers(&db), [1, 3, 4, 5]);
    }
}
