//! The queue between those who make spans and the one who hands them on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use tokio::sync::mpsc;

/// Where spans are put that have ended. Never waits.
#[derive(Debug)]
pub(crate) struct Queue {
    spans: mpsc::Sender<SpanData>,
    full: Arc<AtomicU64>,
}

/// What an [`crate::Exporter`] takes spans from, with who made them.
pub struct Spans {
    pub(crate) ended: mpsc::Receiver<SpanData>,
    pub(crate) resource: ResourceAttributesWithSchema,
    full: Arc<AtomicU64>,
}

impl Queue {
    /// A queue with room for so many spans.
    pub(crate) fn new(room: usize, resource: &Resource) -> (Self, Spans) {
        let (spans, ended) = mpsc::channel(room);
        let full = Arc::new(AtomicU64::new(0));
        let taken = Spans {
            ended,
            resource: resource.into(),
            full: Arc::clone(&full),
        };
        (Self { spans, full }, taken)
    }
}

impl Spans {
    /// How many found no room since this was asked last.
    pub(crate) fn found_no_room(&self) -> u64 {
        self.full.swap(0, Ordering::Relaxed)
    }
}

impl SpanProcessor for Queue {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.spans.try_send(span).is_err() {
            self.full.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _longest: Duration) -> OTelSdkResult {
        Ok(())
    }
}
