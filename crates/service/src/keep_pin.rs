//! Making a PIN the current one: what assigning and choosing end in.

use pinward_core::{LengthClass, Pin, Timestamp, User};
use pinward_store::{Act, PinSet, SetPin, StoreError};

use crate::assign_pin::identity_of;
use crate::{Permit, Service, Source, Unavailable};

/// What the audit log calls it where users choose for themselves.
const CHOOSE: &str = "ChoosePin";

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

/// Who sets a PIN.
pub(crate) enum By<'a> {
    /// Somebody with a right.
    Permit(&'a Permit<'a>),
    /// The users for themselves, from there.
    Themselves(&'a Source),
}

impl Service {
    /// Derives the verifier, bound to what the store said, and stores it, durable when this returns.
    pub(crate) async fn keep_pin(
        &self,
        user: &User,
        binding: &str,
        pin: &Pin,
        keeping: Keeping,
        by: By<'_>,
    ) -> Result<PinSet, Unavailable> {
        for _ in 0..MOST_TRIES {
            let verifier = self.verifier.derive(binding, pin).await?;
            let Some(act) = self.act_of(&by, user).await? else {
                return Ok(PinSet::NoSuchUser);
            };
            let request = SetPin {
                user: user.id,
                verifier: verifier.as_str().to_owned(),
                length_class: LengthClass::of(pin.len()),
                must_change: keeping.must_change,
                expires_override: keeping.expires,
                if_version: keeping.if_version,
                act,
            };
            match self.store.set_pin(request).await? {
                // Another process rotated the keys and removed the one known here.
                PinSet::RetiredKey => self.refresh_keys()?,
                set => return Ok(set),
            }
        }
        Ok(PinSet::RetiredKey)
    }

    /// Whose act it is at the moment when it is stored; `None` where the right reaches the user no
    /// longer, who may have moved while the PIN was hashed.
    async fn act_of(&self, by: &By<'_>, user: &User) -> Result<Option<Act>, StoreError> {
        let now = self.clock.now();
        match by {
            By::Permit(permit) => {
                let reached = self.subject(permit, user).await?;
                Ok(reached.map(|_| permit.act(now)))
            }
            By::Themselves(source) => Ok(Some(Act {
                at: now,
                actor: identity_of(user),
                action: CHOOSE,
                origin: source.origin(),
            })),
        }
    }
}
