//! R-LOCK under random histories: against a naive reference where attempts do not overlap, and
//! against the promises of R-LOCK-10 where they do.

use proptest::prelude::*;

use super::*;

const START: i64 = 1_800_000_000;
const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

/// R-LOCK-1 to R-LOCK-8 for attempts one after the other, written as the rules are, in seconds.
#[derive(Default)]
struct Reference {
    failures_in_window: Vec<i64>,
    failures: u32,
    window: Option<i64>,
    locked_until: Option<i64>,
    locked: bool,
    latest: i64,
}

impl Reference {
    fn attempt(&mut self, correct: bool, limits: &Limits, now: i64) -> bool {
        self.latest = self.latest.max(now);
        let now = self.latest;
        if self.locked_until.is_some_and(|until| now >= until) {
            *self = Reference {
                failures: self.failures,
                latest: now,
                ..Reference::default()
            };
        }
        if self.locked || self.locked_until.is_some() {
            return false;
        }
        let window = *self.window.get_or_insert(now);
        if correct {
            self.window = None;
            self.failures_in_window.clear();
            return true;
        }
        if now >= window + 30 * 60 {
            self.window = Some(now);
            self.failures_in_window.clear();
        }
        self.failures_in_window.push(now);
        self.failures += 1;
        if self.failures == limits.global {
            self.locked = true;
        } else if self.failures_in_window.len() == limits.local as usize {
            self.locked_until = Some(now + 3600);
        }
        true
    }
}

/// Seconds that pass: mostly few, at times past a window or a lockout, at times backwards.
fn passing() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 0..90i64, 2 => 100..2000i64, 1 => 1700..1900i64, 1 => 3500..3700i64,
        1 => -4000..0i64]
}

#[derive(Clone, Debug)]
enum Act {
    Charge,
    Wrong(usize),
    Right(usize),
    Release(usize),
    Expire,
    Lock,
    Unlock,
    PinSet,
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let act = prop_oneof![
        30 => Just(Act::Charge),
        24 => any::<usize>().prop_map(Act::Wrong),
        4 => any::<usize>().prop_map(Act::Right),
        2 => any::<usize>().prop_map(Act::Release),
        2 => Just(Act::Expire),
        1 => Just(Act::Lock),
        1 => Just(Act::Unlock),
        1 => Just(Act::PinSet),
    ];
    prop::collection::vec((act, prop_oneof![8 => 0..5i64, 1 => passing()]), 0..200)
}

/// What an onlooker knows of a history in which attempts overlap.
#[derive(Default)]
struct Onlooker {
    /// When PINs found wrong were found so, since the last clearing.
    wrong_at: Vec<Timestamp>,
    /// All of them since the last unlock, evaluated or given up.
    failures: u32,
    /// Admitted and not settled.
    open: Vec<AttemptId>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// R-LOCK-1 to R-LOCK-8, R-LOCK-12
    #[test]
    fn one_after_the_other_it_is_the_reference(
        history in prop::collection::vec((prop::bool::weighted(0.1), passing()), 0..150),
        local in 1..8u32,
        global in 1..40u32,
    ) {
        let limits = Limits { local, global };
        let (mut counters, mut reference) = (Counters::default(), Reference { latest: i64::MIN, ..Reference::default() });
        let mut now = 0;
        for (serial, (correct, seconds)) in history.into_iter().enumerate() {
            now += seconds;
            let id = AttemptId(i64::try_from(serial).unwrap());
            let admitted = match counters.charge(id, &limits, at(now), LEASE) {
                Admission::Admitted => true,
                Admission::Refused(_) => false,
                Admission::Wait => return Err(TestCaseError::fail("nothing is open to wait for")),
            };
            if admitted {
                let settled = if correct {
                    counters.settle_success(id, &limits, at(now))
                } else {
                    counters.settle_failure(id, &limits, at(now))
                };
                prop_assert_eq!(settled, Settled::Done);
            }
            prop_assert_eq!(admitted, reference.attempt(correct, &limits, now));
            prop_assert_eq!(counters.global, reference.failures);
            prop_assert_eq!(counters.local as usize, reference.failures_in_window.len());
            prop_assert_eq!(counters.window_start, reference.window.map(at));
            prop_assert_eq!(counters.locked_until, reference.locked_until.map(at));
            prop_assert_eq!(counters.lock.is_some(), reference.locked);
        }
    }

    /// R-LOCK-10: overshoot 0, and nobody is refused but by a lock.
    #[test]
    fn however_they_overlap_the_limits_hold(
        history in acts(),
        local in 1..8u32,
        global in 1..40u32,
    ) {
        let limits = Limits { local, global };
        let mut counters = Counters::default();
        let mut seen = Onlooker::default();
        let mut now = 0;
        for (serial, (act, seconds)) in history.into_iter().enumerate() {
            now += seconds;
            let time = at(now);
            // Leases that run out are failures that nobody evaluated; count them first.
            let before = counters.clone();
            counters.expire(&limits, time);
            let gone = before.open.len() - counters.open.len();
            seen.failures += u32::try_from(gone).unwrap();
            seen.open.retain(|id| counters.open.iter().any(|open| open.id == *id));
            if before.window_start != counters.window_start {
                // A lease that ran out opened a window, or the hour is over.
                seen.wrong_at.clear();
            }
            let clock = counters.clock.unwrap();
            let pick = |choice: usize, open: &[AttemptId]| {
                if open.is_empty() { None } else { Some(open[choice % open.len()]) }
            };
            match act {
                Act::Charge => {
                    let id = AttemptId(i64::try_from(serial).unwrap());
                    let state = counters.state(time);
                    let held = u32::try_from(counters.open.len()).unwrap();
                    let counted = counters.displayed_local(time);
                    let free = counted + held < local && counters.global + held < global;
                    match counters.charge(id, &limits, time, LEASE) {
                        Admission::Admitted => {
                            prop_assert!(free && state == LockState::None);
                            seen.open.push(id);
                        }
                        Admission::Wait => {
                            prop_assert!(!free && state == LockState::None);
                            prop_assert!(held > 0, "waiting for nobody");
                        }
                        Admission::Refused(why) => {
                            prop_assert!(why == state && state != LockState::None);
                        }
                    }
                }
                Act::Wrong(choice) => if let Some(id) = pick(choice, &seen.open) {
                    let window_was = counters.window_start;
                    prop_assert_eq!(counters.settle_failure(id, &limits, time), Settled::Done);
                    if counters.window_start != window_was {
                        seen.wrong_at.clear();
                    }
                    seen.open.retain(|open| *open != id);
                    seen.wrong_at.push(clock);
                    seen.failures += 1;
                    // Found wrong within any half hour since the last clearing: never too many.
                    let recent = seen.wrong_at.iter()
                        .filter(|then| clock.duration_since(**then) < WINDOW).count();
                    prop_assert!(recent <= local as usize, "{recent} of {local}");
                },
                Act::Right(choice) => if let Some(id) = pick(choice, &seen.open) {
                    let state = counters.state(time);
                    let local_was = counters.local;
                    prop_assert_eq!(counters.settle_success(id, &limits, time), Settled::Done);
                    prop_assert_eq!(counters.state(time), state, "a success moves no lock");
                    prop_assert!(counters.local <= local_was);
                    seen.open.retain(|open| *open != id);
                    if state == LockState::None {
                        let kept = seen.wrong_at.len().saturating_sub(counters.local as usize);
                        seen.wrong_at.drain(..kept);
                    }
                },
                Act::Release(choice) => if let Some(id) = pick(choice, &seen.open) {
                    let (was, global_was) = (counters.local, counters.global);
                    prop_assert_eq!(counters.release(id), Settled::Done);
                    prop_assert_eq!((counters.local, counters.global), (was, global_was));
                    seen.open.retain(|open| *open != id);
                },
                Act::Expire => {}
                Act::Lock => {
                    counters.lock_by_administrator(time);
                    prop_assert_eq!(counters.state(time), LockState::Administrator);
                }
                Act::Unlock => {
                    counters.unlock(time);
                    prop_assert_eq!(counters.state(time), LockState::None);
                    seen.failures = 0;
                    seen.wrong_at.clear();
                }
                Act::PinSet => {
                    let lock = counters.lock;
                    counters.pin_was_set(time);
                    prop_assert_eq!(counters.lock, lock);
                    seen.wrong_at.clear();
                }
            }
            // The global count forgets nothing but by an unlock.
            prop_assert_eq!(counters.global, seen.failures);
            prop_assert!(counters.window_start.is_some() || counters.local == 0);
            let held = u32::try_from(counters.open.len()).unwrap();
            if counters.lock.is_none() {
                prop_assert!(counters.displayed_local(time) + held <= local);
                prop_assert!(counters.global + held <= global);
            }
            prop_assert!(counters.open.is_sorted_by_key(|open| open.charged_at));
        }
    }

    /// R-LOCK-10: when somebody looks at leases that ran out makes no difference. The limits are
    /// lowered meanwhile, so that some run out under a lockout.
    #[test]
    fn looking_changes_nothing(
        attempts in prop::collection::vec((0..300i64, 1..6000i64), 1..9),
        looks in prop::collection::vec(0..9000i64, 0..30),
        local in 1..6u32,
        global in 1..12u32,
    ) {
        let mut now = 0;
        let mut counters = Counters::default();
        let ample = Limits { local: 100, global: 100 };
        for (serial, (seconds, lease)) in attempts.into_iter().enumerate() {
            now += seconds;
            let id = AttemptId(i64::try_from(serial).unwrap());
            let lease = SignedDuration::from_secs(lease);
            let _ = counters.charge(id, &ample, at(now), lease);
        }
        let limits = Limits { local, global };
        let mut watched = counters.clone();
        for look in looks {
            watched.expire(&limits, at(now + look));
        }
        watched.expire(&limits, at(now + 9000));
        counters.expire(&limits, at(now + 9000));
        prop_assert_eq!(watched, counters);
    }
}
