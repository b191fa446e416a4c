//! The shell's outside on this machine: standard streams, files, clock, the user's answers.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pinward_core::Clock;
use pinward_shell::ErrorRecord;
use pinward_shell::format::{Locale, escape};
use pinward_shell::host::{Choice, Host, Progress, WriteMode};

use crate::bar::Bar;
use crate::completion::Names;
use crate::files;
use crate::lines::Lines;
use crate::system::SystemClock;

/// The standard streams as the host of a session.
pub struct Terminal {
    /// Set by Ctrl-C.
    cancelled: Arc<AtomicBool>,
    names: Names,
    lines: Rc<Lines>,
    bar: Option<Bar>,
    output_is_terminal: bool,
    errors_are_terminal: bool,
    may_ask: bool,
    zone: TimeZone,
    locale: Locale,
}

impl Terminal {
    /// The host on this process's standard streams. `may_ask`: standard input belongs to the user
    /// and is not the script.
    pub fn new(cancelled: Arc<AtomicBool>, names: Names, lines: Rc<Lines>, may_ask: bool) -> Self {
        Self {
            cancelled,
            names,
            lines,
            bar: None,
            output_is_terminal: io::stdout().is_terminal(),
            errors_are_terminal: io::stderr().is_terminal(),
            may_ask: may_ask && io::stdin().is_terminal(),
            zone: TimeZone::system(),
            locale: locale(),
        }
    }

    /// Writes to standard error, above a progress bar if there is one. Nobody is told when
    /// standard error is gone: there is nowhere left to tell.
    fn remark(&self, colour: &str, text: &str) {
        let text = harmless(text);
        let shown = match self.errors_are_terminal && wants_colour() {
            true => format!("\x1b[{colour}m{text}\x1b[0m"),
            false => text,
        };
        let write = || writeln!(io::stderr(), "{shown}");
        let _told = match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        };
    }
}

impl Host for Terminal {
    fn line(&mut self, text: &str) -> io::Result<()> {
        let write = || writeln!(io::stdout(), "{text}");
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn error(&mut self, error: &ErrorRecord) {
        self.remark("31", &error.to_string());
    }

    fn warning(&mut self, text: &str) {
        self.remark("33", &format!("WARNING: {text}"));
    }

    fn verbose(&mut self, text: &str) {
        self.remark("33", &format!("VERBOSE: {text}"));
    }

    fn debug(&mut self, text: &str) {
        self.remark("33", &format!("DEBUG: {text}"));
    }

    fn information(&mut self, text: &str) {
        let _told = self.line(&harmless(text));
    }

    fn progress(&mut self, progress: &Progress) {
        if !self.errors_are_terminal {
            return;
        }
        if progress.finished {
            self.bar = None;
            return;
        }
        self.bar
            .get_or_insert_with(|| Bar::new(progress))
            .show(progress);
    }

    fn choice(
        &mut self,
        caption: &str,
        message: &str,
        options: &[Choice],
        default: usize,
    ) -> Option<usize> {
        if !self.may_ask {
            return None;
        }
        let ask = || ask(caption, message, options, default);
        match &self.bar {
            Some(bar) => bar.suspend(ask),
            None => ask(),
        }
    }

    fn width(&self) -> Option<usize> {
        if !self.output_is_terminal {
            return None;
        }
        rustix::termios::tcgetwinsize(io::stdout())
            .ok()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0)
    }

    fn colour(&self) -> bool {
        self.output_is_terminal && wants_colour()
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn complete(&self, source: &str, prefix: &str) -> Vec<String> {
        self.names.complete(source, prefix)
    }

    fn open_read(&mut self, path: &str) -> io::Result<Box<dyn BufRead>> {
        Ok(Box::new(BufReader::new(File::open(path)?)))
    }

    fn open_write(&mut self, path: &str, mode: WriteMode) -> io::Result<Box<dyn Write>> {
        files::open_write(Path::new(path), mode)
    }

    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn time_zone(&self) -> TimeZone {
        self.zone.clone()
    }

    fn locale(&self) -> Locale {
        self.locale
    }

    /// The pages of the process that are in memory; the second number of Linux's `statm`.
    fn memory_in_use(&self) -> Option<u64> {
        let sizes = std::fs::read_to_string("/proc/self/statm").ok()?;
        let pages: u64 = sizes.split(' ').nth(1)?.parse().ok()?;
        pages.checked_mul(u64::try_from(rustix::param::page_size()).ok()?)
    }

    fn history(&self) -> Vec<String> {
        self.lines.all()
    }
}

/// What the environment says about dates, in the order that POSIX gives these variables.
fn locale() -> Locale {
    ["LC_ALL", "LC_TIME", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .map_or(Locale::ISO, |value| Locale::named(&value))
}

fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Control characters made visible, so that a name from the directory cannot move the cursor or
/// change colours. Line ends stay.
pub fn harmless(text: &str) -> String {
    let lines: Vec<_> = escape::lines(text).map(escape::line).collect();
    lines.join("\n")
}

/// Asks until there is an answer; `None` at the end of standard input.
fn ask(caption: &str, message: &str, options: &[Choice], default: usize) -> Option<usize> {
    let keys: Vec<char> = options.iter().map(|option| key_of(option.label)).collect();
    let offers: Vec<String> = options
        .iter()
        .zip(&keys)
        .map(|(option, key)| format!("[{key}] {}", option.label.replace('&', "")))
        .collect();
    loop {
        let mut terminal = io::stderr();
        let default_key = keys.get(default).copied().unwrap_or('?');
        let _asked = write!(
            terminal,
            "\n{}\n{}\n{}  [?] Help (default is \"{default_key}\"): ",
            harmless(caption),
            harmless(message),
            offers.join("  ")
        );
        let _shown = terminal.flush();
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(0) | Err(_) => return None,
            Ok(_) => {}
        }
        let answer = answer.trim();
        if answer.is_empty() {
            return Some(default);
        }
        let chosen = options.iter().zip(&keys).position(|(option, key)| {
            answer.eq_ignore_ascii_case(&key.to_string())
                || answer.eq_ignore_ascii_case(&option.label.replace('&', ""))
        });
        if chosen.is_some() {
            return chosen;
        }
        for (option, key) in options.iter().zip(&keys) {
            let _explained = writeln!(terminal, "{key} - {}", option.help);
        }
    }
}

/// The key of a label such as `Yes to &All`.
fn key_of(label: &str) -> char {
    let mut characters = label.chars();
    characters
        .by_ref()
        .find(|c| *c == '&')
        .and_then(|_| characters.next())
        .or_else(|| label.chars().next())
        .map_or('?', |c| c.to_ascii_uppercase())
}
