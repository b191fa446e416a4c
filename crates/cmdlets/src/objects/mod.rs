//! The objects that cmdlets put out: one file per type, with its description and how it is made.

pub(crate) mod access_number;
pub(crate) mod assigned_pin;
pub(crate) mod audit_record;
pub(crate) mod language_list;
pub(crate) mod pin_info;
pub(crate) mod policy;
pub(crate) mod policy_test;
pub(crate) mod role;
pub(crate) mod site;
pub(crate) mod source;
pub(crate) mod task_output;
pub(crate) mod user;
pub(crate) mod welcome_mail;
