//! R-ID-1 to R-ID-3, R-LOCK-13: what a text may name.

use pinward_core::{Lookup, parse_identity};
use proptest::prelude::*;

/// The groups in short: alternatives parted by `|`, members of a group by `,`.
fn short(groups: &[Vec<Lookup>]) -> String {
    let one = |lookup: &Lookup| match lookup {
        Lookup::Sip(address) => format!("sip<{address}>"),
        Lookup::Upn(name) => format!("upn<{name}>"),
        Lookup::DomainLogon { domain, logon } => format!("domain<{domain}/{logon}>"),
        Lookup::Logon(name) => format!("logon<{name}>"),
        Lookup::DisplayName(name) => format!("name<{name}>"),
        Lookup::DisplayPattern(_) => "pattern".to_owned(),
        Lookup::Dn(dn) => format!("dn<{}>", dn.folded()),
        Lookup::Extension(digits) => format!("ext<{digits}>"),
        Lookup::Phone(digits) => format!("phone<{digits}>"),
        Lookup::PhoneAndExtension { phone, extension } => format!("both<{phone}/{extension}>"),
    };
    let group = |group: &Vec<Lookup>| group.iter().map(one).collect::<Vec<_>>().join(",");
    groups.iter().map(group).collect::<Vec<_>>().join("|")
}

#[test]
fn forms() {
    // R-ID-1, R-LOCK-13: case and blanks around make no difference.
    for (text, expected) in [
        (
            "sip:kenmyer@litwareinc.com",
            "sip<sip:kenmyer@litwareinc.com>",
        ),
        (
            " SIP: KenMyer@LitwareInc.com ",
            "sip<sip:kenmyer@litwareinc.com>",
        ),
        (
            "KenMyer@litwareinc.com",
            "sip<sip:kenmyer@litwareinc.com>,upn<kenmyer@litwareinc.com>|\
             name<kenmyer@litwareinc.com>",
        ),
        (
            "litwareinc\\kenmyer",
            "domain<litwareinc/kenmyer>|name<litwareinc\\kenmyer>",
        ),
        (
            "LITWAREINC \\ KenMyer",
            "domain<litwareinc/kenmyer>|name<litwareinc \\ kenmyer>",
        ),
        ("a\\b@c", "domain<a/b@c>|name<a\\b@c>"),
        ("Ken Myer", "name<ken myer>,logon<ken myer>"),
        ("kenmyer", "name<kenmyer>,logon<kenmyer>"),
        ("ÁRVÍZ Ödön", "name<árvíz ödön>,logon<árvíz ödön>"),
        (
            "CN=Ken Myer,OU=Finance,DC=litwareinc,DC=com",
            "dn<cn=ken myer,ou=finance,dc=litwareinc,dc=com>|\
             name<cn=ken myer,ou=finance,dc=litwareinc,dc=com>",
        ),
        (
            "cn=Myer\\, Ken , dc=com",
            "dn<cn=myer\\, ken,dc=com>|name<cn=myer\\, ken , dc=com>",
        ),
        ("* = *", "pattern"),
        ("", ""),
        ("   ", ""),
        ("sip:", ""),
        ("\\kenmyer", "name<\\kenmyer>"),
        ("litwareinc\\", "name<litwareinc\\>"),
        ("14255551297", "name<14255551297>,logon<14255551297>"),
    ] {
        assert_eq!(short(&parse_identity(text)), expected, "{text:?}");
    }
}

#[test]
fn wildcards() {
    // R-ID-2
    for (text, name, expected) in [
        ("* Smith", "Mary Smith", true),
        ("* Smith", "Smith", false),
        ("Pilar*", "PILAR ACKERMAN", true),
        ("*", "", true),
        ("*mar*an*", "Pilar Mar Tan", true),
        ("*mar*an*", "An Mar", false),
        ("ab*ba", "aba", false),
        ("ab*ba", "abba", true),
        ("*İs*", "xi̇s", true),
    ] {
        let groups = parse_identity(text);
        let [group] = groups.as_slice() else {
            panic!("{text}: one group")
        };
        let [Lookup::DisplayPattern(pattern)] = group.as_slice() else {
            panic!("{text}")
        };
        assert_eq!(pattern.is_match(name), expected, "{text} on {name}");
    }
}

#[test]
fn a_wildcard_takes_no_more_than_linear_time() {
    // R-ID-2: this would take years with backtracking.
    let pattern = pinward_core::Pattern::parse(&"a*".repeat(2000));
    assert!(!pattern.is_match(&format!("{}b", "ab".repeat(1000))));
    assert!(pattern.is_match(&"a".repeat(100_000)));
}

/// R-LOCK-13: blanks of any kind around a quoted value too.
#[test]
fn blanks_after_quotes_change_nothing() {
    let dn = "CN=\"Myer, Ken\",DC=litwareinc";
    assert_eq!(
        parse_identity(&format!("\u{a0}{dn}\u{a0}")),
        parse_identity(dn)
    );
}

proptest! {
    /// R-LOCK-13: however it is spelt, it is the same name; and nothing panics.
    #[test]
    fn case_and_blanks_around_change_nothing(text in "[a-z0-9@\\\\*=,;+ \"äžø.:-]{0,20}") {
        let again = format!(" \t{}\u{a0}", text.to_uppercase());
        prop_assert_eq!(parse_identity(&text), parse_identity(&again));
    }

    #[test]
    fn any_text_is_taken(text in "\\PC{0,40}") {
        let groups = parse_identity(&text);
        prop_assert!(groups.iter().all(|group| !group.is_empty()));
        prop_assert!(pinward_core::parse_number(&text).is_none_or(|groups| !groups.is_empty()));
    }

    /// R-ID-2 against the plain definition.
    #[test]
    fn patterns_match_as_defined(pattern in "[ab*]{0,8}", text in "[ab]{0,10}") {
        fn matches(pattern: &[u8], text: &[u8]) -> bool {
            match (pattern, text) {
                ([], []) => true,
                ([b'*', rest @ ..], _) => {
                    (0..=text.len()).any(|skip| matches(rest, &text[skip..]))
                }
                ([a, pattern @ ..], [b, text @ ..]) => a == b && matches(pattern, text),
                _ => false,
            }
        }
        let parsed = pinward_core::Pattern::parse(&pattern);
        prop_assert_eq!(parsed.is_match(&text), matches(pattern.as_bytes(), text.as_bytes()));
    }
}
