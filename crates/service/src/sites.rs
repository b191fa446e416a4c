//! The sites. Right: [`Right::ViewSites`].

use pinward_store::Site;

use crate::{Caller, FindUserError, Right, Service};

impl Service {
    /// All sites by name.
    pub async fn sites(&self, caller: &Caller) -> Result<Vec<Site>, FindUserError> {
        let _permit = caller.permit(Right::ViewSites)?;
        Ok(self.store.sites().await?)
    }
}
