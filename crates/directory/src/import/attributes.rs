//! The attributes that are read; all others are dropped unseen.

/// Attributes that become a field of a person.
const MAPPED: &[&str] = &[
    "cn",
    "createtimestamp",
    "displayname",
    "domain",
    "enabled",
    "entryuuid",
    "givenname",
    "guid",
    "ipauniqueid",
    "modifytimestamp",
    "msds-principalname",
    "msrtcsip-line",
    "msrtcsip-primaryuseraddress",
    "msrtcsip-userenabled",
    "nsaccountlock",
    "nsuniqueid",
    "objectclass",
    "objectguid",
    "registrarpool",
    "samaccountname",
    "site",
    "sn",
    "uid",
    "useraccountcontrol",
    "userprincipalname",
    "whenchanged",
    "whencreated",
];

/// Attributes that are kept as they are, for filters and for display.
const KEPT: &[&str] = &[
    "businesscategory",
    "c",
    "co",
    "company",
    "department",
    "departmentnumber",
    "description",
    "division",
    "employeeid",
    "employeenumber",
    "employeetype",
    "extensionattribute1",
    "extensionattribute10",
    "extensionattribute11",
    "extensionattribute12",
    "extensionattribute13",
    "extensionattribute14",
    "extensionattribute15",
    "extensionattribute2",
    "extensionattribute3",
    "extensionattribute4",
    "extensionattribute5",
    "extensionattribute6",
    "extensionattribute7",
    "extensionattribute8",
    "extensionattribute9",
    "facsimiletelephonenumber",
    "homephone",
    "initials",
    "ipphone",
    "l",
    "mail",
    "manager",
    "memberof",
    "mobile",
    "o",
    "othertelephone",
    "ou",
    "physicaldeliveryofficename",
    "postalcode",
    "preferredlanguage",
    "proxyaddresses",
    "roomnumber",
    "st",
    "street",
    "streetaddress",
    "telephonenumber",
    "title",
];

/// Column names of exports that differ from the attribute, without punctuation.
const COLUMNS: &[(&str, &str)] = &[
    ("account", "samaccountname"),
    ("alias", "samaccountname"),
    ("distinguishedname", "dn"),
    ("dn", "dn"),
    ("domainname", "domain"),
    ("emailaddress", "mail"),
    ("extension", "ipphone"),
    ("firstname", "givenname"),
    ("identity", "identity"),
    ("lastname", "sn"),
    ("lineuri", "msrtcsip-line"),
    ("login", "samaccountname"),
    ("logon", "samaccountname"),
    ("logonname", "samaccountname"),
    ("name", "cn"),
    ("netbiosname", "domain"),
    ("phonenumber", "telephonenumber"),
    ("pool", "registrarpool"),
    ("sip", "msrtcsip-primaryuseraddress"),
    ("sipaddress", "msrtcsip-primaryuseraddress"),
    ("siteid", "site"),
    ("surname", "sn"),
    ("upn", "userprincipalname"),
    ("user", "samaccountname"),
    ("username", "samaccountname"),
];

/// Whether an attribute of that lower-case name is read at all.
pub(super) fn is_read(name: &str) -> bool {
    MAPPED.binary_search(&name).is_ok() || is_kept(name)
}

/// The attributes that are kept as they are, in lower case.
pub(crate) fn kept() -> &'static [&'static str] {
    KEPT
}

/// Whether an attribute of that lower-case name is kept as it is.
pub(crate) fn is_kept(name: &str) -> bool {
    KEPT.binary_search(&name).is_ok()
}

/// The attribute that a column of that header holds; case and punctuation do not matter.
pub(super) fn of_column(header: &str) -> Option<&'static str> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let wanted = plain(header);
    let wanted = crate::filter::stored_name(&wanted);
    let alias = COLUMNS
        .iter()
        .find(|(column, _)| *column == wanted)
        .map(|(_, name)| *name);
    alias.or_else(|| {
        MAPPED
            .iter()
            .chain(KEPT)
            .copied()
            .find(|name| plain(name) == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_because_they_are_searched() {
        for list in [MAPPED, KEPT] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }

    #[test]
    fn columns() {
        for (header, attribute) in [
            ("LineURI", Some("msrtcsip-line")),
            ("SIP address", Some("msrtcsip-primaryuseraddress")),
            ("msRTCSIP-Line", Some("msrtcsip-line")),
            ("City", Some("l")),
            ("Office", Some("physicaldeliveryofficename")),
            ("display_name", Some("displayname")),
            ("Password", None),
            ("", None),
        ] {
            assert_eq!(of_column(header), attribute, "{header}");
        }
    }
}
