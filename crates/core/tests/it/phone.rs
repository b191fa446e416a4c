//! R-AUTH-1, R-AUTH-6, R-LOCK-13: numbers as they are written, keyed and sent.

use pinward_core::{LineUri, Lookup, parse_identity, parse_number};
use proptest::prelude::*;

fn phone(digits: &str) -> Lookup {
    Lookup::Phone(digits.into())
}

fn extension(digits: &str) -> Lookup {
    Lookup::Extension(digits.into())
}

fn both(phone: &str, extension: &str) -> Lookup {
    Lookup::PhoneAndExtension {
        phone: phone.into(),
        extension: extension.into(),
    }
}

#[test]
fn numbers() {
    // R-AUTH-6, R-LOCK-13
    let full = "14255551297";
    let table = [
        ("51297", vec![extension("51297"), phone("51297")]),
        ("14255551297", vec![extension(full), phone(full)]),
        ("+14255551297", vec![phone(full)]),
        ("tel:+14255551297", vec![phone(full)]),
        ("TEL:+1-425-555-1297", vec![phone(full)]),
        (" +1 (425) 555-1297 ", vec![phone(full)]),
        ("(+1) 425.555.1297", vec![phone(full)]),
        (
            "+1\u{a0}425\u{2013}555\u{2014}1297\u{202c}",
            vec![phone(full)],
        ),
        ("+1/425/555\u{2011}1297", vec![phone(full)]),
        ("tel:+14255551297;ext=51297", vec![both(full, "51297")]),
        ("+14255551297;EXT=5-1297", vec![both(full, "51297")]),
        (
            "+14255551297;phone-context=x;ext=51297",
            vec![both(full, "51297")],
        ),
        ("+14255551297;phone-context=x", vec![phone(full)]),
        ("+1 (425) 555-1297 x51297", vec![both(full, "51297")]),
        ("1 425 555 1297 ext. 51297", vec![both(full, "51297")]),
        ("+14255551297 Extension: 51297", vec![both(full, "51297")]),
        ("x51297", vec![extension("51297")]),
        (";ext=51297", vec![extension("51297")]),
        ("0051", vec![extension("0051"), phone("0051")]),
    ];
    for (text, expected) in table {
        assert_eq!(parse_number(text), Some(vec![expected]), "{text}");
    }
}

#[test]
fn what_is_no_number_is_an_identity_or_nothing() {
    // R-AUTH-1, R-AUTH-6: digits of other scripts are neither dropped nor turned.
    for text in [
        "kenmyer@litwareinc.com",
        "sip:kenmyer@litwareinc.com",
        "litwareinc\\kenmyer",
        "Ken Myer",
        "+",
        "x",
        "()",
        "51297x",
        "٥١٢٩٧",
        "５１２９７",
        "1425555+1297",
        "5²",
        "123456789012345678901234567890123",
        "+14255551297;ext=abc",
        "CN=5,DC=a",
    ] {
        assert_eq!(parse_number(text), Some(parse_identity(text)), "{text}");
    }
    for text in ["", "  ", "\u{a0}", "*", "* Smith", "5*", "tel:*"] {
        assert_eq!(parse_number(text), None, "{text:?}");
    }
}

#[test]
fn lines() {
    // R-AUTH-6
    let line = |number: Option<&str>, extension: Option<&str>| {
        Some(LineUri {
            number: number.map(Into::into),
            extension: extension.map(Into::into),
        })
    };
    for (text, expected) in [
        (
            "tel:+14255551219;ext=51219",
            line(Some("14255551219"), Some("51219")),
        ),
        ("TEL:+14255558715", line(Some("14255558715"), None)),
        ("tel:51219", line(Some("51219"), None)),
        ("+1 425 555 1219", line(Some("14255551219"), None)),
        ("tel:;ext=51219", line(None, Some("51219"))),
        ("tel:", None),
        ("", None),
        ("sip:kenmyer@litwareinc.com", None),
        ("té:5", None),
    ] {
        assert_eq!(LineUri::parse(text), expected, "{text}");
    }
}

proptest! {
    /// R-AUTH-6: punctuation between the digits changes nothing.
    #[test]
    fn punctuation_is_ignored(
        parts in prop::collection::vec(("[0-9]{1,4}", "[-(). /\u{a0}\u{2013}]{0,2}"), 1..8),
    ) {
        let digits: String = parts.iter().map(|(digits, _)| digits.as_str()).collect();
        let text: String = parts.iter().map(|(digits, gap)| format!("{digits}{gap}")).collect();
        prop_assert_eq!(parse_number(&text), parse_number(&digits));
        let full = format!("+{text}");
        prop_assert_eq!(parse_number(&full), Some(vec![vec![phone(&digits)]]));
    }
}
