//! Synchronising with sources.

use pinward_core::{LengthClass, Person, Timestamp, User, UserId};
use pinward_store::{
    Conflict, ReadingId, Staged, Store, SyncEnd, SyncFigures, SyncPlan, SyncStep, SyncTerms,
};

use crate::support::{act, at, people, person, set_pin};

const DAY: i64 = 24 * 60 * 60;

fn staged(people: impl IntoIterator<Item = Person>) -> Vec<Staged> {
    people
        .into_iter()
        .map(|person| Staged::Person(Box::new(person)))
        .collect()
}

/// Begins a reading, stages and judges it.
async fn judged(store: &dyn Store, name: &str, entries: Vec<Staged>) -> ReadingId {
    let reading = store
        .begin_reading(name, "File", at(0))
        .await
        .unwrap()
        .reading;
    for entries in entries.chunks(2) {
        let kept = store.stage(reading, entries.to_vec(), at(0)).await.unwrap();
        kept.expect("not overtaken");
    }
    while store.judge_staged(reading, 2, at(0)).await.unwrap() == Some(2) {}
    reading
}

fn terms(full: bool, now: Timestamp) -> SyncTerms {
    SyncTerms {
        full,
        purge_before: now - jiff::SignedDuration::from_secs(30 * DAY),
    }
}

async fn apply(
    store: &dyn Store,
    reading: ReadingId,
    plan: &SyncPlan,
    now: Timestamp,
) -> SyncFigures {
    let mut figures = SyncFigures::default();
    loop {
        let step = SyncStep::Entries(2);
        let step = store.apply_reading(reading, step, &act(now)).await;
        let step = step.unwrap().expect("not overtaken");
        figures.add(step);
        if step.gone_through < 2 {
            break;
        }
    }
    for step in [
        SyncStep::Missing(plan.missing.clone()),
        SyncStep::Purge(plan.purge.clone()),
    ] {
        let step = store.apply_reading(reading, step, &act(now)).await.unwrap();
        figures.add(step.expect("not overtaken"));
    }
    figures.gone_through = 0;
    figures
}

fn end(full: bool, figures: SyncFigures) -> SyncEnd {
    SyncEnd {
        complete: true,
        full,
        result: "Success".to_owned(),
        cookie: Some("here".to_owned()),
        conflicts: 0,
        figures,
    }
}

/// A whole sync of a full reading.
async fn sync(
    store: &dyn Store,
    name: &str,
    entries: Vec<Staged>,
    seconds: i64,
) -> (SyncPlan, SyncFigures) {
    let reading = judged(store, name, entries).await;
    let now = at(seconds);
    let plan = store.plan_reading(reading, terms(true, now)).await.unwrap();
    let plan = plan.expect("not overtaken");
    let figures = apply(store, reading, &plan, now).await;
    let ended = store
        .end_reading(reading, end(true, figures), &act(now))
        .await;
    ended.unwrap().expect("not overtaken");
    while store.forget_staged(reading, 2).await.unwrap() == 2 {}
    (plan, figures)
}

async fn everybody(store: &dyn Store) -> Vec<User> {
    store.users_after(None, 100).await.unwrap()
}

async fn of_guid(store: &dyn Store, number: u32) -> Option<User> {
    let guid = person(number).guid;
    let all = everybody(store).await;
    all.into_iter().find(|user| user.person.guid == guid)
}

async fn has_pin(store: &dyn Store, user: UserId) -> bool {
    let status = store.pin_status(user, at(0)).await.unwrap();
    status.is_some_and(|status| status.set_at.is_some())
}

pub async fn a_reading_changes_nobody_until_it_is_applied(store: &dyn Store) {
    let _ids = people(store, 2).await;
    let before = everybody(store).await;
    let mut renamed = person(1);
    renamed.display_name = "Somebody".to_owned();
    let reading = judged(store, "a", staged([renamed, person(3)])).await;
    let plan = store.plan_reading(reading, terms(true, at(1))).await;
    let plan = plan.unwrap().unwrap();
    assert_eq!((plan.created, plan.updated, plan.disabled), (1, 1, 0));
    assert_eq!(everybody(store).await, before);
    let sources = store.sources().await.unwrap();
    let [source] = sources.as_slice() else {
        panic!("{sources:?}");
    };
    let known = (source.under_way, source.last_attempt);
    assert_eq!(known, (Some(at(0)), None), "under way");
    // The next reading overtakes it, and then it does nothing any more.
    let next = store
        .begin_reading("A", "File", at(1))
        .await
        .unwrap()
        .reading;
    assert_eq!((next.source, next.number), (reading.source, 2));
    let step = SyncStep::Entries(9);
    let late = store.apply_reading(reading, step, &act(at(1))).await;
    assert_eq!(late.unwrap(), None);
    let late = store.stage(reading, Vec::new(), at(2)).await;
    assert_eq!(late.unwrap(), None);
    let late = store.judge_staged(reading, 1, at(2)).await;
    assert_eq!(late.unwrap(), None);
    store.leave_reading(reading).await.unwrap();
    let late = store.plan_reading(reading, terms(true, at(1))).await;
    assert_eq!(late.unwrap(), None);
    assert_eq!(everybody(store).await, before);
    assert_eq!(under_way(store).await, Some(at(1)), "the next one");
    // What it left behind goes a few at a time.
    assert_eq!(store.forget_staged(next, 1).await.unwrap(), 1);
    assert_eq!(store.forget_staged(next, 9).await.unwrap(), 1);
}

async fn under_way(store: &dyn Store) -> Option<Timestamp> {
    let sources = store.sources().await.unwrap();
    let [source] = sources.as_slice() else {
        panic!("{sources:?}");
    };
    source.under_way
}

pub async fn each_step_of_a_reading_says_that_it_is_under_way(store: &dyn Store) {
    let reading = judged(store, "a", Vec::new()).await;
    assert_eq!(under_way(store).await, Some(at(0)));
    let _kept = store.stage(reading, Vec::new(), at(1)).await.unwrap();
    assert_eq!(under_way(store).await, Some(at(1)));
    let _judged = store.judge_staged(reading, 1, at(2)).await.unwrap();
    assert_eq!(under_way(store).await, Some(at(2)));
    let step = SyncStep::Entries(1);
    let _done = store.apply_reading(reading, step, &act(at(3))).await;
    assert_eq!(under_way(store).await, Some(at(3)));
    store.leave_reading(reading).await.unwrap();
    assert_eq!(under_way(store).await, None);
}

pub async fn whoever_is_missing_is_gone_and_comes_back_with_everything(store: &dyn Store) {
    let (_, figures) = sync(store, "a", staged([person(1), person(2)]), 0).await;
    assert_eq!(figures.created, 2);
    let first = of_guid(store, 1).await.unwrap();
    set_pin(store, first.id, LengthClass::Five, at(0)).await;
    let granted = store.grant_role(first.id, "CsHelpDesk", &act(at(0))).await;
    let _granted = granted.unwrap();
    let (plan, figures) = sync(store, "a", staged([person(2)]), DAY).await;
    assert_eq!((plan.missing.len(), figures.disabled), (1, 1));
    assert_eq!(plan.disabled_names, ["sip:person1@litwareinc.com"]);
    assert!(!of_guid(store, 1).await.unwrap().person.enabled);
    // Still gone, and still kept, on the last day.
    let (_, figures) = sync(store, "a", staged([person(2)]), 31 * DAY - 1).await;
    assert_eq!(figures, SyncFigures::default());
    let status = &store.sources().await.unwrap()[0];
    assert_eq!((status.users, status.enabled, status.gone), (2, 1, 1));
    assert_eq!(status.last_full, Some(at(31 * DAY - 1)));
    assert!(status.has_cookie);
    let (_, figures) = sync(store, "a", staged([person(1), person(2)]), 31 * DAY - 1).await;
    assert_eq!((figures.returned, figures.updated), (1, 0));
    let back = of_guid(store, 1).await.unwrap();
    assert_eq!(back, first);
    assert!(has_pin(store, back.id).await);
    let roles = store.granted_roles(back.id).await.unwrap();
    assert_eq!(roles, ["cshelpdesk"]);
}

pub async fn whoever_is_gone_too_long_is_purged_and_the_id_is_not_given_again(store: &dyn Store) {
    let _created = sync(store, "a", staged([person(1), person(2)]), 0).await;
    let last = of_guid(store, 2).await.unwrap();
    set_pin(store, last.id, LengthClass::Five, at(0)).await;
    let _gone = sync(store, "a", staged([person(1)]), DAY).await;
    let (plan, figures) = sync(store, "a", staged([person(1)]), 31 * DAY).await;
    assert_eq!((plan.purge.as_slice(), figures.purged), (&[last.id][..], 1));
    assert_eq!(store.user(last.id).await.unwrap(), None);
    let (_, figures) = sync(store, "a", staged([person(1), person(2)]), 32 * DAY).await;
    assert_eq!(figures.created, 1);
    let again = of_guid(store, 2).await.unwrap();
    assert!(again.id > last.id, "{:?}", again.id);
    assert!(!has_pin(store, again.id).await);
}

pub async fn pins_follow_the_guid_whatever_else_is_swapped(store: &dyn Store) {
    let _created = sync(store, "a", staged([person(1), person(2)]), 0).await;
    let (first, second) = (
        of_guid(store, 1).await.unwrap(),
        of_guid(store, 2).await.unwrap(),
    );
    set_pin(store, first.id, LengthClass::Five, at(0)).await;
    let swapped = |mine: u32, others: u32| Person {
        guid: person(mine).guid,
        ..person(others)
    };
    let _swapped = sync(store, "a", staged([swapped(1, 2), swapped(2, 1)]), 1).await;
    let now = of_guid(store, 1).await.unwrap();
    assert_eq!((now.id, now.person), (first.id, swapped(1, 2)));
    assert!(has_pin(store, first.id).await && !has_pin(store, second.id).await);
    // Somebody new under the name of somebody who moved inherits nothing, in either order.
    let mut moved = person(1);
    moved.dn = "CN=Elsewhere,DC=litwareinc,DC=com".to_owned();
    let _new = sync(store, "a", staged([swapped(3, 1), moved, person(2)]), 2).await;
    assert!(has_pin(store, first.id).await);
    let third = of_guid(store, 3).await.unwrap();
    assert!(third.id > second.id && !has_pin(store, third.id).await);
    // Nor does somebody new under the name of somebody who is gone.
    let _new = sync(store, "a", staged([swapped(4, 2), person(3)]), 3).await;
    assert!(!of_guid(store, 2).await.unwrap().person.enabled);
    assert!(of_guid(store, 4).await.unwrap().person.enabled);
}

pub async fn sources_do_not_disturb_each_other(store: &dyn Store) {
    let ids = people(store, 1).await;
    let _a = sync(store, "a", staged([person(2), person(3)]), 0).await;
    let (plan, _) = sync(store, "b", staged([person(4), person(3)]), 1).await;
    assert_eq!((plan.created, plan.missing.len()), (1, 0));
    let [(name, reason)] = plan.unusable.as_slice() else {
        panic!("{plan:?}");
    };
    assert_eq!((name, reason.contains("\"a\"")), (&person(3).dn, true));
    let all = everybody(store).await;
    assert!(all.len() == 4 && all.iter().all(|user| user.person.enabled));
    // Somebody of the built-in directory may become one of a source, and keeps everything.
    set_pin(store, ids[0], LengthClass::Five, at(1)).await;
    let (plan, _) = sync(store, "b", staged([person(4), person(1)]), 2).await;
    assert_eq!((plan.created, plan.updated, plan.unchanged), (0, 1, 1));
    assert!(has_pin(store, ids[0]).await);
    // And whom one source has no more may be in another.
    let _gone = sync(store, "a", staged([person(2)]), 3).await;
    let entries = staged([person(4), person(1), person(3)]);
    let (plan, _) = sync(store, "b", entries, 4).await;
    assert_eq!((plan.returned, plan.unusable.len()), (1, 0));
    let users: Vec<u64> = store
        .sources()
        .await
        .unwrap()
        .iter()
        .map(|s| s.users)
        .collect();
    assert_eq!(users, [1, 3]);
}

pub async fn an_entry_of_no_use_leaves_its_person(store: &dyn Store) {
    let all = staged([person(1), person(2), person(3)]);
    let _created = sync(store, "a", all, 0).await;
    let mut nowhere = person(1);
    nowhere.site = Some("Nowhere".to_owned());
    let unusable = |guid: Option<String>, name: &str| Staged::Unusable {
        guid,
        name: name.to_owned(),
        reason: "no logon".to_owned(),
    };
    let mut entries = staged([nowhere, person(4), person(4)]);
    entries.push(unusable(Some(person(2).guid), "CN=x"));
    entries.push(unusable(None, &person(3).dn.to_uppercase()));
    let (plan, figures) = sync(store, "a", entries.clone(), 1).await;
    assert_eq!((plan.unusable.len(), plan.missing.len()), (4, 0));
    assert_eq!((figures.created, figures.disabled), (1, 0));
    // Whose it is cannot be told: nobody is taken for gone.
    let (plan, figures) = sync(store, "a", vec![unusable(None, "line 7")], 40 * DAY).await;
    assert_eq!((plan.held_back, plan.missing.len()), (4, 0));
    assert_eq!(figures, SyncFigures::default());
}

pub async fn an_increment_takes_whom_it_says(store: &dyn Store) {
    let all = staged([person(1), person(2), person(3)]);
    let _created = sync(store, "a", all, 0).await;
    let mut renamed = person(2);
    renamed.display_name = "Other".to_owned();
    let mut entries = staged([renamed]);
    for number in [1, 1, 9] {
        entries.push(Staged::Gone {
            guid: person(number).guid,
        });
    }
    let reading = judged(store, "a", entries).await;
    let plan = store.plan_reading(reading, terms(false, at(5))).await;
    let plan = plan.unwrap().unwrap();
    assert_eq!((plan.updated, plan.missing.len()), (1, 0));
    let figures = apply(store, reading, &plan, at(5)).await;
    assert_eq!((figures.updated, figures.disabled), (1, 1));
    let ended = end(false, figures);
    let ended = store.end_reading(reading, ended, &act(at(5))).await;
    ended.unwrap().unwrap();
    let status = store.sources().await.unwrap().remove(0);
    assert_eq!((status.enabled, status.gone), (2, 1));
    assert_eq!(
        (status.last_full, status.last_increment),
        (Some(at(0)), Some(at(5)))
    );
}

// R-AUTH-6
pub async fn conflicts_are_told_before_and_after(store: &dyn Store) {
    let _ids = people(store, 1).await;
    let mut twin = person(2);
    twin.line_uri = person(1).line_uri;
    twin.sip_address = person(1).sip_address;
    let mut shared = person(3);
    shared.line_uri = Some("tel:+14255550004".to_owned());
    let expected = |what: &str, value: &str, users: [u32; 2]| Conflict {
        what: what.to_owned(),
        value: value.to_owned(),
        users: users
            .iter()
            .map(|number| format!("LITWAREINC\\person{number}"))
            .collect(),
    };
    let both = [
        expected("extension", "50001", [1, 2]),
        expected("number", "14255550004", [3, 4]),
        expected("SIP address", "sip:person1@litwareinc.com", [1, 2]),
    ];
    for seconds in [0, 1] {
        let entries = staged([twin.clone(), shared.clone(), person(4)]);
        let (plan, _) = sync(store, "a", entries, seconds).await;
        let mut conflicts = plan.conflicts;
        for conflict in &mut conflicts {
            conflict.users.sort_unstable();
        }
        assert_eq!(conflicts, both, "sync {seconds}");
    }
    // Whoever is disabled is in nobody's way.
    shared.enabled = false;
    let (plan, _) = sync(store, "a", staged([shared, person(4)]), 2).await;
    assert_eq!(plan.conflicts, []);
}

/// A reading of two people with a source, ready to be applied, for the test of the audit log.
pub async fn ready_to_apply(store: &dyn Store, number: u32) -> ReadingId {
    judged(store, "audited", staged([person(number)])).await
}
