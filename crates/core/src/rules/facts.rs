//! What the rules need to know about the user.

use crate::person::Person;
use crate::phone::LineUri;

/// The user's own numbers, which a PIN must not be taken from (R-PIN-3c).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PinFacts {
    /// Digits of the extension.
    pub extension: Option<String>,
    /// Digits of the full number, without `+`.
    pub phone_digits: Option<String>,
}

impl PinFacts {
    /// Taken from the person's line; a line that cannot be read gives nothing to compare with.
    pub fn of(person: &Person) -> PinFacts {
        let line = person
            .line_uri
            .as_deref()
            .and_then(LineUri::parse)
            .unwrap_or_default();
        PinFacts {
            extension: line.extension,
            phone_digits: line.number,
        }
    }
}
