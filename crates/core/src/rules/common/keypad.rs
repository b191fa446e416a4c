//! Shapes on the telephone keypad: people remember the movement of the finger.
//!
//! ```text
//!   1 2 3
//!   4 5 6
//!   7 8 9
//!     0
//! ```

/// Row and column of a key.
fn place(digit: u8) -> (i8, i8) {
    match digit {
        b'0' => (3, 1),
        // 1 to 9 in threes; the digits have been checked.
        _ => {
            let at = i8::try_from(digit.wrapping_sub(b'1')).unwrap_or(0);
            (at / 3, at % 3)
        }
    }
}

/// The move between two keys, (0, 0) for the same key.
fn step(from: u8, to: u8) -> (i8, i8) {
    let ((row, column), (to_row, to_column)) = (place(from), place(to));
    (to_row - row, to_column - column)
}

/// Whether two keys touch, also at the corner.
fn touches((rows, columns): (i8, i8)) -> bool {
    (rows, columns) != (0, 0) && rows.abs() <= 1 && columns.abs() <= 1
}

/// Longer than all keys once over is no stroke that one remembers.
const LONGEST_PATH: usize = 10;

/// One stroke: from key to neighbouring key with at most one turn (2580, 14789, 1596), or along
/// rows and columns with any turns but never over the same key again (1254, 1478963).
pub(super) fn is_path(digits: &[u8]) -> bool {
    let steps = || {
        digits.windows(2).map(|pair| match pair {
            &[from, to] => step(from, to),
            _ => (0, 0),
        })
    };
    if digits.len() > LONGEST_PATH || !steps().all(touches) {
        return false;
    }
    let turns = steps()
        .zip(steps().skip(1))
        .filter(|(one, next)| one != next)
        .count();
    let straight_moves = steps().all(|(rows, columns)| rows == 0 || columns == 0);
    turns <= 1 || (straight_moves && are_distinct(digits))
}

/// A figure: line after line of three keys (147258, 159753, 789456123); the corners of a rectangle
/// in any order (1379, 1254, 4697); the points of the plus or of the cross (2486, 15937).
pub(super) fn is_figure(digits: &[u8]) -> bool {
    are_lines(digits) || is_star(digits)
}

/// Line after line, two at least.
pub(in crate::rules) fn are_lines(digits: &[u8]) -> bool {
    digits.len() >= 6 && digits.len().is_multiple_of(3) && digits.chunks(3).all(is_line)
}

/// Three keys in a row, a column or a diagonal, each beside the one before.
fn is_line(digits: &[u8]) -> bool {
    match *digits {
        [a, b, c] => touches(step(a, b)) && step(a, b) == step(b, c),
        _ => false,
    }
}

/// All lines there are.
pub(in crate::rules) fn lines() -> Vec<[u8; 3]> {
    (0..1000u32)
        .map(|number| [number / 100, number / 10 % 10, number % 10])
        .map(|digits| digits.map(|digit| b'0' + u8::try_from(digit).unwrap_or(0)))
        .filter(|digits| is_line(digits))
        .collect()
}

/// All strokes of that length, and all stars; lines are too many to write down.
pub(super) fn members(length: usize, take: &mut dyn FnMut(Vec<u8>)) {
    if length <= LONGEST_PATH {
        extend_path(&mut Vec::with_capacity(length), length, take);
    }
    if matches!(length, 4 | 5) {
        let end = 10u32.pow(u32::try_from(length).unwrap_or(0));
        for number in 0..end {
            let digits = format!("{number:0length$}").into_bytes();
            if is_star(&digits) {
                take(digits);
            }
        }
    }
}

/// Goes on with every key that leaves the beginning a stroke; a stroke has no other beginnings.
fn extend_path(path: &mut Vec<u8>, length: usize, take: &mut dyn FnMut(Vec<u8>)) {
    if path.len() == length {
        take(path.clone());
        return;
    }
    for digit in b'0'..=b'9' {
        path.push(digit);
        if is_path(path) {
            extend_path(path, length, take);
        }
        path.pop();
    }
}

fn is_star(digits: &[u8]) -> bool {
    if !(4..=5).contains(&digits.len()) || !are_distinct(digits) {
        return false;
    }
    let all_in = |points: &[u8]| digits.iter().all(|digit| points.contains(digit));
    match digits.len() {
        4 => all_in(b"2468") || is_rectangle(digits),
        _ => all_in(b"13579") || all_in(b"24568"),
    }
}

/// Four different keys of the upper three rows in two rows and two columns.
fn is_rectangle(digits: &[u8]) -> bool {
    let (mut rows, mut columns) = (0u8, 0u8);
    for &digit in digits {
        let (row, column) = place(digit);
        if row > 2 {
            return false;
        }
        rows |= 1 << row;
        columns |= 1 << column;
    }
    rows.count_ones() == 2 && columns.count_ones() == 2
}

fn are_distinct(digits: &[u8]) -> bool {
    let seen = digits
        .iter()
        .fold(0u16, |seen, digit| seen | 1 << (digit & 0x0f));
    usize::try_from(seen.count_ones()).is_ok_and(|different| different == digits.len())
}
