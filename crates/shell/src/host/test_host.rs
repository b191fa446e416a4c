//! A host for tests: keeps what it is shown, answers what it was told to.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Cursor, Write};
use std::rc::Rc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Choice, Host, Progress, WriteMode};
use crate::error::ErrorRecord;
use crate::format::Locale;

/// What a [`TestHost`] was shown, and what it answers.
#[derive(Default)]
pub struct Seen {
    /// Lines of output.
    pub lines: Vec<String>,
    /// Errors.
    pub errors: Vec<ErrorRecord>,
    /// Warnings.
    pub warnings: Vec<String>,
    /// Verbose texts.
    pub verbose: Vec<String>,
    /// Debug texts.
    pub debug: Vec<String>,
    /// Remarks, among them what-if lines.
    pub information: Vec<String>,
    /// Progress reports.
    pub progress: Vec<Progress>,
    /// Questions that were asked: caption, message.
    pub questions: Vec<(String, String)>,
    /// Answers to coming questions; when empty there is nobody to answer.
    pub answers: VecDeque<usize>,
    /// The files there are.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Completions by source.
    pub completions: BTreeMap<String, Vec<String>>,
    /// Whether the user asked to stop.
    pub cancelled: bool,
    /// After being asked so many times, the user asks to stop.
    pub stops_after: Option<u32>,
    /// The width of the terminal, if it is one.
    pub width: Option<usize>,
    /// The time; the epoch unless set.
    pub now: Timestamp,
    /// How dates are shown; as ISO 8601 unless set.
    pub locale: Locale,
    /// The memory in use, in bytes, one for each time it is asked; unknown when there is none left.
    pub memory: VecDeque<u64>,
    /// Earlier lines.
    pub history: Vec<String>,
}

/// A host for tests. Clones share what they saw, so a test keeps one and gives the other to the
/// session. Its time zone is UTC.
#[derive(Clone, Default)]
pub struct TestHost(Rc<RefCell<Seen>>);

impl TestHost {
    /// A host that saw nothing yet, without a terminal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at, or changes, what it saw and answers.
    pub fn with<R>(&self, f: impl FnOnce(&mut Seen) -> R) -> R {
        f(&mut self.0.borrow_mut())
    }

    /// The output so far, each line ended.
    #[must_use]
    pub fn output(&self) -> String {
        self.0
            .borrow()
            .lines
            .iter()
            .map(|l| format!("{l}\n"))
            .collect()
    }

    /// The identifiers of the errors so far.
    #[must_use]
    pub fn error_ids(&self) -> Vec<String> {
        self.0
            .borrow()
            .errors
            .iter()
            .map(|e| e.id.to_string())
            .collect()
    }
}

/// A file that is replaced when it is flushed, as [`Host::open_write`] asks for.
struct TestFile {
    host: TestHost,
    path: String,
    replaces: bool,
    pending: Vec<u8>,
}

impl Write for TestFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend(bytes);
        if !self.replaces {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let pending = std::mem::take(&mut self.pending);
        self.host.with(|seen| {
            let file = seen.files.entry(self.path.clone()).or_default();
            if std::mem::take(&mut self.replaces) {
                file.clear();
            }
            file.extend(pending);
        });
        Ok(())
    }
}

impl Host for TestHost {
    fn line(&mut self, text: &str) -> io::Result<()> {
        self.with(|seen| seen.lines.push(text.to_owned()));
        Ok(())
    }

    fn error(&mut self, error: &ErrorRecord) {
        self.with(|seen| seen.errors.push(error.clone()));
    }

    fn warning(&mut self, text: &str) {
        self.with(|seen| seen.warnings.push(text.to_owned()));
    }

    fn verbose(&mut self, text: &str) {
        self.with(|seen| seen.verbose.push(text.to_owned()));
    }

    fn debug(&mut self, text: &str) {
        self.with(|seen| seen.debug.push(text.to_owned()));
    }

    fn information(&mut self, text: &str) {
        self.with(|seen| seen.information.push(text.to_owned()));
    }

    fn progress(&mut self, progress: &Progress) {
        self.with(|seen| seen.progress.push(progress.clone()));
    }

    fn choice(&mut self, caption: &str, message: &str, _: &[Choice], _: usize) -> Option<usize> {
        self.with(|seen| {
            seen.questions
                .push((caption.to_owned(), message.to_owned()));
            seen.answers.pop_front()
        })
    }

    fn width(&self) -> Option<usize> {
        self.0.borrow().width
    }

    fn colour(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        self.with(|seen| {
            if let Some(left) = &mut seen.stops_after {
                seen.cancelled |= *left == 0;
                *left = left.saturating_sub(1);
            }
            seen.cancelled
        })
    }

    fn complete(&self, source: &str, prefix: &str) -> Vec<String> {
        let seen = self.0.borrow();
        let known = seen.completions.get(source);
        let prefix = prefix.to_lowercase();
        let fits = |v: &&String| v.to_lowercase().starts_with(&prefix);
        known.into_iter().flatten().filter(fits).cloned().collect()
    }

    fn open_read(&mut self, path: &str) -> io::Result<Box<dyn BufRead>> {
        let bytes = self.0.borrow().files.get(path).cloned();
        match bytes {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes))),
            None => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }

    fn open_write(&mut self, path: &str, mode: WriteMode) -> io::Result<Box<dyn Write>> {
        self.with(|seen| {
            let exists = seen.files.contains_key(path);
            if exists && mode == WriteMode::New {
                return Err(io::Error::from(io::ErrorKind::AlreadyExists));
            }
            if mode == WriteMode::New {
                seen.files.insert(path.to_owned(), Vec::new());
            }
            Ok(())
        })?;
        Ok(Box::new(TestFile {
            host: self.clone(),
            path: path.to_owned(),
            replaces: mode == WriteMode::Replace,
            pending: Vec::new(),
        }))
    }

    fn now(&self) -> Timestamp {
        self.0.borrow().now
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    fn locale(&self) -> Locale {
        self.0.borrow().locale
    }

    fn memory_in_use(&self) -> Option<u64> {
        self.with(|seen| seen.memory.pop_front())
    }

    fn history(&self) -> Vec<String> {
        self.0.borrow().history.clone()
    }
}
