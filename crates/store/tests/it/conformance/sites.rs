//! Who belongs to which site.

use std::sync::Arc;

use pinward_core::{Membership, Person, Policy, PolicyIdentity, Site, SitePatch};
use pinward_store::{
    Created, Judge, Place, Placed, PlacedBatch, Placing, Put, SiteChanged, SiteCreated,
    SiteRemoved, Store,
};

use crate::support::{act, at, people, person};

fn site(id: &str) -> Site {
    Site {
        id: id.to_owned(),
        display_name: None,
    }
}

pub(super) fn unit(name: &str) -> Membership {
    Membership::of_units([format!("OU={name},DC=litwareinc,DC=com").as_str()]).unwrap()
}

/// Everybody of a department, the OU above the person, belongs to the site of that name.
pub(super) fn by_unit() -> Judge {
    Arc::new(|person: &Person| Place {
        site: ["Finance", "Sales"]
            .into_iter()
            .find(|unit| person.dn.contains(unit))
            .map(str::to_owned),
        meant: true,
        contested: false,
        kept: person.site.is_some(),
    })
}

/// Applies the rules as the service does.
pub(super) async fn settle(store: &dyn Store, judge: Judge, most: usize) -> PlacedBatch {
    let mut total = PlacedBatch::default();
    loop {
        let rules = store.site_rules().await.unwrap();
        if !rules.pending {
            return total;
        }
        let placing = Placing {
            version: rules.version,
            most,
            judge: Arc::clone(&judge),
        };
        match store.place_people(placing).await.unwrap() {
            Placed::Some(batch) => total.add(batch),
            Placed::RulesChanged => {}
        }
    }
}

async fn sites_of(store: &dyn Store) -> Vec<Option<String>> {
    let users = store.users_after(None, 100).await.unwrap();
    users.into_iter().map(|user| user.person.site).collect()
}

pub(super) async fn create(store: &dyn Store, id: &str, membership: &Membership) {
    assert_eq!(
        store
            .create_site(&site(id), membership, &act(at(0)))
            .await
            .unwrap(),
        SiteCreated::Done
    );
}

pub async fn rules_are_kept_and_counted(store: &dyn Store) {
    create(store, " Finance ", &unit("Finance")).await;
    create(store, "Lyon", &Membership::Directory).await;
    assert_eq!(
        store
            .create_site(&site("LYON"), &unit("x"), &act(at(0)))
            .await
            .unwrap(),
        SiteCreated::Exists
    );
    let filter = Membership::Filter("(l=Paris)".to_owned());
    let patch = SitePatch {
        display_name: Some(Some("Paris".to_owned())),
        membership: Some(filter.clone()),
    };
    for (id, changed) in [
        ("lyon", SiteChanged::Done),
        ("Nowhere", SiteChanged::NotFound),
    ] {
        let change = store.change_site(id, &patch, None, &act(at(0))).await;
        assert_eq!(change.unwrap(), changed, "{id}");
    }
    let details = store.site_details().await.unwrap();
    let ids: Vec<&str> = details.iter().map(|one| one.site.id.as_str()).collect();
    assert_eq!(ids, ["Finance", "Lyon"]);
    assert_eq!(details[0].membership, unit("Finance"));
    assert_eq!(details[1].membership, filter);
    assert_eq!(details[1].site.display_name.as_deref(), Some("Paris"));
    let rules = store.site_rules().await.unwrap();
    assert_eq!(rules.rules.len(), 2);
    // What is not given stays.
    let patch = SitePatch {
        display_name: Some(None),
        membership: None,
    };
    let changed = store.change_site("Lyon", &patch, None, &act(at(0))).await;
    assert_eq!(changed.unwrap(), SiteChanged::Done);
    let details = store.site_details().await.unwrap();
    assert_eq!(details[1].membership, filter);
    assert_eq!(details[1].site.display_name, None);
    let again = store.site_rules().await.unwrap();
    assert_eq!(again.version, rules.version, "a name is no rule");
    // Enabled people are counted.
    let mut disabled = person(3);
    disabled.enabled = false;
    people(store, 2).await;
    let _put = store
        .put_people(vec![disabled], false, &act(at(0)))
        .await
        .unwrap();
    settle(store, by_unit(), 100).await;
    assert_eq!(store.site_details().await.unwrap()[0].users, 2);
}

pub async fn the_directory_holds_before_a_rule(store: &dyn Store) {
    create(store, "Lyon", &Membership::Directory).await;
    let mut named = person(1);
    named.site = Some("lyon".to_owned());
    let put = store
        .put_people(vec![named.clone(), person(2)], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put, [Put::Created, Put::Created]);
    create(store, "Finance", &unit("Finance")).await;
    let done = settle(store, by_unit(), 100).await;
    assert_eq!((done.gone_through, done.moved, done.kept), (2, 1, 1));
    let lyon = Some("Lyon".to_owned());
    let finance = Some("Finance".to_owned());
    assert_eq!(sites_of(store).await, [lyon.clone(), finance.clone()]);
    // The same again is no change, whatever the rules made of it.
    let put = store
        .put_people(vec![named.clone(), person(2)], false, &act(at(0)))
        .await;
    assert_eq!(put.unwrap(), [Put::Unchanged, Put::Unchanged]);
    assert_eq!(sites_of(store).await, [lyon, finance.clone()]);
    // The directory names no site any more: the rule holds.
    named.site = None;
    let put = store
        .put_people(vec![named.clone()], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put, [Put::Updated]);
    assert_eq!(sites_of(store).await, [None, finance.clone()]);
    settle(store, by_unit(), 100).await;
    assert_eq!(sites_of(store).await, [finance.clone(), finance.clone()]);
    // And the other way round, at once.
    named.site = Some("Lyon".to_owned());
    let _put = store
        .put_people(vec![named], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(sites_of(store).await, [Some("Lyon".to_owned()), finance]);
}

pub async fn people_move_when_they_or_the_rules_change(store: &dyn Store) {
    let ids = people(store, 2).await;
    create(store, "Finance", &unit("Finance")).await;
    create(store, "Sales", &unit("Sales")).await;
    settle(store, by_unit(), 100).await;
    let finance = Some("Finance".to_owned());
    assert_eq!(sites_of(store).await, [finance.clone(), finance.clone()]);
    let mut moved = person(1);
    moved.dn = moved.dn.replace("Finance", "Sales");
    let _put = store
        .put_people(vec![moved], false, &act(at(0)))
        .await
        .unwrap();
    // Until the rules are applied nobody falls out of their site.
    assert_eq!(sites_of(store).await, [finance.clone(), finance.clone()]);
    let done = settle(store, by_unit(), 100).await;
    assert_eq!((done.gone_through, done.moved), (1, 1));
    assert_eq!(sites_of(store).await, [Some("Sales".to_owned()), finance]);
    let policy = Policy::defaults(PolicyIdentity::Site("Sales".to_owned()));
    assert_eq!(
        store.create_policy(&policy, &act(at(0))).await.unwrap(),
        Created::Done
    );
    let governing = store.governing_policy(ids[0]).await.unwrap().unwrap();
    assert_eq!(governing.identity, policy.identity);
    // Without rules people belong where the directory says: nowhere.
    for id in ["Finance", "Sales"] {
        let patch = SitePatch {
            display_name: None,
            membership: Some(Membership::Directory),
        };
        let changed = store.change_site(id, &patch, None, &act(at(0))).await;
        assert_eq!(changed.unwrap(), SiteChanged::Done);
    }
    settle(store, Arc::new(|_| Place::default()), 100).await;
    assert_eq!(sites_of(store).await, [None, None]);
    // And whoever comes new is not gone through in vain.
    let _put = store
        .put_people(vec![person(3)], false, &act(at(0)))
        .await
        .unwrap();
    assert!(!store.site_rules().await.unwrap().pending);
}

// R-POL-6
pub async fn a_removed_site_takes_its_policy(store: &dyn Store) {
    create(store, "Finance", &unit("Finance")).await;
    create(store, "Lyon", &Membership::Directory).await;
    let ids = people(store, 1).await;
    let mut named = person(2);
    named.site = Some("Lyon".to_owned());
    let _put = store
        .put_people(vec![named.clone()], false, &act(at(0)))
        .await
        .unwrap();
    settle(store, by_unit(), 100).await;
    for id in ["Finance", "Lyon"] {
        let policy = Policy::defaults(PolicyIdentity::Site(id.to_owned()));
        assert_eq!(
            store.create_policy(&policy, &act(at(0))).await.unwrap(),
            Created::Done
        );
    }
    for id in ["finance", "LYON"] {
        let removed = store.remove_site(id, None, &act(at(0))).await.unwrap();
        let expected = SiteRemoved::Done {
            users: 1,
            policy: true,
        };
        assert_eq!(removed, expected);
    }
    // At once, before anybody was gone through.
    let governing = store.governing_policy(ids[0]).await.unwrap().unwrap();
    assert_eq!(governing.identity, PolicyIdentity::Global);
    assert_eq!(sites_of(store).await, [None, None]);
    assert_eq!(store.sites().await.unwrap(), []);
    assert_eq!(store.counts().await.unwrap().sites, 0);
    assert_eq!(
        store
            .remove_site("Finance", None, &act(at(0)))
            .await
            .unwrap(),
        SiteRemoved::NotFound
    );
    // A new one of that name begins with nobody, also while the old one is being left.
    create(store, "Lyon", &Membership::Directory).await;
    assert_eq!(sites_of(store).await, [None, None]);
    settle(store, by_unit(), 100).await;
    assert_eq!(sites_of(store).await, [None, None]);
    assert_eq!(store.site_details().await.unwrap()[0].users, 0);
    let put = store
        .put_people(vec![named], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put, [Put::Updated], "the directory names it again");
}

pub async fn old_rules_place_nobody(store: &dyn Store) {
    people(store, 1).await;
    create(store, "Finance", &unit("Finance")).await;
    let old = store.site_rules().await.unwrap().version;
    create(store, "Sales", &unit("Sales")).await;
    let placing = Placing {
        version: old,
        most: 10,
        judge: by_unit(),
    };
    let placed = store.place_people(placing).await.unwrap();
    assert_eq!(placed, Placed::RulesChanged);
    assert_eq!(sites_of(store).await, [None]);
    assert!(store.site_rules().await.unwrap().pending);
}

pub async fn going_through_is_taken_up_again(store: &dyn Store) {
    people(store, 7).await;
    create(store, "Finance", &unit("Finance")).await;
    let version = store.site_rules().await.unwrap().version;
    let placing = Placing {
        version,
        most: 3,
        judge: by_unit(),
    };
    let Placed::Some(first) = store.place_people(placing).await.unwrap() else {
        panic!("the rules did not change");
    };
    assert_eq!((first.gone_through, first.done), (3, false));
    let placed = sites_of(store).await;
    assert_eq!(placed.iter().flatten().count(), 3);
    let rest = settle(store, by_unit(), 3).await;
    assert_eq!((rest.gone_through, rest.done), (4, true));
    assert_eq!(sites_of(store).await.iter().flatten().count(), 7);
}
