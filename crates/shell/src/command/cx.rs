//! What a command at work can do: put out objects, report, ask, run script blocks.

use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Flow, Stop};
use crate::ast::ScriptBlock;
use crate::error::{Category, ErrorRecord};
use crate::eval::invocation::{Action, Invocation};
use crate::eval::pipeline::Downstream;
use crate::eval::runtime::{Runtime, Sink};
use crate::format::Locale;
use crate::host::{Choice, Host, Progress, Share};
use crate::limits::Limits;
use crate::registry::Registry;
use crate::value::{Date, Value};

/// The surroundings of a command at work.
pub struct Cx<'a> {
    pub(crate) rt: &'a mut Runtime,
    pub(crate) down: Downstream<'a>,
    pub(crate) inv: &'a mut Invocation,
}

const YES_NO: &[Choice] = &[
    Choice {
        label: "&Yes",
        help: "Do it for this one.",
    },
    Choice {
        label: "Yes to &All",
        help: "Do it for this one and all that follow.",
    },
    Choice {
        label: "&No",
        help: "Leave this one as it is.",
    },
    Choice {
        label: "No to A&ll",
        help: "Leave this one and all that follow as they are.",
    },
];

impl Cx<'_> {
    /// Passes an object on to the next command, or to whoever takes the output. An array is passed
    /// on as one object (see [`Cx::emit_all`]).
    ///
    /// # Errors
    /// When the pipeline stops; return it at once.
    pub fn emit(&mut self, value: impl Into<Value>) -> Flow {
        let value = value.into();
        if let Some(kept) = &mut self.inv.out {
            self.rt.charge_cells(1)?;
            kept.push(value.clone());
        }
        self.down.push(self.rt, value)
    }

    /// Passes on several objects, one after the other.
    ///
    /// # Errors
    /// When the pipeline stops; return it at once.
    pub fn emit_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> Flow {
        values.into_iter().try_for_each(|v| self.emit(v))
    }

    /// Writes one line of finished text past the pipeline (for the formatting commands).
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn line(&mut self, text: &str) -> Flow {
        self.rt.host.line(text).map_err(|_| Stop::Cancelled)
    }

    /// Reports an error with one object; the command goes on with the next one unless
    /// `-ErrorAction Stop` is in force.
    ///
    /// # Errors
    /// With `-ErrorAction Stop`; return it at once.
    pub fn error(&mut self, error: ErrorRecord) -> Flow {
        let error = self.inv.sign(error);
        self.down.flush(self.rt)?;
        self.inv.report(self.rt, error)
    }

    /// Makes the error that ends the whole statement: `return Err(cx.fail(error))`.
    #[must_use]
    pub fn fail(&mut self, error: ErrorRecord) -> Stop {
        Stop::from(self.inv.sign(error))
    }

    /// Shows a warning.
    ///
    /// # Errors
    /// With `-WarningAction Stop`; return it at once.
    pub fn warning(&mut self, text: &str) -> Flow {
        self.down.flush(self.rt)?;
        self.inv.warn(self.rt, text)
    }

    /// Tells what is done, shown with `-Verbose`.
    ///
    /// # Errors
    /// When the pipeline stops.
    pub fn verbose(&mut self, text: &str) -> Flow {
        if self.is_verbose() {
            self.down.flush(self.rt)?;
            self.rt.host.verbose(text);
        }
        Ok(())
    }

    /// Whether `-Verbose` or `$VerbosePreference` asks for detail.
    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.inv
            .verbose
            .unwrap_or_else(|| self.rt.preference("verbosepreference") == Action::Continue)
    }

    /// Tells something for finding faults, shown with `-Debug`.
    ///
    /// # Errors
    /// When the pipeline stops.
    pub fn debug(&mut self, text: &str) -> Flow {
        let on = self.inv.debug.unwrap_or(false)
            || self.rt.preference("debugpreference") == Action::Continue;
        if on {
            self.down.flush(self.rt)?;
            self.rt.host.debug(text);
        }
        Ok(())
    }

    /// Shows a remark that is not output.
    ///
    /// # Errors
    /// When the pipeline stops.
    pub fn information(&mut self, text: &str) -> Flow {
        self.down.flush(self.rt)?;
        self.inv.inform(self.rt, text);
        Ok(())
    }

    /// Tells, before the next object is passed on, how much of all there is has been gone through
    /// with it, so that the progress of later commands can show what remains. What begins the
    /// pipeline decides; from any other command it is ignored.
    pub fn going_through(&mut self, share: Share) {
        if !self.inv.piped {
            self.rt.pass_on(self.inv.pipeline, share);
        }
    }

    /// How much of the pipeline's input has come up to now, where that is known; all of it where
    /// nothing is piped to this command.
    #[must_use]
    pub fn input_share(&self) -> Option<Share> {
        if self.inv.piped {
            self.rt.passed_on(self.inv.pipeline)
        } else {
            Some(Share { part: 1, whole: 1 })
        }
    }

    /// Shows how far the command is.
    pub fn progress(&mut self, progress: &Progress) {
        if !self.inv.progress_off {
            self.rt.host.progress(progress);
        }
    }

    /// Whether to go on with a change: `false` under `-WhatIf` (which is shown) and where the user
    /// says no to `-Confirm`. Ask before each single change.
    ///
    /// # Errors
    /// When confirmation is needed and nobody can answer, or the user stops.
    pub fn should_process(&mut self, target: &str, action: &str) -> Result<bool, Stop> {
        self.should_process_with(target, action, String::new)
    }

    /// As [`Cx::should_process`], telling what the change would mean: lines below the first. They are
    /// made only where somebody reads them.
    ///
    /// # Errors
    /// As [`Cx::should_process`].
    pub fn should_process_with(
        &mut self,
        target: &str,
        action: &str,
        meaning: impl FnOnce() -> String,
    ) -> Result<bool, Stop> {
        self.check()?;
        let message = |meaning: String| {
            let mut text = format!("Performing the operation \"{action}\" on target \"{target}\".");
            for line in meaning.lines() {
                text.push_str("\n  ");
                text.push_str(line);
            }
            text
        };
        if self.inv.what_if || self.rt.variable_is_true("whatifpreference") {
            let message = message(meaning());
            self.information(&format!("What if: {message}"))?;
            return Ok(false);
        }
        if !self.inv.wants_confirmation(self.rt) {
            return Ok(true);
        }
        if let Some(answer) = self.inv.answer_to_all {
            return Ok(answer);
        }
        let message = message(meaning());
        self.ask(
            "Confirm",
            &format!("Are you sure you want to perform this action?\n{message}"),
        )
    }

    /// Asks Yes / Yes to All / No / No to All; "to All" is remembered for this call.
    ///
    /// # Errors
    /// When nobody can answer.
    pub fn ask(&mut self, caption: &str, message: &str) -> Result<bool, Stop> {
        if let Some(answer) = self.inv.answer_to_all {
            return Ok(answer);
        }
        self.down.flush(self.rt)?;
        match self.rt.host.choice(caption, message, YES_NO, 0) {
            Some(0) => Ok(true),
            Some(1) => {
                self.inv.answer_to_all = Some(true);
                Ok(true)
            }
            Some(2) => Ok(false),
            Some(_) => {
                self.inv.answer_to_all = Some(false);
                Ok(false)
            }
            None if self.rt.host.cancelled() => Err(Stop::Cancelled),
            None => Err(self.fail(
                ErrorRecord::new(
                    "ConfirmationNeeded",
                    Category::OperationStopped,
                    "this needs a confirmation, and nobody can be asked",
                )
                .advice("Add -Confirm:$false to do it without being asked."),
            )),
        }
    }

    /// Whether the user asked to stop.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.rt.stop_wanted()
    }

    /// Does something to its end even though the user asked to stop: a change that was made must
    /// still reach the next command. Keep it short.
    pub fn finish<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.rt.finishing, true);
        let result = work(self);
        self.rt.finishing = before;
        result
    }

    /// Whether what is put out now reaches somebody even if the pipeline is stopped later: it is not
    /// on its way into a variable, nor into a command that drops what it holds.
    #[must_use]
    pub fn reaches_somebody(&self) -> bool {
        self.down.reaches()
    }

    /// Passes on an object that was held. Once it is let go it is taken to its end, if nothing that
    /// follows could make the user wait.
    ///
    /// # Errors
    /// When the pipeline stops; return it at once.
    pub(crate) fn let_go(&mut self, value: impl Into<Value>) -> Flow {
        if self.down.is_passive() {
            self.finish(|cx| cx.emit(value))
        } else {
            self.emit(value)
        }
    }

    /// Stops here if the user asked for it; call it in every long loop.
    ///
    /// # Errors
    /// [`Stop::Cancelled`].
    pub fn check(&mut self) -> Flow {
        self.rt.step(1)?;
        if self.cancelled() {
            Err(Stop::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Makes what ends the commands before this one, because it has enough input:
    /// `return Err(cx.enough())` from `process`; `end` is still called.
    #[must_use]
    pub fn enough(&mut self) -> Stop {
        self.rt.enough_at = self.inv.stage;
        Stop::Enough(self.inv.pipeline)
    }

    /// Runs a script block with `$_` set and returns what it puts out.
    ///
    /// # Errors
    /// What stops the block.
    pub fn run_block(&mut self, block: &Rc<ScriptBlock>, it: &Value) -> Result<Vec<Value>, Stop> {
        self.rt.collect_block(block, Some(it))
    }

    /// Runs a script block with `$_` set and passes on what it puts out as it comes.
    ///
    /// # Errors
    /// What stops the block or the pipeline.
    pub fn stream_block(&mut self, block: &Rc<ScriptBlock>, it: &Value) -> Flow {
        if self.inv.out.is_some() {
            let values = self.rt.collect_block(block, Some(it))?;
            return self.emit_all(values);
        }
        self.rt.run_block(block, Some(it), &mut self.down)
    }

    /// Whether what a script block puts out counts as true; costs no allocation for a simple
    /// condition.
    ///
    /// # Errors
    /// What stops the block.
    pub fn test_block(&mut self, block: &Rc<ScriptBlock>, it: &Value) -> Result<bool, Stop> {
        self.rt.test_block(block, it)
    }

    /// Compares two values as an operator (`-eq`, `-like`, `-match` …; with or without dash and
    /// `c`/`i`) does; on an array on the left it filters.
    ///
    /// # Errors
    /// When there is no such operator or the values cannot be compared.
    pub fn compare(&mut self, operator: &str, left: &Value, right: &Value) -> Result<Value, Stop> {
        self.rt.compare_by_name(operator, left, right)
    }

    /// What a method without arguments returns; `None` if the value has none of that name.
    ///
    /// # Errors
    /// Those of the method.
    pub(crate) fn method(&mut self, value: &Value, name: &str) -> Result<Option<Value>, Stop> {
        match self.rt.method(value, name, &[], 0) {
            Ok(result) => Ok(Some(result)),
            Err(Stop::Terminated(error)) if error.id == "MethodNotAvailable" => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// The value of a variable, `$null` if it is not set. Names go without `$`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Value {
        self.rt.variable(&name.to_lowercase())
    }

    /// Sets a variable.
    ///
    /// # Errors
    /// When the session has too many, or the name is reserved.
    pub fn set_variable(&mut self, name: &str, value: Value) -> Flow {
        self.rt.set_variable(&Rc::from(name.to_lowercase()), value)
    }

    /// Accounts for memory kept per call, such as sorted or grouped objects: `cells` of about 32
    /// bytes.
    ///
    /// # Errors
    /// When the run has used up its share.
    pub fn charge(&mut self, cells: u64) -> Flow {
        self.rt.charge_cells(cells)
    }

    /// The name of the command.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.inv.def.name
    }

    /// The commands of the session.
    #[must_use]
    pub fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.rt.registry)
    }

    /// The limits of the session.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.rt.limits
    }

    /// The outside.
    #[must_use]
    pub fn host(&mut self) -> &mut dyn Host {
        &mut *self.rt.host
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.rt.host.now()
    }

    /// The time zone dates are shown in.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.rt.zone
    }

    /// How dates are shown to people.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.rt.host.locale()
    }

    /// A point in time as a value, shown in the session's time zone.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        Date::new(at, &self.rt.zone)
    }
}
