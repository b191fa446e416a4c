//! Writes out of scope leave a record (R-RBAC-3): whoever tries them learns no more than that there is
//! nothing of that name, and the audit log tells that they tried.

use pinward_core::User;
use pinward_store::StoreError;

use crate::assign_pin::identity_of;
use crate::{Permit, Service};

/// Users recorded for one name that means several.
const MOST: usize = 16;

impl Service {
    /// Records that these users were out of reach of a right to change something.
    pub(crate) async fn note_refused_users<'a>(
        &self,
        permit: &Permit<'_>,
        users: impl IntoIterator<Item = &'a User>,
    ) -> Result<(), StoreError> {
        if !permit.changes() {
            return Ok(());
        }
        for user in users.into_iter().take(MOST) {
            let act = permit.act(self.clock.now());
            let subject = identity_of(user);
            self.store
                .record_refusal(&act, &subject, Some(user.id))
                .await?;
        }
        Ok(())
    }

    /// Records that something else than a user was out of reach of a right to change something.
    pub(crate) async fn note_refused(
        &self,
        permit: &Permit<'_>,
        subject: &str,
    ) -> Result<(), StoreError> {
        if !permit.changes() {
            return Ok(());
        }
        let act = permit.act(self.clock.now());
        self.store.record_refusal(&act, subject, None).await
    }
}
