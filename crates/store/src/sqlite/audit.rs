//! The audit log: appending to it (R-SEC-4). Always in the transaction of what is recorded.
//!
//! The hash of a record is SHA-256 over the hash of the record before it and the columns in the order
//! of [`COLUMNS`], each with its type and its length, so that no two records are written alike.

pub(super) mod end;
mod figures;
mod prune;
mod search;
mod verify;

use std::sync::LazyLock;

use pinward_core::{Timestamp, UserId};
use rusqlite::params_from_iter;
use rusqlite::types::{ToSqlOutput, ValueRef};
use sha2::{Digest, Sha256};

use super::changes::Changes;
use super::convert::ms;
use super::transaction::Transaction;
use crate::{Act, Answer, AuditMark, LogOn};

pub(super) use self::figures::count_log_ons;
pub(super) use self::prune::prune;
use self::search::last_of;
pub(super) use self::search::search;
pub(super) use self::verify::verify;

/// What the hash covers, in order.
pub(super) const COLUMNS: &str = "seq, at, door, actor, action, client, caller, called, conference, \
     subject, user, outcome, changes, previous";
/// How many [`COLUMNS`] there are.
pub(super) const WIDTH: usize = 14;

/// The outcome of an act that was done.
const DONE: &str = "Success";
/// The outcome of an act that was refused because a role or its scope does not reach so far.
const REFUSED: &str = "AccessDenied";
/// The outcome of something that the program noticed.
const DETECTED: &str = "Detected";

/// A record's hash.
pub(super) type Hash = [u8; 32];

/// Records an act that was done to something else than a user.
pub(super) fn record(
    db: &Transaction<'_>,
    act: &Act,
    subject: &str,
    changes: &Changes,
) -> rusqlite::Result<()> {
    record_act(db, act, subject, None, DONE, changes)
}

/// Records an act that was done to a user, who is named as they are named after it.
pub(super) fn record_user(
    db: &Transaction<'_>,
    act: &Act,
    user: UserId,
    changes: &Changes,
) -> rusqlite::Result<()> {
    let subject: String = db
        .prepare_cached("SELECT coalesce(sip_address, dn) FROM user WHERE id = ?1")?
        .query_row([user.0], |row| row.get(0))?;
    record_act(db, act, &subject, Some(user), DONE, changes)
}

/// Records that an act was refused.
pub(super) fn record_refusal(
    db: &Transaction<'_>,
    act: &Act,
    subject: &str,
    user: Option<UserId>,
) -> rusqlite::Result<()> {
    record_act(db, act, subject, user, REFUSED, &Changes::default())
}

/// Records something that the program noticed of itself.
pub(super) fn record_detection(
    db: &Transaction<'_>,
    act: &Act,
    subject: &str,
) -> rusqlite::Result<()> {
    record_act(db, act, subject, None, DETECTED, &Changes::default())
}

fn record_act(
    db: &Transaction<'_>,
    act: &Act,
    subject: &str,
    user: Option<UserId>,
    outcome: &str,
    changes: &Changes,
) -> rusqlite::Result<()> {
    let changes = changes.text();
    let origin = &act.origin;
    let entry = Entry {
        at: ms(act.at),
        door: origin.door,
        actor: Some(&act.actor),
        action: act.action,
        client: origin.client.as_deref(),
        caller: origin.caller.as_deref(),
        called: origin.called.as_deref(),
        conference: origin.conference.as_deref(),
        subject: Some(subject),
        user: user.map(|user| user.0),
        outcome,
        changes: changes.as_deref(),
    };
    append_of(db, &entry)
}

/// Records the answer to a logon for which no attempt was needed.
pub(super) fn record_answer(
    db: &Transaction<'_>,
    log_on: &LogOn,
    answer: &Answer,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let nothing = Changes::default();
    let outcome = answer.outcome.name();
    record_log_on(db, log_on, answer.user, outcome, &nothing, now)
}

/// Records a logon that was refused without an attempt, where the user's record before it is known.
pub(super) fn record_refused(
    db: &Transaction<'_>,
    log_on: &LogOn,
    user: UserId,
    previous: Option<i64>,
    outcome: &str,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let entry = Entry::of(log_on, Some(user), outcome, None, now);
    append(db, &entry, previous)
}

/// Records what came of a logon, or of a sign-in.
pub(super) fn record_log_on(
    db: &Transaction<'_>,
    log_on: &LogOn,
    user: Option<UserId>,
    outcome: &str,
    changes: &Changes,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let changes = changes.text();
    let entry = Entry::of(log_on, user, outcome, changes.as_deref(), now);
    append_of(db, &entry)
}

/// One record, but for its place.
struct Entry<'a> {
    at: i64,
    door: &'a str,
    actor: Option<&'a str>,
    action: &'a str,
    client: Option<&'a str>,
    caller: Option<&'a str>,
    called: Option<&'a str>,
    conference: Option<&'a str>,
    subject: Option<&'a str>,
    user: Option<i64>,
    outcome: &'a str,
    changes: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// That of a logon.
    fn of(
        log_on: &'a LogOn,
        user: Option<UserId>,
        outcome: &'a str,
        changes: Option<&'a str>,
        now: Timestamp,
    ) -> Self {
        let origin = &log_on.origin;
        Self {
            at: ms(now),
            door: origin.door,
            actor: log_on.actor.as_deref(),
            action: log_on.action,
            client: origin.client.as_deref(),
            caller: origin.caller.as_deref(),
            called: origin.called.as_deref(),
            conference: origin.conference.as_deref(),
            subject: Some(&log_on.subject),
            user: user.map(|user| user.0),
            outcome,
            changes,
        }
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let places = ["?"; WIDTH].join(", ");
    format!("INSERT INTO audit ({COLUMNS}, hash) VALUES ({places}, ?)")
});

/// Appends a record after looking up the one of the same user before it.
fn append_of(db: &Transaction<'_>, entry: &Entry<'_>) -> rusqlite::Result<()> {
    let previous = match entry.user {
        Some(user) => last_of(db, user)?,
        None => None,
    };
    append(db, entry, previous)
}

fn append(db: &Transaction<'_>, entry: &Entry<'_>, previous: Option<i64>) -> rusqlite::Result<()> {
    let last = db.audit_end()?;
    let seq = last.seq.saturating_add(1);
    let columns: [ValueRef<'_>; WIDTH] = [
        ValueRef::Integer(seq),
        ValueRef::Integer(entry.at),
        text(Some(entry.door)),
        text(entry.actor),
        text(Some(entry.action)),
        text(entry.client),
        text(entry.caller),
        text(entry.called),
        text(entry.conference),
        text(entry.subject),
        integer(entry.user),
        text(Some(entry.outcome)),
        text(entry.changes),
        integer(previous),
    ];
    let hash = link(&last.hash, &columns);
    let all = columns.into_iter().chain([ValueRef::Blob(&hash)]);
    let all = params_from_iter(all.map(ToSqlOutput::Borrowed));
    db.with(&INSERT, |it| it.execute(all))?;
    db.appended(AuditMark { seq, hash });
    if let Some(user) = entry.user {
        // Both in one statement would make SQLite copy each page first, should half of it fail.
        let statement = match previous {
            Some(_) => "UPDATE audit_user SET seq = ?2 WHERE user = ?1",
            None => "INSERT INTO audit_user (user, seq) VALUES (?1, ?2)",
        };
        db.with(statement, |it| it.execute((user, seq)))?;
    }
    Ok(())
}

fn text(value: Option<&str>) -> ValueRef<'_> {
    value.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
}

fn integer(value: Option<i64>) -> ValueRef<'static> {
    value.map_or(ValueRef::Null, ValueRef::Integer)
}

/// The hash of a record, given that of the one before it.
pub(super) fn link(before: &Hash, columns: &[ValueRef<'_>; WIDTH]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(before);
    for column in columns {
        let (kind, bytes): (u8, &[u8]) = match column {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(number) => (1, &number.to_be_bytes()),
            ValueRef::Real(number) => (2, &number.to_be_bytes()),
            ValueRef::Text(text) => (3, text),
            ValueRef::Blob(blob) => (4, blob),
        };
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    hash.finalize().into()
}
