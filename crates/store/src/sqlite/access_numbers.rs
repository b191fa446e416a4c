//! The numbers by which people dial in to conferences, and their order in each region.

use pinward_core::{AccessNumber, AccessNumberPatch, fold};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::audit;
use super::changes::Changes;
use super::convert::unreadable;
use super::people::sip_key;
use super::transaction::Transaction;
use crate::{AccessNumberChanged, AccessNumberCreated, Act, Deleted, Reordered};

/// What [`read`] reads, of number `n`.
const NUMBERS: &str = "SELECT n.uri, n.display_name, n.display_number, n.line, n.primary_language,
            n.secondary_languages, n.pool, n.hosting_provider, s.name,
            (SELECT json_group_array(name) FROM
                (SELECT name FROM access_region WHERE number = n.id ORDER BY nth))
     FROM access_number n LEFT JOIN site s ON s.id = n.site";

fn read(row: &Row<'_>) -> rusqlite::Result<AccessNumber> {
    Ok(AccessNumber {
        primary_uri: row.get(0)?,
        display_name: row.get(1)?,
        display_number: row.get(2)?,
        line_uri: row.get(3)?,
        primary_language: row.get(4)?,
        secondary_languages: texts(row, 5)?,
        pool: row.get(6)?,
        hosting_provider: row.get(7)?,
        site: row.get(8)?,
        regions: texts(row, 9)?,
    })
}

fn texts(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|error| unreadable(Type::Text, error))
}

pub(super) fn all(db: &Connection) -> rusqlite::Result<Vec<AccessNumber>> {
    let mut query = db.prepare_cached(&format!("{NUMBERS} ORDER BY n.key"))?;
    let rows = query.query_map([], read)?;
    rows.collect()
}

pub(super) fn of_region(db: &Connection, region: &str) -> rusqlite::Result<Vec<AccessNumber>> {
    let mut query = db.prepare_cached(&format!(
        "{NUMBERS} JOIN access_region r ON r.number = n.id WHERE r.key = ?1 ORDER BY r.place"
    ))?;
    let rows = query.query_map([fold(region)], read)?;
    rows.collect()
}

fn find(db: &Connection, uri: &str) -> rusqlite::Result<Option<(i64, AccessNumber)>> {
    let key = sip_key(uri);
    let row = db
        .prepare_cached("SELECT id FROM access_number WHERE key = ?1")?
        .query_row([&key], |row| row.get(0))
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let number = db
        .prepare_cached(&format!("{NUMBERS} WHERE n.id = ?1"))?
        .query_row([row], read)?;
    Ok(Some((row, number)))
}

/// The SIP address of the number that has this line, but for one.
fn holder(db: &Connection, line: &str, but: Option<i64>) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT uri FROM access_number WHERE line = ?1 AND id IS NOT ?2")?
        .query_row((line, but), |row| row.get(0))
        .optional()
}

/// The row of a site; the inner `None`: there is none of that id.
fn site_row(db: &Connection, site: Option<&str>) -> rusqlite::Result<Option<Option<i64>>> {
    let Some(site) = site else {
        return Ok(Some(None));
    };
    let row = db
        .prepare_cached("SELECT id FROM site WHERE key = ?1 AND NOT removed")?
        .query_row([fold(site)], |row| row.get(0))
        .optional()?;
    Ok(row.map(Some))
}

pub(super) fn create(
    db: &Transaction<'_>,
    number: &AccessNumber,
    act: &Act,
) -> rusqlite::Result<AccessNumberCreated> {
    if find(db, &number.primary_uri)?.is_some() {
        return Ok(AccessNumberCreated::Exists);
    }
    if let Some(by) = holder(db, &number.line_uri, None)? {
        return Ok(AccessNumberCreated::LineTaken { by });
    }
    let Some(site) = site_row(db, number.site.as_deref())? else {
        return Ok(AccessNumberCreated::NoSuchSite);
    };
    write(db, None, number, site)?;
    write_regions(db, db.last_insert_rowid(), &number.regions)?;
    let changes = Changes::of_access_number(None, Some(number));
    audit::record(db, act, &number.primary_uri, &changes)?;
    Ok(AccessNumberCreated::Done)
}

pub(super) fn change(
    db: &Transaction<'_>,
    uri: &str,
    patch: &AccessNumberPatch,
    seen: Option<&AccessNumber>,
    act: &Act,
) -> rusqlite::Result<AccessNumberChanged> {
    let Some((row, before)) = find(db, uri)? else {
        return Ok(AccessNumberChanged::NotFound);
    };
    if seen.is_some_and(|seen| *seen != before) {
        return Ok(AccessNumberChanged::Overtaken);
    }
    let after = match before.apply(patch) {
        Ok(after) => after,
        Err(violations) => return Ok(AccessNumberChanged::Invalid(violations)),
    };
    if let Some(by) = holder(db, &after.line_uri, Some(row))? {
        return Ok(AccessNumberChanged::LineTaken { by });
    }
    let Some(site) = site_row(db, after.site.as_deref())? else {
        return Ok(AccessNumberChanged::NoSuchSite);
    };
    write(db, Some(row), &after, site)?;
    if after.regions != before.regions {
        write_regions(db, row, &after.regions)?;
    }
    let changes = Changes::of_access_number(Some(&before), Some(&after));
    audit::record(db, act, &before.primary_uri, &changes)?;
    Ok(AccessNumberChanged::Done(Box::new(after)))
}

fn write(
    db: &Connection,
    row: Option<i64>,
    number: &AccessNumber,
    site: Option<i64>,
) -> rusqlite::Result<()> {
    let secondary = serde_json::to_string(&number.secondary_languages)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    db.prepare_cached(
        "INSERT INTO access_number (id, key, uri, display_name, display_number, line,
                primary_language, secondary_languages, pool, hosting_provider, site)
         VALUES (:id, :key, :uri, :name, :shown, :line, :primary, :secondary, :pool, :hosted, :site)
         ON CONFLICT (id) DO UPDATE SET
             display_name = :name, display_number = :shown, line = :line,
             primary_language = :primary, secondary_languages = :secondary, site = :site",
    )?
    .execute(named_params! {
        ":id": row,
        ":key": sip_key(&number.primary_uri),
        ":uri": number.primary_uri,
        ":name": number.display_name,
        ":shown": number.display_number,
        ":line": number.line_uri,
        ":primary": number.primary_language,
        ":secondary": secondary,
        ":pool": number.pool,
        ":hosted": number.hosting_provider,
        ":site": site,
    })
    .map(drop)
}

/// A number keeps its place in the regions it stays in, and is the last in those that are new.
fn write_regions(db: &Connection, number: i64, regions: &[String]) -> rusqlite::Result<()> {
    let keys: Vec<String> = regions.iter().map(|region| fold(region)).collect();
    let kept = serde_json::to_string(&keys)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    db.prepare_cached(
        "DELETE FROM access_region
         WHERE number = ?1 AND key NOT IN (SELECT value FROM json_each(?2))",
    )?
    .execute((number, kept))?;
    let mut put = db.prepare_cached(
        "INSERT INTO access_region (number, key, name, nth, place)
         VALUES (?1, ?2, ?3, ?4,
                 (SELECT coalesce(max(place), -1) + 1 FROM access_region WHERE key = ?2))
         ON CONFLICT (number, key) DO UPDATE SET name = ?3, nth = ?4",
    )?;
    for (nth, (key, region)) in (0_i64..).zip(keys.iter().zip(regions)) {
        put.execute((number, key, region, nth))?;
    }
    Ok(())
}

pub(super) fn reorder(
    db: &Transaction<'_>,
    uri: &str,
    region: &str,
    priority: usize,
    seen: Option<&AccessNumber>,
    act: &Act,
) -> rusqlite::Result<Reordered> {
    let Some((row, number)) = find(db, uri)? else {
        return Ok(Reordered::NotFound);
    };
    if seen.is_some_and(|seen| *seen != number) {
        return Ok(Reordered::Overtaken);
    }
    let key = fold(region);
    let mut order: Vec<i64> = db
        .prepare_cached("SELECT number FROM access_region WHERE key = ?1 ORDER BY place")?
        .query_map([&key], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let Some(before) = order.iter().position(|one| *one == row) else {
        return Ok(Reordered::NotInRegion);
    };
    order.remove(before);
    let after = priority.min(order.len());
    order.insert(after, row);
    let mut put =
        db.prepare_cached("UPDATE access_region SET place = ?3 WHERE key = ?1 AND number = ?2")?;
    for (place, number) in (0_i64..).zip(&order) {
        put.execute((&key, number, place))?;
    }
    let changes = Changes::default().of(&format!("Priority in {region}"), before, after);
    audit::record(db, act, &number.primary_uri, &changes)?;
    Ok(Reordered::Done { priority: after })
}

pub(super) fn remove(
    db: &Transaction<'_>,
    uri: &str,
    seen: Option<&AccessNumber>,
    act: &Act,
) -> rusqlite::Result<Deleted> {
    let Some((row, before)) = find(db, uri)? else {
        return Ok(Deleted::NotFound);
    };
    if seen.is_some_and(|seen| *seen != before) {
        return Ok(Deleted::Overtaken);
    }
    // The regions go by the foreign key.
    db.prepare_cached("DELETE FROM access_number WHERE id = ?1")?
        .execute([row])?;
    let changes = Changes::of_access_number(Some(&before), None);
    audit::record(db, act, &before.primary_uri, &changes)?;
    Ok(Deleted::Done)
}

/// The site to which most of the enabled people of a pool belong.
pub(super) fn site_of_pool(db: &Connection, pool: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT s.name FROM user u JOIN site s ON s.id = u.site AND NOT s.removed
         WHERE u.enabled = 1 AND lower(u.registrar_pool) = lower(?1)
         GROUP BY s.id ORDER BY count(*) DESC, s.key LIMIT 1",
    )?
    .query_row([pool.trim()], |row| row.get(0))
    .optional()
}
