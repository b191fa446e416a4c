//! The best plan of guesses where PINs of different lengths have different limits.
//!
//! A guess that is right counts when it is made within the limit of the PIN's length; the attacker does
//! not know the length. So PINs of a low limit are worth something only early. This is the
//! scheduling of jobs that take one unit of time each, with a deadline and a value, where what counts is
//! the value of those in time: going from the most frequent PIN to the least, each is taken up if all that
//! were taken can still be in time, which holds when for each limit no more of them are due by it
//! than it has guesses. That no plan finds more is a well-known theorem (these sets are a matroid). Which of
//! two equally frequent PINs comes first makes no difference to the sum.

/// A plan that is being made.
pub(crate) struct Plan {
    /// The limits, lowest first, each with how many of the PINs taken are due by it.
    due: Vec<(u32, u32)>,
}

impl Plan {
    /// For PINs that have one of these limits.
    pub(crate) fn new(limits: impl IntoIterator<Item = u32>) -> Self {
        let mut limits: Vec<u32> = limits.into_iter().collect();
        limits.sort_unstable();
        limits.dedup();
        Self {
            due: limits.into_iter().map(|limit| (limit, 0)).collect(),
        }
    }

    /// Takes up the next most frequent PIN, which has that limit, if there is a guess left for it.
    pub(crate) fn take(&mut self, limit: u32) -> bool {
        let later = self.due.partition_point(|(due_by, _)| *due_by < limit);
        let due = &mut self.due[later..];
        let fits = due.iter().all(|(due_by, taken)| taken < due_by);
        if fits {
            due.iter_mut().for_each(|(_, taken)| *taken += 1);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Plan;

    /// What the plan finds of PINs given as (people, limit).
    fn planned(mut pins: Vec<(u64, u32)>) -> u64 {
        pins.sort_unstable_by(|one, other| other.cmp(one));
        let mut plan = Plan::new(pins.iter().map(|(_, limit)| *limit));
        pins.iter()
            .filter(|(_, limit)| plan.take(*limit))
            .map(|(people, _)| people)
            .sum()
    }

    /// The most that any order of guesses finds: all of them are tried.
    fn best(pins: &[(u64, u32)], guesses: u32) -> u64 {
        let one_more = |at: usize| {
            let (people, limit) = pins[at];
            let mut rest = pins.to_vec();
            rest.remove(at);
            let in_time = if guesses < limit { people } else { 0 };
            in_time + best(&rest, guesses + 1)
        };
        (0..pins.len()).map(one_more).max().unwrap_or(0)
    }

    proptest! {
        /// R-GUESS-1: the attacker is as good as one can be.
        #[test]
        fn no_order_of_guesses_finds_more(pins in prop::collection::vec((0_u64..9, 1_u32..5), 0..7)) {
            prop_assert_eq!(planned(pins.clone()), best(&pins, 0));
        }
    }
}
