//! The FastAGI door: an Asterisk hands a call over by `AGI(agi://HOST/attendant)`, and the attendant asks
//! the caller for a number and a PIN.
//!
//! `codec/` is the protocol without a socket, `session.rs` one call, `sounds.rs` what is played for each
//! prompt, `server.rs` the listener with its limits.
//!
//! The dialplan decides by the channel variable `PINWARD_RESULT`, and must refuse everything but `Success`:
//! where this server is away, Asterisk goes on in the dialplan and the variable is not set.
//!
//! Lines of this protocol hold what callers key, PINs among it. They are wiped after use and never logged.

mod codec;
mod confbridge;
mod server;
mod session;
mod sounds;
mod speech;

pub use codec::{Answer, Broken, Command, Decoder, Environment, Received};
pub use confbridge::ConfBridge;
pub use server::{Limits, Server};
pub use session::{Desk, attend};
pub use sounds::Sounds;
