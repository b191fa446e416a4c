//! Policies: R-POL.

use pinward_core::{Policy, PolicyIdentity, PolicyPatch, Site};
use pinward_store::{Changed, Created, Granted, Removed, Store};

use crate::support::{act, at, people, person};

fn tag(name: &str) -> PolicyIdentity {
    PolicyIdentity::Tag(name.to_owned())
}

fn of_site(name: &str) -> PolicyIdentity {
    PolicyIdentity::Site(name.to_owned())
}

async fn create(store: &dyn Store, identity: PolicyIdentity) -> Created {
    store
        .create_policy(&Policy::defaults(identity), &act(at(0)))
        .await
        .unwrap()
}

async fn redmond(store: &dyn Store) {
    let site = Site {
        id: "Redmond".to_owned(),
        display_name: None,
    };
    store.put_sites(&[site], &act(at(0))).await.unwrap();
}

// R-POL-1, R-POL-5
pub async fn global_always_exists(store: &dyn Store) {
    let defaults = Policy::defaults(PolicyIdentity::Global);
    let global = async || store.policy(&PolicyIdentity::Global).await.unwrap();
    assert_eq!(global().await.as_ref(), Some(&defaults));
    assert_eq!(create(store, PolicyIdentity::Global).await, Created::Exists);
    let patch = PolicyPatch {
        min_password_length: Some(8),
        description: Some(Some("ours".to_owned())),
        pin_history_count: Some(3),
        pin_lifetime_days: Some(30),
        allow_common_patterns: Some(true),
        maximum_logon_attempts: Some(Some(7)),
    };
    let changed = store
        .change_policy(&PolicyIdentity::Global, &patch, None, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(changed, Changed::Done(defaults.apply(&patch).unwrap()));
    assert_eq!(global().await, Some(defaults.apply(&patch).unwrap()));
    assert_eq!(
        store
            .remove_policy(&PolicyIdentity::Global, None, &act(at(0)))
            .await
            .unwrap(),
        Removed::Reset
    );
    assert_eq!(global().await, Some(defaults));
}

// R-POL-4
pub async fn governed_by_the_nearest(store: &dyn Store) {
    redmond(store).await;
    let ids = people(store, 1).await;
    let mut placed = person(1);
    placed.site = Some("Redmond".to_owned());
    let _put = store
        .put_people(vec![placed], false, &act(at(0)))
        .await
        .unwrap();
    let governing = async || {
        store
            .governing_policy(ids[0])
            .await
            .unwrap()
            .map(|policy| policy.identity)
    };
    assert_eq!(governing().await, Some(PolicyIdentity::Global));
    assert_eq!(create(store, of_site("Redmond")).await, Created::Done);
    assert_eq!(governing().await, Some(of_site("Redmond")));
    assert_eq!(create(store, tag("Sales")).await, Created::Done);
    assert_eq!(
        store
            .grant_policy(ids[0], Some("sales"), &act(at(0)))
            .await
            .unwrap(),
        Granted::Done
    );
    assert_eq!(governing().await, Some(tag("Sales")));
    let user = store.user(ids[0]).await.unwrap().unwrap();
    assert_eq!(user.pin_policy.as_deref(), Some("Sales"));
    assert_eq!(store.governed_by(&tag("SALES")).await.unwrap(), Some(1));
    assert_eq!(
        store.governed_by(&PolicyIdentity::Global).await.unwrap(),
        Some(0)
    );
    assert_eq!(store.governed_by(&tag("None")).await.unwrap(), None);
    assert_eq!(
        store.grant_policy(ids[0], None, &act(at(0))).await.unwrap(),
        Granted::Done
    );
    assert_eq!(governing().await, Some(of_site("Redmond")));
    assert_eq!(
        store
            .grant_policy(ids[0], Some("nil"), &act(at(0)))
            .await
            .unwrap(),
        Granted::NoSuchPolicy
    );
    let nobody = pinward_core::UserId(99);
    assert_eq!(
        store
            .grant_policy(nobody, Some("sales"), &act(at(0)))
            .await
            .unwrap(),
        Granted::NoSuchUser
    );
    assert_eq!(store.governing_policy(nobody).await.unwrap(), None);
}

// R-POL-3
pub async fn identities_compare_without_case(store: &dyn Store) {
    redmond(store).await;
    assert_eq!(create(store, tag("Sales")).await, Created::Done);
    assert_eq!(create(store, of_site("redmond")).await, Created::Done);
    assert_eq!(create(store, tag("SALES")).await, Created::Exists);
    assert_eq!(create(store, of_site("REDMOND")).await, Created::Exists);
    assert_eq!(
        create(store, tag("Redmond")).await,
        Created::Done,
        "a tag is not a site"
    );
    let shown = store
        .policy(&of_site("REDMOND"))
        .await
        .unwrap()
        .unwrap()
        .identity;
    assert_eq!(shown.to_string(), "Site:Redmond");
}

// R-POL-3
pub async fn site_policies_need_their_site(store: &dyn Store) {
    assert_eq!(create(store, of_site("Redmond")).await, Created::NoSuchSite);
    redmond(store).await;
    assert_eq!(create(store, of_site("Redmond")).await, Created::Done);
}

// R-POL-6
pub async fn removal_drops_grants(store: &dyn Store) {
    let ids = people(store, 1).await;
    assert_eq!(create(store, tag("Sales")).await, Created::Done);
    assert_eq!(
        store
            .grant_policy(ids[0], Some("Sales"), &act(at(0)))
            .await
            .unwrap(),
        Granted::Done
    );
    assert_eq!(
        store
            .remove_policy(&tag("sales"), None, &act(at(0)))
            .await
            .unwrap(),
        Removed::Done
    );
    assert_eq!(
        store
            .remove_policy(&tag("sales"), None, &act(at(0)))
            .await
            .unwrap(),
        Removed::NotFound
    );
    assert_eq!(create(store, tag("Sales")).await, Created::Done);
    let user = store.user(ids[0]).await.unwrap().unwrap();
    assert_eq!(
        user.pin_policy, None,
        "a later policy of the same name captures nobody"
    );
    let governing = store.governing_policy(ids[0]).await.unwrap().unwrap();
    assert_eq!(governing.identity, PolicyIdentity::Global);
}

// R-POL-2, R-POL-8
pub async fn changes_are_judged_whole(store: &dyn Store) {
    let patch = PolicyPatch {
        min_password_length: Some(9),
        pin_lifetime_days: Some(30),
        ..PolicyPatch::default()
    };
    let changed = store
        .change_policy(&PolicyIdentity::Global, &patch, None, &act(at(0)))
        .await
        .unwrap();
    assert!(
        matches!(&changed, Changed::Invalid(reasons) if reasons.len() == 1),
        "{changed:?}"
    );
    let global = store
        .policy(&PolicyIdentity::Global)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(global, Policy::defaults(PolicyIdentity::Global));
    assert_eq!(
        store
            .change_policy(&tag("x"), &patch, None, &act(at(0)))
            .await
            .unwrap(),
        Changed::NotFound
    );
}

pub async fn listed_in_order(store: &dyn Store) {
    redmond(store).await;
    for identity in [tag("b"), tag("A"), of_site("Redmond"), tag("c")] {
        assert_eq!(create(store, identity).await, Created::Done);
    }
    let names: Vec<_> = store
        .policies()
        .await
        .unwrap()
        .iter()
        .map(|policy| policy.identity.to_string())
        .collect();
    assert_eq!(names, ["Global", "Site:Redmond", "Tag:A", "Tag:b", "Tag:c"]);
}
