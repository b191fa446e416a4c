//! Where users come from: LDAP directories, LDIF and CSV files, the sample company; LDAP filters on
//! local data.
//!
//! Everything here turns entries into [`pinward_core::Person`] or asks questions about one; nothing is
//! stored, and only [`ldap`] connects to anything.

mod file_source;
pub mod filter;
mod guid;
pub mod import;
pub mod ldap;
mod password;
mod password_check;
pub mod sample;
pub mod source;

pub use file_source::FileSource;
pub use password::{EmptyPassword, Password};
pub use password_check::{PasswordAnswer, PasswordCheck, SamplePassword};

#[cfg(test)]
mod properties;
