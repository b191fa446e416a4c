//! Against real directory servers, which the tests start themselves.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod authority;
mod connecting;
mod reading;
mod slapd;
