//! The audit log: R-SEC-4.

use std::collections::BTreeSet;

use pinward_core::{
    AccessNumberPatch, ClientPatch, LengthClass, ListEdit, Membership, Outcome, Policy,
    PolicyIdentity, PolicyPatch, Role, RoleChange, Site, SitePatch, UserChange, UserId, UserPatch,
    standard_role,
};
use pinward_store::{
    Answer, AuditQuery, AuditRecord, AuditReport, CountFrom, Delivery, Foretell, LogOn, Store,
    SyncEnd, SyncFigures, SyncStep, Verdict,
};

use super::access_numbers::number;
use super::clients::{client, key};
use crate::support::{LEASE, act, admitted, at, log_on, new_pin, people, person, set_pin, settle};

async fn all(store: &dyn Store) -> Vec<AuditRecord> {
    let page = store.audit(&AuditQuery::default(), None, 10_000).await;
    let page = page.unwrap();
    assert_eq!(page.next, None);
    page.records
}

pub async fn report(store: &dyn Store) -> AuditReport {
    let progress = Box::new(|_, _| true);
    store
        .verify_audit(Vec::new(), progress)
        .await
        .unwrap()
        .unwrap()
}

/// The access number that is changed.
const NUMBER: &str = "sip:a@litwareinc.com";

/// Every method of the trait that takes an act, done so that it changes something.
async fn change(store: &dyn Store, method: &str, user: UserId) {
    let act = act(at(7));
    let tag = PolicyIdentity::Tag("Sales".to_owned());
    let patch = PolicyPatch {
        pin_history_count: Some(3),
        ..PolicyPatch::default()
    };
    let role = Role::from_template("Desk", String::new(), standard_role("CsHelpDesk").unwrap());
    let edit = RoleChange {
        user_scopes: Some(ListEdit::Replace(vec!["site:Redmond".to_owned()])),
        ..RoleChange::default()
    };
    let site = Site {
        id: "Redmond".to_owned(),
        display_name: None,
    };
    let dublin = Site {
        id: "Dublin".to_owned(),
        display_name: None,
    };
    let renamed = SitePatch {
        display_name: Some(Some("Dublin, Ireland".to_owned())),
        ..SitePatch::default()
    };
    let shown = AccessNumberPatch {
        display_number: Some("1-800-555".to_owned()),
        ..AccessNumberPatch::default()
    };
    let done = match method {
        "add_key_fingerprint" => store
            .add_key_fingerprint("cccccccc", &[1; 32], &act)
            .await
            .map(drop),
        "retire_key" => store.retire_key("cccccccc", &act).await.map(drop),
        "put_sites" => store.put_sites(&[site], &act).await,
        "create_site" => {
            let made = store
                .create_site(&dublin, &Membership::default(), &act)
                .await;
            made.map(drop)
        }
        "change_site" => store
            .change_site("Dublin", &renamed, None, &act)
            .await
            .map(drop),
        "remove_site" => store.remove_site("Dublin", None, &act).await.map(drop),
        "create_access_number" => {
            let new = number("a", 1, &["Redmond"]);
            store.create_access_number(&new, &act).await.map(drop)
        }
        "change_access_number" => {
            let changed = store.change_access_number(NUMBER, &shown, None, &act).await;
            changed.map(drop)
        }
        "reorder_access_number" => {
            let moved = store
                .reorder_access_number(NUMBER, "Redmond", 0, None, &act)
                .await;
            moved.map(drop)
        }
        "remove_access_number" => store
            .remove_access_number(NUMBER, None, &act)
            .await
            .map(drop),
        "put_people" => store
            .put_people(vec![person(9)], false, &act)
            .await
            .map(drop),
        "apply_reading" => {
            let reading = super::sync::ready_to_apply(store, 20).await;
            let step = SyncStep::Entries(9);
            store.apply_reading(reading, step, &act).await.map(drop)
        }
        "end_reading" => {
            let begun = store
                .begin_reading("audited", "File", act.at)
                .await
                .unwrap();
            let end = SyncEnd {
                complete: true,
                full: true,
                result: "Success".to_owned(),
                cookie: None,
                conflicts: 0,
                figures: SyncFigures {
                    created: 1,
                    ..SyncFigures::default()
                },
            };
            let ended = store.end_reading(begun.reading, end, &act).await;
            ended.map(drop)
        }
        "change_user" => {
            let change = UserChange::Set(UserPatch {
                line_uri: Some(Some("tel:+14255550100;ext=50100".to_owned())),
                ..UserPatch::default()
            });
            let changed = store.change_user(user, &change, None, &act).await;
            changed.map(drop)
        }
        "create_policy" => store
            .create_policy(&Policy::defaults(tag), &act)
            .await
            .map(drop),
        "change_policy" => store
            .change_policy(&tag, &patch, None, &act)
            .await
            .map(drop),
        "remove_policy" => store.remove_policy(&tag, None, &act).await.map(drop),
        "grant_policy" => store
            .grant_policy(user, Some("Sales"), &act)
            .await
            .map(drop),
        "create_role" => store.create_role(&role, &act).await.map(drop),
        "change_role" => store.change_role("Desk", &edit, None, &act).await.map(drop),
        "remove_role" => store.remove_role("Desk", None, &act).await.map(drop),
        "grant_role" => store.grant_role(user, "CsHelpDesk", &act).await.map(drop),
        "revoke_role" => store.revoke_role(user, "CsHelpDesk", &act).await.map(drop),
        "create_client" => store.create_client(&client("pbx", 1), &act).await.map(drop),
        "change_client" => {
            let patch = ClientPatch {
                at_once: Some(3),
                ..ClientPatch::default()
            };
            let changed = store.change_client("pbx", &patch, None, &act);
            changed.await.map(drop)
        }
        "rotate_client" => store
            .rotate_client("pbx", &key(2), at(99), None, &act)
            .await
            .map(drop),
        "remove_client" => store.remove_client("pbx", None, &act).await.map(drop),
        "set_pin" => store
            .set_pin(new_pin(user, LengthClass::Five, at(7)))
            .await
            .map(drop),
        "lock_pin" => store.lock_pin(user, &act).await.map(drop),
        "unlock_pin" => store.unlock_pin(user, &act).await.map(drop),
        "record_refusal" => store.record_refusal(&act, "somebody", Some(user)).await,
        "record_detection" => store.record_detection(&act, "something").await,
        "prune_audit" => store.prune_audit(at(7), 1, &act).await.map(drop),
        other => panic!("this test does not know {other}: a change without a record?"),
    };
    done.unwrap();
}

/// The methods of the trait that take an act, `set_pin` among them, in their order.
fn methods() -> Vec<&'static str> {
    let source = include_str!("../../../src/store.rs");
    let (_, body) = source.split_once("pub trait Store").unwrap();
    body.split("async fn ")
        .skip(1)
        .filter_map(|method| method.split_once(") -> ")?.0.split_once('('))
        .filter(|(_name, arguments)| {
            arguments.contains("act: &Act") || arguments.contains(": SetPin")
        })
        .map(|(name, _arguments)| name)
        .collect()
}

pub async fn every_change_leaves_one_record(store: &dyn Store) {
    let user = people(store, 1).await[0];
    // One more number, so that there is an order to change.
    let other = number("b", 2, &["Redmond"]);
    let _made = store.create_access_number(&other, &act(at(0))).await;
    let mut methods = methods();
    assert!(methods.len() >= 16, "{methods:?}");
    // Nothing is removed before it was used.
    methods.sort_by_key(|name| name.starts_with("remove") || *name == "prune_audit");
    for method in methods {
        let last = report(store).await.head.seq;
        change(store, method, user).await;
        let new: Vec<_> = all(store).await;
        let new: Vec<_> = new.iter().filter(|record| record.seq > last).collect();
        assert_eq!(new.len(), 1, "{method}: {new:?}");
        let record = new[0];
        assert_eq!(
            (record.at, record.door.as_str()),
            (at(7), "test"),
            "{method}"
        );
        assert_eq!(
            record.actor.as_deref(),
            Some("litwareinc\\admin"),
            "{method}"
        );
        let outcome = match method {
            "record_refusal" => "AccessDenied",
            "record_detection" => "Detected",
            _ => "Success",
        };
        let changed = outcome == "Success";
        assert_eq!(record.changes.is_some(), changed, "{method}: {record:?}");
        assert_eq!(record.outcome, outcome, "{method}");
        assert!(record.subject.is_some(), "{method}");
        assert_eq!(report(store).await.problem, None, "{method}");
    }
}

pub async fn every_outcome_of_a_logon_leaves_one_record(store: &dyn Store) {
    let ids = people(store, 3).await;
    let mut disabled = person(3);
    disabled.enabled = false;
    let _put = store.put_people(vec![disabled], false, &act(at(0))).await;
    let last = report(store).await.head.seq;
    let charge = async |user, seconds| {
        let charged = store.charge(user, at(seconds), LEASE, &log_on()).await;
        drop(charged.unwrap());
    };
    charge(UserId(99), 1).await;
    charge(ids[2], 1).await;
    charge(ids[0], 1).await;
    set_pin(store, ids[0], LengthClass::Five, at(2)).await;
    for verdict in [
        Verdict::Correct { upgraded: None },
        Verdict::CorrectButUnusable(Outcome::PinExpired),
        Verdict::CorrectButUnusable(Outcome::PinMustBeChanged),
        Verdict::Released,
        Verdict::Wrong,
    ] {
        let attempt = admitted(store, ids[0], at(3)).await;
        settle(store, attempt, verdict, at(3)).await;
    }
    // Twice: the second time the store knows without asking.
    assert!(store.lock_pin(ids[0], &act(at(4))).await.unwrap());
    for seconds in [5, 6] {
        charge(ids[0], seconds).await;
    }
    let nobody = Answer {
        outcome: Outcome::UserDoesNotExist,
        user: None,
        locked_until: None,
    };
    store.record_log_on(nobody, at(7), &log_on()).await.unwrap();
    let sign_in = LogOn {
        actor: Some("litwareinc\\kenmyer".to_owned()),
        ..(*log_on()).clone()
    };
    let recorded = store.record_sign_in(&sign_in, Some(ids[1]), "SignInWrong", at(8));
    recorded.await.unwrap();
    let outcomes: Vec<_> = all(store)
        .await
        .into_iter()
        .filter(|record| record.seq > last && record.action == "LogOn")
        .map(|record| (record.outcome, record.user))
        .collect();
    let expected = [
        ("UserDoesNotExist", None),
        ("UserPinAccountDisabled", Some(ids[2])),
        ("PinNotSet", Some(ids[0])),
        ("Success", Some(ids[0])),
        ("PinExpired", Some(ids[0])),
        ("PinMustBeChanged", Some(ids[0])),
        ("IncorrectPin", Some(ids[0])),
        ("UserPinAccountLocked", Some(ids[0])),
        ("UserPinAccountLocked", Some(ids[0])),
        ("UserDoesNotExist", None),
        ("SignInWrong", Some(ids[1])),
    ]
    .map(|(outcome, user)| (outcome.to_owned(), user));
    assert_eq!(outcomes, expected);
    assert_eq!(report(store).await.problem, None);
}

// R-LOCK-11
pub async fn a_repeated_delivery_leaves_none(store: &dyn Store) {
    let user = people(store, 1).await[0];
    let nobody = Answer {
        outcome: Outcome::UserDoesNotExist,
        user: None,
        locked_until: None,
    };
    let delivery = |number: u8| Delivery {
        key: [number; 32],
        inputs: vec![[number; 32]],
        keep_until: at(100),
    };
    let before = all(store).await.len();
    for _ in 0..3 {
        let _charged = store
            .charge_once(
                user,
                delivery(1),
                at(1),
                LEASE,
                &log_on(),
                Foretell::nobody(),
            )
            .await
            .unwrap();
        let _answered = store
            .answer_once(delivery(2), nobody, at(1), &log_on())
            .await
            .unwrap();
    }
    assert_eq!(all(store).await.len(), before + 2);
}

pub async fn records_are_found_by_everything(store: &dyn Store) {
    let ids = people(store, 2).await;
    let mut by_another = act(at(20));
    by_another.actor = "litwareinc\\other".to_owned();
    by_another.action = "Lock-CsClientPin";
    assert!(store.lock_pin(ids[0], &by_another).await.unwrap());
    assert!(store.unlock_pin(ids[1], &act(at(30))).await.unwrap());
    drop(
        store
            .charge(ids[0], at(40), LEASE, &log_on())
            .await
            .unwrap(),
    );
    let query = AuditQuery::default;
    let text = |text: &str| Some(text.to_owned());
    for (query, expected) in [
        (query(), vec![1, 2, 3, 4, 5]),
        (
            AuditQuery {
                newest_first: true,
                ..query()
            },
            vec![5, 4, 3, 2, 1],
        ),
        (
            AuditQuery {
                user: Some(ids[0]),
                ..query()
            },
            vec![1, 3, 5],
        ),
        (
            AuditQuery {
                user: Some(ids[0]),
                newest_first: true,
                ..query()
            },
            vec![5, 3, 1],
        ),
        (
            AuditQuery {
                user: Some(UserId(99)),
                ..query()
            },
            vec![],
        ),
        (
            AuditQuery {
                actor: text("LITWAREINC\\other"),
                ..query()
            },
            vec![3],
        ),
        (
            AuditQuery {
                action: text("logon"),
                ..query()
            },
            vec![5],
        ),
        (
            AuditQuery {
                outcome: text("success"),
                newest_first: true,
                ..query()
            },
            vec![4, 3, 2, 1],
        ),
        (
            AuditQuery {
                after: Some(at(20)),
                before: Some(at(40)),
                ..query()
            },
            vec![3, 4],
        ),
        (
            AuditQuery {
                user: Some(ids[0]),
                before: Some(at(40)),
                action: text("Test"),
                ..query()
            },
            vec![1],
        ),
        (
            AuditQuery {
                user: Some(ids[0]),
                outcome: text("PinNotSet"),
                ..query()
            },
            vec![5],
        ),
    ] {
        let page = store.audit(&query, None, 100).await.unwrap();
        let found: Vec<_> = page.records.iter().map(|record| record.seq).collect();
        assert_eq!((found, page.next), (expected, None), "{query:?}");
    }
    let locked = &all(store).await[2];
    assert_eq!(
        locked.changes.as_deref(),
        Some(r#"{"Lock":[null,"by an administrator"]}"#)
    );
    assert_eq!(
        locked.subject.as_deref(),
        Some("sip:person1@litwareinc.com")
    );
}

pub async fn pages_cover_every_record_once(store: &dyn Store) {
    let ids = people(store, 2).await;
    for second in 0..20 {
        let act = act(at(second));
        assert!(store.lock_pin(ids[0], &act).await.unwrap());
        assert!(store.lock_pin(ids[1], &act).await.unwrap());
    }
    for (user, newest_first) in [
        (None, false),
        (None, true),
        (Some(ids[1]), false),
        (Some(ids[1]), true),
    ] {
        let query = AuditQuery {
            user,
            newest_first,
            ..AuditQuery::default()
        };
        let whole = store.audit(&query, None, 1000).await.unwrap().records;
        for limit in [1, 7, 42] {
            let (mut found, mut from) = (Vec::new(), None);
            loop {
                let page = store.audit(&query, from, limit).await.unwrap();
                found.extend(page.records);
                match page.next {
                    Some(next) => from = Some(next),
                    None => break,
                }
            }
            assert_eq!(found, whole, "{query:?} by {limit}");
        }
    }
}

pub async fn retention_leaves_a_chain(store: &dyn Store) {
    let ids = people(store, 1).await;
    for second in 1..=20 {
        assert!(store.lock_pin(ids[0], &act(at(second))).await.unwrap());
    }
    let early = report(store).await.head;
    let mut removed = Vec::new();
    loop {
        let pruned = store.prune_audit(at(11), 4, &act(at(50))).await.unwrap();
        removed.push(pruned.removed);
        if !pruned.more {
            break;
        }
    }
    assert_eq!(removed, [4, 4, 3]);
    let records = all(store).await;
    let seqs: BTreeSet<_> = records.iter().map(|record| record.seq).collect();
    assert_eq!(seqs, (12..=24).collect());
    assert_eq!(
        records[12].changes.as_deref(),
        Some(r#"{"FirstRecord":[9,12]}"#)
    );
    let report = report(store).await;
    assert_eq!(
        (report.problem, report.records, report.anchor.seq),
        (None, 13, 11)
    );
    // What was noted is in the chain still.
    let noted = store.verify_audit(vec![early], Box::new(|_, _| true)).await;
    assert_eq!(noted.unwrap().unwrap().problem, None);
    // Everything may go, and it goes on all the same.
    let pruned = store.prune_audit(at(99), 1000, &act(at(60))).await.unwrap();
    assert_eq!((pruned.removed, pruned.more), (13, false));
    assert_eq!(all(store).await.len(), 1);
    let query = AuditQuery {
        user: Some(ids[0]),
        newest_first: true,
        ..AuditQuery::default()
    };
    assert!(
        store
            .audit(&query, None, 9)
            .await
            .unwrap()
            .records
            .is_empty()
    );
    assert!(store.unlock_pin(ids[0], &act(at(61))).await.unwrap());
    assert_eq!(store.audit(&query, None, 9).await.unwrap().records.len(), 1);
}

/// Everything that is counted from there on, in parts of so many records.
async fn counted(
    store: &dyn Store,
    from: CountFrom,
    most: u64,
) -> (Vec<(i64, Outcome, bool, u64)>, u64) {
    let (mut hours, mut failures) = (std::collections::BTreeMap::new(), 0);
    let mut from = from;
    loop {
        let part = store.count_log_ons(from, most).await.unwrap();
        for one in part.hours {
            let name = (one.hour, one.outcome.name(), one.locked_out);
            let entry = hours.entry(name).or_insert((one.outcome, 0));
            entry.1 += one.log_ons;
        }
        failures += part.failures.iter().map(|one| one.log_ons).sum::<u64>();
        if !part.more {
            break;
        }
        from = CountFrom::After(part.last);
    }
    let hours = hours
        .into_iter()
        .map(|((hour, _, locked), (outcome, count))| (hour, outcome, locked, count));
    (hours.collect(), failures)
}

pub async fn logons_are_counted_by_the_hour(store: &dyn Store) {
    const HOUR: i64 = 3600;
    let user = people(store, 1).await[0];
    set_pin(store, user, LengthClass::Five, at(0)).await;
    let hour = at(0).as_second().div_euclid(HOUR);
    for time in [HOUR, HOUR, 2 * HOUR] {
        let attempt = admitted(store, user, at(time)).await;
        settle(
            store,
            attempt,
            Verdict::Correct { upgraded: None },
            at(time),
        )
        .await;
    }
    let mut wrong = 0;
    while let pinward_store::Charged::Admitted { attempt, .. } = store
        .charge(user, at(3 * HOUR), LEASE, &log_on())
        .await
        .unwrap()
    {
        settle(store, attempt, Verdict::Wrong, at(3 * HOUR)).await;
        wrong += 1;
    }
    // What is refused for its right is no logon.
    store
        .record_refusal(&act(at(3 * HOUR)), "somebody", None)
        .await
        .unwrap();
    let expected = vec![
        (hour + 1, Outcome::Success, false, 2),
        (hour + 2, Outcome::Success, false, 1),
        (hour + 3, Outcome::IncorrectPin, false, wrong - 1),
        (hour + 3, Outcome::IncorrectPin, true, 1),
        (hour + 3, Outcome::UserPinAccountLocked, false, 1),
    ];
    for most in [1, 3, 1000] {
        let all = counted(store, CountFrom::After(0), most).await;
        assert_eq!(all, (expected.clone(), wrong + 1), "parts of {most}");
    }
    let late = counted(store, CountFrom::Time(at(2 * HOUR)), 1000).await;
    assert_eq!(late.0, expected[1..]);
    let later = counted(store, CountFrom::Time(at(9 * HOUR)), 1000).await;
    assert_eq!(later, (Vec::new(), 0));
}
