//! R-PIN-1, R-SEC-3: the type that holds a PIN.

use pinward_core::{Pin, PinSyntaxError};
use proptest::prelude::*;

#[test]
fn what_parses() {
    // R-PIN-1
    let longest = "0".repeat(24);
    let too_long = "0".repeat(25);
    for (text, expected) in [
        ("0712", None),
        ("7", None),
        (longest.as_str(), None),
        ("", Some(PinSyntaxError::Empty)),
        (too_long.as_str(), Some(PinSyntaxError::TooLong)),
        (" 0712", Some(PinSyntaxError::NotDigits)),
        ("07-12", Some(PinSyntaxError::NotDigits)),
        ("+712", Some(PinSyntaxError::NotDigits)),
        ("٠٧١٢", Some(PinSyntaxError::NotDigits)),
        ("07\u{0}12", Some(PinSyntaxError::NotDigits)),
    ] {
        assert_eq!(Pin::parse(text).err(), expected, "{text:?}");
    }
}

proptest! {
    /// R-PIN-1: leading zeros count.
    #[test]
    fn shows_what_it_was_given(text in "[0-9]{1,24}") {
        let pin = Pin::parse(&text).unwrap();
        prop_assert_eq!(pin.len(), text.len());
        prop_assert_eq!(pin.digits(), text.as_bytes());
        let shown = pin.reveal();
        prop_assert_eq!(shown.as_str(), text.as_str());
    }

    /// No input makes it panic or pass something else.
    #[test]
    fn takes_digits_alone(text in "\\PC{0,30}") {
        let good = !text.is_empty() && text.len() <= 24 && text.bytes().all(|b| b.is_ascii_digit());
        prop_assert_eq!(Pin::parse(&text).is_ok(), good);
    }
}
