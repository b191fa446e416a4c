//! The rules of Pinward as pure code: no I/O, no clock, no randomness of its own.
//!
//! Everything here is a function of its arguments: time is a [`Timestamp`] that the caller read
//! from a [`Clock`], randomness an [`Entropy`] that the caller owns. Everything else depends on
//! this crate and this crate on none of ours. The rule numbers in the comments (`R-LOCK-4` …) are
//! those of the specification.
//!
//! To add a PIN rule: 1. one file in `rules/`; 2. one variant of [`Violation`]; 3. one line in the
//! list in `rules/mod.rs`.

mod access_number;
mod client;
mod clock;
mod dn;
mod entropy;
mod expiry;
mod fold;
mod generate;
mod history;
mod identity;
mod languages;
mod lockout;
mod network;
mod pattern;
mod person;
mod phone;
mod pin;
mod policy;
mod policy_identity;
mod role;
mod rules;
mod scope;
mod search;
mod sip_address;
mod site;
mod tel_uri;
mod user_change;
mod verdict;
mod welcome_mail;

pub use access_number::{AccessNumber, AccessNumberPatch, AccessNumberViolation, RegionChoice};
pub use client::{
    Client, ClientKey, ClientLimits, ClientPatch, ClientRights, ClientRightsError, ClientViolation,
    Fingerprint, FingerprintError, client_name,
};
pub use clock::{Clock, to_milliseconds};
pub use dn::{Dn, DnError};
pub use entropy::Entropy;
pub use expiry::{end_of, expires_at, is_expired};
pub use fold::fold;
pub use generate::{GenerateError, generate_pin, generated_length};
pub use history::{HISTORY_KEPT, refused_count};
pub use identity::{Lookup, parse_identity};
/// An instant in UTC; the crates store it as milliseconds.
pub use jiff::{SignedDuration, Timestamp};
pub use languages::{LANGUAGES, parse_language};
pub use lockout::{
    Admission, AttemptId, Counters, LOCKOUT, LengthClass, Limits, LockKind, LockState, Reservation,
    Settled, WINDOW,
};
pub use network::{Network, NetworkError};
pub use pattern::Pattern;
pub use person::{Person, User, UserId};
pub use phone::{LineUri, parse_number};
pub use pin::{MAX_DIGITS, Pin, PinSyntaxError};
pub use policy::{Policy, PolicyPatch, PolicyViolation, governing};
pub use policy_identity::{PolicyIdentity, PolicyIdentityError};
pub use role::{
    ALL_CMDLETS, ListEdit, Role, RoleChange, RoleNameError, RoleProblem, custom_sid, role_name,
    standard_role, standard_roles,
};
pub use rules::{PinFacts, PinSpace, Violation, check_pin, pin_space, pin_violations};
pub use scope::{Reach, Scope, ScopeError};
pub use search::search_words;
pub use sip_address::{is_host_name, parse_sip_address};
pub use site::{
    Membership, Site, SiteError, SitePatch, parse_site_id, parse_site_name, strip_site,
};
pub use tel_uri::TelUri;
pub use user_change::{AddressType, Enablement, SipSource, UserChange, UserPatch, UserViolation};
pub use verdict::{Counted, Outcome, before_pin, verdict};
pub use welcome_mail::{
    MailForm, TemplateError, WELCOME_SUBJECT, WelcomeFacts, check_template, is_mail_address,
    welcome_body,
};
