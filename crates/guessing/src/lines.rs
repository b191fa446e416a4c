//! The lines of a file of frequencies in bounded memory, and what may be wrong with them.

use std::io::{BufRead, Read};

/// The longest line, in bytes.
pub const MAX_LINE: usize = 64 * 1024;
/// The byte order mark some programs write before UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why a file could not be read. Says nothing of what stands in the line.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ReadError {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: Reason,
}

/// What may be wrong with a file of frequencies.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Reading failed.
    #[error("the file could not be read further: {0}")]
    Read(String),
    /// A UTF-16 file.
    #[error("the file is UTF-16, not UTF-8; save it again with the encoding UTF-8")]
    Utf16,
    /// A line longer than [`MAX_LINE`].
    #[error("the line is longer than {MAX_LINE} bytes")]
    LineTooLong,
    /// There is no header.
    #[error(
        "what the lines hold is not told; say it with --order pin-count, --order count-pin, or --order pin where \
         each line is a PIN and nothing else, or with a header that names the columns PIN and Count"
    )]
    NotTold,
    /// A header in which the columns are not recognised.
    #[error(
        "the header does not tell the column of the PINs from that of the counts; name them PIN and \
         Count, or, where there are two, say it with --order pin-count or --order count-pin"
    )]
    UnknownHeader,
    /// A header that says otherwise than the option.
    #[error("the header names the columns in another order than --order does")]
    HeaderAgainstOrder,
    /// Fewer or more fields than there should be.
    #[error(
        "{found} columns instead of {expected}; counts are written without separators of thousands"
    )]
    ColumnCount {
        /// Fields in this line.
        found: usize,
        /// Fields that it should have.
        expected: usize,
    },
    /// There is no count, or something that is none.
    #[error(
        "the count is not a whole number without zeros before it; if the columns stand in another order, \
         say it with --order; shares are to be multiplied until they are whole numbers"
    )]
    NotACount,
    /// More people than can be counted.
    #[error("the counts together are too large")]
    TooManyPeople,
}

/// Reads the lines that say something: neither blank ones nor comments.
pub(crate) struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// Puts the next line that says something, without its end, into `buffer`, and gives its number;
    /// `None` at the end of the file.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> Result<Option<u64>, ReadError> {
        loop {
            buffer.clear();
            let number = self.number + 1;
            let wrong = |reason| {
                Err(ReadError {
                    line: number,
                    reason,
                })
            };
            // One for the end of the line, and one more to see that it goes on.
            let mut part = self.reader.by_ref().take(MAX_LINE as u64 + 2);
            match part.read_until(b'\n', buffer) {
                Err(error) => return wrong(Reason::Read(error.to_string())),
                Ok(0) => return Ok(None),
                Ok(_) => self.number = number,
            }
            if buffer.last() == Some(&b'\n') {
                buffer.pop();
            }
            if buffer.len() > MAX_LINE {
                return wrong(Reason::LineTooLong);
            }
            if buffer.last() == Some(&b'\r') {
                buffer.pop();
            }
            if number == 1 {
                if buffer.starts_with(BOM) {
                    buffer.drain(..BOM.len());
                } else if looks_like_utf16(buffer) {
                    return wrong(Reason::Utf16);
                }
            }
            if !matches!(buffer.trim_ascii().first(), None | Some(b'#')) {
                return Ok(Some(number));
            }
        }
    }
}

/// Byte order marks of UTF-16, or, without one, every second byte of the first four zero.
fn looks_like_utf16(start: &[u8]) -> bool {
    matches!(
        start,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, 0, ..] | [_, 0, _, 0, ..]
    )
}
