//! The count against going through all PINs.

use super::*;
use crate::policy::Policy;
use crate::policy_identity::PolicyIdentity;
use crate::rules::check_pin;

fn each(length: usize) -> impl Iterator<Item = String> {
    (0..10u64.pow(length as u32)).map(move |number| format!("{number:0length$}"))
}

/// R-PIN-3 without the user's own number, by the rules themselves.
fn one_by_one(length: usize) -> u128 {
    let nobody = PinFacts::default();
    let kept = each(length).filter(|pin| !breaks_a_pattern_rule(pin.as_bytes(), &nobody));
    kept.count() as u128
}

// R-PIN-3
#[test]
fn short_pins_are_counted_as_one_by_one() {
    for length in [4, 5, 6] {
        assert_eq!(allowed(length), one_by_one(length), "{length} digits");
    }
}

// Run these after a change of the rules.
#[test]
#[ignore = "goes through ten million PINs: minutes without optimisation"]
fn pins_of_seven_digits_are_counted_as_one_by_one() {
    assert_eq!(allowed(7), one_by_one(7));
}

#[test]
#[ignore = "goes through a hundred million PINs: minutes with optimisation"]
fn pins_of_eight_digits_are_counted_as_one_by_one() {
    assert_eq!(allowed(8), one_by_one(8));
}

// Structure alone, so that what the listed habits take from the same PINs hides no mistake.
#[test]
fn structures_are_counted_as_one_by_one() {
    for length in [3, 4, 5] {
        let kept = each(length).filter(|pin| !is_structured(pin.as_bytes()));
        assert_eq!(
            unstructured(length),
            kept.count() as u128,
            "{length} digits"
        );
    }
}

/// Every PIN of a shape, for lengths whose halves and blocks are short.
fn of_shape(length: usize, block: usize, mirrored: bool) -> Vec<Vec<u8>> {
    let free = if mirrored { block.div_ceil(2) } else { block };
    each(free)
        .map(|half| {
            let mut one = half.into_bytes();
            if mirrored {
                let rest: Vec<u8> = one.iter().take(block / 2).rev().copied().collect();
                one.extend(rest);
            }
            one.iter().copied().cycle().take(length).collect()
        })
        .collect()
}

// Long PINs: blocks and palindromes of up to twelve digits, repeated.
#[test]
fn shapes_are_counted_as_one_by_one() {
    let nobody = PinFacts::default();
    for (length, block, mirrored) in [
        (6, 3, false),
        (8, 4, false),
        (10, 5, false),
        (12, 4, false),
        (15, 5, false),
        (18, 3, false),
        (24, 4, false),
        (7, 7, true),
        (8, 8, true),
        (9, 9, true),
        (10, 10, true),
        (12, 6, true),
        (14, 7, true),
        (18, 6, true),
        (18, 9, true),
        (24, 8, true),
        (6, 1, false),
        (6, 2, true),
    ] {
        let kept = of_shape(length, block, mirrored)
            .into_iter()
            .filter(|digits| {
                !repeating::breaks(digits, &nobody)
                    && !consecutive::breaks(digits, &nobody)
                    && !few_digits::is_habit(digits)
                    && !keypad::are_lines(digits)
            })
            .count();
        let counted = Walk::new(length, block, mirrored).count();
        assert_eq!(
            counted, kept as u128,
            "{length} of {block}, mirrored: {mirrored}"
        );
    }
}

// R-PIN-3, R-PIN-5
#[test]
fn every_length_keeps_most_of_its_pins() {
    for length in 4..=24 {
        let space = pin_space(length, false);
        assert_eq!(space.all, 10u128.pow(length as u32));
        let share = space.allowed as f64 / space.all as f64;
        assert!((0.8..1.0).contains(&share), "{length}: {share}");
        assert_eq!(pin_space(length, true).allowed, space.all);
    }
    assert_eq!(pin_space(0, false).length, 4);
    assert_eq!(pin_space(99, false).length, 24);
}

#[test]
fn listed_habits_are_habits() {
    let policy = Policy {
        min_password_length: 4,
        ..Policy::defaults(PolicyIdentity::Global)
    };
    for length in [4, 5, 7, 9, 24] {
        for digits in listed(length) {
            let pin = String::from_utf8(digits).unwrap();
            let judged = check_pin(&pin, &policy, &PinFacts::default());
            assert!(judged.is_err(), "{pin}");
        }
    }
}

#[test]
fn the_odds_of_a_guesser() {
    let space = pin_space(4, true);
    assert_eq!(space.odds(10), 0.001);
    assert_eq!(space.odds(0), 0.0);
    assert_eq!(space.odds(20_000), 1.0);
}
