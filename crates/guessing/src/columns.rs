//! Which column of a file holds the PINs and which the counts.
//!
//! Told by the caller, by a header, or by the first lines, where these leave one possibility: a column
//! of counts holds whole numbers without zeros before them and nothing else, a column of PINs some PIN.
//! Where both orders are possible, the file is refused. Nothing is guessed: a wrong order would give
//! a result that looks like one.

use crate::frequencies::is_pin;
use crate::lines::{ReadError, Reason};

/// Names of the column of PINs in a header, in small letters.
const PIN: &[&str] = &["pin", "pins", "pincode", "pin code", "passcode", "code"];
/// Names of the column of counts in a header, in small letters.
const COUNT: &[&str] = &[
    "count",
    "counts",
    "frequency",
    "freq",
    "occurrences",
    "people",
    "users",
    "n",
];

/// What stands in the lines of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// A PIN, then how many people chose it.
    PinCount,
    /// How many people chose it, then the PIN, as `uniq -c` prints it.
    CountPin,
    /// A PIN and nothing else, one line for each person.
    Pin,
}

/// How to take a line apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Columns {
    /// The whole line is a PIN of one person.
    Pin,
    /// Two columns. The PIN may have the separator in it, the count not: what are passwords in truth is
    /// to be skipped, not refused.
    Two {
        separator: Separator,
        pin_first: bool,
    },
    /// More than two, which a header names.
    Many {
        separator: Separator,
        count: usize,
        pin: usize,
        people: usize,
    },
}

/// What stands between columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Separator {
    Byte(u8),
    /// Spaces, one or several.
    Spaces,
}

/// Those that are looked for, the surest first.
const SEPARATORS: [Separator; 4] = [
    Separator::Byte(b'\t'),
    Separator::Byte(b';'),
    Separator::Byte(b','),
    Separator::Spaces,
];

/// The columns of a file that begins with these lines, and whether the first of them is a header.
pub(crate) fn decide(
    lines: &[(u64, Vec<u8>)],
    order: Option<Order>,
) -> Result<(Columns, bool), ReadError> {
    let Some((number, first)) = lines.first() else {
        return Ok((Columns::Pin, false));
    };
    let wrong = |reason| ReadError {
        line: *number,
        reason,
    };
    let in_all = |separator: &Separator| lines.iter().all(|(_, line)| separator.is_in(line));
    let common = SEPARATORS.into_iter().find(in_all);
    let separator = match (order, common) {
        (Some(Order::Pin), _) => None,
        (Some(Order::CountPin), _) if begins_with_digit(first) => {
            Some(Separator::behind_count(first))
        }
        (_, Some(separator)) => Some(separator),
        // Some line is faulty: reading tells which.
        (Some(_), None) => {
            let of_first = SEPARATORS.into_iter().find(|one| one.is_in(first));
            Some(of_first.unwrap_or(Separator::Spaces))
        }
        (None, None) => {
            let has_columns = |line: &Vec<u8>| SEPARATORS.iter().any(|one| one.is_in(line));
            if let Some((line, _)) = lines.iter().find(|(_, line)| has_columns(line)) {
                let line = *line;
                return Err(ReadError {
                    line,
                    reason: Reason::Mixed,
                });
            }
            None
        }
    };
    let Some(separator) = separator else {
        return Ok((Columns::Pin, is_name(first, PIN)));
    };
    let names = separator.split(first);
    if !names.iter().any(|name| is_number(field(name))) {
        let columns = from_header(separator, &names, order).map_err(wrong)?;
        return Ok((columns, true));
    }
    let pin_first = match order {
        Some(order) => order == Order::PinCount,
        None => from_lines(separator, lines).map_err(wrong)?,
    };
    let columns = Columns::Two {
        separator,
        pin_first,
    };
    Ok((columns, false))
}

fn from_header(
    separator: Separator,
    names: &[&[u8]],
    order: Option<Order>,
) -> Result<Columns, Reason> {
    let places = |known: &[&str]| -> Vec<usize> {
        (0..names.len())
            .filter(|at| is_name(names[*at], known))
            .collect()
    };
    let (pin, people) = match (places(PIN).as_slice(), places(COUNT).as_slice()) {
        ([pin], [people]) => (*pin, *people),
        // Of two columns, one that is named names the other.
        ([pin], []) if names.len() == 2 => (*pin, 1 - pin),
        ([], [people]) if names.len() == 2 => (1 - people, *people),
        ([], []) if names.len() == 2 => match order {
            Some(Order::PinCount) => (0, 1),
            Some(Order::CountPin) => (1, 0),
            _ => return Err(Reason::UnknownHeader),
        },
        _ => return Err(Reason::UnknownHeader),
    };
    let pin_first = pin < people;
    if order.is_some_and(|order| pin_first != (order == Order::PinCount)) {
        return Err(Reason::HeaderAgainstOrder);
    }
    Ok(match names.len() {
        2 => Columns::Two {
            separator,
            pin_first,
        },
        count => Columns::Many {
            separator,
            count,
            pin,
            people,
        },
    })
}

/// Whether the PINs stand first, where the lines leave one possibility.
fn from_lines(separator: Separator, lines: &[(u64, Vec<u8>)]) -> Result<bool, Reason> {
    let is_possible = |pin_first: bool| {
        let columns = Columns::Two {
            separator,
            pin_first,
        };
        let mut some_pin = false;
        let all_counts = lines.iter().all(|(_, line)| match columns.split(line) {
            Ok((pin, _)) => {
                some_pin = some_pin || is_pin(pin);
                true
            }
            Err(_) => false,
        });
        all_counts && some_pin
    };
    match (is_possible(true), is_possible(false)) {
        (true, true) => Err(Reason::Ambiguous),
        (false, false) => Err(Reason::NoCounts),
        (pin_first, _) => Ok(pin_first),
    }
}

impl Columns {
    /// What stands where the PIN should, and how many people chose it.
    pub(crate) fn split<'a>(&self, line: &'a [u8]) -> Result<(&'a [u8], u64), Reason> {
        match *self {
            Columns::Pin => Ok((field(line), 1)),
            Columns::Two {
                separator,
                pin_first,
            } => {
                let (pin, people) = separator
                    .split_in_two(line, pin_first)
                    .ok_or(Reason::NotACount)?;
                Ok((field(pin), count(field(people))?))
            }
            Columns::Many {
                separator,
                count: expected,
                pin,
                people,
            } => {
                let fields = separator.split(line);
                let found = fields.len();
                match (fields.get(pin), fields.get(people)) {
                    (Some(pin), Some(people)) if found == expected => {
                        Ok((field(pin), count(field(people))?))
                    }
                    _ => Err(Reason::ColumnCount { found, expected }),
                }
            }
        }
    }
}

impl Separator {
    /// Whether it stands somewhere in the line; spaces at either end separate nothing.
    fn is_in(self, line: &[u8]) -> bool {
        match self {
            Separator::Byte(byte) => line.contains(&byte),
            Separator::Spaces => line.trim_ascii().contains(&b' '),
        }
    }

    /// The one behind the number with which a line begins. What comes later may be anything.
    fn behind_count(line: &[u8]) -> Separator {
        let behind = line.trim_ascii().iter().find(|byte| !byte.is_ascii_digit());
        match behind {
            Some(byte @ (b'\t' | b';' | b',')) => Separator::Byte(*byte),
            _ => Separator::Spaces,
        }
    }

    fn split(self, line: &[u8]) -> Vec<&[u8]> {
        match self {
            Separator::Byte(byte) => line.split(|at| *at == byte).collect(),
            Separator::Spaces => line
                .split(|at| *at == b' ')
                .filter(|part| !part.is_empty())
                .collect(),
        }
    }

    /// What stands for the PIN and what for the count, where the line has two columns.
    fn split_in_two(self, line: &[u8], pin_first: bool) -> Option<(&[u8], &[u8])> {
        let (line, byte) = match self {
            Separator::Byte(byte) => (line, byte),
            Separator::Spaces => (line.trim_ascii(), b' '),
        };
        let at = match pin_first {
            true => line.iter().rposition(|at| *at == byte),
            false => line.iter().position(|at| *at == byte),
        };
        let Some(at) = at else {
            // `uniq -c` counts empty lines too, and then there is nothing behind the number.
            let uniq = self == Separator::Spaces && !pin_first;
            return uniq.then_some((&[], line));
        };
        let (before, after) = (&line[..at], &line[at + 1..]);
        Some(match pin_first {
            true => (before, after),
            false => (after, before),
        })
    }
}

/// A field without blanks and quotation marks around it.
fn field(text: &[u8]) -> &[u8] {
    match text.trim_ascii() {
        [b'"', inner @ .., b'"'] => inner,
        bare => bare,
    }
}

fn is_name(text: &[u8], known: &[&str]) -> bool {
    known
        .iter()
        .any(|name| field(text).eq_ignore_ascii_case(name.as_bytes()))
}

fn begins_with_digit(line: &[u8]) -> bool {
    line.trim_ascii().first().is_some_and(u8::is_ascii_digit)
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// A whole number without zeros before it, which a column of PINs has and one of counts has not.
fn count(text: &[u8]) -> Result<u64, Reason> {
    let is_count = is_number(text) && (text.len() == 1 || !text.starts_with(b"0"));
    if !is_count {
        return Err(Reason::NotACount);
    }
    text.iter()
        .try_fold(0_u64, |sum, digit| {
            sum.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        })
        .ok_or(Reason::TooManyPeople)
}
