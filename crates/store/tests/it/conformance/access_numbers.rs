//! Access numbers and their order in each region.

use pinward_core::{AccessNumber, AccessNumberPatch, Site};
use pinward_store::{
    AccessNumberChanged, AccessNumberCreated, Deleted, Put, Reordered, SiteRemoved, Store,
};

use crate::support::{act, at, person};

pub fn number(name: &str, digits: u32, regions: &[&str]) -> AccessNumber {
    AccessNumber {
        primary_uri: format!("sip:{name}@litwareinc.com"),
        display_name: None,
        display_number: format!("1-800-{digits}"),
        line_uri: format!("tel:+1800{digits}"),
        primary_language: "en-US".to_owned(),
        secondary_languages: vec!["it-IT".to_owned(), "fr-FR".to_owned()],
        pool: Some("atl-cs-001.litwareinc.com".to_owned()),
        hosting_provider: None,
        regions: regions.iter().map(|&region| region.to_owned()).collect(),
        site: None,
    }
}

async fn create(store: &dyn Store, number: &AccessNumber) {
    let created = store.create_access_number(number, &act(at(0))).await;
    assert_eq!(created.unwrap(), AccessNumberCreated::Done);
}

async fn order(store: &dyn Store, region: &str) -> Vec<String> {
    let numbers = store.access_numbers(Some(region)).await.unwrap();
    let name = |number: AccessNumber| number.primary_uri[4..5].to_owned();
    numbers.into_iter().map(name).collect()
}

pub async fn numbers_are_kept_as_they_are(store: &dyn Store) {
    let first = number("b", 1, &["Redmond", "Auburn"]);
    let second = number("A", 2, &[]);
    create(store, &first).await;
    create(store, &second).await;
    let all = store.access_numbers(None).await.unwrap();
    assert_eq!(all, [second.clone(), first.clone()]);
    assert_eq!(store.access_numbers(Some("AUBURN")).await.unwrap(), [first]);
    assert_eq!(store.access_numbers(Some("Nowhere")).await.unwrap(), []);
    for (uri, there) in [
        ("SIP:B@litwareinc.com", Deleted::Done),
        ("sip:b@litwareinc.com", Deleted::NotFound),
    ] {
        let removed = store.remove_access_number(uri, None, &act(at(0))).await;
        assert_eq!(removed.unwrap(), there, "{uri}");
    }
    assert_eq!(store.access_numbers(None).await.unwrap(), [second]);
    assert_eq!(store.access_numbers(Some("Auburn")).await.unwrap(), []);
}

pub async fn a_line_belongs_to_one(store: &dyn Store) {
    create(store, &number("a", 1, &[])).await;
    create(store, &number("b", 2, &[])).await;
    let same = number("A", 3, &[]);
    let created = store
        .create_access_number(&same, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(created, AccessNumberCreated::Exists);
    let taken = number("c", 1, &[]);
    let created = store
        .create_access_number(&taken, &act(at(0)))
        .await
        .unwrap();
    let by = "sip:a@litwareinc.com".to_owned();
    assert_eq!(created, AccessNumberCreated::LineTaken { by: by.clone() });
    let mut nowhere = number("d", 4, &[]);
    nowhere.site = Some("Nowhere".to_owned());
    let created = store
        .create_access_number(&nowhere, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(created, AccessNumberCreated::NoSuchSite);
    let patch = AccessNumberPatch {
        line_uri: Some("tel:+18001".to_owned()),
        ..AccessNumberPatch::default()
    };
    for (uri, expected) in [
        (
            "sip:b@litwareinc.com",
            AccessNumberChanged::LineTaken { by },
        ),
        (
            "sip:a@litwareinc.com",
            AccessNumberChanged::Done(Box::new(number("a", 1, &[]))),
        ),
        ("sip:c@litwareinc.com", AccessNumberChanged::NotFound),
    ] {
        let changed = store
            .change_access_number(uri, &patch, None, &act(at(0)))
            .await;
        assert_eq!(changed.unwrap(), expected, "{uri}");
    }
}

pub async fn places_in_a_region_are_kept(store: &dyn Store) {
    for (name, digits) in [("a", 1), ("b", 2), ("c", 3)] {
        create(store, &number(name, digits, &["Redmond"])).await;
    }
    assert_eq!(order(store, "redmond").await, ["a", "b", "c"]);
    let reorder = async |name: &str, region: &str, priority: usize| {
        let uri = format!("sip:{name}@litwareinc.com");
        let act = act(at(0));
        let reordered = store.reorder_access_number(&uri, region, priority, None, &act);
        reordered.await.unwrap()
    };
    assert_eq!(
        reorder("c", "REDMOND", 0).await,
        Reordered::Done { priority: 0 }
    );
    assert_eq!(order(store, "Redmond").await, ["c", "a", "b"]);
    // Beyond the last is the last.
    assert_eq!(
        reorder("c", "Redmond", 9).await,
        Reordered::Done { priority: 2 }
    );
    assert_eq!(order(store, "Redmond").await, ["a", "b", "c"]);
    assert_eq!(reorder("c", "Seattle", 0).await, Reordered::NotInRegion);
    assert_eq!(reorder("x", "Redmond", 0).await, Reordered::NotFound);
    // Another region does not move it in this one; leaving and coming back does.
    let patch = |regions: &[&str]| AccessNumberPatch {
        regions: Some(regions.iter().map(|&region| region.to_owned()).collect()),
        ..AccessNumberPatch::default()
    };
    for (regions, expected) in [
        (&["Seattle", "Redmond"][..], ["a", "b", "c"]),
        (&["Seattle"], ["b", "c", ""]),
        (&["Redmond", "Seattle"], ["b", "c", "a"]),
    ] {
        let uri = "sip:a@litwareinc.com";
        let changed = store
            .change_access_number(uri, &patch(regions), None, &act(at(0)))
            .await;
        let AccessNumberChanged::Done(changed) = changed.unwrap() else {
            panic!("changed");
        };
        assert_eq!(changed.regions, regions);
        let kept = &store.access_numbers(None).await.unwrap()[0];
        assert_eq!(*kept, *changed, "in the order of the change");
        let mut found = order(store, "Redmond").await;
        found.resize(3, String::new());
        assert_eq!(found, expected, "{regions:?}");
    }
}

pub async fn changes_of_numbers_are_judged_whole(store: &dyn Store) {
    let before = number("a", 1, &["Redmond"]);
    create(store, &before).await;
    let patch = AccessNumberPatch {
        display_name: Some(Some("New".to_owned())),
        primary_language: Some("xx".to_owned()),
        ..AccessNumberPatch::default()
    };
    let act = act(at(0));
    let changed = store.change_access_number(&before.primary_uri, &patch, None, &act);
    assert!(
        matches!(changed.await.unwrap(), AccessNumberChanged::Invalid(found) if found.len() == 1)
    );
    assert_eq!(store.access_numbers(None).await.unwrap(), [before]);
}

pub async fn a_removed_site_leaves_its_numbers_to_everybody(store: &dyn Store) {
    let site = Site {
        id: "USA".to_owned(),
        display_name: None,
    };
    store.put_sites(&[site], &act(at(0))).await.unwrap();
    let mut scoped = number("a", 1, &["Redmond"]);
    scoped.site = Some("USA".to_owned());
    create(store, &scoped).await;
    assert_eq!(store.access_numbers(None).await.unwrap(), [scoped.clone()]);
    let removed = store.remove_site("usa", None, &act(at(0))).await.unwrap();
    assert!(matches!(removed, SiteRemoved::Done { .. }));
    scoped.site = None;
    assert_eq!(store.access_numbers(None).await.unwrap(), [scoped]);
}

pub async fn the_site_of_a_pool(store: &dyn Store) {
    let site = |id: &str| Site {
        id: id.to_owned(),
        display_name: None,
    };
    let sites = [site("Paris"), site("Redmond")];
    store.put_sites(&sites, &act(at(0))).await.unwrap();
    let mut people: Vec<_> = (1..=6).map(person).collect();
    for (at, person) in people.iter_mut().enumerate() {
        // Two in Paris, three in Redmond, of whom one is not enabled, and one nowhere.
        person.site = ["Paris", "Paris", "Redmond", "Redmond", "Redmond"]
            .get(at)
            .map(|&site| site.to_owned());
        person.enabled = at != 4;
    }
    people[1].registrar_pool = None;
    let put = store.put_people(people, false, &act(at(0))).await.unwrap();
    assert!(put.iter().all(|put| *put == Put::Created));
    for (pool, expected) in [
        ("POOL.litwareinc.com", Some("Redmond")),
        ("other.litwareinc.com", None),
    ] {
        let found = store.site_of_pool(pool).await.unwrap();
        assert_eq!(found.as_deref(), expected, "{pool}");
    }
}
