//! Sites: places with users and, perhaps, a policy of their own.

use crate::dn::{Dn, DnError};
use crate::fold::fold;

/// The longest id of a site, in characters.
const LONGEST_ID: usize = 64;
/// More organisational units than one rule needs.
const MOST_UNITS: usize = 256;

/// A place with its own policy and users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The id, as first written; compared without regard to case.
    pub id: String,
    /// What people call it.
    pub display_name: Option<String>,
}

/// Who belongs to a site, beside those of whom the directory itself says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Membership {
    /// Nobody else.
    #[default]
    Directory,
    /// Everybody in these organisational units and beneath, by their distinguished names.
    Units(Vec<String>),
    /// Everybody whom this LDAP filter matches.
    Filter(String),
}

impl Membership {
    /// The organisational units of a rule, each once. None at all is no rule.
    ///
    /// # Errors
    /// One of them is no distinguished name, or there are more than anybody needs.
    pub fn of_units<'a>(units: impl IntoIterator<Item = &'a str>) -> Result<Self, SiteError> {
        let mut read: Vec<(String, String)> = Vec::new();
        for unit in units {
            let key = Dn::parse(unit)?.folded();
            if !read.iter().any(|(known, _)| *known == key) {
                read.push((key, unit.trim().to_owned()));
            }
        }
        if read.len() > MOST_UNITS {
            return Err(SiteError::TooManyUnits { given: read.len() });
        }
        let units: Vec<String> = read.into_iter().map(|(_, unit)| unit).collect();
        Ok(match units.is_empty() {
            true => Self::Directory,
            false => Self::Units(units),
        })
    }

    /// Whether there is a rule at all.
    pub fn is_rule(&self) -> bool {
        *self != Self::Directory
    }
}

/// What to change about a site; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitePatch {
    /// What people call it; the inner `None` takes the name away.
    pub display_name: Option<Option<String>>,
    /// Who belongs to it.
    pub membership: Option<Membership>,
}

/// Why something is no site, or no rule of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// The id cannot be written as `site:<SiteId>` or within a region.
    #[error(
        "\"{given}\" cannot be the id of a site; it has 1 to {LONGEST_ID} characters, none of \
         them a colon, a slash, a comma, a wildcard or a control character, and is neither . nor .."
    )]
    Id {
        /// The text given.
        given: String,
    },
    /// An organisational unit is not named.
    #[error("the site names no organisational unit: {0}")]
    Unit(#[from] DnError),
    /// More organisational units than a rule can have.
    #[error(
        "a site can have {MOST_UNITS} organisational units, not {given}; use a unit above them or an LDAP filter"
    )]
    TooManyUnits {
        /// How many were given.
        given: usize,
    },
}

/// The id that a text names, with or without `site:` before it.
///
/// # Errors
/// The text cannot be the id of a site.
pub fn parse_site_id(text: &str) -> Result<&str, SiteError> {
    let id = strip_site(text);
    let bad = |c: char| c.is_control() || ":/\\,*?[]\"".contains(c);
    // In an address `.` and `..` are no names.
    let dots = matches!(id, "." | "..");
    if id.is_empty() || id.chars().count() > LONGEST_ID || id.contains(bad) || dots {
        return Err(SiteError::Id {
            given: text.trim().to_owned(),
        });
    }
    Ok(id)
}

/// A text without the `site:` before it, where there is one.
pub fn strip_site(text: &str) -> &str {
    let text = text.trim();
    match text.get(..5) {
        Some(scope) if fold(scope) == "site:" => text.get(5..).unwrap_or_default().trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_can_stand_in_an_address() {
        for (text, id) in [
            ("Redmond", Some("Redmond")),
            (" site: Redmond ", Some("Redmond")),
            ("St. Gallen", Some("St. Gallen")),
            ("...", Some("...")),
            (".", None),
            ("..", None),
            ("site:..", None),
            ("a/b", None),
            ("site:", None),
        ] {
            assert_eq!(parse_site_id(text).ok(), id, "{text}");
        }
    }
}
