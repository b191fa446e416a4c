//! What everything should be, by the pure state machine of the core.

use jiff::Timestamp;
use pinward_core::{Admission, AttemptId, Counters, LengthClass, Limits, Outcome};
use pinward_store::{Charged, Settled, Verdict};

use crate::support::LEASE;

/// What one user's state should be.
#[derive(Clone, Default)]
pub struct Model {
    pub counters: Counters,
    pub class: Option<LengthClass>,
    pub pins: Vec<String>,
}

/// What everything should be.
#[derive(Clone)]
pub struct State {
    pub maximum: Option<u32>,
    pub models: Vec<Model>,
    pub attempts: Vec<(usize, AttemptId)>,
}

pub fn verdict_of(number: u8) -> Verdict {
    match number {
        0 | 1 => Verdict::Correct { upgraded: None },
        2 => Verdict::CorrectButUnusable(Outcome::PinExpired),
        3 => Verdict::Released,
        _ => Verdict::Wrong,
    }
}

impl State {
    pub fn limits(&self, user: usize) -> Limits {
        let class = self.models[user].class.unwrap_or(LengthClass::Four);
        Limits::of(class, self.maximum)
    }

    /// What the store answered to a charge is what the core says.
    pub fn charged(&mut self, user: usize, charged: Charged, now: Timestamp) {
        let limits = self.limits(user);
        let model = &mut self.models[user];
        if model.class.is_none() {
            assert_eq!(charged, Charged::PinNotSet);
            return;
        }
        let id = match &charged {
            Charged::Admitted { attempt, .. } => *attempt,
            _ => AttemptId(-1),
        };
        let admission = model.counters.charge(id, &limits, now, LEASE);
        match (charged, admission) {
            (
                Charged::Admitted {
                    attempt,
                    verifier,
                    pin_version,
                    ..
                },
                Admission::Admitted,
            ) => {
                assert_eq!(Some(&verifier), model.pins.last());
                assert_eq!(usize::try_from(pin_version).unwrap(), model.pins.len());
                assert!(
                    self.attempts.iter().all(|(_, other)| *other != attempt),
                    "ids are new"
                );
                self.attempts.push((user, attempt));
            }
            (Charged::Wait, Admission::Wait) => {}
            (Charged::Refused(told), Admission::Refused(expected)) => assert_eq!(told, expected),
            other => panic!("{other:?}"),
        }
    }

    pub fn settled(
        &mut self,
        user: usize,
        id: AttemptId,
        verdict: u8,
        settled: Settled,
        now: Timestamp,
    ) {
        let limits = self.limits(user);
        let counters = &mut self.models[user].counters;
        // What is no longer open changes nothing, not even the clock.
        let expected = if !counters.open.iter().any(|open| open.id == id) {
            pinward_core::Settled::AlreadyExpired
        } else {
            match verdict_of(verdict) {
                Verdict::Correct { .. } => counters.settle_success(id, &limits, now),
                Verdict::Wrong => counters.settle_failure(id, &limits, now),
                Verdict::CorrectButUnusable(_) | Verdict::Released => {
                    counters.expire(&limits, now);
                    counters.release(id)
                }
            }
        };
        let expected = match expected {
            pinward_core::Settled::Done => Settled::Done,
            pinward_core::Settled::AlreadyExpired => Settled::AlreadyExpired,
        };
        assert_eq!(settled, expected);
    }
}
