//! What was keyed. It may be a PIN, so it is wiped when dropped and cannot be printed.

use zeroize::Zeroizing;

/// More keys in a row than any answer has.
const MOST: usize = 64;

/// The keys of one answer, without the `#` that ended it: digits and `*`. May be empty.
pub struct Keys(Zeroizing<String>);

/// What came is not a row of keys: something other than `0`–`9` and `*`, or more than 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKeys;

/// What came of asking a caller.
pub enum Input {
    /// They keyed something, or `#` alone.
    Keys(Keys),
    /// They keyed nothing.
    Nothing,
    /// They hung up.
    HungUp,
}

impl Keys {
    /// Takes digits and `*`; one `#` at the end is what ended the entry and is dropped.
    pub fn parse(text: &str) -> Result<Self, NotKeys> {
        let text = text.strip_suffix('#').unwrap_or(text);
        let known = |key: u8| key.is_ascii_digit() || key == b'*';
        if text.len() > MOST || !text.bytes().all(known) {
            return Err(NotKeys);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// Whether a `*` is among them: start over.
    pub(crate) fn starts_over(&self) -> bool {
        self.0.contains('*')
    }

    /// The digits; there is nothing else once [`Keys::starts_over`] was looked at.
    pub(crate) fn digits(&self) -> &str {
        &self.0
    }

    /// The digits, to be kept.
    pub(crate) fn into_digits(self) -> Zeroizing<String> {
        self.0
    }
}
