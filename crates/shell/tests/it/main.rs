//! The language, from source to result.

mod binding;
mod completion;
mod examples;
mod language;
mod limits;
mod never_panics;
mod refused;
mod streams;
mod support;
