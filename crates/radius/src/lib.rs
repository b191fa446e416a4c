//! The RADIUS door.

pub mod codec;
