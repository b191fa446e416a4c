//! From an entry of a directory to a person.

use pinward_core::{Dn, Person};

use super::entry::RawEntry;
use super::mapping::Mapping;
use super::site_rule::{SiteRule, site_of};
use crate::filter::LdapFilter;
use crate::guid;
use crate::import::{MAX_VALUE, Options, Reason, Record, is_kept, kept, line_uri, person_of};
use crate::import::{sip, strip_scheme};
use crate::source::Entry;

/// Attributes of an entry that become a field of a person whatever the mapping is.
const FIELDS: [&str; 10] = [
    "cn",
    "createtimestamp",
    "displayname",
    "givenname",
    "modifytimestamp",
    "msds-principalname",
    "sn",
    "userprincipalname",
    "whenchanged",
    "whencreated",
];

/// The attribute in which a logon name is written with its domain.
const PRINCIPAL_NAME: &str = "msds-principalname";

/// What to ask the directory for.
pub(super) fn attributes(mapping: &Mapping) -> Vec<String> {
    let mut names: Vec<String> = FIELDS.iter().chain(kept()).map(|&n| n.to_owned()).collect();
    names.push(mapping.guid.clone());
    names.extend(mapping.logon.iter().chain(&mapping.sip_address).cloned());
    let single = [
        &mapping.line_uri,
        &mapping.telephone,
        &mapping.extension,
        &mapping.pool,
    ];
    names.extend(single.into_iter().flatten().cloned());
    names.extend(mapping.keep.iter().map(|name| name.to_ascii_lowercase()));
    let sites = mapping.sites.iter().filter_map(SiteRule::filter);
    let asked = sites.chain([&mapping.enabled]);
    names.extend(
        asked
            .flat_map(LdapFilter::attributes)
            .map(|name| name.to_string().to_ascii_lowercase()),
    );
    names.sort();
    names.dedup();
    names
}

/// What the entry says, with the groups that its person is in.
pub(super) fn read(raw: &RawEntry, mapping: &Mapping, groups: Vec<String>) -> Entry {
    let guid = guid(raw, mapping);
    if let Some(what) = raw.unreadable {
        return Entry::Unusable {
            // A name that was not read whole does not tell whose entry it is; the key does.
            name: match raw.dn.contains(char::REPLACEMENT_CHARACTER) {
                true => format!("\"{}\"", raw.dn),
                false => raw.dn.clone(),
            },
            guid,
            reason: what.to_owned(),
        };
    }
    match person(raw, mapping, groups, guid.clone()) {
        Ok(person) => Entry::Person(Box::new(person)),
        Err(reason) => Entry::Unusable {
            guid,
            name: raw.dn.clone(),
            reason,
        },
    }
}

/// The key, which Active Directory gives as 16 bytes and others as text.
pub(super) fn guid(raw: &RawEntry, mapping: &Mapping) -> Option<String> {
    let value = raw.values.get(&mapping.guid)?.first()?;
    let guid = match <[u8; 16]>::try_from(value.as_slice()) {
        Ok(bytes) => guid::from_active_directory(bytes),
        Err(_) => guid::parse(std::str::from_utf8(value).ok()?)?,
    };
    // All zeros is what programs write who know none: everybody would be the same person.
    let says_something = guid.bytes().any(|digit| !matches!(digit, b'0' | b'-'));
    says_something.then_some(guid)
}

fn person(
    raw: &RawEntry,
    mapping: &Mapping,
    groups: Vec<String>,
    guid: Option<String>,
) -> Result<Person, String> {
    let guid = guid.ok_or_else(|| format!("it has no usable {}", mapping.guid))?;
    let options = Options {
        domain: mapping.domain.clone(),
        registrar_pool: pool(raw, mapping),
        site: site_of(&mapping.sites, raw),
    };
    if let Some((name, logon)) = logon(raw, mapping)
        && name != PRINCIPAL_NAME
        && logon.contains('\\')
    {
        return Err(format!(
            "the logon name \"{logon}\" ({name}) holds a backslash, which parts a domain from a logon \
             name; take another attribute for it (mapping.logon)"
        ));
    }
    let enabled = mapping.enabled.matches(raw);
    let record = record(raw, mapping, enabled).map_err(|reason| reason.to_string())?;
    let mut person = person_of(record, &options).map_err(|reason| reason.to_string())?;
    person.guid = guid;
    person.sip_address = sip_address(raw, mapping);
    person.line_uri = match line(raw, mapping) {
        // Nobody stays enabled because of a line that they do not need any more.
        Err(_) if !enabled => None,
        line => line?,
    };
    person.enabled = enabled;
    for name in &mapping.keep {
        let name = name.to_ascii_lowercase();
        let values: Vec<String> = raw.texts(&name).filter(short).map(str::to_owned).collect();
        if !values.is_empty() {
            person.attributes.insert(name, values);
        }
    }
    if !groups.is_empty() {
        person.attributes.insert("memberof".to_owned(), groups);
    }
    Ok(person)
}

/// The logon name, and the attribute that it is of.
fn logon<'a>(raw: &'a RawEntry, mapping: &'a Mapping) -> Option<(&'a str, &'a str)> {
    let mut names = mapping.logon.iter();
    names.find_map(|name| Some((name.as_str(), raw.text(name)?)))
}

/// The attributes that are no matter of the mapping, and the logon name. Values that are no text or too
/// long are left out: a photograph is nobody's fault. Of whoever is not enabled, what is too much is left
/// out too, so that they are disabled.
fn record(raw: &RawEntry, mapping: &Mapping, enabled: bool) -> Result<Record, Reason> {
    let mut record = Record::default();
    record.dn = Some(raw.dn.clone());
    if let Some((_, logon)) = logon(raw, mapping) {
        record.add("samaccountname", logon.into())?;
    }
    for name in raw.values.keys().map(String::as_str) {
        let taken = FIELDS.contains(&name) || (is_kept(name) && name != "memberof");
        for value in raw.texts(name).filter(|value| taken && short(value)) {
            let added = record.add(name, value.into());
            if enabled {
                added?;
            }
        }
    }
    Ok(record)
}

fn short(value: &&str) -> bool {
    value.len() <= MAX_VALUE
}

/// The registrar pool. Lync names an entry beneath the pool's own: `CN=Lc Services,CN=Microsoft,CN=1:1,CN=Pools,…`.
fn pool(raw: &RawEntry, mapping: &Mapping) -> Option<String> {
    let own = mapping.pool.as_deref().and_then(|name| raw.text(name));
    let own = own.filter(short).map(|text| {
        let is_of_pools = |dn: &Dn| {
            dn.parent()
                .is_some_and(|of| of.common_name() == Some("pools"))
        };
        let pool = std::iter::successors(Dn::parse(text).ok(), Dn::parent).find(is_of_pools);
        let name = pool.as_ref().and_then(Dn::common_name);
        name.unwrap_or(text).to_owned()
    });
    own.or_else(|| mapping.registrar_pool.clone())
}

fn sip_address(raw: &RawEntry, mapping: &Mapping) -> Option<String> {
    mapping.sip_address.iter().find_map(|name| {
        raw.texts(name)
            .filter(|value| name != "proxyaddresses" || strip_scheme(value, "sip:").is_some())
            .find_map(sip)
    })
}

fn line(raw: &RawEntry, mapping: &Mapping) -> Result<Option<String>, String> {
    let text = |name: &Option<String>| raw.text(name.as_deref()?);
    match text(&mapping.line_uri) {
        Some(uri) => line_uri(Some(uri), None, None)
            .map_err(|uri| format!("\"{uri}\" is not a usable line URI")),
        None => Ok(mapping
            .numbers
            .line(text(&mapping.telephone), text(&mapping.extension))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::mapping::Preset;
    use super::*;
    use crate::import::MAX_RECORD;

    fn entry(values: &[(&str, &[u8])]) -> RawEntry {
        let mut raw = RawEntry {
            dn: "CN=Müller\\, Jörg 王,OU=Büro,DC=litwareinc,DC=com".to_owned(),
            ..RawEntry::default()
        };
        for (name, value) in values {
            let all = raw.values.entry((*name).to_owned()).or_default();
            all.push(value.to_vec());
        }
        raw
    }

    fn windows() -> Vec<(&'static str, &'static [u8])> {
        vec![
            (
                "objectguid",
                b"\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
            ),
            ("samaccountname", b"jmueller"),
            ("useraccountcontrol", b"512"),
            ("telephonenumber", b"+49 711 1234567"),
            ("ipphone", b"4567"),
            ("proxyaddresses", b"SMTP:j@litwareinc.com"),
            ("proxyaddresses", b"SIP:joerg@litwareinc.com"),
            ("mail", b"mail@litwareinc.com"),
            ("title", b"Manager"),
            ("description", b"\xff\xfe"),
        ]
    }

    fn one(preset: Preset, values: &[(&str, &[u8])]) -> Person {
        match read(&entry(values), &Mapping::of(preset).unwrap(), Vec::new()) {
            Entry::Person(person) => *person,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn active_directory() {
        let person = one(Preset::ActiveDirectory, &windows());
        assert_eq!(person.guid, "03020100-0504-0706-0809-0a0b0c0d0e0f");
        assert_eq!(
            person.sip_address.as_deref(),
            Some("sip:joerg@litwareinc.com")
        );
        assert_eq!(
            person.line_uri.as_deref(),
            Some("tel:+497111234567;ext=4567")
        );
        assert_eq!(
            (person.domain.as_str(), person.enabled),
            ("LITWAREINC", true)
        );
        assert_eq!(person.attributes["title"], ["Manager"]);
        assert!(!person.attributes.contains_key("description"));
    }

    #[test]
    fn who_is_enabled() {
        for (preset, control, flag, expected) in [
            (Preset::ActiveDirectory, "512", "", true),
            (Preset::ActiveDirectory, "514", "TRUE", false),
            (Preset::ActiveDirectory, "", "TRUE", false),
            (Preset::Lync, "512", "TRUE", true),
            (Preset::Lync, "512", "FALSE", false),
            (Preset::Lync, "512", "", false),
            (Preset::Lync, "514", "TRUE", false),
        ] {
            let mut values = windows();
            values.retain(|(name, _)| *name != "useraccountcontrol");
            values.push(("useraccountcontrol", control.as_bytes()));
            values.push(("msrtcsip-userenabled", flag.as_bytes()));
            assert_eq!(
                one(preset, &values).enabled,
                expected,
                "{preset:?} {control} {flag}"
            );
        }
    }

    #[test]
    fn nobody_stays_enabled_because_the_rest_of_the_entry_is_unusable() {
        let much = "x".repeat(MAX_VALUE);
        let mapping = Mapping::of(Preset::Lync).unwrap();
        for (name, value, times) in [
            ("msrtcsip-line", "ask the desk", 1),
            ("title", much.as_str(), MAX_RECORD / MAX_VALUE + 1),
        ] {
            for enabled in [true, false] {
                let mut values = windows();
                values.extend(std::iter::repeat_n((name, value.as_bytes()), times));
                let flag = if enabled { "TRUE" } else { "FALSE" };
                values.push(("msrtcsip-userenabled", flag.as_bytes()));
                match read(&entry(&values), &mapping, Vec::new()) {
                    Entry::Person(person) => {
                        assert!(!enabled && !person.enabled, "{name}: {person:?}");
                        assert_eq!(person.sam_account_name, "jmueller");
                        assert_eq!(person.line_uri, None);
                    }
                    other => assert!(enabled, "{name}: {other:?}"),
                }
            }
        }
    }

    #[test]
    fn an_address_with_control_characters_is_none() {
        for (address, expected) in [
            ("k\0en@litwareinc.com", "sip:mail@litwareinc.com"),
            ("ken@litwareinc.com\u{7f}", "sip:mail@litwareinc.com"),
            ("ken@litwareinc.com", "sip:ken@litwareinc.com"),
        ] {
            let mut values = windows();
            values.retain(|(name, _)| *name != "proxyaddresses");
            let proxy = format!("sip:{address}");
            values.push(("proxyaddresses", proxy.as_bytes()));
            let person = one(Preset::ActiveDirectory, &values);
            assert_eq!(person.sip_address.as_deref(), Some(expected), "{address:?}");
        }
    }

    #[test]
    fn openldap() {
        let uuid = b"6AD5C9A8-0000-103F-8000-00505600A1B2";
        let person = one(
            Preset::Openldap,
            &[
                ("entryuuid", uuid),
                ("objectclass", b"inetOrgPerson"),
                ("uid", b"ken"),
                ("mail", b"ken@litwareinc.com"),
            ],
        );
        assert_eq!(person.guid, "6ad5c9a8-0000-103f-8000-00505600a1b2");
        assert_eq!(person.sam_account_name, "ken");
        assert!(person.enabled);
    }

    #[test]
    fn the_pool_is_a_name_or_what_lies_beneath_the_pools() {
        for (value, pool) in [
            (
                Some("atl-cs-001.litwareinc.com"),
                "atl-cs-001.litwareinc.com",
            ),
            (
                Some(
                    "CN=Lc Services,CN=Microsoft,CN=1:1,CN=Pools,CN=RTC Service,DC=litwareinc,DC=com",
                ),
                "1:1",
            ),
            (
                Some("CN=Pools,DC=litwareinc,DC=com"),
                "CN=Pools,DC=litwareinc,DC=com",
            ),
            (None, "for-the-rest"),
        ] {
            let mut values = windows();
            values.extend(value.map(|text| ("msrtcsip-primaryhomeserver", text.as_bytes())));
            let mapping = Mapping {
                registrar_pool: Some("for-the-rest".to_owned()),
                ..Mapping::of(Preset::Lync).unwrap()
            };
            let Entry::Person(person) = read(&entry(&values), &mapping, Vec::new()) else {
                panic!("{value:?}");
            };
            assert_eq!(person.registrar_pool.as_deref(), Some(pool));
        }
    }

    #[test]
    fn whose_entry_cannot_be_read_is_not_told_by_its_name() {
        let raw = RawEntry {
            unreadable: Some("its name is not written in UTF-8"),
            dn: "CN=M\u{fffd}ller,DC=litwareinc,DC=com".to_owned(),
            ..entry(&windows())
        };
        let mapping = Mapping::of(Preset::ActiveDirectory).unwrap();
        let Entry::Unusable { guid, name, reason } = read(&raw, &mapping, Vec::new()) else {
            panic!("{raw:?}");
        };
        assert!(guid.is_some() && reason.contains("UTF-8"), "{reason}");
        assert!(Dn::parse(&name).is_err(), "{name}");
    }

    #[test]
    fn a_logon_name_does_not_name_its_own_domain() {
        let principal = Mapping {
            logon: vec![PRINCIPAL_NAME.to_owned()],
            ..Mapping::of(Preset::Openldap).unwrap()
        };
        for (mapping, name, logon, expected) in [
            (
                Mapping::of(Preset::Openldap).unwrap(),
                "uid",
                "EXAMPLE\\ken",
                None,
            ),
            (
                Mapping::of(Preset::Openldap).unwrap(),
                "uid",
                "ken",
                Some(("LITWAREINC", "ken")),
            ),
            (
                principal,
                PRINCIPAL_NAME,
                "EXAMPLE\\ken",
                Some(("EXAMPLE", "ken")),
            ),
        ] {
            let uuid = b"6AD5C9A8-0000-103F-8000-00505600A1B2";
            let raw = entry(&[("entryuuid", uuid), (name, logon.as_bytes())]);
            match (read(&raw, &mapping, Vec::new()), expected) {
                (Entry::Person(person), Some(expected)) => {
                    let found = (person.domain.as_str(), person.sam_account_name.as_str());
                    assert_eq!(found, expected);
                }
                (Entry::Unusable { reason, .. }, None) => {
                    assert!(reason.contains("backslash"), "{reason}");
                }
                (other, _) => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn without_a_key_or_a_logon_nobody_is_made_up() {
        let mapping = Mapping::of(Preset::ActiveDirectory).unwrap();
        for missing in ["objectguid", "samaccountname"] {
            let mut values = windows();
            values.retain(|(name, _)| *name != missing);
            let Entry::Unusable { guid, name, .. } = read(&entry(&values), &mapping, Vec::new())
            else {
                panic!("{missing}");
            };
            assert_eq!(guid.is_none(), missing == "objectguid");
            assert!(name.starts_with("CN=M"), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            dn in ".{0,40}",
            values in prop::collection::btree_map(
                prop::sample::select(vec![
                    "objectguid", "samaccountname", "useraccountcontrol", "telephonenumber",
                    "ipphone", "msrtcsip-line", "proxyaddresses", "mail", "whenchanged", "cn",
                ]),
                prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..3),
                0..10,
            ),
        ) {
            let values = values.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
            let raw = RawEntry {
                dn,
                values,
                unreadable: None,
            };
            for preset in [Preset::ActiveDirectory, Preset::Lync, Preset::Openldap] {
                read(&raw, &Mapping::of(preset).unwrap(), Vec::new());
            }
        }

        #[test]
        fn any_telephone_number_gives_a_line_that_can_be_read(
            phone in "[+0-9 ()/x-]{0,24}",
            extension in "[0-9]{0,18}",
        ) {
            let mut values = windows();
            values.retain(|(name, _)| !matches!(*name, "telephonenumber" | "ipphone"));
            values.push(("telephonenumber", phone.as_bytes()));
            values.push(("ipphone", extension.as_bytes()));
            if let Some(line) = one(Preset::ActiveDirectory, &values).line_uri {
                prop_assert!(pinward_core::TelUri::parse(&line).is_some(), "{}", line);
            }
        }
    }
}
