//! Figures over all users: the same as looking at them one by one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use pinward_core::{
    LengthClass, LockState, Policy, PolicyIdentity, PolicyPatch, Reach, Site, UserId, end_of,
};
use pinward_store::{
    CensusOf, Changed, Charged, Created, Granted, PinSet, PolicyChange, SetPin, Store, Tally,
    Verdict,
};

use crate::support::{LEASE, act, admitted, at, log_on, new_pin, people, person, settle};

const DAY: i64 = 24 * 3600;

fn of(now: Timestamp) -> CensusOf {
    CensusOf {
        now,
        until: now
            .checked_add(SignedDuration::from_hours(7 * 24))
            .expect("in range"),
        reach: Reach::Everything,
    }
}

fn tag(name: &str) -> PolicyIdentity {
    PolicyIdentity::Tag(name.to_owned())
}

fn site_policy(name: &str) -> PolicyIdentity {
    PolicyIdentity::Site(name.to_owned())
}

async fn change(
    store: &dyn Store,
    identity: &PolicyIdentity,
    lifetime: u64,
    attempts: Option<u64>,
) {
    let patch = PolicyPatch {
        pin_history_count: Some(3),
        pin_lifetime_days: Some(lifetime),
        maximum_logon_attempts: Some(attempts),
        ..PolicyPatch::default()
    };
    let changed = store
        .change_policy(identity, &patch, None, &act(at(0)))
        .await
        .unwrap();
    assert!(matches!(changed, Changed::Done(_)), "{changed:?}");
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

const USERS: u32 = 60;

/// Two sites, five policies, and users in every state there is. The time is day 100.
async fn company(store: &dyn Store) -> Vec<UserId> {
    let sites = ["Redmond", "Dublin"].map(|id| Site {
        id: id.to_owned(),
        display_name: None,
    });
    store.put_sites(&sites, &act(at(0))).await.unwrap();
    let ids = people(store, USERS).await;
    let mut dice = Dice(7);
    let placed = (1..=USERS).map(|number| {
        let mut person = person(number);
        person.site =
            [None, Some("Redmond"), Some("Dublin")][number as usize % 3].map(str::to_owned);
        person.dn = person
            .dn
            .replace("Finance", ["Finance", "Legal"][number as usize % 2]);
        person.enabled = number % 11 != 0;
        person
    });
    let put = store
        .put_people(placed.collect(), false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(put.len(), ids.len());
    for identity in [site_policy("Redmond"), tag("b"), tag("A"), tag("unused")] {
        let created = store
            .create_policy(&Policy::defaults(identity), &act(at(0)))
            .await;
        assert_eq!(created.unwrap(), Created::Done);
    }
    change(store, &PolicyIdentity::Global, 90, None).await;
    change(store, &site_policy("Redmond"), 60, Some(9)).await;
    change(store, &tag("b"), 0, Some(4)).await;
    for id in &ids {
        if let Some(name) = [None, None, Some("a"), Some("b")][dice.roll(4) as usize] {
            assert_eq!(
                store
                    .grant_policy(*id, Some(name), &act(at(0)))
                    .await
                    .unwrap(),
                Granted::Done
            );
        }
        one_user(store, *id, &mut dice).await;
    }
    ids
}

async fn one_user(store: &dyn Store, id: UserId, dice: &mut Dice) {
    let now = at(100 * DAY);
    let class = LengthClass::ALL[dice.roll(4) as usize];
    if dice.roll(5) > 0 {
        let set_at = at(dice.roll(100) as i64 * DAY);
        let own_end = (dice.roll(3) == 0).then(|| at((90 + dice.roll(30) as i64) * DAY));
        let set = store.set_pin(SetPin {
            must_change: dice.roll(4) == 0,
            expires_override: own_end,
            ..new_pin(id, class, set_at)
        });
        if set.await.unwrap() == PinSet::Disabled {
            return;
        }
        for turn in 0..dice.roll(6) {
            let charged = store.charge(id, now, LEASE, &log_on()).await.unwrap();
            let Charged::Admitted { attempt, .. } = charged else {
                break;
            };
            // Some are never answered: their leases run out.
            if turn % 3 != 2 {
                settle(store, attempt, Verdict::Wrong, now).await;
            }
        }
    }
    if dice.roll(9) == 0 {
        assert!(store.lock_pin(id, &act(now)).await.unwrap());
    }
}

/// What each user's own state adds up to.
async fn one_by_one(store: &dyn Store, ids: &[UserId], of: &CensusOf) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = store
        .policies()
        .await
        .unwrap()
        .into_iter()
        .map(Tally::of)
        .collect();
    for id in ids {
        let user = store.user(*id).await.unwrap().expect("a user");
        if !user.person.enabled || !of.reach.covers_person(&user.person) {
            continue;
        }
        let status = store
            .pin_status(*id, of.now)
            .await
            .unwrap()
            .expect("a user");
        let tally = tallies
            .iter_mut()
            .find(|tally| tally.policy.identity == status.policy.identity)
            .expect("its policy");
        let end = status.set_at.and_then(|set| {
            end_of(
                set,
                status.policy.pin_lifetime_days,
                status.expires_override,
            )
        });
        tally.users += 1;
        tally.missing += u64::from(status.set_at.is_none());
        tally.expired += u64::from(end.is_some_and(|end| end <= of.now));
        tally.expiring += u64::from(end.is_some_and(|end| of.now < end && end <= of.until));
        tally.must_change += u64::from(status.must_change);
        tally.locked += u64::from(status.counters.state(of.now) != LockState::None);
    }
    tallies
}

pub async fn nobody_and_everybody(store: &dyn Store) {
    let none = store.census(&of(at(0))).await.unwrap();
    assert_eq!(none, [Tally::of(Policy::defaults(PolicyIdentity::Global))]);
    people(store, 3).await;
    let all = store.census(&of(at(0))).await.unwrap();
    assert_eq!((all[0].users, all[0].missing, all[0].pins()), (3, 3, 0));
}

// R-POL-4, R-EXP-1, R-LOCK-9, R-LOCK-10
pub async fn counts_as_one_by_one(store: &dyn Store) {
    let ids = company(store).await;
    let mut seen = BTreeMap::new();
    for seconds in [0, 59, 60, 61, 3600, 3661, 5 * DAY, 40 * DAY, 400 * DAY] {
        let of = of(at(100 * DAY + seconds));
        let found = store.census(&of).await.unwrap();
        assert_eq!(
            found,
            one_by_one(store, &ids, &of).await,
            "after {seconds} s"
        );
        for (name, figure) in [
            ("missing", found[0].missing),
            ("expired", found[0].expired),
            ("expiring", found[0].expiring),
            ("must change", found[0].must_change),
            ("locked", found[0].locked),
        ] {
            *seen.entry(name).or_insert(0) += figure;
        }
        // Looking counts nothing twice and changes nothing.
        assert_eq!(store.census(&of).await.unwrap(), found);
    }
    assert!(seen.values().all(|figure| *figure > 0), "{seen:?}");
}

/// What is seen of a user: the policy, whether the PIN has ended, whether it will soon.
async fn look(store: &dyn Store, id: UserId, of: &CensusOf) -> (PolicyIdentity, bool, bool) {
    let status = store.pin_status(id, of.now).await.unwrap().expect("a user");
    let end = status.set_at.and_then(|set| {
        end_of(
            set,
            status.policy.pin_lifetime_days,
            status.expires_override,
        )
    });
    let by = |when| end.is_some_and(|end| end <= when);
    (status.policy.identity, by(of.now), by(of.until))
}

/// Whether a lock holds.
async fn is_locked(store: &dyn Store, id: UserId, now: Timestamp) -> bool {
    let status = store.pin_status(id, now).await.unwrap().expect("a user");
    status.counters.state(now) != LockState::None
}

/// Whether the next logon is refused; it leaves nothing behind.
async fn is_refused(store: &dyn Store, id: UserId, now: Timestamp) -> bool {
    match store.charge(id, now, LEASE, &log_on()).await.unwrap() {
        Charged::Admitted { attempt, .. } => {
            settle(store, attempt, Verdict::Released, now).await;
            false
        }
        Charged::Refused(_) => true,
        _ => false,
    }
}

// R-POL-5, R-POL-6, R-POL-7
pub async fn what_is_foreseen_comes_true(store: &dyn Store) {
    let ids = company(store).await;
    // All leases have run out, so that a logon is admitted or refused and never waits.
    let of = of(at(100 * DAY + 120));
    let with = |policy: Policy, lifetime, attempts| Policy {
        pin_lifetime_days: lifetime,
        pin_history_count: 1,
        maximum_logon_attempts: attempts,
        ..policy
    };
    let mut sums = [0; 4];
    for (identity, values) in [
        (PolicyIdentity::Global, Some((20, Some(2)))),
        (PolicyIdentity::Global, Some((0, None))),
        (site_policy("Redmond"), Some((10, Some(1)))),
        (tag("A"), Some((50, Some(3)))),
        (tag("b"), None),
        (site_policy("Redmond"), None),
        (tag("a"), None),
        (PolicyIdentity::Global, None),
    ] {
        let policy = store.policy(&identity).await.unwrap().expect("a policy");
        let change = match values {
            Some((lifetime, attempts)) => PolicyChange::Become(with(policy, lifetime, attempts)),
            None => PolicyChange::Remove(identity.clone()),
        };
        let foreseen = store
            .foresee(&change, &of)
            .await
            .unwrap()
            .expect("a policy");
        let tallies = one_by_one(store, &ids, &of).await;
        let tally = tallies.iter().find(|one| one.policy.identity == identity);
        assert_eq!(Some(&foreseen.now), tally, "{change:?}");

        let mut before = Vec::new();
        for id in &ids {
            let enabled = store
                .user(*id)
                .await
                .unwrap()
                .expect("a user")
                .person
                .enabled;
            let (policy, ended, _) = look(store, *id, &of).await;
            if enabled && policy == identity {
                before.push((*id, ended, is_locked(store, *id, of.now).await));
            }
        }
        match &change {
            PolicyChange::Become(policy) => {
                let patch = PolicyPatch {
                    pin_history_count: Some(1),
                    pin_lifetime_days: Some(policy.pin_lifetime_days.into()),
                    maximum_logon_attempts: Some(policy.maximum_logon_attempts.map(u64::from)),
                    ..PolicyPatch::default()
                };
                let _changed = store
                    .change_policy(&identity, &patch, None, &act(of.now))
                    .await
                    .unwrap();
            }
            PolicyChange::Remove(identity) => {
                let _removed = store
                    .remove_policy(identity, None, &act(of.now))
                    .await
                    .unwrap();
            }
        }
        // By policy: users, expired, expiring, revived, locked.
        let mut came: BTreeMap<String, [u64; 5]> = BTreeMap::new();
        for (id, was, was_locked) in before {
            let (now, ended, soon) = look(store, id, &of).await;
            let refused = !was_locked && is_refused(store, id, of.now).await;
            let row = came.entry(now.key()).or_default();
            row[0] += 1;
            row[1] += u64::from(ended && !was);
            row[2] += u64::from(soon && !ended);
            row[3] += u64::from(was && !ended);
            row[4] += u64::from(refused);
        }
        let told: BTreeMap<String, [u64; 5]> = foreseen
            .then
            .iter()
            .map(|one| {
                let row = [
                    one.users,
                    one.expired,
                    one.expiring,
                    one.revived,
                    one.locked,
                ];
                (one.policy.identity.key(), row)
            })
            .collect();
        assert_eq!(told, came, "{change:?}");
        for row in told.values() {
            for (sum, figure) in sums.iter_mut().zip(&row[1..]) {
                *sum += figure;
            }
        }
    }
    assert!(
        sums.iter().all(|sum| *sum > 0),
        "something of each: {sums:?}"
    );
    let gone = PolicyChange::Remove(tag("nowhere"));
    assert_eq!(store.foresee(&gone, &of).await.unwrap(), None);
}

// R-RBAC-3
pub async fn only_within_reach(store: &dyn Store) {
    let ids = company(store).await;
    for scopes in [
        &["site:Dublin"][..],
        &["OU:OU=Legal,DC=litwareinc,DC=com"],
        &["site:redmond", "OU:OU=Legal,DC=litwareinc,DC=com"],
        &[],
    ] {
        let of = CensusOf {
            reach: Reach::of(scopes.iter().copied()),
            ..of(at(100 * DAY))
        };
        let found = store.census(&of).await.unwrap();
        assert_eq!(found, one_by_one(store, &ids, &of).await, "{scopes:?}");
        let users: u64 = found.iter().map(|tally| tally.users).sum();
        assert_eq!(users == 0, scopes.is_empty(), "{scopes:?}");
        assert!(users < 55);
    }
    // A user's attempt under way is no failure yet.
    let open = admitted(store, ids[0], at(300 * DAY)).await;
    settle(store, open, Verdict::Released, at(300 * DAY)).await;
}
