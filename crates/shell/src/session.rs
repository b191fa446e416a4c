//! A session: runs source against a registry of commands and a host.

mod complete;

use std::rc::Rc;
use std::sync::Arc;

use crate::command::{Flow, Stop};
use crate::error::ErrorRecord;
use crate::eval::pipeline::{Running, Stage};
use crate::eval::runtime::{Runtime, Sink};
use crate::host::Host;
use crate::limits::Limits;
use crate::parser;
use crate::registry::Registry;
use crate::value::Value;

pub use complete::{Completion, CompletionItem};

/// How a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunResult {
    /// Errors that were shown.
    pub errors: usize,
    /// The source did not follow the grammar; nothing was run.
    pub parse_failed: bool,
    /// The user stopped it, or nobody reads the output any more.
    pub cancelled: bool,
    /// `exit` was called with this status.
    pub exit: Option<i32>,
}

/// Whether source is ready to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It is.
    Complete,
    /// More lines are needed.
    Incomplete,
    /// No further line can make it right; running it shows why.
    Invalid,
}

/// A session. Variables stay from run to run.
///
/// Runs on one thread; with the default limits a stack of 16 MB is ample, in debug builds too.
pub struct Session {
    pub(crate) rt: Runtime,
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
    /// errors. One `Out-Default` serves the whole run.
    pub fn run(&mut self, source: &str) -> RunResult {
        let mut result = RunResult::default();
        let stage = match self.rt.registry.find("Out-Default").map(Arc::clone) {
            Some(def) => Stage::last(&def, &mut self.rt).map(|s| vec![s]),
            None => Ok(Vec::new()),
        };
        let stages = match stage {
            Ok(stages) => stages,
            Err(stop) => {
                self.settle(Err(stop), &mut result);
                return result;
            }
        };
        let mut plain = PlainLines;
        let mut out = Running {
            stages,
            sink: &mut plain,
        };
        self.rt.shown_errors = 0;
        let flow = self.execute(source, &mut out, &mut result);
        self.settle(flow, &mut result);
        result.errors = self.rt.shown_errors;
        result
    }

    fn execute(&mut self, source: &str, out: &mut Running<'_>, result: &mut RunResult) -> Flow {
        out.begin(&mut self.rt)?;
        let flow = self.run_into(source, &mut out.downstream(), result);
        if matches!(flow, Err(Stop::Cancelled)) {
            // Rows that are held back are shown: they may tell what was done already.
            self.rt.finishing = true;
            let shown = out.end(&mut self.rt, 0);
            self.rt.finishing = false;
            // When nobody reads any more there is nothing to tell.
            return shown.and(flow);
        }
        out.end(&mut self.rt, 0)?;
        flow
    }

    fn settle(&mut self, flow: Flow, result: &mut RunResult) {
        match flow {
            Ok(()) => {}
            Err(Stop::Exit(status)) => result.exit = Some(status),
            Err(Stop::Cancelled) => result.cancelled = true,
            Err(Stop::Terminated(error)) => self.rt.show_error(*error),
            Err(Stop::Enough(_) | Stop::Break | Stop::Continue | Stop::Return) => {}
        }
    }

    fn run_into(&mut self, source: &str, out: &mut dyn Sink, result: &mut RunResult) -> Flow {
        self.rt.start();
        let block = match parser::parse(source, &self.rt.limits) {
            Ok(block) => block,
            Err(error) => {
                result.parse_failed = true;
                let error: ErrorRecord = error.into_record(source);
                return Err(Stop::from(error));
            }
        };
        self.rt.script = Rc::clone(&block.script);
        self.rt.run_block(&block, None, out)
    }

    /// Runs source and returns what it puts out; errors that end nothing are shown by the host.
    ///
    /// # Errors
    /// What stopped it.
    pub fn collect(&mut self, source: &str) -> Result<Vec<Value>, Stop> {
        let mut out = Vec::new();
        self.run_into(source, &mut out, &mut RunResult::default())?;
        Ok(out)
    }

    /// Whether source is ready to run, or needs more lines.
    #[must_use]
    pub fn is_complete(&self, source: &str) -> Completeness {
        match parser::parse(source, &self.rt.limits) {
            Ok(_) => Completeness::Complete,
            Err(error) if error.incomplete => Completeness::Incomplete,
            Err(_) => Completeness::Invalid,
        }
    }

    /// Whether a line may be kept in history: [`crate::privacy::may_be_kept`] says yes, and it uses
    /// no secret parameter of any command, nor the beginning of one.
    #[must_use]
    pub fn may_be_kept(&self, line: &str) -> bool {
        let params = || {
            self.rt
                .registry
                .iter()
                .flat_map(|d| d.params)
                .filter(|p| p.secret)
        };
        crate::privacy::may_be_kept(line)
            && !crate::privacy::names_parameter(line, |name| {
                params().any(|p| {
                    std::iter::once(&p.name)
                        .chain(p.aliases)
                        .any(|n| n.to_lowercase().starts_with(name))
                })
            })
    }

    /// The value of a variable, `$null` if it is not set. The name goes without `$`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Value {
        self.rt.variable(&name.to_lowercase())
    }

    /// Sets a variable.
    ///
    /// # Errors
    /// When there are too many, or the name is reserved.
    pub fn set_variable(&mut self, name: &str, value: Value) -> Flow {
        self.rt.set_variable(&Rc::from(name.to_lowercase()), value)
    }

    /// The commands of the session.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.rt.registry
    }
}

/// Output where there is no `Out-Default`: the text of each value.
struct PlainLines;

impl Sink for PlainLines {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow {
        match value {
            Value::Null => Ok(()),
            value => rt.host.line(&value.to_text()).map_err(|_| Stop::Cancelled),
        }
    }

    fn reaches(&self) -> bool {
        true
    }

    fn is_passive(&self) -> bool {
        true
    }
}
