//! The command language: lexer, parser, evaluator, values, parameter binder, formatting. Knows no PIN.
//!
//! A deliberate subset of the PowerShell language. What lies outside is refused with an error that
//! names the construct; nothing is silently misread. A session runs on one thread; values are
//! reference counted without atomics.
//!
//! Where to look: [`value`] for what flows through pipelines, [`command`] for how a command is
//! declared, [`host`] for everything a session asks of the outside, [`session`] for running source.

pub mod ast;
mod binder;
pub mod command;
pub mod commands;
pub mod error;
mod eval;
pub mod filter;
pub mod format;
pub mod help;
pub mod host;
mod lexer;
pub mod limits;
mod parser;
pub mod privacy;
pub mod registry;
pub mod session;
pub mod value;

pub use ast::ScriptBlock;
pub use command::{Args, CmdletDef, Command, Cx, Example, Flow, Held, Param, ParamKind, Stop};
pub use error::{Category, ErrorRecord};
pub use host::{Host, Progress, Share};
pub use limits::Limits;
pub use registry::Registry;
pub use session::{RunResult, Session};
pub use value::{Column, Date, Hash, Number, Object, TypeDesc, Value};
