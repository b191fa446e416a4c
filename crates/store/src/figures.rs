//! Figures of the audit log: what came of logons, hour by hour, and where failures came from.

use pinward_core::{Outcome, Timestamp};

/// From where to go on counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountFrom {
    /// The first record that is not older than this. Clocks that were set back may leave out some.
    Time(Timestamp),
    /// The one after this record.
    After(i64),
}

/// What a part of the audit log comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogOnCounts {
    /// The last record that was looked at: where the next part begins.
    pub last: i64,
    /// Whether there are records after it.
    pub more: bool,
    /// Logons by hour and outcome; no entry twice.
    pub hours: Vec<HourCount>,
    /// Failed logons by day and source; no entry twice.
    pub failures: Vec<FailureCount>,
}

/// Logons of one hour that came out alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// Hours since 1970 in UTC.
    pub hour: i64,
    /// What came out.
    pub outcome: Outcome,
    /// Whether the user is locked or locked out since.
    pub locked_out: bool,
    /// How many.
    pub log_ons: u64,
}

/// Logons of one day from one source that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureCount {
    /// Days since 1970 in UTC.
    pub day: i64,
    /// The client's address or name.
    pub client: Option<String>,
    /// The number that called.
    pub caller: Option<String>,
    /// How many.
    pub log_ons: u64,
}
