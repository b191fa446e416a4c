//! Making a PIN the current one: what assigning and choosing end in.

use pinward_core::{LengthClass, Pin, User};
use pinward_store::{PinSet, SetPin};

use crate::{Service, Unavailable};

/// How often the keys are read again because the one in use was retired meanwhile.
const MOST_TRIES: usize = 3;

impl Service {
    /// Derives the verifier, bound to what the store said, and stores it, durable when this returns. With `if_version` only if no
    /// other PIN was set since.
    pub(crate) async fn keep_pin(
        &self,
        user: &User,
        binding: &str,
        pin: &Pin,
        if_version: Option<i64>,
    ) -> Result<PinSet, Unavailable> {
        for _ in 0..MOST_TRIES {
            let verifier = self.verifier.derive(binding, pin).await?;
            let request = SetPin {
                user: user.id,
                verifier: verifier.as_str().to_owned(),
                length_class: LengthClass::of(pin.len()),
                must_change: false,
                expires_override: None,
                if_version,
                now: self.clock.now(),
            };
            match self.store.set_pin(request).await? {
                // Another process rotated the keys and removed the one known here.
                PinSet::RetiredKey => self.refresh_keys()?,
                set => return Ok(set),
            }
        }
        Ok(PinSet::RetiredKey)
    }
}
