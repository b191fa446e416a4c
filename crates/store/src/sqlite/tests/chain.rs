//! The audit log stays one chain however transactions, and parts of them, end: R-SEC-4.

use std::path::Path;

use pinward_core::Timestamp;
use tempfile::TempDir;

use super::super::transaction::Transaction;
use super::super::write_connection::WriteConnection;
use super::super::{SqliteStore, audit, file};
use super::{at_once, comes_to_write_at_once, held, store};
use crate::{Act, AuditReport, Origin, Store, StoreError};

fn act(second: i64) -> Act {
    Act {
        at: Timestamp::from_second(second).unwrap(),
        actor: "somebody".to_owned(),
        action: "Test",
        origin: Origin::of("program"),
    }
}

fn append(db: &WriteConnection, second: i64) -> rusqlite::Result<()> {
    audit::record_detection(&Transaction::of(db), &act(second), "something")
}

/// The connection of a process that writes.
fn writer(dir: &Path) -> WriteConnection {
    file::connect_writer(&file::path_in(dir)).unwrap()
}

fn one() -> (TempDir, WriteConnection) {
    let (dir, _store) = store();
    let db = writer(dir.path());
    (dir, db)
}

/// The number of the last record, as the database says.
fn written(db: &WriteConnection) -> i64 {
    db.query_row("SELECT seq FROM audit_end", [], |row| row.get(0))
        .unwrap()
}

fn verified(db: &WriteConnection) -> AuditReport {
    let mut progress: crate::AuditProgress = Box::new(|_, _| true);
    audit::verify(db, &[], &mut progress).unwrap().unwrap()
}

/// So many records are there, and they are a chain.
fn assert_chain(report: &AuditReport, records: u64) {
    assert_eq!((report.problem, report.records), (None, records));
}

#[test]
fn the_end_is_written_once_and_by_the_commit() {
    let (_dir, db) = one();
    let before = db.total_changes();
    db.begin().unwrap();
    for second in 1..=3 {
        append(&db, second).unwrap();
        assert_eq!(db.audit_end().unwrap().seq, second);
        assert_eq!(written(&db), 0);
    }
    db.commit().unwrap();
    assert_eq!(written(&db), 3);
    assert_eq!(db.total_changes() - before, 3 + 1);
    assert_chain(&verified(&db), 3);
}

#[test]
fn where_nothing_is_appended_no_end_is_written() {
    let (_dir, db) = one();
    db.begin().unwrap();
    append(&db, 1).unwrap();
    db.commit().unwrap();
    let before = db.total_changes();
    db.begin().unwrap();
    assert_eq!(db.audit_end().unwrap().seq, 1);
    db.commit().unwrap();
    assert_eq!(db.total_changes(), before);
}

#[test]
fn what_is_undone_alone_leaves_the_end_where_it_was() {
    let (_dir, db) = one();
    // With and without a record before it in the same transaction.
    for before in [0, 2] {
        db.begin().unwrap();
        for _ in 0..before {
            append(&db, 1).unwrap();
        }
        let end = db.audit_end().unwrap();
        let outer = db.savepoint("outer").unwrap();
        append(&db, 2).unwrap();
        let inner = db.savepoint("inner").unwrap();
        append(&db, 3).unwrap();
        inner.keep().unwrap();
        outer.undo().unwrap();
        assert_eq!(db.audit_end().unwrap(), end);
        db.commit().unwrap();
        assert_chain(&verified(&db), before);
    }
    db.begin().unwrap();
    let kept = db.savepoint("kept").unwrap();
    append(&db, 4).unwrap();
    kept.keep().unwrap();
    append(&db, 5).unwrap();
    db.commit().unwrap();
    assert_chain(&verified(&db), 4);
}

/// How a transaction with one record ends, and how many records stay.
type Ending = (fn(&WriteConnection) -> rusqlite::Result<()>, u64);

#[test]
fn each_transaction_reads_the_end_anew() {
    let endings: [Ending; 3] = [
        (WriteConnection::commit, 1),
        (WriteConnection::rollback, 0),
        // As SQLite itself does it where the disk fails.
        (|db| db.execute_batch("ROLLBACK"), 0),
    ];
    let beginnings: [fn(&mut WriteConnection) -> rusqlite::Result<()>; 2] =
        [|db| db.begin(), WriteConnection::begin_without_waiting];
    let (dir, mut here) = one();
    let there = writer(dir.path());
    let mut records = 0;
    for begin in beginnings {
        for (end, stay) in endings {
            begin(&mut here).unwrap();
            append(&here, 1).unwrap();
            end(&here).unwrap();
            there.begin().unwrap();
            append(&there, 2).unwrap();
            there.commit().unwrap();
            begin(&mut here).unwrap();
            append(&here, 3).unwrap();
            here.commit().unwrap();
            records += stay + 2;
            assert_chain(&verified(&here), records);
        }
    }
}

#[test]
fn a_transaction_that_ended_by_itself_writes_no_end() {
    let (_dir, db) = one();
    db.begin().unwrap();
    append(&db, 1).unwrap();
    db.execute_batch("ROLLBACK").unwrap();
    assert!(db.commit().is_err());
    assert_chain(&verified(&db), 0);
    db.begin().unwrap();
    append(&db, 2).unwrap();
    db.commit().unwrap();
    assert_chain(&verified(&db), 1);
}

/// Changes something that a commit refuses, and appends before it.
fn cannot_be_committed(db: &Transaction<'_>) -> rusqlite::Result<()> {
    append(db, 1)?;
    db.execute_batch(
        "PRAGMA defer_foreign_keys = ON;
         INSERT INTO role_grant (user, role) VALUES (4711, 'of nobody')",
    )
}

#[test]
fn a_commit_that_fails_leaves_no_end() {
    let (_dir, db) = one();
    db.begin().unwrap();
    cannot_be_committed(&Transaction::of(&db)).unwrap();
    assert!(db.commit().is_err());
    assert!(!db.is_autocommit(), "the transaction is still open");
    db.rollback().unwrap();
    assert_chain(&verified(&db), 0);
    db.begin().unwrap();
    append(&db, 2).unwrap();
    db.commit().unwrap();
    assert_chain(&verified(&db), 1);
}

#[test]
fn retention_knows_what_was_appended_in_its_transaction() {
    let (_dir, db) = one();
    db.begin().unwrap();
    for second in 1..=4 {
        append(&db, second).unwrap();
    }
    let in_part = audit::prune(&Transaction::of(&db), act(3).at, 100, &act(5)).unwrap();
    assert_eq!((in_part.removed, in_part.more), (2, false));
    // All of them, the record of that pruning included.
    let all = audit::prune(&Transaction::of(&db), act(9).at, 100, &act(9)).unwrap();
    assert_eq!((all.removed, all.more), (3, false));
    append(&db, 10).unwrap();
    db.commit().unwrap();
    let report = verified(&db);
    assert_chain(&report, 2);
    assert_eq!((report.anchor.seq, report.head.seq), (5, 7));
}

async fn chain(store: &SqliteStore) -> AuditReport {
    let report = store.verify_audit(Vec::new(), Box::new(|_, _| true)).await;
    report.unwrap().unwrap()
}

fn fails(db: &Transaction<'_>) -> rusqlite::Result<()> {
    append(db, 1)?;
    Err(rusqlite::Error::InvalidQuery)
}

fn panics(db: &Transaction<'_>) -> rusqlite::Result<()> {
    append(db, 1)?;
    panic!("this piece is broken on purpose")
}

#[tokio::test]
async fn pieces_that_fail_among_others_leave_no_gap() {
    let (_dir, store) = store();
    let (first, answers) = held(&store, async {
        tokio::join!(biased;
            store.write_short(|db| append(db, 1)),
            store.write_short(fails),
            store.write(|db| append(db, 2)),
            store.write_short(panics),
            store.write_short(|db| append(db, 3)),
        )
    })
    .await;
    assert_eq!(
        (first, answers.0, answers.2, answers.4),
        (Ok(()), Ok(()), Ok(()), Ok(()))
    );
    for failed in [answers.1, answers.3] {
        assert!(
            matches!(failed, Err(StoreError::Internal { .. })),
            "{failed:?}"
        );
    }
    assert_chain(&chain(&store).await, 3);
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_all_and_leaves_no_gap() {
    let (_dir, store) = store();
    for records in 1..=2 {
        let (_, answers) = held(&store, async {
            tokio::join!(biased;
                store.write_short(|db| append(db, 1)),
                store.write_short(cannot_be_committed),
                store.write(|db| append(db, 2)),
            )
        })
        .await;
        for answer in [answers.0, answers.1, answers.2] {
            assert!(
                matches!(answer, Err(StoreError::Internal { .. })),
                "{answer:?}"
            );
        }
        store.write_short(|db| append(db, 3)).await.unwrap();
        assert_chain(&chain(&store).await, records);
    }
}

#[tokio::test]
async fn a_piece_that_fails_at_once_leaves_no_gap() {
    let (dir, store) = at_once().await;
    let there = writer(dir.path());
    for broken in [fails, panics] {
        comes_to_write_at_once(&store).await;
        store.write_short(broken).await.expect_err("it is broken");
        there.begin().unwrap();
        append(&there, 2).unwrap();
        there.commit().unwrap();
        store.write_short(|db| append(db, 3)).await.unwrap();
    }
    assert_chain(&chain(&store).await, 4);
}
