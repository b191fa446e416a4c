//! Spans: what takes time, for traces. They say what the program itself calls things and what the configuration
//! calls its clients and sources, and never what somebody keyed or whom it is about.
//!
//! Where traces are off nobody asks for [`SPANS`], and a span is one comparison.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Door, Service, Source};

/// The target of every span. Nothing else has it: the log knows no spans, and traces nothing but them.
pub const SPANS: &str = "traces";

/// A step of what the span around it tells of.
macro_rules! step {
    ($name:literal) => {
        tracing::info_span!(target: $crate::SPANS, $name)
    };
}

pub(crate) use step;

/// The client as it may stand in a span: who comes by a page, or sits at the shell, is a person.
pub(crate) fn client(source: &Source) -> Option<&str> {
    match source.door {
        Door::Http | Door::Radius | Door::FastAgi | Door::Hook => source.client.as_deref(),
        Door::Shell | Door::Program | Door::Schedule | Door::Web => None,
    }
}

/// What became of spans that were to be handed to a collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanFate {
    /// The collector took it.
    Exported,
    /// There was no room for it: it ended sooner than those before it were handed on.
    QueueFull,
    /// The collector did not want it.
    Refused,
    /// The collector could not be reached.
    Unreachable,
}

impl SpanFate {
    /// Those that are lost.
    pub const DROPPED: [Self; 3] = [Self::QueueFull, Self::Refused, Self::Unreachable];

    /// Its name in the figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exported => "Exported",
            Self::QueueFull => "QueueFull",
            Self::Refused => "Refused",
            Self::Unreachable => "Unreachable",
        }
    }
}

/// The counts.
#[derive(Default)]
pub(crate) struct SpanCounts([AtomicU64; 4]);

/// There is no right to check: nobody asked for anything.
impl Service {
    /// Counts what became of so many spans.
    pub fn note_spans(&self, fate: SpanFate, spans: u64) {
        self.count_of(fate).fetch_add(spans, Ordering::Relaxed);
    }

    /// Of how many spans this became, since the program was started.
    #[must_use]
    pub fn spans(&self, fate: SpanFate) -> u64 {
        self.count_of(fate).load(Ordering::Relaxed)
    }

    fn count_of(&self, fate: SpanFate) -> &AtomicU64 {
        let [exported, full, refused, unreachable] = &self.span_counts.0;
        match fate {
            SpanFate::Exported => exported,
            SpanFate::QueueFull => full,
            SpanFate::Refused => refused,
            SpanFate::Unreachable => unreachable,
        }
    }
}
