//! The state of a session while it runs.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::ast::ScriptBlock;
use crate::command::{Filter, Flow, Stop};
use crate::error::{Category, ErrorRecord};
use crate::host::Host;
use crate::limits::Limits;
use crate::registry::Registry;
use crate::value::Value;

use super::invocation::Action;

/// Takes what a pipeline puts out.
pub(crate) trait Sink {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow;
    fn flush(&mut self, _rt: &mut Runtime) -> Flow {
        Ok(())
    }
}

/// Keeps everything.
impl Sink for Vec<Value> {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow {
        rt.charge_cells(1)?;
        rt.check_elements(self.len() + 1)?;
        Vec::push(self, value);
        Ok(())
    }
}

/// The state of a session.
pub(crate) struct Runtime {
    pub(crate) host: Box<dyn Host>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) limits: Limits,
    pub(crate) zone: TimeZone,
    pub(crate) variables: HashMap<Rc<str>, Value>,
    /// `$_`
    pub(crate) it: Value,
    pub(crate) last_ok: bool,
    pub(crate) errors: VecDeque<ErrorRecord>,
    pub(crate) shown_errors: usize,
    pub(crate) steps_left: u64,
    pub(crate) cells_left: u64,
    pub(crate) depth: u32,
    pub(crate) next_pipeline: u32,
}

impl Runtime {
    pub(crate) fn new(host: Box<dyn Host>, registry: Arc<Registry>, limits: Limits) -> Self {
        let zone = host.time_zone();
        Runtime {
            host,
            registry,
            limits,
            zone,
            variables: HashMap::new(),
            it: Value::Null,
            last_ok: true,
            errors: VecDeque::new(),
            shown_errors: 0,
            steps_left: limits.steps,
            cells_left: limits.cells,
            depth: 0,
            next_pipeline: 0,
        }
    }

    /// Accounts for work.
    pub(crate) fn step(&mut self, steps: u64) -> Flow {
        match self.steps_left.checked_sub(steps) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => Err(limit(
                "the script does more work than one run may",
                "StepLimit",
            )),
        }
    }

    /// Accounts for an object on its way, and looks whether the user wants to stop.
    pub(crate) fn pipeline_step(&mut self) -> Flow {
        self.step(1)?;
        if self.host.cancelled() {
            Err(Stop::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Accounts for memory.
    pub(crate) fn charge_cells(&mut self, cells: u64) -> Flow {
        match self.cells_left.checked_sub(cells) {
            Some(left) => {
                self.cells_left = left;
                Ok(())
            }
            None => Err(limit(
                "the script needs more memory than one run may",
                "MemoryLimit",
            )),
        }
    }

    /// Refuses collections beyond the limit.
    pub(crate) fn check_elements(&self, count: usize) -> Flow {
        if count <= self.limits.elements {
            return Ok(());
        }
        Err(limit(
            &format!(
                "a collection may have at most {} elements",
                self.limits.elements
            ),
            "ElementLimit",
        ))
    }

    pub(crate) fn variable(&self, folded: &str) -> Value {
        self.variables.get(folded).cloned().unwrap_or_default()
    }

    pub(crate) fn variable_is_true(&self, folded: &str) -> bool {
        self.variables.get(folded).is_some_and(Value::is_true)
    }

    pub(crate) fn set_variable(&mut self, folded: &Rc<str>, value: Value) -> Flow {
        self.variables.insert(Rc::clone(folded), value);
        Ok(())
    }

    /// What a preference variable says.
    pub(crate) fn preference(&self, folded: &str) -> Action {
        let usual = match folded {
            "verbosepreference" | "debugpreference" => Action::Silent,
            _ => Action::Continue,
        };
        self.variables
            .get(folded)
            .and_then(|v| Action::parse(&v.to_text()))
            .unwrap_or(usual)
    }

    /// Shows an error and keeps it in `$Error`.
    pub(crate) fn show_error(&mut self, error: ErrorRecord) {
        self.host.error(&error);
        self.shown_errors += 1;
        self.keep_error(error);
    }

    /// Keeps an error in `$Error`, most recent first.
    pub(crate) fn keep_error(&mut self, error: ErrorRecord) {
        self.last_ok = false;
        self.errors.push_front(error);
        self.errors.truncate(self.limits.errors_kept);
    }

    pub(crate) fn run_block(
        &mut self,
        _block: &Rc<ScriptBlock>,
        _it: Option<&Value>,
        _sink: &mut dyn Sink,
    ) -> Flow {
        Ok(())
    }

    pub(crate) fn collect_block(
        &mut self,
        block: &Rc<ScriptBlock>,
        it: Option<&Value>,
    ) -> Result<Vec<Value>, Stop> {
        let mut out = Vec::new();
        self.run_block(block, it, &mut out)?;
        Ok(out)
    }

    pub(crate) fn test_block(&mut self, _: &Rc<ScriptBlock>, _: &Value) -> Result<bool, Stop> {
        Ok(false)
    }

    pub(crate) fn test_filter(&mut self, _: &Filter, _: &Value) -> Result<bool, Stop> {
        Ok(false)
    }

    pub(crate) fn compare_by_name(&mut self, _: &str, _: &Value, _: &Value) -> Result<Value, Stop> {
        Ok(Value::Null)
    }
}

/// The error of a limit; it ends the script.
pub(crate) fn limit(message: &str, id: &'static str) -> Stop {
    let mut error = ErrorRecord::new(id, Category::LimitsExceeded, message);
    error.ends_script = true;
    Stop::from(error)
}
