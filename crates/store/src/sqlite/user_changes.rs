//! Changes of users by administrators.

use std::borrow::Cow;

use pinward_core::{Dn, LineUri, User, UserChange, UserId, to_milliseconds};
use rusqlite::Connection;

use super::changes::Changes;
use super::people::{by_key, sip_key, user, write_user};
use super::transaction::Transaction;
use super::{audit, counters, placement, search};
use crate::{Act, KeptPlace, UserChanged};

/// So many are named who have the same line.
const MOST_NAMED: usize = 5;

pub(super) fn change(
    db: &Transaction<'_>,
    id: UserId,
    change: &UserChange,
    kept: Option<&KeptPlace>,
    act: &Act,
) -> rusqlite::Result<UserChanged> {
    let Some(before) = user(db, id)? else {
        return Ok(UserChanged::NoSuchUser);
    };
    let person = match change.of(&before.person, to_milliseconds(act.at)) {
        Ok(Some(person)) => person,
        Ok(None) => return Ok(UserChanged::AlreadyEnabled),
        Err(violations) => return Ok(UserChanged::Invalid(violations)),
    };
    if let Some(kept) = kept {
        if placement::version(db)? != kept.version {
            return Ok(UserChanged::RulesChanged);
        }
        if kept.forbids(&before.person, &person) && placement::named_site(db, id)?.is_none() {
            return Ok(UserChanged::OtherSite);
        }
    }
    if let Some(address) = &person.sip_address
        && person.sip_address != before.person.sip_address
    {
        let holders = by_key(db, "k.sip = ?", &[Cow::Owned(sip_key(address))], 2)?;
        if let Some(holder) = holders.into_iter().find(|holder| holder.id != id) {
            return Ok(UserChanged::SipAddressTaken {
                address: address.clone(),
                by: holder.person.display_name,
            });
        }
    }
    let in_use = person.enabled && person.line_uri.is_some();
    let new = person.line_uri != before.person.line_uri || !before.person.enabled;
    if in_use && new {
        let next = User {
            person: person.clone(),
            ..before.clone()
        };
        let holder = same_line(db, &next)?.into_iter().next();
        if let (Some(line), Some(by)) = (next.person.line_uri, holder) {
            return Ok(UserChanged::LineTaken { line, by });
        }
    }
    let mut changes = Changes::of_person(Some(&before.person), &person);
    if person != before.person {
        // It was read before it was kept.
        let dn = Dn::parse(&person.dn).map_or_else(|_| person.dn.clone(), |dn| dn.folded());
        write_user(db, Some(id), &person, &dn)?;
        search::keep(db, id.0)?;
        if placement::are_there_rules(db)? {
            placement::forget(db, id)?;
        }
    }
    if *change == UserChange::Disable {
        let pin = counters::forget_pin(db, id)?;
        db.prepare_cached("UPDATE user SET policy = NULL WHERE id = ?1")?
            .execute([id.0])?;
        changes = changes
            .of("PinPolicy", before.pin_policy, None::<String>)
            .of("IsPinSet", pin, false);
    }
    audit::record_user(db, act, id, &changes)?;
    let Some(after) = user(db, id)? else {
        return Ok(UserChanged::NoSuchUser);
    };
    Ok(UserChanged::Done {
        same_line: same_line(db, &after)?,
        user: Box::new(after),
    })
}

/// Who is reached by the number of this user too: the same extension, or the same number where one of
/// the two has no extension that tells them apart.
fn same_line(db: &Connection, user: &User) -> rusqlite::Result<Vec<String>> {
    // Who is not enabled is in nobody's way.
    let line = user.person.line_uri.as_deref().and_then(LineUri::parse);
    let Some(line) = line.filter(|_| user.person.enabled) else {
        return Ok(Vec::new());
    };
    let mut query = db.prepare_cached(
        "SELECT coalesce(u.sip_address, u.dn) FROM user_key k JOIN user u ON u.id = k.user
         WHERE k.user IN (SELECT user FROM user_key WHERE extension = ?2
                          UNION SELECT user FROM user_key WHERE phone = ?3)
           AND k.user <> ?1 AND u.enabled = 1
           AND (k.extension = ?2 OR k.extension IS NULL OR ?2 IS NULL)
         ORDER BY k.user LIMIT ?4",
    )?;
    let most = i64::try_from(MOST_NAMED).unwrap_or(i64::MAX);
    let rows = query.query_map((user.id.0, line.extension, line.number, most), |row| {
        row.get(0)
    })?;
    rows.collect()
}
