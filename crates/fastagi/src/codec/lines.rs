//! Bytes into lines. They may hold a PIN, so they are wiped.

use zeroize::{Zeroize, Zeroizing};

use super::Broken;

/// The longest line, in bytes, without its end.
pub(super) const LONGEST: usize = 2048;

/// Bytes that are no complete lines yet.
#[derive(Default)]
pub(super) struct Lines {
    bytes: Zeroizing<Vec<u8>>,
    /// Up to here lines were taken out.
    taken: usize,
}

impl Lines {
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        if self.taken > 0 {
            let rest = self.bytes.len() - self.taken;
            self.bytes.copy_within(self.taken.., 0);
            self.bytes[rest..].zeroize();
            self.bytes.truncate(rest);
            self.taken = 0;
        }
        let needed = self.bytes.len() + bytes.len();
        if needed > self.bytes.capacity() {
            // Grown by hand: what is left behind is wiped.
            let mut grown = Zeroizing::new(Vec::with_capacity(needed.next_power_of_two()));
            grown.extend_from_slice(&self.bytes);
            self.bytes = grown;
        }
        self.bytes.extend_from_slice(bytes);
        let unfinished = match self.bytes.iter().rposition(|&byte| byte == b'\n') {
            Some(end) => self.bytes.len() - end - 1,
            None => self.bytes.len(),
        };
        match unfinished > LONGEST + 1 {
            true => Err(Broken::LineTooLong),
            false => Ok(()),
        }
    }

    /// The next line, without its end. What is not UTF-8 is replaced.
    pub(super) fn next(&mut self) -> Option<Zeroizing<String>> {
        let rest = self.bytes.get(self.taken..)?;
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        let line = Zeroizing::new(String::from_utf8_lossy(line).into_owned());
        self.taken += end + 1;
        Some(line)
    }
}
