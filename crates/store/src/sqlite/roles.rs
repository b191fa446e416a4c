//! Custom roles, and who was granted which role (R-RBAC-1).

use pinward_core::{Role, RoleChange, Scope, UserId, custom_sid, fold, standard_role};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::Value;

use super::audit;
use super::changes::Changes;
use super::clients;
use super::convert::unreadable;
use super::transaction::Transaction;
use crate::{Act, Deleted, RoleChanged, RoleCreated, RoleGranted};

const ROLES: &str = "SELECT id, name, template, cmdlets, script_modules, config_scopes, \
     user_scopes, template_cmdlets FROM role";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Role> {
    let list = |at: usize| -> rusqlite::Result<Vec<String>> {
        serde_json::from_str(row.get_ref(at)?.as_str()?)
            .map_err(|error| unreadable(Type::Text, error))
    };
    let serial: i64 = row.get(0)?;
    Ok(Role {
        identity: row.get(1)?,
        sid: custom_sid(u32::try_from(serial).map_err(|error| unreadable(Type::Integer, error))?),
        is_standard: false,
        cmdlets: list(3)?,
        script_modules: list(4)?,
        config_scopes: list(5)?,
        user_scopes: list(6)?,
        template: row.get(2)?,
        template_cmdlets: list(7)?,
    })
}

fn list(texts: &[String]) -> rusqlite::Result<String> {
    serde_json::to_string(texts)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

pub(super) fn roles(db: &Connection) -> rusqlite::Result<Vec<Role>> {
    let mut query = db.prepare_cached(&format!("{ROLES} ORDER BY key"))?;
    let rows = query.query_map([], read)?;
    rows.collect()
}

fn role(db: &Connection, identity: &str) -> rusqlite::Result<Option<Role>> {
    db.prepare_cached(&format!("{ROLES} WHERE key = ?1"))?
        .query_row([fold(identity)], read)
        .optional()
}

pub(super) fn create(db: &Transaction<'_>, new: &Role, act: &Act) -> rusqlite::Result<RoleCreated> {
    if standard_role(&new.identity).is_some() || role(db, &new.identity)?.is_some() {
        return Ok(RoleCreated::Exists);
    }
    db.prepare_cached(
        "INSERT INTO role (key, name, template, cmdlets, script_modules, config_scopes,
                           user_scopes, template_cmdlets)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute((
        fold(&new.identity),
        new.identity.trim(),
        new.template.as_deref().unwrap_or_default(),
        list(&new.cmdlets)?,
        list(&new.script_modules)?,
        list(&new.config_scopes)?,
        list(&new.user_scopes)?,
        list(&new.template_cmdlets)?,
    ))?;
    // Just written, so it is there.
    let made = role(db, &new.identity)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let changes = Changes::of_role(None, Some(&made));
    audit::record(db, act, &made.identity, &changes)?;
    Ok(RoleCreated::Done(made))
}

pub(super) fn change(
    db: &Transaction<'_>,
    identity: &str,
    change: &RoleChange,
    seen: Option<&Role>,
    act: &Act,
) -> rusqlite::Result<RoleChanged> {
    let Some(current) = role(db, identity)? else {
        return Ok(RoleChanged::NotFound);
    };
    if seen.is_some_and(|seen| *seen != current) {
        return Ok(RoleChanged::Overtaken);
    }
    let changed = match current.apply(change) {
        Ok(changed) => changed,
        Err(problems) => return Ok(RoleChanged::Invalid(problems)),
    };
    save(db, &current, &changed, act)?;
    Ok(RoleChanged::Done(changed))
}

fn save(db: &Transaction<'_>, before: &Role, after: &Role, act: &Act) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE role SET cmdlets = :cmdlets, script_modules = :modules, config_scopes = :config,
                user_scopes = :users, template_cmdlets = :template
         WHERE key = :key",
    )?
    .execute(named_params! {
        ":key": fold(&before.identity),
        ":cmdlets": list(&after.cmdlets)?,
        ":modules": list(&after.script_modules)?,
        ":config": list(&after.config_scopes)?,
        ":users": list(&after.user_scopes)?,
        ":template": list(&after.template_cmdlets)?,
    })?;
    let changes = Changes::of_role(Some(before), Some(after));
    audit::record(db, act, &after.identity, &changes)
}

/// Takes a site that is removed out of the scopes of all roles, so that a later site of the same name
/// does not fall to them; as grants go with their policy (R-POL-6).
pub(super) fn forget_site(db: &Transaction<'_>, site: &str, act: &Act) -> rusqlite::Result<()> {
    let gone = Scope::Site(fold(site));
    let stays = |scope: &String| Scope::parse(scope).as_ref() != Ok(&gone);
    for before in roles(db)? {
        let mut after = before.clone();
        after.config_scopes.retain(stays);
        after.user_scopes.retain(stays);
        if after != before {
            save(db, &before, &after, act)?;
        }
    }
    Ok(())
}

pub(super) fn remove(
    db: &Transaction<'_>,
    identity: &str,
    seen: Option<&Role>,
    act: &Act,
) -> rusqlite::Result<Deleted> {
    let Some(current) = role(db, identity)? else {
        return Ok(Deleted::NotFound);
    };
    if seen.is_some_and(|seen| *seen != current) {
        return Ok(Deleted::Overtaken);
    }
    let key = fold(identity);
    db.prepare_cached("DELETE FROM role WHERE key = ?1")?
        .execute([&key])?;
    // A later role of the same name starts with nobody.
    let grants = db
        .prepare_cached("DELETE FROM role_grant WHERE role = ?1")?
        .execute([&key])?;
    let held = clients::forget_role(db, identity)?;
    let changes = Changes::of_role(Some(&current), None)
        .of("Grants", grants, 0)
        .of("Clients", held, 0);
    audit::record(db, act, &current.identity, &changes)?;
    Ok(Deleted::Done)
}

pub(super) fn grant(
    db: &Transaction<'_>,
    user: UserId,
    identity: &str,
    act: &Act,
) -> rusqlite::Result<RoleGranted> {
    if standard_role(identity).is_none() && role(db, identity)?.is_none() {
        return Ok(RoleGranted::NoSuchRole);
    }
    let known = db
        .prepare_cached("SELECT 1 FROM user WHERE id = ?1")?
        .exists([user.0])?;
    if !known {
        return Ok(RoleGranted::NoSuchUser);
    }
    let granted = db
        .prepare_cached("INSERT OR IGNORE INTO role_grant (user, role) VALUES (?1, ?2)")?
        .execute((user.0, fold(identity)))?;
    if granted > 0 {
        let changes = Changes::default().of("Role", Value::Null, identity);
        audit::record_user(db, act, user, &changes)?;
    }
    Ok(RoleGranted::Done)
}

pub(super) fn revoke(
    db: &Transaction<'_>,
    user: UserId,
    identity: &str,
    act: &Act,
) -> rusqlite::Result<bool> {
    let revoked = db
        .prepare_cached("DELETE FROM role_grant WHERE user = ?1 AND role = ?2")?
        .execute((user.0, fold(identity)))?;
    if revoked == 0 {
        return Ok(false);
    }
    let changes = Changes::default().of("Role", identity, Value::Null);
    audit::record_user(db, act, user, &changes)?;
    Ok(true)
}

/// Takes back everything that was granted to a user.
pub(super) fn revoke_all(db: &Connection, user: UserId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM role_grant WHERE user = ?1")?
        .execute([user.0])
        .map(drop)
}

pub(super) fn granted(db: &Connection, user: UserId) -> rusqlite::Result<Vec<String>> {
    let mut query =
        db.prepare_cached("SELECT role FROM role_grant WHERE user = ?1 ORDER BY role")?;
    let rows = query.query_map([user.0], |row| row.get(0))?;
    rows.collect()
}
