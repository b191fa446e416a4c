//! R-LOCK-1 to R-LOCK-9 and R-LOCK-12 by example; the state machine at large is in `model_tests`.

use super::*;

const LEASE: SignedDuration = SignedDuration::from_secs(30);
const FIVE_DIGITS: Limits = Limits {
    local: 25,
    global: 1000,
};

fn minute(minutes: i64) -> Timestamp {
    second(minutes * 60)
}

fn second(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

/// Counters with a serial number for attempts and limits to try.
struct Try {
    counters: Counters,
    limits: Limits,
    next: i64,
}

impl Try {
    fn new(local: u32, global: u32) -> Try {
        Try {
            counters: Counters::default(),
            limits: Limits { local, global },
            next: 0,
        }
    }

    fn charge(&mut self, at: Timestamp) -> (AttemptId, Admission) {
        self.next += 1;
        let id = AttemptId(self.next);
        (id, self.counters.charge(id, &self.limits, at, LEASE))
    }

    #[track_caller]
    fn open(&mut self, at: Timestamp) -> AttemptId {
        let (id, admission) = self.charge(at);
        assert_eq!(admission, Admission::Admitted);
        id
    }

    #[track_caller]
    fn wrong(&mut self, times: u32, at: Timestamp) {
        for _ in 0..times {
            let id = self.open(at);
            self.fail(id, at);
        }
    }

    #[track_caller]
    fn right(&mut self, at: Timestamp) {
        let id = self.open(at);
        assert_eq!(
            self.counters.settle_success(id, &self.limits, at),
            Settled::Done
        );
    }

    #[track_caller]
    fn fail(&mut self, id: AttemptId, at: Timestamp) {
        assert_eq!(
            self.counters.settle_failure(id, &self.limits, at),
            Settled::Done
        );
    }

    #[track_caller]
    fn refused(&mut self, at: Timestamp, state: LockState) {
        assert_eq!(self.charge(at).1, Admission::Refused(state));
        assert_eq!(self.counters.state(at), state);
    }

    #[track_caller]
    fn counts(&self, at: Timestamp, local: u32, global: u32) {
        assert_eq!(
            (self.counters.displayed_local(at), self.counters.global),
            (local, global)
        );
    }
}

#[test]
fn limits_by_length() {
    // R-LOCK-3
    for (length, local, global) in [
        (4, 10, 100),
        (5, 25, 1000),
        (6, 25, 1000),
        (7, 25, 5000),
        (8, 25, 5000),
        (24, 25, 5000),
    ] {
        let class = LengthClass::of(length);
        assert_eq!(
            Limits::of(class, None),
            Limits { local, global },
            "{length}"
        );
        assert_eq!(
            Limits::of(class, Some(3)),
            Limits { local: 3, global },
            "{length}"
        );
        assert_eq!(Limits::of(class, Some(999)).local, 999, "{length}");
    }
    assert_eq!(Limits::of(LengthClass::Five, Some(0)).local, 1);
}

#[test]
fn a_failure_adds_one_to_both_and_a_success_clears_the_local_count() {
    // R-LOCK-1, R-LOCK-8
    let mut it = Try::new(25, 1000);
    it.wrong(3, minute(0));
    it.counts(minute(0), 3, 3);
    it.right(minute(1));
    it.counts(minute(1), 0, 3);
    assert_eq!(it.counters.window_start, None);
    assert!(it.counters.open.is_empty());
}

#[test]
fn the_window_is_fixed_and_opened_by_the_first_attempt() {
    // R-LOCK-2: opened at 0 by the first attempt, whatever it comes to; ends at 30.
    let mut it = Try::new(3, 1000);
    let first = it.open(minute(0));
    it.fail(first, second(20));
    it.wrong(1, minute(29));
    it.counts(minute(29), 2, 2);
    it.counts(minute(30), 0, 2);
    // The failure at 30 opens a new one, which ends at 60 and not at 59.
    it.wrong(2, minute(30));
    it.counts(minute(59), 2, 4);
    it.wrong(1, minute(59));
    it.refused(minute(59), LockState::Temporary { until: minute(119) });
}

#[test]
fn an_attempt_after_the_window_opens_none_but_a_failure_does() {
    // R-LOCK-2: the new window counts from the failure, and a success closes the old one.
    let mut it = Try::new(3, 1000);
    it.wrong(2, minute(0));
    let slow = it.open(minute(40));
    it.fail(slow, second(40 * 60 + 10));
    assert_eq!(it.counters.window_start, Some(second(40 * 60 + 10)));
    it.right(minute(41));
    let next = it.open(minute(42));
    assert_eq!(it.counters.window_start, Some(minute(42)));
    it.fail(next, minute(42));
    it.counts(minute(42), 1, 4);
}

#[test]
fn the_local_limit_locks_for_one_hour() {
    // R-LOCK-4, R-LOCK-5, R-LOCK-9
    let mut it = Try::new(25, 1000);
    it.wrong(25, minute(5));
    let until = minute(65);
    it.refused(minute(5), LockState::Temporary { until });
    it.refused(second(65 * 60 - 1), LockState::Temporary { until });
    // Refused logons count nothing.
    it.counts(minute(64), 25, 25);
    assert_eq!(it.counters.state(minute(65)), LockState::None);
    it.counts(minute(65), 0, 25);
    it.wrong(1, minute(65));
    it.counts(minute(65), 1, 26);
}

#[test]
fn the_global_limit_locks_until_unlocked() {
    // R-LOCK-6, R-LOCK-7, R-LOCK-9
    let mut it = Try::new(10, 30);
    for round in 0..2 {
        it.wrong(10, minute(round * 100));
    }
    it.wrong(9, minute(200));
    it.right(minute(200));
    it.counts(minute(200), 0, 29);
    it.wrong(1, minute(201));
    it.refused(minute(201), LockState::Permanent);
    it.refused(minute(1_000_000), LockState::Permanent);
    it.counters.unlock(minute(1_000_001));
    it.counts(minute(1_000_001), 0, 0);
    it.wrong(1, minute(1_000_001));
}

#[test]
fn the_global_lock_wins_where_both_limits_are_reached_at_once() {
    // R-LOCK-4, R-LOCK-6
    let mut it = Try::new(5, 10);
    it.wrong(5, minute(0));
    it.wrong(5, minute(61));
    it.refused(minute(61), LockState::Permanent);
    assert_eq!(it.counters.locked_until, None);
    assert!(!it.counters.may_set_pin());
}

#[test]
fn an_administrator_locks_and_unlocks() {
    // R-LOCK-7, R-SET-5
    let mut it = Try::new(5, 100);
    it.wrong(2, minute(0));
    it.counters.lock_by_administrator(minute(1));
    it.refused(minute(500), LockState::Administrator);
    assert!(!it.counters.may_set_pin());
    it.counters.unlock(minute(501));
    it.counts(minute(501), 0, 0);
    // Also over a temporary lockout, which must not end the lock with its hour.
    it.wrong(5, minute(502));
    it.counters.lock_by_administrator(minute(503));
    it.refused(minute(600), LockState::Administrator);
    // Unlocking what is not locked still resets the counts.
    it.counters.unlock(minute(601));
    it.wrong(4, minute(601));
    it.counters.unlock(minute(602));
    it.counts(minute(602), 0, 0);
}

#[test]
fn a_new_pin_ends_a_lockout_and_keeps_the_global_count() {
    // R-SET-4
    let mut it = Try::new(5, 100);
    it.wrong(5, minute(0));
    assert!(it.counters.may_set_pin());
    it.counters.pin_was_set(minute(1));
    it.counts(minute(1), 0, 5);
    it.wrong(1, minute(2));
    it.counters.lock_by_administrator(minute(3));
    it.counters.pin_was_set(minute(4));
    it.refused(minute(4), LockState::Administrator);
}

#[test]
fn attempts_at_once_share_the_budget() {
    // R-LOCK-10: neither one too many, nor a correct PIN refused for being late.
    let mut it = Try::new(3, 1000);
    it.wrong(1, minute(0));
    let (a, b) = (it.open(minute(0)), it.open(minute(0)));
    assert_eq!(it.charge(minute(0)).1, Admission::Wait);
    it.fail(a, second(1));
    assert_eq!(it.charge(second(1)).1, Admission::Wait);
    assert_eq!(
        it.counters.settle_success(b, &it.limits, second(2)),
        Settled::Done
    );
    // `a` was charged before `b`, so the success of `b` clears it.
    it.counts(second(2), 0, 2);
    it.wrong(3, second(3));
    it.refused(
        second(3),
        LockState::Temporary {
            until: second(3603),
        },
    );
}

#[test]
fn the_global_budget_is_shared_too() {
    // R-LOCK-6, R-LOCK-10
    let mut it = Try::new(10, 12);
    it.wrong(10, minute(0));
    let (a, b) = (it.open(minute(61)), it.open(minute(61)));
    assert_eq!(it.charge(minute(61)).1, Admission::Wait);
    it.fail(a, minute(61));
    assert_eq!(
        it.counters.settle_success(b, &it.limits, minute(61)),
        Settled::Done
    );
    it.wrong(1, minute(61));
    it.refused(minute(61), LockState::Permanent);
}

#[test]
fn a_success_keeps_the_failures_charged_after_it() {
    // R-LOCK-8 in the order of the charges
    let mut it = Try::new(5, 1000);
    it.wrong(2, minute(0));
    let right = it.open(minute(10));
    let later = it.open(second(601));
    it.fail(later, second(602));
    it.counts(second(602), 3, 3);
    assert_eq!(
        it.counters.settle_success(right, &it.limits, second(603)),
        Settled::Done
    );
    it.counts(second(603), 1, 3);
    assert_eq!(it.counters.window_start, Some(minute(10)));
    // A failure charged before a success and settled after it counts.
    let before = it.open(second(604));
    it.right(second(605));
    it.fail(before, second(606));
    it.counts(second(606), 1, 4);
}

#[test]
fn a_lock_set_meanwhile_stays() {
    // R-LOCK-4, R-LOCK-7: neither a success nor a failure that comes home moves a lock.
    let mut it = Try::new(3, 1000);
    let (a, b) = (it.open(minute(0)), it.open(minute(0)));
    it.counters.lock_by_administrator(second(1));
    it.fail(a, second(2));
    assert_eq!(
        it.counters.settle_success(b, &it.limits, second(3)),
        Settled::Done
    );
    it.refused(second(3), LockState::Administrator);
    it.counts(second(3), 1, 1);

    // The limit was lowered while three were open: the third failure comes home to a lockout.
    let mut it = Try::new(3, 1000);
    let open = [it.open(minute(0)), it.open(minute(0)), it.open(minute(0))];
    it.limits.local = 2;
    for (at, id) in open.into_iter().enumerate() {
        it.fail(id, second(i64::try_from(at).unwrap()));
    }
    it.refused(
        second(4),
        LockState::Temporary {
            until: second(3601),
        },
    );
    it.counts(second(4), 3, 3);
}

#[test]
fn the_global_lock_takes_the_place_of_a_lockout() {
    // R-LOCK-6: with the local limit lowered, the third failure comes home to a lockout.
    let mut it = Try::new(3, 3);
    let open = [it.open(minute(0)), it.open(minute(0)), it.open(minute(0))];
    it.limits.local = 2;
    for id in open {
        it.fail(id, second(1));
    }
    assert_eq!(it.counters.locked_until, None);
    it.refused(minute(90), LockState::Permanent);
}

#[test]
fn a_lowered_limit_locks_at_the_next_attempt() {
    // R-POL-7
    let mut it = Try::new(25, 1000);
    it.wrong(7, minute(0));
    it.limits.local = 5;
    it.refused(minute(1), LockState::Temporary { until: minute(61) });
    it.counters.pin_was_set(minute(2));
    it.limits.global = 7;
    it.refused(minute(3), LockState::Permanent);
}

#[test]
fn what_was_not_evaluated_counts_nothing() {
    // R-AUTH-4, R-AUTH-7
    let mut it = Try::new(2, 1000);
    let (a, b) = (it.open(minute(0)), it.open(minute(0)));
    assert_eq!(it.charge(minute(0)).1, Admission::Wait);
    assert_eq!(it.counters.release(a), Settled::Done);
    assert_eq!(it.counters.release(a), Settled::AlreadyExpired);
    assert_eq!(it.counters.release(b), Settled::Done);
    it.counts(minute(0), 0, 0);
    it.wrong(2, minute(1));
}

#[test]
fn a_lease_that_ran_out_is_a_failure_at_its_end() {
    // R-LOCK-10: whoever looks first, and whenever, sees the same.
    let mut it = Try::new(2, 1000);
    let (a, b) = (it.open(minute(0)), it.open(second(10)));
    let looks = [
        vec![second(30), second(40)],
        vec![second(35), minute(20)],
        vec![minute(59)],
    ];
    for times in looks {
        let mut counters = it.counters.clone();
        for now in times {
            counters.expire(&it.limits, now);
        }
        assert_eq!(counters.locked_until, Some(second(40 + 3600)));
        assert_eq!((counters.local, counters.global), (2, 2));
        let late = second(3000);
        assert_eq!(
            counters.settle_success(a, &it.limits, late),
            Settled::AlreadyExpired
        );
        assert_eq!(
            counters.settle_failure(b, &it.limits, late),
            Settled::AlreadyExpired
        );
        assert_eq!((counters.local, counters.global), (2, 2));
    }
    // Not before its end.
    it.counters.expire(&it.limits, second(29));
    assert_eq!(it.counters.open.len(), 2);
    // Seen only when the hour is over too.
    it.counters.expire(&it.limits, minute(100));
    it.counts(minute(100), 0, 2);
}

#[test]
fn stale_leases_come_before_what_happens_next() {
    // R-LOCK-7, R-SET-4: they failed before the unlock or the new PIN, so these clear them.
    let mut it = Try::new(5, 1000);
    it.open(minute(0));
    it.counters.pin_was_set(minute(1));
    it.counts(minute(1), 0, 1);
    it.open(minute(2));
    it.counters.unlock(minute(3));
    it.counts(minute(3), 0, 0);
    it.counters.expire(&it.limits, minute(4));
    it.counts(minute(4), 0, 0);
}

#[test]
fn the_end_of_a_window_with_attempts_open() {
    // R-LOCK-2, R-LOCK-10: those still open hold their share of the new window.
    let mut it = Try::new(3, 1000);
    it.wrong(2, minute(0));
    let old = it.open(second(29 * 60 + 50));
    assert_eq!(it.charge(second(29 * 60 + 51)).1, Admission::Wait);
    let (a, b) = (it.open(minute(30)), it.open(minute(30)));
    assert_eq!(it.charge(minute(30)).1, Admission::Wait);
    for (at, id) in [old, a, b].into_iter().enumerate() {
        it.fail(id, second(30 * 60 + 1 + i64::try_from(at).unwrap()));
    }
    let until = second(30 * 60 + 3 + 3600);
    it.refused(minute(31), LockState::Temporary { until });
    it.counts(minute(31), 3, 5);
}

#[test]
fn a_clock_that_steps_back_stands_still() {
    // R-LOCK-12: neither a lockout nor a window gets shorter, and an old time changes nothing.
    let mut it = Try::new(3, 1000);
    it.wrong(3, minute(100));
    let until = minute(160);
    it.refused(minute(0), LockState::Temporary { until });
    it.refused(minute(159), LockState::Temporary { until });
    assert_eq!(it.counters.state(minute(160)), LockState::None);
    it.wrong(2, minute(160));
    it.wrong(1, minute(10));
    it.refused(minute(10), LockState::Temporary { until: minute(220) });

    // A window that has ended is not opened again by an earlier time.
    let mut it = Try::new(3, 1000);
    it.wrong(2, minute(0));
    it.right(minute(35));
    it.wrong(2, minute(1));
    it.counts(minute(1), 2, 4);
    assert_eq!(it.counters.window_start, Some(minute(35)));
}

#[test]
fn an_unlock_mends_a_clock_that_was_far_ahead() {
    // R-LOCK-7, R-LOCK-12
    let mut it = Try::new(3, 1000);
    it.wrong(2, minute(1_000_000));
    let open = it.open(minute(1_000_000));
    assert_eq!(it.charge(minute(0)).1, Admission::Wait);
    it.counters.unlock(minute(0));
    assert_eq!(it.counters.clock, Some(minute(0)));
    it.counters.expire(&it.limits, second(29));
    assert_eq!(it.counters.open.len(), 1);
    it.counters.expire(&it.limits, second(30));
    assert_eq!(
        it.counters.settle_success(open, &it.limits, second(30)),
        Settled::AlreadyExpired
    );
    it.counts(second(30), 1, 1);
}

#[test]
fn the_ends_of_time_and_of_counting_are_no_end() {
    // Extremes: nothing overflows, a lease without length is still one.
    let limits = FIVE_DIGITS;
    let mut counters = Counters {
        global: u32::MAX,
        ..Counters::default()
    };
    let max = Timestamp::MAX;
    assert_eq!(
        counters.charge(AttemptId(1), &limits, max, LEASE),
        Admission::Refused(LockState::Permanent)
    );
    counters.unlock(Timestamp::MIN);
    let zero = SignedDuration::ZERO;
    assert_eq!(
        counters.charge(AttemptId(2), &limits, minute(0), zero),
        Admission::Admitted
    );
    assert_eq!(
        counters.settle_failure(AttemptId(2), &limits, minute(0)),
        Settled::Done
    );
    let long = SignedDuration::MAX;
    assert_eq!(
        counters.charge(AttemptId(3), &limits, minute(0), long),
        Admission::Admitted
    );
    assert_eq!(
        counters.settle_failure(AttemptId(3), &limits, max),
        Settled::AlreadyExpired
    );
}
