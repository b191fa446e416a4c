//! Synthetic data only: nothing here is what people chose.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod measuring;
mod reading;
