//! The roles. Right: [`Right::ViewRoles`].

use pinward_core::{Role, standard_roles};

use crate::{Caller, Denied, Right, Service};

impl Service {
    /// All roles, the standard ones first.
    pub fn roles(&self, caller: &Caller) -> Result<Vec<Role>, Denied> {
        let _permit = caller.permit(Right::ViewRoles)?;
        Ok(standard_roles().to_vec())
    }
}
