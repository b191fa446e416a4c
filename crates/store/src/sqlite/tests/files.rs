//! Files that are removed, replaced or damaged beneath the store.

use std::fs;
use std::sync::mpsc;

use super::{add, at_once, commits, file, held, keys, store};
use crate::sqlite::SqliteStore;
use crate::{Store, StoreError};

#[tokio::test]
async fn a_file_that_was_removed_is_noticed_and_found_again() {
    let (dir, store) = store();
    store.write(|db| add(db, "before")).await.unwrap();
    let away = dir.path().join("away");
    fs::rename(file(dir.path()), &away).unwrap();
    for _ in 0..2 {
        let lost = store.write(|db| add(db, "lost")).await;
        assert!(matches!(lost, Err(StoreError::Missing { .. })), "{lost:?}");
    }
    assert!(store.sites().await.is_err(), "reads notice it too");
    assert!(
        !file(dir.path()).exists(),
        "no empty one was made in its place"
    );
    fs::rename(&away, file(dir.path())).unwrap();
    store.write(|db| add(db, "later")).await.unwrap();
    assert_eq!(keys(&store).await, ["before", "later"]);
}

// What lies in the log belongs to the file that it was written for, and would ruin any other.
#[tokio::test]
async fn a_file_put_in_its_place_never_meets_its_log() {
    let (dir, store) = store();
    let (other_dir, other) = self::store();
    other.write(|db| add(db, "other")).await.unwrap();
    drop(other);
    store.write(|db| add(db, "before")).await.unwrap();
    let away = dir.path().join("away");
    fs::rename(file(dir.path()), &away).unwrap();
    fs::copy(file(other_dir.path()), file(dir.path())).unwrap();
    for _ in 0..3 {
        let lost = store.write(|db| add(db, "lost")).await;
        assert!(matches!(lost, Err(StoreError::Missing { .. })), "{lost:?}");
        assert!(store.sites().await.is_err(), "reads notice it too");
    }
    let untouched = fs::read(file(dir.path())).unwrap();
    assert!(untouched == fs::read(file(other_dir.path())).unwrap());
    // Put back, all is as it was.
    fs::rename(&away, file(dir.path())).unwrap();
    store.write(|db| add(db, "later")).await.unwrap();
    assert_eq!(keys(&store).await, ["before", "later"]);
    // Replaced together with its log, the other one is used.
    fs::copy(file(other_dir.path()), &away).unwrap();
    for log in ["pinward.db-wal", "pinward.db-shm"] {
        fs::remove_file(dir.path().join(log)).unwrap();
    }
    fs::rename(&away, file(dir.path())).unwrap();
    let mut written = store.write(|db| add(db, "later")).await;
    if written.is_err() {
        written = store.write(|db| add(db, "later")).await;
    }
    assert_eq!(written, Ok(1));
    assert_eq!(keys(&store).await, ["later", "other"]);
}

// A first write that met a long read was answered as if the file had been removed.
#[tokio::test]
async fn a_reader_at_work_is_no_hindrance_to_the_first_write() {
    let (dir, store) = store();
    drop(store);
    let store = SqliteStore::open(dir.path()).unwrap();
    let (release, wait) = mpsc::channel::<()>();
    let (started, begun) = mpsc::channel();
    let readers = std::sync::Arc::clone(&store.readers);
    let reading = std::thread::spawn(move || {
        readers.read(|db| {
            started.send(()).unwrap();
            let _released = wait.recv();
            db.query_row("SELECT count(*) FROM site", [], |row| row.get::<_, i64>(0))
        })
    });
    begun.recv().unwrap();
    let written = store.write(|db| add(db, "first")).await;
    drop(release);
    assert_eq!(written, Ok(1));
    assert_eq!(reading.join().unwrap(), Ok(1));
}

#[tokio::test]
async fn a_log_that_was_removed_is_noticed() {
    let (dir, store) = store();
    store.write(|db| add(db, "before")).await.unwrap();
    let _read = keys(&store).await;
    fs::remove_file(dir.path().join("pinward.db-wal")).unwrap();
    let lost = store.write(|db| add(db, "unsure")).await;
    assert!(matches!(lost, Err(StoreError::Missing { .. })), "{lost:?}");
    store.write(|db| add(db, "later")).await.unwrap();
    let keys = keys(&store).await;
    assert!(
        keys.contains(&"before".to_owned()) && keys.contains(&"later".to_owned()),
        "{keys:?}"
    );
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_not_a_panic() {
    let (dir, store) = store();
    for number in 0..2000 {
        store
            .write(move |db| add(db, &format!("{number:0100}")))
            .await
            .unwrap();
    }
    drop(store);
    let sound = fs::read(file(dir.path())).unwrap();
    let mut damaged = sound.clone();
    damaged[60 * 4096..].fill(0xa5);
    fs::write(file(dir.path()), &damaged).unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let read = store.sites().await;
    assert!(matches!(read, Err(StoreError::Damaged { .. })), "{read:?}");
    let written = store
        .write(|db| db.execute("UPDATE site SET name = 'x'", []))
        .await;
    assert!(
        matches!(written, Err(StoreError::Damaged { .. })),
        "{written:?}"
    );
    assert!(store.writer.failure().is_some());
    drop(store);
    fs::write(file(dir.path()), &sound).unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    assert_eq!(keys(&store).await.len(), 2000);
}

#[tokio::test]
async fn a_file_that_was_removed_is_noticed_by_short_pieces_too() {
    let (dir, store) = at_once().await;
    store.write_short(|db| add(db, "before")).await.unwrap();
    let away = dir.path().join("away");
    fs::rename(file(dir.path()), &away).unwrap();
    for _ in 0..2 {
        let lost = store.write_short(|db| add(db, "lost")).await;
        assert!(matches!(lost, Err(StoreError::Missing { .. })), "{lost:?}");
    }
    fs::rename(&away, file(dir.path())).unwrap();
    store.write_short(|db| add(db, "later")).await.unwrap();
    assert_eq!(keys(&store).await, ["before", "later"]);
}

#[tokio::test]
async fn a_store_that_failed_is_tried_until_it_is_well() {
    let (dir, store) = store();
    store.write(|db| add(db, "before")).await.unwrap();
    let before = commits(dir.path());
    assert_eq!(store.writable().await, Ok(()));
    assert_eq!(
        commits(dir.path()),
        before,
        "nothing failed, nothing is tried"
    );
    let away = dir.path().join("away");
    fs::rename(file(dir.path()), &away).unwrap();
    for short in [false, true] {
        let lost = match short {
            false => store.write(|db| add(db, "lost")).await,
            true => store.write_short(|db| add(db, "lost")).await,
        };
        assert!(matches!(lost, Err(StoreError::Missing { .. })), "{lost:?}");
        let tried = store.writable().await;
        assert!(
            matches!(tried, Err(StoreError::Missing { .. })),
            "{tried:?}"
        );
    }
    fs::rename(&away, file(dir.path())).unwrap();
    assert_eq!(store.writable().await, Ok(()));
    assert!(store.writer.failure().is_none());
    assert_eq!(keys(&store).await, ["before"]);
    assert_eq!(
        store.sites().await.unwrap().len(),
        1,
        "nobody sees the trial"
    );
}

#[tokio::test]
async fn what_is_lost_at_once_has_the_store_tried_too() {
    let (dir, store) = at_once().await;
    let (path, away) = (file(dir.path()), dir.path().join("away"));
    let (from, to) = (path.clone(), away.clone());
    let lost = store.write_short(move |db| {
        fs::rename(&from, &to).map_err(|_error| rusqlite::Error::InvalidQuery)?;
        add(db, "lost")
    });
    let lost = lost.await;
    assert!(matches!(lost, Err(StoreError::Missing { .. })), "{lost:?}");
    let tried = store.writable().await;
    assert!(
        matches!(tried, Err(StoreError::Missing { .. })),
        "{tried:?}"
    );
    fs::rename(&away, &path).unwrap();
    assert_eq!(store.writable().await, Ok(()));
}

#[tokio::test]
async fn a_piece_that_meets_damage_alone_has_the_store_tried() {
    let (_dir, store) = store();
    let damage = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    let damaged = store.write::<()>(move |_db| Err(rusqlite::Error::SqliteFailure(damage, None)));
    let damaged = damaged.await;
    assert!(
        matches!(damaged, Err(StoreError::Damaged { .. })),
        "{damaged:?}"
    );
    assert_eq!(store.writer.failure(), damaged.clone().err());
    // One at a time tries it; the others are told what failed.
    let (held, (first, second)) = held(&store, async {
        tokio::join!(biased; store.writable(), store.writable())
    })
    .await;
    assert_eq!((held, first, second), (Ok(()), Ok(()), damaged));
    assert_eq!(store.writable().await, Ok(()));
    assert!(store.writer.failure().is_none());
}
