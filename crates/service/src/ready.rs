//! Whether logons can be decided at this moment. No right is needed: nothing is told of anybody.

use crate::keys::fits;
use crate::{Service, Unavailable};

impl Service {
    /// Asks the store, also whether it keeps what is changed, and holds the keys against it: another process may
    /// have rotated them. An error says what is missing.
    pub async fn ready(&self) -> Result<(), Unavailable> {
        self.store.writable().await?;
        let known = self.store.key_fingerprints().await?;
        if fits(&self.verifier.ring(), &known).is_ok() {
            return Ok(());
        }
        self.refresh_keys()?;
        Ok(fits(&self.verifier.ring(), &known)?)
    }
}
