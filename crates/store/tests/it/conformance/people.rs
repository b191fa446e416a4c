//! The directory: R-ID, R-AUTH-6, R-LOCK-13.

use pinward_core::{Dn, Lookup, Pattern, Site, UserId};
use pinward_store::{Put, Store};

use super::audit::report;
use crate::support::{act, at, people, person};

fn site(id: &str) -> Site {
    Site {
        id: id.to_owned(),
        display_name: None,
    }
}

pub async fn put_tells_what_came_of_each_row(store: &dyn Store) {
    let mut changed = person(1);
    changed.display_name = "Ken Myer".to_owned();
    let mut placeless = person(3);
    placeless.site = Some("Nowhere".to_owned());
    let mut nameless = person(4);
    nameless.dn = "no name at all".to_owned();
    let batch = vec![
        person(1),
        person(1),
        changed.clone(),
        placeless,
        nameless,
        person(2),
    ];
    let put = store.put_people(batch, false, &act(at(0))).await.unwrap();
    assert_eq!(put[..3], [Put::Created, Put::Unchanged, Put::Updated]);
    assert!(
        matches!(&put[3], Put::Refused(reason) if reason.contains("Nowhere")),
        "{put:?}"
    );
    assert!(
        matches!(&put[4], Put::Refused(reason) if reason.contains("no name")),
        "{put:?}"
    );
    assert_eq!(put[5], Put::Created);
    let all = store.users_after(None, 10).await.unwrap();
    assert_eq!(
        all.iter().map(|user| &user.person).collect::<Vec<_>>(),
        [&changed, &person(2)]
    );
}

pub async fn put_matches_by_guid_then_by_name(store: &dyn Store) {
    let ids = people(store, 2).await;
    let mut renamed = person(1);
    renamed.dn = "CN=New Name,DC=litwareinc,DC=com".to_owned();
    renamed.guid = renamed.guid.to_uppercase();
    let mut other_guid = person(2);
    other_guid.guid = "ffffffff-0000-4000-8000-000000000000".to_owned();
    other_guid.dn = other_guid.dn.replace("CN=", "cn=").replace(",OU", ", ou");
    let put = store
        .put_people(vec![renamed, other_guid], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put, [Put::Updated, Put::Updated]);
    assert_eq!(store.counts().await.unwrap().users, 2);
    let first = store.user(ids[0]).await.unwrap().unwrap();
    assert_eq!(first.person.dn, "CN=New Name,DC=litwareinc,DC=com");
    assert_eq!(first.person.guid, person(1).guid, "kept in lower case");
    let second = store.user(ids[1]).await.unwrap().unwrap();
    assert!(second.person.guid.starts_with("ffffffff"));
    // The old name leads nowhere any more.
    let old = Lookup::Dn(Dn::parse(&person(1).dn).unwrap());
    assert_eq!(store.find(&old, 9).await.unwrap(), []);
}

pub async fn dry_run_keeps_nothing(store: &dyn Store) {
    let put = store
        .put_people(vec![person(1), person(1)], true, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put, [Put::Created, Put::Unchanged]);
    assert_eq!(store.counts().await.unwrap().users, 0);
    let audit = report(store).await;
    assert_eq!((audit.problem, audit.records), (None, 0));
}

// R-ID-1, R-AUTH-6, R-LOCK-13
pub async fn every_name_leads_to_the_same_user(store: &dyn Store) {
    let ids = people(store, 3).await;
    let names = [
        Lookup::Sip("sip:person2@litwareinc.com".to_owned()),
        Lookup::Upn("person2@litwareinc.com".to_owned()),
        Lookup::DomainLogon {
            domain: "litwareinc".to_owned(),
            logon: "person2".to_owned(),
        },
        Lookup::Logon("person2".to_owned()),
        Lookup::DisplayName("person 2".to_owned()),
        Lookup::DisplayPattern(Pattern::parse("* 2")),
        Lookup::Dn(Dn::parse("cn=PERSON 2, ou=finance, dc=LitwareInc, dc=com").unwrap()),
        Lookup::Extension("50002".to_owned()),
        Lookup::Phone("14255550002".to_owned()),
        Lookup::PhoneAndExtension {
            phone: "14255550002".to_owned(),
            extension: "50002".to_owned(),
        },
    ];
    for name in names {
        let found = store.find(&name, 9).await.unwrap();
        assert_eq!(
            found.iter().map(|user| user.id).collect::<Vec<_>>(),
            [ids[1]],
            "{name:?}"
        );
    }
    let nobody = [
        Lookup::Extension("50009".to_owned()),
        Lookup::DomainLogon {
            domain: "other".to_owned(),
            logon: "person2".to_owned(),
        },
        Lookup::PhoneAndExtension {
            phone: "14255550002".to_owned(),
            extension: "50001".to_owned(),
        },
    ];
    for name in nobody {
        assert_eq!(store.find(&name, 9).await.unwrap(), [], "{name:?}");
    }
}

// R-ID-2
pub async fn patterns_and_limits(store: &dyn Store) {
    let ids = people(store, 12).await;
    let found = async |pattern: &str, limit| {
        let lookup = Lookup::DisplayPattern(Pattern::parse(pattern));
        let users = store.find(&lookup, limit).await.unwrap();
        users.into_iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert_eq!(
        found("PERSON 1*", 99).await,
        [ids[0], ids[9], ids[10], ids[11]]
    );
    assert_eq!(found("*", 3).await, ids[..3]);
    assert_eq!(found("* Smith", 9).await, []);
}

// R-ID-3, R-AUTH-6
pub async fn ambiguous_names_are_all_found(store: &dyn Store) {
    let mut twin = person(2);
    twin.line_uri = Some("tel:+14255550001;ext=50001".to_owned());
    twin.display_name = "PERSON 1".to_owned();
    let _put = store
        .put_people(vec![person(1), twin], false, &act(at(0)))
        .await
        .unwrap();
    for name in [
        Lookup::Extension("50001".to_owned()),
        Lookup::Phone("14255550001".to_owned()),
        Lookup::DisplayName("person 1".to_owned()),
    ] {
        assert_eq!(store.find(&name, 9).await.unwrap().len(), 2, "{name:?}");
        assert_eq!(store.find(&name, 1).await.unwrap().len(), 1, "{name:?}");
    }
}

pub async fn pages_cover_everyone_once(store: &dyn Store) {
    let ids = people(store, 10).await;
    for page in [1, 3, 10, 99] {
        let (mut after, mut seen) = (None::<UserId>, Vec::new());
        loop {
            let users = store.users_after(after, page).await.unwrap();
            assert!(users.len() <= page);
            let Some(last) = users.last() else { break };
            after = Some(last.id);
            seen.extend(users.iter().map(|user| user.id));
        }
        assert_eq!(seen, ids, "pages of {page}");
    }
}

pub async fn sites_compare_without_case(store: &dyn Store) {
    let named = Site {
        id: "REDMOND".to_owned(),
        display_name: Some("Redmond".to_owned()),
    };
    store
        .put_sites(&[site("Redmond"), site("Dublin")], &act(at(0)))
        .await
        .unwrap();
    store
        .put_sites(std::slice::from_ref(&named), &act(at(0)))
        .await
        .unwrap();
    assert_eq!(store.sites().await.unwrap(), [site("Dublin"), named]);
    let mut placed = person(1);
    placed.site = Some("redmond".to_owned());
    let put = store
        .put_people(vec![placed.clone(), placed], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put, [Put::Created, Put::Unchanged]);
    let users = store.users_after(None, 9).await.unwrap();
    assert_eq!(users[0].person.site.as_deref(), Some("REDMOND"));
}
