//! `[traces]`: what takes how long, for an OpenTelemetry collector.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use pinward_traces::{Collector, Endpoint, Headers, Terms, Trust};
use serde::Deserialize;

use super::secret;
use super::time::Time;

/// The traces.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Traces {
    /// Where the collector is; empty: there are no traces.
    pub endpoint: String,
    /// Lets spans be sent in clear to other machines.
    pub plain_http: bool,
    /// The authorities of the collector's certificate, a PEM file; empty: those of the system.
    pub ca_file: PathBuf,
    /// The file with headers that the collector wants; empty: none.
    pub headers_file: PathBuf,
    /// As which service.
    pub service_name: String,
    /// What else is told of the service.
    pub attributes: BTreeMap<String, String>,
    /// The share of traces that is recorded, 0 to 1.
    pub sample_ratio: f64,
    /// Whether the trace of whoever asks is gone on with.
    pub follow_callers: bool,
    /// So many spans wait at most.
    pub queue: usize,
    /// Spans that have ended are sent at least this often.
    pub every: Time,
    /// How long the collector may take.
    pub timeout: Time,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# Traces: what takes how long, sent to an OpenTelemetry collector (OTLP over HTTP, protobuf). They name doors, routes,
# clients and outcomes, and nobody: no user, number or PIN. Variables OTEL_* of the environment are not read.
[traces]

# Where the collector takes OTLP over HTTP, such as "http://127.0.0.1:4318" or "https://otel.litwareinc.com:4318";
# /v1/traces is added. Empty: there are no traces. Whether there are any is read at the start.
#endpoint = ""

# true lets spans be sent over plain HTTP to other machines, on a network where nobody else listens.
#plain_http = false

# The authorities (PEM file) of the certificate of https://. Empty: those of the system.
#ca_file = ""

# A file, which others must not be able to read, with headers that the collector wants: NAME=VALUE, with a comma
# between several, such as Authorization=Bearer%20TOKEN. Empty: none.
#headers_file = ""

# As which service; what else is told of it, such as { "deployment.environment.name" = "production" }. Read at
# the start.
#service_name = "pinward"
#attributes = {}

# The share of traces that is recorded, 0 to 1. Read at the start.
#sample_ratio = 1.0

# Whether a request over HTTP that brings a traceparent goes on with that trace, and is recorded where it says so
# and only there. false, where strangers reach the server, keeps them from having everything recorded.
#follow_callers = true

# So many spans wait at most, 1 to 100000; more are dropped and counted. They are sent at least this often, 1 second
# to 1 minute. Both are read at the start.
#queue = 2048
#every = "5 seconds"

# How long the collector may take, 1 second to 1 minute.
#timeout = "10 seconds"
"#;

impl Default for Traces {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            plain_http: false,
            ca_file: PathBuf::new(),
            headers_file: PathBuf::new(),
            service_name: "pinward".to_owned(),
            attributes: BTreeMap::new(),
            sample_ratio: 1.0,
            follow_callers: true,
            queue: 2048,
            every: Time::seconds(5),
            timeout: Time::seconds(10),
        }
    }
}

/// More would be much memory for nothing.
const MOST_QUEUED: usize = 100_000;
/// The longest of the times.
const MINUTE: Duration = Duration::from_secs(60);

impl Traces {
    /// Whether anything can be recorded.
    pub fn are_on(&self) -> bool {
        !self.endpoint.is_empty() && (self.sample_ratio > 0.0 || self.follow_callers)
    }

    /// What is recorded, and as whom, checked.
    pub fn terms(&self) -> Result<Terms> {
        self.limits().context("[traces] in pinward.toml")?;
        Ok(Terms {
            service_name: self.service_name.clone(),
            version: env!("CARGO_PKG_VERSION"),
            attributes: self.attributes.clone().into_iter().collect(),
            sample_ratio: self.sample_ratio,
            room: self.queue,
        })
    }

    fn limits(&self) -> Result<()> {
        ensure!(
            (0.0..=1.0).contains(&self.sample_ratio),
            "sample_ratio is {}; it goes from 0 to 1",
            self.sample_ratio
        );
        ensure!(
            (1..=MOST_QUEUED).contains(&self.queue),
            "queue is {}; it goes from 1 to {MOST_QUEUED}",
            self.queue
        );
        for (key, Time(given)) in [("every", self.every), ("timeout", self.timeout)] {
            ensure!(
                (Duration::from_secs(1)..=MINUTE).contains(&given),
                "{key} is {given:?}; it goes from 1 second to 1 minute"
            );
        }
        ensure!(
            !self.service_name.trim().is_empty(),
            "service_name is empty; name the service, such as pinward"
        );
        for name in self.attributes.keys() {
            ensure!(
                !name.trim().is_empty(),
                "attributes: one of them has no name"
            );
            ensure!(
                name != "service.name",
                "attributes: service.name is said by service_name"
            );
        }
        Ok(())
    }

    /// Where spans are sent, checked.
    pub fn collector(&self) -> Result<Collector> {
        self.place().context("[traces] in pinward.toml")
    }

    fn place(&self) -> Result<Collector> {
        let endpoint: Endpoint = self.endpoint.parse().context("endpoint")?;
        if endpoint.is_open() && !self.plain_http {
            bail!(
                "endpoint: others could read on the way to {} what is sent there. Use https://, a collector on \
                 this machine, or, where nobody else listens on the network, set plain_http = true",
                self.endpoint
            );
        }
        let ca_file = Some(&*self.ca_file).filter(|file| !file.as_os_str().is_empty());
        let trust = match endpoint.is_encrypted() {
            true => Some(Trust::of(ca_file).context("ca_file")?),
            false => None,
        };
        Ok(Collector {
            endpoint,
            headers: self.headers().context("headers_file")?,
            trust,
            patience: self.timeout.0,
        })
    }

    fn headers(&self) -> Result<Headers> {
        if self.headers_file.as_os_str().is_empty() {
            return Ok(Headers::default());
        }
        let text = secret::from_file(&self.headers_file)?;
        Headers::parse(&text).with_context(|| self.headers_file.display().to_string())
    }

    /// Everything, checked.
    pub fn check(&self) -> Result<()> {
        self.terms()?;
        if !self.endpoint.is_empty() {
            self.collector()?;
        }
        Ok(())
    }

    /// Whether a later one says something else of what is read at the start.
    pub fn starts_otherwise(&self, later: &Self) -> bool {
        let at_start = |traces: &Self| {
            let place = Self {
                endpoint: String::new(),
                plain_http: false,
                ca_file: PathBuf::new(),
                headers_file: PathBuf::new(),
                follow_callers: true,
                timeout: Time::seconds(10),
                ..traces.clone()
            };
            (traces.are_on(), place)
        };
        at_start(self) != at_start(later)
    }
}
