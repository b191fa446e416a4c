//! A file that is imported: its bytes as they pass, the bar they move, and the wish to stop.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use crate::bar;
use crate::terminal::harmless;

/// As shells report a program that was ended by Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// How far the reading is, and whether to go on.
pub struct Course {
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    interrupted: Arc<AtomicBool>,
}

/// From here on Ctrl-C is a wish to stop, which is told here.
pub fn interrupts() -> Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    // Where the input lets one wait, a second Ctrl-C ends the program at once: what was done holds.
    signal_hook::flag::register_conditional_shutdown(
        signal_hook::consts::SIGINT,
        INTERRUPTED.into(),
        Arc::clone(&interrupted),
    )
    .context("cannot listen for Ctrl-C")?;
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&interrupted))
        .context("cannot listen for Ctrl-C")?;
    Ok(interrupted)
}

/// Opens a file, or standard input for `-`. Ctrl-C is a wish to stop from here on.
pub fn open(file: &Path) -> Result<(BufReader<Counted>, Course)> {
    let interrupted = interrupts()?;
    let read = Arc::new(AtomicU64::new(0));
    let (input, size) = open_input(file)?;
    let counted = Counted {
        input,
        read: Arc::clone(&read),
    };
    let course = Course {
        bar: bar(size),
        read,
        interrupted,
    };
    Ok((BufReader::with_capacity(1 << 16, counted), course))
}

impl Course {
    /// Moves the bar to where the reading is. `false`: the user wants to stop.
    pub fn go_on(&self) -> bool {
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        !self.interrupted.load(Ordering::Relaxed)
    }

    /// Takes the bar from the screen.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn open_input(file: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>)> {
    if file == Path::new("-") {
        return Ok((Box::new(io::stdin()), None));
    }
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    let size = opened.metadata().map(|about| about.len()).ok();
    Ok((Box::new(opened), size))
}

fn bar(size: Option<u64>) -> ProgressBar {
    match io::stderr().is_terminal() {
        true => bar::bytes(size).with_message("reading"),
        false => ProgressBar::hidden(),
    }
}

/// Writes a line on standard error.
pub fn remark(text: &str) {
    // A closed standard error leaves nobody to tell.
    let _told = writeln!(io::stderr(), "{}", harmless(text));
}

/// Counts the bytes that pass, for the bar.
pub struct Counted {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
