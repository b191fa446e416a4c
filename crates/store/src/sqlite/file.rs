//! The file: finding it, making it, opening connections to it, and noticing that it is gone.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
#[cfg(target_os = "linux")]
use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};

use super::convert::store_error;
use super::schema::{self, Format};
use super::write_connection::WriteConnection;
use crate::{OpenError, StoreError};

const NAME: &str = "pinward.db";

/// Statements that are kept prepared on each connection; more than there are.
const PREPARED: usize = 128;

/// The database file in a folder.
pub(super) fn path_in(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

/// Makes an empty file that only its owner may read, in a folder of the same kind.
pub(super) fn create_empty(path: &Path) -> Result<(), OpenError> {
    if let Some(dir) = path.parent()
        && !dir.as_os_str().is_empty()
    {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|source| OpenError::Io {
                path: dir.to_owned(),
                source,
            })?;
    }
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let file = made.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => OpenError::Exists {
            path: path.to_owned(),
        },
        _ => OpenError::Io {
            path: path.to_owned(),
            source,
        },
    })?;
    // The entry in the folder must survive a crash as well as what will be written behind it.
    let synced = file.sync_all().and_then(|()| sync_folder(path));
    synced.map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => fs::File::open(dir)?.sync_all(),
        _ => Ok(()),
    }
}

/// Looks at a file before anything may write to it.
pub(super) fn check(path: &Path) -> Result<(), OpenError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(source) if source.kind() == ErrorKind::NotFound => {
            return Err(OpenError::NotFound {
                path: path.to_owned(),
            });
        }
        Err(source) => {
            return Err(OpenError::Io {
                path: path.to_owned(),
                source,
            });
        }
    }
    let looked =
        connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|db| schema::inspect(&db));
    match looked {
        Ok(Format::Empty) => Ok(()),
        Ok(Format::Ours(found)) if found > schema::KNOWN => Err(OpenError::TooNew {
            path: path.to_owned(),
            found,
            known: schema::KNOWN,
        }),
        Ok(Format::Ours(_)) => Ok(()),
        Ok(Format::Foreign) => Err(OpenError::NotOurs {
            path: path.to_owned(),
        }),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(OpenError::NotOurs {
                path: path.to_owned(),
            })
        }
        // A log cannot be made where nothing can be written, and "cannot be opened" says too little.
        Err(_) if is_read_only(path) => Err(OpenError::Store(StoreError::ReadOnly {
            path: path.to_owned(),
        })),
        Err(error) => Err(store_error(&error, path).into()),
    }
}

/// Whether the file may be read and not written. Not by opening it without SQLite: closing it would
/// drop the locks that this process holds on it.
fn is_read_only(path: &Path) -> bool {
    connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|db| db.is_readonly(rusqlite::MAIN_DB))
        .unwrap_or(false)
}

/// Brings a file that [`check`] found good to the format known here.
pub(super) fn prepare(path: &Path) -> Result<(), OpenError> {
    let prepared = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|db| {
        let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            let detail = format!("the journal stays in mode {mode}");
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN),
                Some(detail),
            ));
        }
        durable(&db)?;
        schema::migrate(&db)
    });
    prepared.map_err(|error| store_error(&error, path).into())
}

/// A connection that writes. What is deleted is overwritten where that costs no further writing:
/// verifiers and digests of inputs must not outlive their rows.
pub(super) fn connect_writer(path: &Path) -> rusqlite::Result<WriteConnection> {
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    durable(&db)?;
    db.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = FAST;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536;
         PRAGMA wal_autocheckpoint = 16000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(WriteConnection::new(db))
}

/// A connection that only reads. Opened for writing all the same: a reader may have to bring the
/// write-ahead log's index in order after a crash.
pub(super) fn connect_reader(path: &Path) -> rusqlite::Result<Connection> {
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384;")?;
    Ok(db)
}

fn durable(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("PRAGMA synchronous = FULL;")
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let mut db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_handler(Some(wait_for_another_process))?;
    db.set_prepared_statement_cache_capacity(PREPARED);
    // Without it each new value bound to a range makes SQLite plan the statement again.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.execute_batch("PRAGMA trusted_schema = OFF;")?;
    Ok(db)
}

/// Does something on a connection without waiting for a lock of another process: it is busy at once.
pub(super) fn without_waiting<T>(
    db: &mut Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    db.busy_handler(None::<fn(i32) -> bool>)?;
    let done = work(db);
    db.busy_handler(Some(wait_for_another_process))?;
    done
}

/// How long each wait is, and how many there are: about ten seconds in all.
const WAITS: i32 = 10_000;

/// SQLite's own waiting grows to a tenth of a second, in which one busy process starves the
/// others; commits take about a millisecond, so short even waits are fair.
#[expect(
    clippy::disallowed_methods,
    reason = "the lock of another process gives no signal; this is a thread that may block"
)]
fn wait_for_another_process(before: i32) -> bool {
    if before >= WAITS {
        return false;
    }
    // Processes that began to wait together should not knock together.
    let spread = u64::from(
        std::process::id()
            .wrapping_mul(97)
            .wrapping_add(before.unsigned_abs()),
    );
    std::thread::sleep(Duration::from_micros(700 + spread % 600));
    true
}

/// Which file lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// `None`: there is no file that could be seen.
    pub(super) fn of(path: &Path) -> Option<Self> {
        // Not asking for its times: Linux gives a file whose times were looked at others with the next write, even
        // within the same tick of the clock, and some file systems write those to the disk with each sync.
        #[cfg(target_os = "linux")]
        if let Ok(data) = statx(CWD, path, AtFlags::empty(), StatxFlags::INO) {
            return Some(Self {
                device: makedev(data.stx_dev_major, data.stx_dev_minor),
                inode: data.stx_ino,
            });
        }
        let data = fs::metadata(path).ok()?;
        Some(Self {
            device: data.dev(),
            inode: data.ino(),
        })
    }
}

/// The write-ahead log beside a database.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}
