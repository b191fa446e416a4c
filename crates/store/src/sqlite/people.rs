//! People, sites, and the ways to name a user (R-ID, R-AUTH-6).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pinward_core::{
    Dn, LineUri, Lookup, Pattern, Person, Site, User, UserId, fold, to_milliseconds,
};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params_from_iter};

use super::audit;
use super::changes::Changes;
use super::convert::{maybe_time, ms, unreadable};
use super::transaction::Transaction;
use super::{counters, placement, roles, search};
use crate::{Act, Put};

pub(super) fn put_sites(db: &Transaction<'_>, sites: &[Site], act: &Act) -> rusqlite::Result<()> {
    let mut known = db.prepare_cached("SELECT name, display_name FROM site WHERE key = ?1")?;
    let mut put = db.prepare_cached(
        "INSERT INTO site (key, name, display_name) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET name = ?2, display_name = ?3",
    )?;
    for site in sites {
        let (key, id) = (fold(&site.id), site.id.trim());
        let before: Option<Site> = known
            .query_row([&key], |row| {
                Ok(Site {
                    id: row.get(0)?,
                    display_name: row.get(1)?,
                })
            })
            .optional()?;
        if before.as_ref().is_some_and(|site_before| {
            site_before.id == id && site_before.display_name == site.display_name
        }) {
            continue;
        }
        put.execute((key, id, &site.display_name))?;
        let (id_before, name_before) =
            before.map_or((None, None), |site| (Some(site.id), site.display_name));
        let changes = Changes::default().of("SiteId", id_before, id).of(
            "DisplayName",
            name_before,
            site.display_name.clone(),
        );
        audit::record(db, act, &format!("Site:{id}"), &changes)?;
    }
    Ok(())
}

pub(super) fn sites(db: &Connection) -> rusqlite::Result<Vec<Site>> {
    let mut query =
        db.prepare_cached("SELECT name, display_name FROM site WHERE NOT removed ORDER BY key")?;
    let rows = query.query_map([], |row| {
        Ok(Site {
            id: row.get(0)?,
            display_name: row.get(1)?,
        })
    })?;
    rows.collect()
}

/// What [`read`] reads, of user `u`.
pub(super) const USERS: &str = "SELECT u.id, u.guid, u.dn, u.display_name, u.first_name, u.last_name,
            u.sam_account_name, u.domain, u.upn, u.sip_address, u.line_uri, u.enabled,
            u.registrar_pool, s.name, u.attributes, u.when_created, u.when_changed, t.tag,
            u.gone_since IS NOT NULL
     FROM user u LEFT JOIN site s ON s.id = u.site AND NOT s.removed LEFT JOIN policy t ON t.id = u.policy";

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    let person = Person {
        guid: row.get(1)?,
        dn: row.get(2)?,
        display_name: row.get(3)?,
        first_name: row.get(4)?,
        last_name: row.get(5)?,
        sam_account_name: row.get(6)?,
        domain: row.get(7)?,
        upn: row.get(8)?,
        sip_address: row.get(9)?,
        line_uri: row.get(10)?,
        enabled: row.get(11)?,
        registrar_pool: row.get(12)?,
        site: row.get(13)?,
        attributes: read_attributes(row.get_ref(14)?.as_str()?)?,
        when_created: maybe_time(row.get(15)?)?,
        when_changed: maybe_time(row.get(16)?)?,
    };
    Ok(User {
        id: UserId(row.get(0)?),
        person,
        pin_policy: row.get(17)?,
        gone: row.get(18)?,
    })
}

fn read_attributes(json: &str) -> rusqlite::Result<BTreeMap<String, Vec<String>>> {
    if json == "{}" {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(json).map_err(|error| unreadable(Type::Text, error))
}

pub(super) fn write_attributes(
    attributes: &BTreeMap<String, Vec<String>>,
) -> rusqlite::Result<String> {
    serde_json::to_string(attributes)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

pub(super) fn user(db: &Connection, id: UserId) -> rusqlite::Result<Option<User>> {
    db.prepare_cached(&format!("{USERS} WHERE u.id = ?1"))?
        .query_row([id.0], read)
        .optional()
}

pub(super) fn users_after(
    db: &Connection,
    after: Option<UserId>,
    limit: usize,
) -> rusqlite::Result<Vec<User>> {
    let mut query =
        db.prepare_cached(&format!("{USERS} WHERE u.id > ?1 ORDER BY u.id LIMIT ?2"))?;
    let rows = query.query_map((after.map_or(0, |id| id.0), at_most(limit)), read)?;
    rows.collect()
}

fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// How a look-up finds its users.
enum Key<'a> {
    /// A condition on `user_key k`, and its values in order.
    Of(&'static str, Vec<Cow<'a, str>>),
    Pattern(&'a Pattern),
}

fn key(lookup: &Lookup) -> Key<'_> {
    let one = |condition, value| Key::Of(condition, vec![Cow::Borrowed(value)]);
    match lookup {
        Lookup::Sip(address) => Key::Of("k.sip = ?", vec![Cow::Owned(sip_key(address))]),
        Lookup::Upn(name) => one("k.upn = ?", name),
        Lookup::DomainLogon { domain, logon } => Key::Of(
            "k.logon = ? AND k.domain = ?",
            vec![Cow::Borrowed(logon), Cow::Borrowed(domain)],
        ),
        Lookup::Logon(logon) => one("k.logon = ?", logon),
        Lookup::DisplayName(name) => one("k.display_name = ?", name),
        Lookup::DisplayPattern(pattern) => Key::Pattern(pattern),
        Lookup::Dn(dn) => Key::Of("k.dn = ?", vec![Cow::Owned(dn.folded())]),
        Lookup::Extension(digits) => one("k.extension = ?", digits),
        Lookup::Phone(digits) => one("k.phone = ?", digits),
        Lookup::PhoneAndExtension { phone, extension } => Key::Of(
            "k.phone = ? AND k.extension = ?",
            vec![Cow::Borrowed(phone), Cow::Borrowed(extension)],
        ),
    }
}

/// United and by id. What has a key is found with one statement: reading begins and ends once.
pub(super) fn find_any(
    db: &Connection,
    lookups: &[Lookup],
    limit: usize,
) -> rusqlite::Result<Vec<Arc<User>>> {
    let mut conditions = Vec::with_capacity(lookups.len());
    let mut all = Vec::with_capacity(lookups.len());
    for lookup in lookups {
        match key(lookup) {
            Key::Of(condition, values) => {
                conditions.push(condition);
                all.extend(values);
            }
            Key::Pattern(_) => return find_each(db, lookups, limit),
        }
    }
    let found = by_key(db, &conditions.join(ALSO), &all, limit)?;
    Ok(found.into_iter().map(Arc::new).collect())
}

/// Between two conditions of [`by_key`]: SQLite searches an index for each.
const ALSO: &str = " OR ";

fn find_each(
    db: &Connection,
    lookups: &[Lookup],
    limit: usize,
) -> rusqlite::Result<Vec<Arc<User>>> {
    let view = db.unchecked_transaction()?;
    let mut found = BTreeMap::new();
    for lookup in lookups {
        let users = match key(lookup) {
            Key::Of(condition, values) => by_key(&view, condition, &values, limit)?,
            Key::Pattern(pattern) => by_pattern(&view, pattern, limit)?,
        };
        found.extend(users.into_iter().map(|user| (user.id, user)));
    }
    Ok(found.into_values().take(limit).map(Arc::new).collect())
}

pub(super) fn by_key(
    db: &Connection,
    condition: &str,
    values: &[Cow<'_, str>],
    limit: usize,
) -> rusqlite::Result<Vec<User>> {
    let mut query = db.prepare_cached(&format!(
        "{USERS} JOIN user_key k ON k.user = u.id WHERE {condition}"
    ))?;
    // Order and limit in the statement would cost each look-up a table of its own to sort in. Of more than are
    // asked for it does not matter which ones come.
    let rows = query.query_map(params_from_iter(values), read)?;
    let mut found = rows.take(limit).collect::<rusqlite::Result<Vec<_>>>()?;
    found.sort_by_key(|user| user.id);
    Ok(found)
}

/// Scans the names, and loads who matches.
fn by_pattern(db: &Connection, pattern: &Pattern, limit: usize) -> rusqlite::Result<Vec<User>> {
    let mut scan = db.prepare_cached("SELECT user, display_name FROM user_key ORDER BY user")?;
    let mut rows = scan.query([])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        if pattern.is_match_folded(row.get_ref(1)?.as_str()?) {
            found.extend(user(db, UserId(row.get(0)?))?);
        }
    }
    Ok(found)
}

/// An address compares with its scheme, whether it was written with it or not (R-ID-1).
pub(super) fn sip_key(address: &str) -> String {
    let folded = fold(address);
    let bare = folded.strip_prefix("sip:").unwrap_or(&folded).trim();
    format!("sip:{bare}")
}

/// Puts a batch. With `dry_run` nothing stays.
pub(super) fn put(
    db: &Transaction<'_>,
    batch: Vec<Person>,
    dry_run: bool,
    act: &Act,
) -> rusqlite::Result<Vec<Put>> {
    if !dry_run {
        return put_all(db, batch, act);
    }
    let before = db.savepoint("dry")?;
    let outcome = put_all(db, batch, act);
    before.undo()?;
    outcome
}

fn put_all(db: &Transaction<'_>, batch: Vec<Person>, act: &Act) -> rusqlite::Result<Vec<Put>> {
    let sites = SiteRows::read(db)?;
    batch
        .into_iter()
        .map(|person| put_one(db, &sites, person, act))
        .collect()
}

/// The sites that there are, for many people.
pub(super) struct SiteRows {
    /// The row and the spelling of each, by key.
    by_key: HashMap<String, (i64, String)>,
    /// Whether there is a rule by which people belong to one.
    rules: bool,
}

impl SiteRows {
    pub(super) fn read(db: &Connection) -> rusqlite::Result<Self> {
        let mut query = db.prepare_cached("SELECT key, id, name FROM site WHERE NOT removed")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        Ok(Self {
            by_key: rows.collect::<rusqlite::Result<_>>()?,
            rules: placement::are_there_rules(db)?,
        })
    }
}

fn put_one(
    db: &Transaction<'_>,
    sites: &SiteRows,
    person: Person,
    act: &Act,
) -> rusqlite::Result<Put> {
    let mut ready = match ready(sites, person) {
        Ok(ready) => ready,
        Err(reason) => return Ok(Put::Refused(reason)),
    };
    let person = &ready.person;
    let known = match by_guid(db, &person.guid)? {
        Some(known) => Some(known),
        None => match by_dn(db, &ready.dn)?.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            _ => return Ok(Put::Refused(several_of_that_name(person))),
        },
    };
    match &known {
        Some(known) => {
            let another = known.person.guid != ready.person.guid;
            if another && !ready.person.guid_is_made_up() && !known.person.guid_is_made_up() {
                take_over(db, known.id, &ready.person.guid)?;
            }
            ready.known_as(&known.person);
        }
        None if person.guid_is_made_up() && logon_is_taken(db, person)?.is_some() => {
            return Ok(Put::Refused(logon_of_another(person)));
        }
        None => {}
    }
    let (id, put) = keep(db, known.as_ref(), &ready, sites, act, Changes::default())?;
    if put == Put::Updated {
        // Whom an import brings back is no longer gone from where they came from.
        db.prepare_cached(
            "UPDATE user SET source = NULL, gone_since = NULL
             WHERE id = ?1 AND gone_since IS NOT NULL",
        )?
        .execute([id.0])?;
    }
    Ok(put)
}

/// A person who can be kept.
pub(super) struct Ready {
    pub(super) person: Person,
    /// The folded distinguished name.
    pub(super) dn: String,
    site: Option<i64>,
}

impl Ready {
    /// Takes the GUID that is known of the person where theirs is made up: what is known is better.
    pub(super) fn known_as(&mut self, known: &Person) {
        if self.person.guid_is_made_up() {
            self.person.guid.clone_from(&known.guid);
        }
    }
}

/// Reads what has to be read of a person before they can be kept, or tells why they cannot be.
pub(super) fn ready(sites: &SiteRows, mut person: Person) -> Result<Ready, String> {
    person.guid = fold(&person.guid);
    if person.guid.is_empty() {
        return Err("the entry has no GUID, so it could not be found again".to_owned());
    }
    let dn = match Dn::parse(&person.dn) {
        Ok(dn) => dn.folded(),
        Err(error) => return Err(format!("the name \"{}\" is not a DN: {error}", person.dn)),
    };
    let mut site = None;
    if let Some(given) = &person.site {
        let Some((row, name)) = sites.by_key.get(&fold(given)) else {
            return Err(format!(
                "there is no site \"{given}\"; create the site first or leave it out"
            ));
        };
        site = Some(*row);
        person.site = Some(name.clone());
    }
    person.when_created = person.when_created.map(to_milliseconds);
    person.when_changed = person.when_changed.map(to_milliseconds);
    Ok(Ready { person, dn, site })
}

pub(super) fn several_of_that_name(person: &Person) -> String {
    format!(
        "several users are named \"{}\", and none has this GUID",
        person.dn
    )
}

pub(super) fn logon_of_another(person: &Person) -> String {
    format!(
        "{}\\{} is in the directory under another name, and nothing here tells whether it is the \
         same person; add the DistinguishedName or the ObjectGuid",
        person.domain, person.sam_account_name
    )
}

/// What the directory said of a user.
pub(super) fn said_of(db: &Connection, known: &User) -> rusqlite::Result<Person> {
    let mut said = known.person.clone();
    said.site = given_site(db, known.id)?;
    Ok(said)
}

/// Keeps a person: as a new one, or as what is known now of a user, if anything or one of the further
/// changes differs.
pub(super) fn keep(
    db: &Transaction<'_>,
    known: Option<&User>,
    ready: &Ready,
    sites: &SiteRows,
    act: &Act,
    further: Changes,
) -> rusqlite::Result<(UserId, Put)> {
    let Ready { person, dn, site } = ready;
    // What the directory said is compared with what it says.
    let said = match known {
        Some(known) => Some(said_of(db, known)?),
        None => None,
    };
    if let Some(known) = known
        && said.as_ref() == Some(person)
        && further.text().is_none()
    {
        return Ok((known.id, Put::Unchanged));
    }
    let id = write_user(db, known.map(|known| known.id), person, dn)?;
    let was_given = said.as_ref().is_some_and(|said| said.site.is_some());
    place(db, id, *site, was_given, sites.rules)?;
    search::keep(db, id.0)?;
    let changes = Changes::of_person(said.as_ref(), person).and(further);
    audit::record_user(db, act, id, &changes)?;
    let put = match known {
        Some(_) => Put::Updated,
        None => Put::Created,
    };
    Ok((id, put))
}

/// The site that the directory named.
fn given_site(db: &Connection, user: UserId) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT s.name FROM user u JOIN site s ON s.id = u.given_site
         WHERE u.id = ?1 AND NOT s.removed",
    )?
    .query_row([user.0], |row| row.get(0))
    .optional()
}

/// Keeps what the directory says of a user's site. Where it says nothing the rules decide later, and
/// until then the user stays where they were by the rules.
fn place(
    db: &Connection,
    user: UserId,
    given: Option<i64>,
    was_given: bool,
    rules: bool,
) -> rusqlite::Result<()> {
    let keep = given.is_none() && rules && !was_given;
    db.prepare_cached(
        "UPDATE user SET given_site = ?2, site = CASE WHEN ?3 THEN site ELSE ?2 END WHERE id = ?1",
    )?
    .execute((user.0, given, keep))?;
    match given.is_none() && rules {
        true => placement::forget(db, user),
        false => Ok(()),
    }
}

/// Makes a user's row that of another person.
fn take_over(db: &Connection, user: UserId, guid: &str) -> rusqlite::Result<()> {
    counters::forget(db, user)?;
    roles::revoke_all(db, user)?;
    db.prepare_cached("UPDATE user SET binding = ?2, policy = NULL WHERE id = ?1")?
        .execute((user.0, guid))
        .map(drop)
}

/// Who has this logon name in this domain.
pub(super) fn logon_is_taken(db: &Connection, person: &Person) -> rusqlite::Result<Option<UserId>> {
    db.prepare_cached("SELECT user FROM user_key WHERE logon = ?1 AND domain = ?2 LIMIT 1")?
        .query_row(
            (fold(&person.sam_account_name), fold(&person.domain)),
            |row| row.get(0).map(UserId),
        )
        .optional()
}

/// The users of that folded distinguished name; two where there are more.
pub(super) fn by_dn(db: &Connection, dn: &str) -> rusqlite::Result<Vec<User>> {
    by_key(db, "k.dn = ?", &[Cow::Borrowed(dn)], 2)
}

pub(super) fn by_guid(db: &Connection, guid: &str) -> rusqlite::Result<Option<User>> {
    db.prepare_cached(&format!("{USERS} WHERE u.guid = ?1"))?
        .query_row([guid], read)
        .optional()
}

/// Writes everything but the site, after which the user has to be made found ([`search::keep`]).
pub(super) fn write_user(
    db: &Connection,
    id: Option<UserId>,
    person: &Person,
    dn: &str,
) -> rusqlite::Result<UserId> {
    db.prepare_cached(
        "INSERT INTO user (id, guid, dn, display_name, first_name, last_name, sam_account_name,
                           domain, upn, sip_address, line_uri, enabled, registrar_pool,
                           attributes, when_created, when_changed, binding)
         VALUES (coalesce(:id, (SELECT 1 + max(highest, coalesce((SELECT max(id) FROM user), 0))
                                FROM purged)), :guid, :dn, :display, :first, :last, :sam, :domain, :upn, :sip, :line,
                 :enabled, :pool, :attributes, :created, :changed, :guid)
         ON CONFLICT (id) DO UPDATE SET
             guid = :guid, dn = :dn, display_name = :display, first_name = :first,
             last_name = :last, sam_account_name = :sam, domain = :domain, upn = :upn,
             sip_address = :sip, line_uri = :line, enabled = :enabled, registrar_pool = :pool,
             attributes = :attributes, when_created = :created, when_changed = :changed",
    )?
    .execute(named_params! {
        ":id": id.map(|id| id.0),
        ":guid": person.guid,
        ":dn": person.dn,
        ":display": person.display_name,
        ":first": person.first_name,
        ":last": person.last_name,
        ":sam": person.sam_account_name,
        ":domain": person.domain,
        ":upn": person.upn,
        ":sip": person.sip_address,
        ":line": person.line_uri,
        ":enabled": person.enabled,
        ":pool": person.registrar_pool,
        ":attributes": write_attributes(&person.attributes)?,
        ":created": person.when_created.map(ms),
        ":changed": person.when_changed.map(ms),
    })?;
    let id = id.map_or_else(|| db.last_insert_rowid(), |id| id.0);
    write_keys(db, id, person, dn)?;
    Ok(UserId(id))
}

fn write_keys(db: &Connection, id: i64, person: &Person, dn: &str) -> rusqlite::Result<()> {
    let line = person
        .line_uri
        .as_deref()
        .and_then(LineUri::parse)
        .unwrap_or_default();
    db.prepare_cached(
        "INSERT INTO user_key (user, sip, upn, logon, domain, display_name, dn, extension, phone)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (user) DO UPDATE SET
             sip = ?2, upn = ?3, logon = ?4, domain = ?5, display_name = ?6, dn = ?7,
             extension = ?8, phone = ?9",
    )?
    .execute((
        id,
        person.sip_address.as_deref().map(sip_key),
        person.upn.as_deref().map(fold),
        fold(&person.sam_account_name),
        fold(&person.domain),
        fold(&person.display_name),
        dn,
        line.extension,
        line.number,
    ))
    .map(drop)
}

/// Removes a user; what is kept of them elsewhere goes with the row.
pub(super) fn remove(db: &Connection, user: UserId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM user WHERE id = ?1")?
        .execute([user.0])
        .map(drop)
}
