//! The call flow, as callers go through it.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot set up its call cannot go on"
)]

mod choosing;
mod flow;
mod helpers;
mod properties;
