//! `/metrics`: what was counted, as Prometheus reads it (text format 0.0.4).

use std::fmt::{self, Write};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use pinward_core::Timestamp;
use pinward_service::{DoorCount, Measures, SpanFate, TIMING_BOUNDS, Timing, Unavailable};

use crate::{App, Problem};

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics(State(app): State<App>) -> Response {
    match app.service().measures().await {
        Ok(measures) => {
            let kind = [
                (header::CONTENT_TYPE, "text/plain; version=0.0.4"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (kind, page(&app, &measures)).into_response()
        }
        Err(error) => unavailable(&error).into_response(),
    }
}

fn unavailable(error: &Unavailable) -> Problem {
    Problem::refused(StatusCode::SERVICE_UNAVAILABLE, error)
}

fn page(app: &App, measures: &Measures) -> String {
    let mut page = Page::default();
    page.log_ons(measures);
    page.sources(measures);
    page.guessing(app);
    page.doors(app);
    page.spans(app);
    page.traffic(app);
    page.process();
    page.text
}

/// The page as far as it is written.
#[derive(Default)]
struct Page {
    text: String,
}

/// A label's value: quotes, backslashes and line ends are escaped.
struct Value<'a>(&'a str);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            c => f.write_char(c),
        })
    }
}

impl Page {
    /// Guessing across users.
    fn guessing(&mut self, app: &App) {
        let figures = app.service().guess_figures();
        let name = "pinward_throttled_total";
        let help = "Attempts that were not evaluated because their source had guessed too much.";
        self.series(name, "counter", help);
        self.line(format_args!(
            "{name}{{by=\"caller\"}} {}",
            figures.callers_slowed
        ));
        self.line(format_args!(
            "{name}{{by=\"client\"}} {}",
            figures.clients_slowed
        ));
        let help = "Wrong PINs that were tried at many users.";
        self.single(
            "pinward_pin_sprayings_total",
            "counter",
            help,
            figures.sprayings,
        );
    }

    /// What the doors count beside logons.
    fn doors(&mut self, app: &App) {
        let service = app.service();
        for (name, help, label, counts) in [
            (
                "pinward_requests_dropped_total",
                "Requests that were not answered, by reason.",
                "reason",
                service.dropped(),
            ),
            (
                "pinward_requests_undecided_total",
                "Requests that were answered without a decision, by kind.",
                "kind",
                service.undecided(),
            ),
            (
                "pinward_calls_total",
                "Calls of the telephone doors that have ended, by outcome.",
                "outcome",
                service.calls(),
            ),
        ] {
            self.series(name, "counter", help);
            for DoorCount { door, what, count } in counts {
                self.line(format_args!(
                    "{name}{{door=\"{door}\",{label}=\"{what}\"}} {count}"
                ));
            }
        }
    }

    /// What became of the spans of traces.
    fn spans(&mut self, app: &App) {
        let service = app.service();
        self.single(
            "pinward_spans_exported_total",
            "counter",
            "Spans that the OpenTelemetry collector took.",
            service.spans(SpanFate::Exported),
        );
        let name = "pinward_spans_dropped_total";
        let help = "Spans that were not handed to the OpenTelemetry collector, by reason.";
        self.series(name, "counter", help);
        for fate in SpanFate::DROPPED {
            let (reason, count) = (fate.name(), service.spans(fate));
            self.line(format_args!("{name}{{reason=\"{reason}\"}} {count}"));
        }
    }

    fn line(&mut self, line: fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _written = writeln!(self.text, "{line}");
    }

    /// The name of a series, what kind it is, and what it says.
    fn series(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl fmt::Display) {
        self.series(name, kind, help);
        self.line(format_args!("{name} {value}"));
    }

    fn timing(&mut self, name: &str, labels: fmt::Arguments<'_>, timing: &Timing) {
        let mut below = 0;
        for (bound, count) in TIMING_BOUNDS.iter().zip(timing.classes) {
            below += count;
            self.line(format_args!(
                "{name}_bucket{{{labels},le=\"{bound}\"}} {below}"
            ));
        }
        let (count, sum) = (timing.count, timing.sum.as_secs_f64());
        self.line(format_args!(
            "{name}_bucket{{{labels},le=\"+Inf\"}} {count}"
        ));
        self.line(format_args!("{name}_sum{{{labels}}} {sum}"));
        self.line(format_args!("{name}_count{{{labels}}} {count}"));
    }

    fn log_ons(&mut self, measures: &Measures) {
        let name = "pinward_logons_total";
        self.series(name, "counter", "Logons by door and outcome.");
        for ((door, outcome), count) in &measures.log_ons {
            self.line(format_args!(
                "{name}{{door=\"{door}\",outcome=\"{outcome}\"}} {count}"
            ));
        }
        let name = "pinward_logon_duration_seconds";
        self.series(name, "histogram", "How long logons took to decide.");
        for (door, timing) in &measures.timings {
            self.timing(name, format_args!("door=\"{door}\""), timing);
        }
        self.single(
            "pinward_hash_queue",
            "gauge",
            "PINs that are being hashed or wait for it.",
            measures.hashes_queued,
        );
    }

    fn sources(&mut self, measures: &Measures) {
        let name = "pinward_source_users";
        self.series(name, "gauge", "People of a source, by state.");
        for source in &measures.sources {
            let label = Value(&source.name);
            for (state, count) in [("enabled", source.enabled), ("gone", source.gone)] {
                self.line(format_args!(
                    "{name}{{source=\"{label}\",state=\"{state}\"}} {count}"
                ));
            }
        }
        let name = "pinward_source_conflicts";
        self.series(
            name,
            "gauge",
            "Numbers and addresses that several enabled users have.",
        );
        for source in &measures.sources {
            let (label, count) = (Value(&source.name), source.conflicts);
            self.line(format_args!("{name}{{source=\"{label}\"}} {count}"));
        }
        for (name, help, when) in [
            (
                "pinward_sync_last_attempt_timestamp_seconds",
                "When a sync of a source last ended, whatever came of it.",
                (|source| source.last_attempt)
                    as fn(&pinward_service::SourceStatus) -> Option<Timestamp>,
            ),
            (
                "pinward_sync_last_success_timestamp_seconds",
                "When a source was last read and applied.",
                |source| source.last_full.max(source.last_increment),
            ),
        ] {
            self.series(name, "gauge", help);
            for source in &measures.sources {
                if let Some(when) = when(source) {
                    let (label, when) = (Value(&source.name), when.as_second());
                    self.line(format_args!("{name}{{source=\"{label}\"}} {when}"));
                }
            }
        }
    }

    fn traffic(&mut self, app: &App) {
        let traffic = app.traffic();
        let answers = traffic.answers();
        let answers: Vec<_> = answers
            .iter()
            .flat_map(|(method, routes)| routes.iter().map(move |(route, of)| (method, route, of)))
            .collect();
        let name = "pinward_http_requests_total";
        self.series(
            name,
            "counter",
            "HTTP requests by method, route and status.",
        );
        for (method, route, answers) in &answers {
            for (status, count) in &answers.statuses {
                self.line(format_args!(
                    "{name}{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
                ));
            }
        }
        let name = "pinward_http_request_duration_seconds";
        self.series(
            name,
            "histogram",
            "How long HTTP requests took until their answer began.",
        );
        for (method, route, answers) in &answers {
            let labels = format_args!("method=\"{method}\",route=\"{route}\"");
            self.timing(name, labels, &answers.timing);
        }
        let open = traffic.open();
        self.single(
            "pinward_http_connections",
            "gauge",
            "Open HTTP connections.",
            open,
        );
        let resting = *traffic.resting().borrow();
        self.single(
            "pinward_http_connections_resting",
            "gauge",
            "Those of them that asked something, and on which nothing came for a while.",
            resting,
        );
        let [accepted, refused, unagreed] = traffic.connections();
        for (name, help, value) in [
            (
                "pinward_http_connections_accepted_total",
                "HTTP connections that were accepted.",
                accepted,
            ),
            (
                "pinward_http_connections_refused_total",
                "HTTP connections that were refused because there were too many.",
                refused,
            ),
            (
                "pinward_http_handshakes_failed_total",
                "HTTP connections that did not agree on TLS.",
                unagreed,
            ),
        ] {
            self.single(name, "counter", help, value);
        }
    }

    fn process(&mut self) {
        self.series("pinward_build_info", "gauge", "The version of the program.");
        let version = env!("CARGO_PKG_VERSION");
        self.line(format_args!(
            "pinward_build_info{{version=\"{version}\"}} 1"
        ));
        if let Some(bytes) = resident_bytes() {
            let help = "Memory of the program that is not swapped out.";
            self.single("process_resident_memory_bytes", "gauge", help, bytes);
        }
        if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
            self.single(
                "process_open_fds",
                "gauge",
                "Open files and sockets.",
                open.count(),
            );
        }
    }
}

/// As Linux tells it.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
