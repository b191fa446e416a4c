//! People from an LDAP directory: the connection, the search, and what becomes of an entry.
//!
//! A connection is encrypted before anything is asked (LDAPS or StartTLS), and there is no bind
//! without a name and a password. Referrals and search references are not followed. A reading asks the
//! servers in their order, so that the first one is used again as soon as it answers.

mod bind_name;
mod certificate;
mod check;
mod connection;
mod entry;
mod error;
mod examples;
mod groups;
mod increment;
mod lines;
mod mapping;
mod password_policy;
mod passwords;
mod person;
mod ranges;
mod search;
mod server;
mod site_rule;
mod source;
mod trust;

pub use bind_name::{BindName, BindNameError};
pub use certificate::CertificateFacts;
pub use check::{CheckNews, CheckReport, CheckStep, Finding, Outcome};
pub use connection::{Connection, Settings};
pub use error::{BindRefused, Certificate, LdapError, Step, What};
pub use examples::Example;
pub use lines::Numbers;
pub use mapping::{Changes, Groups, Mapping, MappingError, Preset};
pub use passwords::LdapPasswords;
pub use server::{Server, ServerError, Tls};
pub use site_rule::SiteRule;
pub use source::LdapSource;
pub use trust::Trust;

pub use crate::password::{EmptyPassword, Password};
