//! Searches, page by page (RFC 2696).

use ldap3::controls::{Control, ControlType, MakeCritical, PagedResults, RawControl};
use ldap3::{LdapResult, Scope};

use super::connection::{Connection, guarded};
use super::entry::RawEntry;
use super::error::{LdapError, Step, What};
use super::ranges::complete;

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub base: String,
    pub scope: Scope,
    pub filter: String,
    /// The attributes to give.
    pub attributes: Vec<String>,
    /// Deleted entries too (Active Directory).
    pub deleted: bool,
}

impl Search {
    /// A search of everything beneath a base.
    pub(super) fn beneath(base: &str, filter: String, attributes: Vec<String>) -> Search {
        Search {
            base: base.to_owned(),
            scope: Scope::Subtree,
            filter,
            attributes,
            deleted: false,
        }
    }

    /// A look at one entry.
    pub(super) fn of_entry(dn: &str, attributes: &[&str]) -> Search {
        Search {
            scope: Scope::Base,
            attributes: attributes.iter().map(|&name| name.to_owned()).collect(),
            ..Search::beneath(dn, "(objectClass=*)".to_owned(), Vec::new())
        }
    }
}

/// A page as it came, and the directory's cookie where more follow.
type Page = (Vec<RawEntry>, Option<Vec<u8>>);

/// Where in a search one is.
pub(super) struct Progress {
    search: Search,
    /// `None`: all is read.
    next: Option<Vec<u8>>,
}

impl Progress {
    pub(super) fn new(search: Search) -> Progress {
        Progress {
            search,
            next: Some(Vec::new()),
        }
    }

    /// The next page; `None` after the last.
    pub(super) async fn next(
        &mut self,
        connection: &Connection,
    ) -> Result<Option<Vec<RawEntry>>, LdapError> {
        let Some(cookie) = self.next.take() else {
            return Ok(None);
        };
        let (mut entries, next) = connection.page(&self.search, cookie).await?;
        for entry in &mut entries {
            complete(connection, entry).await?;
        }
        self.next = next;
        Ok(Some(entries))
    }
}

impl Connection {
    /// All entries that a search finds; for searches that find few.
    pub(super) async fn all(&self, search: Search) -> Result<Vec<RawEntry>, LdapError> {
        let mut progress = Progress::new(search);
        let mut found = Vec::new();
        while let Some(page) = progress.next(self).await? {
            found.extend(page);
        }
        Ok(found)
    }

    /// A failure of a search on this connection.
    pub(super) fn failed(&self, what: What) -> LdapError {
        LdapError {
            server: self.server.to_string(),
            step: Step::Search,
            what,
        }
    }

    pub(super) async fn page(&self, search: &Search, cookie: Vec<u8>) -> Result<Page, LdapError> {
        let limit = self.operation_timeout;
        let mut ldap = self.ldap.clone();
        let asked = search.clone();
        let size = i32::from(self.page_size);
        let work = async move {
            let mut controls = vec![RawControl::from(PagedResults { size, cookie }.critical())];
            if asked.deleted {
                controls.push(RawControl {
                    ctype: "1.2.840.113556.1.4.417".to_owned(),
                    crit: true,
                    val: None,
                });
            }
            ldap.with_timeout(limit).with_controls(controls);
            let mut stream = ldap
                .streaming_search(&asked.base, asked.scope, &asked.filter, asked.attributes)
                .await?;
            let mut entries = Vec::new();
            while let Some(item) = stream.next().await? {
                // Search references are for other servers: not followed.
                if item.is_ref() || item.is_intermediate() {
                    continue;
                }
                entries.push(RawEntry::read(item.0));
            }
            let answer = stream.finish().await;
            let next = next_cookie(&answer.ctrls);
            Ok((entries, next, answer))
        };
        let failed = |what| self.failed(what);
        let (entries, next, answer) = guarded(work, limit).await.map_err(|what| match what {
            What::BadFilter(_) => failed(What::BadFilter(search.filter.clone())),
            what => failed(what),
        })?;
        match refusal(search, answer) {
            Some(what) => Err(failed(what)),
            None => Ok((entries, next)),
        }
    }
}

fn refusal(search: &Search, answer: LdapResult) -> Option<What> {
    const REFERRAL: u32 = 10;
    const NO_SUCH_OBJECT: u32 = 32;
    match answer.rc {
        0 => None,
        REFERRAL => Some(What::BaseElsewhere(search.base.clone())),
        NO_SUCH_OBJECT => Some(What::NoSuchBase(search.base.clone())),
        code => Some(What::Refused {
            code,
            text: answer.text,
        }),
    }
}

/// An empty cookie means that there is no more.
fn next_cookie(controls: &[Control]) -> Option<Vec<u8>> {
    controls.iter().find_map(|Control(kind, control)| {
        let paged = matches!(kind, Some(ControlType::PagedResults)) && control.val.is_some();
        let cookie = paged.then(|| control.parse::<PagedResults>().cookie)?;
        (!cookie.is_empty()).then_some(cookie)
    })
}
