//! R-PIN-5: generated PINs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use pinward_core::{
    Entropy, GenerateError, PinFacts, Policy, PolicyIdentity, check_pin, generate_pin,
    generated_length,
};
use proptest::prelude::*;

/// SplitMix64: good enough to be judged by chi-square, and the same each time.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }
}

struct Constant(u8);

impl Entropy for Constant {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(self.0);
    }
}

fn policy(min_password_length: u32, allow_common_patterns: bool) -> Policy {
    let defaults = Policy::defaults(PolicyIdentity::Global);
    Policy {
        min_password_length,
        allow_common_patterns,
        ..defaults
    }
}

fn facts() -> PinFacts {
    PinFacts {
        extension: Some("7392".into()),
        phone_digits: Some("14255551297".into()),
    }
}

#[test]
fn as_long_as_the_policy_asks() {
    // R-PIN-5
    for (minimum, longer, expected) in [
        (4, None, 4),
        (5, None, 5),
        (24, None, 24),
        (5, Some(8), 8),
        (8, Some(5), 8),
        (5, Some(99), 24),
        (0, None, 4),
    ] {
        assert_eq!(generated_length(&policy(minimum, false), longer), expected);
    }
}

#[test]
fn uniform_over_the_accepted_ones() {
    // R-PIN-5: each accepted PIN of four digits equally often, the others never.
    let (policy, facts, entropy) = (policy(4, false), facts(), Seeded(AtomicU64::new(7)));
    let mut drawn: HashMap<String, u32> = (0..10_000)
        .map(|pin| format!("{pin:04}"))
        .filter(|pin| check_pin(pin, &policy, &facts).is_ok())
        .map(|pin| (pin, 0))
        .collect();
    assert!(!drawn.contains_key("7392") && !drawn.contains_key("1297"));
    let per_pin = 10.0;
    let draws = drawn.len() * 10;
    for _ in 0..draws {
        let pin = generate_pin(&policy, &facts, None, &entropy).unwrap();
        *drawn
            .get_mut(pin.reveal().as_str())
            .expect("satisfies the rules") += 1;
    }
    let chi_square: f64 = drawn
        .values()
        .map(|&times| (f64::from(times) - per_pin).powi(2) / per_pin)
        .sum();
    // With so many degrees of freedom nearly normal: mean k, standard deviation √(2k).
    let freedom = f64::from(u32::try_from(drawn.len()).unwrap() - 1);
    let deviations = (chi_square - freedom) / (2.0 * freedom).sqrt();
    assert!(
        deviations.abs() < 4.0,
        "{deviations} standard deviations off"
    );
}

#[test]
fn broken_entropy_gives_no_pin() {
    // R-PIN-5, R-AUTH-7: it ends, and with an error.
    for byte in 0..=255 {
        for length in [4, 5, 24] {
            let made = generate_pin(&policy(length, true), &facts(), None, &Constant(byte));
            assert_eq!(
                made.err(),
                Some(GenerateError::BrokenEntropy),
                "{byte} {length}"
            );
        }
    }
}

proptest! {
    /// R-PIN-5, R-SET-1: satisfies the rules, also where the policy allows common patterns.
    #[test]
    fn always_satisfies_the_rules(
        seed: u64, minimum in 4..=24u32, allow: bool, longer in prop::option::of(4..=24u32),
    ) {
        let entropy = Seeded(AtomicU64::new(seed));
        let pin = generate_pin(&policy(minimum, allow), &facts(), longer, &entropy).unwrap();
        let strict = policy(minimum, false);
        prop_assert_eq!(pin.len(), generated_length(&strict, longer));
        prop_assert!(check_pin(&pin.reveal(), &strict, &facts()).is_ok());
    }
}
