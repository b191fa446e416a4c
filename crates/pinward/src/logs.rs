//! The program's log, on standard error. What libraries say is told from warnings on: on lower levels they
//! may repeat what passes through them. Spans are for traces alone, and traces get nothing but them.

use std::io;

use pinward_service::SPANS;
use pinward_traces::Recorder;
use tracing::{Dispatch, Level as Threshold};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::reload::{self, Handle};
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
    /// Begins to log, and to record traces where somebody does.
    pub fn begin(log: &Log, recorder: Option<&Recorder>) -> Self {
        let (subscriber, filter) = subscriber(log, recorder);
        // A second log in one process would be ours alone to make.
        let _first = tracing::dispatcher::set_global_default(subscriber);
        Self { filter }
    }

    /// Takes another level; the format stays.
    pub fn change(&self, log: &Log) {
        // The handle outlives the subscriber only when the program ends.
        let _changed = self.filter.reload(filter(log.level));
    }
}

/// What hears of everything, and what the level of the log is changed with.
fn subscriber(log: &Log, recorder: Option<&Recorder>) -> (Dispatch, Handle<Targets, Registry>) {
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
    let dispatch = match recorder {
        // Where nobody records, nothing stands there that would have to be asked.
        None => registry.into(),
        Some(recorder) => {
            let spans = Targets::new().with_target(SPANS, Threshold::INFO);
            registry.with(recorder.layer().with_filter(spans)).into()
        }
    };
    (dispatch, handle)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pinward_testkit::SeededEntropy;
    use pinward_traces::Terms;

    use super::*;

    #[test]
    fn there_are_spans_where_traces_are_recorded_and_only_there() {
        let terms = Terms {
            service_name: "pinward".to_owned(),
            version: "1",
            attributes: Vec::new(),
            sample_ratio: 1.0,
            room: 8,
        };
        let (recorder, _spans) = Recorder::new(&terms, Arc::new(SeededEntropy::new(1)));
        for recorder in [None, Some(&recorder)] {
            for level in [Level::Error, Level::Warn, Level::Info, Level::Debug] {
                let log = Log {
                    level,
                    ..Log::default()
                };
                let (subscriber, handle) = subscriber(&log, recorder);
                tracing::dispatcher::with_default(&subscriber, || {
                    for level in [level, Level::Debug, Level::Error] {
                        handle.reload(filter(level)).expect("it is in use");
                        let span = tracing::info_span!(target: SPANS, "logon");
                        assert_eq!(span.is_disabled(), recorder.is_none(), "{level:?}");
                        // Nor does what libraries make begin a trace.
                        let span = tracing::info_span!(target: "hyper", "request");
                        assert!(span.is_disabled(), "{level:?}");
                    }
                });
            }
        }
    }
}
