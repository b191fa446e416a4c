//! R-GUESS-1: what policies refuse and what guessing finds, computed by hand and as properties.

use pinward_core::{LengthClass, Limits, PinFacts, Policy, PolicyIdentity, pin_violations};
use pinward_guessing::{Found, Frequencies, Order, Ranked, SHORTEST};
use proptest::prelude::*;

fn policy(min_password_length: u32, allow_common_patterns: bool) -> Policy {
    Policy {
        min_password_length,
        allow_common_patterns,
        ..Policy::defaults(PolicyIdentity::Global)
    }
}

fn ranked<'a>(rows: impl IntoIterator<Item = (&'a str, u64)>) -> Ranked {
    let text: String = rows
        .into_iter()
        .map(|(pin, people)| format!("{pin},{people}\n"))
        .collect();
    let mut frequencies = Frequencies::default();
    frequencies
        .read(text.as_bytes(), Some(Order::PinCount))
        .expect("rows");
    Ranked::of(&frequencies)
}

/// So many PINs of a length that break no rule, each chosen by so many people.
fn plain_pins(digits: usize, pins: usize, people: u64) -> Vec<(String, u64)> {
    let all = (0..10_u64.pow(digits as u32)).map(|number| format!("{number:0digits$}"));
    all.filter(|pin| pin_violations(pin, &policy(4, false), &PinFacts::default()).is_empty())
        .take(pins)
        .map(|pin| (pin, people))
        .collect()
}

fn measured(pins: &[(String, u64)], policy: &Policy) -> Found {
    ranked(pins.iter().map(|(pin, people)| (pin.as_str(), *people))).measure(policy)
}

#[test]
fn what_a_policy_refuses_is_counted_by_its_reason() {
    // Common patterns: 1234, 0000, 123456. The others break no rule.
    let pins = ranked([
        ("1234", 40),
        ("0000", 20),
        ("123456", 10),
        ("5072", 9),
        ("183625", 1),
    ]);
    assert_eq!(pins.different_pins(), 5);
    let all = pins.measure(&policy(4, true));
    assert_eq!(
        all,
        Found {
            too_short: 0,
            common_pattern: 0,
            accepted: 80,
            different_pins: 5,
            within_local: 80,
            within_global: 80,
        }
    );
    let strict = pins.measure(&policy(4, false));
    assert_eq!((strict.common_pattern, strict.accepted), (70, 10));
    // Too short comes first, so that nobody is counted twice.
    let five = pins.measure(&policy(5, false));
    assert_eq!(
        (five.too_short, five.common_pattern, five.accepted),
        (69, 10, 1)
    );
    assert_eq!(pins.measure(&policy(7, true)).accepted, 0);
}

#[test]
fn a_local_limit_above_the_global_one_gives_no_more_guesses() {
    let generous = Policy {
        maximum_logon_attempts: Some(999),
        ..policy(4, false)
    };
    let limits = Limits::of(LengthClass::Four, generous.maximum_logon_attempts);
    assert!(limits.local > limits.global);
    let found = measured(&plain_pins(4, 150, 2), &generous);
    assert_eq!(found.within_local, 2 * u64::from(limits.global));
    assert_eq!(found.within_global, found.within_local);
}

#[test]
fn the_limits_are_those_of_the_length() {
    for (digits, pins) in [(4, 150), (5, 1200), (6, 1200), (7, 5200)] {
        let limits = Limits::of(LengthClass::of(digits), None);
        let found = measured(&plain_pins(digits, pins, 2), &policy(4, false));
        assert_eq!(found.accepted, 2 * pins as u64);
        assert_eq!(found.within_local, 2 * u64::from(limits.local));
        assert_eq!(found.within_global, 2 * u64::from(limits.global));
    }
    // MaximumLogonAttempts replaces the local limit (R-LOCK-3).
    let three = Policy {
        maximum_logon_attempts: Some(3),
        ..policy(4, false)
    };
    let found = measured(&plain_pins(4, 150, 1), &three);
    assert_eq!((found.within_local, found.within_global), (3, 100));
}

#[test]
fn an_attacker_guesses_first_what_has_the_lower_limit() {
    // 30 PINs of five digits, chosen by 3 people each, are more frequent than 12 of four digits, by 2.
    let mut pins = plain_pins(5, 30, 3);
    pins.extend(plain_pins(4, 12, 2));
    // Down the list: 25 of five digits, and those of four come too late for their limit of 10.
    // All that can be had: the 25 guesses are worth most on PINs of five digits.
    assert_eq!(measured(&pins, &policy(4, false)).within_local, 75);
    // 15 of five digits leave ten guesses, which are made first.
    let mut pins = plain_pins(5, 15, 3);
    pins.extend(plain_pins(4, 12, 2));
    assert_eq!(
        measured(&pins, &policy(4, false)).within_local,
        15 * 3 + 10 * 2
    );
    // 20 leave five.
    let mut pins = plain_pins(5, 20, 3);
    pins.extend(plain_pins(4, 12, 2));
    assert_eq!(
        measured(&pins, &policy(4, false)).within_local,
        20 * 3 + 5 * 2
    );
    // Of the shorter ones, however frequent, no more than ten.
    let mut pins = plain_pins(5, 20, 1);
    pins.extend(plain_pins(4, 12, 9));
    assert_eq!(measured(&pins, &policy(4, false)).within_local, 10 * 9 + 15);
}

/// Down the list of the most frequent, as far as the limit of each PIN's length allows.
fn down_the_list(rows: &[(String, u64)], policy: &Policy) -> u64 {
    let mut rows: Vec<&(String, u64)> = rows
        .iter()
        .filter(|(pin, _)| pin_violations(pin, policy, &PinFacts::default()).is_empty())
        .collect();
    rows.sort_by_key(|(_, people)| std::cmp::Reverse(*people));
    let in_time = |(rank, (pin, people)): (usize, &&(String, u64))| {
        let limits = Limits::of(LengthClass::of(pin.len()), policy.maximum_logon_attempts);
        if rank < limits.local as usize {
            *people
        } else {
            0
        }
    };
    rows.iter().enumerate().map(in_time).sum()
}

prop_compose! {
    fn any_rows()(rows in prop::collection::btree_map("[0-9]{4,8}|[0-3]{4,5}", 1_u64..50, 1..120)) -> Vec<(String, u64)> {
        rows.into_iter().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// R-GUESS-1: who is refused and who is not are everybody, as the rules themselves say it, and nobody
    /// is found who is not there.
    #[test]
    fn the_rules_decide_who_is_accepted(rows in any_rows(), min in 4_u32..9, allow: bool) {
        let policy = policy(min, allow);
        let found = measured(&rows, &policy);
        let nobody = PinFacts::default();
        let accepted = rows.iter().filter(|(pin, _)| pin_violations(pin, &policy, &nobody).is_empty());
        prop_assert_eq!(found.accepted, accepted.clone().map(|(_, people)| people).sum::<u64>());
        prop_assert_eq!(found.different_pins, accepted.count() as u64);
        prop_assert_eq!(found.people(), rows.iter().map(|(_, people)| people).sum::<u64>());
        prop_assert!(found.within_local <= found.within_global);
        prop_assert!(found.within_global <= found.accepted);
    }

    /// R-GUESS-1: more attempts never find fewer, and all that are allowed find no fewer than going down
    /// the list.
    #[test]
    fn more_attempts_find_no_fewer(rows in any_rows(), attempts in 1_u32..60, more in 0_u32..60) {
        let ranked = ranked(rows.iter().map(|(pin, people)| (pin.as_str(), *people)));
        let with = |attempts| Policy { maximum_logon_attempts: Some(attempts), ..policy(4, true) };
        let few = ranked.measure(&with(attempts));
        let many = ranked.measure(&with(attempts + more));
        prop_assert!(few.within_local <= many.within_local);
        prop_assert_eq!(few.within_global, many.within_global);
        // With one limit for all, going down the list is the best there is.
        prop_assert_eq!(few.within_local, down_the_list(&rows, &with(attempts)));
        let of_lengths = policy(4, false);
        prop_assert!(ranked.measure(&of_lengths).within_local >= down_the_list(&rows, &of_lengths));
    }

    /// R-GUESS-1: a policy that accepts fewer PINs leaves no more people to be found. Their share among
    /// those it accepts may well be larger.
    #[test]
    fn a_stricter_policy_leaves_no_more_people_to_find(rows in any_rows(), min in 4_u32..8) {
        let ranked = ranked(rows.iter().map(|(pin, people)| (pin.as_str(), *people)));
        let loose = ranked.measure(&policy(min, true));
        for strict in [policy(min, false), policy(min + 1, true)] {
            let strict = ranked.measure(&strict);
            prop_assert!(strict.accepted <= loose.accepted);
            prop_assert!(strict.within_local <= loose.within_local);
            prop_assert!(strict.within_global <= loose.within_global);
        }
    }
}

/// What is fewer than four digits is no PIN, because no policy can ask for fewer (R-POL-1).
#[test]
fn the_shortest_pin_is_that_of_the_shortest_policy() {
    let shortest = SHORTEST as u32;
    assert!(policy(shortest, true).validate().is_ok());
    assert!(policy(shortest - 1, true).validate().is_err());
}
