//! Synchronising with a source: what goes into a store and what comes out.
//!
//! A reading is staged, judged, planned, applied in steps, and ended. Until it is applied it changes
//! nobody; one that another reading of the same source has overtaken answers `None`.

use pinward_core::{Person, Timestamp, UserId};

/// One reading of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingId {
    /// The row of the source.
    pub source: i64,
    /// Which of its readings.
    pub number: i64,
}

/// A reading that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The reading.
    pub reading: ReadingId,
    /// Where the last complete one ended, in the source's own words.
    pub cookie: Option<String>,
}

/// One entry of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Staged {
    /// A person as they are now.
    Person(Box<Person>),
    /// A person who is no more.
    Gone {
        /// Their GUID.
        guid: String,
    },
    /// Somebody who is there, but of whom nothing can be made.
    Unusable {
        /// Their GUID where it is known.
        guid: Option<String>,
        /// Their distinguished name, or the place in a file.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

/// How a reading is to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncTerms {
    /// Whether everybody was read, so that whoever was not seen is gone.
    pub full: bool,
    /// Whoever is gone since then or longer is purged.
    pub purge_before: Timestamp,
}

/// What applying a reading would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncPlan {
    /// Users of the source who are enabled now.
    pub enabled: u64,
    /// People who are new.
    pub created: u64,
    /// People whose details change.
    pub updated: u64,
    /// People who stay as they are.
    pub unchanged: u64,
    /// People who were gone and are back, with everything they had.
    pub returned: u64,
    /// Enabled users who are disabled, whether the source says so or has them no more.
    pub disabled: u64,
    /// Some of them by name.
    pub disabled_names: Vec<String>,
    /// Whom the source has no more.
    pub missing: Vec<UserId>,
    /// Who is gone for so long that they are purged.
    pub purge: Vec<UserId>,
    /// So many people were not seen and are left as they are, because there are entries of which it
    /// cannot be told whose they are.
    pub held_back: u64,
    /// Entries that are left out: the name and why.
    pub unusable: Vec<(String, String)>,
    /// Numbers and addresses that several enabled users have.
    pub conflicts: Vec<Conflict>,
}

/// A number or an address that several enabled users have (R-AUTH-6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `extension`, `number` or `SIP address`.
    pub what: String,
    /// Which.
    pub value: String,
    /// Who has it, `domain\logon`.
    pub users: Vec<String>,
}

/// One step of applying a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncStep {
    /// So many of the entries that are not applied yet, at most.
    Entries(usize),
    /// These people are not there any more.
    Missing(Vec<UserId>),
    /// These people are gone for long enough.
    Purge(Vec<UserId>),
}

/// What applying a reading did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncFigures {
    /// People who were new.
    pub created: u64,
    /// People whose details changed.
    pub updated: u64,
    /// People who were gone and are back.
    pub returned: u64,
    /// Users who were enabled and are no more.
    pub disabled: u64,
    /// People who are purged.
    pub purged: u64,
    /// Entries and people gone through; less than was asked for when there are no more.
    pub gone_through: usize,
}

impl SyncFigures {
    /// Adds what a further step did.
    pub fn add(&mut self, step: Self) {
        self.created += step.created;
        self.updated += step.updated;
        self.returned += step.returned;
        self.disabled += step.disabled;
        self.purged += step.purged;
        self.gone_through += step.gone_through;
    }
}

/// How a reading ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncEnd {
    /// Whether it was read and applied to its end.
    pub complete: bool,
    /// Whether everybody was read.
    pub full: bool,
    /// One word for the status.
    pub result: String,
    /// Where the next increment begins.
    pub cookie: Option<String>,
    /// How many numbers and addresses several users have.
    pub conflicts: u64,
    /// What was done.
    pub figures: SyncFigures,
}

/// What is known of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceStatus {
    /// Its name.
    pub name: String,
    /// What it is: `File`, `Ldap`.
    pub kind: String,
    /// People of the source, those who are gone included.
    pub users: u64,
    /// Those of them who are enabled.
    pub enabled: u64,
    /// Those of them who are gone.
    pub gone: u64,
    /// When everybody was last read and applied.
    pub last_full: Option<Timestamp>,
    /// When what had changed was last read and applied.
    pub last_increment: Option<Timestamp>,
    /// When a reading that was not left yet last took a step; long ago, whoever read is there no more.
    pub under_way: Option<Timestamp>,
    /// When a reading last ended, whatever came of it.
    pub last_attempt: Option<Timestamp>,
    /// What came of that.
    pub last_result: Option<String>,
    /// Whether the next reading can be an increment.
    pub has_cookie: bool,
    /// Numbers and addresses that several enabled users have.
    pub conflicts: u64,
}
