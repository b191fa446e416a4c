//! Progress on standard error: what is done, how fast, how long it still takes.

use std::io;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pinward_shell::host::Progress;

/// Redrawn at most so many times a second.
const REDRAWS: u8 = 5;

/// The progress of a command. It goes from the screen when it is dropped.
pub struct Bar {
    bar: ProgressBar,
    begun: Instant,
    done_before: u64,
}

impl Bar {
    /// The bar for what begins with this report. Whether it shows a share is settled by it.
    pub fn new(first: &Progress) -> Self {
        Self {
            bar: match first.share {
                Some(share) => drawn(ProgressBar::new(share.whole), layout(columns())),
                None => drawn(ProgressBar::new_spinner(), "{wide_msg} {spinner} {elapsed}"),
            },
            begun: Instant::now(),
            done_before: first.done,
        }
    }

    /// Shows a report.
    pub fn show(&self, report: &Progress) {
        self.bar
            .set_message(message(report, self.done_before, self.begun.elapsed()));
        if let Some(share) = report.share {
            self.bar.set_length(share.whole);
            self.bar.set_position(share.part);
        }
        self.bar.tick();
    }

    /// Does something with the bar out of the way.
    pub fn suspend<R>(&self, work: impl FnOnce() -> R) -> R {
        self.bar.suspend(work)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A line that wraps cannot be taken from the screen again: where there is little room, the bar goes and
/// the text is cut.
fn layout(columns: usize) -> &'static str {
    match columns {
        80.. => "{msg} {wide_bar} {percent}% {eta} left",
        _ => "{wide_msg} {percent}% {eta} left",
    }
}

fn columns() -> usize {
    rustix::termios::tcgetwinsize(io::stderr()).map_or(80, |size| usize::from(size.ws_col))
}

/// Such as `Assign a generated PIN: 214 users, 36/s`; the rate once it says something.
fn message(report: &Progress, done_before: u64, elapsed: Duration) -> String {
    let Progress {
        activity,
        done,
        unit,
        ..
    } = report;
    let since = done.saturating_sub(done_before);
    if since == 0 || elapsed < Duration::from_millis(200) {
        return format!("{activity}: {done} {unit}");
    }
    let rate = since as f64 / elapsed.as_secs_f64();
    let places = usize::from(rate < 10.0);
    format!("{activity}: {done} {unit}, {rate:.places$}/s")
}

/// The bar for going through records; hidden where nobody would see it.
pub fn records(visible: bool) -> ProgressBar {
    match visible {
        true => drawn(
            ProgressBar::new(0),
            "{wide_bar} {pos}/{len} records {per_sec} {eta} left",
        ),
        false => ProgressBar::hidden(),
    }
}

/// The bar of an import: bytes of a file, or of a stream whose end nobody knows.
pub fn bytes(size: Option<u64>) -> ProgressBar {
    match size {
        Some(size) => drawn(
            ProgressBar::new(size),
            "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
        ),
        None => drawn(
            ProgressBar::new_spinner(),
            "{msg} {spinner} {bytes} {bytes_per_sec} {elapsed}",
        ),
    }
}

fn drawn(bar: ProgressBar, template: &str) -> ProgressBar {
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(done: u64) -> Progress {
        Progress {
            activity: "Assign".to_owned(),
            done,
            share: None,
            unit: "users".to_owned(),
            finished: false,
        }
    }

    #[test]
    fn the_line_fits_into_narrow_terminals() {
        assert!(layout(100).contains("wide_bar"));
        assert!(!layout(50).contains("wide_bar"));
        assert!(layout(50).contains("wide_msg"));
    }

    #[test]
    fn the_rate_is_that_since_the_first_report() {
        let check = |done, before, seconds, expected: &str| {
            let elapsed = Duration::from_secs_f64(seconds);
            assert_eq!(message(&report(done), before, elapsed), expected);
        };
        check(2, 2, 0.0, "Assign: 2 users");
        check(12, 2, 0.1, "Assign: 12 users");
        check(72, 2, 2.0, "Assign: 72 users, 35/s");
        check(12, 2, 4.0, "Assign: 12 users, 2.5/s");
    }
}
