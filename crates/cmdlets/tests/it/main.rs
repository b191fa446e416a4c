//! The cmdlets on the sample company, as a session runs them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod access_numbers;
mod audit;
mod bench;
mod company_in_samba;
mod custom_roles;
mod examples;
mod foresight;
mod grants;
mod guide;
mod locks;
mod logons;
mod many;
mod measure;
mod pins;
mod policies;
mod policy_tests;
mod reference;
mod roles_and_sites;
mod roles_page;
mod rows;
mod sessions;
mod sites;
mod stopping;
mod temporary;
mod user_changes;
mod users;
mod welcome_mail;
