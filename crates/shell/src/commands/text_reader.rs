//! Reading text files line by line, within the limits of the session.

use std::io::{self, BufRead, Read};

/// The longest line, or record of a table, in bytes.
pub(super) const LONGEST_LINE: usize = 8 << 20;

/// Opens what a host gave for reading as text: without the mark of UTF-8, refusing UTF-16.
pub(super) fn text(mut file: Box<dyn BufRead>) -> io::Result<Box<dyn BufRead>> {
    let start = file.fill_buf()?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(io::Error::other("it is UTF-16; save it as UTF-8"));
    }
    if start.starts_with("\u{feff}".as_bytes()) {
        file.consume(3);
    }
    Ok(file)
}

/// The next line without its end; `None` at the end of the file.
pub(super) fn line(file: &mut dyn BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let most = LONGEST_LINE as u64;
    if file.take(most + 1).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.len() as u64 > most {
        return Err(io::Error::other("a line is longer than 8 MiB"));
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
