//! Why a store could not decide.

use std::path::PathBuf;

/// Why nothing was decided. Whoever gets one may be sure of this only: the change was not answered
/// as done. Cloneable, because one cause answers everyone who waited for the same commit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too much to do, or another process holds the database for long.
    #[error("the database is busy; nothing was changed. Try again")]
    Busy,
    /// No room.
    #[error("the disk is full, so nothing was kept in {}. Make room", path.display())]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("the database {} cannot be written. Check its permissions and how the disk is mounted", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// The file is gone or another one lies in its place.
    #[error("the database {} was removed or replaced while it was in use. Put it back", path.display())]
    Missing {
        /// The database.
        path: PathBuf,
    },
    /// What is in the file is not what was written.
    #[error("the database {} is damaged ({detail}). Restore it from a backup", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// The disk or the system failed.
    #[error("the database {} cannot be used: {detail}", path.display())]
    Io {
        /// The database.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The store is being closed.
    #[error("the database is closed")]
    Closed,
    /// A mistake in this program: the statement was refused.
    #[error(
        "the database refused a statement: {detail}. This is a mistake in Pinward; please report it"
    )]
    Internal {
        /// What the database said.
        detail: String,
    },
}

impl StoreError {
    /// Whether changes may fail likewise until somebody mends the disk or the file.
    pub(crate) fn may_last(&self) -> bool {
        match self {
            Self::Full { .. }
            | Self::ReadOnly { .. }
            | Self::Missing { .. }
            | Self::Damaged { .. }
            | Self::Io { .. } => true,
            Self::Busy | Self::Closed | Self::Internal { .. } => false,
        }
    }
}

/// Why a database was not opened or created. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no database {}", path.display())]
    NotFound {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is one already.
    #[error("there is a database {} already; it was left as it is", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A newer Pinward wrote it.
    #[error(
        "the database {} has format {found}, and this Pinward knows formats up to {known}; it was \
         left as it is. Use the newer Pinward that wrote it",
        path.display()
    )]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// The file is something else.
    #[error("{} is not a database of Pinward; it was left as it is", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The folder or file could not be made or read.
    #[error("{} cannot be used: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}
