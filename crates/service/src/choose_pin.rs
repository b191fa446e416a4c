//! A user chooses their own PIN (R-SET-2): the rules of the policy and the history bind.
//!
//! There is no right to check: the door has proven who the user is.

use std::sync::Arc;

use pinward_core::{LockState, Outcome, PinFacts, User, Violation, check_pin, refused_count};
use pinward_store::PinSet;
use pinward_verifier::{StoredVerifier, VerifierError};

use crate::assign_pin::join;
use crate::error::unavailable;
use crate::keep_pin::{By, Keeping};
use crate::{Refusal, Service, Source, Unavailable, Verdict};

/// How often a choice is judged anew because another PIN was set meanwhile.
const MOST_TRIES: usize = 3;

/// Which of a user's PINs: grows with each that is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinVersion(pub i64);

/// How somebody who chooses a PIN has proven who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// With their password.
    Password,
    /// With this PIN. It is the one that is replaced: whoever knows it may know nothing of one that an
    /// administrator set since.
    Pin(PinVersion),
}

/// A user who keyed the right PIN, which has to be replaced before it opens anything.
#[derive(Clone, Debug)]
#[must_use]
pub struct MustChoose {
    /// Whose PIN it is.
    pub user: Arc<User>,
    /// [`Outcome::PinExpired`] or [`Outcome::PinMustBeChanged`].
    pub why: Outcome,
    /// Which PIN it is.
    pub proven: PinVersion,
}

impl MustChoose {
    /// What a verdict says of it; `None`: it is another verdict.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let why = verdict.outcome;
        match (why, &verdict.user, verdict.proven) {
            (Outcome::PinExpired | Outcome::PinMustBeChanged, Some(user), Some(proven)) => {
                let user = Arc::clone(user);
                Some(Self { user, why, proven })
            }
            _ => None,
        }
    }
}

/// Why the chosen PIN was not taken. Written for the user.
#[derive(Debug, thiserror::Error)]
pub enum ChoosePinError {
    /// The user is not enabled for PIN authentication.
    #[error("your account is not enabled for telephone sign-in; ask your administrator")]
    NotEnabled,
    /// The PIN breaks rules; all that it breaks (R-PIN-4).
    #[error("choose another PIN: {}", join(.0))]
    Refused(Vec<Violation>),
    /// The PIN is one of the user's recent ones (R-HIST-1).
    #[error("choose a PIN that is not one of your last {0}")]
    UsedBefore(usize),
    /// The PIN is locked (R-SET-5).
    #[error("your PIN is locked; ask your administrator to unlock it")]
    Locked,
    /// The PIN that was proven is not the current one any more.
    #[error("another PIN was set for you meanwhile; sign in with that one")]
    Superseded,
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(ChoosePinError);

impl Refusal for ChoosePinError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotEnabled => "UserNotEnabled",
            Self::Refused(_) => "PinRefused",
            Self::UsedBefore(_) => "PinInHistory",
            Self::Locked => "PinLocked",
            Self::Superseded => "PinSuperseded",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// Sets the PIN that a user chose, coming from `source`.
    pub async fn choose_pin(
        &self,
        user: &User,
        proof: Proof,
        candidate: &str,
        source: &Source,
    ) -> Result<(), ChoosePinError> {
        if !user.person.enabled {
            return Err(ChoosePinError::NotEnabled);
        }
        // Judged by the PIN and the history of this moment: where another PIN was set in between,
        // the choice is judged again.
        for _ in 0..MOST_TRIES {
            match self.try_choice(user, proof, candidate, source).await? {
                PinSet::Done => return Ok(()),
                PinSet::Locked(_) => return Err(ChoosePinError::Locked),
                PinSet::NoSuchUser | PinSet::Disabled => return Err(ChoosePinError::NotEnabled),
                PinSet::Superseded | PinSet::RetiredKey => {}
            }
        }
        Err(ChoosePinError::Unavailable(Unavailable::Busy))
    }

    async fn try_choice(
        &self,
        user: &User,
        proof: Proof,
        candidate: &str,
        source: &Source,
    ) -> Result<PinSet, ChoosePinError> {
        let now = self.clock.now();
        let Some(status) = self.store.pin_status(user.id, now).await? else {
            return Ok(PinSet::NoSuchUser);
        };
        if matches!(proof, Proof::Pin(PinVersion(proven)) if proven != status.version) {
            return Err(ChoosePinError::Superseded);
        }
        let state = status.counters.state(now);
        if matches!(state, LockState::Permanent | LockState::Administrator) {
            return Ok(PinSet::Locked(state));
        }
        let pin = check_pin(candidate, &status.policy, &PinFacts::of(&user.person))
            .map_err(ChoosePinError::Refused)?;
        let temporary = status.must_change || status.expires_override.is_some();
        // Chosen again, a temporary PIN would be neither changed nor temporary (R-AUTH-4).
        let depth = refused_count(status.policy.pin_history_count).max(usize::from(temporary));
        let recent: Vec<StoredVerifier> = self
            .store
            .pin_history(user.id, depth)
            .await?
            .iter()
            .map(|text| StoredVerifier::parse(text))
            .collect::<Result<_, _>>()
            .map_err(VerifierError::from)?;
        let binding = &status.binding;
        if self.is_any(binding, &pin, &recent).await? {
            return Err(ChoosePinError::UsedBefore(depth));
        }
        let keeping = Keeping {
            if_version: Some(status.version),
            ..Keeping::default()
        };
        let by = By::Themselves(source);
        Ok(self.keep_pin(user, binding, &pin, keeping, by).await?)
    }
}
