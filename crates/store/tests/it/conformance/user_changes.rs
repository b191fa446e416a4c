//! Changes of users by administrators.

use pinward_core::{
    Enablement, LengthClass, LockState, Lookup, Person, Policy, PolicyIdentity, SipSource,
    UserChange, UserId, UserPatch, UserViolation,
};
use pinward_store::{Charged, Created, Granted, Store, UserChanged};

use crate::support::{LEASE, act, at, fail, log_on, people, person, set_pin};

fn line(text: Option<&str>) -> UserChange {
    UserChange::Set(UserPatch {
        line_uri: Some(text.map(str::to_owned)),
        ..UserPatch::default()
    })
}

fn sip(text: &str) -> UserChange {
    UserChange::Set(UserPatch {
        sip_address: Some(Some(text.to_owned())),
        ..UserPatch::default()
    })
}

async fn change(store: &dyn Store, user: UserId, change: &UserChange) -> UserChanged {
    store
        .change_user(user, change, None, &act(at(9)))
        .await
        .unwrap()
}

async fn done(store: &dyn Store, user: UserId, wanted: &UserChange) -> Vec<String> {
    match change(store, user, wanted).await {
        UserChanged::Done { same_line, user } => {
            assert_eq!(store.user(user.id).await.unwrap(), Some(*user));
            same_line
        }
        other => panic!("{other:?}"),
    }
}

pub async fn two_changes_are_both_kept(store: &dyn Store) {
    let ids = people(store, 1).await;
    let (first, second) = (line(Some("tel:+1")), sip("sip:new@litwareinc.com"));
    let (acted, again) = (act(at(9)), act(at(9)));
    let (a, b) = tokio::join!(
        store.change_user(ids[0], &first, None, &acted),
        store.change_user(ids[0], &second, None, &again)
    );
    assert!(matches!(a.unwrap(), UserChanged::Done { .. }));
    assert!(matches!(b.unwrap(), UserChanged::Done { .. }));
    let person = store.user(ids[0]).await.unwrap().unwrap().person;
    assert_eq!(person.line_uri.as_deref(), Some("tel:+1"));
    assert_eq!(
        person.sip_address.as_deref(),
        Some("sip:new@litwareinc.com")
    );
    assert_eq!(person.when_changed, Some(at(9)));
    let unknown = change(store, UserId(999), &line(None)).await;
    assert_eq!(unknown, UserChanged::NoSuchUser);
}

// R-LOCK-13: whatever a user is called, the counts are the same
pub async fn everything_stays_but_what_is_changed(store: &dyn Store) {
    let ids = people(store, 1).await;
    let policy = Policy::defaults(PolicyIdentity::Tag("Own".to_owned()));
    let created = store.create_policy(&policy, &act(at(0))).await.unwrap();
    assert_eq!(created, Created::Done);
    let granted = store.grant_policy(ids[0], Some("Own"), &act(at(0))).await;
    assert_eq!(granted.unwrap(), Granted::Done);
    set_pin(store, ids[0], LengthClass::Six, at(1)).await;
    fail(store, ids[0], at(2)).await;
    let before = store.pin_status(ids[0], at(3)).await.unwrap();
    done(store, ids[0], &sip("renamed@litwareinc.com")).await;
    assert_eq!(store.pin_status(ids[0], at(3)).await.unwrap(), before);
    assert_eq!(store.pin_history(ids[0], 20).await.unwrap().len(), 1);
    let user = store.user(ids[0]).await.unwrap().unwrap();
    assert_eq!(user.pin_policy.as_deref(), Some("Own"));
    // Found by the new name and not by the old one.
    for (address, found) in [
        ("sip:renamed@litwareinc.com", 1),
        ("sip:person1@litwareinc.com", 0),
    ] {
        let lookup = Lookup::Sip(address.to_owned());
        assert_eq!(
            store.find(&lookup, 2).await.unwrap().len(),
            found,
            "{address}"
        );
    }
    done(store, ids[0], &line(None)).await;
    let lookup = Lookup::Extension("50001".to_owned());
    assert_eq!(store.find(&lookup, 2).await.unwrap(), []);
    let invalid = change(store, ids[0], &line(Some("12"))).await;
    assert!(
        matches!(invalid, UserChanged::Invalid(found) if matches!(found[..], [UserViolation::LineUri { .. }]))
    );
}

pub async fn a_sip_address_belongs_to_one(store: &dyn Store) {
    let ids = people(store, 2).await;
    let taken = change(store, ids[0], &sip("SIP:Person2@LITWAREINC.com")).await;
    assert!(
        matches!(&taken, UserChanged::SipAddressTaken { by, .. } if by == "Person 2"),
        "{taken:?}"
    );
    // One's own in another spelling is no other.
    done(store, ids[1], &sip("sip:Person2@litwareinc.com")).await;
}

// R-AUTH-6
pub async fn a_line_that_reaches_others_is_not_given(store: &dyn Store) {
    let ids = people(store, 3).await;
    for (number, taken) in [
        ("tel:+14255550009;ext=50002", true),
        ("tel:+14255550002", true),
        // An extension of its own tells them apart.
        ("tel:+14255550002;ext=59999", false),
        ("tel:+14255550001;ext=50001", false),
    ] {
        let came = change(store, ids[0], &line(Some(number))).await;
        let by = match &came {
            UserChanged::LineTaken { by, .. } => Some(by.as_str()),
            UserChanged::Done { .. } => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            by,
            taken.then_some("sip:person2@litwareinc.com"),
            "{number}"
        );
    }
    let enabled = |enabled| {
        UserChange::Set(UserPatch {
            enabled: Some(enabled),
            ..UserPatch::default()
        })
    };
    // Whoever is not enabled is in nobody's way, until they are enabled.
    done(store, ids[0], &enabled(false)).await;
    assert!(
        done(store, ids[0], &line(Some("tel:+14255550002")))
            .await
            .is_empty()
    );
    let came = change(store, ids[0], &enabled(true)).await;
    assert!(matches!(came, UserChanged::LineTaken { .. }), "{came:?}");
}

// R-AUTH-6: what came from a directory is told
pub async fn the_same_line_is_told(store: &dyn Store) {
    let ids = people(store, 2).await;
    let twin = Person {
        line_uri: person(2).line_uri,
        ..person(1)
    };
    store
        .put_people(vec![twin], false, &act(at(1)))
        .await
        .unwrap();
    let address = sip("sip:first@litwareinc.com");
    assert_eq!(
        done(store, ids[0], &address).await,
        ["sip:person2@litwareinc.com"]
    );
}

// R-SET-5: a lock outlives the PIN, so that nobody is rid of it by the way round
pub async fn disabling_takes_the_pin_and_spares_the_lock(store: &dyn Store) {
    let ids = people(store, 1).await;
    set_pin(store, ids[0], LengthClass::Six, at(1)).await;
    fail(store, ids[0], at(2)).await;
    assert!(store.lock_pin(ids[0], &act(at(3))).await.unwrap());
    done(store, ids[0], &UserChange::Disable).await;
    let person_now = store.user(ids[0]).await.unwrap().unwrap().person;
    assert!(!person_now.enabled && person_now.sip_address.is_none());
    assert!(person_now.line_uri.is_none() && person_now.registrar_pool.is_none());
    assert_eq!(store.pin_history(ids[0], 20).await.unwrap().len(), 0);
    let enable = UserChange::Enable(Enablement {
        registrar_pool: None,
        sip_address: SipSource::Given("sip:person1@litwareinc.com".to_owned()),
    });
    done(store, ids[0], &enable).await;
    let status = store.pin_status(ids[0], at(4)).await.unwrap().unwrap();
    assert_eq!((status.set_at, status.counters.global), (None, 1));
    assert_eq!(status.counters.state(at(4)), LockState::Administrator);
    let charged = store.charge(ids[0], at(4), LEASE, &log_on()).await.unwrap();
    assert_eq!(charged, Charged::PinNotSet);
}

pub async fn enabling_again_changes_nothing(store: &dyn Store) {
    let ids = people(store, 1).await;
    let enable = UserChange::Enable(Enablement {
        registrar_pool: Some("other.litwareinc.com".to_owned()),
        sip_address: SipSource::Kept,
    });
    assert_eq!(
        change(store, ids[0], &enable).await,
        UserChanged::AlreadyEnabled
    );
    let user = store.user(ids[0]).await.unwrap().unwrap();
    assert_eq!(user.person, person(1));
}
