//! One logon (R-AUTH): charge before you verify, then settle (R-LOCK-10).
//!
//! 1. Resolve who is meant (R-AUTH-6).
//! 2. *Charge*: reserve one attempt in the store, which decides admitted, locked or wait.
//! 3. Verify the PIN, with no lock held anywhere.
//! 4. *Settle* the reservation as success or failure; only then is the caller answered.
//!
//! An attempt that dies between 2 and 4 counts as a failure when its lease runs out. An attempt
//! for which nothing could be evaluated is given back uncounted (R-AUTH-7).
//!
//! An attempt is judged by what held when it was charged: a lock or a new PIN set while it is
//! being verified applies to the attempts after it.

use std::time::Duration;

use jiff::SignedDuration;
use pinward_core::{
    AttemptId, LockState, Outcome, Pin, Policy, Timestamp, User, UserId, expires_at,
};
use pinward_store::{Charged, Settled, Verdict as Settlement};
use pinward_verifier::{StoredVerifier, VerifierError};

use crate::error::unavailable;
use crate::{Refusal, Service, Unavailable};

/// How long an attempt may take before it counts as a failure. Long enough for a full queue of
/// hashing on a small machine, short enough that a crash does not hold a user's budget for long.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long an attempt waits for its turn before it is answered "busy".
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How often the head of a line looks again for settlements of other processes.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The way by which an attempt came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `Test-CsPhoneBootstrap` in the shell.
    Shell,
}

/// What is known of where an attempt comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The way in.
    pub door: Door,
}

/// One attempt to log on.
pub struct Attempt<'a> {
    /// A phone number, an extension, or an identity.
    pub who: &'a str,
    /// The PIN as keyed.
    pub pin: &'a str,
    /// A further identity that must name the same user, where the client sends one.
    pub also_known_as: Option<&'a str>,
    /// Where it comes from.
    pub source: Source,
}

/// The answer to an attempt, for a caller who is trusted with reasons (R-AUTH-5).
#[derive(Clone, Debug)]
#[must_use]
pub struct Verdict {
    /// What came out.
    pub outcome: Outcome,
    /// Who was meant, where that is clear.
    pub user: Option<User>,
    /// Until when a temporary lockout holds.
    pub locked_until: Option<Timestamp>,
}

/// Why there is no verdict. Never counted against the user.
#[derive(Debug, thiserror::Error)]
pub enum LogOnError {
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(LogOnError);

impl Refusal for LogOnError {
    fn id(&self) -> &'static str {
        match self {
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// An attempt that the store admitted.
struct Admitted {
    attempt: AttemptId,
    verifier: String,
    set_at: Timestamp,
    must_change: bool,
    expires_override: Option<Timestamp>,
    policy: Policy,
}

impl Service {
    /// Decides one logon. The checks come in the order of R-AUTH-2.
    pub async fn log_on(&self, attempt: &Attempt<'_>) -> Result<Verdict, LogOnError> {
        let verdict = |outcome, user| Verdict {
            outcome,
            user,
            locked_until: None,
        };
        let mut found = self.resolve_number(attempt.who).await?;
        if let Some(alias) = attempt.also_known_as {
            let also = self.resolve_number(alias).await?;
            found.retain(|user| also.iter().any(|other| other.id == user.id));
        }
        if found.len() > 1 {
            return Ok(verdict(Outcome::NonUniqueUser, None));
        }
        let Some(user) = found.pop() else {
            return Ok(verdict(Outcome::UserDoesNotExist, None));
        };
        if !user.person.enabled {
            return Ok(verdict(Outcome::UserPinAccountDisabled, Some(user)));
        }
        match self.admit(user.id).await? {
            Charged::Admitted {
                attempt: id,
                verifier,
                set_at,
                must_change,
                expires_override,
                policy,
                ..
            } => {
                let admitted = Admitted {
                    attempt: id,
                    verifier,
                    set_at,
                    must_change,
                    expires_override,
                    policy,
                };
                let outcome = self.verify_and_settle(&user, admitted, attempt.pin).await;
                self.turnstiles.settled(user.id);
                Ok(verdict(outcome?, Some(user)))
            }
            Charged::Refused(state) => {
                let locked_until = match state {
                    LockState::Temporary { until } => Some(until),
                    _ => None,
                };
                Ok(Verdict {
                    outcome: Outcome::UserPinAccountLocked,
                    user: Some(user),
                    locked_until,
                })
            }
            Charged::PinNotSet => Ok(verdict(Outcome::PinNotSet, Some(user))),
            Charged::Disabled => Ok(verdict(Outcome::UserPinAccountDisabled, Some(user))),
            Charged::NoSuchUser => Ok(verdict(Outcome::UserDoesNotExist, None)),
            Charged::Wait => Err(LogOnError::Unavailable(Unavailable::Busy)),
        }
    }

    /// Charges an attempt, waiting in line where open attempts hold the user's whole budget.
    async fn admit(&self, user: UserId) -> Result<Charged, LogOnError> {
        if !self.turnstiles.is_queued(user) {
            let charged = self.charge(user).await?;
            if !matches!(charged, Charged::Wait) {
                return Ok(charged);
            }
        }
        let place = self.turnstiles.queue(user);
        let in_turn = async {
            let _head = place.line.head.lock().await;
            loop {
                let settled = place.line.settled.notified();
                let charged = self.charge(user).await?;
                if !matches!(charged, Charged::Wait) {
                    return Ok(charged);
                }
                // Other processes do not ring the bell: look again even when it is silent.
                let _silent = tokio::time::timeout(LOOK_AGAIN, settled).await;
            }
        };
        match tokio::time::timeout(LONGEST_WAIT, in_turn).await {
            Ok(charged) => charged,
            Err(_elapsed) => Err(LogOnError::Unavailable(Unavailable::Busy)),
        }
    }

    async fn charge(&self, user: UserId) -> Result<Charged, LogOnError> {
        Ok(self.store.charge(user, self.clock.now(), LEASE).await?)
    }

    async fn verify_and_settle(
        &self,
        user: &User,
        admitted: Admitted,
        candidate: &str,
    ) -> Result<Outcome, LogOnError> {
        let (settlement, outcome) = match self.evaluate(user, &admitted, candidate).await {
            Ok(decided) => decided,
            Err(error) => {
                // Nothing was evaluated, so nothing is counted. Should this fail too, the lease
                // runs out and the attempt counts: the safe side.
                let _unsettled = self.settle(admitted.attempt, Settlement::Released).await;
                return Err(error);
            }
        };
        match self.settle(admitted.attempt, settlement).await? {
            Settled::Done => Ok(outcome),
            // The lease ran out and the attempt was counted as a failure: a late success must
            // not let anybody in.
            _ => Err(LogOnError::Unavailable(Unavailable::TooSlow)),
        }
    }

    async fn settle(&self, id: AttemptId, settlement: Settlement) -> Result<Settled, LogOnError> {
        Ok(self.store.settle(id, settlement, self.clock.now()).await?)
    }

    /// Whether the PIN is right, and what follows from it.
    async fn evaluate(
        &self,
        user: &User,
        admitted: &Admitted,
        candidate: &str,
    ) -> Result<(Settlement, Outcome), LogOnError> {
        let stored = StoredVerifier::parse(&admitted.verifier).map_err(VerifierError::from)?;
        // What cannot be a PIN cannot be right either: a failure like any other wrong PIN.
        let Ok(pin) = Pin::parse(candidate.trim()) else {
            return Ok((Settlement::Wrong, Outcome::IncorrectPin));
        };
        let guid = &user.person.guid;
        let verified = self.verifier.verify(guid, &pin, &stored).await?;
        if !verified.correct {
            return Ok((Settlement::Wrong, Outcome::IncorrectPin));
        }
        let now = self.clock.now();
        let lifetime_end = expires_at(admitted.set_at, admitted.policy.pin_lifetime_days);
        let ended = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        if ended(lifetime_end) || ended(admitted.expires_override) {
            return Ok((Settlement::CorrectButUnusable, Outcome::PinExpired));
        }
        if admitted.must_change {
            return Ok((Settlement::CorrectButUnusable, Outcome::PinMustBeChanged));
        }
        let upgraded = if verified.upgrade {
            let renewed = self.verifier.derive(guid, &pin).await;
            renewed.ok().map(|verifier| verifier.as_str().to_owned())
        } else {
            None
        };
        Ok((Settlement::Correct { upgraded }, Outcome::Success))
    }
}
