//! Between Rust's values and SQLite's.

use std::path::Path;

use pinward_core::{LengthClass, LockKind, Timestamp, to_milliseconds};
use rusqlite::types::Type;
use rusqlite::{ErrorCode, Row};

use crate::StoreError;

/// Reads a time.
pub(super) fn time(milliseconds: i64) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(|error| unreadable(Type::Integer, error))
}

/// Reads a time that may be missing.
pub(super) fn maybe_time(milliseconds: Option<i64>) -> rusqlite::Result<Option<Timestamp>> {
    milliseconds.map(time).transpose()
}

/// Writes a time.
pub(super) fn ms(time: Timestamp) -> i64 {
    to_milliseconds(time).as_millisecond()
}

/// Reads how many there are.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::unsigned_abs)
}

/// A value in the database that no version of this program writes.
pub(super) fn unreadable(
    kind: Type,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
}

#[derive(Debug, thiserror::Error)]
#[error("the value {0} means nothing")]
struct Meaningless(i64);

pub(super) fn length_class(value: i64) -> rusqlite::Result<LengthClass> {
    Ok(match value {
        4 => LengthClass::Four,
        5 => LengthClass::Five,
        6 => LengthClass::Six,
        7 => LengthClass::SevenUp,
        other => return Err(unreadable(Type::Integer, Meaningless(other))),
    })
}

pub(super) fn length_class_value(class: LengthClass) -> i64 {
    match class {
        LengthClass::Four => 4,
        LengthClass::Five => 5,
        LengthClass::Six => 6,
        LengthClass::SevenUp => 7,
    }
}

pub(super) fn lock_kind(value: i64) -> rusqlite::Result<LockKind> {
    Ok(match value {
        1 => LockKind::GlobalLimit,
        2 => LockKind::Administrator,
        other => return Err(unreadable(Type::Integer, Meaningless(other))),
    })
}

pub(super) fn lock_kind_value(kind: LockKind) -> i64 {
    match kind {
        LockKind::GlobalLimit => 1,
        LockKind::Administrator => 2,
    }
}

/// What a caller is told of a failure of SQLite.
pub(super) fn store_error(error: &rusqlite::Error, path: &Path) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    let Some(code) = error.sqlite_error_code() else {
        return match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => StoreError::Damaged { path, detail },
            _ => StoreError::Internal { detail },
        };
    };
    // No room for the log's index: so says a full disk where the log itself is not reached.
    if error.sqlite_extended_error_code() == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
        return StoreError::Full { path };
    }
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full { path },
        ErrorCode::ReadOnly => StoreError::ReadOnly { path },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Damaged { path, detail }
        }
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OutOfMemory => StoreError::Io { path, detail },
        _ => StoreError::Internal { detail },
    }
}
