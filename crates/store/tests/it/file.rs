//! The file: creation, permissions, formats, other people's files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pinward_core::{Outcome, Reach};
use pinward_store::{Answer, Delivery, OpenError, SearchFor, SqliteStore, Store};
use rusqlite::Connection;

use crate::support::{log_on, people, scratch};

fn database(dir: &Path) -> std::path::PathBuf {
    dir.join("pinward.db")
}

#[tokio::test]
async fn only_the_owner_reads() {
    let parent = scratch();
    let dir = parent.path().join("a").join("data");
    let store = SqliteStore::create(&dir).unwrap();
    people(&store, 1).await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let mut files = 0;
    for file in fs::read_dir(&dir).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
        files += 1;
    }
    assert_eq!(files, 3, "database, log and index");
}

#[tokio::test]
async fn what_was_kept_is_there_again() {
    let dir = scratch();
    let store = SqliteStore::create(dir.path()).unwrap();
    people(&store, 3).await;
    let users = store.users_after(None, 9).await.unwrap();
    drop(store);
    let store = SqliteStore::open(dir.path()).unwrap();
    assert_eq!(store.users_after(None, 9).await.unwrap(), users);
}

#[test]
fn nothing_is_overwritten_and_nothing_invented() {
    let dir = scratch();
    let missing = SqliteStore::open(dir.path()).err();
    assert!(
        matches!(missing, Some(OpenError::NotFound { .. })),
        "{missing:?}"
    );
    assert!(!database(dir.path()).exists());
    drop(SqliteStore::create(dir.path()).unwrap());
    let exists = SqliteStore::create(dir.path()).err();
    assert!(
        matches!(exists, Some(OpenError::Exists { .. })),
        "{exists:?}"
    );
}

/// Everything in the folder that matters: the index of the log is rebuilt at will.
fn bytes(dir: &Path) -> Vec<Option<Vec<u8>>> {
    ["pinward.db", "pinward.db-wal"]
        .map(|name| fs::read(dir.join(name)).ok())
        .into()
}

#[tokio::test]
async fn a_newer_format_is_left_untouched() {
    let dir = scratch();
    let store = SqliteStore::create(dir.path()).unwrap();
    people(&store, 3).await;
    drop(store);
    // A newer program may still be at it: its log holds what the file does not.
    let newer = Connection::open(database(dir.path())).unwrap();
    newer
        .execute_batch("PRAGMA user_version = 99; CREATE TABLE newer (x);")
        .unwrap();
    for ended in [false, true] {
        if ended {
            newer
                .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
                .unwrap();
        }
        let before = bytes(dir.path());
        for _ in 0..2 {
            match SqliteStore::open(dir.path()).err() {
                Some(OpenError::TooNew {
                    found: 99,
                    known: 1..=98,
                    ..
                }) => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(bytes(dir.path()) == before, "the file was changed");
    }
}

// Migrations: what an older version kept is there, and PINs stay bound to what they were made for.
#[tokio::test]
async fn older_formats_are_brought_up_to_date() {
    // What makes each format into the one before it, the newest first.
    let steps = [
        "DROP TABLE generation;",
        "DROP TRIGGER user_found_removed; DROP TABLE user_found; DROP VIEW searchable;
         CREATE VIEW searchable (user, words) AS SELECT user, logon FROM user_key;
         CREATE VIRTUAL TABLE user_search USING fts5 (words, content = '', contentless_delete = 1);
         CREATE TRIGGER user_search_removed AFTER DELETE ON user BEGIN
             DELETE FROM user_search WHERE rowid = old.id;
         END;",
        "DROP TABLE delivery;
         CREATE TABLE delivery (key BLOB PRIMARY KEY, input BLOB NOT NULL, expires INTEGER NOT NULL,
         attempt INTEGER, outcome TEXT, user INTEGER, locked_until INTEGER) STRICT, WITHOUT ROWID;
         CREATE INDEX delivery_expires ON delivery (expires);",
        "ALTER TABLE source DROP COLUMN last_begun;",
        "DROP TRIGGER user_search_removed; DROP TABLE user_search; DROP VIEW searchable;",
        "DROP TABLE client_key; DROP TABLE client;",
        "DROP TABLE staged; DROP TABLE purged; DROP INDEX user_source;
         ALTER TABLE user DROP COLUMN gone_since; ALTER TABLE user DROP COLUMN source;
         DROP TABLE source;",
        "DROP TABLE access_region; DROP TABLE access_number;",
        "DROP TABLE placement; DROP TABLE unplaced; DROP INDEX user_given_site; DROP INDEX user_site;
         ALTER TABLE user DROP COLUMN given_site; ALTER TABLE site DROP COLUMN removed;
         ALTER TABLE site DROP COLUMN units; ALTER TABLE site DROP COLUMN filter;",
        "DROP TABLE audit; DROP TABLE audit_end; DROP TABLE audit_user;",
        "DROP TABLE role_grant; DROP TABLE role;",
        "ALTER TABLE user DROP COLUMN binding;",
        "DROP TABLE delivery; ALTER TABLE key_fingerprint DROP COLUMN retired;",
    ];
    let newest = steps.len() + 1;
    for undone in 1..=steps.len() {
        let (undo, older) = (steps[..undone].concat(), newest - undone);
        let dir = scratch();
        let store = SqliteStore::create(dir.path()).unwrap();
        let user = people(&store, 3).await[1];
        drop(store);
        Connection::open(database(dir.path()))
            .unwrap()
            .execute_batch(&format!("{undo} PRAGMA user_version = {older};"))
            .unwrap();
        let store = SqliteStore::open(dir.path()).unwrap();
        let guid = store.user(user).await.unwrap().unwrap().person.guid;
        let now = pinward_core::Timestamp::UNIX_EPOCH;
        let status = store.pin_status(user, now).await.unwrap().unwrap();
        assert_eq!(status.binding, guid, "from format {older}");
        assert!(store.key_fingerprints().await.unwrap().is_empty());
        let of = SearchFor {
            words: vec!["person".to_owned()],
            enabled: Reach::of(["OU:OU=Finance,DC=litwareinc,DC=com"]),
            disabled: Reach::Of(Vec::new()),
            most: 9,
        };
        let found = store.search(&of).await.unwrap().people;
        assert_eq!(found.len(), 3, "from format {older}");
    }
}

// R-SEC-3: what was forgotten is not in the file either.
#[tokio::test]
async fn what_is_deleted_is_overwritten() {
    let dir = scratch();
    let store = SqliteStore::create(dir.path()).unwrap();
    let minute = |minute: i64| pinward_core::Timestamp::from_second(minute * 60).unwrap();
    let remember = async |number: u8, input: u8, now: i64| {
        let delivery = Delivery {
            key: [number; 32],
            inputs: vec![[input; 32]],
            keep_until: minute(now + 1),
        };
        let answer = Answer {
            outcome: Outcome::UserDoesNotExist,
            user: None,
            locked_until: None,
        };
        let _first = store
            .answer_once(delivery, answer, minute(now), &log_on())
            .await
            .unwrap();
    };
    for number in 0..8 {
        remember(number, 0xA7, 0).await;
    }
    // Each takes along some whose life is over.
    for number in 8..11 {
        remember(number, 0xB8, 5).await;
    }
    drop(store);
    let file = fs::read(database(dir.path())).unwrap();
    let holds = |input: u8| file.windows(32).any(|bytes| bytes == [input; 32]);
    assert!(holds(0xB8), "the digest is where it is looked for");
    assert!(!holds(0xA7));
}

#[test]
fn other_files_are_refused_untouched() {
    type Maker = fn(&Path);
    let cases: [(&str, Maker); 3] = [
        ("text", |path| {
            fs::write(path, "not a database, but long enough to be one".repeat(99)).unwrap();
        }),
        ("another program's", |path| {
            Connection::open(path)
                .unwrap()
                .execute_batch("CREATE TABLE theirs (x)")
                .unwrap();
        }),
        ("a damaged header", |path| {
            drop(SqliteStore::create(path.parent().unwrap()).unwrap());
            let mut content = fs::read(path).unwrap();
            content[..100].fill(0x55);
            fs::write(path, content).unwrap();
        }),
    ];
    for (name, make) in cases {
        let dir = scratch();
        make(&database(dir.path()));
        let before = bytes(dir.path());
        let refused = SqliteStore::open(dir.path()).err();
        assert!(
            matches!(refused, Some(OpenError::NotOurs { .. })),
            "{name}: {refused:?}"
        );
        assert!(bytes(dir.path()) == before, "{name}");
    }
}

#[tokio::test]
async fn an_interrupted_creation_is_finished() {
    let dir = scratch();
    fs::write(database(dir.path()), "").unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    assert_eq!(store.policies().await.unwrap().len(), 1);
}
