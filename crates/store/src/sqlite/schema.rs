//! The format of the database and the steps that lead to it.
//!
//! A step is never edited once it was released: add a file and a line.

use rusqlite::Connection;

use super::search;

/// One step per format, in order: the first makes format 1 of an empty file.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
    include_str!("schema/9.sql"),
    include_str!("schema/10.sql"),
    include_str!("schema/11.sql"),
    include_str!("schema/12.sql"),
    include_str!("schema/13.sql"),
    include_str!("schema/14.sql"),
];

/// The newest format known here.
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// "Pinw": tells our files from those of other programs.
pub(super) const APPLICATION_ID: i64 = 0x5069_6e77;

/// What a file says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Nothing in it yet: its creation was begun and not finished.
    Empty,
    /// Ours, of this format.
    Ours(i64),
    /// Something else.
    Foreign,
}

/// Looks, and changes nothing.
pub(super) fn inspect(db: &Connection) -> rusqlite::Result<Format> {
    let application: i64 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version = version(db)?;
    let objects: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (application, version, objects) {
        (0, 0, 0) => Format::Empty,
        (APPLICATION_ID, version, _) if version > 0 => Format::Ours(version),
        _ => Format::Foreign,
    })
}

/// Takes the steps that are missing, each in a transaction of its own. Safe where several
/// processes do it at once.
pub(super) fn migrate(db: &Connection) -> rusqlite::Result<()> {
    for (number, step) in (1_i64..).zip(STEPS) {
        // Looked at without the lock first: opening what is up to date writes nothing.
        if version(db)? >= number {
            continue;
        }
        db.execute_batch("BEGIN IMMEDIATE")?;
        let taken = if version(db)? >= number {
            Ok(())
        } else {
            db.execute_batch(&format!(
                "{step}; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number};"
            ))
            .and_then(|()| match number {
                search::FORMAT => search::fill(db),
                _ => Ok(()),
            })
        };
        if let Err(error) = taken.and_then(|()| db.execute_batch("COMMIT")) {
            let _undone = db.execute_batch("ROLLBACK");
            return Err(error);
        }
    }
    Ok(())
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}
