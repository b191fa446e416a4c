//! Physical lines in bounded memory.

use std::io::{self, BufRead};

use super::{MAX_LINE, Reason, RowError};

/// The byte order mark some programs write before UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads lines, counts them, and keeps no more than [`MAX_LINE`] bytes of each.
pub(super) struct Lines<R> {
    reader: R,
    count: u64,
}

/// How a line was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Line {
    pub number: u64,
    /// Only the beginning is in the buffer.
    pub cut: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Lines<R> {
        Lines { reader, count: 0 }
    }

    /// Puts the next line, without its end, into `buffer`. `None` at the end of the file.
    pub(super) fn read(&mut self, buffer: &mut Vec<u8>) -> Result<Option<Line>, RowError> {
        buffer.clear();
        let number = self.count + 1;
        let at_line = |reason| RowError {
            line: number,
            reason,
        };
        let read = self.read_bytes(buffer);
        let Some(cut) = read.map_err(|error| at_line(Reason::Read(error.to_string())))? else {
            return Ok(None);
        };
        self.count = number;
        if buffer.last() == Some(&b'\r') {
            buffer.pop();
        }
        if number == 1 {
            if buffer.starts_with(BOM) {
                buffer.drain(..BOM.len());
            } else if looks_like_utf16(buffer) {
                return Err(at_line(Reason::Utf16));
            }
        }
        Ok(Some(Line { number, cut }))
    }

    /// Whether the line was cut, or `None` where nothing is left.
    fn read_bytes(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let mut cut = None;
        loop {
            let chunk = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            if chunk.is_empty() {
                return Ok(cut);
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = MAX_LINE - buffer.len();
            buffer.extend_from_slice(&part[..part.len().min(room)]);
            cut = Some(cut.unwrap_or(false) || part.len() > room);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.reader.consume(used);
            if end.is_some() {
                return Ok(cut);
            }
        }
    }
}

/// Byte order marks of UTF-16 and UTF-32, or, without one, every second byte of the first four zero.
fn looks_like_utf16(start: &[u8]) -> bool {
    matches!(
        start,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, 0, ..] | [_, 0, _, 0, ..]
    )
}
