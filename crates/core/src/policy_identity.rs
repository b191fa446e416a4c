//! R-POL-3: how a policy is named.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::fold::fold;

/// The scope and name of a policy. Compares and hashes without regard to case.
#[derive(Clone, Debug)]
pub enum PolicyIdentity {
    /// The one that always exists (R-POL-5).
    Global,
    /// For the users of the site with that id.
    Site(String),
    /// Per-user, granted by that name.
    Tag(String),
}

/// Why a text does not name a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyIdentityError {
    /// Nothing, or nothing after `site:` or `tag:`.
    #[error(
        "the policy identity \"{given}\" has no name; write global, site:<SiteId> or the name of a \
         per-user policy"
    )]
    Empty {
        /// The text given.
        given: String,
    },
    /// A name that could not be told from a scope or a wildcard, or that cannot be shown.
    #[error(
        "the policy name \"{given}\" cannot be used: it must not be \"global\", \".\" or \"..\", contain \
         ':', '*' or '?' or control characters, nor be longer than 255 characters"
    )]
    BadName {
        /// The text given.
        given: String,
    },
}

impl PolicyIdentity {
    /// Reads `global`, `site:X`, `tag:X` or a bare per-user name, in any case.
    pub fn parse(text: &str) -> Result<PolicyIdentity, PolicyIdentityError> {
        let given = text.trim();
        if given.eq_ignore_ascii_case("global") {
            return Ok(PolicyIdentity::Global);
        }
        let (scope, name) = match given.split_once(':') {
            Some((scope, name)) => (scope.trim_end(), name.trim()),
            None => ("tag", given),
        };
        if name.is_empty() {
            return Err(PolicyIdentityError::Empty {
                given: given.to_owned(),
            });
        }
        // In an address `.` and `..` are no names.
        let bad = matches!(name, "." | "..")
            || name.contains([':', '*', '?'])
            || name.chars().any(char::is_control)
            || name.chars().nth(255).is_some();
        if !bad && scope.eq_ignore_ascii_case("site") {
            return Ok(PolicyIdentity::Site(name.to_owned()));
        }
        if !bad && scope.eq_ignore_ascii_case("tag") && !name.eq_ignore_ascii_case("global") {
            return Ok(PolicyIdentity::Tag(name.to_owned()));
        }
        Err(PolicyIdentityError::BadName {
            given: given.to_owned(),
        })
    }

    /// The key under which two spellings of one identity are the same.
    pub fn key(&self) -> String {
        match self {
            PolicyIdentity::Global => "global".to_owned(),
            PolicyIdentity::Site(name) => format!("site:{}", fold(name)),
            PolicyIdentity::Tag(name) => format!("tag:{}", fold(name)),
        }
    }
}

impl PartialEq for PolicyIdentity {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (PolicyIdentity::Global, PolicyIdentity::Global) => true,
            (PolicyIdentity::Site(a), PolicyIdentity::Site(b))
            | (PolicyIdentity::Tag(a), PolicyIdentity::Tag(b)) => a == b || fold(a) == fold(b),
            _ => false,
        }
    }
}

impl Eq for PolicyIdentity {}

impl Hash for PolicyIdentity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Display for PolicyIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyIdentity::Global => f.write_str("Global"),
            PolicyIdentity::Site(id) => write!(f, "Site:{id}"),
            PolicyIdentity::Tag(name) => write!(f, "Tag:{name}"),
        }
    }
}

impl FromStr for PolicyIdentity {
    type Err = PolicyIdentityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        PolicyIdentity::parse(text)
    }
}
