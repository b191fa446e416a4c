//! The public face of the core, one file per topic.

mod access_number;
mod dn;
mod generate;
mod identity;
mod names;
mod phone;
mod pin;
mod policy;
mod times;
mod user_change;
mod verdict;
mod welcome_mail;
