//! Against real directory servers, which the tests start themselves.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod connecting;
mod domain;
mod domain_connecting;
mod domain_reading;
mod passwords;
mod domain_syncing;
mod proxy;
mod reading;
mod slapd;
