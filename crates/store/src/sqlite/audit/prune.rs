//! Retention: removing the oldest records. The hash of the last one that goes stays as the anchor
//! from which the others are verified.

use pinward_core::Timestamp;

use super::super::changes::Changes;
use super::super::convert::ms;
use super::super::transaction::Transaction;
use super::{Hash, record};
use crate::{Act, Pruned};

/// Removes at most `most` of the records from the oldest on that are older than `before`, and records
/// that. Stops at the first that is not: what is kept has no gaps.
pub(in super::super) fn prune(
    db: &Transaction<'_>,
    before: Timestamp,
    most: u64,
    act: &Act,
) -> rusqlite::Result<Pruned> {
    let end = db.audit_end()?.seq;
    let anchor: i64 = db
        .prepare_cached("SELECT anchor_seq FROM audit_end")?
        .query_row([], |row| row.get(0))?;
    let kept: Option<i64> = db
        .prepare_cached("SELECT min(seq) FROM audit WHERE at >= ?1")?
        .query_row([ms(before)], |row| row.get(0))?;
    let old_enough = kept.map_or(end, |kept| kept.saturating_sub(1));
    let last = old_enough.min(anchor.saturating_add_unsigned(most));
    if last <= anchor {
        return Ok(Pruned {
            removed: 0,
            more: false,
        });
    }
    let hash: Hash = db
        .prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?
        .query_row([last], |row| row.get(0))?;
    let removed = db
        .prepare_cached("DELETE FROM audit WHERE seq <= ?1")?
        .execute([last])?;
    db.prepare_cached("DELETE FROM audit_user WHERE seq <= ?1")?
        .execute([last])?;
    db.prepare_cached("UPDATE audit_end SET anchor_seq = ?1, anchor_hash = ?2")?
        .execute((last, hash))?;
    let changes = Changes::default().of("FirstRecord", anchor + 1, last + 1);
    record(db, act, "audit log", &changes)?;
    Ok(Pruned {
        removed: removed as u64,
        more: last < old_enough,
    })
}
