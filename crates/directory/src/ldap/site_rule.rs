//! Who belongs to which site, as the configuration of a directory says.

use pinward_core::{Dn, DnError};

use super::entry::RawEntry;
use crate::filter::LdapFilter;

/// A rule of a mapping: everybody of whom it is true belongs to the site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SiteRule {
    site: String,
    members: Members,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Members {
    /// Everybody in one of these organisational units and beneath.
    Units(Vec<Dn>),
    /// Everybody whom the filter matches, asked here.
    Filter(LdapFilter),
}

impl SiteRule {
    /// A site by its organisational units.
    ///
    /// # Errors
    /// A unit that is no distinguished name.
    pub fn of_units(site: &str, units: &[String]) -> Result<SiteRule, DnError> {
        let units: Result<Vec<Dn>, DnError> = units.iter().map(|unit| Dn::parse(unit)).collect();
        Ok(SiteRule {
            site: site.to_owned(),
            members: Members::Units(units?),
        })
    }

    /// A site by a filter on the attributes of people.
    pub fn of_filter(site: &str, filter: LdapFilter) -> SiteRule {
        SiteRule {
            site: site.to_owned(),
            members: Members::Filter(filter),
        }
    }

    /// The site's id.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// The filter, whose attributes have to be read.
    pub(super) fn filter(&self) -> Option<&LdapFilter> {
        match &self.members {
            Members::Units(_) => None,
            Members::Filter(filter) => Some(filter),
        }
    }
}

/// The site of an entry: that of the first rule which is true of it.
pub(super) fn site_of(rules: &[SiteRule], raw: &RawEntry) -> Option<String> {
    if rules.is_empty() {
        return None;
    }
    let dn = Dn::parse(&raw.dn).ok();
    let is_true = |rule: &&SiteRule| match &rule.members {
        Members::Units(units) => {
            let within = |unit| dn.as_ref().is_some_and(|dn| dn.is_within(unit));
            units.iter().any(within)
        }
        Members::Filter(filter) => filter.matches(raw),
    };
    rules.iter().find(is_true).map(|rule| rule.site.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_is_true_holds() {
        let units = ["OU=Redmond,DC=litwareinc,DC=com".to_owned()];
        let rules = [
            SiteRule::of_units("Redmond", &units).unwrap(),
            SiteRule::of_filter("Seattle", LdapFilter::parse("(l=Seattle)").unwrap()),
            SiteRule::of_filter("Elsewhere", LdapFilter::parse("(l=*)").unwrap()),
        ];
        for (dn, city, expected) in [
            (
                "cn=a,ou=REDMOND, dc=litwareinc,dc=com",
                "Seattle",
                "Redmond",
            ),
            ("cn=a,ou=x,ou=Redmond,dc=litwareinc,dc=com", "", "Redmond"),
            ("cn=a,dc=litwareinc,dc=com", "seattle", "Seattle"),
            ("cn=a,dc=litwareinc,dc=com", "Bonn", "Elsewhere"),
            ("cn=a,dc=litwareinc,dc=com", "", ""),
        ] {
            let raw = RawEntry {
                dn: dn.to_owned(),
                values: [("l".to_owned(), vec![city.as_bytes().to_vec()])].into(),
                unreadable: None,
            };
            let site = site_of(&rules, &raw);
            assert_eq!(site.unwrap_or_default(), expected, "{dn} {city}");
        }
        assert!(SiteRule::of_units("x", &["nowhere".to_owned()]).is_err());
    }
}
