//! How a command is declared and what it works with.
//!
//! A command is a [`CmdletDef`]: a name, a table of [`Param`]s, help, and a function (or a
//! [`Command`] that keeps state over a pipeline):
//!
//! ```
//! use pinward_shell::{CmdletDef, Param};
//!
//! const PARAMS: &[Param] = &[
//!     Param::string("Name").required().at(0).by_value().help("Whom to greet."),
//!     Param::switch("Loud").help("In capitals."),
//! ];
//!
//! fn get_greeting() -> CmdletDef {
//!     CmdletDef::function("Get-Greeting", |cx, args| {
//!         let text = format!("Hello, {}!", args.text("Name"));
//!         cx.emit(if args.switch("Loud") { text.to_uppercase() } else { text })
//!     })
//!     .synopsis("Greets someone.")
//!     .params(PARAMS)
//!     .example("Get-Greeting World", "Greets the world.")
//! }
//! # assert_eq!(get_greeting().name, "Get-Greeting");
//! ```

mod args;
mod common;
mod cx;
mod def;
mod param;

use crate::error::ErrorRecord;

pub(crate) use args::Slot;
pub use args::{Args, ListChange};
pub use common::{CHANGES, COMMON};
pub use cx::Cx;
pub use def::{CmdletDef, Example};
pub use param::{Param, ParamKind};

/// Why a command, pipeline or script ends before its end.
#[derive(Debug)]
pub enum Stop {
    /// The user asked for it, or nobody reads the output any more.
    Cancelled,
    /// An error ends the statement (or the script, if the record says so).
    Terminated(Box<ErrorRecord>),
    /// A command has enough input: `cx.enough()` makes it, the pipeline of that number takes it.
    Enough(u32),
    /// `break`, on its way to its loop.
    Break,
    /// `continue`, on its way to its loop.
    Continue,
    /// `return`, on its way to its block.
    Return,
    /// `exit` with a status.
    Exit(i32),
}

impl From<ErrorRecord> for Stop {
    fn from(error: ErrorRecord) -> Self {
        Stop::Terminated(Box::new(error))
    }
}

/// Goes on, or says why not.
pub type Flow = Result<(), Stop>;

/// What becomes of the objects that a command took, when the pipeline is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It holds none: each was worked on and passed on at once. Nothing more may be sent through it.
    Nothing,
    /// It writes them to a file or variable; `end` is called for that.
    Written,
    /// It passes on what it has, by its `end`, if all that follows only lays out or writes.
    PassedOn,
    /// They are dropped.
    Dropped,
}

/// A command at work in one pipeline: once `begin`, `process` for each object that comes in (once
/// without pipeline input), once `end`.
pub trait Command {
    /// Before the first object. `args` holds what was written, nothing from the pipeline yet.
    ///
    /// # Errors
    /// To end the statement.
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let _ = (cx, args);
        Ok(())
    }

    /// For each object; [`Args::input`] is the object, parameters taken from the pipeline are set.
    ///
    /// # Errors
    /// To end the statement; for an error with one object only, use [`Cx::error`] and go on.
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow;

    /// After the last object; also after a later command had enough.
    ///
    /// # Errors
    /// To end the statement.
    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let _ = (cx, args);
        Ok(())
    }

    /// What becomes of the objects it took when the pipeline is stopped. Those that run script blocks
    /// or change anything hold [`Held::Nothing`] or [`Held::Dropped`]: after a stop they must not run.
    fn held(&self, args: &Args) -> Held {
        let _ = args;
        Held::Nothing
    }

    /// Something else ended the pipeline: `end` will not be called, unless [`Command::held`] asks for
    /// it. For saying what was left undone; nothing can be passed on any more.
    fn stopped(&mut self, cx: &mut Cx, args: &Args, stop: &Stop) {
        let _ = (cx, args, stop);
    }

    /// Writes out what is held back for the sake of layout: an error, warning or question is about
    /// to be shown.
    ///
    /// # Errors
    /// To end the statement.
    fn flush(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let _ = (cx, args);
        Ok(())
    }
}

impl<F: FnMut(&mut Cx, &Args) -> Flow> Command for F {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self(cx, args)
    }
}
