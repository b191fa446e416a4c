//! What a cmdlet works with.

use std::future::Future;
use std::sync::Arc;

use pinward_service::{Caller, Service};
use tokio::runtime::Handle;

/// The service, on whose behalf it is asked, and where its answers are waited for.
pub struct Product {
    /// The use cases.
    pub service: Arc<Service>,
    /// Who sits at the session.
    pub caller: Caller,
    /// The runtime the service runs on; the session's own thread is none of its workers.
    pub runtime: Handle,
}

impl Product {
    /// Waits for the service on the session's thread.
    pub(crate) fn wait<F: Future>(&self, answer: F) -> F::Output {
        self.runtime.block_on(answer)
    }
}
