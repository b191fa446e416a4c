//! The program as a user meets it, and the order of the house.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod acting_as;
mod administrator;
mod api_guide;
mod audit;
mod bad_input;
mod broken;
mod clients;
mod collector;
mod command_line;
mod configuring;
mod crash;
mod directories;
mod externpasscheck;
mod faults;
mod importing;
mod interactive;
mod packaging;
mod pin_lists;
mod program;
mod radius;
mod readme;
mod reference_pages;
mod secrets;
mod server;
mod serving;
#[path = "../../../directory/tests/it/slapd.rs"]
#[allow(dead_code, reason = "the tests of the directory need more of it")]
mod slapd;
mod syncing;
mod tidy;
mod traces;
