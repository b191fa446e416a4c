//! Tests of the stores from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, in its helpers too"
)]

mod conformance;
mod file;
mod model;
mod processes;
mod refusals;
mod support;
mod tampering;
