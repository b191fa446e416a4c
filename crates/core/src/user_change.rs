//! What an administrator changes about a user: judged as a whole, on the user as they are.

use jiff::Timestamp;

use crate::person::Person;
use crate::sip_address::{is_host_name, parse_sip_address};
use crate::tel_uri::TelUri;

/// A change of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// Properties, each by itself.
    Set(UserPatch),
    /// The person may use PIN authentication from now on. A person who is enabled stays as they are.
    Enable(Enablement),
    /// The person may not any more, and what made them a user is taken away: SIP address, line, pool.
    Disable,
}

/// Properties to change; what is `None` stays. An inner `None` takes the value away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPatch {
    /// The SIP address, with or without its scheme.
    pub sip_address: Option<Option<String>>,
    /// The line, as [`TelUri`] reads it.
    pub line_uri: Option<Option<String>>,
    /// Whether the person may use PIN authentication.
    pub enabled: Option<bool>,
}

/// How a person becomes a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enablement {
    /// The full name of the pool; `None` leaves what the directory says.
    pub registrar_pool: Option<String>,
    /// Where the SIP address comes from.
    pub sip_address: SipSource,
}

/// Where a SIP address comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SipSource {
    /// The person has one.
    Kept,
    /// This one.
    Given(String),
    /// It is made of something that is known of the person.
    Made {
        /// Of what.
        of: AddressType,
        /// The domain, where that has none of its own.
        domain: Option<String>,
    },
}

/// What a SIP address may be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressType {
    /// The user principal name.
    UserPrincipalName,
    /// The e-mail address.
    EmailAddress,
    /// Given and family name, with a full stop between them.
    FirstLastName,
    /// The logon name.
    SamAccountName,
}

/// Why a change of a user makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserViolation {
    /// Not the form of a SIP address.
    #[error("\"{given}\" is not a SIP address; write it as sip:name@domain")]
    SipAddress {
        /// The text given, or made.
        given: String,
    },
    /// Not the form of a line.
    #[error(
        "\"{given}\" is not a line; write it as tel:+14255551219 or tel:+14255551219;ext=51219, \
         with at most 15 digits each and nothing between them"
    )]
    LineUri {
        /// The text given.
        given: String,
    },
    /// Nobody is enabled without a SIP address.
    #[error(
        "a user who is enabled needs a SIP address; give -SipAddress, or make one with Enable-CsUser \
         -SipAddressType"
    )]
    NoSipAddress,
    /// What the address was to be made of is not known of the person.
    #[error("the directory says no {what} of the person, so no SIP address can be made of it")]
    NothingToMakeItOf {
        /// What is missing.
        what: &'static str,
    },
    /// What the address was to be made of has no domain.
    #[error("a SIP address that is made of {what} needs -SipDomain")]
    NoDomain {
        /// Of what.
        what: &'static str,
    },
    /// Not the full name of a pool.
    #[error("\"{given}\" is not the full name of a pool, such as atl-cs-001.litwareinc.com")]
    Pool {
        /// The text given.
        given: String,
    },
}

impl UserViolation {
    /// Stable identifier for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SipAddress { .. } => "SipAddressInvalid",
            Self::LineUri { .. } => "LineUriInvalid",
            Self::NoSipAddress => "SipAddressMissing",
            Self::NothingToMakeItOf { .. } => "SipAddressSourceMissing",
            Self::NoDomain { .. } => "SipDomainMissing",
            Self::Pool { .. } => "RegistrarPoolInvalid",
        }
    }
}

impl UserChange {
    /// The person with the change made; all that is wrong with it at once. `None`: the person is a
    /// user already and is left alone.
    pub fn of(
        &self,
        person: &Person,
        now: Timestamp,
    ) -> Result<Option<Person>, Vec<UserViolation>> {
        let mut next = person.clone();
        let mut found = Vec::new();
        match self {
            Self::Set(patch) => patch.apply(&mut next, &mut found),
            Self::Enable(_) if person.enabled => return Ok(None),
            Self::Enable(how) => how.apply(&mut next, &mut found),
            Self::Disable => {
                next.enabled = false;
                next.sip_address = None;
                next.line_uri = None;
                next.registrar_pool = None;
            }
        }
        if !found.is_empty() {
            return Err(found);
        }
        if next != *person {
            next.when_changed = Some(now);
        }
        Ok(Some(next))
    }
}

impl UserPatch {
    fn apply(&self, person: &mut Person, found: &mut Vec<UserViolation>) {
        match &self.sip_address {
            None => {}
            Some(None) => person.sip_address = None,
            Some(Some(given)) => take_sip(given, person, found),
        }
        match &self.line_uri {
            None => {}
            Some(None) => person.line_uri = None,
            Some(Some(given)) => match TelUri::parse(given) {
                Some(line) => person.line_uri = Some(line.to_string()),
                None => found.push(UserViolation::LineUri {
                    given: given.trim().to_owned(),
                }),
            },
        }
        if let Some(enabled) = self.enabled {
            person.enabled = enabled;
        }
        // Somebody who has been without one since before may be changed otherwise.
        let judged = self.sip_address.is_some() || self.enabled.is_some();
        if judged && person.enabled && person.sip_address.is_none() && found.is_empty() {
            found.push(UserViolation::NoSipAddress);
        }
    }
}

impl Enablement {
    fn apply(&self, person: &mut Person, found: &mut Vec<UserViolation>) {
        person.enabled = true;
        if let Some(pool) = &self.registrar_pool {
            let pool = pool.trim();
            match is_host_name(pool) && pool.contains('.') {
                true => person.registrar_pool = Some(pool.to_owned()),
                false => found.push(UserViolation::Pool {
                    given: pool.to_owned(),
                }),
            }
        }
        match &self.sip_address {
            SipSource::Kept if person.sip_address.is_some() => {}
            SipSource::Kept => found.push(UserViolation::NoSipAddress),
            SipSource::Given(given) => take_sip(given, person, found),
            SipSource::Made { of, domain } => match make(*of, domain.as_deref(), person) {
                Ok(made) => take_sip(&made, person, found),
                Err(violation) => found.push(violation),
            },
        }
    }
}

fn take_sip(given: &str, person: &mut Person, found: &mut Vec<UserViolation>) {
    match parse_sip_address(given) {
        Some(address) => person.sip_address = Some(address),
        None => found.push(UserViolation::SipAddress {
            given: given.trim().to_owned(),
        }),
    }
}

fn make(of: AddressType, domain: Option<&str>, person: &Person) -> Result<String, UserViolation> {
    let missing = |what| UserViolation::NothingToMakeItOf { what };
    let in_domain = |name: String, what| match domain {
        Some(domain) => Ok(format!("{name}@{}", domain.trim())),
        None => Err(UserViolation::NoDomain { what }),
    };
    match of {
        AddressType::UserPrincipalName => person.upn.clone().ok_or(missing("user principal name")),
        AddressType::EmailAddress => {
            let mail = person.attributes.get("mail").and_then(|all| all.first());
            mail.cloned().ok_or(missing("e-mail address"))
        }
        AddressType::SamAccountName => in_domain(person.sam_account_name.clone(), "the logon name"),
        AddressType::FirstLastName => {
            let (Some(first), Some(last)) = (&person.first_name, &person.last_name) else {
                return Err(missing("given and family name"));
            };
            let joined = |name: &str| name.split_whitespace().collect::<String>();
            in_domain(
                format!("{}.{}", joined(first), joined(last)),
                "the person's names",
            )
        }
    }
}
