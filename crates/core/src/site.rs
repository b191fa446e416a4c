//! Sites: places with users and, perhaps, a policy of their own.

use crate::dn::{Dn, DnError};
use crate::fold::fold;
use crate::scope::LONGEST_SCOPE;

/// The longest id of a site, in characters.
const LONGEST_ID: usize = 64;
/// The longest name of a site, in characters.
const LONGEST_NAME: usize = 256;
/// The longest filter of a rule, in characters.
const LONGEST_FILTER: usize = 4096;
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
    /// One of them is no distinguished name or longer than one is, or there are more than anybody needs.
    pub fn of_units<'a>(units: impl IntoIterator<Item = &'a str>) -> Result<Self, SiteError> {
        let units: Vec<&str> = units.into_iter().collect();
        if units.len() > MOST_UNITS {
            return Err(SiteError::TooManyUnits { given: units.len() });
        }
        let mut read: Vec<(String, String)> = Vec::new();
        for unit in units {
            let given = unit.chars().count();
            if given > LONGEST_SCOPE {
                return Err(SiteError::UnitTooLong { given });
            }
            let key = Dn::parse(unit)?.folded();
            if !read.iter().any(|(known, _)| *known == key) {
                read.push((key, unit.trim().to_owned()));
            }
        }
        let units: Vec<String> = read.into_iter().map(|(_, unit)| unit).collect();
        Ok(match units.is_empty() {
            true => Self::Directory,
            false => Self::Units(units),
        })
    }

    /// The rule of an LDAP filter, which is not read here, in place of the rule `kept`.
    ///
    /// # Errors
    /// It is longer than anybody needs, and not the one that is kept.
    pub fn of_filter(filter: &str, kept: &Self) -> Result<Self, SiteError> {
        let given = filter.chars().count();
        let rule = Self::Filter(filter.trim().to_owned());
        match given > LONGEST_FILTER && rule != *kept {
            true => Err(SiteError::FilterTooLong { given }),
            false => Ok(rule),
        }
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
    /// An organisational unit longer than one is.
    #[error("an organisational unit has {given} characters; it can have {LONGEST_SCOPE} at most")]
    UnitTooLong {
        /// How many were given.
        given: usize,
    },
    /// A filter longer than a rule can have.
    #[error("the site's LDAP filter has {given} characters; it can have {LONGEST_FILTER} at most")]
    FilterTooLong {
        /// How many were given.
        given: usize,
    },
    /// A name longer than anybody reads.
    #[error("the site's display name has {given} characters; it can have {LONGEST_NAME} at most")]
    DisplayName {
        /// How many were given.
        given: usize,
    },
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

/// What people are to call a site in place of the name `kept`; nothing but blanks is no name.
///
/// # Errors
/// It is longer than anybody reads, and not the name that is kept.
pub fn parse_site_name(text: &str, kept: Option<&str>) -> Result<Option<String>, SiteError> {
    let given = text.chars().count();
    let name = text.trim();
    if given > LONGEST_NAME && kept != Some(name) {
        return Err(SiteError::DisplayName { given });
    }
    Ok((!name.is_empty()).then(|| name.to_owned()))
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

    #[test]
    fn texts_and_lists_have_their_limits() {
        let name = |length| parse_site_name(&"é".repeat(length), None);
        assert_eq!(name(256), Ok(Some("é".repeat(256))));
        assert_eq!(name(257), Err(SiteError::DisplayName { given: 257 }));
        assert_eq!(parse_site_name(" ", None), Ok(None));
        let older = "é".repeat(300);
        assert_eq!(
            parse_site_name(&older, Some(&older)),
            Ok(Some(older.clone()))
        );
        let longer = parse_site_name(&"é".repeat(301), Some(&older));
        assert_eq!(longer, Err(SiteError::DisplayName { given: 301 }));
        let filter = |length| Membership::of_filter(&"é".repeat(length), &Membership::Directory);
        assert_eq!(filter(4096), Ok(Membership::Filter("é".repeat(4096))));
        assert_eq!(filter(4097), Err(SiteError::FilterTooLong { given: 4097 }));
        let older = "é".repeat(5000);
        let rule = Membership::Filter(older.clone());
        assert_eq!(Membership::of_filter(&older, &rule), Ok(rule.clone()));
        let longer = Membership::of_filter(&"é".repeat(5001), &rule);
        assert_eq!(longer, Err(SiteError::FilterTooLong { given: 5001 }));
        let unit = |length: usize| format!("ou={}", "x".repeat(length - 3));
        let units = |unit: &str, count| Membership::of_units(std::iter::repeat_n(unit, count));
        assert!(units(&unit(2048), 256).is_ok());
        let long = units(&unit(2049), 1);
        assert_eq!(long, Err(SiteError::UnitTooLong { given: 2049 }));
        let many = units("ou=x", 257);
        assert_eq!(many, Err(SiteError::TooManyUnits { given: 257 }));
    }
}
