//! People from files: LDIF (RFC 2849) and CSV.
//!
//! A file is read as a stream: an iterator of [`Person`] or [`RowError`] that holds one record at
//! a time. A bad record never stops the rest; only a file that cannot be read on ends the iterator
//! after the error. Entries that are no people (organisational units, groups, computers, contacts)
//! are passed over and counted.
//!
//! Limits: [`MAX_LINE`] bytes for a line after unfolding, [`MAX_RECORD`] for what one record keeps,
//! [`MAX_VALUE`] for one value. In LDIF, attributes that nobody reads may be of any size: only the
//! attributes listed in `attributes.rs` are kept, so that neither passwords nor photographs nor
//! certificates are ever stored.
//!
//! How an entry becomes a person is told in `person.rs`, at each field.

mod attributes;
mod csv;
mod entry;
mod ldif;
mod lines;
mod person;
mod pins;
mod table;
mod values;

#[cfg(test)]
mod tests;

use std::io::{self, BufRead};

use pinward_core::Person;

pub(crate) use self::attributes::{is_kept, kept};
pub use self::csv::Csv;
pub(crate) use self::entry::Entry as Record;
pub use self::ldif::Ldif;
pub(crate) use self::person::person as person_of;
pub use self::pins::{PinList, PinRow};
pub(crate) use self::values::{escape_dn, line_uri, sip, strip_scheme};

/// The longest line, in bytes: physical in CSV, after unfolding in LDIF.
pub const MAX_LINE: usize = 64 * 1024;
/// What one record may keep, in bytes.
pub const MAX_RECORD: usize = 256 * 1024;
/// The longest value of an attribute that is kept, in bytes.
pub const MAX_VALUE: usize = 4 * 1024;

/// What the file does not say about the people in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// NetBIOS name of the domain (`LITWAREINC`), used where the entry does not name one. Without
    /// it the first `DC=` of the distinguished name is taken, else the first part of the domain
    /// of the user principal name or SIP address.
    pub domain: Option<String>,
    /// The site of people whose entry names none.
    pub site: Option<String>,
    /// The registrar pool of people whose entry names none.
    pub registrar_pool: Option<String>,
}

/// A record that could not be imported.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct RowError {
    /// The line of the file, counted from 1: the faulty one, or the first of a faulty record.
    pub line: u64,
    /// What is wrong.
    pub reason: Reason,
}

/// What may be wrong with a record.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Reading failed; nothing follows.
    #[error("the file could not be read further: {0}")]
    Read(String),
    /// A UTF-16 or UTF-32 file; nothing follows.
    #[error(
        "the file is UTF-16, not UTF-8; save it again with the encoding UTF-8 \
         (PowerShell: Export-Csv -Encoding utf8)"
    )]
    Utf16,
    /// A line longer than [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} bytes")]
    LineTooLong,
    /// More than [`MAX_RECORD`].
    #[error("the record is larger than {MAX_RECORD} bytes")]
    RecordTooLarge,
    /// A value longer than [`MAX_VALUE`].
    #[error("the value of '{0}' is longer than {MAX_VALUE} bytes")]
    ValueTooLong(String),
    /// Bytes that are no UTF-8.
    #[error("'{0}' is not valid UTF-8; save the file with the encoding UTF-8")]
    NotText(String),
    /// A value that is not base64 although `::` says so.
    #[error("the value of '{0}' is not valid base64")]
    BadBase64(String),
    /// `:<`
    #[error("the value of '{0}' is in another file (':<'), which is not opened; write it in place")]
    Url(String),
    /// An LDIF line without a colon.
    #[error("expected 'attribute: value'")]
    NotAnAttribute,
    /// An LDIF record that does not begin with `dn:`.
    #[error("the record does not begin with 'dn:'")]
    NoDn,
    /// A change record other than `add`.
    #[error("a change of the kind '{0}' cannot be imported; export the entries themselves")]
    ChangeType(String),
    /// `version:` other than 1.
    #[error("LDIF version '{0}' is not known; this reads version 1")]
    Version(String),
    /// Quotation marks that do not pair up.
    #[error("a quotation mark is not closed, or text follows a closed one")]
    Quotes,
    /// More fields than the header has.
    #[error("{found} fields, but the header names {expected}")]
    TooManyFields {
        /// fields in this row
        found: usize,
        /// fields in the header
        expected: usize,
    },
    /// No column that tells who the user is; nothing follows.
    #[error(
        "the header names no column that tells the logon: SamAccountName, UserPrincipalName or \
         Identity (found: {0})"
    )]
    NoUsefulColumn(String),
    /// A list of PINs without a column for them. The header is not repeated: where there is none, a PIN
    /// stands there.
    #[error(
        "the first line names no column for the PIN; it has to name the columns, such as \
         Extension,PIN (also Passcode, Password, PinCode, UserPin, VoicemailPin)"
    )]
    NoPinColumn,
    /// A list of PINs with several columns for them.
    #[error("the first line names several columns for the PIN; leave one")]
    SeveralPinColumns,
    /// A list of PINs without a column that tells whose they are.
    #[error(
        "the first line names no column that tells whose the PINs are; name one Identity, \
         SipAddress, UserPrincipalName, SamAccountName, Extension, Number or LineURI"
    )]
    NoUserColumn,
    /// A row that names nobody.
    #[error("the row names no user")]
    NoUser,
    /// A row without a PIN.
    #[error("the row has no PIN; none is made up")]
    NoPin,
    /// Neither `sAMAccountName`, `uid` nor a user principal name.
    #[error("no logon name: sAMAccountName, uid or userPrincipalName is needed")]
    NoLogon,
    /// Nothing tells the domain.
    #[error("nothing tells the domain of '{0}'; name it with --domain")]
    NoDomain(String),
    /// A value that is unusable.
    #[error("'{value}' is not a usable value of {attribute}")]
    BadValue {
        /// the attribute, in lower case
        attribute: &'static str,
        /// the value, shortened
        value: String,
    },
}

/// The kinds of file that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// LDAP Data Interchange Format, RFC 2849
    Ldif,
    /// Comma (semicolon, tab) separated values with a header
    Csv,
}

/// The kind of a file, by the extension of its name, else by the first bytes.
pub fn guess(name: &str, first_bytes: &[u8]) -> FileKind {
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("ldif" | "ldf") => return FileKind::Ldif,
        Some("csv" | "tsv") => return FileKind::Csv,
        _ => {}
    }
    let text = first_bytes.strip_prefix(lines::BOM).unwrap_or(first_bytes);
    let begins = |line: &[u8], word: &[u8]| {
        line.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let telling = text.split(|byte| *byte == b'\n').find(|line| {
        let comment = line.first() == Some(&b'#') && !begins(line, b"#type");
        !comment && !line.trim_ascii().is_empty()
    });
    match telling {
        Some(line) if begins(line, b"dn:") || begins(line, b"version:") => FileKind::Ldif,
        _ => FileKind::Csv,
    }
}

/// People from LDIF text.
pub fn ldif<R: BufRead>(reader: R) -> Ldif<R> {
    ldif_with(reader, Options::default())
}

/// People from LDIF text, with what the file does not say.
pub fn ldif_with<R: BufRead>(reader: R, options: Options) -> Ldif<R> {
    Ldif::new(reader, options)
}

/// People from CSV text.
pub fn csv<R: BufRead>(reader: R) -> Csv<R> {
    csv_with(reader, Options::default())
}

/// People from CSV text, with what the file does not say.
pub fn csv_with<R: BufRead>(reader: R, options: Options) -> Csv<R> {
    Csv::new(reader, options)
}

/// People from a file of either kind, see [`guess`].
///
/// # Errors
/// When the first bytes cannot be read.
pub fn people<R: BufRead>(name: &str, mut reader: R, options: Options) -> io::Result<People<R>> {
    let kind = guess(name, reader.fill_buf()?);
    Ok(people_of(kind, reader, options))
}

/// People from a file whose kind is known.
pub fn people_of<R: BufRead>(kind: FileKind, reader: R, options: Options) -> People<R> {
    match kind {
        FileKind::Ldif => People::Ldif(ldif_with(reader, options)),
        FileKind::Csv => People::Csv(csv_with(reader, options)),
    }
}

/// An iterator over the people of a file of either kind.
pub enum People<R> {
    /// from LDIF
    Ldif(Ldif<R>),
    /// from CSV
    Csv(Csv<R>),
}

impl<R> People<R> {
    /// How many entries so far were passed over because they are no people.
    pub fn skipped(&self) -> u64 {
        match self {
            People::Ldif(ldif) => ldif.skipped(),
            People::Csv(csv) => csv.skipped(),
        }
    }

    /// The line at which the record given last begins, from 1; 0 before the first.
    pub fn line(&self) -> u64 {
        match self {
            People::Ldif(ldif) => ldif.line(),
            People::Csv(csv) => csv.line(),
        }
    }

    /// Whether nothing follows; after an error that means that the file could not be read to its end.
    pub fn is_finished(&self) -> bool {
        match self {
            People::Ldif(ldif) => ldif.is_finished(),
            People::Csv(csv) => csv.is_finished(),
        }
    }
}

impl<R: BufRead> Iterator for People<R> {
    type Item = Result<Person, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            People::Ldif(ldif) => ldif.next(),
            People::Csv(csv) => csv.next(),
        }
    }
}
