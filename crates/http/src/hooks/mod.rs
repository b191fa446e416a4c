//! Web hooks of telephone systems: the attendant of the other telephone doors, one request for each question.
//! Services that speak TwiML (`twiml.rs`: Twilio, SignalWire) and FreeSWITCH with mod_httapi (`httapi.rs`).
//!
//! Nothing is answered without a valid signature or password. A call is kept here between its requests
//! (`calls.rs`, `turn.rs`), so that neither the PIN nor how far the call came passes through the system more
//! than once.

mod calls;
mod form;
mod httapi;
mod password;
mod signature;
mod speech;
mod turn;
mod twiml;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::routing::post;
use pinward_attendant::Settings as Flow;
use pinward_core::Clock;
use pinward_service::{Door, Service};
use tokio::sync::watch;

pub use httapi::{Httapi, Voice};
pub use password::HookPassword;
pub use signature::Secret;
pub use twiml::Twiml;

use crate::Settings;
use calls::Calls;
use form::Fields;

/// More than any request has.
const LARGEST_BODY: usize = 64 * 1024;
/// So often it is looked for calls that nobody goes on with.
const BETWEEN_LOOKS: Duration = Duration::from_mins(1);

/// The hooks, with the calls that are under way.
pub struct Hooks {
    service: Arc<Service>,
    settings: watch::Receiver<Arc<HookSettings>>,
    server: watch::Receiver<Arc<Settings>>,
    twiml: Arc<Calls>,
    httapi: Arc<Calls>,
}

/// What may change while the program runs: calls that are under way go on as they began.
#[derive(Default)]
pub struct HookSettings {
    /// Services that speak TwiML; `None`: they are not answered.
    pub twiml: Option<Arc<Twiml>>,
    /// FreeSWITCH; `None`: it is not answered.
    pub httapi: Option<Arc<Httapi>>,
}

/// What every hook has.
pub struct Hook {
    /// How callers are asked.
    pub flow: Arc<Flow>,
    /// So many calls at a time.
    pub most_calls: usize,
}

/// What [`Hooks`] are made of.
pub struct HookParts {
    /// The use cases.
    pub service: Arc<Service>,
    /// Which hooks there are.
    pub settings: watch::Receiver<Arc<HookSettings>>,
    /// The settings of the server: whose word of an address is believed.
    pub server: watch::Receiver<Arc<Settings>>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Hooks {
    /// The hooks over their parts.
    #[must_use]
    pub fn new(parts: HookParts) -> Self {
        Self {
            twiml: Calls::new(&parts.service, &parts.clock).into(),
            httapi: Calls::new(&parts.service, &parts.clock).into(),
            service: parts.service,
            settings: parts.settings,
            server: parts.server,
        }
    }

    /// What takes out the calls that nobody goes on with: a caller who hangs up is not always told of. To be
    /// run beside the routes; it does not end.
    pub fn watch(&self) -> impl Future<Output = ()> + Send + use<> {
        let all = [Arc::clone(&self.twiml), Arc::clone(&self.httapi)];
        async move {
            loop {
                tokio::time::sleep(BETWEEN_LOOKS).await;
                all.iter().for_each(|calls| calls.look());
            }
        }
    }

    /// What is answered below `/hooks`.
    pub fn routes<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new()
            .route(twiml::PATH, post(twiml::answer))
            .route(httapi::PATH, post(httapi::answer))
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .with_state(Arc::new(self))
    }

    /// Counts a request that nobody vouches for, and says why in the log, seldom.
    fn refused(&self, reason: &'static str, why: &str) {
        self.service.note_dropped(Door::Hook, reason);
        if let Some(more) = self.service.complaints().due(reason) {
            tracing::warn!(more, "a request of a telephone system was refused: {why}");
        }
    }

    /// The form of a request.
    async fn form(&self, request: Request) -> Result<Fields, StatusCode> {
        let fields = Fields::read(request).await;
        fields.inspect_err(|_status| self.refused("UnreadableForm", "its form cannot be read"))
    }

    /// As they are now.
    fn settings(&self) -> Arc<HookSettings> {
        Arc::clone(&self.settings.borrow())
    }
}
