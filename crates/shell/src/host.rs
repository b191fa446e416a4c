//! Everything a session asks of the outside: terminal, files, clock, the user's answers.

mod test_host;

use std::io::{self, BufRead, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::error::ErrorRecord;
use crate::format::Locale;

pub use test_host::{Seen, TestHost};

/// How far a long command is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub activity: String,
    /// How many are done.
    pub done: u64,
    /// How much of all the work that is, if known.
    pub share: Option<Share>,
    /// What is counted, such as `users`.
    pub unit: String,
    /// Whether this is the last report; the display can go.
    pub finished: bool,
}

/// A part of a whole. The parts need not be what is counted: users who are passed over count too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole; not less than the part.
    pub whole: u64,
}

/// One answer offered by a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The label with `&` before the key, such as `Yes to &All`.
    pub label: &'static str,
    /// What choosing it means.
    pub help: &'static str,
}

/// How a file is opened for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteMode {
    /// Replace what is there.
    Replace,
    /// Refuse if it exists.
    New,
    /// Add at the end.
    Append,
}

/// What a session runs in: a terminal, a test, later a remote session.
pub trait Host {
    /// Writes one line of output, already laid out, without its line end.
    ///
    /// # Errors
    /// When nobody reads any more: the run stops quietly.
    fn line(&mut self, text: &str) -> io::Result<()>;
    /// Shows an error.
    fn error(&mut self, error: &ErrorRecord);
    /// Shows a warning.
    fn warning(&mut self, text: &str);
    /// Shows what a command tells with `-Verbose`.
    fn verbose(&mut self, text: &str);
    /// Shows what a command tells with `-Debug`.
    fn debug(&mut self, text: &str);
    /// Shows a remark to the user, such as a what-if line, that is not output.
    fn information(&mut self, text: &str);
    /// Shows how far a command is.
    fn progress(&mut self, progress: &Progress);
    /// Asks a question; `None` when there is nobody to answer. `default` is an index into
    /// `options`.
    fn choice(
        &mut self,
        caption: &str,
        message: &str,
        options: &[Choice],
        default: usize,
    ) -> Option<usize>;
    /// The width of a line in terminal cells; `None` where output is not a terminal.
    fn width(&self) -> Option<usize>;
    /// Whether colours may be used.
    fn colour(&self) -> bool;
    /// Whether the user asked to stop (Ctrl-C). Asked often; must be cheap.
    fn cancelled(&self) -> bool;
    /// Values a parameter could take, for completion: `source` is what [`crate::Param::completes`]
    /// names, `prefix` what is typed so far.
    fn complete(&self, source: &str, prefix: &str) -> Vec<String>;
    /// Opens a file for reading.
    ///
    /// # Errors
    /// Those of the file system.
    fn open_read(&mut self, path: &str) -> io::Result<Box<dyn BufRead>>;
    /// Opens a file for writing.
    ///
    /// # Errors
    /// Those of the file system.
    fn open_write(&mut self, path: &str, mode: WriteMode) -> io::Result<Box<dyn Write>>;
    /// The time.
    fn now(&self) -> Timestamp;
    /// The time zone dates are shown and typed in.
    fn time_zone(&self) -> TimeZone;
    /// How dates are shown to people.
    fn locale(&self) -> Locale {
        Locale::ISO
    }
    /// How much memory is in use, in bytes; `None` where that is not known.
    fn memory_in_use(&self) -> Option<u64> {
        None
    }
    /// Earlier lines of this session, oldest first.
    fn history(&self) -> Vec<String> {
        Vec::new()
    }
}
