//! A directory as a [`Source`].

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pinward_core::{Dn, DnError};

use super::connection::{Connection, Settings};
use super::error::LdapError;
use super::examples::{Example, Examples};
use super::groups::Memberships;
use super::increment::{Position, changed, changed_keys, fingerprint, places, stand};
use super::mapping::{Changes, Mapping};
use super::person;
use super::search::{Progress, Search};
use super::site_rule::SiteRule;
use crate::source::{Cookie, Entry, Pages, Reading, Source, SourceError};

/// The people of an LDAP directory.
pub struct LdapSource {
    pub(super) settings: Settings,
    pub(super) bases: Vec<String>,
    pub(super) mapping: Arc<Mapping>,
    examples: Arc<Mutex<Examples>>,
    /// The server that broke a reading off: the next one begins behind it.
    broke_off: Arc<Mutex<Option<usize>>>,
}

impl LdapSource {
    /// A directory, the names beneath which people and groups are, and what becomes of them. Nothing is
    /// asked yet.
    ///
    /// # Errors
    /// A base that is no distinguished name.
    pub fn new(
        settings: Settings,
        bases: Vec<String>,
        mapping: Mapping,
    ) -> Result<LdapSource, DnError> {
        if bases.is_empty() {
            return Err(DnError::Empty);
        }
        for base in &bases {
            Dn::parse(base)?;
        }
        let mapping = Arc::new(mapping);
        Ok(LdapSource {
            settings,
            bases,
            mapping,
            examples: Arc::default(),
            broke_off: Arc::default(),
        })
    }

    /// What has to be said at every start and every reading; `None` where certificates are checked.
    pub fn warning(&self) -> Option<&'static str> {
        self.settings.trust.warning()
    }

    /// The sites to which the mapping assigns people.
    pub fn sites(&self) -> impl Iterator<Item = &str> {
        self.mapping.sites.iter().map(SiteRule::site)
    }

    /// What the mapping made of some of the entries of the last reading, one of each way in which
    /// numbers are written.
    pub fn examples(&self) -> Vec<Example> {
        held(&self.examples).found.clone()
    }

    async fn begin(
        &self,
        connection: Connection,
        since: Option<&Cookie>,
    ) -> Result<LdapPages, LdapError> {
        let mapping = &self.mapping;
        let since = since.and_then(Position::read);
        let stand = stand(&connection, &self.bases, mapping, since.as_ref()).await?;
        let groups = Memberships::read(&connection, &self.bases, mapping).await?;
        let places = match stand {
            Some(_) => places(&connection, &self.bases).await?,
            None => Vec::new(),
        };
        let now = match stand {
            Some(stand) => Some(Position {
                mapping: fingerprint(&self.bases, mapping),
                groups: groups.fingerprint(&places),
                at: stand.begin().await,
                server: stand.server,
            }),
            None => None,
        };
        let since = since.filter(|since| now.as_ref().is_some_and(|now| now.follows(since)));
        let (filter, changed_keys) = match &since {
            None => (mapping.people.clone(), Vec::new()),
            Some(since) => {
                let keys = match mapping.changes {
                    Changes::Usn => changed_keys(&connection, since, mapping).await?,
                    Changes::Timestamp | Changes::None => Vec::new(),
                };
                (changed(mapping.changes, &mapping.people, since), keys)
            }
        };
        let attributes = person::attributes(mapping);
        let searches = self.bases.iter().map(|base| {
            let search = Search::beneath(base, filter.clone(), attributes.clone());
            Progress::new(search)
        });
        let changed_keys = changed_keys.iter();
        Ok(LdapPages {
            searches: searches.collect(),
            unseen: changed_keys
                .filter_map(|entry| person::guid(entry, mapping))
                .collect(),
            reading: match since {
                Some(_) => Reading::Increment,
                None => Reading::Full,
            },
            mapping: Arc::clone(mapping),
            examples: Arc::clone(&self.examples),
            broke_off: Arc::clone(&self.broke_off),
            connection,
            passed_over: Vec::new(),
            groups,
            now,
            finished: false,
        })
    }
}

#[async_trait]
impl Source for LdapSource {
    async fn read(&mut self, since: Option<&Cookie>) -> Result<Box<dyn Pages>, SourceError> {
        *held(&self.examples) = Examples::default();
        let mut failed = Vec::new();
        let broke_off = held(&self.broke_off).take();
        let behind = broke_off.map(|number| number + 1);
        let behind = behind.filter(|next| *next < self.settings.servers.len());
        let mut first = behind.unwrap_or_default();
        loop {
            let connection = match Connection::open_from(&self.settings, first).await {
                Ok(connection) => connection,
                Err(errors) => {
                    failed.extend(errors);
                    return Err(in_one(&failed));
                }
            };
            failed.extend_from_slice(connection.passed_over());
            // A server that lets in and then does not answer is passed over too.
            first = connection.number + 1;
            match self.begin(connection, since).await {
                Ok(mut pages) => {
                    pages.passed_over = failed;
                    return Ok(Box::new(pages));
                }
                Err(error) => {
                    let go_on = error.is_of_this_server();
                    failed.push(error);
                    if !go_on {
                        return Err(in_one(&failed));
                    }
                }
            }
        }
    }

    fn has_another(&self) -> bool {
        let broke_off = *held(&self.broke_off);
        broke_off.is_some_and(|number| number + 1 < self.settings.servers.len())
    }
}

/// The errors of all servers asked.
pub(super) fn in_one(errors: &[LdapError]) -> SourceError {
    let message: Vec<String> = errors.iter().map(ToString::to_string).collect();
    match errors.last() {
        Some(last) => SourceError {
            id: last.id(),
            message: message.join("; "),
        },
        None => SourceError {
            id: "DirectoryNotNamed",
            message: "no directory server is named".to_owned(),
        },
    }
}

fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

struct LdapPages {
    connection: Connection,
    /// Why the servers before were not used.
    passed_over: Vec<LdapError>,
    mapping: Arc<Mapping>,
    examples: Arc<Mutex<Examples>>,
    broke_off: Arc<Mutex<Option<usize>>>,
    groups: Memberships,
    searches: VecDeque<Progress>,
    /// The keys of what changed and was not among the people read: given at the end, as gone.
    unseen: BTreeSet<String>,
    reading: Reading,
    now: Option<Position>,
    finished: bool,
}

#[async_trait]
impl Pages for LdapPages {
    async fn next(&mut self) -> Result<Option<Vec<Entry>>, SourceError> {
        while let Some(search) = self.searches.front_mut() {
            match search.next(&self.connection).await {
                Err(error) => {
                    // What was not read must not be passed over by an increment.
                    self.now = None;
                    if error.is_of_this_server() {
                        *held(&self.broke_off) = Some(self.connection.number);
                    }
                    return Err(error.into());
                }
                Ok(None) => self.searches.pop_front(),
                Ok(Some(page)) => {
                    let mut examples = held(&self.examples);
                    let read = page.iter().map(|raw| {
                        if let Some(guid) = person::guid(raw, &self.mapping) {
                            self.unseen.remove(&guid);
                        }
                        let entry =
                            person::read(raw, &self.mapping, self.groups.of(raw, &self.mapping));
                        examples.look(raw, &entry, &self.mapping);
                        entry
                    });
                    return Ok(Some(read.collect()));
                }
            };
        }
        self.finished = true;
        let gone = std::mem::take(&mut self.unseen).into_iter();
        let gone: Vec<Entry> = gone.map(|guid| Entry::Gone { guid }).collect();
        Ok((!gone.is_empty()).then_some(gone))
    }

    fn reading(&self) -> Reading {
        self.reading
    }

    fn passed_over(&self) -> Vec<SourceError> {
        let errors = self.passed_over.iter();
        let used = self.connection.server();
        errors
            .map(|error| SourceError {
                id: error.id(),
                message: format!("{error}. {used} is asked instead"),
            })
            .collect()
    }

    fn cookie(&self) -> Option<Cookie> {
        let now = self.now.as_ref().filter(|_| self.finished);
        now.map(Position::cookie)
    }
}
