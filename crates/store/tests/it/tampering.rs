//! Whatever is done to the audit log below the store is found (R-SEC-4).

use pinward_core::LengthClass;
use pinward_store::{AuditMark, AuditProblem, AuditReport, SqliteStore, Store, Verdict};
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

use crate::support::{LEASE, act, admitted, at, log_on, people, scratch, set_pin, settle};

/// A store with records of every kind, and a way to its file that does not lead through it.
struct Scene {
    store: SqliteStore,
    below: Connection,
    _dir: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let dir = scratch();
        let store = SqliteStore::create(dir.path()).unwrap();
        let ids = people(&store, 2).await;
        set_pin(&store, ids[0], LengthClass::Five, at(1)).await;
        let _pruned = store.prune_audit(at(1), 1, &act(at(2))).await.unwrap();
        let attempt = admitted(&store, ids[0], at(3)).await;
        settle(&store, attempt, Verdict::Wrong, at(3)).await;
        drop(store.charge(ids[1], at(4), LEASE, &log_on()).await.unwrap());
        assert!(store.lock_pin(ids[1], &act(at(5))).await.unwrap());
        let below = Connection::open(dir.path().join("pinward.db")).unwrap();
        Self {
            store,
            below,
            _dir: dir,
        }
    }

    async fn verify(&self, noted: &[AuditMark]) -> AuditReport {
        let found = self
            .store
            .verify_audit(noted.to_vec(), Box::new(|_, _| true))
            .await;
        found.unwrap().unwrap()
    }

    /// What is found after `tampering`, which is then undone.
    async fn found_after(&self, tampering: &str) -> Option<AuditProblem> {
        self.below
            .execute_batch(
                "CREATE TABLE kept AS SELECT * FROM audit;
                 CREATE TABLE kept_end AS SELECT * FROM audit_end;
                 CREATE TABLE kept_user AS SELECT * FROM audit_user;",
            )
            .unwrap();
        self.below.execute_batch(tampering).unwrap();
        let problem = self.verify(&[]).await.problem;
        self.below
            .execute_batch(
                "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;
                 DELETE FROM audit_end; INSERT INTO audit_end SELECT * FROM kept_end;
                 DELETE FROM audit_user; INSERT INTO audit_user SELECT * FROM kept_user;
                 DROP TABLE kept; DROP TABLE kept_end; DROP TABLE kept_user;",
            )
            .unwrap();
        problem
    }

    /// Flips one bit of each byte of every column of a table, one at a time; how many there were.
    async fn flip_every_byte(&self, table: &str) -> usize {
        let mut rows = self
            .below
            .prepare(&format!("SELECT rowid, * FROM {table}"))
            .unwrap();
        let names: Vec<String> = rows.column_names().map(str::to_owned).collect();
        let mut cells = Vec::new();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (place, name) in names.iter().enumerate().skip(1) {
                cells.push((
                    row.get::<_, i64>(0).unwrap(),
                    name.clone(),
                    row.get::<_, Value>(place).unwrap(),
                ));
            }
        }
        let mut flipped = 0;
        for (row, name, value) in cells {
            for other in flips(&value) {
                // The key of a row moves with the row.
                let moved = match (&other, name.as_str()) {
                    (Value::Integer(key), "seq") if table == "audit" => key.to_owned(),
                    (Value::Integer(key), "user") if table == "audit_user" => key.to_owned(),
                    _ => row,
                };
                let text = matches!(value, Value::Text(_));
                let cast = if text { "CAST(?1 AS TEXT)" } else { "?1" };
                let set = format!("UPDATE {table} SET {name} = {cast} WHERE rowid = ?2");
                let changed = self.below.execute(&set, (&other, row));
                // What the schema itself refuses needs no chain.
                if changed.is_err() {
                    continue;
                }
                let report = self.verify(&[]).await;
                assert!(
                    report.problem.is_some(),
                    "{table}.{name} of {row}: {value:?} as {other:?}"
                );
                self.below.execute(&set, (&value, moved)).unwrap();
                flipped += 1;
            }
        }
        assert_eq!(self.verify(&[]).await.problem, None);
        flipped
    }
}

/// The value with each of its bytes changed, one at a time, and with none and one more.
fn flips(value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(number) => (0..8)
            .map(|byte| Value::Integer(number ^ (1 << (8 * byte))))
            .collect(),
        Value::Text(text) => bytes(text.as_bytes()),
        Value::Blob(blob) => bytes(blob),
        Value::Null => vec![Value::Integer(0), Value::Blob(b"x".to_vec())],
        Value::Real(_) => Vec::new(),
    }
}

fn bytes(value: &[u8]) -> Vec<Value> {
    let flip = |place: usize| {
        let mut flipped = value.to_vec();
        flipped[place] ^= 1;
        flipped
    };
    let longer = [value, b"x"].concat();
    let all = (0..value.len()).map(flip).chain([longer, Vec::new()]);
    all.map(Value::Blob).collect()
}

#[tokio::test]
async fn every_flipped_byte_is_found() {
    let scene = Scene::new().await;
    let flipped = scene.flip_every_byte("audit").await;
    assert!(flipped > 800, "{flipped} bytes were looked at");
    for table in ["audit_end", "audit_user"] {
        assert!(scene.flip_every_byte(table).await > 4);
    }
}

#[tokio::test]
async fn removed_added_and_moved_records_are_found() {
    let scene = Scene::new().await;
    let report = scene.verify(&[]).await;
    let (first, last) = (report.anchor.seq + 1, report.head.seq);
    assert_eq!((first, last, report.problem), (2, 7, None));
    let columns = "at, door, actor, action, client, caller, called, conference, subject, user, \
                   outcome, changes, previous, hash";
    for (tampering, expected) in [
        (
            "DELETE FROM audit WHERE seq = 2".to_owned(),
            AuditProblem::Missing { first, last: 2 },
        ),
        (
            "DELETE FROM audit WHERE seq IN (4, 5)".to_owned(),
            AuditProblem::Missing { first: 4, last: 5 },
        ),
        (
            "DELETE FROM audit WHERE seq = 7".to_owned(),
            AuditProblem::Truncated { first: last, last },
        ),
        (
            "DELETE FROM audit WHERE seq > 5".to_owned(),
            AuditProblem::Truncated { first: 6, last },
        ),
        (
            "DELETE FROM audit".to_owned(),
            AuditProblem::Truncated { first, last },
        ),
        (
            format!("INSERT INTO audit SELECT 8, {columns} FROM audit WHERE seq = 7"),
            AuditProblem::Unexpected { seq: 8 },
        ),
        (
            format!("INSERT INTO audit SELECT 1, {columns} FROM audit WHERE seq = 2"),
            AuditProblem::Unexpected { seq: 1 },
        ),
        (
            // The last two are removed and the end is made to fit, but not its hash.
            "DELETE FROM audit WHERE seq > 5; UPDATE audit_end SET seq = 5".to_owned(),
            AuditProblem::Ends,
        ),
        (
            "UPDATE audit SET seq = 99 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
             UPDATE audit SET seq = 5 WHERE seq = 99"
                .to_owned(),
            AuditProblem::Changed { seq: 4 },
        ),
        ("DELETE FROM audit_end".to_owned(), AuditProblem::Ends),
        (
            "DELETE FROM audit_user WHERE user = 2".to_owned(),
            AuditProblem::UserIndex {
                user: pinward_core::UserId(2),
            },
        ),
    ] {
        let found = scene.found_after(&tampering).await;
        assert_eq!(found, Some(expected), "{tampering}");
        assert_eq!(scene.verify(&[]).await.problem, None, "undone: {tampering}");
    }
}

#[tokio::test]
async fn a_noted_head_shows_a_chain_that_was_made_anew() {
    let scene = Scene::new().await;
    let noted = scene.verify(&[]).await.head;
    let other = Scene::new().await;
    // The same acts make the same chain; one more makes no difference to what was noted.
    assert_eq!(other.verify(&[noted]).await.problem, None);
    assert!(
        other
            .store
            .unlock_pin(pinward_core::UserId(1), &act(at(9)))
            .await
            .unwrap()
    );
    assert_eq!(other.verify(&[noted]).await.problem, None);
    for (mark, expected) in [
        (
            AuditMark {
                hash: [7; 32],
                ..noted
            },
            AuditProblem::NotTheNoted { seq: noted.seq },
        ),
        (
            AuditMark { seq: 99, ..noted },
            AuditProblem::NotTheNoted { seq: 99 },
        ),
        (
            AuditMark { seq: 0, ..noted },
            AuditProblem::NotedRemoved { seq: 0 },
        ),
    ] {
        assert_eq!(scene.verify(&[mark]).await.problem, Some(expected));
    }
}
