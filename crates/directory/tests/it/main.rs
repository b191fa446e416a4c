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
mod domain_passwords;
mod domain_reading;
mod domain_syncing;
mod measure;
mod passwords;
mod proxy;
mod reading;
mod slapd;
