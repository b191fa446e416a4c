//! One call, from the environment that Asterisk sends to the variables on which its dialplan decides.

mod connection;
mod ending;
mod gather;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use pinward_attendant::{Call, Settings, Turn, settle};
use pinward_service::{Door, SPANS, Service, Source};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::{Command, ConfBridge, Environment, Limits, Sounds};
use connection::Connection;

pub(crate) use connection::Gone;

/// The channel variable on which a dialplan decides.
const RESULT: &str = "PINWARD_RESULT";
/// Its value until there is an outcome.
const UNDECIDED: &str = "Undecided";
/// What a call is counted as whose connection ended before it did.
const BROKEN_OFF: &str = "BrokenOff";
/// So long a call may take until it is decided.
const LONGEST_CALL: Duration = Duration::from_secs(15 * 60);
/// So long Asterisk may take to say what call it is.
const LONGEST_GREETING: Duration = Duration::from_secs(10);

/// What every call is answered with.
pub struct Desk {
    /// The use cases.
    pub service: Arc<Service>,
    /// Who may connect.
    pub limits: Limits,
    /// How the company wants its calls.
    pub settings: Arc<Settings>,
    /// What is played.
    pub sounds: Sounds,
    /// Whether the caller's number, as Asterisk tells it, is offered as the one to sign in with.
    pub trust_caller_number: bool,
    /// Admitted callers who named a conference are handed to Asterisk's bridge, with these profiles.
    pub confbridge: Option<ConfBridge>,
}

/// Answers one call of Asterisk at `peer`. Once `stopping` is cancelled nothing more is asked: the caller is
/// told that PINs cannot be checked now.
pub async fn attend<S>(stream: S, desk: &Desk, peer: IpAddr, stopping: &CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut connection = Connection::new(stream);
    let greeting = timeout(LONGEST_GREETING, connection.environment());
    let greeting = tokio::select! {
        greeting = greeting => greeting,
        () = stopping.cancelled() => return,
    };
    let environment = match greeting {
        Ok(Ok(environment)) => environment,
        Ok(Err(gone)) => return no_call(desk, peer, &gone.to_string()),
        Err(_elapsed) => return no_call(desk, peer, "nothing was said within 10 seconds"),
    };
    let call = environment.unique_id.clone();
    let span = tracing::info_span!(
        target: SPANS,
        "call",
        otel.kind = "server",
        pinward.door = Door::FastAgi.name(),
        pinward.client = %peer,
        pinward.outcome = Empty,
    );
    let mut session = Session {
        connection,
        desk,
        environment,
        spoken: None,
        noted: false,
        span: span.clone(),
    };
    let conversation = session.conversation(peer, stopping).instrument(span);
    match timeout(LONGEST_CALL, conversation).await {
        Ok(Ok(Some(handover))) => {
            tracing::info!(call, "handed to the conference bridge");
            // The conference is none of its time.
            session.span = Span::none();
            // As long as the conference lasts.
            let _over = session.connection.ask_without_limit(&handover).await;
        }
        Ok(Ok(None)) => {}
        Ok(Err(gone)) => {
            session.note(BROKEN_OFF);
            tracing::info!(call, "the call broke off: {gone}");
        }
        Err(_elapsed) => {
            session.note(BROKEN_OFF);
            tracing::info!(call, "the call was given up after 15 minutes");
        }
    }
}

/// Counts a connection that brought no call, and says why in the log, seldom.
fn no_call(desk: &Desk, peer: IpAddr, why: &str) {
    desk.service.note_dropped(Door::FastAgi, "NoCall");
    if let Some(more) = desk.service.complaints().due("fastagi: no call") {
        tracing::warn!(%peer, more, "FastAGI: no call came: {why}");
    }
}

/// A call that is being answered.
struct Session<'a, S> {
    connection: Connection<S>,
    desk: &'a Desk,
    environment: Environment,
    /// The language of the channel, once it was set.
    spoken: Option<&'static str>,
    /// Whether it was counted.
    noted: bool,
    /// What traces say of it.
    span: Span,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<'_, S> {
    /// Up to the outcome; with the command that hands the caller over, if any.
    async fn conversation(
        &mut self,
        peer: IpAddr,
        stopping: &CancellationToken,
    ) -> Result<Option<Command>, Gone> {
        let source = Source {
            client: Some(peer.to_string().into()),
            caller: self.environment.caller.clone(),
            called: self.environment.called.clone(),
            ..Source::of(Door::FastAgi)
        };
        self.set(RESULT, UNDECIDED).await?;
        self.connection.ask(&Command::Answer).await?;
        let mut call = Call::new(Arc::clone(&self.desk.settings));
        if let Some(number) = self.environment.caller.as_deref()
            && self.desk.trust_caller_number
        {
            call = call.from_number(number);
        }
        if let Some(conference) = self.environment.arguments.first() {
            call = call.to_conference(conference);
        }
        let mut next = call.start();
        loop {
            next = match settle(&self.desk.service, &source, next).await {
                Turn::Gather(gathering) if stopping.is_cancelled() => gathering.closing(),
                Turn::Gather(gathering) => {
                    let input = self.gather(&gathering).await?;
                    gathering.take(input)
                }
                Turn::End(ending) => return self.end(ending).await,
            }
        }
    }

    /// Counts what came of the call, once: a line that goes after the verdict changes nothing of it.
    fn note(&mut self, outcome: &'static str) {
        if std::mem::replace(&mut self.noted, true) {
            return;
        }
        self.desk.service.note_call(Door::FastAgi, outcome);
        self.span.record("pinward.outcome", outcome);
    }

    async fn set(&mut self, name: &'static str, value: &str) -> Result<(), Gone> {
        let value = value.to_owned();
        let command = Command::SetVariable { name, value };
        self.connection.ask(&command).await.map(drop)
    }
}
