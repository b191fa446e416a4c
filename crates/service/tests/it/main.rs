//! The use cases on the whole product.

mod choosing;
mod delivery;
mod helpers;
mod keys;
mod locking;
mod log_on;
mod naming;
mod parallel;
mod rights;
mod silence;
