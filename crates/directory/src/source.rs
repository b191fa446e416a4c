//! Where people come from, page by page: what a sync reads.

use async_trait::async_trait;
use pinward_core::Person;

/// A directory, or a file in place of one.
#[async_trait]
pub trait Source: Send {
    /// Begins to read: what changed since the cookie, or everybody where there is none or where the
    /// source cannot go on from it. [`Pages::reading`] tells which of the two it is.
    ///
    /// # Errors
    /// When the source cannot be reached or refuses.
    async fn read(&mut self, since: Option<&Cookie>) -> Result<Box<dyn Pages>, SourceError>;

    /// Whether the next [`Source::read`] asks somebody else, after one that broke off. It is then begun again
    /// at once.
    fn has_another(&self) -> bool {
        false
    }
}

/// One reading of a [`Source`].
#[async_trait]
pub trait Pages: Send {
    /// The next page; `None` after the last one. Pages may be empty.
    ///
    /// # Errors
    /// When reading cannot go on. Nothing follows, and who was not seen until then is not gone.
    async fn next(&mut self) -> Result<Option<Vec<Entry>>, SourceError>;

    /// What is being read; it stays the same from the beginning.
    fn reading(&self) -> Reading;

    /// What went wrong before the reading began without keeping it from it: servers that were asked in
    /// vain before the one that gives it.
    fn passed_over(&self) -> Vec<SourceError> {
        Vec::new()
    }

    /// Where the next increment begins, known after the last page; `None` where there are only full
    /// readings.
    fn cookie(&self) -> Option<Cookie>;
}

/// What a reading covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// Everybody: who is not in it is gone.
    Full,
    /// What changed since a cookie: who is not in it stays as they are.
    Increment,
}

/// Where an increment begins: text that only its source understands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cookie(pub String);

/// What a source says about one of its entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A person as they are now.
    Person(Box<Person>),
    /// A person who is no more.
    Gone {
        /// Their key, as in [`Person::guid`].
        guid: String,
    },
    /// Somebody who is there, but whom nothing can be made of. They are not gone.
    Unusable {
        /// Their key where it could be read.
        guid: Option<String>,
        /// The distinguished name, or the line of a file.
        name: String,
        /// What is wrong with the entry.
        reason: String,
    },
}

/// Why reading failed, for the person who runs the sync.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct SourceError {
    /// A stable name of what happened, such as `ConnectFailed`.
    pub id: &'static str,
    /// Which server or file, which step, what was wrong, and what to do.
    pub message: String,
}
