//! A host on which the user presses Ctrl-C after some lines of output.

use std::cell::Cell;
use std::io::{self, BufRead, Write};

use pinward_shell::host::{Choice, TestHost, WriteMode};
use pinward_shell::{ErrorRecord, Host, Progress};

/// Passes everything on to a test host, and stops after the given number of lines that name a user.
pub struct Stopping {
    pub inner: TestHost,
    pub after: Cell<usize>,
}

impl Stopping {
    fn count(&self, text: &str) {
        if text.contains("sip:") {
            let left = self.after.get().saturating_sub(1);
            self.after.set(left);
            if left == 0 {
                self.inner.with(|seen| seen.cancelled = true);
            }
        }
    }
}

impl Host for Stopping {
    fn line(&mut self, text: &str) -> io::Result<()> {
        self.count(text);
        self.inner.line(text)
    }

    fn error(&mut self, error: &ErrorRecord) {
        self.inner.error(error);
    }

    fn warning(&mut self, text: &str) {
        self.inner.warning(text);
    }

    fn verbose(&mut self, text: &str) {
        self.inner.verbose(text);
    }

    fn debug(&mut self, text: &str) {
        self.inner.debug(text);
    }

    fn information(&mut self, text: &str) {
        self.count(text);
        self.inner.information(text);
    }

    fn progress(&mut self, progress: &Progress) {
        self.inner.progress(progress);
    }

    fn choice(
        &mut self,
        caption: &str,
        message: &str,
        options: &[Choice],
        default: usize,
    ) -> Option<usize> {
        self.inner.choice(caption, message, options, default)
    }

    fn width(&self) -> Option<usize> {
        self.inner.width()
    }

    fn colour(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        self.inner.cancelled()
    }

    fn complete(&self, source: &str, prefix: &str) -> Vec<String> {
        self.inner.complete(source, prefix)
    }

    fn open_read(&mut self, path: &str) -> io::Result<Box<dyn BufRead>> {
        self.inner.open_read(path)
    }

    fn open_write(&mut self, path: &str, mode: WriteMode) -> io::Result<Box<dyn Write>> {
        self.inner.open_write(path, mode)
    }

    fn now(&self) -> jiff::Timestamp {
        self.inner.now()
    }

    fn time_zone(&self) -> jiff::tz::TimeZone {
        self.inner.time_zone()
    }
}
