//! What empties the queue: gathers spans and hands them to the collector, many at a time.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::trace::SpanData;
use prost::Message as _;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{Collector, Spans, Unsent};

/// So many spans go into one request.
const MOST: usize = 512;
/// How often it is looked how many have come together.
const LOOK: Duration = Duration::from_millis(100);
/// How long it is waited before the same spans are handed over again.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];
/// So long the rest may take when the program stops.
pub const LAST: Duration = Duration::from_secs(5);

/// What became of spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The collector took so many.
    Exported(u64),
    /// The collector does not take any now, and why. They will be handed over again.
    Away(String),
    /// So many are lost.
    Dropped(u64, Dropped),
}

/// Why spans are lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// There was no room in the queue.
    QueueFull,
    /// The collector did not want them, and what it said.
    Refused(String),
    /// The collector could not be reached, and why.
    Unreachable(String),
}

/// Hands on what is recorded.
pub struct Exporter {
    spans: Spans,
    collector: watch::Receiver<Arc<Collector>>,
    every: Duration,
    gathered: Vec<SpanData>,
    /// How many are with the collector.
    under_way: usize,
}

impl Exporter {
    /// Hands spans to the collector at least this often while there are any. A later collector is taken over.
    #[must_use]
    pub fn new(spans: Spans, collector: watch::Receiver<Arc<Collector>>, every: Duration) -> Self {
        Self {
            spans,
            collector,
            every,
            gathered: Vec::new(),
            under_way: 0,
        }
    }

    /// Goes on until it is told to finish, and then until nothing is left, for [`LAST`] at most.
    pub async fn run(mut self, finish: CancellationToken, tell: impl Fn(News)) {
        let over = async {
            finish.cancelled().await;
            sleep(LAST).await;
        };
        let in_time = tokio::select! {
            biased;
            () = self.export(&finish, &tell) => true,
            () = over => false,
        };
        let left = self.under_way + self.gathered.len() + self.spans.ended.len();
        if !in_time && left > 0 {
            let why = format!("it took longer than {LAST:?} at the end");
            tell(News::Dropped(left as u64, Dropped::Unreachable(why)));
        }
    }

    async fn export(&mut self, finish: &CancellationToken, tell: &impl Fn(News)) {
        loop {
            let finishing = finish.is_cancelled();
            self.gather(finish).await;
            match self.spans.found_no_room() {
                0 => {}
                spans => tell(News::Dropped(spans, Dropped::QueueFull)),
            }
            match mem::take(&mut self.gathered) {
                none if none.is_empty() && finishing => return,
                none if none.is_empty() => {}
                spans => self.deliver(spans, finish, tell).await,
            }
        }
    }

    /// Waits for the first span, and then for a full request or as long as it may take to become one.
    async fn gather(&mut self, finish: &CancellationToken) {
        tokio::select! {
            biased;
            () = finish.cancelled() => return self.gather_what_is_there(),
            some = self.spans.ended.recv_many(&mut self.gathered, MOST) => if some == 0 {
                // Nobody records any more.
                return finish.cancelled().await;
            }
        }
        let mut over = std::pin::pin!(sleep(self.every));
        while self.gathered.len() < MOST {
            // It is looked at now and then: whoever ends a span should not have to wake anybody.
            let enough = tokio::select! {
                biased;
                () = finish.cancelled() => true,
                () = &mut over => true,
                () = sleep(LOOK) => false,
            };
            self.gather_what_is_there();
            if enough {
                return;
            }
        }
    }

    fn gather_what_is_there(&mut self) {
        while self.gathered.len() < MOST
            && let Ok(span) = self.spans.ended.try_recv()
        {
            self.gathered.push(span);
        }
    }

    async fn deliver(
        &mut self,
        spans: Vec<SpanData>,
        finish: &CancellationToken,
        tell: &impl Fn(News),
    ) {
        self.under_way = spans.len();
        let all = spans.len() as u64;
        let resource_spans = group_spans_by_resource_and_scope(spans, &self.spans.resource);
        let request = Bytes::from(ExportTraceServiceRequest { resource_spans }.encode_to_vec());
        let mut pauses = PAUSES.into_iter();
        loop {
            let collector = Arc::clone(&self.collector.borrow());
            match collector.take(request.clone()).await {
                Ok(unwanted) => {
                    let unwanted = unwanted.min(all);
                    tell(News::Exported(all - unwanted));
                    if unwanted > 0 {
                        let why = "it took the others".to_owned();
                        tell(News::Dropped(unwanted, Dropped::Refused(why)));
                    }
                    break;
                }
                Err(Unsent::Refused(why)) => {
                    tell(News::Dropped(all, Dropped::Refused(why)));
                    break;
                }
                Err(Unsent::NotNow(why)) => {
                    let pause = pauses.next().filter(|_| !finish.is_cancelled());
                    let Some(pause) = pause else {
                        tell(News::Dropped(all, Dropped::Unreachable(why)));
                        break;
                    };
                    tell(News::Away(why));
                    tokio::select! {
                        () = sleep(pause) => {}
                        () = finish.cancelled() => {}
                    }
                }
            }
        }
        self.under_way = 0;
    }
}
