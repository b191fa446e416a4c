//! Running what was parsed: statements, expressions, pipelines.

mod arithmetic;
mod assign;
mod compare;
mod expressions;
mod format;
mod input;
pub(crate) mod invocation;
mod members;
mod methods;
mod outside;
pub(crate) mod pipeline;
mod regexes;
pub(crate) mod runtime;
mod statements;
mod types;
