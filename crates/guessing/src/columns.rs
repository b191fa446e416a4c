//! Which column of a file holds the PINs and which the counts.
//!
//! A header tells, or the caller. Nothing is guessed from the numbers: a wrong order, or a rank taken for a
//! count, would give a result that looks like one.

use crate::lines::Reason;

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

/// The columns of a file whose first line is this, and whether that is a header.
pub(crate) fn decide(first: &[u8], order: Option<Order>) -> Result<(Columns, bool), Reason> {
    if is_name(first, PIN) && order.is_none_or(|order| order == Order::Pin) {
        return Ok((Columns::Pin, true));
    }
    let separator = match order {
        Some(Order::Pin) => return Ok((Columns::Pin, false)),
        Some(Order::CountPin) if begins_with_digit(first) => Separator::behind_count(first),
        _ => Separator::of(first),
    };
    let names = separator.split(first);
    if !names.iter().any(|name| is_number(field(name))) {
        let columns = from_header(separator, &names, order)?;
        return Ok((columns, true));
    }
    let pin_first = order.ok_or(Reason::NotTold)? == Order::PinCount;
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
    // What a name does not say the caller must: it may be a rank, a year, a user.
    let order_helps = names.len() == 2 && order.is_some();
    let (pin, people) = match (places(PIN).as_slice(), places(COUNT).as_slice()) {
        ([pin], [people]) => (*pin, *people),
        ([pin], []) if order_helps => (*pin, 1 - pin),
        ([], [people]) if order_helps => (1 - people, *people),
        ([], []) if order_helps && order == Some(Order::PinCount) => (0, 1),
        ([], []) if order_helps => (1, 0),
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
                let (pin, people) = (field(pin), count(field(people))?);
                // The largest counts would get lost, were this taken for a password.
                if separator == Separator::Byte(b',') && is_numbers_with_commas(pin) {
                    let found = separator.split(line).len();
                    return Err(Reason::ColumnCount { found, expected: 2 });
                }
                Ok((pin, people))
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
    /// The one in this line.
    fn of(line: &[u8]) -> Separator {
        let found = SEPARATORS.into_iter().find(|one| one.is_in(line));
        found.unwrap_or(Separator::Spaces)
    }

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

/// Whether these are digits and nothing else.
pub(crate) fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

fn is_numbers_with_commas(text: &[u8]) -> bool {
    text.contains(&b',')
        && text
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b',')
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
