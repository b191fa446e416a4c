//! Finding users. Right: that of what is to be done with them.
//!
//! Whoever is out of the caller's scope is not there: they neither count nor make a name ambiguous, and
//! do not stand before somebody whom the name means too (R-RBAC-3).

use std::borrow::Cow;
use std::sync::Arc;

use pinward_core::{Lookup, Reach, User, UserId, parse_identity, parse_number};
use pinward_store::{Store, StoreError};

use crate::error::unavailable;
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// How many users an administrator's wildcard may name.
const MOST_MATCHES: usize = 1_000_000;
/// How many users a logon needs to know of: more than one is refused anyway (R-AUTH-6).
const MOST_CANDIDATES: usize = 16;
/// Users fetched at a time when all are listed.
const PAGE: usize = 1000;

/// Why a name did not lead to one user.
#[derive(Debug, thiserror::Error)]
pub enum FindUserError {
    /// Nobody is called that.
    #[error(
        "no user is found for \"{identity}\". A user is named by SIP address, user principal \
         name, domain\\logon, display name or distinguished name"
    )]
    NotFound {
        /// The name as given.
        identity: String,
    },
    /// Several users are called that where one is needed (R-ID-3).
    #[error(
        "\"{identity}\" names {count} users. Name one of them by SIP address, user principal \
         name or domain\\logon"
    )]
    NotUnique {
        /// The name as given.
        identity: String,
        /// How many users it matches.
        count: usize,
    },
    /// The same where not all of them were looked at.
    #[error(
        "\"{identity}\" names several users. Name one of them by SIP address, user principal name or \
         domain\\logon"
    )]
    Several {
        /// The name as given.
        identity: String,
    },
    /// The caller may not look.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(FindUserError);

impl Refusal for FindUserError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "UserNotFound",
            Self::NotUnique { .. } | Self::Several { .. } => "UserNotUnique",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// The people whom an identity names, enabled or not, as far as the right reaches: several only
    /// where it has a wildcard (R-ID-2, R-ID-3). In the order of the directory.
    pub async fn find_people(
        &self,
        caller: &Caller,
        right: Right,
        identity: &str,
    ) -> Result<Vec<User>, FindUserError> {
        let permit = caller.permit(right)?;
        let groups = parse_identity(identity);
        let pattern = is_pattern(&groups);
        let mut beyond = Vec::new();
        let found = self
            .first_group(&groups, MOST_MATCHES, permit.users(), &mut beyond)
            .await?;
        let mut found = own(found);
        match found.len() {
            0 => {
                // A wildcard means those within reach and is no attempt on the others.
                if !pattern {
                    self.note_refused_users(&permit, shared(&beyond)).await?;
                }
                Err(FindUserError::NotFound {
                    identity: identity.trim().to_owned(),
                })
            }
            1 => Ok(found),
            _ if pattern => Ok(found),
            _ => {
                // A name shared with somebody who is not enabled still means the one who is.
                let count = found.len();
                found.retain(|user| user.person.enabled);
                if found.len() == 1 {
                    return Ok(found);
                }
                Err(FindUserError::NotUnique {
                    identity: identity.trim().to_owned(),
                    count,
                })
            }
        }
    }

    /// The one whom an identity names, as far as the right reaches. No more people are read than it takes to
    /// know that there are several.
    pub async fn find_person(
        &self,
        caller: &Caller,
        right: Right,
        identity: &str,
    ) -> Result<User, FindUserError> {
        let permit = caller.permit(right)?;
        let groups = parse_identity(identity);
        let pattern = is_pattern(&groups);
        let mut limit = MOST_CANDIDATES;
        let (mut found, beyond) = loop {
            let mut beyond = Vec::new();
            let mut found = self
                .first_group(&groups, limit, permit.users(), &mut beyond)
                .await?;
            let all = found.len() + beyond.len() < limit || limit >= MOST_MATCHES;
            let enabled = found.iter().filter(|user| user.person.enabled).count();
            let several = if pattern { found.len() } else { enabled } > 1;
            if !all && !several {
                limit = limit.saturating_mul(16);
                continue;
            }
            // A name shared with somebody who is not enabled still means the one who is.
            if !pattern && enabled == 1 {
                found.retain(|user| user.person.enabled);
            }
            break (found, beyond);
        };
        match (found.pop(), found.is_empty()) {
            (Some(user), true) => Ok(Arc::unwrap_or_clone(user)),
            (Some(_), false) => Err(FindUserError::Several {
                identity: identity.trim().to_owned(),
            }),
            (None, _) => {
                if !pattern {
                    self.note_refused_users(&permit, shared(&beyond)).await?;
                }
                Err(FindUserError::NotFound {
                    identity: identity.trim().to_owned(),
                })
            }
        }
    }

    /// The users (enabled people) whom an identity names. Right: [`Right::ViewUsers`].
    pub async fn find_users(
        &self,
        caller: &Caller,
        identity: &str,
    ) -> Result<Vec<User>, FindUserError> {
        let mut found = self.find_people(caller, Right::ViewUsers, identity).await?;
        found.retain(|user| user.person.enabled);
        if found.is_empty() {
            return Err(FindUserError::NotFound {
                identity: identity.trim().to_owned(),
            });
        }
        Ok(found)
    }

    /// A user whom the caller named, where the right reaches them: as the store has them now, who may
    /// have moved since they were read. `None` reads as "no longer there".
    pub(crate) async fn subject<'u>(
        &self,
        permit: &Permit<'_>,
        user: &'u User,
    ) -> Result<Option<Cow<'u, User>>, StoreError> {
        if permit.reaches_everybody() {
            return Ok(Some(Cow::Borrowed(user)));
        }
        let now = self.store.user(user.id).await?;
        if let Some(beyond) = now.as_ref().filter(|now| !permit.reaches(&now.person)) {
            self.note_refused_users(permit, [beyond]).await?;
            return Ok(None);
        }
        Ok(now.map(Cow::Owned))
    }

    /// All users, page by page. Right: [`Right::ViewUsers`].
    pub fn users(&self, caller: &Caller) -> Result<UserPages, Denied> {
        Ok(self.pages(&caller.permit(Right::ViewUsers)?, true))
    }

    /// Everybody in the directory, enabled or not, page by page. Right: [`Right::ViewPeople`].
    pub fn people(&self, caller: &Caller) -> Result<UserPages, Denied> {
        Ok(self.pages(&caller.permit(Right::ViewPeople)?, false))
    }

    pub(crate) fn pages(&self, permit: &Permit<'_>, enabled_only: bool) -> UserPages {
        UserPages {
            store: Arc::clone(&self.store),
            reach: permit.users().clone(),
            after: None,
            gone_through: 0,
            enabled_only,
        }
    }

    /// Who in the whole company is reached by a phone number, an extension or an identity (R-AUTH-6,
    /// R-LOCK-13).
    pub(crate) async fn resolve_number(&self, text: &str) -> Result<Vec<Arc<User>>, StoreError> {
        self.resolve_aside(text, &Reach::Everything, &mut Vec::new())
            .await
    }

    /// The same for somebody who wants to do something with them: where all are beyond reach, that is
    /// recorded.
    pub(crate) async fn resolve_for(
        &self,
        permit: &Permit<'_>,
        text: &str,
    ) -> Result<Vec<User>, StoreError> {
        let mut beyond = Vec::new();
        let found = self
            .resolve_aside(text, permit.users(), &mut beyond)
            .await?;
        if found.is_empty() {
            self.note_refused_users(permit, shared(&beyond)).await?;
        }
        Ok(own(found))
    }

    async fn resolve_aside(
        &self,
        text: &str,
        reach: &Reach,
        beyond: &mut Vec<Arc<User>>,
    ) -> Result<Vec<Arc<User>>, StoreError> {
        let mut groups = parse_number(text).unwrap_or_default();
        for group in &mut groups {
            // Somebody who logs on names one user.
            group.retain(|lookup| !matches!(lookup, Lookup::DisplayPattern(_)));
        }
        let mut found = self
            .first_group(&groups, MOST_CANDIDATES, reach, beyond)
            .await?;
        // Where there may be more than were looked at, the one who is enabled may not be the only one.
        let all = found.len() < MOST_CANDIDATES;
        if all && found.len() > 1 && found.iter().any(|user| user.person.enabled) {
            found.retain(|user| user.person.enabled);
        }
        Ok(found)
    }

    /// The union of the first group of look-ups that finds anybody within reach. Those beyond it whom
    /// the name means too are put aside.
    pub(crate) async fn first_group(
        &self,
        groups: &[Vec<Lookup>],
        limit: usize,
        reach: &Reach,
        beyond: &mut Vec<Arc<User>>,
    ) -> Result<Vec<Arc<User>>, StoreError> {
        for group in groups {
            let mut found = self.store.find_any(group, limit).await?;
            beyond.extend(found.extract_if(.., |user| !reach.covers_person(&user.person)));
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}

fn own(users: Vec<Arc<User>>) -> Vec<User> {
    users.into_iter().map(Arc::unwrap_or_clone).collect()
}

fn shared(users: &[Arc<User>]) -> impl Iterator<Item = &User> {
    users.iter().map(Arc::as_ref)
}

/// Whether it has a wildcard.
fn is_pattern(groups: &[Vec<Lookup>]) -> bool {
    let mut lookups = groups.iter().flatten();
    lookups.any(|lookup| matches!(lookup, Lookup::DisplayPattern(_)))
}

/// All users in ascending order of their ids, a page at a time, in constant memory.
pub struct UserPages {
    store: Arc<dyn Store>,
    reach: Reach,
    after: Option<UserId>,
    gone_through: u64,
    enabled_only: bool,
}

impl UserPages {
    /// How many people there are to go through, enabled or not; 0 where that is not to be known,
    /// because not all of them are within the caller's scope.
    pub async fn size(&self) -> Result<u64, Unavailable> {
        match self.reach {
            Reach::Everything => Ok(self.store.counts().await?.users),
            Reach::Of(_) => Ok(0),
        }
    }

    /// How many people within the caller's scope were gone through up to now, enabled or not.
    #[must_use]
    pub fn gone_through(&self) -> u64 {
        self.gone_through
    }

    /// The next page; empty when there are no more.
    pub async fn next(&mut self) -> Result<Vec<User>, Unavailable> {
        loop {
            let mut page = self.store.users_after(self.after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(page);
            };
            self.after = Some(last.id);
            page.retain(|user| self.reach.covers_person(&user.person));
            self.gone_through += page.len() as u64;
            if self.enabled_only {
                page.retain(|user| user.person.enabled);
            }
            if !page.is_empty() {
                return Ok(page);
            }
        }
    }
}
