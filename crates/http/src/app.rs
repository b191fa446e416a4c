//! What every handler works with.

use std::sync::Arc;

use pinward_core::{Clock, Entropy};
use pinward_service::Service;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Settings;
use crate::api::Limits;
use crate::traffic::Traffic;
use crate::web::Sessions;

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
    /// Cancelled when the program will stop soon and no new work is wanted; what comes is still answered.
    pub leaving: CancellationToken,
    /// Cancelled when the program is stopping.
    pub stopping: CancellationToken,
}

/// The state of the HTTP door, shared by all requests. Handlers take it as `State<App>`.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    tasks: TaskTracker,
    traffic: Traffic,
    sessions: Sessions,
    limits: Limits,
}

impl App {
    /// The door's state over its parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            inner: Arc::new(Inner {
                parts,
                tasks: TaskTracker::new(),
                traffic: Traffic::default(),
                sessions: Sessions::default(),
                limits: Limits::default(),
            }),
        }
    }

    /// The use cases.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.inner.parts.service
    }

    /// The settings as they are now. Take them once for a request.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.inner.parts.settings.borrow())
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.parts.clock
    }

    /// Where randomness comes from.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.inner.parts.entropy
    }

    /// Whether it is time for a line in the log on this matter, and then how many were left out since the last
    /// one. What anybody can cause is told only so.
    pub(crate) fn complaint(&self, matter: &'static str) -> Option<u64> {
        self.service().complaints().due(matter)
    }

    /// Who is signed in at the pages.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    /// What the clients of the API have used of what they may ask for.
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Whether whoever can ask somebody else should: the program is stopping, or will soon.
    #[must_use]
    pub fn is_leaving(&self) -> bool {
        self.inner.parts.leaving.is_cancelled() || self.stopping().is_cancelled()
    }

    /// Cancelled when the program is stopping: whatever lasts longer than a request ends then.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.inner.parts.stopping
    }

    /// What is being answered: the program does not end before it is done. Work that must be finished
    /// even when whoever asked is gone is spawned here.
    #[must_use]
    pub fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    /// How many connections are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.inner.traffic.open()
    }

    /// How many of them rest: all that they asked is answered, and nothing has come for a while.
    #[must_use]
    pub fn resting(&self) -> watch::Receiver<usize> {
        self.inner.traffic.resting()
    }

    /// What was counted at this door.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.inner.traffic
    }
}
