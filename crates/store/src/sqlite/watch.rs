//! Which file is being worked with. One that is put in its place while it is in use must not meet
//! the log of its predecessor: SQLite would take the log's pages for the new file's.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::file::{self, FileId};

/// The database and its log, as they were last seen together.
pub(super) struct Watch {
    path: PathBuf,
    seen: Mutex<Option<Seen>>,
}

#[derive(Clone, Copy)]
struct Seen {
    file: FileId,
    log: Option<FileId>,
}

impl Watch {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            seen: Mutex::default(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file at the path, where it may be connected to: `None` where there is none, and where
    /// it took the place of another whose log still lies there.
    pub(super) fn usable(&self) -> Option<FileId> {
        let file = FileId::of(&self.path)?;
        let log = FileId::of(&file::log_of(&self.path));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *seen {
            Some(before) if before.file == file => before.log = log.or(before.log),
            Some(before) if log.is_some() && log == before.log => return None,
            other => *other = Some(Seen { file, log }),
        }
        Some(file)
    }
}
