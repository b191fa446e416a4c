//! What somebody changes or removes only as they saw it.

use pinward_core::{
    AccessNumberPatch, ClientPatch, ListEdit, Membership, Policy, PolicyIdentity, PolicyPatch,
    RoleChange, Site, SitePatch,
};
use pinward_store::{
    AccessNumberChanged, AccessNumberCreated, Changed, ClientChanged, ClientCreated, Created,
    Deleted, Removed, Reordered, RoleChanged, RoleCreated, SiteChanged, SiteCreated, SiteRemoved,
    Store,
};

use super::access_numbers::number;
use super::clients::{client, key};
use super::roles::from_help_desk;
use crate::support::{act, at, people};

// R-POL-8: whoever changes or removes what they have seen touches nothing else
pub async fn what_is_another_by_now_is_left_alone(store: &dyn Store) {
    policies(store).await;
    sites(store).await;
    roles(store).await;
    access_numbers(store).await;
    clients(store).await;
}

async fn policies(store: &dyn Store) {
    let act = &act(at(0));
    let identity = PolicyIdentity::Tag("Brief".to_owned());
    let first = Policy::defaults(identity.clone());
    let created = store.create_policy(&first, act).await.unwrap();
    assert_eq!(created, Created::Done);
    let length = |digits| PolicyPatch {
        min_password_length: Some(digits),
        ..PolicyPatch::default()
    };
    let change = async |digits, seen: &Policy| {
        let patch = length(digits);
        let changed = store.change_policy(&identity, &patch, Some(seen), act);
        changed.await.unwrap()
    };
    let second = first.apply(&length(7)).unwrap();
    assert_eq!(change(7, &first).await, Changed::Done(second.clone()));
    assert_eq!(change(8, &first).await, Changed::Overtaken);
    for (identity, seen, removed) in [
        (&identity, &first, Removed::Overtaken),
        (&PolicyIdentity::Global, &first, Removed::Overtaken),
        (&identity, &second, Removed::Done),
        (&identity, &second, Removed::NotFound),
    ] {
        let left = store.policy(identity).await.unwrap();
        let answer = store.remove_policy(identity, Some(seen), act);
        assert_eq!(answer.await.unwrap(), removed);
        if removed == Removed::Overtaken {
            assert_eq!(store.policy(identity).await.unwrap(), left);
        }
    }
}

async fn sites(store: &dyn Store) {
    let act = &act(at(0));
    let site = Site {
        id: "Oslo".to_owned(),
        display_name: None,
    };
    let created = store.create_site(&site, &Membership::Directory, act);
    assert_eq!(created.await.unwrap(), SiteCreated::Done);
    let now = async || store.site_details().await.unwrap().remove(0);
    let first = now().await;
    let named = SitePatch {
        display_name: Some(Some("Kristiania".to_owned())),
        membership: None,
    };
    // Who belongs to it comes and goes; that is not what was set.
    let mut counted = first.clone();
    counted.users += 1;
    for (seen, changed) in [
        (&counted, SiteChanged::Done),
        (&first, SiteChanged::Overtaken),
    ] {
        let answer = store.change_site("oslo", &named, Some(seen), act);
        assert_eq!(answer.await.unwrap(), changed);
    }
    let second = now().await;
    let late = store.remove_site("oslo", Some(&first), act).await;
    assert_eq!(late.unwrap(), SiteRemoved::Overtaken);
    assert_eq!(now().await, second);
    let removed = store.remove_site("oslo", Some(&second), act).await;
    assert!(matches!(removed.unwrap(), SiteRemoved::Done { .. }));
}

async fn roles(store: &dyn Store) {
    let act = &act(at(0));
    let made = store.create_role(&from_help_desk("Desk"), act).await;
    let RoleCreated::Done(first) = made.unwrap() else {
        panic!("there is a Desk");
    };
    let user = people(store, 1).await[0];
    let _granted = store.grant_role(user, "Desk", act).await.unwrap();
    let narrowed = RoleChange {
        user_scopes: Some(ListEdit::Replace(vec!["site:Oslo".to_owned()])),
        ..RoleChange::default()
    };
    let change = async || {
        let changed = store.change_role("desk", &narrowed, Some(&first), act);
        changed.await.unwrap()
    };
    let RoleChanged::Done(second) = change().await else {
        panic!("it is as it was seen");
    };
    assert_eq!(change().await, RoleChanged::Overtaken);
    for (seen, removed) in [
        (&first, Deleted::Overtaken),
        (&second, Deleted::Done),
        (&second, Deleted::NotFound),
    ] {
        let answer = store.remove_role("DESK", Some(seen), act).await;
        assert_eq!(answer.unwrap(), removed);
        let held = store.granted_roles(user).await.unwrap();
        assert_eq!(held.len(), usize::from(removed == Deleted::Overtaken));
    }
}

async fn access_numbers(store: &dyn Store) {
    let act = &act(at(0));
    let first = number("a", 1, &["Oslo"]);
    let created = store.create_access_number(&first, act).await;
    assert_eq!(created.unwrap(), AccessNumberCreated::Done);
    let moved = AccessNumberPatch {
        regions: Some(vec!["Bergen".to_owned()]),
        ..AccessNumberPatch::default()
    };
    let uri = first.primary_uri.as_str();
    let change = async || {
        let changed = store.change_access_number(uri, &moved, Some(&first), act);
        changed.await.unwrap()
    };
    let AccessNumberChanged::Done(second) = change().await else {
        panic!("it is as it was seen");
    };
    assert_eq!(change().await, AccessNumberChanged::Overtaken);
    for (seen, moved) in [
        (&first, Reordered::Overtaken),
        (&*second, Reordered::Done { priority: 0 }),
    ] {
        let reordered = store.reorder_access_number(uri, "Bergen", 0, Some(seen), act);
        assert_eq!(reordered.await.unwrap(), moved);
    }
    for (seen, removed) in [
        (&first, Deleted::Overtaken),
        (&*second, Deleted::Done),
        (&*second, Deleted::NotFound),
    ] {
        let answer = store.remove_access_number(uri, Some(seen), act);
        assert_eq!(answer.await.unwrap(), removed);
    }
}

// Another key makes it another client: whoever saw the old one gives it none.
async fn clients(store: &dyn Store) {
    let act = &act(at(0));
    let first = client("pbx", 1);
    let created = store.create_client(&first, act).await;
    assert_eq!(created.unwrap(), ClientCreated::Done);
    let rotate = async |number| {
        let key = key(number);
        let rotated = store.rotate_client("PBX", &key, at(50), Some(&first), act);
        rotated.await.unwrap()
    };
    let ClientChanged::Done(second) = rotate(2).await else {
        panic!("it is as it was seen");
    };
    assert_eq!(rotate(3).await, ClientChanged::Overtaken);
    let kept = store.clients().await.unwrap();
    assert_eq!(kept, std::slice::from_ref(&second));
    let fewer = ClientPatch {
        at_once: Some(3),
        ..ClientPatch::default()
    };
    let change = async |seen| {
        let changed = store.change_client("pbx", &fewer, Some(seen), act);
        changed.await.unwrap()
    };
    assert_eq!(change(&first).await, ClientChanged::Overtaken);
    let ClientChanged::Done(third) = change(&second).await else {
        panic!("it is as it was seen");
    };
    for (seen, removed) in [
        (&second, Deleted::Overtaken),
        (&third, Deleted::Done),
        (&third, Deleted::NotFound),
    ] {
        let answer = store.remove_client("pbx", Some(seen), act).await;
        assert_eq!(answer.unwrap(), removed);
    }
}
