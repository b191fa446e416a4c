//! How many people chose each PIN.

use std::collections::HashMap;
use std::io::BufRead;

use pinward_core::MAX_DIGITS;

use crate::columns::{Order, decide, is_number};
use crate::lines::{Lines, ReadError, Reason};

/// The fewest digits that any policy can ask for (R-POL-1); what has fewer is no PIN.
pub const SHORTEST: usize = 4;

/// How many people chose each PIN. Takes memory for each different PIN, not for each line. It cannot
/// be printed.
#[derive(Default)]
pub struct Frequencies {
    by_pin: HashMap<Digits, u64>,
    people: u64,
    skipped: Skipped,
}

/// What was read and is no PIN: passwords among PINs, lists that hold more than PINs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Skipped {
    /// Lines with something other than digits, or with nothing, where the PIN should be.
    pub lines_not_digits: u64,
    /// The people in these lines.
    pub people_not_digits: u64,
    /// Lines with fewer than [`SHORTEST`] or more than [`MAX_DIGITS`] digits.
    pub lines_of_other_length: u64,
    /// The people in these lines.
    pub people_of_other_length: u64,
}

/// The digits of a PIN, with a 1 before them to keep the zeros: at most 25 digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digits(u128);

impl Digits {
    /// Of a text that [`is_pin`].
    fn of(pin: &[u8]) -> Self {
        Self(
            pin.iter()
                .fold(1, |number, digit| number * 10 + u128::from(digit - b'0')),
        )
    }

    /// The digits as text, put into `buffer`.
    pub(crate) fn write<'a>(&self, buffer: &'a mut String) -> &'a str {
        buffer.clear();
        buffer.push_str(&self.0.to_string());
        &buffer[1..]
    }
}

/// Whether the bytes are a PIN under some policy, as far as syntax and length go.
fn is_pin(text: &[u8]) -> bool {
    (SHORTEST..=MAX_DIGITS).contains(&text.len()) && is_number(text)
}

impl Frequencies {
    /// Adds those of a file: see [`Order`] for what a line may hold, between tabs, semicolons, commas or
    /// spaces. Blank lines and those that begin with `#` are passed over; what is no PIN is skipped and
    /// counted.
    ///
    /// # Errors
    /// When the file cannot be read, it cannot be told what its columns are, or a count is none. What was
    /// read until then stays.
    pub fn read(&mut self, reader: impl BufRead, order: Option<Order>) -> Result<(), ReadError> {
        let mut lines = Lines::new(reader);
        let mut buffer = Vec::new();
        let Some(mut line) = lines.next(&mut buffer)? else {
            return Ok(());
        };
        let wrong = |line| move |reason| ReadError { line, reason };
        let (columns, mut is_header) = decide(&buffer, order).map_err(wrong(line))?;
        loop {
            if !is_header {
                let (pin, people) = columns.split(&buffer).map_err(wrong(line))?;
                self.add(pin, people)
                    .ok_or(Reason::TooManyPeople)
                    .map_err(wrong(line))?;
            }
            is_header = false;
            match lines.next(&mut buffer)? {
                Some(next) => line = next,
                None => return Ok(()),
            }
        }
    }

    /// How many people have a PIN.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// Whether some PIN has more than one person. Otherwise there is nothing to learn from the frequencies.
    pub fn differ(&self) -> bool {
        self.by_pin.values().any(|people| *people > 1)
    }

    /// What was no PIN.
    pub fn skipped(&self) -> Skipped {
        self.skipped
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Digits, u64)> {
        self.by_pin
            .iter()
            .map(|(digits, people)| (*digits, *people))
    }

    /// `None` where the people cannot be counted any more.
    fn add(&mut self, pin: &[u8], people: u64) -> Option<()> {
        if !is_pin(pin) {
            let skipped = &mut self.skipped;
            let (lines, sum) = match is_number(pin) {
                true => (
                    &mut skipped.lines_of_other_length,
                    &mut skipped.people_of_other_length,
                ),
                false => (
                    &mut skipped.lines_not_digits,
                    &mut skipped.people_not_digits,
                ),
            };
            *lines += 1;
            *sum = sum.checked_add(people)?;
        } else if people > 0 {
            // No count of one PIN is larger than that of all.
            self.people = self.people.checked_add(people)?;
            *self.by_pin.entry(Digits::of(pin)).or_default() += people;
        }
        Some(())
    }
}
