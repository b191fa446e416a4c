//! Verifying the audit log: from the anchor record by record to the end.

use std::collections::HashMap;

use pinward_core::UserId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{COLUMNS, WIDTH, link};
use crate::{AuditMark, AuditProblem, AuditProgress, AuditReport};

/// Records between two reports of progress.
const STRIDE: u64 = 4096;
/// The user's place among the columns.
const USER: usize = 10;

/// Looks at everything, in one view. `None`: whoever asked does not want to know any more.
pub(in super::super) fn verify(
    db: &Connection,
    noted: &[AuditMark],
    progress: &mut AuditProgress,
) -> rusqlite::Result<Option<AuditReport>> {
    let view = db.unchecked_transaction()?;
    let Some((anchor, end)) = ends(&view)? else {
        return Ok(Some(AuditReport {
            records: 0,
            anchor: NOTHING,
            head: NOTHING,
            problem: Some(AuditProblem::Ends),
        }));
    };
    let mut walk = Walk {
        report: AuditReport {
            records: 0,
            anchor,
            head: anchor,
            problem: None,
        },
        last_of: HashMap::new(),
    };
    let all = end.seq.saturating_sub(anchor.seq).unsigned_abs();
    walk.check_noted(noted, anchor, true);
    let mut rows = view.prepare(&format!("SELECT {COLUMNS}, hash FROM audit ORDER BY seq"))?;
    let mut rows = rows.query([])?;
    while walk.report.problem.is_none()
        && let Some(row) = rows.next()?
    {
        walk.report.problem = walk.step(row, end)?;
        walk.check_noted(noted, walk.report.head, false);
        if walk.report.records.is_multiple_of(STRIDE) && !progress(walk.report.records, all) {
            return Ok(None);
        }
    }
    if walk.report.problem.is_none() {
        walk.report.problem = walk.at_the_end(&view, end, noted)?;
    }
    Ok(Some(walk.report))
}

const NOTHING: AuditMark = AuditMark {
    seq: 0,
    hash: [0; 32],
};

/// The anchor and the last record, as they are kept; `None`: they are not, or not so that they could
/// be true.
fn ends(db: &Connection) -> rusqlite::Result<Option<(AuditMark, AuditMark)>> {
    let row = db
        .prepare_cached("SELECT anchor_seq, anchor_hash, seq, hash FROM audit_end")?
        .query_row([], |row| {
            let mark = |at| {
                Some(AuditMark {
                    seq: row.get(at).ok()?,
                    hash: row.get(at + 1).ok()?,
                })
            };
            Ok(mark(0).zip(mark(2)))
        })
        .optional()?;
    Ok(row.flatten().filter(|(anchor, end)| {
        let at_the_beginning = anchor.seq != 0 || anchor.hash == NOTHING.hash;
        (0..=end.seq).contains(&anchor.seq) && at_the_beginning
    }))
}

struct Walk {
    report: AuditReport,
    last_of: HashMap<i64, i64>,
}

impl Walk {
    /// One record; what is wrong with it.
    fn step(&mut self, row: &Row<'_>, end: AuditMark) -> rusqlite::Result<Option<AuditProblem>> {
        let mut columns = [ValueRef::Null; WIDTH];
        for (at, column) in columns.iter_mut().enumerate() {
            *column = row.get_ref(at)?;
        }
        let (ValueRef::Integer(seq), stored) = (columns[0], row.get_ref(WIDTH)?) else {
            return Ok(Some(AuditProblem::Ends));
        };
        let before = self.report.head;
        let expected = before.seq.saturating_add(1);
        if seq < expected || seq > end.seq {
            return Ok(Some(AuditProblem::Unexpected { seq }));
        }
        if seq > expected {
            return Ok(Some(AuditProblem::Missing {
                first: expected,
                last: seq - 1,
            }));
        }
        let hash = link(&before.hash, &columns);
        if stored != ValueRef::Blob(&hash) {
            return Ok(Some(AuditProblem::Changed { seq }));
        }
        self.report.records += 1;
        self.report.head = AuditMark { seq, hash };
        if let ValueRef::Integer(user) = columns[USER] {
            self.last_of.insert(user, seq);
        }
        Ok(None)
    }

    /// Whether a record that was noted earlier is as it was.
    fn check_noted(&mut self, noted: &[AuditMark], here: AuditMark, anchor: bool) {
        for mark in noted {
            if mark.seq == here.seq && mark.hash != here.hash {
                self.report.problem = Some(AuditProblem::NotTheNoted { seq: mark.seq });
            }
            if anchor && mark.seq < here.seq {
                self.report.problem = Some(AuditProblem::NotedRemoved { seq: mark.seq });
            }
        }
    }

    /// What is wrong when all records are good.
    fn at_the_end(
        &self,
        db: &Connection,
        end: AuditMark,
        noted: &[AuditMark],
    ) -> rusqlite::Result<Option<AuditProblem>> {
        let head = self.report.head;
        if head.seq < end.seq {
            return Ok(Some(AuditProblem::Truncated {
                first: head.seq + 1,
                last: end.seq,
            }));
        }
        if head.hash != end.hash {
            return Ok(Some(AuditProblem::Ends));
        }
        if let Some(mark) = noted.iter().find(|mark| mark.seq > head.seq) {
            return Ok(Some(AuditProblem::NotTheNoted { seq: mark.seq }));
        }
        self.check_index(db)
    }

    /// Whether the list of the users' last records is as the records say.
    fn check_index(&self, db: &Connection) -> rusqlite::Result<Option<AuditProblem>> {
        let mut index = HashMap::new();
        let mut rows = db.prepare("SELECT user, seq FROM audit_user")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            index.insert(row.get::<_, i64>(0)?, row.get::<_, i64>(1)?);
        }
        let differs = |(user, seq): (&i64, &i64)| {
            let known = index.get(user) == Some(seq) && self.last_of.get(user) == Some(seq);
            (!known).then_some(*user)
        };
        let wrong = self.last_of.iter().chain(&index).filter_map(differs).min();
        Ok(wrong.map(|user| AuditProblem::UserIndex { user: UserId(user) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_where_it_is_looked_for() {
        let names: Vec<_> = COLUMNS.split(',').map(str::trim).collect();
        assert_eq!((names[USER], names.len()), ("user", WIDTH));
    }
}
