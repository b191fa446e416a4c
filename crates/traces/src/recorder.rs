//! What makes spans of OpenTelemetry of those of `tracing`.

use std::fmt;
use std::sync::Arc;

use opentelemetry::trace::{SpanId, TraceId, TracerProvider as _};
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{IdGenerator, Sampler, SdkTracer, SdkTracerProvider, SpanLimits};
use pinward_core::Entropy;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::Spans;
use crate::queue::Queue;

/// What is recorded, and as whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// As which service.
    pub service_name: String,
    /// In which version.
    pub version: &'static str,
    /// What else is to be said of it, such as `deployment.environment.name`.
    pub attributes: Vec<(String, String)>,
    /// The share of traces that is recorded, 0 to 1. Of a trace that somebody else began, they say.
    pub sample_ratio: f64,
    /// So many spans that have ended may wait to be handed on.
    pub room: usize,
}

/// Records spans.
pub struct Recorder {
    tracer: SdkTracer,
}

impl Recorder {
    /// Begins to record; what ends is found in the [`Spans`].
    #[must_use]
    pub fn new(terms: &Terms, entropy: Arc<dyn Entropy>) -> (Self, Spans) {
        let ids = Ids(entropy);
        let instance = ids.new_trace_id().to_string();
        let attributes = terms.attributes.iter();
        let attributes = attributes.map(|(name, value)| KeyValue::new(name.clone(), value.clone()));
        let resource = Resource::builder_empty()
            .with_service_name(terms.service_name.clone())
            .with_attribute(KeyValue::new("service.version", terms.version))
            .with_attribute(KeyValue::new("service.instance.id", instance))
            .with_attributes(attributes)
            .build();
        let (queue, spans) = Queue::new(terms.room, &resource);
        let root = Sampler::TraceIdRatioBased(terms.sample_ratio);
        // Everything is said here: variables of the environment that are meant for others change nothing.
        let provider = SdkTracerProvider::builder()
            .with_span_processor(queue)
            .with_sampler(Sampler::ParentBased(Box::new(root)))
            .with_id_generator(ids)
            .with_span_limits(SpanLimits::default())
            .with_resource(resource)
            .build();
        let scope = InstrumentationScope::builder("pinward").with_version(terms.version);
        let tracer = provider.tracer_with_scope(scope.build());
        (Self { tracer }, spans)
    }

    /// What listens to `tracing`. It has to be filtered: of whatever it hears each span is recorded.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.tracer.clone())
            .with_context_activation(false)
            .with_location(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            .with_tracked_inactivity(false)
    }
}

/// Identifiers of traces and spans.
struct Ids(Arc<dyn Entropy>);

impl Ids {
    fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // All zeros would be none.
        while bytes == [0; N] {
            self.0.fill(&mut bytes);
        }
        bytes
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        TraceId::from_bytes(self.bytes())
    }

    fn new_span_id(&self) -> SpanId {
        SpanId::from_bytes(self.bytes())
    }
}
