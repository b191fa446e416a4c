//! The connection that writes.
//!
//! Each logon appends to the audit log, and many of them share a transaction. While it lasts the connection keeps
//! the end of the log for them: the first one reads it from the database, and the commit writes it back.

use std::cell::Cell;
use std::ops::Deref;

use rusqlite::Connection;

use super::audit::end;
use super::file;
use crate::AuditMark;

const BEGIN: &str = "BEGIN IMMEDIATE";

/// A connection on which transactions are made.
pub(super) struct WriteConnection {
    db: Connection,
    /// The last record, where the database does not say so yet. Of this transaction only: before the next
    /// one another process may append.
    unwritten_end: Cell<Option<AuditMark>>,
}

impl WriteConnection {
    /// Of a connection that may write and is in no transaction.
    pub(super) fn new(db: Connection) -> Self {
        Self {
            db,
            unwritten_end: Cell::new(None),
        }
    }

    /// Begins a transaction. Takes the lock before anything is read, and waits for other processes.
    pub(super) fn begin(&self) -> rusqlite::Result<()> {
        execute(&self.db, BEGIN)?;
        self.begun();
        Ok(())
    }

    /// [`WriteConnection::begin`], but busy at once where another process has the lock.
    pub(super) fn begin_without_waiting(&mut self) -> rusqlite::Result<()> {
        file::without_waiting(&mut self.db, |db| execute(db, BEGIN))?;
        self.begun();
        Ok(())
    }

    /// However the transaction before this one ended: SQLite ends some by itself.
    fn begun(&self) {
        self.unwritten_end.set(None);
    }

    /// Makes the transaction durable. Where that fails it may still be open.
    pub(super) fn commit(&self) -> rusqlite::Result<()> {
        // Where SQLite has ended the transaction there is nothing to commit, and an end that is written outside of
        // one would stay.
        if let Some(last) = self.unwritten_end.get()
            && !self.db.is_autocommit()
        {
            end::write(&self.db, last)?;
            self.unwritten_end.set(None);
        }
        execute(&self.db, "COMMIT")
    }

    /// Undoes the transaction, if one is open.
    pub(super) fn rollback(&self) -> rusqlite::Result<()> {
        match self.db.is_autocommit() {
            true => Ok(()),
            false => execute(&self.db, "ROLLBACK"),
        }
    }

    /// Begins a part of the transaction that can be undone alone. Parts within one another have
    /// different names.
    pub(super) fn savepoint(&self, name: &'static str) -> rusqlite::Result<Savepoint<'_>> {
        execute(&self.db, &format!("SAVEPOINT {name}"))?;
        Ok(Savepoint {
            db: self,
            name,
            unwritten_end: self.unwritten_end.get(),
        })
    }

    /// The last record of the audit log, in an open transaction.
    pub(super) fn audit_end(&self) -> rusqlite::Result<AuditMark> {
        match self.unwritten_end.get() {
            Some(last) => Ok(last),
            None => end::read(&self.db),
        }
    }

    /// A record was appended in this transaction, whose commit will write down where the log ends.
    pub(super) fn appended(&self, last: AuditMark) {
        self.unwritten_end.set(Some(last));
    }
}

/// Whatever appends nothing needs no more than the connection.
impl Deref for WriteConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.db
    }
}

/// A part of a transaction that is yet to be kept or undone. Where it is neither, the transaction can only be
/// undone as a whole, or up to a savepoint around this one.
#[must_use = "it stays open until it is kept or undone"]
pub(super) struct Savepoint<'a> {
    db: &'a WriteConnection,
    name: &'static str,
    /// As it was when the part began.
    unwritten_end: Option<AuditMark>,
}

impl Savepoint<'_> {
    /// The part belongs to the transaction.
    pub(super) fn keep(self) -> rusqlite::Result<()> {
        execute(self.db, &format!("RELEASE {}", self.name))
    }

    /// The part never was.
    pub(super) fn undo(self) -> rusqlite::Result<()> {
        execute(self.db, &format!("ROLLBACK TO {}", self.name))?;
        self.db.unwritten_end.set(self.unwritten_end);
        self.keep()
    }
}

/// Runs a statement that is used again and again.
fn execute(db: &Connection, statement: &str) -> rusqlite::Result<()> {
    db.prepare_cached(statement)?.execute([]).map(drop)
}
