//! LDIF: RFC 2849, content records and `changetype: add`.

use std::io::BufRead;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use pinward_core::Person;

use super::attributes::is_read;
use super::entry::Entry;
use super::lines::{Line, Lines};
use super::person::person;
use super::{MAX_LINE, Options, Reason, RowError};

/// Some exports leave the padding away.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An iterator over the people of an LDIF file.
pub struct Ldif<R> {
    lines: Lines<R>,
    options: Options,
    /// The unfolded line being looked at.
    line: Vec<u8>,
    /// A physical line read too far while unfolding, and its number.
    ahead: Vec<u8>,
    ahead_is: Option<Line>,
    skipped: u64,
    begins_at: u64,
    finished: bool,
}

/// What became of a record.
enum Outcome {
    Person(Box<Person>),
    /// an entry, but nobody's
    NotAPerson,
    /// `version:`, or what search tools write below the entries
    NoEntry,
}

impl<R> Ldif<R> {
    /// How many entries so far were passed over because they are no people.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The line at which the record given last begins, from 1; 0 before the first.
    pub fn line(&self) -> u64 {
        self.begins_at
    }

    /// Whether nothing follows; after an error that means that the file could not be read to its end.
    pub fn is_finished(&self) -> bool {
        self.finished
    }
}

impl<R: BufRead> Ldif<R> {
    pub(super) fn new(reader: R, options: Options) -> Ldif<R> {
        Ldif {
            lines: Lines::new(reader),
            options,
            line: Vec::new(),
            ahead: Vec::new(),
            ahead_is: None,
            skipped: 0,
            begins_at: 0,
            finished: false,
        }
    }

    /// The next line, unfolded, that is no comment, into `self.line`.
    fn read_line(&mut self) -> Result<Option<Line>, RowError> {
        loop {
            let begun = match self.ahead_is.take() {
                Some(line) => {
                    std::mem::swap(&mut self.line, &mut self.ahead);
                    line
                }
                None => match self.lines.read(&mut self.line)? {
                    Some(line) => line,
                    None => return Ok(None),
                },
            };
            let line = self.unfold(begun)?;
            if self.line.first() != Some(&b'#') {
                return Ok(Some(line));
            }
        }
    }

    /// Appends the lines that continue this one; they begin with a blank.
    /// An empty line ends a record and is continued by nothing.
    fn unfold(&mut self, mut line: Line) -> Result<Line, RowError> {
        if self.line.is_empty() {
            return Ok(line);
        }
        while let Some(next) = self.lines.read(&mut self.ahead)? {
            let Some(more) = self.ahead.strip_prefix(b" ") else {
                self.ahead_is = Some(next);
                break;
            };
            let room = MAX_LINE - self.line.len();
            self.line.extend_from_slice(&more[..more.len().min(room)]);
            line.cut |= next.cut || more.len() > room;
        }
        Ok(line)
    }

    /// Reads one record, to its end even where it is faulty. Outer error: nothing more can be read.
    fn record(&mut self) -> Result<Option<Result<Outcome, RowError>>, RowError> {
        let mut next = self.read_line()?;
        while next.is_some() && self.line.is_empty() {
            next = self.read_line()?;
        }
        let Some(first) = next else { return Ok(None) };
        self.begins_at = first.number;
        let mut record = Record::new(first.number);
        while let Some(line) = next {
            if self.line.is_empty() {
                break;
            }
            if let Err(reason) = record.take(&self.line, line.cut) {
                record.fail(line.number, reason);
            }
            next = self.read_line()?;
        }
        Ok(Some(record.finish(&self.options)))
    }
}

impl<R: BufRead> Iterator for Ldif<R> {
    type Item = Result<Person, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            match self.record() {
                Ok(Some(Ok(Outcome::Person(person)))) => return Some(Ok(*person)),
                Ok(Some(Ok(Outcome::NotAPerson))) => self.skipped += 1,
                Ok(Some(Ok(Outcome::NoEntry))) => {}
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

/// A record while it is read.
struct Record {
    line: u64,
    entry: Entry,
    is_no_entry: bool,
    /// The first thing wrong with it; the rest is then only read over.
    error: Option<RowError>,
}

impl Record {
    fn new(line: u64) -> Record {
        Record {
            line,
            entry: Entry::default(),
            is_no_entry: false,
            error: None,
        }
    }

    fn fail(&mut self, line: u64, reason: Reason) {
        self.error.get_or_insert(RowError { line, reason });
    }

    fn take(&mut self, line: &[u8], cut: bool) -> Result<(), Reason> {
        if self.is_no_entry || self.error.is_some() {
            return Ok(());
        }
        let colon = line
            .iter()
            .position(|byte| *byte == b':')
            .ok_or(Reason::NotAnAttribute)?;
        let (description, value) = (&line[..colon], &line[colon + 1..]);
        let description = std::str::from_utf8(description).map_err(|_| Reason::NotAnAttribute)?;
        // The name of an attribute is short; a long one is something else.
        let description = description.trim().to_ascii_lowercase();
        if description.is_empty() || description.len() > 256 {
            return Err(Reason::NotAnAttribute);
        }
        if self.entry.dn.is_none() {
            return self.begin(&description, value, cut);
        }
        match description.as_str() {
            "changetype" => match decode(&description, value)?.trim_ascii() {
                kind if kind.eq_ignore_ascii_case(b"add") => Ok(()),
                kind => Err(Reason::ChangeType(shown(kind))),
            },
            // An option makes it a variant in a language or an encoding: `cn;lang-ja`.
            name if is_read(name) && cut => Err(Reason::LineTooLong),
            name if is_read(name) => self.entry.add(name, decode(name, value)?),
            name => refuse_url(name, value),
        }
    }

    /// The first line of a record.
    fn begin(&mut self, name: &str, value: &[u8], cut: bool) -> Result<(), Reason> {
        match name {
            "dn" if cut => Err(Reason::LineTooLong),
            "dn" => {
                let dn = String::from_utf8(decode(name, value)?);
                self.entry.dn = Some(dn.map_err(|_| Reason::NotText(name.to_owned()))?);
                Ok(())
            }
            // The version may be followed by an entry without a blank line between.
            "version" => match decode(name, value)?.trim_ascii() {
                b"1" => Ok(()),
                version => Err(Reason::Version(shown(version))),
            },
            "search" | "result" | "ref" => {
                self.is_no_entry = true;
                Ok(())
            }
            _ => Err(Reason::NoDn),
        }
    }

    fn finish(self, options: &Options) -> Result<Outcome, RowError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if self.is_no_entry || self.entry.dn.is_none() {
            return Ok(Outcome::NoEntry);
        }
        if !self.entry.is_person() {
            return Ok(Outcome::NotAPerson);
        }
        let person = person(self.entry, options);
        person
            .map(|person| Outcome::Person(Box::new(person)))
            .map_err(|reason| RowError {
                line: self.line,
                reason,
            })
    }
}

/// What follows the first colon: ` text`, `: base64` or `< URL`.
fn decode(name: &str, value: &[u8]) -> Result<Vec<u8>, Reason> {
    refuse_url(name, value)?;
    match value.strip_prefix(b":") {
        None => Ok(value.trim_ascii_start().to_vec()),
        Some(base64) => BASE64
            .decode(base64.trim_ascii())
            .map_err(|_| Reason::BadBase64(name.to_owned())),
    }
}

/// A URL would make the import open files that its author, not its reader, chose.
fn refuse_url(name: &str, value: &[u8]) -> Result<(), Reason> {
    match value.first() {
        Some(b'<') => Err(Reason::Url(name.to_owned())),
        _ => Ok(()),
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned()
}
