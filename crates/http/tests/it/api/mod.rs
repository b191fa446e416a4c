//! The API.

mod bench;
mod clients;
mod endpoints;
mod log_on;
mod pins;
mod policies;
