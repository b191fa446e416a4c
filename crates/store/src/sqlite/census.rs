//! Figures over all users, in one pass. The database gives the rows; what they mean is judged by the
//! core, as everywhere.

use std::collections::HashMap;

use pinward_core::{
    Counters, LengthClass, Limits, LockState, Policy, PolicyIdentity, Reservation, Timestamp,
    end_of,
};
use rusqlite::{Connection, Row};

use super::convert::{length_class, lock_kind, maybe_time, ms, time};
use super::counters::user_of;
use super::policies::{self, GLOBAL, row_of};
use crate::{CensusOf, Foresight, PolicyChange, Shift, Tally};

/// One user, as far as the figures need them.
struct Seen {
    /// The rows of the granted policy and of the site.
    granted: Option<i64>,
    site: Option<i64>,
    pin: Option<Pin>,
    counters: Counters,
}

struct Pin {
    class: LengthClass,
    set_at: Timestamp,
    must_change: bool,
    own_end: Option<Timestamp>,
}

/// The policies, and which one governs whom.
#[derive(Clone)]
struct Rules {
    policies: HashMap<i64, Policy>,
    /// The row of the policy of each site that has one.
    by_site: HashMap<i64, i64>,
}

impl Rules {
    fn load(db: &Connection) -> rusqlite::Result<Self> {
        let mut query = db.prepare_cached(&format!(
            "SELECT {}, g.site FROM policy g LEFT JOIN site s ON s.id = g.site",
            policies::COLUMNS
        ))?;
        let mut rows = query.query([])?;
        let mut rules = Rules {
            policies: HashMap::new(),
            by_site: HashMap::new(),
        };
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            rules.policies.insert(id, policies::read(row, 0)?);
            if let Some(site) = row.get(policies::COLUMN_COUNT)? {
                rules.by_site.insert(site, id);
            }
        }
        Ok(rules)
    }

    /// R-POL-4.
    fn governing(&self, seen: &Seen) -> i64 {
        let site = || self.by_site.get(&seen.site?).copied();
        seen.granted
            .filter(|granted| self.policies.contains_key(granted))
            .or_else(site)
            .unwrap_or(GLOBAL)
    }

    /// The rules after a change of the policy in row `id`.
    fn after(&self, id: i64, change: &PolicyChange) -> Self {
        let mut then = self.clone();
        match change {
            PolicyChange::Become(policy) => {
                then.policies.insert(id, policy.clone());
            }
            PolicyChange::Remove(_) if id == GLOBAL => {
                then.policies
                    .insert(id, Policy::defaults(PolicyIdentity::Global));
            }
            PolicyChange::Remove(_) => {
                then.policies.remove(&id);
                then.by_site.retain(|_, policy| *policy != id);
            }
        }
        then
    }

    /// Rows in the order of [`crate::Store::policies`].
    fn in_order(&self, of: impl Iterator<Item = i64>) -> Vec<i64> {
        let mut ids: Vec<i64> = of.collect();
        ids.sort_by_cached_key(|id| {
            let identity = self.policies.get(id).map(|policy| &policy.identity);
            let rank = match identity {
                Some(PolicyIdentity::Global) => 0,
                Some(PolicyIdentity::Site(_)) => 1,
                _ => 2,
            };
            (rank, identity.map(PolicyIdentity::key))
        });
        ids
    }
}

pub(super) fn census(db: &Connection, of: &CensusOf) -> rusqlite::Result<Vec<Tally>> {
    let view = db.unchecked_transaction()?;
    let rules = Rules::load(&view)?;
    let mut tallies: HashMap<i64, Tally> = rules
        .policies
        .iter()
        .map(|(id, policy)| (*id, Tally::of(policy.clone())))
        .collect();
    each_user(&view, of, |seen| {
        if let Some(tally) = tallies.get_mut(&rules.governing(&seen)) {
            count(tally, seen, of);
        }
    })?;
    let ids = rules.in_order(rules.policies.keys().copied());
    Ok(ids.iter().filter_map(|id| tallies.remove(id)).collect())
}

pub(super) fn foresee(
    db: &Connection,
    change: &PolicyChange,
    of: &CensusOf,
) -> rusqlite::Result<Option<Foresight>> {
    let view = db.unchecked_transaction()?;
    let identity = match change {
        PolicyChange::Become(policy) => &policy.identity,
        PolicyChange::Remove(identity) => identity,
    };
    let Some(policies::Row(id)) = row_of(&view, identity)? else {
        return Ok(None);
    };
    let rules = Rules::load(&view)?;
    let Some(policy) = rules.policies.get(&id) else {
        return Ok(None);
    };
    let then = rules.after(id, change);
    let mut now = Tally::of(policy.clone());
    let mut shifts: HashMap<i64, Shift> = HashMap::new();
    each_user(&view, of, |seen| {
        if rules.governing(&seen) != id {
            return;
        }
        let next = then.governing(&seen);
        if let Some(after) = then.policies.get(&next) {
            let shift = shifts
                .entry(next)
                .or_insert_with(|| Shift::to(after.clone()));
            compare(shift, &seen, policy, of);
        }
        count(&mut now, seen, of);
    })?;
    let ids = then.in_order(shifts.keys().copied());
    let then = ids.iter().filter_map(|id| shifts.remove(id)).collect();
    Ok(Some(Foresight { now, then }))
}

/// Adds a user to the tally of the policy that governs them.
fn count(tally: &mut Tally, mut seen: Seen, of: &CensusOf) {
    tally.users += 1;
    seen.counters.expire(&seen.limits(&tally.policy), of.now);
    tally.locked += u64::from(seen.counters.state(of.now) != LockState::None);
    let Some(pin) = &seen.pin else {
        tally.missing += 1;
        return;
    };
    let ended = pin.ended(&tally.policy, of.now);
    tally.expired += u64::from(ended);
    tally.expiring += u64::from(!ended && pin.ended(&tally.policy, of.until));
    tally.must_change += u64::from(pin.must_change);
}

/// Adds to a shift what the move from `before` to its policy means for a user.
fn compare(shift: &mut Shift, seen: &Seen, before: &Policy, of: &CensusOf) {
    shift.users += 1;
    let mut counters = seen.counters.clone();
    counters.expire(&seen.limits(before), of.now);
    let failed = counters.displayed_local(of.now);
    let newly = failed >= seen.limits(&shift.policy).local && failed < seen.limits(before).local;
    let Some(pin) = &seen.pin else { return };
    let free = counters.state(of.now) == LockState::None;
    shift.locked += u64::from(free && newly);
    let was = pin.ended(before, of.now);
    let will = pin.ended(&shift.policy, of.now);
    shift.expired += u64::from(will && !was);
    shift.revived += u64::from(was && !will);
    shift.expiring += u64::from(!will && pin.ended(&shift.policy, of.until));
}

impl Pin {
    fn ended(&self, policy: &Policy, by: Timestamp) -> bool {
        end_of(self.set_at, policy.pin_lifetime_days, self.own_end).is_some_and(|end| end <= by)
    }
}

impl Seen {
    /// As the limits of a logon are found: the strictest where there is no PIN.
    fn limits(&self, policy: &Policy) -> Limits {
        let class = self.pin.as_ref().map_or(LengthClass::Four, |pin| pin.class);
        Limits::of(class, policy.maximum_logon_attempts)
    }
}

/// Goes through the users who are enabled and within reach.
fn each_user(db: &Connection, of: &CensusOf, mut visit: impl FnMut(Seen)) -> rusqlite::Result<()> {
    let mut stale = stale_attempts(db, of.now)?;
    let mut query = db.prepare_cached(
        "SELECT u.id, u.policy, u.site, p.verifier IS NOT NULL, p.length_class, p.set_at,
                p.must_change, p.expires_override, p.local_count, p.global_count, p.window_start,
                p.locked_until, p.lock_kind, p.clock, u.dn, s.name
         FROM user u LEFT JOIN pin p ON p.user = u.id LEFT JOIN site s ON s.id = u.site
         WHERE u.enabled",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let dn = row.get_ref(14)?.as_str()?;
        let site = row.get_ref(15)?.as_str_or_null()?;
        if !of.reach.covers_place(dn, site) {
            continue;
        }
        let mut seen = read(row)?;
        if let Some(open) = stale.remove(&row.get(0)?) {
            seen.counters.open = open;
        }
        visit(seen);
    }
    Ok(())
}

/// The attempts whose leases ran out and that nobody counted yet, by the row of their user.
fn stale_attempts(
    db: &Connection,
    now: Timestamp,
) -> rusqlite::Result<HashMap<i64, Vec<Reservation>>> {
    let mut query = db.prepare_cached(
        "SELECT id, charged_at, lease_until, failures_after FROM attempt WHERE lease_until <= ?1",
    )?;
    let mut rows = query.query([ms(now)])?;
    let mut stale: HashMap<i64, Vec<Reservation>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let id = pinward_core::AttemptId(row.get(0)?);
        stale.entry(user_of(id).0).or_default().push(Reservation {
            id,
            charged_at: time(row.get(1)?)?,
            lease_until: time(row.get(2)?)?,
            failures_after: row.get(3)?,
        });
    }
    Ok(stale)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Seen> {
    let pin = match row.get(3)? {
        false => None,
        true => Some(Pin {
            class: length_class(row.get(4)?)?,
            set_at: time(row.get(5)?)?,
            must_change: row.get(6)?,
            own_end: maybe_time(row.get(7)?)?,
        }),
    };
    Ok(Seen {
        granted: row.get(1)?,
        site: row.get(2)?,
        pin,
        counters: Counters {
            local: row.get::<_, Option<u32>>(8)?.unwrap_or_default(),
            global: row.get::<_, Option<u32>>(9)?.unwrap_or_default(),
            window_start: maybe_time(row.get(10)?)?,
            locked_until: maybe_time(row.get(11)?)?,
            lock: row.get::<_, Option<i64>>(12)?.map(lock_kind).transpose()?,
            clock: maybe_time(row.get(13)?)?,
            open: Vec::new(),
        },
    })
}
