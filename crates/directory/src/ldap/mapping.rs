//! What of an entry becomes which field of a person: presets as data, each field of which can be set.

use serde::Deserialize;

use super::lines::Numbers;
use super::site_rule::SiteRule;
use crate::filter::{FilterError, LdapFilter};

/// The kinds of directory that are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Active Directory: whoever is not disabled.
    ActiveDirectory,
    /// Active Directory with the attributes of Lync or Skype for Business: whoever is enabled there.
    Lync,
    /// OpenLDAP and its like: `inetOrgPerson`, groups of names.
    Openldap,
}

/// How changes are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changes {
    /// `uSNChanged`, and the deleted objects (Active Directory).
    Usn,
    /// `modifyTimestamp`; who is gone is seen by the next full reading.
    Timestamp,
    /// Every reading is a full one.
    None,
}

/// How groups are found, those within groups too.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Groups {
    /// People and groups name the groups they are in: `memberOf`.
    MemberOf,
    /// Groups name their members: `member` and `uniqueMember`.
    Members,
    /// Groups are not read.
    None,
}

/// As many digits as a telephone number has at most.
const MOST_DIGITS: u8 = 15;

/// A mapping. Attribute names are in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mapping {
    /// The filter that finds people, for the directory.
    pub people: String,
    /// The filter that an entry has to pass to be enabled, asked here: attributes must be among those
    /// that are read, as those it names are.
    pub enabled: LdapFilter,
    /// The key: `objectguid` or `entryuuid`.
    pub guid: String,
    /// The logon name; the first that there is.
    pub logon: Vec<String>,
    /// The SIP address; the first that has one. Of `proxyaddresses` only what begins with `sip:` is.
    pub sip_address: Vec<String>,
    /// The attribute with a `tel:` URI; goes before the telephone number.
    pub line_uri: Option<String>,
    /// The attribute with the telephone number, as people write it.
    pub telephone: Option<String>,
    /// The attribute with the extension.
    pub extension: Option<String>,
    /// How telephone numbers are written in full.
    pub numbers: Numbers,
    /// NetBIOS name of the domain; without it the first `DC=` of the name.
    pub domain: Option<String>,
    /// The attribute with the registrar pool: its name, or the distinguished name of what is beneath it.
    pub pool: Option<String>,
    /// The registrar pool of whoever has none there.
    pub registrar_pool: Option<String>,
    /// Who belongs to which site; the first rule that is true of somebody holds.
    pub sites: Vec<SiteRule>,
    /// Further attributes to keep, besides the usual ones.
    pub keep: Vec<String>,
    /// How groups are found.
    pub groups: Groups,
    /// The filter that finds groups.
    pub group_filter: String,
    /// How changes are found.
    pub changes: Changes,
}

/// A part of a mapping that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MappingError {
    /// A filter that cannot be read.
    #[error("the filter \"{filter}\" of the mapping cannot be used: {error}")]
    Filter {
        /// The filter.
        filter: String,
        /// What is wrong.
        error: FilterError,
    },
    /// A filter for the directory that is none.
    #[error("{field} is \"{filter}\", which is no LDAP filter; write it like (objectClass=person)")]
    NotAFilter {
        /// The field of the configuration.
        field: &'static str,
        /// Its value.
        filter: String,
    },
    /// No number of digits that an extension has.
    #[error("extension_length is {0}; it goes from 1 to {MOST_DIGITS}")]
    ExtensionLength(u8),
    /// A text where only digits belong.
    #[error("{field} is \"{value}\"; it has to be one to five digits, without +")]
    NotDigits {
        /// The field of the configuration.
        field: &'static str,
        /// Its value.
        value: String,
    },
}

impl Mapping {
    /// The mapping of a preset.
    ///
    /// # Errors
    /// None for the presets as they are.
    pub fn of(preset: Preset) -> Result<Mapping, MappingError> {
        const NOT_DISABLED: &str =
            "(&(userAccountControl=*)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))";
        const LYNC: &str = "(&(userAccountControl=*)(!(userAccountControl:1.2.840.113556.1.4.803:=2))(msRTCSIP-UserEnabled=TRUE))";
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let windows = Mapping {
            people: "(&(objectCategory=person)(objectClass=user)(sAMAccountName=*))".to_owned(),
            enabled: filter(NOT_DISABLED)?,
            guid: "objectguid".to_owned(),
            logon: names(&["samaccountname"]),
            sip_address: names(&["msrtcsip-primaryuseraddress", "proxyaddresses", "mail"]),
            line_uri: Some("msrtcsip-line".to_owned()),
            telephone: Some("telephonenumber".to_owned()),
            extension: Some("ipphone".to_owned()),
            numbers: Numbers::default(),
            domain: None,
            pool: Some("msrtcsip-primaryhomeserver".to_owned()),
            registrar_pool: None,
            sites: Vec::new(),
            keep: Vec::new(),
            groups: Groups::MemberOf,
            group_filter: "(objectClass=group)".to_owned(),
            changes: Changes::Usn,
        };
        Ok(match preset {
            Preset::ActiveDirectory => windows,
            Preset::Lync => Mapping {
                enabled: filter(LYNC)?,
                sip_address: names(&["msrtcsip-primaryuseraddress"]),
                telephone: None,
                extension: None,
                ..windows
            },
            Preset::Openldap => Mapping {
                people: "(&(objectClass=inetOrgPerson)(uid=*))".to_owned(),
                enabled: filter("(objectClass=*)")?,
                guid: "entryuuid".to_owned(),
                logon: names(&["uid"]),
                sip_address: names(&["mail"]),
                line_uri: None,
                extension: None,
                pool: None,
                groups: Groups::Members,
                group_filter: "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
                    .to_owned(),
                changes: Changes::Timestamp,
                ..windows
            },
        })
    }

    /// Whether a filter asks who is in which group, though groups are not read: who joins or leaves one
    /// leaves no trace in the person, so that there are no increments.
    pub(super) fn follows_no_groups(&self) -> bool {
        let is_group = |text: String| text.to_ascii_lowercase().contains("memberof");
        let sites = self.sites.iter().filter_map(SiteRule::filter);
        let mut asked = sites
            .chain([&self.enabled])
            .flat_map(LdapFilter::attributes);
        let asks = is_group(self.people.clone()) || asked.any(|name| is_group(name.to_string()));
        asks && self.groups == Groups::None
    }

    /// Checks what types do not: that the numbers' rules are digits, and that the filters for the
    /// directory are whole.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check(&self) -> Result<(), MappingError> {
        let digits = |text: &str| {
            !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit())
        };
        for (field, filter) in [
            ("people", &self.people),
            ("group_filter", &self.group_filter),
        ] {
            // In parentheses, because conditions are added to it.
            if ldap3::parse_filter(format!("(&{filter})")).is_err() {
                let filter = filter.clone();
                return Err(MappingError::NotAFilter { field, filter });
            }
        }
        let length = self.numbers.extension_length.unwrap_or(1);
        if !(1..=MOST_DIGITS).contains(&length) {
            return Err(MappingError::ExtensionLength(length));
        }
        let rules = [
            ("country_code", &self.numbers.country_code),
            ("national_prefix", &self.numbers.national_prefix),
            ("international_prefix", &self.numbers.international_prefix),
        ];
        for (field, value) in rules {
            if let Some(value) = value.as_deref().filter(|value| !digits(value)) {
                let value = value.to_owned();
                return Err(MappingError::NotDigits { field, value });
            }
        }
        Ok(())
    }
}

fn filter(text: &str) -> Result<LdapFilter, MappingError> {
    LdapFilter::parse(text).map_err(|error| MappingError::Filter {
        filter: text.to_owned(),
        error,
    })
}
