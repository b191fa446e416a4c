//! The end of the chain, as the database keeps it. While a transaction lasts, only the connection that writes knows
//! the true one (`write_connection.rs`).

use rusqlite::Connection;

use crate::AuditMark;

/// The last record.
pub(in super::super) fn read(db: &Connection) -> rusqlite::Result<AuditMark> {
    db.prepare_cached("SELECT seq, hash FROM audit_end")?
        .query_row([], |row| {
            Ok(AuditMark {
                seq: row.get(0)?,
                hash: row.get(1)?,
            })
        })
}

/// Another record is the last one.
pub(in super::super) fn write(db: &Connection, last: AuditMark) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE audit_end SET seq = ?1, hash = ?2")?
        .execute((last.seq, last.hash))
        .map(drop)
}
