//! What must be kept: the [`Store`] trait and its SQLite implementation.
//!
//! The store decides what must be exact: a count, a lock and a reservation are loaded, judged by
//! `pinward_core::lockout` and saved in one transaction, so that any number of processes may share
//! one database (R-LOCK-10). It knows no permission and never sees a PIN. Who asks it knows only as an
//! [`Act`], which it records with the change that it makes (R-SEC-4).
//!
//! To add something that must be kept:
//! 1. a method on [`Store`] and, where it has a refusal, a small `#[must_use]` enum in the file of its group under
//!    `answers/`; what an administrator changes takes an [`Act`];
//! 2. a migration in `sqlite/schema/` and one line in `sqlite/schema.rs`;
//! 3. the SQL in the file of its group under `sqlite/`, one line in `sqlite/mod.rs`; a change that was
//!    made ends in `audit::record`;
//! 4. a test in the conformance suite under `tests/it/`.

mod act;
mod answers;
mod audit;
mod census;
mod error;
mod figures;
mod foretell;
mod search;
mod sqlite;
mod store;
mod sync;

pub use act::{Act, LogOn, Origin};
pub use answers::{
    AccessNumberChanged, AccessNumberCreated, Answer, Changed, Charged, ClientChanged,
    ClientCreated, Counts, Created, Deleted, Delivered, Delivery, Granted, Judge, KeptPlace,
    KeyFingerprint, KeyRetired, PinSet, PinStatus, Place, Placed, PlacedBatch, Placing, Put,
    Removed, Reordered, RoleChanged, RoleCreated, RoleGranted, SetPin, Settled, Site, SiteChanged,
    SiteCreated, SiteDetails, SiteRemoved, SiteRules, UserChanged, Verdict,
};
pub use audit::{
    AuditMark, AuditPage, AuditProblem, AuditProgress, AuditQuery, AuditRecord, AuditReport, Pruned,
};
pub use census::{CensusOf, Foresight, PolicyChange, Shift, Tally};
pub use error::{OpenError, StoreError};
pub use figures::{CountFrom, FailureCount, HourCount, LogOnCounts};
pub use foretell::Foretell;
pub use search::{FoundPeople, SearchFor};
pub use sqlite::{Options, SqliteStore};
pub use store::Store;
pub use sync::{
    Begun, Conflict, ReadingId, SourceStatus, Staged, SyncEnd, SyncFigures, SyncPlan, SyncStep,
    SyncTerms,
};
