//! Where a directory stands, so that the next reading begins there.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use jiff::civil::DateTime;
use sha2::{Digest, Sha256};

use super::connection::Connection;
use super::entry::RawEntry;
use super::error::{LdapError, What};
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
    /// The last `uSNChanged` that was read, or the first `modifyTimestamp` to be read again, as the
    /// directory writes it.
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

/// So many changes of one second are worth waiting for its end, so that they do not come again.
const MANY: u64 = 100;
/// After so long a second is over, and what was under way in it is done.
const A_SECOND: Duration = Duration::from_secs(2);

/// Where a server stands before people are read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stand {
    /// Which server it is.
    pub server: String,
    /// Its newest change.
    pub at: String,
    /// How many entries changed in the second `at`, and when that was first seen here.
    in_second: Option<(u64, Instant)>,
}

impl Stand {
    /// Where the next increment has to begin, when people are read from now on: with the newest second
    /// again, unless it is over. Where very much changed in it, as when a directory is filled, its end is
    /// waited for. No clock but that of this machine is asked, and that only for what passed.
    pub(super) async fn begin(&self) -> String {
        let seen = self.in_second.map(|(_, seen)| seen);
        tokio::time::sleep(self.wait(seen.map(|seen| seen.elapsed()))).await;
        self.begin_after(seen.map(|seen| seen.elapsed()))
    }

    /// How much longer to wait, so long after the newest change was seen.
    fn wait(&self, passed: Option<Duration>) -> Duration {
        let many = self.in_second.is_some_and(|(changes, _)| changes >= MANY);
        let passed = passed.filter(|_| many).unwrap_or(A_SECOND);
        A_SECOND.saturating_sub(passed)
    }

    fn begin_after(&self, passed: Option<Duration>) -> String {
        let over = passed.is_some_and(|passed| passed >= A_SECOND);
        let next = next_second(&self.at).filter(|_| over);
        next.unwrap_or_else(|| self.at.clone())
    }
}

/// `None`: the time is not written in whole seconds.
fn next_second(at: &str) -> Option<String> {
    const WRITTEN: &str = "%Y%m%d%H%M%SZ";
    let time = DateTime::strptime(WRITTEN, at).ok()?;
    let next = time.checked_add(SignedDuration::from_secs(1)).ok()?;
    (at.len() == "20261121230000Z".len()).then(|| next.strftime(WRITTEN).to_string())
}

/// Which server this is and where it stands, before anything is read; `None` where it does not tell.
pub(super) async fn stand(
    connection: &Connection,
    bases: &[String],
    mapping: &Mapping,
    since: Option<&Position>,
) -> Result<Option<Stand>, LdapError> {
    if mapping.follows_no_groups() {
        return Ok(None);
    }
    match mapping.changes {
        Changes::None => Ok(None),
        Changes::Usn => by_usn(connection).await,
        Changes::Timestamp => {
            let server = connection.server().to_string();
            let since = since.filter(|since| since.server == server);
            newest(connection, bases, &mapping.people, server, since).await
        }
    }
}

async fn by_usn(connection: &Connection) -> Result<Option<Stand>, LdapError> {
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
    Ok(Some(Stand {
        server: id,
        at: usn.to_owned(),
        in_second: None,
    }))
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
    server: String,
    since: Option<&Position>,
) -> Result<Option<Stand>, LdapError> {
    let filter = match since {
        Some(since) => changed(Changes::Timestamp, people, since),
        None => people.to_owned(),
    };
    let mut newest = since.map(|since| Stand {
        server: server.clone(),
        at: since.at.clone(),
        in_second: None,
    });
    for base in bases {
        let name = vec!["modifyTimestamp".to_owned()];
        let mut progress = Progress::new(Search::beneath(base, filter.clone(), name));
        while let Some(page) = progress.next(connection).await? {
            for entry in &page {
                if let Some(at) = entry.text("modifytimestamp") {
                    note(&mut newest, &server, at);
                }
            }
        }
    }
    Ok(newest)
}

/// Keeps the newest time, and counts how often it comes.
fn note(newest: &mut Option<Stand>, server: &str, at: &str) {
    let (before, seen) = match newest {
        Some(newest) if *newest.at > *at => return,
        Some(newest) if *newest.at == *at => newest.in_second.unwrap_or((0, Instant::now())),
        _ => (0, Instant::now()),
    };
    *newest = Some(Stand {
        server: server.to_owned(),
        at: at.to_owned(),
        in_second: Some((before + 1, seen)),
    });
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

/// Whether the service account may see what was deleted (Active Directory).
pub(super) async fn deleted_can_be_listed(connection: &Connection) -> Result<bool, LdapError> {
    let Some(domain) = domain(connection).await? else {
        return Ok(false);
    };
    let search = Search {
        deleted: true,
        ..Search::of_entry(&format!("CN=Deleted Objects,{domain}"), &["objectclass"])
    };
    match connection.all(search).await {
        Ok(found) => Ok(!found.is_empty()),
        Err(error) if matches!(error.what, What::NoSuchBase(_) | What::Refused { .. }) => Ok(false),
        Err(error) => Err(error),
    }
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

    #[test]
    fn the_second_after() {
        for (at, next) in [
            ("20261121230000Z", Some("20261121230001Z")),
            ("20261231235959Z", Some("20270101000000Z")),
            ("20240228235959Z", Some("20240229000000Z")),
            ("20261121230000.5Z", None),
            ("20261121230000+0100", None),
            ("42", None),
        ] {
            assert_eq!(next_second(at).as_deref(), next, "{at}");
        }
    }

    #[test]
    fn a_second_that_is_over_does_not_come_again() {
        let (this, next) = ("20261121230000Z", "20261121230001Z");
        for (changes, passed, waits, expected) in [
            (1, 0, 0, this),
            (1, 2, 0, next),
            (MANY - 1, 1, 0, this),
            (MANY, 0, 2, next),
            (MANY, 1, 1, next),
            (MANY, 5, 0, next),
        ] {
            let mut newest = None;
            note(&mut newest, "a", "20261121225959Z");
            for _ in 0..changes {
                note(&mut newest, "a", this);
            }
            note(&mut newest, "a", "20261121225959Z");
            let stand = newest.unwrap();
            let passed = Duration::from_secs(passed);
            let wait = stand.wait(Some(passed));
            assert_eq!(wait, Duration::from_secs(waits), "{changes} {passed:?}");
            let found = stand.begin_after(Some(passed + wait));
            assert_eq!(found, expected, "{changes} {passed:?}");
        }
        // Nothing was seen that changed since: the second to begin with is not over by that.
        let nothing = Stand {
            server: "a".to_owned(),
            at: this.to_owned(),
            in_second: None,
        };
        assert_eq!(nothing.wait(None), Duration::ZERO);
        assert_eq!(nothing.begin_after(None), this);
    }
}
