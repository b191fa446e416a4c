//! Programs that use the API.

use pinward_core::{
    Client, ClientKey, ClientLimits, ClientPatch, ClientRights, ClientViolation, Role,
    standard_role,
};
use pinward_store::{ClientChanged, ClientCreated, Deleted, Store};

use crate::support::{act, at};

/// A key that was made so many seconds after the beginning.
pub fn key(number: u8) -> ClientKey {
    ClientKey {
        digest: [number; 32],
        start: format!("pinward_{number:04}"),
        made: at(number.into()),
        ends: None,
    }
}

pub fn client(name: &str, number: u8) -> Client {
    Client {
        name: name.to_owned(),
        rights: ClientRights::LogOn,
        networks: vec!["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()],
        expires: Some(at(1000)),
        limits: ClientLimits::default(),
        keys: vec![key(number)],
    }
}

async fn create(store: &dyn Store, client: &Client) {
    let created = store.create_client(client, &act(at(0))).await.unwrap();
    assert_eq!(created, ClientCreated::Done);
}

async fn by_key(store: &dyn Store, number: u8) -> Option<Client> {
    let found = store.client_by_key(&[number; 32]).await.unwrap();
    found.as_deref().cloned()
}

pub async fn a_client_is_kept_as_it_was_made(store: &dyn Store) {
    assert!(store.clients().await.unwrap().is_empty());
    let (pbx, desk) = (client("pbx", 1), client("Desk", 2));
    create(store, &pbx).await;
    create(store, &desk).await;
    assert_eq!(store.clients().await.unwrap(), [desk.clone(), pbx.clone()]);
    assert_eq!(by_key(store, 1).await, Some(pbx.clone()));
    assert_eq!(by_key(store, 2).await, Some(desk));
    assert_eq!(by_key(store, 3).await, None);
    let again = store.create_client(&client("PBX", 4), &act(at(0))).await;
    assert_eq!(again.unwrap(), ClientCreated::Exists);
    assert_eq!(by_key(store, 4).await, None);
    for (name, expected) in [("PBX", Deleted::Done), ("pbx", Deleted::NotFound)] {
        let removed = store.remove_client(name, None, &act(at(0))).await;
        assert_eq!(removed.unwrap(), expected);
    }
    assert_eq!(by_key(store, 1).await, None);
    // Its key may come again: nothing of the old one is left.
    create(store, &pbx).await;
}

pub async fn a_client_changes_as_a_whole(store: &dyn Store) {
    create(store, &client("pbx", 1)).await;
    let mut patch = ClientPatch {
        rights: Some(ClientRights::TrustedLogOn),
        networks: Some(Vec::new()),
        expires: Some(None),
        per_second: Some(7),
        at_once: None,
    };
    let expected = client("pbx", 1).apply(&patch).unwrap();
    let changed = store.change_client("PBX", &patch, None, &act(at(1))).await;
    assert_eq!(changed.unwrap(), ClientChanged::Done(expected.clone()));
    assert_eq!(
        store.clients().await.unwrap(),
        std::slice::from_ref(&expected)
    );
    patch.at_once = Some(0);
    patch.rights = Some(ClientRights::LogOn);
    let refused = store.change_client("pbx", &patch, None, &act(at(1))).await;
    assert!(matches!(
        refused.unwrap(),
        ClientChanged::Invalid(ClientViolation::Limit { .. })
    ));
    assert_eq!(store.clients().await.unwrap(), [expected]);
    let missing = store
        .change_client("other", &patch, None, &act(at(1)))
        .await;
    assert_eq!(missing.unwrap(), ClientChanged::NotFound);
}

pub async fn two_keys_hold_after_a_rotation(store: &dyn Store) {
    create(store, &client("pbx", 1)).await;
    create(store, &client("other", 9)).await;
    let ends = |number: u8, seconds: i64| ClientKey {
        ends: Some(at(seconds)),
        ..key(number)
    };
    for (number, until, expected) in [
        (2, 50, vec![key(2), ends(1, 50)]),
        // The oldest goes, although it was to hold for longer.
        (3, 40, vec![key(3), ends(2, 40)]),
        // No overlap: the others hold no longer.
        (4, 4, vec![key(4)]),
    ] {
        let act = act(at(number.into()));
        let rotated = store
            .rotate_client("PBX", &key(number), at(until), None, &act)
            .await
            .unwrap();
        let ClientChanged::Done(rotated) = rotated else {
            panic!("{rotated:?}");
        };
        assert_eq!(rotated.keys, expected);
        for kept in &expected {
            let found = store.client_by_key(&kept.digest).await.unwrap();
            assert_eq!(found.as_deref(), Some(&rotated));
        }
    }
    assert_eq!(by_key(store, 1).await, None);
    assert_eq!(by_key(store, 9).await, Some(client("other", 9)));
    let missing = store
        .rotate_client("nobody", &key(5), at(9), None, &act(at(5)))
        .await;
    assert_eq!(missing.unwrap(), ClientChanged::NotFound);
    assert_eq!(by_key(store, 5).await, None);
}

pub async fn a_key_is_that_of_one_client(store: &dyn Store) {
    create(store, &client("pbx", 1)).await;
    create(store, &client("other", 9)).await;
    let again = store.create_client(&client("third", 1), &act(at(1))).await;
    let taken = |by: &str| ClientCreated::KeyTaken { by: by.to_owned() };
    assert_eq!(again.unwrap(), taken("pbx"));
    let rotate = async |number: u8, now: i64| {
        let (key, act) = (key(number), act(at(now)));
        let rotated = store.rotate_client("pbx", &key, at(50), None, &act).await;
        match rotated.unwrap() {
            ClientChanged::KeyTaken { by } => Some(by),
            ClientChanged::Done(_) => None,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(rotate(1, 2).await.as_deref(), Some("pbx"));
    assert_eq!(rotate(9, 2).await.as_deref(), Some("other"));
    assert_eq!(
        store.clients().await.unwrap()[1].keys,
        [key(1)],
        "nothing was changed"
    );
    // One that is to end may come back, and is nobody's when it has ended.
    assert_eq!(rotate(2, 2).await, None);
    assert_eq!(rotate(1, 3).await, None);
    let again = store.create_client(&client("third", 2), &act(at(49))).await;
    assert_eq!(again.unwrap(), taken("pbx"));
    let again = store.create_client(&client("third", 2), &act(at(50))).await;
    assert_eq!(again.unwrap(), ClientCreated::Done);
    assert_eq!(
        by_key(store, 2).await.map(|client| client.name).as_deref(),
        Some("third")
    );
}

// R-RBAC-1: a later role of the same name does not fall to clients that were meant to have another.
pub async fn a_removed_role_leaves_its_clients_nothing(store: &dyn Store) {
    let desk = Role::from_template("Desk", String::new(), standard_role("CsHelpDesk").unwrap());
    let _made = store.create_role(&desk, &act(at(0))).await.unwrap();
    for (name, number, role) in [("one", 1, "DESK"), ("two", 2, "CsHelpDesk")] {
        let client = Client {
            rights: ClientRights::Role(role.to_owned()),
            ..client(name, number)
        };
        create(store, &client).await;
    }
    let removed = store.remove_role("desk", None, &act(at(1))).await;
    assert_eq!(removed.unwrap(), Deleted::Done);
    let _made = store.create_role(&desk, &act(at(2))).await.unwrap();
    let rights: Vec<_> = store.clients().await.unwrap();
    let rights: Vec<_> = rights.into_iter().map(|client| client.rights).collect();
    let kept = ClientRights::Role("CsHelpDesk".to_owned());
    assert_eq!(rights, [ClientRights::Nothing, kept]);
}
