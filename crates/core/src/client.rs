//! Programs that use the API: what each may do, from where, and for how long.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{Network, fold};

/// What a client may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientRights {
    /// Nothing: the role that it had was removed.
    Nothing,
    /// Have logons decided, and be told yes or no (R-AUTH-5).
    LogOn,
    /// Have logons decided, and be told why not (R-AUTH-5).
    TrustedLogOn,
    /// What the role of this name may do (R-RBAC); nothing where there is none of that name.
    Role(String),
}

/// The text says nothing that a client may do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no right of a client. There are: logon, trusted-logon, role:<name>")]
pub struct ClientRightsError {
    /// The text as given.
    pub text: String,
}

impl fmt::Display for ClientRights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::LogOn => f.write_str("logon"),
            Self::TrustedLogOn => f.write_str("trusted-logon"),
            Self::Role(role) => write!(f, "role:{role}"),
        }
    }
}

impl FromStr for ClientRights {
    type Err = ClientRightsError;

    fn from_str(text: &str) -> Result<Self, ClientRightsError> {
        let text = text.trim();
        let role = |text: &str| {
            let (kind, role) = text.split_once(':')?;
            let role = role.trim();
            (fold(kind) == "role" && !role.is_empty()).then(|| role.to_owned())
        };
        match (fold(text).as_str(), role(text)) {
            ("nothing", _) => Ok(Self::Nothing),
            ("logon", _) => Ok(Self::LogOn),
            ("trusted-logon", _) => Ok(Self::TrustedLogOn),
            (_, Some(role)) => Ok(Self::Role(role)),
            _ => Err(ClientRightsError {
                text: text.to_owned(),
            }),
        }
    }
}

/// How much a client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientLimits {
    /// Requests per second, on average; as many may come in one go.
    pub per_second: u32,
    /// Requests that are being answered at the same time.
    pub at_once: u32,
}

impl ClientLimits {
    /// The most that either limit may be.
    pub const MOST: u32 = 1_000_000;
}

impl Default for ClientLimits {
    /// Far more than a telephone system needs, far less than what stops others.
    fn default() -> Self {
        Self {
            per_second: 100,
            at_once: 64,
        }
    }
}

/// The SHA-256 of a certificate, as tools show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

/// The text is no fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons"
)]
pub struct FingerprintError;

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(CERTIFICATE)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    /// `sha256:5f0c…`, `5F:0C:…`, or what OpenSSL writes, `sha256 Fingerprint=5F:0C:…`.
    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let text = text.trim().to_ascii_lowercase();
        let prefixes = ["sha256 fingerprint=", CERTIFICATE];
        let bare = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
        let digits: Vec<u32> = bare
            .unwrap_or(&text)
            .chars()
            .filter(|c| *c != ':')
            .map(|c| c.to_digit(16).ok_or(FingerprintError))
            .collect::<Result<_, _>>()?;
        let bytes = digits.chunks_exact(2).map(|pair| match pair {
            [high, low] => u8::try_from(high * 16 + low).map_err(|_large| FingerprintError),
            _ => Err(FingerprintError),
        });
        let bytes = bytes.collect::<Result<Vec<u8>, _>>()?;
        match <[u8; 32]>::try_from(bytes) {
            Ok(bytes) if digits.len() == 64 => Ok(Self(bytes)),
            _ => Err(FingerprintError),
        }
    }
}

/// What the beginning of a certificate's fingerprint begins with.
const CERTIFICATE: &str = "sha256:";

/// A key or a certificate by which a client proves who it is, without the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientKey {
    /// A digest by which it is found.
    pub digest: [u8; 32],
    /// What the key begins with, or the fingerprint of the certificate: tells which of those that are in use
    /// somewhere it is.
    pub start: String,
    /// When it was made, or the certificate was named.
    pub made: Timestamp,
    /// From when on it no longer holds, because another took its place.
    pub ends: Option<Timestamp>,
}

impl ClientKey {
    /// Whether it is a certificate.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        self.start.starts_with(CERTIFICATE)
    }

    /// Whether it holds at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ends.is_none_or(|end| now < end)
    }
}

/// A program that uses the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its name; see [`client_name`].
    pub name: String,
    /// What it may do.
    pub rights: ClientRights,
    /// From where it may come; empty: from anywhere.
    pub networks: Vec<Network>,
    /// From when on it may do nothing; `None`: never.
    pub expires: Option<Timestamp>,
    /// How much it may ask for.
    pub limits: ClientLimits,
    /// Its keys and certificates, the newest first; the older one holds for a while after a rotation.
    pub keys: Vec<ClientKey>,
}

impl Client {
    /// Whether it goes by that name, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        fold(&self.name) == fold(name)
    }

    /// Whether it has come to its end; the instant itself is too late.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| now >= end)
    }

    /// Whether it may come from there.
    #[must_use]
    pub fn may_come_from(&self, address: IpAddr) -> bool {
        self.networks.is_empty() || self.networks.iter().any(|net| net.contains(address))
    }

    /// The client with this change.
    pub fn apply(&self, patch: &ClientPatch) -> Result<Self, ClientViolation> {
        let patch = patch.clone();
        let changed = Self {
            name: self.name.clone(),
            rights: patch.rights.unwrap_or_else(|| self.rights.clone()),
            networks: patch.networks.unwrap_or_else(|| self.networks.clone()),
            expires: patch.expires.unwrap_or(self.expires),
            limits: ClientLimits {
                per_second: patch.per_second.unwrap_or(self.limits.per_second),
                at_once: patch.at_once.unwrap_or(self.limits.at_once),
            },
            keys: self.keys.clone(),
        };
        changed.validate()?;
        Ok(changed)
    }

    /// Whether its values make sense.
    pub fn validate(&self) -> Result<(), ClientViolation> {
        client_name(&self.name)?;
        if self.networks.len() > MOST_NETWORKS {
            return Err(ClientViolation::Networks);
        }
        for (what, value) in [
            ("requests per second", self.limits.per_second),
            ("requests at once", self.limits.at_once),
        ] {
            if !(1..=ClientLimits::MOST).contains(&value) {
                return Err(ClientViolation::Limit { what, value });
            }
        }
        Ok(())
    }
}

/// What is to be changed of a client; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientPatch {
    /// What it may do.
    pub rights: Option<ClientRights>,
    /// From where it may come.
    pub networks: Option<Vec<Network>>,
    /// Its end; `Some(None)`: it has none.
    pub expires: Option<Option<Timestamp>>,
    /// Requests per second.
    pub per_second: Option<u32>,
    /// Requests at the same time.
    pub at_once: Option<u32>,
}

/// The most networks that a client may come from.
const MOST_NETWORKS: usize = 256;
/// The longest name.
const LONGEST_NAME: usize = 64;

/// What is wrong with a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientViolation {
    /// The name.
    #[error(
        "\"{name}\" cannot be the name of a client: up to {LONGEST_NAME} letters, digits, '.', '-' \
         and '_', the first a letter or a digit"
    )]
    Name {
        /// The name as given.
        name: String,
    },
    /// A limit.
    #[error("{value} {what} cannot be: from 1 to {}", ClientLimits::MOST)]
    Limit {
        /// Which limit.
        what: &'static str,
        /// The value as given.
        value: u32,
    },
    /// Too many networks.
    #[error("a client can have up to {MOST_NETWORKS} networks")]
    Networks,
}

/// The name of a client, without blanks around it.
pub fn client_name(text: &str) -> Result<&str, ClientViolation> {
    let name = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    match begins && name.len() <= LONGEST_NAME && name.chars().all(plain) {
        true => Ok(name),
        false => Err(ClientViolation::Name {
            name: name.chars().take(LONGEST_NAME).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client {
            name: "switchboard".to_owned(),
            rights: ClientRights::LogOn,
            networks: Vec::new(),
            expires: None,
            limits: ClientLimits::default(),
            keys: Vec::new(),
        }
    }

    #[test]
    fn rights_are_read_and_written() {
        for (text, shown) in [
            ("logon", Some("logon")),
            (" Trusted-Logon", Some("trusted-logon")),
            ("role:CsHelpDesk", Some("role:CsHelpDesk")),
            ("ROLE: Desk ", Some("role:Desk")),
            ("nothing", Some("nothing")),
            ("role:", None),
            ("admin", None),
            ("", None),
        ] {
            let read = text.parse::<ClientRights>().ok();
            let read = read.map(|read| read.to_string());
            assert_eq!(read.as_deref(), shown, "{text}");
        }
    }

    #[test]
    fn fingerprints_are_read_as_tools_write_them() {
        let digits = "5f0c41aa".repeat(8);
        let colons = |digits: &str| {
            let pairs = digits.as_bytes().chunks(2);
            let pairs: Vec<_> = pairs
                .map(|pair| std::str::from_utf8(pair).unwrap())
                .collect();
            pairs.join(":")
        };
        for (text, good) in [
            (digits.clone(), true),
            (format!(" sha256:{digits}\n"), true),
            (colons(&digits).to_uppercase(), true),
            (
                format!("sha256 Fingerprint={}", colons(&digits).to_uppercase()),
                true,
            ),
            (format!("SHA256 Fingerprint={}", colons(&digits)), true),
            (digits[1..].to_owned(), false),
            (digits.clone() + "0", false),
            (digits.clone() + "00", false),
            (digits.replace('c', "g"), false),
            (format!("sha1:{digits}"), false),
            (String::new(), false),
        ] {
            let read = text
                .parse::<Fingerprint>()
                .ok()
                .map(|read| read.to_string());
            assert_eq!(read, good.then(|| format!("sha256:{digits}")), "{text}");
        }
    }

    #[test]
    fn names_are_plain() {
        for (name, good) in [
            ("switchboard", true),
            (" asterisk-1.redmond_b ", true),
            ("1", true),
            ("", false),
            ("-x", false),
            ("a b", false),
            ("a\nb", false),
            ("ä", false),
            (&"a".repeat(64), true),
            (&"a".repeat(65), false),
        ] {
            assert_eq!(client_name(name).is_ok(), good, "{name}");
        }
    }

    #[test]
    fn what_is_not_given_stays() {
        let patch = ClientPatch {
            networks: Some(vec!["10.0.0.0/8".parse().unwrap()]),
            at_once: Some(3),
            ..ClientPatch::default()
        };
        let changed = client().apply(&patch).unwrap();
        assert_eq!(changed.rights, ClientRights::LogOn);
        assert_eq!(
            (changed.limits.per_second, changed.limits.at_once),
            (100, 3)
        );
        assert!(changed.may_come_from("10.1.1.1".parse().unwrap()));
        assert!(!changed.may_come_from("192.0.2.1".parse().unwrap()));
        assert!(client().may_come_from("192.0.2.1".parse().unwrap()));
        for (per_second, at_once) in [(Some(0), None), (None, Some(0)), (Some(1_000_001), None)] {
            let patch = ClientPatch {
                per_second,
                at_once,
                ..ClientPatch::default()
            };
            let refused = client().apply(&patch);
            assert!(matches!(refused, Err(ClientViolation::Limit { .. })));
        }
    }

    #[test]
    fn the_instant_of_the_end_is_too_late() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ends = Client {
            expires: Some(at(10)),
            ..client()
        };
        assert!(!ends.is_expired(at(9)) && ends.is_expired(at(10)) && !client().is_expired(at(10)));
        let key = |ends| ClientKey {
            digest: [0; 32],
            start: String::new(),
            made: at(0),
            ends,
        };
        assert!(key(Some(at(10))).holds(at(9)) && !key(Some(at(10))).holds(at(10)));
        assert!(key(None).holds(at(10)));
    }
}
