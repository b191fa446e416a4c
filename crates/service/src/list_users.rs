//! A part of the users at a time, for whoever shows a list. Right: [`Right::ViewUsers`].

use pinward_core::{User, UserId, fold};

use crate::{Caller, FindUserError, Right, Service};

/// People read at a time.
const PAGE: usize = 1000;
/// People gone through for one part of the list: a search for what is rare gets an answer all the same.
const MOST_GONE_THROUGH: usize = 20_000;

/// Which users are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserQuery {
    /// Part of a name, an address or a number, in any case.
    pub search: Option<String>,
    /// Of this site.
    pub site: Option<String>,
    /// Those after this one.
    pub after: Option<UserId>,
    /// So many at most.
    pub limit: usize,
}

/// A part of the users.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UserList {
    /// The users; perhaps none, although there are more.
    pub users: Vec<User>,
    /// After whom to go on; `None`: there are no more.
    pub next: Option<UserId>,
}

impl Service {
    /// The next users within the caller's scope, in ascending order of their ids.
    pub async fn list_users(
        &self,
        caller: &Caller,
        query: &UserQuery,
    ) -> Result<UserList, FindUserError> {
        let permit = caller.permit(Right::ViewUsers)?;
        let search = query.search.as_deref().map(fold);
        let site = query.site.as_deref().map(fold);
        let mut list = UserList {
            users: Vec::new(),
            next: query.after,
        };
        let mut gone_through = 0;
        while gone_through < MOST_GONE_THROUGH {
            let page = self.store.users_after(list.next, PAGE).await?;
            if page.is_empty() {
                list.next = None;
                break;
            }
            gone_through += page.len();
            for user in page {
                list.next = Some(user.id);
                let wanted = user.person.enabled
                    && permit.reaches(&user.person)
                    && site.as_ref().is_none_or(|site| is_of(&user, site))
                    && search.as_ref().is_none_or(|text| is_called(&user, text));
                if wanted {
                    list.users.push(user);
                    if list.users.len() >= query.limit {
                        return Ok(list);
                    }
                }
            }
        }
        Ok(list)
    }
}

fn is_of(user: &User, site: &str) -> bool {
    let of = user.person.site.as_deref();
    of.is_some_and(|of| fold(of) == site)
}

/// Whether one of the user's names, addresses or numbers has this text in it.
fn is_called(user: &User, text: &str) -> bool {
    let person = &user.person;
    let optional = [&person.upn, &person.sip_address, &person.line_uri];
    let texts = [&person.display_name, &person.sam_account_name];
    texts
        .into_iter()
        .chain(optional.into_iter().flatten())
        .any(|name| fold(name).contains(text))
}
