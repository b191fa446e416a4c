//! The RADIUS door: Access-Request with PAP over UDP and over TLS, answered by the service.
//!
//! [`codec`] is the octets, without I/O. [`Door`] reads a packet, asks the service and says what is
//! answered; it knows no socket. [`udp`] and [`radsec`] carry packets to it and back.
//!
//! What is wrong with a packet is counted ([`Figures`]) and logged at most once a minute for each peer and
//! reason, and never answered: an answer would tell strangers that somebody is here, and tell clients that
//! a PIN is wrong when their secret is.

mod client;
pub mod codec;
mod door;
mod extra;
mod figures;
pub mod radsec;
mod recent;
mod reply;
mod request;
pub mod udp;

pub use client::{Client, Clients, Shared};
pub use door::{Door, Now, Peer, Work};
pub use extra::{Extra, ExtraError, Value};
pub use figures::{Dropped, Figures};
