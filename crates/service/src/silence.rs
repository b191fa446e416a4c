//! Logons for callers who are not trusted with reasons (R-AUTH-5): yes or no, and every no alike.
//!
//! Two things could tell an unknown user from a wrong PIN or a locked one: the answer, and the
//! time it takes. The answer is one value. The time is made equal by releasing every refusal when
//! the slowest of the recent real evaluations would have been answered, on a coarse grid:
//!
//! - where there is nothing to verify (nobody of that name, no PIN, not enabled) a dummy
//!   verification of the same cost is made, so that the load is the same too;
//! - a locked PIN costs no hash, and waits as long as the others.
//!
//! What is left is the rare evaluation that is slower than all of the last [`REMEMBERED`] ones.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pinward_core::{Outcome, Pin, User};
use tokio::time::Instant;

use crate::log_on::{Attempt, LogOnError};
use crate::{Service, Unavailable};

/// How many evaluations are remembered.
const REMEMBERED: usize = 256;
/// Refusals are released at multiples of this after their arrival: coarser than what a scheduler
/// or a timer adds.
const GRID: Duration = Duration::from_millis(5);

/// The answer to a caller who is not trusted with reasons.
#[derive(Clone, Debug)]
#[must_use]
pub enum Answer {
    /// The PIN is that of this user, and opens.
    Success(Box<User>),
    /// It does not open, for whatever reason.
    Refused,
}

/// How long recent evaluations took, from arrival to verdict.
#[derive(Default)]
pub(crate) struct Tempo {
    recent: Mutex<VecDeque<Duration>>,
}

impl Tempo {
    /// Remembers how long an evaluation took.
    fn note(&self, took: Duration) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back(took);
    }

    /// How long the slowest of the recent evaluations took; `None` before the first.
    fn slowest(&self) -> Option<Duration> {
        self.recent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .max()
            .copied()
    }
}

/// The next multiple of the grid.
fn on_grid(duration: Duration) -> Duration {
    let steps = duration.as_nanos().div_ceil(GRID.as_nanos());
    GRID.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

impl Service {
    /// Decides one logon for a caller who is told yes or no and nothing else, neither by the answer
    /// nor by the time it takes.
    pub async fn log_on_silently(&self, attempt: &Attempt<'_>) -> Result<Answer, LogOnError> {
        let arrived = Instant::now();
        let verdict = self.log_on(attempt).await?;
        match verdict.outcome {
            Outcome::Success => {
                self.tempo.note(arrived.elapsed());
                if let Some(user) = verdict.user {
                    return Ok(Answer::Success(Box::new(user)));
                }
            }
            Outcome::IncorrectPin | Outcome::PinExpired | Outcome::PinMustBeChanged => {
                self.tempo.note(arrived.elapsed());
            }
            Outcome::UserPinAccountLocked => {
                // No hash is spent, but a full queue answers everybody alike.
                if self.verifier.is_full() {
                    return Err(LogOnError::Unavailable(Unavailable::Busy));
                }
            }
            _ => self.pretend(attempt.pin).await?,
        }
        if self.tempo.slowest().is_none() {
            self.pretend(attempt.pin).await?;
            self.tempo.note(arrived.elapsed());
        }
        let release = self
            .tempo
            .slowest()
            .unwrap_or_default()
            .max(arrived.elapsed());
        tokio::time::sleep_until(arrived + on_grid(release)).await;
        Ok(Answer::Refused)
    }

    /// A verification of the same cost as a real one, of nothing.
    async fn pretend(&self, candidate: &str) -> Result<(), LogOnError> {
        // What cannot be a PIN is refused without a hash on the real path too.
        if let Ok(pin) = Pin::parse(candidate.trim()) {
            self.verifier.verify_dummy(&pin).await?;
        }
        Ok(())
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
        tempo.note(Duration::from_secs(9));
        for _ in 1..REMEMBERED {
            tempo.note(Duration::from_millis(20));
        }
        assert_eq!(tempo.slowest(), Some(Duration::from_secs(9)));
        tempo.note(Duration::from_millis(20));
        assert_eq!(tempo.slowest(), Some(Duration::from_millis(20)));
    }
}
