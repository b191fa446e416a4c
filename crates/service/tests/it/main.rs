//! The use cases on the whole product.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod audit;
mod broken;
mod choosing;
mod clients;
mod complaints;
mod delivery;
mod faults;
mod figures;
mod guessing;
mod helpers;
mod holders;
mod importing;
mod interleavings;
mod keys;
mod locking;
mod log_on;
mod naming;
mod parallel;
mod pin_lists;
mod placement;
mod processes;
mod rights;
mod scopes;
mod searching;
mod signing_in;
mod silence;
mod sync;
mod temporary;
mod use_cases;
