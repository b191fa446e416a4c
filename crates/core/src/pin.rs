//! A PIN that wipes itself and cannot be printed.

use zeroize::Zeroizing;

/// The longest PIN there is, in digits (R-PIN-1).
pub const MAX_DIGITS: usize = 24;

/// 1–24 ASCII digits, wiped when dropped.
///
/// It has no `Debug`, `Display`, `Clone` or `Serialize`: a PIN reaches a log only by an act.
/// It has no `PartialEq` either, because comparing digits would take a telling time; a PIN is
/// compared by its verifier.
pub struct Pin {
    /// On the heap, so that moving a `Pin` leaves no copies behind on the stack.
    digits: Zeroizing<Box<[u8]>>,
}

/// Why a text is not a PIN (R-PIN-1). Says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinSyntaxError {
    /// There is nothing.
    #[error("the PIN is empty; give at least one digit")]
    Empty,
    /// Something other than 0–9, digits of other scripts included.
    #[error("the PIN contains something other than the digits 0 to 9")]
    NotDigits,
    /// More than [`MAX_DIGITS`].
    #[error("the PIN has more than {MAX_DIGITS} digits")]
    TooLong,
}

impl Pin {
    /// Takes 1–24 ASCII digits; leading zeros count, blanks are not ignored.
    pub fn parse(text: &str) -> Result<Pin, PinSyntaxError> {
        if text.is_empty() {
            return Err(PinSyntaxError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PinSyntaxError::NotDigits);
        }
        if text.len() > MAX_DIGITS {
            return Err(PinSyntaxError::TooLong);
        }
        Ok(Pin {
            digits: Zeroizing::new(text.as_bytes().into()),
        })
    }

    /// The digits as ASCII.
    pub fn digits(&self) -> &[u8] {
        &self.digits
    }

    /// How many digits: 1–24.
    #[expect(clippy::len_without_is_empty, reason = "a PIN is never empty")]
    pub fn len(&self) -> usize {
        self.digits.len()
    }

    /// The one way to show a PIN: for the answer to whoever had it generated (R-SET-1).
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut text = String::with_capacity(self.digits.len());
        text.extend(self.digits.iter().map(|&digit| char::from(digit)));
        Zeroizing::new(text)
    }
}
