//! Calls between two requests. Each is decided once: by its ending, or as hung up when it is taken out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pinward_attendant::{CallOutcome, Gathering};
use pinward_core::{Clock, Timestamp};
use pinward_service::{Door, SPANS, Service};
use tracing::Span;
use tracing::field::Empty;

/// A question is kept for so long at least.
const SHORTEST: Duration = Duration::from_mins(3);
/// However slowly may be keyed, it is not kept longer.
const LONGEST: Duration = Duration::from_hours(1);
/// For what is said, and for the way of the request.
const BESIDES_KEYING: Duration = Duration::from_mins(1);

/// The calls that are under way, by the name that the service gives them.
pub(super) struct Calls {
    service: Arc<Service>,
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept(HashMap<String, Call>);

struct Call {
    /// The number of the question that was asked last.
    step: u32,
    /// The question; `None` while its answer is being worked on.
    gathering: Option<Gathering>,
    /// How it was asked: for a request that is repeated.
    asked: String,
    /// Whoever has not answered by then is gone.
    until: Timestamp,
    /// What traces say of it.
    span: Span,
}

/// The span of a whole call from this client. It begins within the first request and outlives it.
pub(super) fn span(client: Option<&str>) -> Span {
    tracing::info_span!(
        target: SPANS,
        "call",
        otel.kind = "server",
        pinward.door = Door::Hook.name(),
        pinward.client = client,
        pinward.outcome = Empty,
    )
}

/// Which question of which call is asked.
pub(super) struct At<'a> {
    /// The name of the call.
    pub name: &'a str,
    /// The number of the question.
    pub step: u32,
    /// The span of the call.
    pub span: &'a Span,
}

/// How a question is asked.
pub(super) struct Asked {
    /// The answer to the request.
    pub text: String,
    /// So long the caller may take to key.
    pub keying: Duration,
}

/// What there is for a request.
pub(super) enum Found {
    /// The question that it answers, the number of the next one, and the span of the call.
    Question(Box<Gathering>, u32, Span),
    /// It was answered before, with this.
    Again(String),
    /// Its answer is being worked on.
    UnderWay,
    /// There is no such call, or it is elsewhere.
    Nothing,
}

/// What became of a question that is to be kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// It is kept.
    Kept,
    /// There are as many calls as there may be.
    Full,
    /// The caller is gone meanwhile.
    Gone,
}

impl Kept {
    /// Whether the answer to the question before `step` is still being worked on.
    fn awaits(&self, name: &str, step: u32) -> bool {
        let call = self.0.get(name);
        call.is_some_and(|call| call.step + 1 == step && call.gathering.is_none())
    }
}

impl Calls {
    pub(super) fn new(service: &Arc<Service>, clock: &Arc<dyn Clock>) -> Self {
        Self {
            service: Arc::clone(service),
            clock: Arc::clone(clock),
            kept: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes out the calls that nobody goes on with.
    pub(super) fn look(&self) {
        let (now, mut kept) = (self.clock.now(), self.lock());
        for (name, call) in kept.0.extract_if(|_, call| call.until < now) {
            self.decided(&name, &call.span, &CallOutcome::HungUp);
        }
    }

    /// The call, for the request that answers question `step`; 0 is the request that begins a call.
    pub(super) fn find(&self, name: &str, step: u32) -> Found {
        let (now, mut kept) = (self.clock.now(), self.lock());
        let Some(call) = kept.0.get_mut(name) else {
            return Found::Nothing;
        };
        // Whoever begins anew has left the call that was.
        if call.until < now || (step == 0 && call.step > 1) {
            let span = call.span.clone();
            kept.0.remove(name);
            self.decided(name, &span, &CallOutcome::HungUp);
            return Found::Nothing;
        }
        if call.step == step {
            return match call.gathering.take() {
                Some(gathering) => Found::Question(gathering.into(), step + 1, call.span.clone()),
                None => Found::UnderWay,
            };
        }
        match (&call.gathering, call.step.checked_sub(1) == Some(step)) {
            (Some(_), true) => Found::Again(call.asked.clone()),
            _ => Found::Nothing,
        }
    }

    /// Keeps a question that is being asked, where there are not `most` calls already.
    pub(super) fn keep(
        &self,
        at: &At<'_>,
        gathering: Gathering,
        asked: &Asked,
        most: usize,
    ) -> Keeping {
        let (now, mut kept) = (self.clock.now(), self.lock());
        let At { name, step, span } = *at;
        if step > 1 && !kept.awaits(name, step) {
            return Keeping::Gone;
        }
        if !kept.0.contains_key(name) && kept.0.len() >= most {
            return Keeping::Full;
        }
        let silence = asked.keying.saturating_add(BESIDES_KEYING);
        let silence = silence.clamp(SHORTEST, LONGEST);
        let call = Call {
            step,
            gathering: Some(gathering),
            asked: asked.text.clone(),
            until: now + silence,
            span: span.clone(),
        };
        kept.0.insert(name.to_owned(), call);
        Keeping::Kept
    }

    /// Forgets a call that has ended instead of asking question `step`.
    pub(super) fn end(&self, at: &At<'_>, outcome: &CallOutcome) {
        let At { name, step, span } = *at;
        let mut kept = self.lock();
        if step > 1 && !kept.awaits(name, step) {
            // It was decided when it was taken out.
            return;
        }
        kept.0.remove(name);
        self.decided(name, span, outcome);
    }

    /// Forgets a call whose caller is gone.
    pub(super) fn hung_up(&self, name: &str) {
        let mut kept = self.lock();
        if let Some(call) = kept.0.remove(name) {
            self.decided(name, &call.span, &CallOutcome::HungUp);
        }
    }

    fn decided(&self, call: &str, span: &Span, outcome: &CallOutcome) {
        // The call ended when it was left last, which is now.
        span.in_scope(|| span.record("pinward.outcome", outcome.name()));
        self.service.note_call(Door::Hook, outcome.name());
        tracing::info!(call, outcome = outcome.name(), "a call was decided");
    }
}

#[cfg(test)]
mod tests {
    use pinward_attendant::{Call as Caller, Next, Settings};
    use pinward_testkit::Kit;

    use super::*;

    fn question() -> Gathering {
        match Caller::new(Arc::new(Settings::default())).start() {
            Next::Gather(gathering) => gathering,
            _ => panic!("a call begins with a question"),
        }
    }

    #[tokio::test]
    async fn who_hangs_up_while_an_answer_is_worked_on_is_gone() {
        let kit = Kit::without_people().await;
        let clock = Arc::clone(&kit.clock) as Arc<dyn Clock>;
        let calls = Calls::new(&kit.service, &clock);
        let asked = Asked {
            text: String::new(),
            keying: Duration::ZERO,
        };
        let span = span(None);
        let at = |step| At {
            name: "a",
            step,
            span: &span,
        };
        let keep = |step| calls.keep(&at(step), question(), &asked, 1);
        let decided = || -> Vec<_> {
            let calls = kit.service.calls();
            calls.iter().map(|it| (it.what, it.count)).collect()
        };
        assert_eq!(keep(1), Keeping::Kept);
        assert!(matches!(calls.find("a", 1), Found::Question(_, 2, _)));
        assert!(matches!(calls.find("a", 1), Found::UnderWay));
        calls.hung_up("a");
        assert_eq!(keep(2), Keeping::Gone);
        calls.end(&at(2), &CallOutcome::NoInput);
        assert!(matches!(calls.find("a", 2), Found::Nothing));
        assert_eq!(decided(), [("HungUp", 1)]);
        // Nor is the answer kept in a call that began anew meanwhile.
        assert_eq!(keep(1), Keeping::Kept);
        assert_eq!(keep(2), Keeping::Gone);
        assert!(matches!(calls.find("a", 1), Found::Question(_, 2, _)));
        assert_eq!(keep(2), Keeping::Kept);
        assert_eq!(decided(), [("HungUp", 1)]);
    }
}
