//! Finding users. Right: [`Right::ViewUsers`], except where another use case names its users.

use std::sync::Arc;

use pinward_core::{Lookup, User, UserId, parse_identity, parse_number};
use pinward_store::{Store, StoreError};

use crate::error::unavailable;
use crate::{Caller, Denied, Refusal, Right, Service, Unavailable};

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
            Self::NotUnique { .. } => "UserNotUnique",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// The people whom an identity names, enabled or not: several only where it has a wildcard
    /// (R-ID-2, R-ID-3). In the order of the directory.
    pub async fn find_people(&self, identity: &str) -> Result<Vec<User>, FindUserError> {
        let groups = parse_identity(identity);
        let pattern = groups
            .iter()
            .flatten()
            .any(|lookup| matches!(lookup, Lookup::DisplayPattern(_)));
        let mut found = self.first_group(&groups, MOST_MATCHES).await?;
        match found.len() {
            0 => Err(FindUserError::NotFound {
                identity: identity.trim().to_owned(),
            }),
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

    /// The users (enabled people) whom an identity names. Right: [`Right::ViewUsers`].
    pub async fn find_users(
        &self,
        caller: &Caller,
        identity: &str,
    ) -> Result<Vec<User>, FindUserError> {
        let _permit = caller.permit(Right::ViewUsers)?;
        let mut found = self.find_people(identity).await?;
        found.retain(|user| user.person.enabled);
        if found.is_empty() {
            return Err(FindUserError::NotFound {
                identity: identity.trim().to_owned(),
            });
        }
        Ok(found)
    }

    /// All users, page by page. Right: [`Right::ViewUsers`].
    pub fn users(&self, caller: &Caller) -> Result<UserPages, Denied> {
        let _permit = caller.permit(Right::ViewUsers)?;
        Ok(UserPages {
            store: Arc::clone(&self.store),
            after: None,
            gone_through: 0,
            enabled_only: true,
        })
    }

    /// Everybody in the directory, enabled or not, page by page. Right: [`Right::ViewPeople`].
    pub fn people(&self, caller: &Caller) -> Result<UserPages, Denied> {
        let _permit = caller.permit(Right::ViewPeople)?;
        Ok(UserPages {
            store: Arc::clone(&self.store),
            after: None,
            gone_through: 0,
            enabled_only: false,
        })
    }

    /// Who is reached by a phone number, an extension or an identity (R-AUTH-6, R-LOCK-13).
    pub(crate) async fn resolve_number(&self, text: &str) -> Result<Vec<User>, StoreError> {
        let mut groups = parse_number(text).unwrap_or_default();
        for group in &mut groups {
            // Somebody who logs on names one user.
            group.retain(|lookup| !matches!(lookup, Lookup::DisplayPattern(_)));
        }
        let mut found = self.first_group(&groups, MOST_CANDIDATES).await?;
        // Where there may be more than were looked at, the one who is enabled may not be the only one.
        let all = found.len() < MOST_CANDIDATES;
        if all && found.len() > 1 && found.iter().any(|user| user.person.enabled) {
            found.retain(|user| user.person.enabled);
        }
        Ok(found)
    }

    /// The union of the first group of look-ups that finds anybody.
    async fn first_group(
        &self,
        groups: &[Vec<Lookup>],
        limit: usize,
    ) -> Result<Vec<User>, StoreError> {
        for group in groups {
            let found = self.store.find_any(group, limit).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}

/// All users in ascending order of their ids, a page at a time, in constant memory.
pub struct UserPages {
    store: Arc<dyn Store>,
    after: Option<UserId>,
    gone_through: u64,
    enabled_only: bool,
}

impl UserPages {
    /// How many people there are to go through, enabled or not.
    pub async fn size(&self) -> Result<u64, Unavailable> {
        Ok(self.store.counts().await?.users)
    }

    /// How many people were gone through up to now, enabled or not.
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
