//! R-ID-1, R-RBAC-3: distinguished names.

use pinward_core::Dn;
use proptest::prelude::*;

#[test]
fn one_name_in_many_spellings() {
    // R-LOCK-13
    for (a, b) in [
        ("CN=Ken Myer,DC=com", "cn = ken  myer , dc = COM "),
        ("CN=Ken Myer,DC=com", "OID.CN=\"Ken Myer\";DC=com"),
        ("CN=Myer\\, Ken,DC=com", "CN=\"Myer, Ken\",DC=com"),
        ("CN=Myer\\, Ken,DC=com", "CN=Myer\\2C Ken,DC=com"),
        ("CN=Lu\\C4\\8Di\\C4\\87", "CN=LUČIĆ"),
        ("CN=a+OU=b,DC=c", "ou=b + cn=a,dc=c"),
        ("CN=a\\\\b", "CN=A\\5cB"),
        ("CN=", "cn= "),
        ("CN=\"a\\\"b\"", "CN=a\\\"b"),
    ] {
        let (a, b) = (Dn::parse(a).unwrap(), Dn::parse(b).unwrap());
        assert_eq!(a, b);
        assert_eq!(a.folded(), b.folded());
    }
    for (a, b) in [
        ("CN=a,DC=b", "CN=a\\,DC\\=b"),
        ("CN=a,CN=b", "CN=a+CN=b"),
        ("CN=a", "OU=a"),
    ] {
        assert_ne!(
            Dn::parse(a).unwrap().folded(),
            Dn::parse(b).unwrap().folded()
        );
    }
}

#[test]
fn what_is_none() {
    // R-ID-1
    for bad in [
        "",
        "  ",
        "Ken Myer",
        "CN=a,",
        ",CN=a",
        "CN=a,,DC=b",
        "=a",
        "C N=a",
        "CN=a\\",
        "CN=a\\4",
        "CN=a\\zz",
        "CN=\\ff",
        "CN=\"a",
        "CN=\"a\"b",
        "CN=a\"b",
        "CN=a,b",
        "ü=a",
    ] {
        assert!(Dn::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn within_and_above() {
    // R-RBAC-3: whole parts count, not letters.
    let base = Dn::parse("ou=Finance,dc=litwareinc,dc=com").unwrap();
    for (text, expected) in [
        ("OU=Finance,DC=litwareinc,DC=com", true),
        ("CN=a,OU=x,OU=Finance,DC=litwareinc,DC=com", true),
        ("OU=High Finance,DC=litwareinc,DC=com", false),
        ("CN=a\\,OU=Finance,DC=litwareinc,DC=com", false),
        ("DC=litwareinc,DC=com", false),
        ("OU=Finance,DC=litwareinc,DC=com,DC=au", false),
    ] {
        assert_eq!(
            Dn::parse(text).unwrap().is_within(&base),
            expected,
            "{text}"
        );
    }
    let parent = base.parent().unwrap();
    assert_eq!(parent.folded(), "dc=litwareinc,dc=com");
    assert_eq!(parent.parent().and_then(|top| top.parent()), None);
}

proptest! {
    /// The key is itself a name, and the same one; nothing panics.
    #[test]
    fn the_key_reads_back(text in "(cn|OU)=[a-zäøéžč ,;+=\"\\\\#<>2c\u{7}]{0,12}(,dc=[a-c ]{0,3}){0,2}") {
        if let Ok(dn) = Dn::parse(&text) {
            let key = dn.folded();
            let again = Dn::parse(&key);
            prop_assert_eq!(again.as_ref(), Ok(&dn), "{}", key);
            prop_assert_eq!(Dn::parse(&key.to_uppercase()).unwrap().folded(), key);
            let above = std::iter::successors(Some(dn), Dn::parent);
            prop_assert_eq!(again.unwrap().lineage(), above.map(|dn| dn.folded()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{0,40}") {
        let _ = Dn::parse(&text).map(|dn| (dn.folded(), dn.parent()));
    }

    #[test]
    fn prefixes_of_types_vanish_for_good(text in "(oid[.]|OID[.]|[a-c2.]){0,4}=x") {
        if let Ok(dn) = Dn::parse(&text) {
            let again = Dn::parse(&dn.folded());
            prop_assert_eq!(again.as_ref(), Ok(&dn));
        }
    }
}
