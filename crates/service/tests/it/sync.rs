//! Synchronising with a source: R-AUTH-6, and what a sync may do to whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use pinward_core::{Clock, Membership, Outcome, Person, UserId};
use pinward_directory::source::{Cookie, Entry, Pages, Reading, Source, SourceError};
use pinward_service::{Due, Rhythm, SyncError, SyncOptions, SyncPhase, SyncProgress, SyncReport};
use pinward_testkit::Kit;
use proptest::prelude::*;
use tokio::sync::Notify;

use crate::helpers::{assign, log_on};

/// A source of these entries, in pages of two; an `Err` is where it breaks off.
pub struct Listed(pub Vec<Result<Entry, SourceError>>);

#[async_trait]
impl Source for Listed {
    async fn read(&mut self, _since: Option<&Cookie>) -> Result<Box<dyn Pages>, SourceError> {
        Ok(Box::new(Listed(self.0.clone())))
    }
}

#[async_trait]
impl Pages for Listed {
    async fn next(&mut self) -> Result<Option<Vec<Entry>>, SourceError> {
        let rest = self.0.split_off(self.0.len().min(2));
        let page: Result<Vec<Entry>, SourceError> =
            std::mem::replace(&mut self.0, rest).into_iter().collect();
        Ok(Some(page?).filter(|page| !page.is_empty()))
    }

    fn reading(&self) -> Reading {
        Reading::Full
    }

    fn cookie(&self) -> Option<Cookie> {
        None
    }
}

fn person(number: u32) -> Person {
    Person {
        guid: format!("00000000-0000-4000-8000-{number:012x}"),
        dn: format!("CN=Synced {number},OU=Synced,DC=litwareinc,DC=com"),
        display_name: format!("Synced {number}"),
        first_name: None,
        last_name: None,
        sam_account_name: format!("synced{number}"),
        domain: "LITWAREINC".to_owned(),
        upn: None,
        sip_address: Some(format!("sip:synced{number}@litwareinc.com")),
        line_uri: Some(format!("tel:+1999555{number:04};ext={}", 990_000 + number)),
        enabled: true,
        registrar_pool: None,
        site: None,
        attributes: BTreeMap::new(),
        when_created: None,
        when_changed: None,
    }
}

fn extension(number: u32) -> String {
    (990_000 + number).to_string()
}

fn listed(people: impl IntoIterator<Item = Person>) -> Listed {
    let entry = |person| Ok(Entry::Person(Box::new(person)));
    Listed(people.into_iter().map(entry).collect())
}

fn broken_off(people: impl IntoIterator<Item = Person>) -> Listed {
    let mut listed = listed(people);
    listed.0.push(Err(SourceError {
        id: "Gone",
        message: "the server went away".to_owned(),
    }));
    listed
}

async fn sync_with(
    kit: &Kit,
    mut source: Listed,
    options: &SyncOptions,
) -> Result<SyncReport, SyncError> {
    let administrator = kit.administrator();
    kit.service
        .sync(&administrator, &mut source, options, &mut |_| true)
        .await
}

async fn sync(kit: &Kit, people: impl IntoIterator<Item = Person>) -> SyncReport {
    let report = sync_with(kit, listed(people), &SyncOptions::of("users", "File")).await;
    report.expect("synchronised")
}

/// The numbers and the state of those who are there of people 1 to 20.
async fn there(kit: &Kit) -> BTreeMap<u32, bool> {
    let mut there = BTreeMap::new();
    for user in kit.store.users_after(None, 10_000).await.expect("users") {
        let digits = user.person.guid.strip_prefix("00000000-0000-4000-8000-");
        if let Some(digits) = digits {
            let number = u32::from_str_radix(digits, 16).expect("ours");
            there.insert(number, user.person.enabled);
        }
    }
    there
}

#[tokio::test]
async fn whoever_is_gone_holds_no_role_and_is_not_signed_in() {
    let kit = Kit::without_people().await;
    let group = "CN=CsAdministrator,OU=Groups,DC=litwareinc,DC=com".to_owned();
    let people = || {
        (1..=10).map(|number| Person {
            attributes: BTreeMap::from([("memberof".to_owned(), vec![group.clone()])]),
            ..person(number)
        })
    };
    sync(&kit, people()).await;
    let first = kit.person("LITWAREINC\\synced1").await;
    let at = pinward_service::Source::of(pinward_service::Door::Web);
    let may = async || {
        let now = kit.service.signed_in(first.id, &at).await.expect("a store");
        now.map(|now| {
            let right = now.caller.permit(pinward_service::Right::GrantRole);
            right.is_ok()
        })
    };
    let administrator = kit.administrator();
    let acts = async || {
        let acting = kit
            .service
            .caller_for(&administrator, "LITWAREINC\\synced1");
        acting.await.is_ok()
    };
    assert_eq!((may().await, acts().await), (Some(true), true));
    sync(&kit, people().skip(1)).await;
    assert_eq!((may().await, acts().await), (None, false));
    sync(&kit, people()).await;
    assert_eq!((may().await, acts().await), (Some(true), true));
}

fn wait(kit: &Kit, days: i64) {
    kit.clock.advance_days(days);
}

// R-LOCK-1: whatever else changes, what belongs to a GUID stays with it
#[tokio::test]
async fn a_person_who_is_renamed_moved_and_renumbered_keeps_the_pin() {
    let kit = Kit::sample().await;
    let _first = sync(&kit, [person(1), person(2)]).await;
    let _user = assign(&kit, "litwareinc\\synced1", "18723834").await;
    let other = Person {
        guid: person(1).guid,
        dn: "CN=Müller\\, Anna,OU=移動,DC=litwareinc,DC=com".to_owned(),
        ..person(7)
    };
    let report = sync(&kit, [other, person(2)]).await;
    assert_eq!((report.figures.updated, report.unchanged), (1, 1));
    let outcome = log_on(&kit, &extension(7), "18723834").await;
    assert_eq!(outcome, Outcome::Success);
    let outcome = log_on(&kit, &extension(1), "18723834").await;
    assert_eq!(outcome, Outcome::UserDoesNotExist);
}

#[tokio::test]
async fn two_users_may_swap_their_numbers_in_either_order() {
    let kit = Kit::sample().await;
    let _first = sync(&kit, [person(1), person(2)]).await;
    let _user = assign(&kit, "litwareinc\\synced1", "18723834").await;
    for turn in 0..2 {
        let (mut first, mut second) = (person(1), person(2));
        if turn == 0 {
            std::mem::swap(&mut first.line_uri, &mut second.line_uri);
        }
        let order = match turn {
            0 => [first, second],
            _ => [second, first],
        };
        let report = sync(&kit, order).await;
        assert_eq!(report.figures.updated, 2);
        assert_eq!(report.conflicts, []);
        let number = extension(2 - turn);
        let outcome = log_on(&kit, &number, "18723834").await;
        assert_eq!(outcome, Outcome::Success, "turn {turn}");
    }
}

#[tokio::test]
async fn whoever_disappears_is_disabled_at_once_and_comes_back_within_the_grace() {
    let kit = Kit::sample().await;
    let _first = sync(&kit, (1..=6).map(person)).await;
    let _user = assign(&kit, "litwareinc\\synced1", "18723834").await;
    let report = sync(&kit, (2..=6).map(person)).await;
    assert_eq!(report.figures.disabled, 1);
    let outcome = log_on(&kit, &extension(1), "18723834").await;
    assert_ne!(outcome, Outcome::Success);
    wait(&kit, 29);
    let report = sync(&kit, (1..=6).map(person)).await;
    assert_eq!(report.figures.returned, 1);
    let outcome = log_on(&kit, &extension(1), "18723834").await;
    assert_eq!(outcome, Outcome::Success);
    let _gone = sync(&kit, (2..=6).map(person)).await;
    wait(&kit, 30);
    let report = sync(&kit, (1..=6).map(person)).await;
    assert_eq!(report.figures.returned, 1, "was there before the purge");
    let _gone = sync(&kit, (2..=6).map(person)).await;
    wait(&kit, 30);
    let report = sync(&kit, (2..=6).map(person)).await;
    assert_eq!(report.figures.purged, 1);
    let report = sync(&kit, (1..=6).map(person)).await;
    assert_eq!(report.figures.created, 1);
    let outcome = log_on(&kit, &extension(1), "18723834").await;
    assert_eq!(outcome, Outcome::PinNotSet);
}

#[tokio::test]
async fn a_sync_that_would_disable_too_many_asks() {
    for (users, left, allowed, asks) in [
        (10, 5, None, false),
        (40, 32, None, false),
        (40, 31, None, true),
        (40, 31, Some(9), false),
        (40, 31, Some(8), true),
        (4, 0, None, true),
        (4, 0, Some(4), false),
        (1, 0, None, false),
    ] {
        let kit = Kit::sample().await;
        let _first = sync(&kit, (1..=users).map(person)).await;
        let options = SyncOptions {
            allow_disable: allowed,
            ..SyncOptions::of("users", "File")
        };
        let mut people: Vec<Person> = (1..=left).map(person).collect();
        people.push(person(100));
        // Half of those who go are there, but disabled.
        people.extend((left + 1..=users).step_by(2).map(|number| Person {
            enabled: false,
            ..person(number)
        }));
        let report = sync_with(&kit, listed(people), &options).await;
        let report = report.expect("an answer");
        let case = format!("{users} to {left}, {allowed:?}");
        assert_eq!(report.asks, asks, "{case}");
        assert_eq!(report.figures.disabled, u64::from(users - left), "{case}");
        let there = there(&kit).await;
        let enabled = there.values().filter(|enabled| **enabled).count();
        let expected = if asks { users } else { left + 1 };
        assert_eq!(enabled, expected as usize, "{case}");
        assert_eq!(there.contains_key(&100), !asks, "{case}");
        let administrator = kit.administrator();
        let status = kit.service.sources(&administrator).await.expect("sources");
        let result = if asks { "TooManyDisabled" } else { "Success" };
        assert_eq!(status[0].last_result.as_deref(), Some(result), "{case}");
    }
}

// R-RBAC-3: sources count the people of the whole company.
#[tokio::test]
async fn sources_are_told_to_whoever_reaches_all() {
    let kit = Kit::sample().await;
    let _first = sync(&kit, (1..=6).map(person)).await;
    for (users, sites, expected) in [
        ("global", "global", 1),
        ("OU:OU=Finance,DC=litwareinc,DC=com", "global", 0),
        ("site:Redmond", "global", 0),
        ("global", "site:Redmond", 0),
    ] {
        let caller = crate::scopes::scoped(&kit, &[users], &[sites]).await;
        let told = kit.service.sources(&caller).await.expect("sources");
        assert_eq!(told.len(), expected, "{users}, {sites}");
    }
}

#[tokio::test]
async fn a_reading_that_breaks_off_and_a_dry_run_change_nobody() {
    let kit = Kit::sample().await;
    let _first = sync(&kit, (1..=6).map(person)).await;
    let before = kit.store.users_after(None, 10_000).await.expect("users");
    let renamed = Person {
        display_name: "Somebody".to_owned(),
        ..person(2)
    };
    let usual = SyncOptions::of("users", "File");
    let people = [person(9), renamed, person(3)];
    let error = sync_with(&kit, broken_off(people.clone()), &usual).await;
    assert!(
        matches!(&error, Err(SyncError::Source(error)) if error.id == "Gone"),
        "{error:?}"
    );
    let dry = SyncOptions {
        dry_run: true,
        ..usual
    };
    let report = sync_with(&kit, listed(people), &dry).await.expect("a plan");
    let figures = report.figures;
    assert_eq!(
        (figures.created, figures.updated, figures.disabled),
        (1, 1, 4)
    );
    let after = kit.store.users_after(None, 10_000).await.expect("users");
    assert_eq!(before, after);
    let administrator = kit.administrator();
    let status = kit.service.sources(&administrator).await.expect("sources");
    assert_eq!(status[0].last_result.as_deref(), Some("Gone"));
    assert_eq!(status[0].gone, 0);
}

#[tokio::test]
async fn a_sync_that_is_stopped_is_gone_on_with_by_the_next() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let options = SyncOptions::of("users", "File");
    let _first = sync(&kit, (1..=6).map(person)).await;
    for (stop_at, done, expected) in [
        (SyncPhase::Reading, 1, 6),
        // Asked before anybody is changed.
        (SyncPhase::Applying, 0, 6),
        (SyncPhase::Applying, 1, 8),
    ] {
        let mut source = listed((3..=8).map(person));
        let mut told = |progress: SyncProgress| progress.phase != stop_at || progress.done < done;
        let report = kit
            .service
            .sync(&administrator, &mut source, &options, &mut told)
            .await
            .expect("a report");
        assert!(report.interrupted);
        assert_eq!(report.figures.disabled, 0);
        assert_eq!(there(&kit).await.len(), expected, "{stop_at:?} {done}");
    }
    let report = sync(&kit, (3..=8).map(person)).await;
    let figures = report.figures;
    assert_eq!((figures.created, figures.disabled), (0, 2));
}

async fn due(kit: &Kit) -> Due {
    let rhythm = Rhythm {
        every: SignedDuration::from_mins(15),
        full_every: SignedDuration::from_hours(24),
    };
    let administrator = kit.administrator();
    let due = kit.service.sync_due(&administrator, "users", &rhythm, None);
    due.await.expect("known")
}

#[tokio::test]
async fn a_sync_that_only_began_puts_none_off() {
    let kit = Kit::sample().await;
    let usual = SyncOptions::of("users", "File");
    let dry = SyncOptions {
        dry_run: true,
        ..usual.clone()
    };
    let now = Due::Now { full: true };
    let _plan = sync_with(&kit, listed([person(1)]), &dry).await;
    assert_eq!(due(&kit).await, now, "after a dry run");
    let _error = sync_with(&kit, broken_off([person(1)]), &dry).await;
    assert_eq!(due(&kit).await, now, "after one that failed");
    let administrator = kit.administrator();
    let mut source = listed([person(1)]);
    let stopped = kit
        .service
        .sync(&administrator, &mut source, &usual, &mut |_| false)
        .await;
    assert!(stopped.expect("a report").interrupted);
    assert_eq!(due(&kit).await, now, "after one that was stopped");
    // It may still go on.
    let hangs = Arc::new(Notify::new());
    let mut source = Hanging(Arc::clone(&hangs));
    let mut on = |_| true;
    tokio::select! {
        came = kit.service.sync(&administrator, &mut source, &usual, &mut on) => panic!("{came:?}"),
        () = hangs.notified() => {}
    }
    assert_eq!(due(&kit).await, Due::In(SignedDuration::from_mins(2)));
    kit.clock.advance_minutes(2);
    assert_eq!(due(&kit).await, now, "after one that was dropped");
    let _report = sync(&kit, [person(1)]).await;
    assert_eq!(due(&kit).await, Due::In(SignedDuration::from_mins(15)));
}

/// A server that does not answer, and says that it does not.
struct Hanging(Arc<Notify>);

#[async_trait]
impl Source for Hanging {
    async fn read(&mut self, _since: Option<&Cookie>) -> Result<Box<dyn Pages>, SourceError> {
        self.0.notify_one();
        std::future::pending().await
    }
}

/// Servers that break off one after the other.
struct Breaking(Vec<Listed>);

#[async_trait]
impl Source for Breaking {
    async fn read(&mut self, since: Option<&Cookie>) -> Result<Box<dyn Pages>, SourceError> {
        self.0.remove(0).read(since).await
    }

    fn has_another(&self) -> bool {
        !self.0.is_empty()
    }
}

#[tokio::test]
async fn why_each_server_broke_off_is_said() {
    let kit = Kit::sample().await;
    let breaks = |message: &str| {
        let (id, message) = ("Gone", message.to_owned());
        Listed(vec![Err(SourceError { id, message })])
    };
    let mut source = Breaking(vec![breaks("a went away"), breaks("b went away")]);
    let options = SyncOptions::of("users", "File");
    let administrator = kit.administrator();
    let came = kit
        .service
        .sync(&administrator, &mut source, &options, &mut |_| true)
        .await;
    let error = came.expect_err("nobody was left").to_string();
    assert_eq!(error, "a went away; b went away. Nobody was changed");
}

// R-AUTH-6
#[tokio::test]
async fn two_users_of_one_number_are_reported_and_neither_logs_on() {
    let kit = Kit::sample().await;
    let twin = Person {
        line_uri: person(1).line_uri,
        ..person(2)
    };
    let report = sync(&kit, [person(1), twin]).await;
    let [conflict] = report.conflicts.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(
        (conflict.what.as_str(), conflict.value.as_str()),
        ("extension", extension(1).as_str())
    );
    for number in [1, 2] {
        let name = format!("LITWAREINC\\synced{number}");
        assert!(conflict.users.contains(&name), "{conflict:?}");
        let _user = assign(&kit, &name, "18723834").await;
    }
    let outcome = log_on(&kit, &extension(1), "18723834").await;
    assert_eq!(outcome, Outcome::NonUniqueUser);
    let administrator = kit.administrator();
    let status = kit.service.sources(&administrator).await.expect("sources");
    assert_eq!(status[0].conflicts, 1);
}

#[tokio::test]
async fn people_of_a_source_belong_to_sites_by_the_rules() {
    let kit = Kit::sample().await;
    let site = pinward_core::Site {
        id: "Synced".to_owned(),
        display_name: None,
    };
    let units = Membership::of_units(["OU=Synced,DC=litwareinc,DC=com"]).expect("a unit");
    let act = kit.act();
    let created = kit.store.create_site(&site, &units, &act).await;
    assert_eq!(created.expect("made"), pinward_store::SiteCreated::Done);
    let elsewhere = Person {
        dn: "CN=Synced 2,DC=litwareinc,DC=com".to_owned(),
        ..person(2)
    };
    let _report = sync(&kit, [person(1), elsewhere]).await;
    let site = async |name: &str| kit.person(name).await.person.site;
    assert_eq!(site("litwareinc\\synced1").await.as_deref(), Some("Synced"));
    assert_eq!(site("litwareinc\\synced2").await, None);
}

/// One reading: who is in it, whether it breaks off, and the days before it.
type Step = (BTreeSet<u32>, bool, i64);

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// After any readings, the enabled people of the source are those of the last complete one, those who
    /// are gone for less than the grace are kept, and PINs stay with their GUIDs.
    #[test]
    fn the_people_are_those_of_the_last_complete_reading(
        steps in prop::collection::vec(
            (prop::collection::btree_set(1u32..=6, 0..=6), prop::bool::weighted(0.2), 0i64..20),
            1..8,
        )
    ) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(model(steps));
    }
}

async fn model(steps: Vec<Step>) {
    let kit = Kit::sample().await;
    let options = SyncOptions {
        allow_disable: Some(6),
        ..SyncOptions::of("users", "File")
    };
    let mut expected: BTreeMap<u32, Option<i64>> = BTreeMap::new();
    let mut ids: BTreeMap<u32, UserId> = BTreeMap::new();
    let mut day = 0;
    for (people, breaks_off, days) in steps {
        wait(&kit, days);
        day += days;
        if breaks_off {
            let came = sync_with(
                &kit,
                broken_off(people.iter().copied().map(person)),
                &options,
            );
            assert!(came.await.is_err());
        } else {
            let came = sync_with(&kit, listed(people.iter().copied().map(person)), &options).await;
            came.expect("synchronised");
            expected.retain(|number, gone| {
                people.contains(number) || gone.is_none_or(|since| since > day - 30)
            });
            for (number, gone) in &mut expected {
                *gone = match people.contains(number) {
                    true => None,
                    false => gone.or(Some(day)),
                };
            }
            expected.extend(people.iter().map(|number| (*number, None)));
        }
        ids.retain(|number, _| expected.contains_key(number));
        let enabled = expected
            .iter()
            .map(|(number, gone)| (*number, gone.is_none()));
        assert_eq!(there(&kit).await, enabled.collect::<BTreeMap<_, _>>());
        for (number, gone) in &expected {
            let user = kit.person(&person(*number).dn).await;
            let status = kit.store.pin_status(user.id, kit.clock.now()).await;
            let has_pin = status
                .expect("a status")
                .is_some_and(|s| s.set_at.is_some());
            assert_eq!(
                has_pin,
                ids.get(number) == Some(&user.id),
                "person {number}"
            );
            if gone.is_none() && !has_pin {
                let user = assign(&kit, &user.person.dn, "18723834").await;
                ids.insert(*number, user.id);
            }
        }
    }
}
