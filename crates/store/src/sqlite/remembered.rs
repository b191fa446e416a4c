//! Whom a request means, remembered: each one asks for its client and its user, who hardly ever change.
//!
//! The database counts its *generation*: every transaction in which there is more than logons counts it up
//! (`desk.rs`). What was found in one generation holds as long as it lasts. A change of this process is
//! known as soon as it is made. That no other process has changed anything is looked up again after
//! [`BELIEVED`], which is how long such a change may go unnoticed; what an attempt rests on is read anew
//! where it is charged, whoever was found.
//!
//! What somebody typed is not kept: it may be a PIN in the wrong field (R-SEC-3), and of any length. Only a
//! digest of it is.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pinward_core::{Client, Lookup, User};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::readers::Readers;
use super::slots::{Key, Slots};
use crate::StoreError;

/// How long a generation is taken for the current one without looking.
const BELIEVED: Duration = Duration::from_millis(1);

/// What was found of a kind, and in which generation.
pub(super) type Found<T> = Slots<(Era, T)>;

/// A generation of a file: another one in its place begins to count anew.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Era {
    file: u64,
    generation: i64,
}

/// What was found, and what is known of the current generation.
#[derive(Default)]
pub(super) struct Kept {
    era: Era,
    /// When that was the current one for certain.
    at: Option<Instant>,
    pub(super) clients: Found<Option<Arc<Client>>>,
    pub(super) users: Found<Vec<Arc<User>>>,
}

impl Kept {
    fn confirm(&mut self, generation: i64, at: Instant) {
        if generation > self.era.generation {
            self.era.generation = generation;
            self.at = None;
        }
        if generation == self.era.generation {
            self.at = self.at.max(Some(at));
        }
    }

    /// A generation was read; `before` that this was the era.
    fn learn(&mut self, before: Era, generation: i64, at: Instant) {
        if generation < before.generation {
            // It never goes back: what is read is another history of the database, or another database.
            self.forget();
        } else if self.era.file == before.file {
            self.confirm(generation, at);
        }
    }

    fn forget(&mut self) {
        let file = self.era.file + 1;
        *self = Self::default();
        self.era.file = file;
    }

    /// The current era, where it is known well enough.
    fn believed(&self, now: Instant) -> Option<Era> {
        let at = self.at?;
        let since = now.saturating_duration_since(at);
        (since < BELIEVED).then_some(self.era)
    }
}

/// What is remembered.
#[derive(Default)]
pub(super) struct Remembered {
    kept: Mutex<Kept>,
    /// Digests of what was typed are worth nothing outside of this process.
    salts: [RandomState; 2],
}

impl Remembered {
    /// By what users are found who are looked up in any of these ways, so many at most.
    pub(super) fn key_of(&self, ways: &[Lookup], limit: usize) -> Key {
        let mut digest = Digesting(Sha256::new());
        let salts = self.salts.each_ref().map(|salt| salt.hash_one(limit));
        (salts, limit, ways).hash(&mut digest);
        digest.0.finalize().into()
    }

    /// What is remembered by that key; where nothing is, what reading finds, from now on.
    pub(super) fn find<T: Clone>(
        &self,
        readers: &Readers,
        of: fn(&mut Kept) -> &mut Found<T>,
        key: &Key,
        now: Instant,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let (before, believed, known) = {
            let mut kept = self.kept();
            let known = of(&mut kept).get(key).cloned();
            (kept.era, kept.believed(now), known)
        };
        // The generation first: what is read after it is of that one or a later one.
        let era = match believed {
            Some(era) => era,
            None => {
                let generation = readers.read(generation)?;
                self.kept().learn(before, generation, now);
                Era {
                    generation,
                    ..before
                }
            }
        };
        if let Some((of, found)) = known
            && of == era
        {
            return Ok(found);
        }
        let found = readers.read(read)?;
        let _replaced = of(&mut self.kept()).put(*key, (era, found.clone()));
        Ok(found)
    }

    /// A generation is the current one, or was at that time and may have been followed by others.
    pub(super) fn confirm(&self, generation: i64, at: Instant) {
        self.kept().confirm(generation, at);
    }

    /// Another file may be in the place of the one that was read.
    pub(super) fn forget(&self) {
        self.kept().forget();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Every change is complete in one step, so a panic leaves it in order.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A digest of all that a value has hashed.
struct Digesting(Sha256);

impl Hasher for Digesting {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        // Whoever wants less than the digest gets its beginning.
        let digest: [u8; 32] = self.0.clone().finalize().into();
        digest
            .first_chunk()
            .map_or(0, |first| u64::from_be_bytes(*first))
    }
}

/// The current generation.
pub(super) fn generation(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("SELECT number FROM generation")?
        .query_row([], |row| row.get(0))
}

/// Begins another generation: something else than a logon is written.
pub(super) fn begin_another(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("UPDATE generation SET number = number + 1 RETURNING number")?
        .query_row([], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::path::Path;

    use pinward_core::{ClientLimits, ClientRights};

    use super::super::SqliteStore;
    use super::super::tests::joined;
    use super::super::transaction::Transaction;
    use super::*;

    struct Process(SqliteStore);

    impl Process {
        /// How many sites there are, told as a limit of a client.
        fn look(&self, now: Instant, read: &dyn Fn(&Connection)) -> u32 {
            let count = |db: &Connection| {
                read(db);
                let count = db.query_row("SELECT count(*) FROM site", [], |row| row.get(0))?;
                Ok(Some(Arc::new(client(count))))
            };
            let (readers, key) = (&self.0.readers, [0; 32]);
            let found = self
                .remembered()
                .find(readers, |kept| &mut kept.clients, &key, now, count);
            let found = found.expect("it can be read");
            found.expect("a client").limits.per_second
        }

        fn remembered(&self) -> &Remembered {
            &self.0.readers.remembered
        }

        fn era(&self) -> Era {
            self.remembered().kept().era
        }

        async fn add(&self, key: &'static str, short: bool) {
            let add = move |db: &Transaction<'_>| {
                db.execute("INSERT INTO site (key, name) VALUES (?1, ?1)", [key])
            };
            let added = match short {
                true => self.0.write_short(add).await,
                false => self.0.write(add).await,
            };
            added.expect("it is added");
        }
    }

    fn client(per_second: u32) -> Client {
        Client {
            name: "counted".to_owned(),
            rights: ClientRights::Nothing,
            networks: Vec::new(),
            expires: None,
            limits: ClientLimits {
                per_second,
                at_once: 1,
            },
            keys: Vec::new(),
        }
    }

    fn two(dir: &Path) -> (Process, Process) {
        let here = SqliteStore::create(dir).expect("a new database");
        let there = SqliteStore::open(dir).expect("the same");
        (Process(here), Process(there))
    }

    const NOTHING: &dyn Fn(&Connection) = &|_| {};

    #[tokio::test]
    async fn what_another_process_changed_is_noticed_a_moment_later() {
        let dir = tempfile::tempdir().expect("a folder");
        let (here, there) = two(dir.path());
        let now = Instant::now();
        assert_eq!(here.look(now, NOTHING), 0);
        there.add("one", false).await;
        let before = now + BELIEVED - Duration::from_nanos(1);
        assert_eq!(here.look(before, NOTHING), 0, "nobody looked");
        assert_eq!(here.look(now + BELIEVED, NOTHING), 1);
    }

    #[tokio::test]
    async fn nothing_is_read_again_for_a_logon() {
        let dir = tempfile::tempdir().expect("a folder");
        let (here, there) = two(dir.path());
        let now = Instant::now();
        assert_eq!(here.look(now, NOTHING), 0);
        there.add("as a logon does", true).await;
        let later = now + 2 * BELIEVED;
        assert_eq!(here.look(later, &|_| panic!("it is remembered")), 0);
    }

    #[tokio::test]
    async fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let (here, _) = two(dir.path());
        let now = Instant::now();
        let overtaken = |_: &Connection| here.remembered().confirm(2, now);
        assert_eq!(here.look(now, &overtaken), 0);
        here.add("one", false).await;
        assert_eq!(here.look(now, NOTHING), 1);
        // The same of a file that took the place of another.
        let counted = Cell::new(0);
        let replaced = |_: &Connection| {
            counted.set(counted.get() + 1);
            here.remembered().forget();
        };
        here.remembered().forget();
        for times in 1..=2 {
            assert_eq!(here.look(now, &replaced), 1);
            assert_eq!(counted.get(), times, "it is read");
        }
    }

    #[tokio::test]
    async fn a_change_begins_a_generation_when_it_is_on_disk_and_not_before() {
        let dir = tempfile::tempdir().expect("a folder");
        let (here, _) = two(dir.path());
        here.add("one", false).await;
        let before = here.era();
        here.add("as a logon does", true).await;
        assert!(here.era() == before, "nothing of it is remembered");
        here.add("two", false).await;
        let after = here.era();
        assert_eq!(after.generation, before.generation + 1);
        // The one that another change begins is given up with it.
        let (path, aside) = (dir.path().join("pinward.db"), dir.path().join("aside"));
        let moved = move |db: &Transaction<'_>| {
            std::fs::rename(&path, &aside).map_err(|_| rusqlite::Error::InvalidQuery)?;
            db.execute("INSERT INTO site (key, name) VALUES (?1, ?1)", ["three"])
        };
        here.0.write(moved).await.expect_err("it is gone");
        assert_eq!(here.era().generation, after.generation);
        here.0.write(|_db| Ok(())).await.expect_err("it is gone");
        assert!(here.era() != after, "another one may come in its place");
    }

    #[tokio::test]
    async fn another_history_is_never_believed_for_the_one_before_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let (here, there) = two(dir.path());
        let now = Instant::now();
        for site in ["one", "two"] {
            here.add(site, false).await;
        }
        assert_eq!(here.look(now, NOTHING), 2);
        let back = |db: &Transaction<'_>| {
            db.execute_batch("DELETE FROM site; UPDATE generation SET number = 1")
        };
        there.0.write_short(back).await.expect("it is taken back");
        let mut later = Instant::now() + BELIEVED;
        assert_eq!(here.look(later, NOTHING), 0);
        // It begins the generations anew that there were before, with other sites.
        for (site, count) in [("three", 1), ("four", 2), ("five", 3)] {
            there.add(site, false).await;
            later += BELIEVED;
            assert_eq!(here.look(later, NOTHING), count);
        }
    }

    #[tokio::test]
    async fn a_change_that_joins_short_pieces_begins_a_generation_too() {
        let dir = tempfile::tempdir().expect("a folder");
        let here = Process(SqliteStore::create(dir.path()).expect("a store"));
        // The first connection that writes makes all be forgotten.
        here.add("before", false).await;
        let now = Instant::now();
        assert_eq!(here.look(now, NOTHING), 1);
        joined(&here.0, here.add("one", false)).await;
        assert_eq!(here.look(now, NOTHING), 3, "at once");
    }

    #[test]
    fn what_was_typed_is_not_kept() {
        let remembered = Remembered::default();
        let ways = |text: &str| vec![Lookup::Extension(text.to_owned())];
        let key = remembered.key_of(&ways("18723834"), 16);
        assert_eq!(key, remembered.key_of(&ways("18723834"), 16));
        let others = [
            remembered.key_of(&ways("18723835"), 16),
            remembered.key_of(&ways("18723834"), 17),
            remembered.key_of(&[Lookup::Phone("18723834".to_owned())], 16),
            Remembered::default().key_of(&ways("18723834"), 16),
        ];
        assert!(others.iter().all(|other| *other != key));
    }
}
