//! The RADIUS door: its octets, and the door with real clients.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod answers;
mod codec;
mod configured;
mod known;
mod mutations;
mod radclient;
mod radsec;
mod repeated;
mod server;
