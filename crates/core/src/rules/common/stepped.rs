//! Counting in steps: digit by digit (2468, 13579, 8901, 7410), or in groups of two or three
//! (102030, 111213, 100101102). R-PIN-3b names only the step of one and without wrapping around.

use super::{number, write};

/// Whether all digits, or all groups of equal length, differ by the same small step.
pub(super) fn is_habit(digits: &[u8]) -> bool {
    steps_by_digit(digits) || steps_by_group(digits, 2) || steps_by_group(digits, 3)
}

/// The step is taken modulo ten: 7890 goes on where the keypad does.
fn steps_by_digit(digits: &[u8]) -> bool {
    let mut steps = digits.windows(2).map(|pair| match pair {
        [a, b] => (10 + b - a) % 10,
        _ => 0,
    });
    let first = steps.next();
    first != Some(0) && steps.all(|step| Some(step) == first)
}

/// Three groups at least; of two groups any pair would do.
fn steps_by_group(digits: &[u8], size: usize) -> bool {
    if !digits.len().is_multiple_of(size) || digits.len() < 3 * size {
        return false;
    }
    let mut groups = digits.chunks(size).map(|group| i64::from(number(group)));
    let (Some(first), Some(second)) = (groups.next(), groups.next()) else {
        return false;
    };
    let step = second - first;
    let mut before = second;
    is_small(step) && groups.all(|group| group - std::mem::replace(&mut before, group) == step)
}

/// 1, 2, 5, 10, 11 and their neighbours are how people count; hundreds, in groups of three.
fn is_small(step: i64) -> bool {
    matches!(step.abs(), 1..=11 | 100 | 101 | 110 | 111)
}

/// All PINs of that length which count in steps.
pub(super) fn members(length: usize, take: &mut dyn FnMut(Vec<u8>)) {
    for first in 0..10u8 {
        for step in 1..10u8 {
            let mut digit = first;
            let digits = std::iter::repeat_with(|| {
                let now = digit;
                digit = (digit + step) % 10;
                b'0' + now
            });
            take(digits.take(length).collect());
        }
    }
    for (size, end) in [(2, 100i64), (3, 1000)] {
        if !length.is_multiple_of(size) || length < 3 * size {
            continue;
        }
        let groups = i64::try_from(length / size).unwrap_or(0);
        for first in 0..end {
            for step in (-111..=111).filter(|step| is_small(*step)) {
                let last = first + step * (groups - 1);
                if !(0..end).contains(&last) {
                    continue;
                }
                let mut digits = Vec::with_capacity(length);
                for group in 0..groups {
                    let value = u32::try_from(first + step * group).unwrap_or(0);
                    write(value, size, &mut digits);
                }
                take(digits);
            }
        }
    }
}
