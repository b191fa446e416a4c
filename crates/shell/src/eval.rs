//! Running what was parsed.

pub(crate) mod invocation;
pub(crate) mod pipeline;
pub(crate) mod runtime;
