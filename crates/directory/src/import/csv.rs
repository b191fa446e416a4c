//! CSV as spreadsheets and `Export-Csv` write it (RFC 4180, with `;` and tab besides `,`).

use std::collections::VecDeque;
use std::io::BufRead;

use pinward_core::{Dn, Person};

use super::attributes::of_column;
use super::entry::Entry;
use super::lines::{Line, Lines};
use super::person::person;
use super::{Options, Reason, RowError};

/// The most lines one quoted row may span. A quotation mark that is never closed costs no more
/// than this many lines of looking ahead; they are then read again as rows of their own.
const MAX_ROW_LINES: usize = 64;

/// An iterator over the people of a CSV file.
pub struct Csv<R> {
    lines: Lines<R>,
    /// Lines looked at within a quotation that did not end, to be read again.
    again: VecDeque<(Line, Vec<u8>)>,
    options: Options,
    header: Option<Header>,
    skipped: u64,
    begins_at: u64,
    finished: bool,
}

struct Header {
    delimiter: u8,
    /// The attribute of each column; `None` is not read.
    columns: Vec<Option<&'static str>>,
}

impl<R> Csv<R> {
    /// How many rows so far were passed over because they are no people.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The line at which the record given last begins, from 1; 0 before the first.
    pub fn line(&self) -> u64 {
        self.begins_at
    }
}

impl<R: BufRead> Csv<R> {
    pub(super) fn new(reader: R, options: Options) -> Csv<R> {
        Csv {
            lines: Lines::new(reader),
            again: VecDeque::new(),
            options,
            header: None,
            skipped: 0,
            begins_at: 0,
            finished: false,
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
    fn row(&mut self, delimiter: u8) -> Result<Option<(u64, RowResult)>, RowError> {
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
            let mut complete = row.take(&bytes, delimiter);
            let mut looked_at = Vec::new();
            while complete == Ok(false) && looked_at.len() < MAX_ROW_LINES {
                let Some((line, bytes)) = self.read_line()? else {
                    break;
                };
                row.field.push(b'\n');
                complete = if line.cut {
                    Err(Reason::LineTooLong)
                } else {
                    row.take(&bytes, delimiter)
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

    /// Finds the header: below `#TYPE …` of Export-Csv and `sep=;` of spreadsheets.
    fn read_header(&mut self) -> Result<Option<Header>, RowError> {
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
            let delimiter = announced.unwrap_or_else(|| detect_delimiter(text));
            self.again.push_front((line, bytes));
            let Some((number, names)) = self.row(delimiter)? else {
                return Ok(None);
            };
            let header = names.and_then(|names| Header::new(delimiter, &names));
            return header.map(Some).map_err(|reason| RowError {
                line: number,
                reason,
            });
        }
    }
}

type RowResult = Result<Vec<String>, Reason>;

impl<R: BufRead> Iterator for Csv<R> {
    type Item = Result<Person, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            match self.next_person() {
                Ok(Some(Ok(Some(person)))) => return Some(Ok(person)),
                Ok(Some(Ok(None))) => self.skipped += 1,
                Ok(Some(Err(error))) => return Some(Err(error)),
                Ok(None) => self.finished = true,
                Err(error) => {
                    self.finished = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<R: BufRead> Csv<R> {
    /// The next row; inside, `None` is a row that is nobody's.
    fn next_person(&mut self) -> Result<Option<Result<Option<Person>, RowError>>, RowError> {
        let header = match self.header.take() {
            Some(header) => header,
            None => match self.read_header()? {
                Some(header) => header,
                None => return Ok(None),
            },
        };
        let row = self.row(header.delimiter);
        let answer = row.map(|row| {
            row.map(|(line, fields)| {
                self.begins_at = line;
                let person = fields.and_then(|fields| header.person(fields, &self.options));
                person.map_err(|reason| RowError { line, reason })
            })
        });
        self.header = Some(header);
        answer
    }
}

impl Header {
    fn new(delimiter: u8, names: &[String]) -> Result<Header, Reason> {
        const TELLING: [&str; 4] = ["samaccountname", "uid", "userprincipalname", "identity"];
        let columns: Vec<_> = names.iter().map(|name| of_column(name)).collect();
        if columns.iter().flatten().any(|name| TELLING.contains(name)) {
            return Ok(Header { delimiter, columns });
        }
        let found: String = names.join(", ").chars().take(200).collect();
        Err(Reason::NoUsefulColumn(found))
    }

    fn person(&self, fields: Vec<String>, options: &Options) -> Result<Option<Person>, Reason> {
        if fields.len() > self.columns.len() {
            let (found, expected) = (fields.len(), self.columns.len());
            return Err(Reason::TooManyFields { found, expected });
        }
        let mut entry = Entry::default();
        let mut identity = None;
        // Spreadsheets leave empty fields at the end of a row away.
        for (column, field) in self.columns.iter().zip(fields) {
            match *column {
                Some("dn") if !field.trim().is_empty() => entry.dn = Some(field),
                Some("identity") => identity = Some(field),
                Some("dn") | None => {}
                Some(name) => entry.add(name, field.into_bytes())?,
            }
        }
        if let Some(identity) = identity {
            add_identity(&mut entry, identity)?;
        }
        let says_nothing = entry
            .first_of(&["samaccountname", "uid", "userprincipalname"])
            .is_none();
        if !says_nothing && !entry.is_person() {
            return Ok(None);
        }
        person(entry, options).map(Some)
    }
}

/// `Identity` is whatever names a user (R-ID-1); a column of its own goes before it.
fn add_identity(entry: &mut Entry, identity: String) -> Result<(), Reason> {
    let trimmed = identity.trim();
    let lower = trimmed.to_ascii_lowercase();
    let attribute = if lower.starts_with("sip:") {
        "msrtcsip-primaryuseraddress"
    } else if trimmed.contains('=') && Dn::parse(trimmed).is_ok() {
        entry.dn.get_or_insert_with(|| trimmed.to_owned());
        return Ok(());
    } else if trimmed.contains('\\') {
        "samaccountname"
    } else if trimmed.contains('@') {
        "userprincipalname"
    } else {
        "displayname"
    };
    match entry.first(attribute) {
        Some(_) => Ok(()),
        None => entry.add(attribute, identity.into_bytes()),
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
