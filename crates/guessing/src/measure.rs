//! What a policy refuses, and what guessing finds of the rest.

use std::cmp::Reverse;

use pinward_core::{LengthClass, Limits, PinFacts, Policy, PolicyIdentity, pin_violations};

use crate::frequencies::{Frequencies, SHORTEST};
use crate::plan::Plan;

/// PINs by how many people chose them, the most frequent first, and what the rules say of each. The
/// digits themselves are not needed any more and not in it.
pub struct Ranked {
    pins: Vec<Judged>,
}

struct Judged {
    people: u64,
    digits: u8,
    /// Whether R-PIN-3 refuses it.
    is_common_pattern: bool,
}

/// How many guesses somebody has for PINs of that length (R-LOCK-3). A policy may set a local limit that is
/// never reached, because the global one holds before.
pub fn guesses(class: LengthClass, maximum_logon_attempts: Option<u32>) -> Limits {
    let limits = Limits::of(class, maximum_logon_attempts);
    Limits {
        local: limits.local.min(limits.global),
        ..limits
    }
}

/// What was found for a policy. All numbers count people, but for `different_pins`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Chose a PIN with too few digits (R-PIN-2).
    pub too_short: u64,
    /// Chose one that is long enough and refused as a common pattern (R-PIN-3).
    pub common_pattern: u64,
    /// Chose one that the policy accepts.
    pub accepted: u64,
    /// How many different PINs these have.
    pub different_pins: u64,
    /// Those of the accepted whose PIN is found within the local limit.
    pub within_local: u64,
    /// Those of the accepted whose PIN is found within the global limit.
    pub within_global: u64,
}

impl Ranked {
    /// Judges each PIN once.
    pub fn of(frequencies: &Frequencies) -> Self {
        // What is asked of patterns does not depend on the rest of the policy; a test holds this.
        let patterns = Policy {
            min_password_length: SHORTEST as u32,
            allow_common_patterns: false,
            ..Policy::defaults(PolicyIdentity::Global)
        };
        let nobody = PinFacts::default();
        let mut text = String::new();
        let mut pins: Vec<Judged> = frequencies
            .iter()
            .map(|(digits, people)| {
                let pin = digits.write(&mut text);
                Judged {
                    people,
                    digits: pin.len() as u8,
                    is_common_pattern: !pin_violations(pin, &patterns, &nobody).is_empty(),
                }
            })
            .collect();
        pins.sort_unstable_by_key(|pin| Reverse(pin.people));
        Self { pins }
    }

    /// How many different PINs there are.
    pub fn different_pins(&self) -> usize {
        self.pins.len()
    }

    /// What the policy refuses, and what an attacker who knows the frequencies finds of the rest.
    pub fn measure(&self, policy: &Policy) -> Found {
        let limits = |class| guesses(class, policy.maximum_logon_attempts);
        let mut local = Plan::new(LengthClass::ALL.map(|class| limits(class).local));
        let mut global = Plan::new(LengthClass::ALL.map(|class| limits(class).global));
        let mut found = Found::default();
        for pin in &self.pins {
            if u32::from(pin.digits) < policy.min_password_length {
                found.too_short += pin.people;
                continue;
            }
            if pin.is_common_pattern && !policy.allow_common_patterns {
                found.common_pattern += pin.people;
                continue;
            }
            found.accepted += pin.people;
            found.different_pins += 1;
            let limits = limits(LengthClass::of(pin.digits.into()));
            if local.take(limits.local) {
                found.within_local += pin.people;
            }
            if global.take(limits.global) {
                found.within_global += pin.people;
            }
        }
        found
    }
}

impl Found {
    /// Everybody in the data.
    pub fn people(&self) -> u64 {
        self.too_short + self.common_pattern + self.accepted
    }
}
