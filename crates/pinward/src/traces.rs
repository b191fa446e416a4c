//! Traces in the program: what is recorded is sent beside everything else, up to the very end.

use std::sync::Arc;

use anyhow::Result;
use pinward_service::{Service, SpanFate};
use pinward_traces::{Collector, Dropped, Exporter, News, Recorder};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Traces};
use crate::serve::{Doors, House};
use crate::system::SystemEntropy;

/// Variables that other programs read.
const OF_OTHERS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
];

/// Traces that are recorded from now on, and not sent yet.
pub struct Prepared {
    /// What records.
    pub recorder: Recorder,
    exporter: Exporter,
    collector: watch::Sender<Arc<Collector>>,
}

/// What sends them.
pub struct Exporting {
    finish: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// Prepares traces, where there are to be any.
pub fn prepare(traces: &Traces) -> Result<Option<Prepared>> {
    if !traces.are_on() {
        return Ok(None);
    }
    let (recorder, spans) = Recorder::new(&traces.terms()?, Arc::new(SystemEntropy));
    let (collector, watched) = watch::channel(Arc::new(traces.collector()?));
    Ok(Some(Prepared {
        recorder,
        exporter: Exporter::new(spans, watched, traces.every.0),
        collector,
    }))
}

/// Begins to send. Where they are sent to is taken over from each later configuration.
pub fn start(house: &House, doors: &mut Doors, prepared: Option<Prepared>) -> Exporting {
    let started = house.config.borrow().traces.clone();
    let finish = CancellationToken::new();
    let Some(prepared) = prepared else {
        if let Some(name) = OF_OTHERS.into_iter().find(|name| is_said(name)) {
            tracing::warn!("{name} is not read: [traces] endpoint in pinward.toml begins traces");
        }
        house.follow(doors, move |config| warn(&started, config));
        return Exporting { finish, task: None };
    };
    tracing::info!("traces to {}", prepared.collector.borrow().endpoint);
    let service = Arc::clone(&house.service);
    let sending = prepared
        .exporter
        .run(finish.clone(), move |news| tell(&service, news));
    let task = tokio::spawn(sending);
    house.follow(doors, move |config| {
        warn(&started, config);
        if !config.traces.are_on() {
            return;
        }
        match config.traces.collector() {
            Ok(collector) => drop(prepared.collector.send_replace(Arc::new(collector))),
            Err(error) => tracing::error!("[traces] stays as it was: {error:#}"),
        }
    });
    Exporting {
        finish,
        task: Some(task),
    }
}

fn is_said(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn warn(started: &Traces, config: &Config) {
    if started.starts_otherwise(&config.traces) {
        tracing::warn!(
            "[traces] has changed: whether there are traces, as which service, how many of them and the queue \
             are read at the next start"
        );
    }
}

impl Exporting {
    /// Sends the rest. The doors are closed by now.
    pub async fn finish(self) {
        self.finish.cancel();
        if let Some(task) = self.task
            && let Err(error) = task.await
        {
            tracing::error!("sending traces broke: {error}");
        }
    }
}

/// Counts it, and says in the log, seldom, what has to be mended.
fn tell(service: &Service, news: News) {
    let (fate, spans, matter, why) = match news {
        News::Exported(spans) => return service.note_spans(SpanFate::Exported, spans),
        News::Away(why) => {
            if let Some(more) = service.complaints().due("traces: away") {
                tracing::warn!(more, "the collector takes no traces now: {why}");
            }
            return;
        }
        News::Dropped(spans, Dropped::QueueFull) => {
            let why = "more end than can be sent; lower sample_ratio or raise queue in [traces]";
            (
                SpanFate::QueueFull,
                spans,
                "traces: queue full",
                why.to_owned(),
            )
        }
        News::Dropped(spans, Dropped::Refused(why)) => {
            (SpanFate::Refused, spans, "traces: refused", why)
        }
        News::Dropped(spans, Dropped::Unreachable(why)) => {
            (SpanFate::Unreachable, spans, "traces: unreachable", why)
        }
    };
    service.note_spans(fate, spans);
    if let Some(more) = service.complaints().due(matter) {
        let reason = fate.name();
        tracing::warn!(reason, spans, more, "spans of traces are lost: {why}");
    }
}
