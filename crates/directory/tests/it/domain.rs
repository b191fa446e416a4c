//! People for a Samba domain, and the ways to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use pinward_core::Person;
use pinward_directory::ldap::{BindName, LdapSource, Mapping, Preset, Server, Settings, Trust};
use pinward_directory::source::{Cookie, Entry, Reading, Source, SourceError};
use pinward_testkit::{For, Samba};

use crate::slapd::password;

/// The domain.
pub const BASE: &str = Samba::BASE;

/// A domain with an organisational unit `Staff` and these entries; `None` where there is no Samba.
pub fn start(entries: &str) -> Option<Samba> {
    start_with(entries, For::This)
}

/// The same with a certificate that may be wrong.
pub fn start_with(entries: &str, certificate: For) -> Option<Samba> {
    let all = unit("OU=Staff") + entries;
    Samba::is_there().then(|| Samba::start(kept(), &all, certificate))
}

fn kept() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// An organisational unit, named without the domain.
pub fn unit(name: &str) -> String {
    format!("dn: {name},{BASE}\nobjectClass: organizationalUnit\n\n")
}

/// A group with these members, named without the domain.
pub fn group(name: &str, members: &[&str]) -> String {
    let mut group = format!("dn: {name},{BASE}\nobjectClass: group\n");
    for member in members {
        writeln!(group, "member: {member},{BASE}").unwrap();
    }
    group + "\n"
}

/// Somebody in `OU=Staff` with a number whose last four digits are given.
pub fn person(logon: &str, number: u32) -> String {
    entry(
        &format!("CN={logon},OU=Staff"),
        logon,
        &format!("telephoneNumber: +1 425 555 {number:04}\nipPhone: {number:04}\n"),
    )
}

/// Somebody at any place, with further lines.
pub fn entry(name: &str, logon: &str, more: &str) -> String {
    format!(
        "dn: {name},{BASE}\nobjectClass: user\nsAMAccountName: {logon}\nuserAccountControl: 544\n\
         userPrincipalName: {logon}@litwareinc.com\nmail: {logon}@litwareinc.com\n{more}\n"
    )
}

pub fn ldaps(samba: &Samba) -> Server {
    format!("ldaps://{}", samba.address()).parse().unwrap()
}

pub fn starttls(samba: &Samba) -> Server {
    format!("ldap://{}", samba.address()).parse().unwrap()
}

/// Settings for the service account.
pub fn settings(samba: &Samba) -> Settings {
    Settings {
        servers: vec![ldaps(samba)],
        trust: Trust::file(&samba.authority.file()).unwrap(),
        name: BindName::parse(Samba::SERVICE.0).unwrap(),
        password: password(Samba::SERVICE.1),
        connect_timeout: Duration::from_secs(20),
        operation_timeout: Duration::from_secs(20),
        page_size: 400,
    }
}

/// The people of Active Directory beneath a place that is named without the domain.
pub fn source(settings: Settings, beneath: &str) -> LdapSource {
    mapped(
        settings,
        beneath,
        Mapping::of(Preset::ActiveDirectory).unwrap(),
    )
}

pub fn mapped(settings: Settings, beneath: &str, mapping: Mapping) -> LdapSource {
    let base = match beneath {
        "" => BASE.to_owned(),
        beneath => format!("{beneath},{BASE}"),
    };
    LdapSource::new(settings, vec![base], mapping).unwrap()
}

/// All that a reading gives: people by their logon name, and the keys of those who are gone.
pub struct Read {
    pub reading: Reading,
    pub people: BTreeMap<String, Person>,
    pub gone: Vec<String>,
    pub cookie: Option<Cookie>,
}

pub async fn read(source: &mut LdapSource, since: Option<&Cookie>) -> Result<Read, SourceError> {
    let mut pages = source.read(since).await?;
    let (mut people, mut gone) = (BTreeMap::new(), Vec::new());
    while let Some(page) = pages.next().await? {
        for entry in page {
            match entry {
                Entry::Person(person) => {
                    people.insert(person.sam_account_name.clone(), *person);
                }
                Entry::Gone { guid } => gone.push(guid),
                other => panic!("{other:?}"),
            }
        }
    }
    Ok(Read {
        reading: pages.reading(),
        people,
        gone,
        cookie: pages.cookie(),
    })
}
