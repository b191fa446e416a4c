//! R-EXP and R-HIST: what the age and the order of PINs decide. Also the instants themselves.

use pinward_core::{
    HISTORY_KEPT, SignedDuration, Timestamp, expires_at, is_expired, refused_count, to_milliseconds,
};

#[test]
fn expiry() {
    // R-EXP-1
    let set_at = Timestamp::from_second(1_800_000_000).unwrap();
    let day = SignedDuration::from_hours(24);
    let just_before = |days: i32| set_at + day * days - SignedDuration::from_millis(1);
    assert_eq!(expires_at(set_at, 0), None);
    assert!(!is_expired(set_at, 0, Timestamp::MAX));
    for days in [1, 30, 999] {
        let lifetime = u32::try_from(days).unwrap();
        assert_eq!(expires_at(set_at, lifetime), Some(set_at + day * days));
        assert!(!is_expired(set_at, lifetime, just_before(days)));
        assert!(is_expired(set_at, lifetime, set_at + day * days));
    }
    assert_eq!(expires_at(Timestamp::MAX, 999), Some(Timestamp::MAX));
    assert_eq!(expires_at(set_at, u32::MAX), Some(Timestamp::MAX));
}

#[test]
fn history() {
    // R-HIST-1, R-SET-2, R-SET-3: N = 3; "a" again on the fourth reset and "b" on the fifth.
    let refused = refused_count(3);
    let mut chosen: Vec<&str> = vec!["a"];
    for (wanted, allowed) in [
        ("a", false),
        ("b", true),
        ("a", false),
        ("b", false),
        ("c", true),
        ("a", false),
        ("d", true),
        ("b", false),
        ("a", true),
        ("b", true),
    ] {
        let free = !chosen
            .iter()
            .rev()
            .take(refused)
            .any(|earlier| *earlier == wanted);
        assert_eq!(free, allowed, "{wanted} after {chosen:?}");
        if free {
            chosen.push(wanted);
        }
    }
    // R-HIST-2
    assert_eq!(refused_count(0), 0);
    // R-HIST-3
    assert_eq!(HISTORY_KEPT, 20);
    assert_eq!(refused_count(20), 20);
    assert_eq!(refused_count(u32::MAX), 20);
}

#[test]
fn instants_are_cut_to_milliseconds() {
    // R-LOCK-12: towards the past, so that nothing ends earlier than it was said to begin.
    for (nanoseconds, milliseconds) in [(1_999_999, 1), (2_000_000, 2), (-1, -1), (0, 0)] {
        let instant = Timestamp::from_nanosecond(nanoseconds).unwrap();
        assert_eq!(to_milliseconds(instant).as_millisecond(), milliseconds);
        assert_eq!(
            to_milliseconds(to_milliseconds(instant)),
            to_milliseconds(instant)
        );
    }
    assert!(to_milliseconds(Timestamp::MAX) <= Timestamp::MAX);
    assert_eq!(to_milliseconds(Timestamp::MIN), Timestamp::MIN);
}
