//! Entries of a reading before it is applied: keeping them, and finding out whom they mean.

use pinward_core::{Dn, LineUri, Person, Timestamp, User, UserId, fold};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::convert::ms;
use super::people::{
    Ready, SiteRows, by_dn, by_guid, logon_is_taken, logon_of_another, read, ready, said_of,
    several_of_that_name, sip_key, write_attributes,
};
use crate::{ReadingId, Staged};

/// What is to be done about an entry, as it stands in the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Unchanged = 1,
    Create = 2,
    Update = 3,
    Return = 4,
    Gone = 5,
    Unusable = 6,
}

/// What is known of an entry.
struct Judged {
    user: Option<UserId>,
    verdict: Option<Verdict>,
    switched_off: bool,
    reason: Option<String>,
}

impl Judged {
    fn unusable(user: Option<UserId>, reason: String) -> Self {
        Self {
            user,
            verdict: Some(Verdict::Unusable),
            switched_off: false,
            reason: Some(reason),
        }
    }
}

/// Whether the reading was not overtaken.
pub(super) fn is_current(db: &Connection, reading: ReadingId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM source WHERE id = ?1 AND reading = ?2")?
        .exists((reading.source, reading.number))
}

/// The same, and notes that it goes on.
pub(super) fn takes_a_step(
    db: &Connection,
    reading: ReadingId,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    let noted = db
        .prepare_cached("UPDATE source SET last_begun = ?3 WHERE id = ?1 AND reading = ?2")?
        .execute((reading.source, reading.number, ms(now)))?;
    Ok(noted == 1)
}

pub(super) fn stage(
    db: &Connection,
    reading: ReadingId,
    entries: &[Staged],
    now: Timestamp,
) -> rusqlite::Result<Option<()>> {
    if !takes_a_step(db, reading, now)? {
        return Ok(None);
    }
    let sites = SiteRows::read(db)?;
    for entry in entries {
        match entry {
            Staged::Person(person) => stage_person(db, reading, &sites, person)?,
            Staged::Gone { guid } => stage_gone(db, reading, guid)?,
            Staged::Unusable { guid, name, reason } => {
                stage_unusable(db, reading, guid.as_deref(), name, reason)?;
            }
        }
    }
    Ok(Some(()))
}

/// A person whose GUID is known is judged at once, and what has not changed is not kept twice.
fn stage_person(
    db: &Connection,
    reading: ReadingId,
    sites: &SiteRows,
    person: &Person,
) -> rusqlite::Result<()> {
    let ready = match ready(sites, person.clone()) {
        Ok(ready) => ready,
        Err(reason) => {
            let known = by_guid(db, &fold(&person.guid))?.map(|known| known.id);
            return insert(
                db,
                reading,
                None,
                &person.dn,
                &Judged::unusable(known, reason),
            );
        }
    };
    let guid = ready.person.guid.clone();
    let known = by_guid(db, &guid)?;
    let twice = is_staged(db, reading, &guid, known.as_ref())?;
    if twice {
        let reason = "the same person is there twice; the entry that comes first holds".to_owned();
        return insert(
            db,
            reading,
            None,
            &person.dn,
            &Judged::unusable(None, reason),
        );
    }
    let judged = match &known {
        Some(known) => judge_known(db, reading, known, &ready.person)?,
        None => Judged {
            user: None,
            verdict: None,
            switched_off: false,
            reason: None,
        },
    };
    insert(db, reading, Some(&ready), &person.dn, &judged)
}

/// Whether an entry of the same person is there already.
fn is_staged(
    db: &Connection,
    reading: ReadingId,
    guid: &str,
    known: Option<&User>,
) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT 1 FROM staged WHERE source = ?1 AND reading = ?2 AND guid = ?3
         UNION ALL
         SELECT 1 FROM staged WHERE source = ?1 AND reading = ?2 AND user = ?4
             AND verdict BETWEEN 1 AND 4",
    )?
    .exists((
        reading.source,
        reading.number,
        guid,
        known.map(|known| known.id.0),
    ))
}

fn stage_gone(db: &Connection, reading: ReadingId, guid: &str) -> rusqlite::Result<()> {
    let Some(known) = by_guid(db, &fold(guid))? else {
        return Ok(());
    };
    let (source, gone_since) = origin(db, known.id)?;
    if source != Some(reading.source) || gone_since.is_some() {
        return Ok(());
    }
    let judged = Judged {
        user: Some(known.id),
        verdict: Some(Verdict::Gone),
        switched_off: known.person.enabled,
        reason: None,
    };
    insert(db, reading, None, &known.person.dn, &judged)
}

fn stage_unusable(
    db: &Connection,
    reading: ReadingId,
    guid: Option<&str>,
    name: &str,
    reason: &str,
) -> rusqlite::Result<()> {
    let by_guid = match guid {
        Some(guid) => by_guid(db, &fold(guid))?,
        None => None,
    };
    let dn = Dn::parse(name).ok().map(|dn| dn.folded());
    let user = match (by_guid, &dn) {
        (None, Some(dn)) => by_dn(db, dn)?.into_iter().next(),
        (known, _) => known,
    };
    let judged = Judged::unusable(user.map(|user| user.id), reason.to_owned());
    insert(db, reading, None, name, &judged)?;
    if guid.is_none() && dn.is_none() {
        db.prepare_cached("UPDATE staged SET blind = 1 WHERE seq = ?1")?
            .execute([db.last_insert_rowid()])?;
    }
    Ok(())
}

/// The source that has a user, and since when it has them no more.
pub(super) fn origin(
    db: &Connection,
    user: UserId,
) -> rusqlite::Result<(Option<i64>, Option<i64>)> {
    db.prepare_cached("SELECT source, gone_since FROM user WHERE id = ?1")?
        .query_row([user.0], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn judge_known(
    db: &Connection,
    reading: ReadingId,
    known: &User,
    person: &Person,
) -> rusqlite::Result<Judged> {
    let (source, gone_since) = origin(db, known.id)?;
    let verdict = match (source, gone_since) {
        (_, Some(_)) => Verdict::Return,
        (Some(source), None) if source != reading.source => {
            let name: String = db
                .prepare_cached("SELECT name FROM source WHERE id = ?1")?
                .query_row([source], |row| row.get(0))?;
            let reason = format!("the person comes from the source \"{name}\"");
            return Ok(Judged::unusable(Some(known.id), reason));
        }
        (Some(_), None) if said_of(db, known)? == *person => Verdict::Unchanged,
        _ => Verdict::Update,
    };
    Ok(Judged {
        user: Some(known.id),
        verdict: Some(verdict),
        switched_off: known.person.enabled && !person.enabled,
        reason: None,
    })
}

/// Judges people whose GUID nobody has.
pub(super) fn judge(
    db: &Connection,
    reading: ReadingId,
    most: usize,
    now: Timestamp,
) -> rusqlite::Result<Option<usize>> {
    if !takes_a_step(db, reading, now)? {
        return Ok(None);
    }
    let sites = SiteRows::read(db)?;
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let open = rows(db, "verdict IS NULL", reading, limit)?;
    for (seq, _user, person) in &open {
        // It was read when it was staged; the sites may be others since.
        let judged = match ready(&sites, person.clone()) {
            Ok(ready) => judge_new(db, reading, ready)?,
            Err(reason) => Judged::unusable(None, reason),
        };
        db.prepare_cached(
            "UPDATE staged SET user = ?2, verdict = ?3, switched_off = ?4, reason = ?5
             WHERE seq = ?1",
        )?
        .execute((
            seq,
            judged.user.map(|user| user.0),
            judged.verdict.map(|verdict| verdict as i64),
            judged.switched_off,
            judged.reason,
        ))?;
    }
    Ok(Some(open.len()))
}

fn judge_new(db: &Connection, reading: ReadingId, mut ready: Ready) -> rusqlite::Result<Judged> {
    let named = by_dn(db, &ready.dn)?;
    let made_up = ready.person.guid_is_made_up();
    let mut same = Vec::new();
    for user in named {
        if (made_up || user.person.guid_is_made_up()) && !is_meant(db, reading, user.id)? {
            same.push(user);
        }
    }
    match same.as_slice() {
        [] => {}
        [only] => {
            ready.known_as(&only.person);
            return judge_known(db, reading, only, &ready.person);
        }
        [first, ..] => {
            let reason = several_of_that_name(&ready.person);
            return Ok(Judged::unusable(Some(first.id), reason));
        }
    }
    if made_up && let Some(user) = logon_is_taken(db, &ready.person)? {
        return Ok(Judged::unusable(
            Some(user),
            logon_of_another(&ready.person),
        ));
    }
    Ok(Judged {
        user: None,
        verdict: Some(Verdict::Create),
        switched_off: false,
        reason: None,
    })
}

/// Whether another entry means this user.
fn is_meant(db: &Connection, reading: ReadingId, user: UserId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM staged WHERE source = ?1 AND reading = ?2 AND user = ?3")?
        .exists((reading.source, reading.number, user.0))
}

/// The next entries of a reading for which a condition holds, those with a person: their row, whom
/// they mean, and the person (none where the entry is about somebody who is gone).
pub(super) fn rows(
    db: &Connection,
    condition: &str,
    reading: ReadingId,
    limit: i64,
) -> rusqlite::Result<Vec<(i64, Option<UserId>, Person)>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT seq, coalesce(guid, ''), dn, display_name, first_name, last_name, sam_account_name,
                domain, upn, sip_address, line_uri, enabled, registrar_pool, site, attributes,
                when_created, when_changed, NULL, 0, user
         FROM staged WHERE source = ?1 AND reading = ?2 AND display_name IS NOT NULL AND {condition}
         ORDER BY seq LIMIT ?3"
    ))?;
    let rows = query.query_map((reading.source, reading.number, limit), |row| {
        let seq: i64 = row.get(0)?;
        let user: Option<i64> = row.get(19)?;
        Ok((seq, user.map(UserId), read(row)?.person))
    })?;
    rows.collect()
}

/// The next people who are gone by the source's own word: the row of the entry and the user.
pub(super) fn gone(
    db: &Connection,
    reading: ReadingId,
    limit: i64,
) -> rusqlite::Result<Vec<(i64, UserId)>> {
    let mut query = db.prepare_cached(
        "SELECT seq, user FROM staged
         WHERE source = ?1 AND reading = ?2 AND verdict BETWEEN 2 AND 5 AND NOT done
           AND verdict = 5 ORDER BY seq LIMIT ?3",
    )?;
    let rows = query.query_map((reading.source, reading.number, limit), |row| {
        Ok((row.get(0)?, UserId(row.get(1)?)))
    })?;
    rows.collect()
}

/// Notes that an entry was applied, and to whom.
pub(super) fn done(db: &Connection, seq: i64, user: UserId) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE staged SET done = 1, user = ?2 WHERE seq = ?1")?
        .execute((seq, user.0))
        .map(drop)
}

pub(super) fn verdict_of(db: &Connection, seq: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT verdict FROM staged WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}

/// Writes an entry; the person where there is something to be done about them. Of the others not even the
/// GUID is kept: each would change another page of its index, and a logon waits for what is written.
fn insert(
    db: &Connection,
    reading: ReadingId,
    ready: Option<&Ready>,
    name: &str,
    judged: &Judged,
) -> rusqlite::Result<()> {
    let kept =
        ready.filter(|_| !matches!(judged.verdict, Some(Verdict::Unchanged | Verdict::Unusable)));
    let person = kept.map(|ready| &ready.person);
    let line = person
        .and_then(|person| person.line_uri.as_deref())
        .and_then(LineUri::parse)
        .unwrap_or_default();
    let attributes = match person {
        Some(person) => Some(write_attributes(&person.attributes)?),
        None => None,
    };
    db.prepare_cached(
        "INSERT INTO staged (source, reading, user, verdict, switched_off, name, reason, guid, dn,
                             display_name, first_name, last_name, sam_account_name, domain, upn,
                             sip_address, line_uri, enabled, registrar_pool, site, attributes,
                             when_created, when_changed, sip, extension, phone)
         VALUES (:source, :reading, :user, :verdict, :off, :name, :reason, :guid, :dn, :display,
                 :first, :last, :sam, :domain, :upn, :sip_address, :line, :enabled, :pool, :site,
                 :attributes, :created, :changed, :sip, :extension, :phone)",
    )?
    .execute(named_params! {
        ":source": reading.source,
        ":reading": reading.number,
        ":user": judged.user.map(|user| user.0),
        ":verdict": judged.verdict.map(|verdict| verdict as i64),
        ":off": judged.switched_off,
        ":name": judged.reason.as_ref().map(|_| name),
        ":reason": judged.reason,
        ":guid": person.map(|p| &p.guid),
        ":dn": person.map(|p| &p.dn),
        ":display": person.map(|p| &p.display_name),
        ":first": person.map(|p| &p.first_name),
        ":last": person.map(|p| &p.last_name),
        ":sam": person.map(|p| &p.sam_account_name),
        ":domain": person.map(|p| &p.domain),
        ":upn": person.map(|p| &p.upn),
        ":sip_address": person.map(|p| &p.sip_address),
        ":line": person.map(|p| &p.line_uri),
        ":enabled": person.map(|p| p.enabled),
        ":pool": person.map(|p| &p.registrar_pool),
        ":site": person.map(|p| &p.site),
        ":attributes": attributes,
        ":created": person.and_then(|p| p.when_created).map(ms),
        ":changed": person.and_then(|p| p.when_changed).map(ms),
        ":sip": person.and_then(|p| p.sip_address.as_deref()).map(sip_key),
        ":extension": line.extension,
        ":phone": line.number,
    })
    .map(drop)
}

pub(super) fn forget(db: &Connection, reading: ReadingId, most: usize) -> rusqlite::Result<usize> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    db.prepare_cached(
        "DELETE FROM staged WHERE seq IN (
             SELECT seq FROM staged WHERE source = ?1 AND reading <= ?2 LIMIT ?3)",
    )?
    .execute((reading.source, reading.number, limit))
}
