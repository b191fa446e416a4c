//! People from CSV: a header whose columns are attributes, then a person per row.

use std::io::BufRead;

use pinward_core::{Dn, Person};

use super::attributes::of_column;
use super::entry::Entry;
use super::person::person;
use super::table::Table;
use super::{Options, Reason, RowError};

/// An iterator over the people of a CSV file.
pub struct Csv<R> {
    table: Table<R>,
    options: Options,
    header: Option<Header>,
    skipped: u64,
    begins_at: u64,
    finished: bool,
}

struct Header {
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

    /// Whether nothing follows; after an error that means that the file could not be read to its end.
    pub fn is_finished(&self) -> bool {
        self.finished
    }
}

impl<R: BufRead> Csv<R> {
    pub(super) fn new(reader: R, options: Options) -> Csv<R> {
        Csv {
            table: Table::new(reader),
            options,
            header: None,
            skipped: 0,
            begins_at: 0,
            finished: false,
        }
    }

    fn read_header(&mut self) -> Result<Option<Header>, RowError> {
        let Some((line, names)) = self.table.header()? else {
            return Ok(None);
        };
        let header = names.and_then(|names| Header::new(&names));
        header.map(Some).map_err(|reason| RowError { line, reason })
    }
}

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
        let row = self.table.row();
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
    fn new(names: &[String]) -> Result<Header, Reason> {
        const TELLING: [&str; 4] = ["samaccountname", "uid", "userprincipalname", "identity"];
        let columns: Vec<_> = names.iter().map(|name| of_column(name)).collect();
        if columns.iter().flatten().any(|name| TELLING.contains(name)) {
            return Ok(Header { columns });
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
