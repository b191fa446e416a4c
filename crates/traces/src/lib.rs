//! Traces: the spans of the program, handed to an OpenTelemetry collector (OTLP over HTTP, protobuf).
//!
//! This crate alone knows OpenTelemetry. Whoever has something to tell makes a span of `tracing`;
//! [`Recorder::layer`] takes it over when it ends and puts it into a queue, and [`Exporter`] empties the queue
//! beside everything else. A span for which there is no room is dropped: nobody ever waits for a collector.
//!
//! A span holds what the program itself calls things, and the names that the configuration gives: never what a
//! caller keyed or sent.

mod collector;
mod endpoint;
mod exporter;
mod headers;
mod parent;
mod queue;
mod recorder;
mod tls;

pub use collector::{Collector, Unsent};
pub use endpoint::{Endpoint, EndpointError};
pub use exporter::{Dropped, Exporter, LAST, News};
pub use headers::{Headers, HeadersError};
pub use parent::follow;
pub use queue::Spans;
pub use recorder::{Recorder, Terms};
pub use tls::Trust;
