//! What is read from the audit log, and what its verification finds (R-SEC-4).

use pinward_core::{Timestamp, UserId};

/// One record of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number: each is one more than the one before it.
    pub seq: i64,
    /// When it happened, by the clock of the machine that did it.
    pub at: Timestamp,
    /// The door, such as `shell`.
    pub door: String,
    /// Who did it; `None`: nobody but whoever tried to log on.
    pub actor: Option<String>,
    /// The cmdlet, or an act of the program.
    pub action: String,
    /// The client's address or name.
    pub client: Option<String>,
    /// The number that called.
    pub caller: Option<String>,
    /// The number that was called.
    pub called: Option<String>,
    /// The conference.
    pub conference: Option<String>,
    /// On whom or what, in words, as it was named then.
    pub subject: Option<String>,
    /// The user, where it was one.
    pub user: Option<UserId>,
    /// `Success`, or why not.
    pub outcome: String,
    /// What changed, as JSON: `{"PINLifetime":[0,30]}`.
    pub changes: Option<String>,
}

/// Which records are wanted. Everything that is named must be so; texts compare without regard to
/// the case of ASCII letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// About this user.
    pub user: Option<UserId>,
    /// By this actor.
    pub actor: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// At this time or later.
    pub after: Option<Timestamp>,
    /// Before this time.
    pub before: Option<Timestamp>,
    /// The newest first rather than the oldest.
    pub newest_first: bool,
}

/// A part of the records that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditPage {
    /// The records in order.
    pub records: Vec<AuditRecord>,
    /// From where to go on; `None`: there are no more.
    pub next: Option<i64>,
}

/// A record and its hash: what proves later that everything up to it is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditMark {
    /// The record's number; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// The first thing that is wrong with the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditProblem {
    /// The record is not what it was, or the one before it is not the one that was there.
    Changed {
        /// The record.
        seq: i64,
    },
    /// Records are missing between others.
    Missing {
        /// The first that is missing.
        first: i64,
        /// The last that is missing.
        last: i64,
    },
    /// The last records are missing.
    Truncated {
        /// The first that is missing.
        first: i64,
        /// The last that is missing.
        last: i64,
    },
    /// A record where none can be: before the first or after the last.
    Unexpected {
        /// The record.
        seq: i64,
    },
    /// What is kept of both ends of the chain is missing or makes no sense.
    Ends,
    /// The list of the last records of the users does not fit: a search by user would not find all.
    UserIndex {
        /// The user.
        user: UserId,
    },
    /// A record that was noted earlier is not in the chain, or not as it was.
    NotTheNoted {
        /// The record.
        seq: i64,
    },
    /// A record that was noted earlier was removed by retention, so nothing can be said of it.
    NotedRemoved {
        /// The record.
        seq: i64,
    },
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AuditReport {
    /// How many records were looked at.
    pub records: u64,
    /// The last record that was removed by retention; number 0 where none was.
    pub anchor: AuditMark,
    /// The last record that was found good.
    pub head: AuditMark,
    /// What is wrong first; `None`: nothing.
    pub problem: Option<AuditProblem>,
}

/// What retention removed in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Pruned {
    /// How many records.
    pub removed: u64,
    /// Whether there are more to remove.
    pub more: bool,
}

/// Told how many records were looked at, and how many there are; answers whether to go on.
pub type AuditProgress = Box<dyn FnMut(u64, u64) -> bool + Send>;
