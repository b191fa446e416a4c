//! Web hooks of telephone services that speak TwiML (Twilio, SignalWire): the attendant of the other telephone
//! doors, one request for each question.
//!
//! Nothing is answered without a valid signature. A call is kept here between its requests (`calls.rs`), so
//! that neither the PIN nor how far the call came passes through the service more than once.

mod calls;
mod signature;
mod twiml;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use pinward_attendant::Settings;
use pinward_core::Clock;
use pinward_service::Service;

use calls::Calls;
pub use signature::Secret;

/// Where the requests go.
const PATH: &str = "/hooks/twiml";
/// More than any request of such a service has.
const LARGEST_BODY: usize = 16 * 1024;

/// The hooks, with the calls that are under way.
pub struct Hooks {
    service: Arc<Service>,
    settings: Arc<Settings>,
    secret: Secret,
    public_url: String,
    calls: Calls,
}

/// What [`Hooks`] are made of.
pub struct HookParts {
    /// The use cases.
    pub service: Arc<Service>,
    /// How callers are asked. What is said is English.
    pub settings: Arc<Settings>,
    /// What the service signs its requests with.
    pub secret: Secret,
    /// Where the service reaches this server, such as `https://pins.litwareinc.com`: it signs the address.
    pub public_url: String,
    /// So many calls at a time.
    pub most_calls: usize,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Hooks {
    /// The hooks over their parts.
    #[must_use]
    pub fn new(parts: HookParts) -> Self {
        Self {
            service: parts.service,
            settings: parts.settings,
            secret: parts.secret,
            public_url: parts.public_url,
            calls: Calls::new(parts.most_calls, parts.clock),
        }
    }

    /// What is answered at `/hooks/twiml`.
    pub fn routes<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new()
            .route(PATH, post(twiml::answer))
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .with_state(Arc::new(self))
    }
}
