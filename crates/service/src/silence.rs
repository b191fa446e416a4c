//! Logons for callers who are not trusted with reasons (R-AUTH-5): yes or no, and every no alike.
//!
//! Two things could tell an unknown user from a wrong PIN or a locked one: the answer, and the
//! time it takes. The answer is one value. The time is made equal by releasing every refusal when
//! the slowest of the recent real evaluations would have been answered, on a coarse grid:
//!
//! - where there is nothing to verify (nobody of that name, no PIN, not enabled) a dummy
//!   verification of the same cost is made, so that the load is the same too;
//! - a locked PIN costs no hash, and waits as long as the others;
//! - what cannot be a PIN, and what was delivered before, costs nobody a hash. Neither is remembered
//!   as an evaluation: a caller could otherwise make the evaluations look quick, and then see which
//!   names still take long;
//! - errors such as "busy" wait too, and are worded alike.
//!
//! What is left is the rare evaluation that is slower than all of the last [`REMEMBERED`] ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pinward_core::{Outcome, User};
use pinward_store::StoreError;
use pinward_verifier::VerifierError;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::log_on::{Attempt, LogOnError, as_pin};
use crate::spans::step;
use crate::{MustChoose, Service, Unavailable};

/// How many evaluations are remembered.
const REMEMBERED: usize = 256;
/// Refusals are released at multiples of this after their arrival: coarser than what a scheduler
/// or a timer adds.
const GRID: Duration = Duration::from_millis(5);

/// Stands for a PIN where the time of an evaluation is wanted and nothing was keyed that could be one.
const STAND_IN: &str = "0";

/// The answer to a caller who is not trusted with reasons.
#[derive(Clone, Debug)]
#[must_use]
pub enum Answer {
    /// The PIN is that of this user, and opens.
    Success(Arc<User>),
    /// It does not open, for whatever reason.
    Refused,
}

/// The answer to a caller who is not trusted with reasons, at a door that lets them replace a PIN that has
/// to be (R-EXP-2). Whoever keyed the right PIN may know that (R-AUTH-4).
#[derive(Clone, Debug)]
#[must_use]
pub enum AnswerOrChoice {
    /// The PIN is that of this user, and opens.
    Success(Arc<User>),
    /// The PIN is that of this user and must be replaced first.
    MustChoose(MustChoose),
    /// It does not open, for whatever reason.
    Refused,
}

/// One stall of the machine must not make every refusal of the next hour look like a server that is down.
const LONGEST_TEMPO: Duration = Duration::from_secs(2);

/// How long recent evaluations took, from arrival to verdict.
#[derive(Default)]
pub(crate) struct Tempo {
    recent: Mutex<VecDeque<Duration>>,
}

impl Tempo {
    /// Remembers how long an evaluation took, up to [`LONGEST_TEMPO`].
    pub(crate) fn note(&self, took: Duration) {
        let took = took.min(LONGEST_TEMPO);
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back(took);
    }

    /// How long the slowest of the recent evaluations took; `None` before the first.
    pub(crate) fn slowest(&self) -> Option<Duration> {
        self.recent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .max()
            .copied()
    }
}

/// The next multiple of the grid.
pub(crate) fn on_grid(duration: Duration) -> Duration {
    let steps = duration.as_nanos().div_ceil(GRID.as_nanos());
    GRID.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

impl Service {
    /// Decides one logon for a caller who is told yes or no and nothing else, neither by the answer
    /// nor by the time it takes.
    pub async fn log_on_silently(&self, attempt: &Attempt<'_>) -> Result<Answer, LogOnError> {
        match self.told_alike(attempt, false).await? {
            AnswerOrChoice::Success(user) => Ok(Answer::Success(user)),
            AnswerOrChoice::MustChoose(_) | AnswerOrChoice::Refused => Ok(Answer::Refused),
        }
    }

    /// [`Service::log_on_silently`] for a door where a PIN that has expired or must be changed can be
    /// replaced; whose PIN it is has proven it.
    pub async fn log_on_or_choose(
        &self,
        attempt: &Attempt<'_>,
    ) -> Result<AnswerOrChoice, LogOnError> {
        self.told_alike(attempt, true).await
    }

    /// Every refusal takes as long as the others; with `choice`, being asked for another PIN is none.
    async fn told_alike(
        &self,
        attempt: &Attempt<'_>,
        choice: bool,
    ) -> Result<AnswerOrChoice, LogOnError> {
        let arrived = Instant::now();
        let answer = self.yes_or_no(attempt, arrived).await.map_err(one_busy);
        match &answer {
            Ok(AnswerOrChoice::Success(_)) => return answer,
            Ok(AnswerOrChoice::MustChoose(_)) if choice => return answer,
            _ => {}
        }
        let took = arrived.elapsed();
        let slowest = self.tempo.slowest().unwrap_or_default();
        if answer.is_ok() && took > slowest {
            // Who waited for others would stand out, were it not for those who come after.
            self.tempo.note(took);
        }
        let until = arrived + on_grid(slowest.max(took));
        tokio::time::sleep_until(until)
            .instrument(step!("wait as long as others"))
            .await;
        answer
    }

    /// The answer, and what it costs everybody alike.
    async fn yes_or_no(
        &self,
        attempt: &Attempt<'_>,
        arrived: Instant,
    ) -> Result<AnswerOrChoice, LogOnError> {
        let decided = self.decide(attempt, None).await?;
        let outcome = decided.verdict.outcome;
        // Only what can be a PIN is ever hashed, and only when it is delivered first.
        let pin = as_pin(attempt.pin).filter(|_| !decided.again);
        match (outcome, &pin) {
            (_, None) => {}
            (
                Outcome::Success
                | Outcome::IncorrectPin
                | Outcome::PinExpired
                | Outcome::PinMustBeChanged,
                Some(_),
            ) => self.tempo.note(arrived.elapsed()),
            // No hash is spent, but a full queue answers everybody alike.
            (Outcome::UserPinAccountLocked, Some(_)) if self.verifier.is_full() => {
                return Err(LogOnError::Unavailable(Unavailable::Busy));
            }
            (Outcome::UserPinAccountLocked | Outcome::Throttled, Some(_)) => {}
            (_, Some(pin)) => self.verifier.verify_dummy(pin).await?,
        }
        if let Some(must) = MustChoose::of(&decided.verdict) {
            return Ok(AnswerOrChoice::MustChoose(must));
        }
        if let (Outcome::Success, Some(user)) = (outcome, decided.verdict.user) {
            return Ok(AnswerOrChoice::Success(user));
        }
        if self.tempo.slowest().is_none()
            && let Some(pin) = pin.or_else(|| as_pin(STAND_IN))
        {
            self.verifier.verify_dummy(&pin).await?;
            self.tempo.note(arrived.elapsed());
        }
        Ok(AnswerOrChoice::Refused)
    }
}

/// Where it became too much would tell how far the attempt came.
fn one_busy(error: LogOnError) -> LogOnError {
    match error {
        LogOnError::Unavailable(
            Unavailable::Store(StoreError::Busy) | Unavailable::Verifier(VerifierError::Busy),
        ) => LogOnError::Unavailable(Unavailable::Busy),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up_to_the_grid() {
        for (milliseconds, expected) in [(0, 0), (1, 5), (5, 5), (6, 10), (1001, 1005)] {
            let rounded = on_grid(Duration::from_millis(milliseconds));
            assert_eq!(rounded, Duration::from_millis(expected));
        }
    }

    #[test]
    fn the_slowest_of_the_remembered_counts() {
        let tempo = Tempo::default();
        assert_eq!(tempo.slowest(), None);
        tempo.note(Duration::from_millis(1900));
        for _ in 1..REMEMBERED {
            tempo.note(Duration::from_millis(20));
        }
        assert_eq!(tempo.slowest(), Some(Duration::from_millis(1900)));
        tempo.note(Duration::from_millis(20));
        assert_eq!(tempo.slowest(), Some(Duration::from_millis(20)));
        // A stall is not waited for by those who come after.
        tempo.note(Duration::from_secs(40));
        assert_eq!(tempo.slowest(), Some(LONGEST_TEMPO));
    }
}
