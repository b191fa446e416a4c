//! Programs that use the API, and their keys.

use std::cmp::Reverse;
use std::str::FromStr;

use pinward_core::{
    Client, ClientKey, ClientLimits, ClientPatch, ClientRights, Network, Timestamp, fold,
};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::audit;
use super::changes::Changes;
use super::convert::{maybe_time, ms, time, unreadable};
use super::transaction::Transaction;
use crate::{Act, ClientChanged, ClientCreated, Deleted};

/// Where a key begins behind the columns of a client.
const KEY: usize = 7;
const CLIENTS: &str = "SELECT id, name, rights, networks, expires, per_second, at_once FROM client";

/// Reads what was written from its text.
fn parsed<T: FromStr<Err: std::error::Error + Send + Sync + 'static>>(
    text: &str,
) -> rusqlite::Result<T> {
    text.parse().map_err(|error| unreadable(Type::Text, error))
}

/// A client without its keys, and its number.
fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Client)> {
    let networks: Vec<String> = serde_json::from_str(row.get_ref(3)?.as_str()?)
        .map_err(|error| unreadable(Type::Text, error))?;
    let networks: rusqlite::Result<Vec<Network>> =
        networks.iter().map(|text| parsed(text)).collect();
    let client = Client {
        name: row.get(1)?,
        rights: parsed(row.get_ref(2)?.as_str()?)?,
        networks: networks?,
        expires: maybe_time(row.get(4)?)?,
        limits: ClientLimits {
            per_second: row.get(5)?,
            at_once: row.get(6)?,
        },
        keys: Vec::new(),
    };
    Ok((row.get(0)?, client))
}

/// A key, from the column `first` on.
fn read_key(row: &Row<'_>, first: usize) -> rusqlite::Result<ClientKey> {
    Ok(ClientKey {
        digest: row.get(first)?,
        start: row.get(first + 1)?,
        made: time(row.get(first + 2)?)?,
        ends: maybe_time(row.get(first + 3)?)?,
    })
}

/// The key in use, then those that end, the newest first.
fn in_order(keys: &mut [ClientKey]) {
    keys.sort_by_key(|key| (key.ends.is_some(), Reverse(key.made), key.digest));
}

/// The client with its keys.
fn complete(db: &Connection, (id, client): (i64, Client)) -> rusqlite::Result<Client> {
    let mut query =
        db.prepare_cached("SELECT digest, start, made, ends FROM client_key WHERE client = ?1")?;
    let keys = query.query_map([id], |row| read_key(row, 0))?;
    let mut keys = keys.collect::<rusqlite::Result<Vec<_>>>()?;
    in_order(&mut keys);
    Ok(Client { keys, ..client })
}

pub(super) fn clients(db: &Connection) -> rusqlite::Result<Vec<Client>> {
    let mut query = db.prepare_cached(&format!("{CLIENTS} ORDER BY key"))?;
    let rows = query.query_map([], read)?;
    rows.map(|row| complete(db, row?)).collect()
}

/// With all of its keys, in one statement: each request asks, and beginning to read costs as much as the rest.
pub(super) fn by_digest(db: &Connection, digest: &[u8; 32]) -> rusqlite::Result<Option<Client>> {
    let mut query = db.prepare_cached(
        "SELECT c.id, c.name, c.rights, c.networks, c.expires, c.per_second, c.at_once,
                k.digest, k.start, k.made, k.ends
         FROM client c JOIN client_key k ON k.client = c.id
         WHERE c.id = (SELECT client FROM client_key WHERE digest = ?1)",
    )?;
    let mut rows = query.query([digest])?;
    let mut found: Option<Client> = None;
    while let Some(row) = rows.next()? {
        let client = match &mut found {
            Some(client) => client,
            None => found.insert(read(row)?.1),
        };
        client.keys.push(read_key(row, KEY)?);
    }
    if let Some(client) = &mut found {
        in_order(&mut client.keys);
    }
    Ok(found)
}

fn by_name(db: &Connection, name: &str) -> rusqlite::Result<Option<(i64, Client)>> {
    let found = db
        .prepare_cached(&format!("{CLIENTS} WHERE key = ?1"))?
        .query_row([fold(name)], read)
        .optional()?;
    let Some((id, client)) = found else {
        return Ok(None);
    };
    Ok(Some((id, complete(db, (id, client))?)))
}

fn networks(client: &Client) -> rusqlite::Result<String> {
    let texts: Vec<String> = client.networks.iter().map(Network::to_string).collect();
    serde_json::to_string(&texts)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn put_key(db: &Connection, client: i64, key: &ClientKey) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO client_key (digest, client, start, made, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((
        key.digest,
        client,
        &key.start,
        ms(key.made),
        key.ends.map(ms),
    ))
    .map(drop)
}

/// Whose key that is, and will be. Those that hold no longer, or not for long, are nobody's.
fn holder(
    db: &Connection,
    key: &ClientKey,
    heir: Option<i64>,
    act: &Act,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "DELETE FROM client_key WHERE digest = ?1 AND (ends <= ?2 OR (ends IS NOT NULL AND client IS ?3))",
    )?
    .execute((key.digest, ms(act.at), heir))?;
    db.prepare_cached(
        "SELECT name FROM client WHERE id = (SELECT client FROM client_key WHERE digest = ?1)",
    )?
    .query_row([key.digest], |row| row.get(0))
    .optional()
}

pub(super) fn create(
    db: &Transaction<'_>,
    new: &Client,
    act: &Act,
) -> rusqlite::Result<ClientCreated> {
    if by_name(db, &new.name)?.is_some() {
        return Ok(ClientCreated::Exists);
    }
    for key in &new.keys {
        if let Some(by) = holder(db, key, None, act)? {
            return Ok(ClientCreated::KeyTaken { by });
        }
    }
    db.prepare_cached(
        "INSERT INTO client (key, name, rights, networks, expires, per_second, at_once)
         VALUES (:key, :name, :rights, :networks, :expires, :per_second, :at_once)",
    )?
    .execute(named_params! {
        ":key": fold(&new.name),
        ":name": new.name.trim(),
        ":rights": new.rights.to_string(),
        ":networks": networks(new)?,
        ":expires": new.expires.map(ms),
        ":per_second": new.limits.per_second,
        ":at_once": new.limits.at_once,
    })?;
    let id = db.last_insert_rowid();
    for key in &new.keys {
        put_key(db, id, key)?;
    }
    let changes = Changes::of_client(None, Some(new));
    audit::record(db, act, &subject(&new.name), &changes)?;
    Ok(ClientCreated::Done)
}

pub(super) fn change(
    db: &Transaction<'_>,
    name: &str,
    patch: &ClientPatch,
    seen: Option<&Client>,
    act: &Act,
) -> rusqlite::Result<ClientChanged> {
    let Some((id, before)) = by_name(db, name)? else {
        return Ok(ClientChanged::NotFound);
    };
    if seen.is_some_and(|seen| *seen != before) {
        return Ok(ClientChanged::Overtaken);
    }
    let after = match before.apply(patch) {
        Ok(after) => after,
        Err(violation) => return Ok(ClientChanged::Invalid(violation)),
    };
    db.prepare_cached(
        "UPDATE client SET rights = :rights, networks = :networks, expires = :expires,
                per_second = :per_second, at_once = :at_once
         WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": id,
        ":rights": after.rights.to_string(),
        ":networks": networks(&after)?,
        ":expires": after.expires.map(ms),
        ":per_second": after.limits.per_second,
        ":at_once": after.limits.at_once,
    })?;
    let changes = Changes::of_client(Some(&before), Some(&after));
    audit::record(db, act, &subject(&after.name), &changes)?;
    Ok(ClientChanged::Done(after))
}

/// The keys that were in use end at `until`; those that were to end before are gone.
pub(super) fn rotate(
    db: &Transaction<'_>,
    name: &str,
    key: &ClientKey,
    until: Timestamp,
    seen: Option<&Client>,
    act: &Act,
) -> rusqlite::Result<ClientChanged> {
    let Some((id, before)) = by_name(db, name)? else {
        return Ok(ClientChanged::NotFound);
    };
    if seen.is_some_and(|seen| *seen != before) {
        return Ok(ClientChanged::Overtaken);
    }
    if let Some(by) = holder(db, key, Some(id), act)? {
        return Ok(ClientChanged::KeyTaken { by });
    }
    db.prepare_cached("DELETE FROM client_key WHERE client = ?1 AND ends IS NOT NULL")?
        .execute([id])?;
    if until <= act.at {
        db.prepare_cached("DELETE FROM client_key WHERE client = ?1")?
            .execute([id])?;
    } else {
        db.prepare_cached("UPDATE client_key SET ends = ?2 WHERE client = ?1")?
            .execute((id, ms(until)))?;
    }
    put_key(db, id, key)?;
    let after = complete(db, (id, before.clone()))?;
    let changes = Changes::of_client(Some(&before), Some(&after));
    audit::record(db, act, &subject(&after.name), &changes)?;
    Ok(ClientChanged::Done(after))
}

pub(super) fn remove(
    db: &Transaction<'_>,
    name: &str,
    seen: Option<&Client>,
    act: &Act,
) -> rusqlite::Result<Deleted> {
    let Some((id, before)) = by_name(db, name)? else {
        return Ok(Deleted::NotFound);
    };
    if seen.is_some_and(|seen| *seen != before) {
        return Ok(Deleted::Overtaken);
    }
    db.prepare_cached("DELETE FROM client_key WHERE client = ?1")?
        .execute([id])?;
    db.prepare_cached("DELETE FROM client WHERE id = ?1")?
        .execute([id])?;
    let changes = Changes::of_client(Some(&before), None);
    audit::record(db, act, &subject(&before.name), &changes)?;
    Ok(Deleted::Done)
}

/// Takes a role that is removed from the clients that have it, so that a later role of the same name
/// does not fall to them. How many there were.
pub(super) fn forget_role(db: &Connection, role: &str) -> rusqlite::Result<usize> {
    let mut taken = 0;
    for client in clients(db)? {
        if matches!(&client.rights, ClientRights::Role(held) if fold(held) == fold(role)) {
            taken += db
                .prepare_cached("UPDATE client SET rights = ?2 WHERE key = ?1")?
                .execute((fold(&client.name), ClientRights::Nothing.to_string()))?;
        }
    }
    Ok(taken)
}

/// How the audit log names a client.
fn subject(name: &str) -> String {
    format!("Client:{name}")
}
