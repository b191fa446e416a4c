//! Making a PIN the current one: what assigning and choosing end in.

use pinward_core::{LengthClass, Pin, Timestamp, User};
use pinward_store::{Act, PinSet, SetPin};

use crate::{Service, Unavailable};

/// How often the keys are read again because the one in use was retired meanwhile.
const MOST_TRIES: usize = 3;

/// What goes with a PIN that becomes the current one.
#[derive(Clone, Copy, Default)]
pub(crate) struct Keeping {
    /// It must be changed before it opens anything (R-AUTH-4).
    pub must_change: bool,
    /// An end of its own, beside the policy's lifetime.
    pub expires: Option<Timestamp>,
    /// Only if no other PIN was set since this version.
    pub if_version: Option<i64>,
}

impl Service {
    /// Derives the verifier, bound to what the store said, and stores it, durable when this returns.
    /// `act` says whose act it is at the moment when it is stored.
    pub(crate) async fn keep_pin(
        &self,
        user: &User,
        binding: &str,
        pin: &Pin,
        keeping: Keeping,
        act: impl Fn() -> Act,
    ) -> Result<PinSet, Unavailable> {
        for _ in 0..MOST_TRIES {
            let verifier = self.verifier.derive(binding, pin).await?;
            let request = SetPin {
                user: user.id,
                verifier: verifier.as_str().to_owned(),
                length_class: LengthClass::of(pin.len()),
                must_change: keeping.must_change,
                expires_override: keeping.expires,
                if_version: keeping.if_version,
                act: act(),
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
