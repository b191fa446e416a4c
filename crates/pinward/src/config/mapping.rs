//! `[directory.mapping]` and `[[directory.site]]`: what of an entry becomes what, where it differs from the
//! preset.

use anyhow::{Context, Result, bail};
use pinward_core::parse_site_id;
use pinward_directory::filter::LdapFilter;
use pinward_directory::ldap::{Changes, Groups, Mapping, Numbers, Preset, SiteRule};
use serde::Deserialize;

/// What differs from the preset. Attributes are named as in the directory, in any case; an empty name
/// means that none is read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingKeys {
    /// The LDAP filter that finds people.
    people: Option<String>,
    /// The LDAP filter that tells who is enabled.
    enabled: Option<String>,
    /// The attribute that stays the same whatever a person is called: `objectGUID`, `entryUUID`.
    guid: Option<String>,
    /// The attributes with the logon name; the first that there is.
    logon: Option<Vec<String>>,
    /// The attributes with the SIP address; the first that has one.
    sip_address: Option<Vec<String>>,
    /// The attribute with a `tel:` URI, which goes before the telephone number.
    line_uri: Option<String>,
    /// The attribute with the telephone number, as people write it.
    telephone: Option<String>,
    /// The attribute with the extension.
    extension: Option<String>,
    /// How telephone numbers are written in full: `country_code`, `national_prefix`,
    /// `international_prefix`, `extension_length`.
    numbers: Numbers,
    /// The NetBIOS name of the domain [default: the first DC= of the name].
    domain: Option<String>,
    /// The attribute with the registrar pool, or with a name beneath it.
    pool: Option<String>,
    /// The registrar pool of whoever has none there.
    registrar_pool: Option<String>,
    /// Further attributes to keep, for `Get-CsUser -LdapFilter` and rules of sites.
    keep: Vec<String>,
    /// How groups are found: `member-of`, `members` or `none`.
    groups: Option<Groups>,
    /// The LDAP filter that finds groups.
    group_filter: Option<String>,
    /// How changes are found: `usn`, `timestamp` or `none`.
    changes: Option<Changes>,
}

/// Who belongs to a site: the people of organisational units, or those whom a filter matches.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteKeys {
    /// The site's id; `New-CsSite` makes it.
    name: String,
    /// The distinguished names of its organisational units.
    #[serde(default)]
    units: Vec<String>,
    /// An LDAP filter on people instead.
    filter: Option<String>,
}

impl MappingKeys {
    /// The preset with what differs from it, checked.
    pub fn checked(&self, preset: Preset, sites: &[SiteKeys]) -> Result<Mapping> {
        let mut mapping = Mapping::of(preset)?;
        if let Some(filter) = &self.people {
            mapping.people = in_parentheses(filter);
        }
        if let Some(filter) = &self.group_filter {
            mapping.group_filter = in_parentheses(filter);
        }
        if let Some(filter) = &self.enabled {
            mapping.enabled = LdapFilter::parse(filter).context("mapping.enabled")?;
        }
        for (key, given, field) in [
            ("logon", &self.logon, &mut mapping.logon),
            ("sip_address", &self.sip_address, &mut mapping.sip_address),
        ] {
            if let Some(names) = given {
                *field = attributes(key, names)?;
            }
        }
        for (key, given, field) in [
            ("line_uri", &self.line_uri, &mut mapping.line_uri),
            ("telephone", &self.telephone, &mut mapping.telephone),
            ("extension", &self.extension, &mut mapping.extension),
            ("pool", &self.pool, &mut mapping.pool),
        ] {
            match given.as_deref().map(str::trim) {
                None => {}
                Some("") => *field = None,
                Some(name) => *field = Some(attribute(key, name)?),
            }
        }
        if let Some(name) = &self.guid {
            mapping.guid = attribute("guid", name)?;
        }
        mapping.numbers = self.numbers.clone();
        mapping.domain = self.domain.clone();
        mapping.registrar_pool = self.registrar_pool.clone();
        mapping.keep = attributes("keep", &self.keep)?;
        mapping.groups = self.groups.unwrap_or(mapping.groups);
        mapping.changes = self.changes.unwrap_or(mapping.changes);
        mapping.sites = sites.iter().map(SiteKeys::checked).collect::<Result<_>>()?;
        mapping.check().context("mapping")?;
        Ok(mapping)
    }
}

impl SiteKeys {
    fn checked(&self) -> Result<SiteRule> {
        let what = || format!("site \"{}\"", self.name);
        let name = parse_site_id(&self.name).with_context(what)?;
        match (&self.units[..], &self.filter) {
            ([], Some(filter)) => {
                let filter = LdapFilter::parse(filter).with_context(what)?;
                Ok(SiteRule::of_filter(name, filter))
            }
            ([_, ..], None) => SiteRule::of_units(name, &self.units).with_context(what),
            _ => bail!("{}: give it either units or a filter", what()),
        }
    }
}

/// Filters for the directory stand in parentheses, which people leave out.
fn in_parentheses(filter: &str) -> String {
    let filter = filter.trim();
    match filter.starts_with('(') {
        true => filter.to_owned(),
        false => format!("({filter})"),
    }
}

fn attributes(key: &str, names: &[String]) -> Result<Vec<String>> {
    names.iter().map(|name| attribute(key, name)).collect()
}

/// The name of an attribute in lower case.
fn attribute(key: &str, name: &str) -> Result<String> {
    let name = name.trim();
    let well_formed = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !well_formed {
        bail!("mapping.{key}: \"{name}\" is no name of an attribute");
    }
    Ok(name.to_ascii_lowercase())
}
