//! What every handler works with.

use std::sync::Arc;

use pinward_core::{Clock, Entropy};
use pinward_service::Service;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::Settings;

/// What an [`App`] is made of.
pub struct Parts {
    /// The use cases.
    pub service: Arc<Service>,
    /// The settings; a new value is in force from the next request on.
    pub settings: watch::Receiver<Arc<Settings>>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    /// Cancelled when the program is stopping.
    pub stopping: CancellationToken,
}

/// The state of the HTTP door, shared by all requests. Handlers take it as `State<App>`.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
}

impl App {
    /// The door's state over its parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
        }
    }

    /// The use cases.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.parts.service
    }

    /// The settings as they are now. Take them once for a request.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.parts.settings.borrow())
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.parts.clock
    }

    /// Where randomness comes from.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.parts.entropy
    }

    /// Cancelled when the program is stopping: whatever lasts longer than a request ends then.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.parts.stopping
    }
}
