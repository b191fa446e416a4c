//! What holds for any input: nothing panics, and what is written is read back as it was.

use std::io::{BufReader, Cursor};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::filter::{LdapFilter, escape};
use crate::{import, sample};

/// Text made of what a filter is made of.
fn filter_like() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "(",
        ")",
        "&",
        "|",
        "!",
        "=",
        ">=",
        "<=",
        "~=",
        "*",
        "\\2a",
        "\\",
        "\\c3\\bc",
        " ",
        "cn",
        "title",
        "Manager",
        "objectGUID",
        "ü",
        "(cn=a)",
        ":1.2.840.113556.1.4.803:=",
        "12",
        "\u{a0}",
    ];
    vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// A filter that is valid.
fn filter_text() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("cn"),
        Just("City"),
        Just("title"),
        Just("LineURI"),
        Just("x-y9")
    ];
    let value = "\\PC{0,8}".prop_map(|value| escape(&value));
    let operator = prop_oneof![Just("="), Just(">="), Just("<="), Just("~=")];
    let compared = (name.clone(), operator, value.clone())
        .prop_map(|(name, operator, value)| format!("({name}{operator}{value})"));
    let substring =
        (name, vec(value, 1..5)).prop_map(|(name, parts)| format!("({name}={})", parts.join("*")));
    let bits = (any::<bool>(), any::<u32>()).prop_map(|(all, mask)| {
        format!(
            "(userAccountControl:1.2.840.113556.1.4.80{}:={mask})",
            if all { 3 } else { 4 }
        )
    });
    let leaf = prop_oneof![compared, substring, bits];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|all| format!("(&{})", all.concat())),
            vec(inner.clone(), 0..4).prop_map(|any| format!("(|{})", any.concat())),
            inner.prop_map(|not| format!("(!{not})")),
        ]
    })
}

fn ldif_like() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&[u8]] = &[
        b"dn: ",
        b"CN=Ken,DC=a\n",
        b"\n",
        b"\n\n",
        b"\r\n",
        b"objectClass: user\n",
        b"uid: ken\n",
        b"uid",
        b":",
        b"::",
        b":<",
        b" ",
        b"#",
        b"objectGUID:: AAECAwQFBgcICQoLDA0ODw==\n",
        b"version: 1\n",
        b"changetype: add\n",
        b"\xff",
        b"\xc3\xbc",
        b"telephoneNumber: +1 x5",
        b"whenCreated: 20120326101112.0Z\n",
        b"\\",
    ];
    vec(select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

fn csv_like() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&[u8]] = &[
        b"logon",
        b"identity",
        b"lineuri",
        b"enabled",
        b",",
        b";",
        b"\"",
        b"\"\"",
        b"\n",
        b"\r\n",
        b"A\\ken",
        b"tel:+1;ext=2",
        b"CN=Ken,DC=a",
        b"true",
        b"\xff",
        b"#TYPE",
        b"sep=;",
        b"\xef\xbb\xbf",
        b"\x00",
    ];
    vec(select(PIECES), 0..40)
        .prop_map(|pieces| [b"logon,domain,identity\n", &pieces.concat()[..]].concat())
}

/// Reads to the end by way of a small buffer; every item names a line of the file.
fn drain(bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let reader = || BufReader::with_capacity(3, Cursor::new(bytes));
    let rows = import::ldif(reader()).chain(import::csv(reader()));
    for error in rows.filter_map(Result::err) {
        assert!(
            (1..=lines).contains(&error.line),
            "{error} of {lines} lines"
        );
    }
}

proptest! {
    #[test]
    fn filters_never_panic(text in prop_oneof![any::<String>(), filter_like()]) {
        let ken = &sample_people()[0];
        match LdapFilter::parse(&text) {
            Ok(filter) => {
                filter.matches(ken);
                prop_assert_eq!(LdapFilter::parse(&filter.to_string()), Ok(filter));
            }
            Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.position)),
        }
    }

    #[test]
    fn filters_come_back(text in filter_text()) {
        let filter = LdapFilter::parse(&text).expect("generated filters are valid");
        prop_assert_eq!(LdapFilter::parse(&filter.to_string()), Ok(filter.clone()), "{}", filter);
        // Without the outer parentheses it is the same filter, unless they hold padding.
        let bare = &text[1..text.len() - 1];
        prop_assert_eq!(LdapFilter::parse(bare), Ok(filter));
    }

    #[test]
    fn what_is_escaped_stands_for_itself(name in "\\PC{1,12}") {
        let mut person = sample_people()[0].clone();
        person.display_name = name;
        let escaped = escape(&person.display_name);
        for filter in ["", "*"].map(|star| format!("(displayName={star}{escaped}{star})")) {
            prop_assert!(LdapFilter::parse(&filter).expect("valid").matches(&person), "{}", filter);
        }
        let all_but = format!("(!(displayName={escaped}))");
        prop_assert!(!LdapFilter::parse(&all_but).expect("valid").matches(&person));
    }

    #[test]
    fn imports_never_panic(bytes in prop_oneof![vec(any::<u8>(), 0..300), ldif_like(), csv_like()]) {
        drain(&bytes);
    }

    #[test]
    fn values_come_back_from_ldif_and_csv(title in "[^\\x00]{1,60}") {
        use base64::Engine as _;
        let base64 = base64::engine::general_purpose::STANDARD.encode(&title);
        let ldif = format!("dn: CN=k,DC=a\nuid: k\ntitle:: {base64}\n");
        let quoted = title.replace('"', "\"\"");
        let csv = format!("logon,domain,title\nk,A,\"{quoted}\"\n");
        // A carriage return before a line feed is the end of a line, in a quotation too.
        let as_lines = title.replace("\r\n", "\n");
        for (row, expected) in [
            (import::ldif(ldif.as_bytes()).next(), &title),
            (import::csv(csv.as_bytes()).next(), &as_lines),
        ] {
            let person = row.expect("a row").expect("a person");
            let kept = person.attributes.get("title").map(|values| &values[0]);
            prop_assert_eq!(kept, Some(expected).filter(|title| !title.trim().is_empty()));
        }
    }
}

fn sample_people() -> &'static [pinward_core::Person] {
    static PEOPLE: std::sync::LazyLock<Vec<pinward_core::Person>> =
        std::sync::LazyLock::new(|| sample::company().people);
    &PEOPLE
}
