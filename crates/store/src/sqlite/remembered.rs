//! Whom a request means, remembered: each one asks for its client and its user, who hardly ever change.
//!
//! The database counts its *generation*: every transaction in which there is more than logons counts it up
//! (`writer.rs`). What was found in one generation holds as long as it lasts. A change of this process is
//! known as soon as it is made. That no other process has changed anything is looked up again after
//! [`BELIEVED`], which is how long such a change may go unnoticed; what an attempt rests on is read anew
//! where it is charged, whoever was found.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pinward_core::{Client, Lookup, User};
use rusqlite::Connection;

use super::readers::Readers;
use super::slots::Slots;
use crate::StoreError;

/// How long a generation is taken for the current one without looking.
const BELIEVED: Duration = Duration::from_millis(1);

/// What was found of a kind, and in which generation.
pub(super) type Found<K, T> = Slots<K, (Era, T)>;
/// How users are looked up: in any of these ways, so many at most.
pub(super) type Ways = (Vec<Lookup>, usize);

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
    pub(super) clients: Found<[u8; 32], Option<Arc<Client>>>,
    pub(super) users: Found<Ways, Vec<Arc<User>>>,
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

    /// The current era, where it is known well enough.
    fn believed(&self, now: Instant) -> Option<Era> {
        let at = self.at?;
        let since = now.saturating_duration_since(at);
        (since < BELIEVED).then_some(self.era)
    }
}

/// What is remembered.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Kept>);

impl Remembered {
    /// What is remembered by that key; where nothing is, what reading finds, from now on.
    pub(super) fn find<K: Clone + Eq + Hash, T: Clone>(
        &self,
        readers: &Readers,
        of: fn(&mut Kept) -> &mut Found<K, T>,
        key: &K,
        now: Instant,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let (era, believed, known) = {
            let mut kept = self.kept();
            let known = of(&mut kept).get(key).cloned();
            (kept.era, kept.believed(now), known)
        };
        // The generation first: what is read after it is of that one or a later one.
        let era = match believed {
            Some(era) => era,
            None => Era {
                generation: readers.read(generation)?,
                ..era
            },
        };
        if believed.is_none() {
            let mut kept = self.kept();
            if kept.era.file == era.file {
                kept.confirm(era.generation, now);
            }
        }
        if let Some((of, found)) = known
            && of == era
        {
            return Ok(found);
        }
        let found = readers.read(read)?;
        let _replaced = of(&mut self.kept()).put(key.clone(), (era, found.clone()));
        Ok(found)
    }

    /// A generation is the current one, or was at that time and may have been followed by others.
    pub(super) fn confirm(&self, generation: i64, at: Instant) {
        self.kept().confirm(generation, at);
    }

    /// Another file may be in the place of the one that was read.
    pub(super) fn forget(&self) {
        let mut kept = self.kept();
        kept.era = Era {
            file: kept.era.file + 1,
            generation: 0,
        };
        kept.at = None;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Every change is complete in one step, so a panic leaves it in order.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    use super::*;

    /// What a process knows of a database in a folder.
    struct Process {
        store: SqliteStore,
        remembered: Remembered,
    }

    impl Process {
        fn of(store: SqliteStore) -> Self {
            let remembered = Remembered::default();
            Self { store, remembered }
        }

        /// How many sites there are, told as a limit of a client.
        fn look(&self, now: Instant, read: &dyn Fn(&Connection)) -> u32 {
            let count = |db: &Connection| {
                read(db);
                let count = db.query_row("SELECT count(*) FROM site", [], |row| row.get(0))?;
                Ok(Some(Arc::new(client(count))))
            };
            let (readers, key) = (&self.store.readers, [0; 32]);
            let found = self
                .remembered
                .find(readers, |kept| &mut kept.clients, &key, now, count);
            let found = found.expect("it can be read");
            found.expect("a client").limits.per_second
        }

        async fn add(&self, key: &'static str, short: bool) {
            let add = move |db: &Connection| {
                db.execute("INSERT INTO site (key, name) VALUES (?1, ?1)", [key])
            };
            let added = match short {
                true => self.store.write_short(add).await,
                false => self.store.write(add).await,
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
        (Process::of(here), Process::of(there))
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
        let overtaken = |_: &Connection| here.remembered.confirm(2, now);
        assert_eq!(here.look(now, &overtaken), 0);
        here.add("one", false).await;
        assert_eq!(here.look(now, NOTHING), 1);
        // The same of a file that took the place of another.
        let counted = Cell::new(0);
        let replaced = |_: &Connection| {
            counted.set(counted.get() + 1);
            here.remembered.forget();
        };
        here.remembered.forget();
        for times in 1..=2 {
            assert_eq!(here.look(now, &replaced), 1);
            assert_eq!(counted.get(), times, "it is read");
        }
    }
}
