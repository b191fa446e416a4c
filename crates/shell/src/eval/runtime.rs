//! The state of a session while it runs.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use jiff::tz::TimeZone;
use regex::Regex;

use crate::command::{Flow, Stop};
use crate::error::{Category, ErrorRecord};
use crate::host::Host;
use crate::limits::Limits;
use crate::registry::Registry;
use crate::value::Value;

use super::input::Input;
use super::invocation::Action;

/// Takes what a pipeline puts out.
pub(crate) trait Sink {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow;
    fn flush(&mut self, _rt: &mut Runtime) -> Flow {
        Ok(())
    }
    /// Whether an object put out now reaches somebody, even if the pipeline is stopped after it.
    fn reaches(&self) -> bool;
    /// Whether it may still be sent objects after a stop: all that follows lays out or writes.
    fn is_passive(&self) -> bool;
}

/// Keeps everything.
impl Sink for Vec<Value> {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow {
        rt.charge_cells(1)?;
        rt.check_elements(self.len() + 1)?;
        Vec::push(self, value);
        Ok(())
    }

    fn reaches(&self) -> bool {
        false
    }

    fn is_passive(&self) -> bool {
        false
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
    /// `$?`
    pub(crate) last_ok: bool,
    /// An error was reported since the statement began.
    pub(crate) failed: bool,
    /// The script now running, for showing where an error lies.
    pub(crate) script: Rc<str>,
    pub(crate) regexes: Vec<(Rc<str>, bool, Regex)>,
    pub(crate) matches_name: Rc<str>,
    pub(crate) errors: VecDeque<ErrorRecord>,
    pub(crate) shown_errors: usize,
    pub(crate) steps_left: u64,
    pub(crate) cells_left: u64,
    /// The memory in use when the run began, in bytes.
    memory_before: Option<u64>,
    pub(crate) depth: u32,
    pub(crate) next_pipeline: u32,
    pub(crate) next_stage: u32,
    /// The stage that last had enough.
    pub(crate) enough_at: u32,
    /// A command brings to its end what it cannot leave half done.
    pub(crate) finishing: bool,
    /// How far the running pipelines are, where that is known; the innermost last.
    pub(crate) inputs: Vec<Input>,
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
            failed: false,
            script: Rc::from(""),
            regexes: Vec::new(),
            matches_name: Rc::from("matches"),
            errors: VecDeque::new(),
            shown_errors: 0,
            steps_left: limits.steps,
            cells_left: limits.cells,
            memory_before: None,
            depth: 0,
            next_pipeline: 0,
            next_stage: 0,
            enough_at: 0,
            finishing: false,
            inputs: Vec::new(),
        }
    }

    /// A run begins with its full share of work and memory.
    pub(crate) fn start(&mut self) {
        self.steps_left = self.limits.steps;
        self.cells_left = self.limits.cells;
        self.memory_before = self.host.memory_in_use();
        self.depth = 0;
        self.zone = self.host.time_zone();
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

    /// Whether the user wants to stop, and nothing has to be brought to its end first.
    pub(crate) fn stop_wanted(&self) -> bool {
        !self.finishing && self.host.cancelled()
    }

    /// Accounts for an object on its way, and looks whether the user wants to stop.
    pub(crate) fn pipeline_step(&mut self) -> Flow {
        self.step(1)?;
        if self.stop_wanted() {
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
            None => self.charge_anew(cells),
        }
    }

    /// Everything a run may ask for was asked for: what it still holds counts, the rest it may ask
    /// for again.
    fn charge_anew(&mut self, cells: u64) -> Flow {
        const CELL: u64 = 32;
        let grown = self
            .host
            .memory_in_use()
            .zip(self.memory_before)
            .map(|(now, before)| now.saturating_sub(before) / CELL);
        let free = grown.map_or(0, |held| self.limits.cells.saturating_sub(held));
        // With next to nothing free, the memory would be looked at all the time.
        match free.checked_sub(cells) {
            Some(left) if free > self.limits.cells / 8 => {
                self.cells_left = left;
                Ok(())
            }
            _ => Err(limit(
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
        if matches!(&**folded, "?" | "error" | "null" | "true" | "false") {
            return Err(ErrorRecord::new(
                "ReservedVariable",
                Category::InvalidOperation,
                format!("the variable ${folded} cannot be assigned to"),
            )
            .into());
        }
        if let Some(old) = self.variables.get_mut(folded) {
            *old = value;
            return Ok(());
        }
        self.check_elements(self.variables.len() + 1)?;
        self.charge_cells(4)?;
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
        self.failed = true;
        self.errors.push_front(error);
        self.errors.truncate(self.limits.errors_kept);
    }

    /// Runs `f` one level deeper, if the stack allows.
    pub(crate) fn deeper<T>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        if self.depth >= self.limits.eval_depth {
            return Err(limit(
                "the script is nested too deeply while running",
                "DepthLimit",
            ));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    /// Refuses texts beyond the limit.
    pub(crate) fn check_text(&self, bytes: usize) -> Flow {
        if bytes <= self.limits.text_bytes {
            return Ok(());
        }
        Err(limit(
            &format!("a text may have at most {} bytes", self.limits.text_bytes),
            "TextLimit",
        ))
    }
}

/// The error of a limit; it ends the script.
pub(crate) fn limit(message: &str, id: &'static str) -> Stop {
    let mut error = ErrorRecord::new(id, Category::LimitsExceeded, message);
    error.ends_script = true;
    Stop::from(error)
}
