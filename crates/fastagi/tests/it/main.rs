//! The FastAGI door: the protocol, calls of a scripted Asterisk on the whole product, the listener.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod asterisk;
mod calls;
mod codec;
mod listener;
mod product;
