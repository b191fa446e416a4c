//! Admission: the first step of a logon (R-LOCK-10). The store decides it; here is the waiting.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use pinward_core::{Pin, UserId};
use pinward_store::{Answer, Charged, Delivered, Delivery as StoredDelivery, LogOn};
use tokio::time::Instant;

use crate::head_start::{HeadStart, Headway};
use crate::log_on::LogOnError;
use crate::turnstile::Line;
use crate::{Service, Unavailable};

/// How long an attempt may take before it counts as a failure. Long enough for a full queue of
/// hashing on a small machine, short enough that a crash does not hold a user's budget for long.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long an attempt waits for its turn before it is answered "busy".
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How often the head of a line looks again for settlements of other processes.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How many hashes for each lane, the one that it computes included, are so many that some milliseconds
/// more do not matter.
const DEEP: usize = 8;

/// What the store said to an attempt.
pub(crate) enum Charge {
    /// With the verification, where it is under way already.
    Now(Charged, Option<Box<HeadStart>>),
    Before(Answer),
}

/// What is asked of the store for an attempt.
pub(crate) struct Asking<'a> {
    pub(crate) user: UserId,
    /// What was keyed, where it can be a PIN.
    pub(crate) pin: Option<&'a Arc<Pin>>,
    pub(crate) delivery: Option<&'a StoredDelivery>,
    pub(crate) log_on: &'a Arc<LogOn>,
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

/// Waits for the head of a line, and there until the store says something else than `no_news`. Never
/// ends half way through a charge: what the store admits must be settled, or it would count as a
/// failure.
async fn in_line<Answer: Future<Output = Result<Asked, LogOnError>>>(
    line: &Line,
    deadline: Instant,
    ask: impl Fn() -> Answer,
    no_news: impl Fn(&Asked) -> bool,
) -> Result<Asked, LogOnError> {
    let Ok(_head) = tokio::time::timeout_at(deadline, line.head.lock()).await else {
        return Err(LogOnError::Unavailable(Unavailable::Busy));
    };
    loop {
        let settled = line.settled.notified();
        let asked = ask().await?;
        if !no_news(&asked) {
            return Ok(asked);
        }
        in_time(deadline)?;
        // Other processes do not ring the bell: look again even when it is silent.
        let _silent = tokio::time::timeout(LOOK_AGAIN, settled).await;
    }
}

impl Service {
    /// Charges an attempt, waiting where open attempts hold the user's whole budget or where the
    /// same attempt is being decided.
    pub(crate) async fn admit(&self, asking: &Asking<'_>) -> Result<Charge, LogOnError> {
        let deadline = Instant::now() + LONGEST_WAIT;
        let user = asking.user;
        let key = asking.delivery.map(|delivery| delivery.key);
        let mut asked = if key.is_some_and(|key| self.repetitions.is_queued(key)) {
            Asked::UnderWay
        } else if self.turnstiles.is_queued(user) {
            Asked::NoBudget
        } else {
            self.charge(asking).await?
        };
        loop {
            asked = match (asked, key) {
                (Asked::Decided(charge), _) => return Ok(charge),
                (Asked::UnderWay, Some(key)) => {
                    let place = self.repetitions.queue(key);
                    let ask = || self.charge(asking);
                    Box::pin(in_line(&place.line, deadline, ask, |asked| {
                        matches!(asked, Asked::UnderWay)
                    }))
                    .await?
                }
                _ => {
                    let place = self.turnstiles.queue(user);
                    let ask = || self.charge(asking);
                    Box::pin(in_line(&place.line, deadline, ask, |asked| {
                        matches!(asked, Asked::NoBudget)
                    }))
                    .await?
                }
            };
        }
    }

    /// Where the lanes have more to do than they can for a while, the store need not hurry.
    pub(crate) fn set_pace(&self) {
        let busy = self.verifier.queued() >= DEEP * self.verifier.lanes();
        self.store.unhurried(busy);
    }

    /// Asks the store for an attempt.
    async fn charge(&self, asking: &Asking<'_>) -> Result<Asked, LogOnError> {
        let Asking {
            user,
            pin,
            delivery,
            log_on,
        } = *asking;
        self.set_pace();
        let now = self.clock.now();
        let (foretell, headway) = Headway::on(&self.verifier, pin);
        let charged = match delivery {
            None => {
                let charged = self
                    .store
                    .charge_foretold(user, now, LEASE, log_on, foretell);
                Delivered::First(charged.await?)
            }
            Some(delivery) => {
                let delivery = delivery.clone();
                self.store
                    .charge_once(user, delivery, now, LEASE, log_on, foretell)
                    .await?
            }
        };
        let head_start = headway.made().map(Box::new);
        match charged {
            Delivered::First(Charged::Wait) => Ok(Asked::NoBudget),
            Delivered::UnderWay => Ok(Asked::UnderWay),
            Delivered::First(charged) => Ok(Asked::Decided(Charge::Now(charged, head_start))),
            Delivered::Again(answer) => Ok(Asked::Decided(Charge::Before(answer))),
            Delivered::OtherInput => Err(LogOnError::KeyReused),
            Delivered::GivenUp => Err(LogOnError::Unavailable(Unavailable::TooSlow)),
        }
    }
}
