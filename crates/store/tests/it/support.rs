//! What several tests need.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pinward_core::{AttemptId, LengthClass, Lookup, Person, PolicyIdentity, PolicyPatch, UserId};
use pinward_store::{
    Act, Changed, Charged, LogOn, Origin, PinSet, Put, SetPin, Settled, Store, Verdict,
};
use tempfile::TempDir;

pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// A folder in memory where there is one: most tests do not test the disk.
pub fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .expect("a temporary folder")
}

/// So many seconds after the beginning.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).expect("in range")
}

pub fn person(number: u32) -> Person {
    Person {
        guid: format!("00000000-0000-4000-8000-{number:012x}"),
        dn: format!("CN=Person {number},OU=Finance,DC=litwareinc,DC=com"),
        display_name: format!("Person {number}"),
        first_name: Some("Person".to_owned()),
        last_name: None,
        sam_account_name: format!("person{number}"),
        domain: "LITWAREINC".to_owned(),
        upn: Some(format!("person{number}@litwareinc.com")),
        sip_address: Some(format!("sip:person{number}@litwareinc.com")),
        line_uri: Some(format!("tel:+1425555{number:04};ext={}", 50_000 + number)),
        enabled: true,
        registrar_pool: Some("pool.litwareinc.com".to_owned()),
        site: None,
        attributes: BTreeMap::from([
            ("title".to_owned(), vec!["Manager".to_owned()]),
            (
                "othertelephone".to_owned(),
                vec!["1".to_owned(), "2".to_owned()],
            ),
        ]),
        when_created: Some(at(0)),
        when_changed: None,
    }
}

/// Somebody tries to log on.
pub fn log_on() -> Arc<LogOn> {
    Arc::new(LogOn {
        actor: None,
        action: "LogOn",
        origin: Origin::of("test"),
        subject: "somebody".to_owned(),
    })
}

/// Puts persons 1 to `count` and answers their ids in order.
pub async fn people(store: &dyn Store, count: u32) -> Vec<UserId> {
    let put = store
        .put_people((1..=count).map(person).collect(), false, &act(at(0)))
        .await
        .unwrap();
    assert!(put.iter().all(|put| *put == Put::Created), "{put:?}");
    let mut ids = Vec::new();
    for number in 1..=count {
        let lookup = Lookup::Extension((50_000 + number).to_string());
        let found = store.find(&lookup, 2).await.unwrap();
        assert_eq!(found.len(), 1);
        ids.push(found[0].id);
    }
    ids
}

pub fn new_pin(user: UserId, class: LengthClass, now: Timestamp) -> SetPin {
    SetPin {
        user,
        verifier: format!("pw1$aaaaaaaa$m=1,t=1,p=1${}", now.as_millisecond()),
        length_class: class,
        must_change: false,
        expires_override: None,
        if_version: None,
        act: act(now),
    }
}

/// Somebody's act at this time.
pub fn act(at: Timestamp) -> Act {
    Act {
        at,
        actor: "litwareinc\\admin".to_owned(),
        action: "Test",
        origin: Origin::of("test"),
    }
}

pub async fn set_pin(store: &dyn Store, user: UserId, class: LengthClass, now: Timestamp) {
    assert_eq!(
        store.set_pin(new_pin(user, class, now)).await.unwrap(),
        PinSet::Done
    );
}

/// Charges and expects to be admitted.
pub async fn admitted(store: &dyn Store, user: UserId, now: Timestamp) -> AttemptId {
    match store.charge(user, now, LEASE, &log_on()).await.unwrap() {
        Charged::Admitted { attempt, .. } => attempt,
        other => panic!("not admitted: {other:?}"),
    }
}

pub async fn settle(store: &dyn Store, attempt: AttemptId, verdict: Verdict, now: Timestamp) {
    assert_eq!(
        store
            .settle(attempt, verdict, now, &log_on())
            .await
            .unwrap(),
        Settled::Done
    );
}

pub async fn fail(store: &dyn Store, user: UserId, now: Timestamp) {
    let attempt = admitted(store, user, now).await;
    settle(store, attempt, Verdict::Wrong, now).await;
}

/// Sets `MaximumLogonAttempts` of the global policy.
pub async fn limit_attempts(store: &dyn Store, attempts: u64) {
    let patch = PolicyPatch {
        maximum_logon_attempts: Some(Some(attempts)),
        ..PolicyPatch::default()
    };
    let changed = store
        .change_policy(&PolicyIdentity::Global, &patch, None, &act(at(0)))
        .await
        .unwrap();
    assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
}
