//! Searching people as somebody types, and who it is that was chosen. Right: [`Right::ViewUsers`], and
//! [`Right::ViewPeople`] for those who are not enabled.

use pinward_core::{Reach, User, UserId, search_words};
use pinward_store::{FoundPeople, SearchFor};

use crate::{Caller, FindUserError, Right, Service};

/// People shown for one search: whoever is not among them is found by typing more.
const SHOWN: usize = 20;

impl Service {
    /// People of whom a name or a number begins as the text says, as far as the caller sees them.
    pub async fn search_people(
        &self,
        caller: &Caller,
        text: &str,
    ) -> Result<FoundPeople, FindUserError> {
        let enabled = caller.permit(Right::ViewUsers)?.users().clone();
        let disabled = match caller.permit(Right::ViewPeople) {
            Ok(permit) => permit.users().clone(),
            Err(_) => Reach::Of(Vec::new()),
        };
        let of = SearchFor {
            words: search_words(text),
            enabled,
            disabled,
            most: SHOWN,
        };
        Ok(self.store.search(&of).await?)
    }

    /// The person of that id, as far as the caller sees them.
    pub async fn person(&self, caller: &Caller, id: UserId) -> Result<User, FindUserError> {
        let of_the_enabled = caller.permit(Right::ViewUsers)?;
        let found = self.store.user(id).await?;
        let seen = found.filter(|user| match user.person.enabled {
            true => of_the_enabled.reaches(&user.person),
            false => caller
                .permit(Right::ViewPeople)
                .is_ok_and(|permit| permit.reaches(&user.person)),
        });
        seen.ok_or_else(|| FindUserError::NotFound {
            identity: format!("number {}", id.0),
        })
    }
}
