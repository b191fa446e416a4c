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
//! Before 2, the source's allowance of failures must not be used up (R-GUESS-2).
//!
//! An attempt is judged by what held when it was charged: a lock or a new PIN set while it is
//! being verified applies to the attempts after it.

use std::sync::Arc;

use pinward_core::{
    AttemptId, Counted, LockState, Outcome, Pin, Policy, Timestamp, User, is_expired, verdict,
};
use pinward_store::{
    Answer, Charged, Delivered, Delivery as StoredDelivery, LogOn, Settled, StoreError,
    Verdict as Settlement,
};
use pinward_verifier::{StoredVerifier, VerifierError};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::admission::{Asking, Charge, LONGEST_WAIT, LOOK_AGAIN};
use crate::assign_pin::identity_of;
use crate::delivery::Delivery;
use crate::error::unavailable;
use crate::head_start::HeadStart;
use crate::spans::step;
use crate::{Caller, Denied, Permit, PinVersion, Refusal, Right, Service, Source, Unavailable};

/// What the audit log calls a logon.
const LOG_ON: &str = "LogOn";
/// A name that several users have is recorded up to so many characters.
const LONGEST_NAME: usize = 128;

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
    /// What tells that it was delivered before (R-LOCK-11); `None`: every delivery is an attempt.
    pub delivery: Option<Delivery<'a>>,
}

/// The answer to an attempt, for a caller who is trusted with reasons (R-AUTH-5).
#[derive(Clone, Debug)]
#[must_use]
pub struct Verdict {
    /// What came out.
    pub outcome: Outcome,
    /// Who was meant, where that is clear.
    pub user: Option<Arc<User>>,
    /// Until when a temporary lockout holds.
    pub locked_until: Option<Timestamp>,
    /// Which PIN was proven, where it was right and was not delivered before.
    pub proven: Option<PinVersion>,
}

/// Why there is no verdict. Never counted against the user.
#[derive(Debug, thiserror::Error)]
pub enum LogOnError {
    /// The delivery's key was used with another input (R-LOCK-11).
    #[error(
        "this key was used for another attempt. A key stands for one attempt and its repetitions: \
         make a new one for each attempt"
    )]
    KeyReused,
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(LogOnError);

impl Refusal for LogOnError {
    fn id(&self) -> &'static str {
        match self {
            Self::KeyReused => "KeyReused",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// An attempt that the store admitted.
struct Admitted {
    verifier: String,
    binding: String,
    set_at: Timestamp,
    must_change: bool,
    expires_override: Option<Timestamp>,
    policy: Policy,
    head_start: Option<Box<HeadStart>>,
}

/// What a settlement needs.
#[derive(Clone, Copy)]
struct Settling<'a> {
    attempt: AttemptId,
    delivery: Option<[u8; 32]>,
    log_on: &'a Arc<LogOn>,
}

/// A verdict, and how it came about.
pub(crate) struct Decided {
    pub(crate) verdict: Verdict,
    /// It is the answer to an earlier delivery: nothing was evaluated for this one.
    pub(crate) again: bool,
}

impl From<Verdict> for Decided {
    fn from(verdict: Verdict) -> Self {
        Self {
            verdict,
            again: false,
        }
    }
}

/// What was keyed, where it can be a PIN.
pub(crate) fn as_pin(candidate: &str) -> Option<Pin> {
    Pin::parse(candidate.trim()).ok()
}

/// Whom an attempt names.
enum Meant {
    /// A user who may log on.
    One(Arc<User>),
    /// Nobody, several, or somebody who is not enabled.
    Nobody(Verdict),
}

impl Meant {
    /// The user, where one is named.
    fn user(&self) -> Option<&User> {
        match self {
            Self::One(user) => Some(user),
            Self::Nobody(verdict) => verdict.user.as_deref(),
        }
    }

    fn into_user(self) -> Option<Arc<User>> {
        match self {
            Self::One(user) => Some(user),
            Self::Nobody(verdict) => verdict.user,
        }
    }
}

/// What the audit log says of an attempt. What was keyed is told only where somebody is called so: an
/// unknown name may be a PIN in the wrong field (R-SEC-3).
fn recorded(attempt: &Attempt<'_>, meant: &Meant, by: Option<&Permit<'_>>) -> LogOn {
    let subject = match meant {
        Meant::One(user)
        | Meant::Nobody(Verdict {
            user: Some(user), ..
        }) => identity_of(user),
        Meant::Nobody(verdict) if verdict.outcome == Outcome::NonUniqueUser => {
            attempt.who.trim().chars().take(LONGEST_NAME).collect()
        }
        Meant::Nobody(_) => neutral(attempt.who),
    };
    LogOn {
        actor: by.map(|permit| permit.actor().to_owned()),
        action: by.map_or(LOG_ON, Permit::action),
        origin: attempt.source.origin(),
        subject,
    }
}

/// The kind and the length of what was keyed.
pub(crate) fn neutral(who: &str) -> String {
    let who = who.trim();
    let digits = who.chars().filter(char::is_ascii_digit).count();
    let length = who.chars().count();
    match digits == length {
        true => format!("({length} digits)"),
        false => format!("({length} characters)"),
    }
}

impl Service {
    /// Decides one logon on behalf of a user, for an administrator. Right: [`Right::TestLogon`].
    pub async fn test_log_on(
        &self,
        caller: &Caller,
        attempt: &Attempt<'_>,
    ) -> Result<Verdict, LogOnError> {
        let permit = caller.permit(Right::TestLogon)?;
        Ok(self.decide(attempt, Some(&permit)).await?.verdict)
    }

    /// Decides one logon. The checks come in the order of R-AUTH-2. There is no right to check: the
    /// PIN is what proves who asks.
    pub async fn log_on(&self, attempt: &Attempt<'_>) -> Result<Verdict, LogOnError> {
        Ok(self.decide(attempt, None).await?.verdict)
    }

    /// [`Service::log_on`], saying too whether the answer is that of an earlier delivery. `by` is the
    /// right of whoever tries it on behalf of one of the users within its reach. Only
    /// [`Service::decide`] calls it, which counts what comes of it.
    pub(crate) async fn decide_uncounted(
        &self,
        attempt: &Attempt<'_>,
        by: Option<&Permit<'_>>,
    ) -> Result<Decided, LogOnError> {
        let delivery = match &attempt.delivery {
            Some(delivery) => Some(self.remembered(delivery, attempt).await?),
            None => None,
        };
        let meant = self.who_is_meant(attempt, by);
        let meant = meant.instrument(step!("find")).await?;
        let log_on = Arc::new(recorded(attempt, &meant, by));
        if by.is_some() {
            return self.decide_on(attempt, meant, delivery, &log_on).await;
        }
        let now = self.clock.now();
        let Some(taken) = self.guessing.enter(&attempt.source, meant.user(), now) else {
            let throttled = Verdict {
                outcome: Outcome::Throttled,
                user: meant.into_user(),
                locked_until: None,
                proven: None,
            };
            return self.answer(throttled, delivery, &log_on).await;
        };
        let decided = self.decide_on(attempt, meant, delivery, &log_on).await;
        self.leave(&taken, attempt, &decided).await;
        decided
    }

    /// Decides an attempt of which it is known whom it means.
    async fn decide_on(
        &self,
        attempt: &Attempt<'_>,
        meant: Meant,
        delivery: Option<StoredDelivery>,
        log_on: &Arc<LogOn>,
    ) -> Result<Decided, LogOnError> {
        let user = match meant {
            Meant::One(user) => user,
            Meant::Nobody(verdict) => return self.answer(verdict, delivery, log_on).await,
        };
        let pin = as_pin(attempt.pin).map(Arc::new);
        let id = user.id;
        let asking = Asking {
            user: id,
            pin: pin.as_ref(),
            delivery: delivery.as_ref(),
            log_on,
        };
        let admission = self.admit(&asking).instrument(step!("charge")).await?;
        let (charged, head_start) = match admission {
            Charge::Now(charged, head_start) => (charged, head_start),
            Charge::Before(answer) => return self.again(answer).await,
        };
        let verdict = |outcome| Verdict {
            outcome,
            user: Some(user),
            locked_until: None,
            proven: None,
        };
        match charged {
            Charged::Admitted {
                attempt,
                verifier,
                binding,
                pin_version,
                set_at,
                must_change,
                expires_override,
                policy,
            } => {
                let admitted = Admitted {
                    verifier,
                    binding,
                    set_at,
                    must_change,
                    expires_override,
                    policy,
                    head_start,
                };
                let key = delivery.map(|delivery| delivery.key);
                let settling = Settling {
                    attempt,
                    delivery: key,
                    log_on,
                };
                let verifying = self.verify_and_settle(admitted, pin.as_deref(), settling);
                let outcome = Box::pin(verifying).await;
                self.turnstiles.settled(id);
                if let Some(key) = key {
                    self.repetitions.settled(key);
                }
                let verdict = verdict(outcome?);
                let right = verdict.outcome.counted() != Counted::Failure;
                let proven = right.then_some(PinVersion(pin_version));
                Ok(Verdict { proven, ..verdict }.into())
            }
            Charged::Refused(state) => {
                let locked_until = match state {
                    LockState::Temporary { until } => Some(until),
                    _ => None,
                };
                let locked = verdict(Outcome::UserPinAccountLocked);
                Ok(Verdict {
                    locked_until,
                    ..locked
                }
                .into())
            }
            Charged::PinNotSet => Ok(verdict(Outcome::PinNotSet).into()),
            Charged::Disabled => Ok(verdict(Outcome::UserPinAccountDisabled).into()),
            Charged::NoSuchUser => Ok(Verdict {
                user: None,
                ..verdict(Outcome::UserDoesNotExist)
            }
            .into()),
            Charged::Wait => Err(LogOnError::Unavailable(Unavailable::Busy)),
        }
    }

    /// The one user whom an attempt names and who may log on, or the verdict without them. Who is
    /// meant is what a telephone would be told, whoever tries; where all of them are beyond their
    /// reach, there is nobody (R-RBAC-3).
    async fn who_is_meant(
        &self,
        attempt: &Attempt<'_>,
        by: Option<&Permit<'_>>,
    ) -> Result<Meant, LogOnError> {
        let mut found = self.resolve_number(attempt.who).await?;
        if let Some(alias) = attempt.also_known_as {
            let also = self.resolve_number(alias).await?;
            found.retain(|user| also.iter().any(|other| other.id == user.id));
        }
        if by.is_some_and(|permit| !found.iter().any(|user| permit.reaches(&user.person))) {
            found.clear();
        }
        let (outcome, user) = match (found.len(), found.pop()) {
            (1, Some(user)) if user.person.enabled => return Ok(Meant::One(user)),
            (1, Some(user)) => (Outcome::UserPinAccountDisabled, Some(user)),
            (0, _) => (Outcome::UserDoesNotExist, None),
            _ => (Outcome::NonUniqueUser, None),
        };
        Ok(Meant::Nobody(Verdict {
            outcome,
            user,
            locked_until: None,
            proven: None,
        }))
    }

    /// A verdict for which nothing was charged; the same again where it was delivered before.
    async fn answer(
        &self,
        verdict: Verdict,
        delivery: Option<StoredDelivery>,
        log_on: &Arc<LogOn>,
    ) -> Result<Decided, LogOnError> {
        let answer = Answer {
            outcome: verdict.outcome,
            user: verdict.user.as_ref().map(|user| user.id),
            locked_until: verdict.locked_until,
        };
        let now = self.clock.now();
        let Some(delivery) = delivery else {
            self.store.record_log_on(answer, now, log_on).await?;
            return Ok(verdict.into());
        };
        match self
            .store
            .answer_once(delivery, answer, now, log_on)
            .await?
        {
            Delivered::First(()) => Ok(verdict.into()),
            Delivered::Again(answer) => self.again(answer).await,
            Delivered::OtherInput => Err(LogOnError::KeyReused),
            Delivered::GivenUp => Err(LogOnError::Unavailable(Unavailable::TooSlow)),
            Delivered::UnderWay => Err(LogOnError::Unavailable(Unavailable::Busy)),
        }
    }

    async fn verify_and_settle(
        &self,
        admitted: Admitted,
        pin: Option<&Pin>,
        settling: Settling<'_>,
    ) -> Result<Outcome, LogOnError> {
        let evaluated = self.evaluate(admitted, pin).instrument(step!("hash"));
        let (settlement, outcome) = match evaluated.await {
            Ok(decided) => decided,
            Err(error) => {
                // Nothing was evaluated, so nothing is counted. Should this fail too, the lease
                // runs out and the attempt counts: the safe side.
                let _unsettled = self.settle(settling, Settlement::Released).await;
                return Err(error);
            }
        };
        let settled = self.settle(settling, settlement);
        match settled.instrument(step!("settle")).await? {
            Settled::Done => Ok(outcome),
            // The lease ran out and the attempt was counted as a failure: a late success must
            // not let anybody in.
            _ => Err(LogOnError::Unavailable(Unavailable::TooSlow)),
        }
    }

    /// Settles an attempt, again and again while the store is busy: an attempt that was evaluated
    /// and not settled counts as a failure when its lease runs out, the right PIN too.
    async fn settle(
        &self,
        settling: Settling<'_>,
        settlement: Settlement,
    ) -> Result<Settled, LogOnError> {
        let Settling {
            attempt,
            delivery,
            log_on,
        } = settling;
        let deadline = Instant::now() + LONGEST_WAIT;
        loop {
            self.set_pace();
            let (settlement, now) = (settlement.clone(), self.clock.now());
            let settled = match delivery {
                None => self.store.settle(attempt, settlement, now, log_on).await,
                Some(key) => {
                    self.store
                        .settle_once(attempt, settlement, key, now, log_on)
                        .await
                }
            };
            match settled {
                Err(StoreError::Busy) if Instant::now() < deadline => {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                settled => return Ok(settled?),
            }
        }
    }

    /// Whether the PIN is right, and what follows from it.
    async fn evaluate(
        &self,
        admitted: Admitted,
        pin: Option<&Pin>,
    ) -> Result<(Settlement, Outcome), LogOnError> {
        let stored = StoredVerifier::parse(&admitted.verifier).map_err(VerifierError::from)?;
        // What cannot be a PIN cannot be right either: a failure like any other wrong PIN.
        let Some(pin) = pin else {
            return Ok((Settlement::Wrong, Outcome::IncorrectPin));
        };
        let binding = &admitted.binding;
        let begun = admitted
            .head_start
            .and_then(|begun| begun.of(&admitted.verifier, binding));
        let verified = match begun {
            Some(begun) => begun.verified(&stored).await?,
            None => self.verify(binding, pin, &stored).await?,
        };
        let now = self.clock.now();
        let expired = is_expired(admitted.set_at, admitted.policy.pin_lifetime_days, now)
            || admitted.expires_override.is_some_and(|end| end <= now);
        let outcome = verdict(verified.correct, expired, admitted.must_change);
        match outcome.counted() {
            Counted::Failure => return Ok((Settlement::Wrong, outcome)),
            Counted::Neither => return Ok((Settlement::CorrectButUnusable(outcome), outcome)),
            Counted::Success => {}
        }
        let upgraded = if verified.upgrade {
            let renewed = self.verifier.derive(binding, pin).await;
            renewed.ok().map(|verifier| verifier.as_str().to_owned())
        } else {
            None
        };
        Ok((Settlement::Correct { upgraded }, outcome))
    }
}
