//! Admission: the first step of a logon (R-LOCK-10). The store decides it; here is the waiting.

use std::time::Duration;

use jiff::SignedDuration;
use pinward_core::UserId;
use pinward_store::{Answer, Charged, Delivered, Delivery as StoredDelivery};
use tokio::time::Instant;

use crate::log_on::LogOnError;
use crate::{Service, Unavailable};

/// How long an attempt may take before it counts as a failure. Long enough for a full queue of
/// hashing on a small machine, short enough that a crash does not hold a user's budget for long.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long an attempt waits for its turn before it is answered "busy".
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How often the head of a line looks again for settlements of other processes.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What the store said to an attempt.
pub(crate) enum Charge {
    Now(Charged),
    Before(Answer),
}

/// What came of asking for an attempt.
enum Asked {
    /// Admitted, refused, or answered before.
    Decided(Charge),
    /// Open attempts hold the remaining budget: ask again when one is settled.
    NoBudget,
    /// The same attempt is being decided: ask again later.
    UnderWay,
}

/// An error once the longest wait is over.
fn in_time(deadline: Instant) -> Result<(), LogOnError> {
    match Instant::now() < deadline {
        true => Ok(()),
        false => Err(LogOnError::Unavailable(Unavailable::Busy)),
    }
}

impl Service {
    /// Charges an attempt, waiting where open attempts hold the user's whole budget or where the
    /// same attempt is being decided.
    pub(crate) async fn admit(
        &self,
        user: UserId,
        delivery: Option<&StoredDelivery>,
    ) -> Result<Charge, LogOnError> {
        let deadline = Instant::now() + LONGEST_WAIT;
        let mut asked = match self.turnstiles.is_queued(user) {
            true => Asked::NoBudget,
            false => self.charge(user, delivery).await?,
        };
        loop {
            asked = match asked {
                Asked::Decided(charge) => return Ok(charge),
                Asked::NoBudget => self.wait_in_line(user, delivery, deadline).await?,
                // Not in line: this is no further attempt, and must not hold up those that are
                // when the process that decides it has died.
                Asked::UnderWay => {
                    in_time(deadline)?;
                    tokio::time::sleep(LOOK_AGAIN).await;
                    self.charge(user, delivery).await?
                }
            };
        }
    }

    /// Waits for the head of the user's line and there for the budget. Never ends half way through
    /// a charge: what the store admits must be settled, or it would count as a failure.
    async fn wait_in_line(
        &self,
        user: UserId,
        delivery: Option<&StoredDelivery>,
        deadline: Instant,
    ) -> Result<Asked, LogOnError> {
        let place = self.turnstiles.queue(user);
        let Ok(_head) = tokio::time::timeout_at(deadline, place.line.head.lock()).await else {
            return Err(LogOnError::Unavailable(Unavailable::Busy));
        };
        loop {
            let settled = place.line.settled.notified();
            match self.charge(user, delivery).await? {
                Asked::NoBudget => in_time(deadline)?,
                other => return Ok(other),
            }
            // Other processes do not ring the bell: look again even when it is silent.
            let _silent = tokio::time::timeout(LOOK_AGAIN, settled).await;
        }
    }

    /// Asks the store for an attempt.
    async fn charge(
        &self,
        user: UserId,
        delivery: Option<&StoredDelivery>,
    ) -> Result<Asked, LogOnError> {
        let now = self.clock.now();
        let charged = match delivery {
            None => Delivered::First(self.store.charge(user, now, LEASE).await?),
            Some(delivery) => {
                self.store
                    .charge_once(user, delivery.clone(), now, LEASE)
                    .await?
            }
        };
        match charged {
            Delivered::First(Charged::Wait) => Ok(Asked::NoBudget),
            Delivered::UnderWay => Ok(Asked::UnderWay),
            Delivered::First(charged) => Ok(Asked::Decided(Charge::Now(charged))),
            Delivered::Again(answer) => Ok(Asked::Decided(Charge::Before(answer))),
            Delivered::OtherInput => Err(LogOnError::KeyReused),
            Delivered::GivenUp => Err(LogOnError::Unavailable(Unavailable::TooSlow)),
        }
    }
}
