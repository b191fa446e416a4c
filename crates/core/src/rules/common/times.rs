//! Years and dates: a year of the last century or this one, alone (1987) or two together
//! (19872012); a full date in eight digits, in the orders in use; in six digits day-month-year,
//! year-month-day and year-month. Birthdays are what people know best and others find out first.
//!
//! Not here, because the reference accepts such PINs: four-digit dates (0712), and six digits that
//! read month-day-year or month-year (121989).

use super::{number, write};

/// Years in which someone who chooses a PIN, or their parents or children, may be born or married,
/// and those that lie shortly ahead.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2035;

/// Days of each month, as in a leap year.
const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Whether the digits read as a year, two years or a date.
pub(super) fn is_habit(digits: &[u8]) -> bool {
    match digits.len() {
        4 => is_year(digits),
        6 => {
            let (a, b, c) = (&digits[..2], &digits[2..4], &digits[4..]);
            is_day(a, b) || is_day(c, b) || (is_year(&digits[..4]) && is_month(c))
        }
        8 => {
            let (first, last) = digits.split_at(4);
            let (a, b) = first.split_at(2);
            let (c, d) = last.split_at(2);
            let year_last = is_year(last) && (is_day(a, b) || is_day(b, a));
            let year_first = is_year(first) && (is_day(c, d) || is_day(d, c));
            year_last || year_first || (is_year(first) && is_year(last))
        }
        _ => false,
    }
}

fn is_year(digits: &[u8]) -> bool {
    YEARS.contains(&number(digits))
}

fn is_month(digits: &[u8]) -> bool {
    (1..=12).contains(&number(digits))
}

fn is_day(day: &[u8], month: &[u8]) -> bool {
    let month = usize::try_from(number(month)).unwrap_or(0);
    let days = month
        .checked_sub(1)
        .and_then(|at| DAYS.get(at))
        .copied()
        .unwrap_or(0);
    (1..=days).contains(&number(day))
}

/// All PINs of that length which read as a year, two years or a date.
pub(super) fn members(length: usize, take: &mut dyn FnMut(Vec<u8>)) {
    let mut put = |parts: &[(u32, usize)]| {
        let mut digits = Vec::with_capacity(length);
        for (value, size) in parts {
            write(*value, *size, &mut digits);
        }
        take(digits);
    };
    match length {
        4 => YEARS.for_each(|year| put(&[(year, 4)])),
        6 => {
            for (day, month) in days() {
                for any in 0..100 {
                    put(&[(day, 2), (month, 2), (any, 2)]);
                    put(&[(any, 2), (month, 2), (day, 2)]);
                }
            }
            YEARS.for_each(|year| (1..=12).for_each(|month| put(&[(year, 4), (month, 2)])));
        }
        8 => {
            for year in YEARS {
                for (day, month) in days() {
                    put(&[(day, 2), (month, 2), (year, 4)]);
                    put(&[(month, 2), (day, 2), (year, 4)]);
                    put(&[(year, 4), (day, 2), (month, 2)]);
                    put(&[(year, 4), (month, 2), (day, 2)]);
                }
                YEARS.for_each(|other| put(&[(year, 4), (other, 4)]));
            }
        }
        _ => {}
    }
}

/// Every day of a year as day and month.
fn days() -> impl Iterator<Item = (u32, u32)> {
    (1..)
        .zip(DAYS)
        .flat_map(|(month, days)| (1..=days).map(move |day| (day, month)))
}
