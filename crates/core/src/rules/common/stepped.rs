//! Counting in steps: digit by digit (2468, 13579, 8901, 7410), or in groups of two or three
//! (102030, 111213, 100101102). R-PIN-3b names only the step of one and without wrapping around.

use super::number;

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
    // 1, 2, 5, 10, 11 and their neighbours are how people count; hundreds, in groups of three.
    let small = matches!(step.abs(), 1..=11 | 100 | 101 | 110 | 111);
    let mut before = second;
    small && groups.all(|group| group - std::mem::replace(&mut before, group) == step)
}
