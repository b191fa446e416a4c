//! Where users come from: LDIF and CSV import, the sample company, LDAP filters on local data.
//!
//! Everything here turns text into [`pinward_core::Person`] or asks questions about one; nothing
//! is stored and nothing is connected to.

mod file_source;
pub mod filter;
mod guid;
pub mod import;
pub mod sample;
pub mod source;

pub use file_source::FileSource;

#[cfg(test)]
mod properties;
