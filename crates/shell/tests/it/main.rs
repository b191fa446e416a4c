//! The language, from source to result.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod binding;
mod completion;
mod examples;
mod items;
mod language;
mod limits;
mod never_panics;
mod refused;
mod streams;
mod support;
