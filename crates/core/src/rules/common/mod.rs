//! R-PIN-3d: no PIN that many people choose.
//!
//! The list is computed, not copied: each file here describes one habit by which people choose
//! digits, so that every length is covered and every refusal has its reason. Together they take
//! about a tenth of the four-digit PINs (studies of blocklists find little gain beyond that, only
//! annoyed users) and ever fewer of longer ones; a test holds the shares.
//!
//! Two habits are *not* refused although attackers know them, because the vendor's reference uses
//! such PINs as good examples: day and month in four digits (0712), and month-day-year or
//! month-year in six (121989). The limits of R-LOCK must carry those.
//!
//! To add a habit: a file with one function from the digits to `bool`, and a line in [`HABITS`]; and its
//! share in the count of `rules/space.rs`, as one more of the [`listed`] where all its members can be
//! written down.

pub(super) mod few_digits;
pub(super) mod keypad;
mod known_numbers;
pub(super) mod mirrored;
mod stepped;
mod times;
mod words;

use std::collections::HashSet;

use super::PinFacts;

/// Fewer digits than this are no PIN under any policy.
const SHORTEST: usize = 4;

/// The habits, cheapest first.
const HABITS: [fn(&[u8]) -> bool; 8] = [
    few_digits::is_habit,
    mirrored::is_habit,
    stepped::is_habit,
    times::is_habit,
    keypad::is_path,
    keypad::is_figure,
    known_numbers::is_habit,
    words::is_habit,
];

/// Whether the digits follow one of the habits.
pub(super) fn breaks(digits: &[u8], _: &PinFacts) -> bool {
    digits.len() >= SHORTEST && HABITS.iter().any(|is_habit| is_habit(digits))
}

/// Every PIN of that length which follows a habit whose members can be written down, and perhaps some
/// that follow none.
pub(super) fn listed(length: usize) -> HashSet<Vec<u8>> {
    let mut all = HashSet::new();
    let mut take = |digits: Vec<u8>| {
        if digits.len() == length {
            all.insert(digits);
        }
    };
    stepped::members(length, &mut take);
    times::members(length, &mut take);
    keypad::members(length, &mut take);
    known_numbers::members(length, &mut take);
    words::members(&mut take);
    all
}

/// Adds the digits of a number to a PIN, with zeros before them.
fn write(number: u32, digits: usize, to: &mut Vec<u8>) {
    to.extend(format!("{number:0digits$}").into_bytes());
}

/// The number that a few ASCII digits write.
fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| {
        u32::wrapping_add(
            u32::wrapping_mul(sum, 10),
            u32::from(digit.wrapping_sub(b'0')),
        )
    })
}
