//! The API.

mod assertions;
mod bench;
mod clients;
mod dialling_in;
mod endpoints;
mod full;
mod limits;
mod log_on;
mod pins;
mod policies;
mod roles;
mod seen;
