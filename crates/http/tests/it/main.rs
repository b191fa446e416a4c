//! The HTTP door as it is met over the network.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod api;
mod browser;
mod certificates;
mod console;
mod faults;
mod hooks;
mod httapi;
mod log_ons;
mod monitoring;
mod mutual_tls;
mod outdated;
mod pages;
mod resting;
mod running;
mod signing_in;
mod stopping;
mod tls;
