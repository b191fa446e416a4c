//! Where a directory stands, so that the next reading begins there.

use sha2::{Digest, Sha256};

use super::connection::Connection;
use super::entry::RawEntry;
use super::error::LdapError;
use super::groups::short_hash;
use super::mapping::{Changes, Mapping};
use super::search::{Progress, Search};
use crate::source::Cookie;

/// A place in the changes of one server. Other servers count for themselves, another mapping makes
/// other people of the same entries, and groups and the places above them change people who did not
/// change: all of that has to be the same for an increment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Position {
    /// Of the bases and the mapping.
    pub mapping: String,
    /// Of the groups and places.
    pub groups: String,
    /// Which server: its database where it tells, else its address.
    pub server: String,
    /// `uSNChanged`, or `modifyTimestamp` as the directory writes it.
    pub at: String,
}

impl Position {
    pub(super) fn cookie(&self) -> Cookie {
        let Position {
            mapping,
            groups,
            server,
            at,
        } = self;
        Cookie(format!("1 {mapping} {groups} {server} {at}"))
    }

    pub(super) fn read(cookie: &Cookie) -> Option<Position> {
        let parts: Vec<&str> = cookie.0.split(' ').collect();
        let ["1", mapping, groups, server, at] = parts[..] else {
            return None;
        };
        let plain = |at: &str| {
            at.bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'Z'))
        };
        plain(at).then(|| Position {
            mapping: mapping.to_owned(),
            groups: groups.to_owned(),
            server: server.to_owned(),
            at: at.to_owned(),
        })
    }

    /// Whether what changed between `since` and this is all that differs.
    pub(super) fn follows(&self, since: &Position) -> bool {
        let same = |p: &Position| (p.mapping.clone(), p.groups.clone(), p.server.clone());
        same(self) == same(since)
    }
}

/// The condition for entries that changed since.
pub(super) fn changed(changes: Changes, filter: &str, since: &Position) -> String {
    match changes {
        // Changes of one second cannot be told apart: those of the last one come again.
        Changes::Timestamp => format!("(&{filter}(modifyTimestamp>={}))", since.at),
        Changes::Usn | Changes::None => {
            let next = since.at.parse::<u64>().unwrap_or(0).saturating_add(1);
            format!("(&{filter}(uSNChanged>={next}))")
        }
    }
}

/// Tells a mapping from all others.
pub(super) fn fingerprint(bases: &[String], mapping: &Mapping) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{bases:?} {mapping:?}"));
    short_hash(hash)
}

/// Which server this is and where it stands, before anything is read; `None` where it does not tell.
pub(super) async fn stand(
    connection: &Connection,
    bases: &[String],
    mapping: &Mapping,
    since: Option<&Position>,
) -> Result<Option<(String, String)>, LdapError> {
    if mapping.follows_no_groups() {
        return Ok(None);
    }
    match mapping.changes {
        Changes::None => Ok(None),
        Changes::Usn => by_usn(connection).await,
        Changes::Timestamp => {
            let server = connection.server().to_string();
            let since = since.filter(|since| since.server == server);
            let at = newest(connection, bases, &mapping.people, since).await?;
            Ok(at.map(|at| (server, at)))
        }
    }
}

async fn by_usn(connection: &Connection) -> Result<Option<(String, String)>, LdapError> {
    let root = root(connection, &["dsServiceName", "highestCommittedUSN"]).await?;
    let service = root.text("dsservicename");
    let Some((service, usn)) = service.zip(root.text("highestcommittedusn")) else {
        return Ok(None);
    };
    // It changes when the database is put back from a backup, and the counts with it.
    let settings = connection
        .all(Search::of_entry(service, &["invocationId"]))
        .await?;
    let id = settings
        .first()
        .and_then(|entry| entry.values.get("invocationid")?.first());
    let Some(id) = id else { return Ok(None) };
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some((id, usn.to_owned())))
}

/// The entry that tells about the server itself.
async fn root(connection: &Connection, names: &[&str]) -> Result<RawEntry, LdapError> {
    let found = connection.all(Search::of_entry("", names)).await?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// The time of the newest change, asked for before people are read: what changes meanwhile is as new or
/// newer.
async fn newest(
    connection: &Connection,
    bases: &[String],
    people: &str,
    since: Option<&Position>,
) -> Result<Option<String>, LdapError> {
    let filter = match since {
        Some(since) => changed(Changes::Timestamp, people, since),
        None => people.to_owned(),
    };
    let mut newest = since.map(|since| since.at.clone());
    for base in bases {
        let name = vec!["modifyTimestamp".to_owned()];
        let mut progress = Progress::new(Search::beneath(base, filter.clone(), name));
        while let Some(page) = progress.next(connection).await? {
            let times = page
                .iter()
                .filter_map(|entry| entry.text("modifytimestamp"));
            newest = newest.max(times.max().map(str::to_owned));
        }
    }
    Ok(newest)
}

/// The keys of all entries that changed since, whatever they are now: of those who were deleted, as far
/// as the service account may see them, and of those who left the bases or the filter.
pub(super) async fn changed_keys(
    connection: &Connection,
    since: &Position,
    mapping: &Mapping,
) -> Result<Vec<RawEntry>, LdapError> {
    let Some(domain) = domain(connection).await? else {
        return Ok(Vec::new());
    };
    let filter = changed(Changes::Usn, "(objectClass=*)", since);
    let search = Search {
        deleted: true,
        ..Search::beneath(&domain, filter, vec![mapping.guid.clone()])
    };
    connection.all(search).await
}

/// The name of the domain that an Active Directory server is of.
pub(super) async fn domain(connection: &Connection) -> Result<Option<String>, LdapError> {
    let root = root(connection, &["defaultNamingContext"]).await?;
    Ok(root.text("defaultnamingcontext").map(str::to_owned))
}

/// The names of the places beneath the bases. Where one is renamed or moved, the names of all entries in
/// it change without a trace of their own.
pub(super) async fn places(
    connection: &Connection,
    bases: &[String],
) -> Result<Vec<String>, LdapError> {
    const PLACES: &str =
        "(|(objectClass=organizationalUnit)(objectClass=container)(objectClass=nsContainer))";
    const NO_ATTRIBUTES: &str = "1.1";
    let mut places = Vec::new();
    for base in bases {
        let search = Search::beneath(base, PLACES.to_owned(), vec![NO_ATTRIBUTES.to_owned()]);
        let found = connection.all(search).await?;
        places.extend(found.into_iter().map(|place| place.dn));
    }
    places.sort_unstable();
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_come_back_and_others_are_not_taken() {
        let position = Position {
            mapping: "00ff".to_owned(),
            groups: "11".to_owned(),
            server: "ldaps://dc1:636".to_owned(),
            at: "20261121230000Z".to_owned(),
        };
        assert_eq!(Position::read(&position.cookie()), Some(position.clone()));
        for text in [
            "",
            "2 a b c 1",
            "1 a b c",
            "1 a b c 1 d",
            "1 a b c 1)(uid=*",
        ] {
            assert_eq!(Position::read(&Cookie(text.to_owned())), None, "{text}");
        }
        let other = Position {
            server: "ldaps://dc2:636".to_owned(),
            ..position.clone()
        };
        assert!(!other.follows(&position));
        let later = Position {
            at: "20271121230000Z".to_owned(),
            ..position.clone()
        };
        assert!(later.follows(&position));
        assert_eq!(
            changed(
                Changes::Usn,
                "(a=b)",
                &Position {
                    at: "41".to_owned(),
                    ..position
                }
            ),
            "(&(a=b)(uSNChanged>=42))"
        );
    }
}
