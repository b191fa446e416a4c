//! Attribute names: the ones an entry has fields for, their aliases, and all others.

use std::fmt;

/// The attribute a condition asks about.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Attribute {
    /// `cn`, `name`
    CommonName,
    /// `displayName`
    DisplayName,
    /// `distinguishedName`, `dn`, `Identity`
    DistinguishedName,
    /// `givenName`, `FirstName`
    GivenName,
    /// `sn`, `surname`, `LastName`
    Surname,
    /// `objectCategory`: `person` for everybody here
    ObjectCategory,
    /// `objectClass`: `user` and its parents for everybody here
    ObjectClass,
    /// `objectGUID`, `Guid`, `entryUUID`
    ObjectGuid,
    /// `sAMAccountName`, `uid`
    SamAccountName,
    /// `sAMAccountType`: 805306368 for everybody here
    SamAccountType,
    /// `userPrincipalName`
    UserPrincipalName,
    /// `msRTCSIP-PrimaryUserAddress`, `SipAddress`
    SipAddress,
    /// `msRTCSIP-Line`, `LineURI`
    Line,
    /// `msRTCSIP-UserEnabled`, `Enabled`: TRUE or FALSE
    SipEnabled,
    /// `userAccountControl`: 512, and 514 for a user who is not enabled
    UserAccountControl,
    /// `whenCreated` as generalized time, `20120326101112.0Z`
    WhenCreated,
    /// `whenChanged` as generalized time
    WhenChanged,
    /// `RegistrarPool`
    RegistrarPool,
    /// `Site`
    Site,
    /// Any other attribute, in lower case.
    Other(Box<str>),
}

use Attribute as A;

/// All names in lower case; the first for an attribute comes with its canonical spelling.
const NAMES: &[(&str, A, &str)] = &[
    ("cn", A::CommonName, "cn"),
    ("commonname", A::CommonName, ""),
    ("name", A::CommonName, ""),
    ("displayname", A::DisplayName, "displayName"),
    (
        "distinguishedname",
        A::DistinguishedName,
        "distinguishedName",
    ),
    ("dn", A::DistinguishedName, ""),
    ("identity", A::DistinguishedName, ""),
    ("givenname", A::GivenName, "givenName"),
    ("firstname", A::GivenName, ""),
    ("sn", A::Surname, "sn"),
    ("surname", A::Surname, ""),
    ("lastname", A::Surname, ""),
    ("objectcategory", A::ObjectCategory, "objectCategory"),
    ("objectclass", A::ObjectClass, "objectClass"),
    ("objectguid", A::ObjectGuid, "objectGUID"),
    ("guid", A::ObjectGuid, ""),
    ("entryuuid", A::ObjectGuid, ""),
    ("samaccountname", A::SamAccountName, "sAMAccountName"),
    ("uid", A::SamAccountName, ""),
    ("samaccounttype", A::SamAccountType, "sAMAccountType"),
    (
        "userprincipalname",
        A::UserPrincipalName,
        "userPrincipalName",
    ),
    ("upn", A::UserPrincipalName, ""),
    (
        "msrtcsip-primaryuseraddress",
        A::SipAddress,
        "msRTCSIP-PrimaryUserAddress",
    ),
    ("sipaddress", A::SipAddress, ""),
    ("msrtcsip-line", A::Line, "msRTCSIP-Line"),
    ("lineuri", A::Line, ""),
    (
        "msrtcsip-userenabled",
        A::SipEnabled,
        "msRTCSIP-UserEnabled",
    ),
    ("enabled", A::SipEnabled, ""),
    (
        "useraccountcontrol",
        A::UserAccountControl,
        "userAccountControl",
    ),
    ("whencreated", A::WhenCreated, "whenCreated"),
    ("createtimestamp", A::WhenCreated, ""),
    ("whenchanged", A::WhenChanged, "whenChanged"),
    ("modifytimestamp", A::WhenChanged, ""),
    ("registrarpool", A::RegistrarPool, "RegistrarPool"),
    ("site", A::Site, "Site"),
];

/// Property names and long attribute names of attributes an entry keeps under its LDAP name.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("city", "l"),
    ("localityname", "l"),
    ("office", "physicaldeliveryofficename"),
    ("phone", "telephonenumber"),
    ("mobilephone", "mobile"),
    ("email", "mail"),
    ("emailaddress", "mail"),
    ("windowsemailaddress", "mail"),
    ("state", "st"),
    ("stateorprovince", "st"),
    ("postaladdress", "postaladdress"),
    ("country", "c"),
    ("countryabbreviation", "c"),
    ("fax", "facsimiletelephonenumber"),
];

/// The lower-case LDAP name under which an entry keeps `lower`, which is an alias or that name.
pub(crate) fn stored_name(lower: &str) -> &str {
    OTHER_NAMES
        .iter()
        .find(|(alias, _)| *alias == lower)
        .map_or(lower, |(_, name)| name)
}

impl Attribute {
    /// The attribute of that name, in any case; `None` when it cannot be an attribute's name.
    pub fn from_name(name: &str) -> Option<Attribute> {
        let well_formed = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !well_formed {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        let known = NAMES.iter().find(|(alias, ..)| *alias == lower);
        Some(match known {
            Some((_, attribute, _)) => attribute.clone(),
            None => A::Other(stored_name(&lower).into()),
        })
    }

    /// Whether values are distinguished names, which compare by their parts.
    pub(super) fn holds_names(&self) -> bool {
        match self {
            A::DistinguishedName => true,
            A::Other(name) => matches!(&**name, "manager" | "memberof"),
            _ => false,
        }
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let A::Other(name) = self {
            return f.write_str(name);
        }
        let known = NAMES.iter().find(|(_, attribute, _)| attribute == self);
        f.write_str(known.map_or("", |(.., canonical)| canonical))
    }
}
