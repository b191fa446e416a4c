//! People, groups and changes from slapd.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use ldap3::{Mod, Scope};
use pinward_core::Person;
use pinward_directory::ldap::{LdapSource, Mapping, Preset, Settings};
use pinward_directory::source::{Cookie, Entry, Reading, Source, SourceError};

use crate::slapd::{BASE, NAME, PASSWORD, Slapd, is_there, settings};
use pinward_service::SyncOptions;
use pinward_testkit::{For, Kit};

fn source(settings: Settings) -> LdapSource {
    let mapping = Mapping::of(Preset::Openldap).unwrap();
    LdapSource::new(settings, vec![BASE.to_owned()], mapping).unwrap()
}

/// All that a reading gives.
async fn read(
    source: &mut LdapSource,
    since: Option<&Cookie>,
) -> Result<(Reading, BTreeMap<String, Person>, Option<Cookie>), SourceError> {
    let mut pages = source.read(since).await?;
    let mut people = BTreeMap::new();
    while let Some(page) = pages.next().await? {
        for entry in page {
            let Entry::Person(person) = entry else {
                panic!("{entry:?}");
            };
            people.insert(person.sam_account_name.clone(), *person);
        }
    }
    Ok((pages.reading(), people, pages.cookie()))
}

fn person(uid: &str, cn: &str) -> String {
    let escaped = cn
        .replace('\\', "\\5c")
        .replace(',', "\\,")
        .replace('"', "\\\"");
    format!(
        "dn: cn={escaped},{BASE}\nobjectClass: inetOrgPerson\ncn: {cn}\nsn: {uid}\nuid: {uid}\n\
         mail: {uid}@litwareinc.com\n\n"
    )
}

fn many(count: usize) -> String {
    let mut all = String::new();
    for number in 0..count {
        all.push_str(&person(&format!("u{number}"), &format!("User {number}")));
    }
    all
}

#[tokio::test]
async fn more_people_than_the_server_gives_at_once() {
    if !is_there() {
        return;
    }
    let slapd = Slapd::start(&many(2500), For::This).await;
    let mut source = source(settings(vec![slapd.ldaps()], slapd.trust()));
    let (reading, people, cookie) = read(&mut source, None).await.unwrap();
    assert_eq!((reading, people.len()), (Reading::Full, 2500));
    assert!(cookie.is_some());
    let guids: HashSet<_> = people.values().map(|person| &person.guid).collect();
    assert_eq!(guids.len(), 2500);

    // They all came in one second or two; those of the last one do not come again.
    let (reading, people, _) = read(&mut source, cookie.as_ref()).await.unwrap();
    assert_eq!(reading, Reading::Increment);
    assert!(people.len() < 100, "{}", people.len());

    // Asked for without pages, it gives no more than its limit: the pages are what brings everybody.
    let mut plain = slapd.bound(NAME, PASSWORD).await;
    let asked = plain
        .search(BASE, Scope::Subtree, "(uid=*)", vec!["uid"])
        .await;
    let (found, answer) = (
        asked.as_ref().map(|a| a.0.len()),
        asked.as_ref().map(|a| a.1.rc),
    );
    assert_eq!((found.ok(), answer.ok()), (Some(1000), Some(4)));
}

#[tokio::test]
async fn names_and_groups() {
    if !is_there() {
        return;
    }
    let mut entries = person("joerg", "Müller, Jörg") + &person("wang", "王小明");
    entries += &person("back", "Back\\slash \"quoted\"");
    for (group, member) in [
        ("Inner", "cn=Müller\\2C Jörg"),
        ("Outer, 外", "cn=Inner"),
        ("Unrelated", "cn=王小明"),
    ] {
        let dn = group.replace(',', "\\,");
        write!(
            entries,
            "dn: cn={dn},{BASE}\nobjectClass: groupOfNames\ncn: {group}\nmember: {member},{BASE}\n\n"
        )
        .unwrap();
    }
    let slapd = Slapd::start(&entries, For::This).await;
    let mut source = source(settings(vec![slapd.starttls()], slapd.trust()));
    let (_, people, _) = read(&mut source, None).await.unwrap();
    assert_eq!(people["joerg"].display_name, "Müller, Jörg");
    assert_eq!(people["joerg"].domain, "LITWAREINC");
    assert_eq!(
        people["joerg"].sip_address.as_deref(),
        Some("sip:joerg@litwareinc.com")
    );
    assert_eq!(people["joerg"].groups(), ["inner", "outer, 外"]);
    assert_eq!(people["wang"].groups(), ["unrelated"]);
    assert_eq!(people["back"].display_name, "Back\\slash \"quoted\"");
}

#[tokio::test]
async fn an_increment_has_what_changed_and_keys_outlive_names() {
    if !is_there() {
        return;
    }
    let group = format!(
        "dn: cn=Desk,{BASE}\nobjectClass: groupOfNames\ncn: Desk\nmember: cn=User 2,{BASE}\n\n"
    );
    let slapd = Slapd::start(&(many(20) + &group), For::This).await;
    let mut source = source(settings(vec![slapd.ldaps()], slapd.trust()));
    let (_, before, cookie) = read(&mut source, None).await.unwrap();
    let cookie = cookie.unwrap();

    let mut admin = slapd.admin().await;
    let number = Mod::Replace("telephoneNumber", HashSet::from(["+1 425 555 1219"]));
    let changed = admin
        .modify(&format!("cn=User 3,{BASE}"), vec![number])
        .await;
    changed.unwrap().success().unwrap();
    let renamed = admin
        .modifydn(&format!("cn=User 4,{BASE}"), "cn=Renamed", true, None)
        .await;
    renamed.unwrap().success().unwrap();
    let (reading, people, next) = read(&mut source, Some(&cookie)).await.unwrap();
    assert_eq!(reading, Reading::Increment);
    assert_eq!(people["u3"].line_uri.as_deref(), Some("tel:+14255551219"));
    assert_eq!(people["u4"].display_name, "Renamed");
    assert_eq!(people["u4"].guid, before["u4"].guid);

    // A group changes people who did not change themselves.
    let member = format!("cn=User 5,{BASE}");
    let joined = Mod::Add("member", HashSet::from([member.as_str()]));
    let changed = admin.modify(&format!("cn=Desk,{BASE}"), vec![joined]).await;
    changed.unwrap().success().unwrap();
    let (reading, people, _) = read(&mut source, next.as_ref()).await.unwrap();
    assert_eq!((reading, people.len()), (Reading::Full, 20));
    assert_eq!(people["u5"].groups(), ["desk"]);

    for unusable in ["", "1 a b c 20260101000000Z", "something else"] {
        let (reading, ..) = read(&mut source, Some(&Cookie(unusable.to_owned())))
            .await
            .unwrap();
        assert_eq!(reading, Reading::Full, "{unusable}");
    }
}

#[tokio::test]
async fn a_server_killed_in_the_middle_is_an_error_and_the_second_gives_everybody() {
    if !is_there() {
        return;
    }
    let mut first = Slapd::start(&many(1000), For::This).await;
    let second = Slapd::start(&many(1000), For::This).await;
    let any = pinward_directory::ldap::Trust::accept_any_certificate().unwrap();
    let mut source = source(settings(vec![first.ldaps(), second.ldaps()], any));
    let mut pages = source.read(None).await.unwrap();
    assert_eq!(
        pages.next().await.unwrap().map(|page| page.len()),
        Some(400)
    );
    first.kill();
    let error = pages.next().await.unwrap_err();
    assert_eq!(error.id, "DirectoryConnectionLost", "{error}");
    assert!(
        error.message.contains(&first.tls_port.to_string()),
        "{error}"
    );
    assert_eq!(pages.cookie(), None);
    let (reading, people, _) = read(&mut source, None).await.unwrap();
    assert_eq!((reading, people.len()), (Reading::Full, 1000));
}

#[tokio::test]
async fn a_sync_is_begun_anew_with_the_second_server_when_the_first_breaks_off() {
    if !is_there() {
        return;
    }
    let first = Slapd::start(&many(1000), For::This).await;
    let second = Slapd::start(&many(1000), For::This).await;
    let any = pinward_directory::ldap::Trust::accept_any_certificate().unwrap();
    let mut source = source(settings(vec![first.ldaps(), second.ldaps()], any));
    let broken = first.tls_port.to_string();
    let mut first = Some(first);
    let mut kill = |_progress| {
        if let Some(mut first) = first.take() {
            first.kill();
        }
        true
    };
    let kit = Kit::without_people().await;
    let options = SyncOptions::of("slapd", "Ldap");
    let administrator = kit.administrator();
    let synced = kit
        .service
        .sync(&administrator, &mut source, &options, &mut kill);
    let report = synced.await.unwrap();
    assert_eq!((report.full, report.figures.created), (true, 1000));
    assert_eq!(report.unusable, []);
    let [passed_over] = report.passed_over.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(passed_over.id, "DirectoryConnectionLost");
    assert!(passed_over.message.contains(&broken), "{passed_over}");
}

#[tokio::test]
async fn a_base_that_is_not_there_is_said() {
    if !is_there() {
        return;
    }
    let slapd = Slapd::start("", For::This).await;
    let mapping = Mapping::of(Preset::Openldap).unwrap();
    let how = settings(vec![slapd.ldaps()], slapd.trust());
    let nowhere = format!("ou=Nowhere,{BASE}");
    let mut source = LdapSource::new(how, vec![nowhere.clone()], mapping).unwrap();
    let error = read(&mut source, None).await.unwrap_err();
    assert_eq!(error.id, "DirectoryBaseNotFound");
    assert!(error.message.contains(&nowhere), "{error}");
}
