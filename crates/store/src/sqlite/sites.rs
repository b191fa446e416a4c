//! Sites: creating, changing, removing. Who belongs to them is in `placement.rs`.

use pinward_core::{Membership, Site, SitePatch, fold};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row};

use super::changes::Changes;
use super::convert::{count, unreadable};
use super::transaction::Transaction;
use super::{audit, placement, roles};
use crate::{Act, SiteChanged, SiteCreated, SiteDetails, SiteRemoved};

/// What [`read`] reads.
const SITES: &str = "SELECT s.name, s.display_name, s.units, s.filter,
            (SELECT count(*) FROM user WHERE site = s.id AND enabled = 1)
     FROM site s WHERE NOT s.removed";

fn read(row: &Row<'_>) -> rusqlite::Result<SiteDetails> {
    Ok(SiteDetails {
        site: Site {
            id: row.get(0)?,
            display_name: row.get(1)?,
        },
        membership: read_membership(row, 2)?,
        users: count(row, 4)?,
    })
}

pub(super) fn details(db: &Connection) -> rusqlite::Result<Vec<SiteDetails>> {
    let mut query = db.prepare_cached(&format!("{SITES} ORDER BY s.key"))?;
    let rows = query.query_map([], read)?;
    rows.collect()
}

fn detail(db: &Connection, id: &str) -> rusqlite::Result<Option<SiteDetails>> {
    db.prepare_cached(&format!("{SITES} AND s.key = ?1"))?
        .query_row([fold(id)], read)
        .optional()
}

/// Reads the two columns of a rule that begin at `at`.
pub(super) fn read_membership(row: &Row<'_>, at: usize) -> rusqlite::Result<Membership> {
    let units: Option<String> = row.get(at)?;
    let filter: Option<String> = row.get(at + 1)?;
    Ok(match (units, filter) {
        (Some(units), _) => Membership::Units(
            serde_json::from_str(&units).map_err(|error| unreadable(Type::Text, error))?,
        ),
        (None, Some(filter)) => Membership::Filter(filter),
        (None, None) => Membership::Directory,
    })
}

/// The two columns of a rule.
fn written(membership: &Membership) -> rusqlite::Result<(Option<String>, Option<&str>)> {
    Ok(match membership {
        Membership::Directory => (None, None),
        Membership::Filter(filter) => (None, Some(filter)),
        Membership::Units(units) => {
            let units = serde_json::to_string(units)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            (Some(units), None)
        }
    })
}

fn row_of(db: &Connection, id: &str) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT id FROM site WHERE key = ?1 AND NOT removed")?
        .query_row([fold(id)], |row| row.get(0))
        .optional()
}

pub(super) fn create(
    db: &Transaction<'_>,
    site: &Site,
    membership: &Membership,
    act: &Act,
) -> rusqlite::Result<SiteCreated> {
    if row_of(db, &site.id)?.is_some() {
        return Ok(SiteCreated::Exists);
    }
    let (units, filter) = written(membership)?;
    db.prepare_cached(
        "INSERT INTO site (key, name, display_name, units, filter) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((
        fold(&site.id),
        site.id.trim(),
        &site.display_name,
        units,
        filter,
    ))?;
    if membership.is_rule() {
        placement::rules_changed(db)?;
    }
    record(db, act, None, detail(db, &site.id)?.as_ref())?;
    Ok(SiteCreated::Done)
}

pub(super) fn change(
    db: &Transaction<'_>,
    id: &str,
    patch: &SitePatch,
    seen: Option<&SiteDetails>,
    act: &Act,
) -> rusqlite::Result<SiteChanged> {
    let (Some(row), Some(before)) = (row_of(db, id)?, detail(db, id)?) else {
        return Ok(SiteChanged::NotFound);
    };
    if seen.is_some_and(|seen| !seen.is_set_like(&before)) {
        return Ok(SiteChanged::Overtaken);
    }
    if let Some(name) = &patch.display_name {
        db.prepare_cached("UPDATE site SET display_name = ?2 WHERE id = ?1")?
            .execute((row, name))?;
    }
    if let Some(membership) = &patch.membership {
        let (units, filter) = written(membership)?;
        let changed = db
            .prepare_cached(
                "UPDATE site SET units = ?2, filter = ?3
                 WHERE id = ?1 AND (units IS NOT ?2 OR filter IS NOT ?3)",
            )?
            .execute((row, units, filter))?;
        if changed > 0 {
            placement::rules_changed(db)?;
        }
    }
    record(db, act, Some(&before), detail(db, id)?.as_ref())?;
    Ok(SiteChanged::Done)
}

fn record(
    db: &Transaction<'_>,
    act: &Act,
    before: Option<&SiteDetails>,
    after: Option<&SiteDetails>,
) -> rusqlite::Result<()> {
    match after.or(before) {
        Some(details) => {
            let subject = format!("Site:{}", details.site.id);
            audit::record(db, act, &subject, &Changes::of_site(before, after))
        }
        None => Ok(()),
    }
}

/// Whoever belongs to the site still refers to its row, which nobody sees any more: there may be more
/// of them than one transaction should change.
pub(super) fn remove(
    db: &Transaction<'_>,
    id: &str,
    seen: Option<&SiteDetails>,
    act: &Act,
) -> rusqlite::Result<SiteRemoved> {
    let (Some(row), Some(before)) = (row_of(db, id)?, detail(db, id)?) else {
        return Ok(SiteRemoved::NotFound);
    };
    if seen.is_some_and(|seen| !seen.is_set_like(&before)) {
        return Ok(SiteRemoved::Overtaken);
    }
    let users = before.users;
    let policies = db
        .prepare_cached("DELETE FROM policy WHERE site = ?1")?
        .execute([row])?;
    db.prepare_cached(
        "UPDATE site SET removed = 1, key = ?2, units = NULL, filter = NULL WHERE id = ?1",
    )?
    // No id of a site has this character in it.
    .execute((row, format!("\u{1f}{row}")))?;
    // Access numbers that were for its people only are for everybody.
    db.prepare_cached("UPDATE access_number SET site = NULL WHERE site = ?1")?
        .execute([row])?;
    placement::rules_changed(db)?;
    let changes = Changes::of_site(Some(&before), None)
        .of("Users", users, 0)
        .of("PinPolicy", policies, 0);
    audit::record(db, act, &format!("Site:{}", before.site.id), &changes)?;
    roles::forget_site(db, &before.site.id, act)?;
    Ok(SiteRemoved::Done {
        users,
        policy: policies > 0,
    })
}
