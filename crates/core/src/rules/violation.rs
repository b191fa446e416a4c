//! Why a PIN is refused, for people and for programs.

use crate::pin::MAX_DIGITS;

/// A reason to refuse a PIN. `Display` is a sentence for people and never repeats the PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Violation {
    /// R-PIN-1.
    #[error("The PIN may contain only the digits 0 to 9.")]
    NotDigits,
    /// R-PIN-1.
    #[error("The PIN may have at most {MAX_DIGITS} digits.")]
    TooLong,
    /// R-PIN-2.
    #[error("The PIN must have at least {minimum} digits.")]
    TooShort {
        /// `MinPasswordLength` of the governing policy.
        minimum: u32,
    },
    /// R-PIN-3a.
    #[error("The PIN must not consist of repeated digits alone.")]
    RepeatingDigits,
    /// R-PIN-3a.
    #[error("The PIN must not be one group of digits repeated.")]
    RepeatedBlock,
    /// R-PIN-3b.
    #[error("The PIN must not contain four or more consecutive digits, upwards or downwards.")]
    ConsecutiveDigits,
    /// R-PIN-3c.
    #[error("The PIN must not be the extension of its user.")]
    Extension,
    /// R-PIN-3c.
    #[error("The PIN must not be part of the phone number of its user.")]
    PhoneNumber,
    /// R-PIN-3d.
    #[error("The PIN is one that many people choose; choose another one.")]
    CommonPin,
}

impl Violation {
    /// Stable identifier for programs, "PinTooShort".
    pub fn code(&self) -> &'static str {
        match self {
            Violation::NotDigits => "PinNotDigits",
            Violation::TooLong => "PinTooLong",
            Violation::TooShort { .. } => "PinTooShort",
            Violation::RepeatingDigits => "PinRepeatingDigits",
            Violation::RepeatedBlock => "PinRepeatedBlock",
            Violation::ConsecutiveDigits => "PinConsecutiveDigits",
            Violation::Extension => "PinIsExtension",
            Violation::PhoneNumber => "PinInPhoneNumber",
            Violation::CommonPin => "PinTooCommon",
        }
    }
}
