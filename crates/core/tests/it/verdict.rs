//! R-AUTH-2 to R-AUTH-4: outcomes and the order of the checks.

use pinward_core::{Counted, LockState, Outcome, Timestamp, before_pin, verdict};

const LOCKS: [LockState; 4] = [
    LockState::None,
    LockState::Temporary {
        until: Timestamp::UNIX_EPOCH,
    },
    LockState::Permanent,
    LockState::Administrator,
];

#[test]
fn names() {
    // R-AUTH-3
    let names = Outcome::ALL.map(|outcome| outcome.to_string()).join(" ");
    let expected = "Success IncorrectPin UserPinAccountLocked PinExpired PinMustBeChanged PinNotSet \
                    UserPinAccountDisabled UserDoesNotExist NonUniqueUser Throttled";
    assert_eq!(names, expected);
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
    }
    assert_eq!(Outcome::from_name("success"), None);
}

#[test]
fn each_check_yields_to_those_before_it() {
    // R-AUTH-2: all combinations against the order as the rule has it; R-AUTH-6 for several.
    for matches in [0, 1, 2, 3] {
        for enabled in [true, false] {
            for pin_set in [true, false] {
                for lock in LOCKS {
                    let in_order = [
                        (matches == 0, Outcome::UserDoesNotExist),
                        (matches > 1, Outcome::NonUniqueUser),
                        (!enabled, Outcome::UserPinAccountDisabled),
                        (!pin_set, Outcome::PinNotSet),
                        (lock != LockState::None, Outcome::UserPinAccountLocked),
                    ];
                    let expected = in_order
                        .into_iter()
                        .find(|(holds, _)| *holds)
                        .map(|(_, o)| o);
                    assert_eq!(before_pin(matches, enabled, pin_set, lock), expected);
                }
            }
        }
    }
}

#[test]
fn the_pin_decides_before_its_age() {
    // R-AUTH-2, R-AUTH-4: nothing of expiry or change is told after a wrong PIN.
    for (correct, expired, must_change, expected) in [
        (false, false, false, Outcome::IncorrectPin),
        (false, true, true, Outcome::IncorrectPin),
        (true, true, true, Outcome::PinExpired),
        (true, true, false, Outcome::PinExpired),
        (true, false, true, Outcome::PinMustBeChanged),
        (true, false, false, Outcome::Success),
    ] {
        assert_eq!(verdict(correct, expired, must_change), expected);
    }
}

#[test]
fn what_counts() {
    // R-LOCK-1, R-LOCK-4, R-LOCK-8, R-AUTH-4, R-EXP-1
    for outcome in Outcome::ALL {
        let expected = match outcome {
            Outcome::Success => Counted::Success,
            Outcome::IncorrectPin => Counted::Failure,
            _ => Counted::Neither,
        };
        assert_eq!(outcome.counted(), expected, "{outcome}");
    }
}
