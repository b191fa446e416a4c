//! People and groups as Active Directory gives them.

use pinward_directory::filter::LdapFilter;
use pinward_directory::ldap::{Groups, Mapping, Preset};
use pinward_directory::source::Reading;

use crate::domain::{BASE, entry, group, mapped, person, read, settings, source, start, unit};

#[tokio::test]
async fn names_units_groups_and_numbers() {
    let mut entries =
        unit("OU=Büro\\, Süd,OU=Staff") + &unit("OU=外部\\\\協力,OU=Büro\\, Süd,OU=Staff");
    let deep = "OU=外部\\\\協力,OU=Büro\\, Süd,OU=Staff";
    for (cn, logon, more) in [
        (
            "Müller\\, Jörg",
            "joerg",
            "displayName: Müller, Jörg\nproxyAddresses: SMTP:j@litwareinc.com\n\
             proxyAddresses: sip:jorg.muller@litwareinc.com\ntelephoneNumber: +1 (425) 555-1219\n\
             ipPhone: 51219\ntitle: Manager\n",
        ),
        (
            "王小明",
            "wang",
            "msRTCSIP-PrimaryUserAddress: sip:wang@voice.litwareinc.com\nmsRTCSIP-Line: tel:+8610555;ext=77\n",
        ),
        ("Back\\\\slash \\\"q\\\" \\+ \\<x\\>\\; \\#1", "back", ""),
        ("\\23hash\\3D\\20", "hash", ""),
    ] {
        entries += &entry(&format!("CN={cn},{deep}"), logon, more);
    }
    entries += "dn: CN=Gone\\, but there,OU=Staff,";
    entries += BASE;
    entries += "\nobjectClass: user\nsAMAccountName: off\nuserAccountControl: 546\n\n";
    entries += &group("CN=Inner", &[&format!("CN=Müller\\, Jörg,{deep}")]);
    entries += &group("CN=Middle\\, 外,OU=Staff", &["CN=Inner"]);
    entries += &group("CN=Outer", &["CN=Middle\\, 外,OU=Staff"]);
    let circle = format!(
        "dn: CN=Inner,{BASE}\nchangetype: modify\nadd: member\nmember: CN=Outer,{BASE}\n\n"
    );
    for number in 0..100 {
        entries += &group(
            &format!("CN=Team {number},OU=Staff"),
            &[&format!("CN=王小明,{deep}")],
        );
    }
    let Some(samba) = start(&entries) else { return };
    samba.modify(&circle);
    // From the root of the domain, where the directory adds references to others.
    let read = read(&mut source(settings(&samba), ""), None).await.unwrap();
    assert_eq!(read.reading, Reading::Full);
    let people = &read.people;
    assert!(people.contains_key("Administrator") && people.contains_key("pinward"));
    let joerg = &people["joerg"];
    assert_eq!(joerg.display_name, "Müller, Jörg");
    assert_eq!(joerg.dn, format!("CN=Müller\\, Jörg,{deep},{BASE}"));
    assert_eq!(joerg.domain, "LITWAREINC");
    assert_eq!(joerg.upn.as_deref(), Some("joerg@litwareinc.com"));
    assert_eq!(
        joerg.sip_address.as_deref(),
        Some("sip:jorg.muller@litwareinc.com")
    );
    assert_eq!(
        joerg.line_uri.as_deref(),
        Some("tel:+14255551219;ext=51219")
    );
    assert_eq!(joerg.attributes["title"], ["Manager"]);
    assert!(joerg.when_created.is_some() && joerg.when_changed.is_some());
    assert_eq!(joerg.groups(), ["inner", "middle, 外", "outer"]);
    let wang = &people["wang"];
    assert_eq!(
        wang.sip_address.as_deref(),
        Some("sip:wang@voice.litwareinc.com")
    );
    assert_eq!(wang.line_uri.as_deref(), Some("tel:+8610555;ext=77"));
    assert_eq!(wang.groups().len(), 100);
    assert_eq!(people["back"].display_name, "Back\\slash \"q\" + <x>; #1");
    assert_eq!(people["hash"].display_name, "#hash=");
    assert!(joerg.enabled && !people["off"].enabled);
    // Computers and contacts are no people.
    assert!(!people.keys().any(|logon| logon.ends_with('$')));
}

#[tokio::test]
async fn what_changed_and_who_is_gone() {
    let mut entries = unit("OU=Left") + &unit("OU=North,OU=Staff") + &unit("OU=South,OU=Staff");
    for number in 0..12 {
        entries += &person(&format!("u{number}"), number);
    }
    entries += &entry("CN=deep,OU=North,OU=Staff", "deep", "");
    let Some(samba) = start(&entries) else { return };
    let mut source = source(settings(&samba), "OU=Staff");
    let first = read(&mut source, None).await.unwrap();
    assert_eq!((first.reading, first.people.len()), (Reading::Full, 13));
    let guid = |logon: &str| first.people[logon].guid.clone();
    let quiet = read(&mut source, first.cookie.as_ref()).await.unwrap();
    assert_eq!(
        (quiet.reading, quiet.people.len(), quiet.gone.len()),
        (Reading::Increment, 0, 0)
    );

    let at = |name: &str| format!("{name},{BASE}");
    samba.rename(&at("CN=u0,OU=Staff"), &at("CN=Renamed\\, 改,OU=Staff"));
    samba.rename(&at("CN=u1,OU=Staff"), &at("CN=u1,OU=South,OU=Staff"));
    samba.rename(&at("CN=u2,OU=Staff"), &at("CN=u2,OU=Left"));
    samba.delete(&at("CN=u3,OU=Staff"));
    let change = |cn: &str, lines: &str| {
        format!("dn: CN={cn},OU=Staff,{BASE}\nchangetype: modify\n{lines}\n\n")
    };
    samba.modify(&(change("u4", "replace: userAccountControl\nuserAccountControl: 546")
        + &change("u5", "replace: telephoneNumber\ntelephoneNumber: +1 425 555 7777\n-\nreplace: ipPhone\nipPhone: 7777")
        + &change("u6", "replace: sAMAccountName\nsAMAccountName: other")));
    let next = read(&mut source, first.cookie.as_ref()).await.unwrap();
    assert_eq!(next.reading, Reading::Increment);
    let logons: Vec<&str> = next.people.keys().map(String::as_str).collect();
    assert_eq!(logons, ["other", "u0", "u1", "u4", "u5"]);
    assert_eq!(next.people["u0"].dn, at("CN=Renamed\\, 改,OU=Staff"));
    assert_eq!(next.people["u1"].dn, at("CN=u1,OU=South,OU=Staff"));
    assert!(!next.people["u4"].enabled);
    assert_eq!(
        next.people["u5"].line_uri.as_deref(),
        Some("tel:+14255557777;ext=7777")
    );
    for (now, before) in [("u0", "u0"), ("u1", "u1"), ("other", "u6")] {
        assert_eq!(next.people[now].guid, guid(before), "{before}");
    }
    // Who was moved away, and who was deleted.
    assert!(next.gone.contains(&guid("u2")), "{:?}", next.gone);
    assert!(!next.gone.contains(&guid("u0")) && !next.gone.contains(&guid("u4")));
    let by_administrator = {
        let mut how = settings(&samba);
        how.name =
            pinward_directory::ldap::BindName::parse(pinward_testkit::Samba::ADMIN.0).unwrap();
        how.password = crate::slapd::password(pinward_testkit::Samba::ADMIN.1);
        how
    };
    let mut source = crate::domain::source(by_administrator, "OU=Staff");
    let seen = read(&mut source, first.cookie.as_ref()).await.unwrap();
    assert!(seen.gone.contains(&guid("u3")), "{:?}", seen.gone);
    // A unit that is renamed renames whoever is in it without a trace of their own.
    samba.rename(&at("OU=North,OU=Staff"), &at("OU=Nord,OU=Staff"));
    let last = read(&mut source, next.cookie.as_ref()).await.unwrap();
    assert_eq!(last.people["deep"].dn, at("CN=deep,OU=Nord,OU=Staff"));
    assert_eq!(last.people["deep"].guid, guid("deep"));
}

#[tokio::test]
async fn who_leaves_the_group_that_enables_is_seen_with_and_without_groups() {
    let inside = ["CN=u1,OU=Staff", "CN=u2,OU=Staff"];
    let entries = person("u1", 1) + &person("u2", 2) + &group("CN=Phones", &inside);
    let Some(samba) = start(&entries) else { return };
    let enabled = format!("(memberOf=CN=Phones,{BASE})");
    let mut sources = [Groups::MemberOf, Groups::None].map(|groups| {
        let mapping = Mapping {
            groups,
            enabled: LdapFilter::parse(&enabled).unwrap(),
            ..Mapping::of(Preset::ActiveDirectory).unwrap()
        };
        mapped(settings(&samba), "OU=Staff", mapping)
    });
    let mut cookies = Vec::new();
    for (source, groups) in sources.iter_mut().zip([1, 0]) {
        let first = read(source, None).await.unwrap();
        assert!(first.people.values().all(|person| person.enabled));
        assert_eq!(first.people["u1"].groups().len(), groups);
        cookies.push(first.cookie);
    }
    samba.modify(&format!(
        "dn: CN=Phones,{BASE}\nchangetype: modify\ndelete: member\nmember: CN=u1,OU=Staff,{BASE}\n\n"
    ));
    for (source, cookie) in sources.iter_mut().zip(cookies) {
        let next = read(source, cookie.as_ref()).await.unwrap();
        assert!(!next.people["u1"].enabled && next.people["u2"].enabled);
    }
}
