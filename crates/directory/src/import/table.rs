//! CSV as spreadsheets and `Export-Csv` write it (RFC 4180, with `;` and tab besides `,`): rows of
//! fields, whatever they mean.

use std::collections::VecDeque;
use std::io::BufRead;

use super::lines::{Line, Lines};
use super::{Reason, RowError};

/// The most lines one quoted row may span. A quotation mark that is never closed costs no more
/// than this many lines of looking ahead; they are then read again as rows of their own.
const MAX_ROW_LINES: usize = 64;

/// The rows of a file.
pub(super) struct Table<R> {
    lines: Lines<R>,
    /// Lines looked at within a quotation that did not end, to be read again.
    again: VecDeque<(Line, Vec<u8>)>,
    delimiter: u8,
}

/// The fields of a row, or what is wrong with it.
pub(super) type RowResult = Result<Vec<String>, Reason>;

impl<R: BufRead> Table<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            lines: Lines::new(reader),
            again: VecDeque::new(),
            delimiter: b',',
        }
    }

    /// Finds the header and what stands between fields: below `#TYPE …` of Export-Csv and `sep=;` of
    /// spreadsheets. To be called first.
    pub(super) fn header(&mut self) -> Result<Option<(u64, RowResult)>, RowError> {
        let mut announced = None;
        loop {
            let Some((line, bytes)) = self.read_line()? else {
                return Ok(None);
            };
            let text = bytes.trim_ascii();
            if text.is_empty() || text.starts_with(b"#") {
                continue;
            }
            if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = text {
                announced = Some(*delimiter);
                continue;
            }
            self.delimiter = announced.unwrap_or_else(|| detect_delimiter(text));
            self.again.push_front((line, bytes));
            return self.row();
        }
    }

    fn read_line(&mut self) -> Result<Option<(Line, Vec<u8>)>, RowError> {
        if let Some(line) = self.again.pop_front() {
            return Ok(Some(line));
        }
        let mut buffer = Vec::new();
        Ok(self.lines.read(&mut buffer)?.map(|line| (line, buffer)))
    }

    /// The next row that is not blank. Outer error: nothing more can be read.
    pub(super) fn row(&mut self) -> Result<Option<(u64, RowResult)>, RowError> {
        loop {
            let Some((first, bytes)) = self.read_line()? else {
                return Ok(None);
            };
            if first.cut {
                return Ok(Some((first.number, Err(Reason::LineTooLong))));
            }
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let mut row = Row::default();
            let mut complete = row.take(&bytes, self.delimiter);
            let mut looked_at = Vec::new();
            while complete == Ok(false) && looked_at.len() < MAX_ROW_LINES {
                let Some((line, bytes)) = self.read_line()? else {
                    break;
                };
                row.field.push(b'\n');
                complete = if line.cut {
                    Err(Reason::LineTooLong)
                } else {
                    row.take(&bytes, self.delimiter)
                };
                looked_at.push((line, bytes));
            }
            let fields = match complete {
                Ok(true) => row.into_fields(),
                failed => {
                    looked_at
                        .into_iter()
                        .rev()
                        .for_each(|line| self.again.push_front(line));
                    Err(failed.err().unwrap_or(Reason::Quotes))
                }
            };
            return Ok(Some((first.number, fields)));
        }
    }
}

/// The candidate that stands most often outside quotation marks.
fn detect_delimiter(header: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header {
        quoted ^= *byte == b'"';
        let counted = counts
            .iter_mut()
            .find(|(candidate, _)| candidate == byte && !quoted);
        counted.into_iter().for_each(|(_, count)| *count += 1);
    }
    // The first of equals: a single column reads the same with any.
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(delimiter, _)| *delimiter)
}

/// A row while it is read; it may span lines.
#[derive(Default)]
struct Row {
    fields: Vec<Vec<u8>>,
    field: Vec<u8>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quotation mark within a quotation: its end, or the first of two that stand for one.
    QuoteInQuoted,
}

impl Row {
    /// Takes a line; whether the row is complete with it.
    fn take(&mut self, line: &[u8], delimiter: u8) -> Result<bool, Reason> {
        for byte in line.iter().copied() {
            self.state = match (self.state, byte) {
                (State::FieldStart, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::QuoteInQuoted, b'"') | (State::Quoted, _) => {
                    self.field.push(byte);
                    State::Quoted
                }
                (_, byte) if byte == delimiter => {
                    self.fields.push(std::mem::take(&mut self.field));
                    State::FieldStart
                }
                (State::QuoteInQuoted, b' ') => State::QuoteInQuoted,
                (State::QuoteInQuoted, _) => return Err(Reason::Quotes),
                (State::FieldStart | State::Plain, byte) => {
                    self.field.push(byte);
                    State::Plain
                }
            };
        }
        if self.state == State::Quoted {
            return Ok(false);
        }
        self.fields.push(std::mem::take(&mut self.field));
        Ok(true)
    }

    fn into_fields(self) -> RowResult {
        let text = |(index, field): (usize, Vec<u8>)| {
            String::from_utf8(field).map_err(|_| Reason::NotText(format!("field {}", index + 1)))
        };
        self.fields.into_iter().enumerate().map(text).collect()
    }
}
