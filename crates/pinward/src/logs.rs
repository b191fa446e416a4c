//! The program's log, on standard error. What libraries say is told from warnings on: on lower levels they
//! may repeat what passes through them.

use std::io;

use tracing::Level as Threshold;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{Format, Level, Log};

/// The log, whose level can be changed.
pub struct Logs {
    filter: Handle<Targets, Registry>,
}

/// How the targets of our crates begin.
const OURS: &str = "pinward";

fn filter(level: Level) -> Targets {
    let (ours, others) = match level {
        Level::Error => (Threshold::ERROR, LevelFilter::ERROR),
        Level::Warn => (Threshold::WARN, LevelFilter::WARN),
        Level::Info => (Threshold::INFO, LevelFilter::WARN),
        Level::Debug => (Threshold::DEBUG, LevelFilter::WARN),
    };
    Targets::new().with_target(OURS, ours).with_default(others)
}

impl Logs {
    /// Begins to log.
    pub fn begin(log: &Log) -> Self {
        let (filter, handle) = reload::Layer::new(filter(log.level));
        let lines = fmt::layer().with_writer(io::stderr).with_target(false);
        let lines = match log.format {
            Format::Text => lines.with_ansi(false).boxed(),
            Format::Json => lines
                .json()
                .flatten_event(true)
                .with_current_span(false)
                .boxed(),
        };
        let registry = tracing_subscriber::registry().with(lines.with_filter(filter));
        // A second log in one process would be ours alone to make.
        let _first = registry.try_init();
        Self { filter: handle }
    }

    /// Takes another level; the format stays.
    pub fn change(&self, log: &Log) {
        // The handle outlives the subscriber only when the program ends.
        let _changed = self.filter.reload(filter(log.level));
    }
}
