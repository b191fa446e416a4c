//! Programs that use the API: their keys, their rights, and from where.

use std::time::{Duration, Instant};

use pinward_core::{ClientLimits, ClientPatch, ClientRights, Fingerprint, Outcome, SignedDuration};
use pinward_service::{
    Answer, Attempt, Caller, ClientAccess, ClientError, ClientProof, ClientVerdict, NewClient,
    ProvenBy, Refusal, Right, Service,
};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign};

pub fn new_client(name: &str) -> NewClient {
    NewClient {
        name: name.to_owned(),
        rights: ClientRights::LogOn,
        networks: Vec::new(),
        expires: None,
        limits: ClientLimits::default(),
        proven_by: ProvenBy::Key,
    }
}

/// Adds a client and answers its key.
async fn add(kit: &Kit, new: &NewClient) -> String {
    let added = kit.service.add_client(&kit.administrator(), new).await;
    let (client, secret) = added.expect("a client");
    let key = secret.expect("a key").reveal().to_owned();
    assert!(
        key.starts_with(&client.keys[0].start),
        "it is found by that"
    );
    assert!(key.starts_with("pinward_") && key.len() == 8 + 64);
    key
}

/// The access by a key from an address, or the id of the refusal.
async fn access(service: &Service, key: &str, from: &str) -> Result<ClientAccess, &'static str> {
    let from = from.parse().ok();
    let access = service.client_access(ClientProof::Key(key), from).await;
    access.map_err(|error| error.id())
}

async fn refused(kit: &Kit, key: &str, from: &str) -> Option<&'static str> {
    access(&kit.service, key, from).await.err()
}

const HERE: &str = "192.0.2.7";

#[tokio::test]
async fn a_key_is_good_until_its_client_ends() {
    let kit = Kit::sample().await;
    let mut new = new_client("switchboard");
    new.networks = vec!["192.0.2.0/24".parse().unwrap()];
    let now = pinward_core::Clock::now(&*kit.clock);
    new.expires = Some(now.checked_add(SignedDuration::from_mins(60)).unwrap());
    let key = add(&kit, &new).await;
    for (key, from, expected) in [
        (key.as_str(), HERE, None),
        (&key, "::ffff:192.0.2.9", None),
        (&key, "198.51.100.1", Some("AddressNotAllowed")),
        (&key, "a socket", Some("AddressNotAllowed")),
        (&key[..71], HERE, Some("KeyNotAccepted")),
        ("", HERE, Some("KeyNotAccepted")),
    ] {
        assert_eq!(refused(&kit, key, from).await, expected, "{from}");
    }
    kit.clock.advance_minutes(60);
    assert_eq!(refused(&kit, &key, HERE).await, Some("ClientExpired"));
    let administrator = kit.administrator();
    let longer = ClientPatch {
        expires: Some(None),
        ..ClientPatch::default()
    };
    let changed = kit
        .service
        .change_client(&administrator, "SWITCHBOARD", &longer, None);
    assert_eq!(changed.await.expect("changed").expires, None);
    assert_eq!(refused(&kit, &key, HERE).await, None);
    // Another process sees within a millisecond that it is gone.
    let beside = kit.beside().await;
    let removed = beside
        .service
        .remove_client(&administrator, "switchboard", None);
    removed.await.expect("removed");
    let begun = Instant::now();
    while refused(&kit, &key, HERE).await.is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is noticed");
    }
    assert_eq!(refused(&kit, &key, HERE).await, Some("KeyNotAccepted"));
}

#[tokio::test]
async fn two_keys_hold_for_a_while_after_a_rotation() {
    let kit = Kit::sample().await;
    let old = add(&kit, &new_client("switchboard")).await;
    let rotate = async |minutes| {
        let overlap = SignedDuration::from_mins(minutes);
        let administrator = kit.administrator();
        let rotated =
            kit.service
                .rotate_client(&administrator, "switchboard", ProvenBy::Key, overlap, None);
        let (_, secret) = rotated.await?;
        Ok(secret.expect("a key").reveal().to_owned())
    };
    let new = rotate(30).await.expect("a key");
    assert_ne!(old, new);
    kit.clock.advance_minutes(29);
    for key in [&old, &new] {
        assert_eq!(refused(&kit, key, HERE).await, None);
    }
    kit.clock.advance_minutes(1);
    assert_eq!(refused(&kit, &old, HERE).await, Some("KeyNotAccepted"));
    // At once: the key was lost.
    let third = rotate(0).await.expect("a key");
    assert_eq!(refused(&kit, &new, HERE).await, Some("KeyNotAccepted"));
    assert_eq!(refused(&kit, &third, HERE).await, None);
    for minutes in [-1, 90 * 24 * 60 + 1] {
        assert!(matches!(rotate(minutes).await, Err(ClientError::Overlap)));
    }
}

/// The certificate of this number, and what it is known by.
fn certificate(number: u8) -> (Vec<u8>, ProvenBy) {
    let certificate = vec![0x30, 0x82, number];
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&certificate);
    (
        certificate,
        ProvenBy::Certificate(Fingerprint(digest.into())),
    )
}

#[tokio::test]
async fn a_certificate_is_a_proof_like_a_key() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let certificates: Vec<_> = (0..3).map(certificate).collect();
    let mut new = new_client("provisioning");
    new.networks = vec!["192.0.2.0/24".parse().unwrap()];
    new.proven_by = certificates[0].1;
    let (client, secret) = kit.service.add_client(&administrator, &new).await.unwrap();
    assert!(secret.is_none() && client.keys[0].is_certificate());
    let tried = async |number: usize, from: &str| {
        let proof = ClientProof::Certificate(&certificates[number].0);
        let access = kit.service.client_access(proof, from.parse().ok()).await;
        access.err().map(|error| error.id())
    };
    assert_eq!(tried(0, HERE).await, None);
    assert_eq!(tried(0, "198.51.100.1").await, Some("AddressNotAllowed"));
    assert_eq!(tried(1, HERE).await, Some("CertificateNotAccepted"));
    // Everybody may know a certificate: neither it nor its fingerprint is a key.
    let ProvenBy::Certificate(fingerprint) = certificates[0].1 else {
        panic!("a certificate");
    };
    for key in [
        String::from_utf8_lossy(&certificates[0].0).into_owned(),
        fingerprint.to_string(),
    ] {
        assert_eq!(refused(&kit, &key, HERE).await, Some("KeyNotAccepted"));
    }

    let rotate = async |number: usize, minutes| {
        let overlap = SignedDuration::from_mins(minutes);
        let proven_by = certificates[number].1;
        let rotated =
            kit.service
                .rotate_client(&administrator, "provisioning", proven_by, overlap, None);
        rotated.await.err().map(|error| error.id())
    };
    assert_eq!(rotate(1, 30).await, None);
    assert_eq!((tried(0, HERE).await, tried(1, HERE).await), (None, None));
    // Back to the old one, which was to end.
    assert_eq!(rotate(0, 30).await, None);
    assert_eq!(rotate(0, 30).await, Some("CertificateTaken"));
    kit.clock.advance_minutes(30);
    assert_eq!(tried(1, HERE).await, Some("CertificateNotAccepted"));
    assert_eq!(tried(0, HERE).await, None);

    // One client for each; what ended is free.
    for (number, expected) in [(0, Some("CertificateTaken")), (1, None)] {
        let mut other = new_client("other");
        other.proven_by = certificates[number].1;
        let added = kit.service.add_client(&administrator, &other).await;
        assert_eq!(added.err().map(|error| error.id()), expected);
    }
}

// R-RBAC-4: each kind of client may do its own and nothing else
#[tokio::test]
async fn a_client_for_logons_can_do_nothing_else() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let desk = ClientRights::Role("cshelpdesk".to_owned());
    for (name, rights, logs_on, locks) in [
        ("silent", ClientRights::LogOn, true, false),
        ("trusted", ClientRights::TrustedLogOn, true, false),
        ("desk", desk, false, true),
        ("nothing", ClientRights::Nothing, false, false),
    ] {
        let mut new = new_client(name);
        new.rights = rights;
        let key = add(&kit, &new).await;
        let client = access(&kit.service, &key, HERE).await.expect(name);
        assert_eq!(client.caller().name(), format!("client:{name}"));
        let attempt = |pin| Attempt {
            who: KEN_EXTENSION,
            pin,
            also_known_as: None,
            source: client.caller().source().clone(),
            delivery: None,
        };
        let right = kit
            .service
            .client_log_on(&client, &attempt("18723834"))
            .await;
        let wrong = kit
            .service
            .client_log_on(&client, &attempt("18723835"))
            .await;
        match (name, right, wrong) {
            (
                "silent",
                Ok(ClientVerdict::YesOrNo(Answer::Success(user))),
                Ok(ClientVerdict::YesOrNo(Answer::Refused)),
            ) => assert_eq!(user.person.sam_account_name, "kenmyer"),
            ("trusted", Ok(ClientVerdict::Told(right)), Ok(ClientVerdict::Told(wrong))) => {
                let outcomes = (right.outcome, wrong.outcome);
                assert_eq!(outcomes, (Outcome::Success, Outcome::IncorrectPin));
            }
            (_, Err(right), Err(wrong)) => {
                assert!(!logs_on, "{name}");
                assert_eq!((right.id(), wrong.id()), ("AccessDenied", "AccessDenied"));
            }
            (_, right, wrong) => panic!("{name}: {right:?} {wrong:?}"),
        }
        let may = |right| client.caller().permit(right).is_ok();
        assert_eq!(may(Right::LockPin), locks, "{name}");
        assert!(!may(Right::AssignPin), "{name}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_nothing_is_kept() {
    let kit = Kit::sample().await;
    let past = pinward_core::Timestamp::from_second(1).unwrap();
    type Spoil = fn(&mut NewClient, pinward_core::Timestamp);
    let cases: [(&str, Spoil); 4] = [
        ("ClientInvalid", |new, _| new.name = "a b".to_owned()),
        ("ClientInvalid", |new, past| new.expires = Some(past)),
        ("ClientInvalid", |new, _| new.limits.at_once = 0),
        ("RoleNotFound", |new, _| {
            new.rights = ClientRights::Role("nobody".to_owned());
        }),
    ];
    let administrator = kit.administrator();
    for (expected, spoil) in cases {
        let mut new = new_client("switchboard");
        spoil(&mut new, past);
        let refused = kit.service.add_client(&administrator, &new).await;
        assert_eq!(refused.err().map(|error| error.id()), Some(expected));
    }
    assert!(
        kit.service
            .clients(&administrator)
            .await
            .unwrap()
            .is_empty()
    );
    add(&kit, &new_client("switchboard")).await;
    let taken = new_client("Switchboard");
    let again = kit.service.add_client(&administrator, &taken).await;
    assert_eq!(again.err().map(|error| error.id()), Some("ClientExists"));
    let role = ClientPatch {
        rights: Some(ClientRights::Role("CSHELPDESK".to_owned())),
        ..ClientPatch::default()
    };
    let changed = kit
        .service
        .change_client(&administrator, "switchboard", &role, None);
    let named = ClientRights::Role("CsHelpDesk".to_owned());
    assert_eq!(changed.await.expect("changed").rights, named);
    let missing = kit
        .service
        .remove_client(&administrator, "other", None)
        .await;
    assert_eq!(
        missing.err().map(|error| error.id()),
        Some("ClientNotFound")
    );
}

// R-RBAC-3: clients belong to the company as a whole
#[tokio::test]
async fn a_role_for_a_site_sees_no_clients() {
    let kit = Kit::sample().await;
    add(&kit, &new_client("switchboard")).await;
    let viewer = Caller::with_standard_role("viewer", "CsViewOnlyAdministrator");
    assert_eq!(kit.service.clients(&viewer).await.unwrap().len(), 1);
    let scoped = crate::scopes::scoped(&kit, &["global"], &["site:Redmond"]).await;
    assert!(kit.service.clients(&scoped).await.unwrap().is_empty());
}
