//! One request of a call: what it answers, and what is asked then. The same for every kind of hook.

use pinward_attendant::{Call, Ending, Gathering, Input, Turn, settle};
use pinward_service::{Door, Service, Source};
use tracing::{Instrument as _, Span};

use super::calls::{self, Asked, At, Calls, Found, Keeping};

/// What a telephone system says of a call.
pub(super) struct Told<'a> {
    /// The name of the call.
    pub name: &'a str,
    /// The number of the question that is answered; 0 where the call begins.
    pub step: u32,
    /// What was keyed.
    pub input: Input,
    /// Where the call comes from.
    pub source: Source,
}

/// What is answered.
pub(super) enum Reply {
    /// A question, or the same answer again to a request that is repeated.
    Asked(String),
    /// The call has ended.
    Ended(Ending),
    /// There are as many calls as there may be.
    Full,
    /// The answer to the same request is being worked on.
    UnderWay,
    /// There is no such call: it has ended, is another server's, or its caller is gone meanwhile.
    Unknown,
}

/// How a hook asks question `step`.
pub(super) type Ask<'a> = &'a (dyn Fn(&Gathering, u32) -> Asked + Send + Sync);

/// Goes on with a call. `begin` makes one that has just come in.
pub(super) async fn go_on(
    (service, calls, most_calls): (&Service, &Calls, usize),
    told: Told<'_>,
    begin: impl FnOnce() -> Call,
    ask: Ask<'_>,
) -> Reply {
    let (next, step, span) = match calls.find(told.name, told.step) {
        Found::Question(gathering, step, span) => {
            // Each request is a span of its own, which the call names.
            span.follows_from(Span::current());
            (gathering.take(told.input), step, span)
        }
        Found::Again(asked) => return Reply::Asked(asked),
        Found::UnderWay => return Reply::UnderWay,
        Found::Nothing if told.step == 0 => {
            let client = told.source.client.as_deref();
            (begin().start(), 1, calls::span(client))
        }
        // Whoever cannot go on begins anew: nobody is let in by a call that is not known.
        Found::Nothing => return Reply::Unknown,
    };
    let at = At {
        name: told.name,
        step,
        span: &span,
    };
    let settled = settle(service, &told.source, next).instrument(span.clone());
    match settled.await {
        Turn::Gather(gathering) => {
            let asked = ask(&gathering, step);
            match calls.keep(&at, gathering, &asked, most_calls) {
                Keeping::Kept => Reply::Asked(asked.text),
                Keeping::Full => {
                    service.note_dropped(Door::Hook, "Busy");
                    if let Some(more) = service.complaints().due("hooks: busy") {
                        tracing::warn!(
                            more,
                            "a call was refused: there are most_calls calls already"
                        );
                    }
                    Reply::Full
                }
                Keeping::Gone => Reply::Unknown,
            }
        }
        Turn::End(ending) => {
            calls.end(&at, &ending.outcome);
            Reply::Ended(ending)
        }
    }
}
