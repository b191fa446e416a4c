//! How many PINs the rules leave: counted exactly, for every length, without going through them.
//!
//! What R-PIN-3 refuses falls into two kinds. Some habits have members that can be written down
//! (`common::listed`: at most some hundred thousand). The others are *structure*: repeating digits,
//! one block repeated, consecutive digits, two different digits at most, palindromes, lines on the
//! keypad. Those are counted by walking through all PINs at once, digit by digit (`walk.rs`).
//! Blocks and palindromes do not fit into a walk from left to right; they are counted by themselves and
//! taken out by inclusion and exclusion: a PIN that is a block repeated is its block, a palindrome is
//! its half.
//!
//! R-PIN-3c, the user's own number, differs from user to user and is not in this count; it takes away
//! a few PINs at most.

mod walk;

use std::sync::OnceLock;

use self::walk::Walk;
use super::PinFacts;
use super::common::{few_digits, keypad, listed, mirrored};
use super::{breaks_a_pattern_rule, consecutive, repeated_block, repeating};
use crate::pin::MAX_DIGITS;

/// No policy allows fewer digits.
const SHORTEST: usize = 4;

/// The PINs of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinSpace {
    /// How many digits.
    pub length: usize,
    /// How many there are: ten to the power of the length.
    pub all: u128,
    /// How many of them the rules allow.
    pub allowed: u128,
}

impl PinSpace {
    /// The chance that one of so many different guesses hits a PIN drawn uniformly from those that
    /// are allowed. PINs that people choose are found far more easily.
    pub fn odds(&self, guesses: u32) -> f64 {
        if self.allowed == 0 {
            return 1.0;
        }
        (f64::from(guesses) / self.allowed as f64).min(1.0)
    }
}

/// The PINs of a length from 4 to 24, which others are brought to, and how many of them R-PIN-3 allows;
/// all of them where common patterns are allowed.
pub fn pin_space(length: usize, allow_common_patterns: bool) -> PinSpace {
    let length = length.clamp(SHORTEST, MAX_DIGITS);
    let all = 10u128.pow(u32::try_from(length).unwrap_or(0));
    let allowed = match allow_common_patterns {
        true => all,
        false => allowed(length),
    };
    PinSpace {
        length,
        all,
        allowed,
    }
}

/// Counted once for each length.
fn allowed(length: usize) -> u128 {
    static COUNTED: [OnceLock<u128>; MAX_DIGITS + 1] = [const { OnceLock::new() }; MAX_DIGITS + 1];
    match COUNTED.get(length) {
        Some(counted) => *counted.get_or_init(|| count(length)),
        None => 0,
    }
}

fn count(length: usize) -> u128 {
    let nobody = PinFacts::default();
    let listed = listed(length)
        .iter()
        .filter(|digits| breaks_a_pattern_rule(digits, &nobody) && !is_structured(digits))
        .count();
    unstructured(length) - u128::try_from(listed).unwrap_or(0)
}

/// Whether the digits have one of the structures that [`unstructured`] leaves out.
fn is_structured(digits: &[u8]) -> bool {
    let nobody = PinFacts::default();
    repeating::breaks(digits, &nobody)
        || repeated_block::breaks(digits, &nobody)
        || consecutive::breaks(digits, &nobody)
        || few_digits::is_habit(digits)
        || mirrored::is_habit(digits)
        || keypad::are_lines(digits)
}

/// How many PINs have none of the structures.
fn unstructured(length: usize) -> u128 {
    // One block repeated any number of times is also one repeated a prime number of times.
    let primes: Vec<usize> = [2, 3, 5, 7, 11, 13, 17, 19, 23]
        .into_iter()
        .filter(|prime| length.is_multiple_of(*prime))
        .collect();
    let (mut more, mut less) = (0u128, 0u128);
    for chosen in 0..1usize << primes.len() {
        let block = primes
            .iter()
            .enumerate()
            .filter(|(at, _)| chosen >> at & 1 == 1)
            .fold(length, |block, (_, prime)| gcd(block, length / prime));
        for mirrored in [false, true] {
            let count = Walk::new(length, block, mirrored).count();
            match (chosen.count_ones() + u32::from(mirrored)).is_multiple_of(2) {
                true => more += count,
                false => less += count,
            }
        }
    }
    more - less
}

fn gcd(a: usize, b: usize) -> usize {
    match b {
        0 => a,
        b => gcd(b, a % b),
    }
}

#[cfg(test)]
mod tests;
