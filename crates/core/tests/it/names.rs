//! R-ID-1, R-LOCK-13, R-RBAC-3: comparing names, and scopes over them.

use std::collections::BTreeMap;

use pinward_core::{Dn, Person, PinFacts, Reach, Scope, fold};
use proptest::prelude::*;

#[test]
fn folding() {
    // R-ID-1, R-LOCK-13
    for (a, b) in [
        ("Ken Myer", " KEN MYER\t"),
        ("ÅSA", "åsa"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("\u{a0}x", "X"),
    ] {
        assert_eq!(fold(a), fold(b));
    }
    assert_ne!(fold("Ken  Myer"), fold("Ken Myer"));
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,20}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
    }
}

fn person() -> Person {
    Person {
        guid: "6ad9a4b2-3a62-4b4e-8d69-6a1c5d2c5f10".into(),
        dn: "CN=Ken Myer,OU=Finance,OU=Redmond,DC=litwareinc,DC=com".into(),
        display_name: "Ken Myer".into(),
        first_name: None,
        last_name: None,
        sam_account_name: "kenmyer".into(),
        domain: "LITWAREINC".into(),
        upn: None,
        sip_address: None,
        line_uri: Some("tel:+14255551297;ext=51297".into()),
        enabled: true,
        registrar_pool: None,
        site: Some("Redmond".into()),
        attributes: BTreeMap::new(),
        when_created: None,
        when_changed: None,
    }
}

#[test]
fn scopes() {
    // R-RBAC-3
    for (scope, expected) in [
        ("global", true),
        ("Site:REDMOND", true),
        ("site:Redmon", false),
        ("OU:ou=Redmond,dc=litwareinc,dc=com", true),
        ("OU: ou=redmond, dc=litwareinc, dc=com", true),
        ("OU:ou=Finance,ou=Redmond,dc=litwareinc,dc=com", true),
        ("OU:ou=Finance,dc=litwareinc,dc=com", false),
        ("OU:ou=mond,dc=litwareinc,dc=com", false),
        ("OU:cn=x,ou=Redmond,dc=litwareinc,dc=com", false),
    ] {
        let parsed = Scope::parse(scope).unwrap();
        assert_eq!(parsed.covers_person(&person()), expected, "{scope}");
        assert_eq!(Scope::parse(&parsed.to_string()), Ok(parsed));
    }
    for bad in ["", "Redmond", "site:", "OU:", "OU:Finance", "tag:x"] {
        assert!(Scope::parse(bad).is_err(), "{bad}");
    }
    let lost = Person {
        dn: "not a name".into(),
        site: None,
        ..person()
    };
    assert!(!Scope::parse("OU:dc=com").unwrap().covers_person(&lost));
    assert!(!Scope::parse("site:Redmond").unwrap().covers_person(&lost));
    let site = Scope::parse("site:Redmond").unwrap();
    assert!(site.covers_site(Some("REDMOND")) && !site.covers_site(None));
    assert!(Scope::Global.covers_site(None));
    assert!(
        !Scope::parse("OU:dc=com")
            .unwrap()
            .covers_site(Some("Redmond"))
    );
}

#[test]
fn several_scopes_reach_what_any_of_them_covers() {
    // R-RBAC-3
    for (scopes, covers_ken, covers_paris) in [
        (&[][..], false, false),
        (&["site:Paris"], false, true),
        (
            &["site:Paris", "OU:ou=Redmond,dc=litwareinc,dc=com"],
            true,
            true,
        ),
        (&["site:Paris", "global"], true, true),
        (&["no scope at all"], false, false),
    ] {
        let reach = Reach::of(scopes.iter().copied());
        assert_eq!(reach.covers_person(&person()), covers_ken, "{scopes:?}");
        assert_eq!(reach.covers_site(Some("paris")), covers_paris, "{scopes:?}");
        assert_eq!(reach.covers_site(None), scopes.contains(&"global"));
    }
}

#[test]
fn groups_go_by_their_common_names() {
    // R-RBAC-1
    for (name, expected) in [
        (
            "CN=CsHelpDesk,OU=Groups,DC=litwareinc,DC=com",
            Some("cshelpdesk"),
        ),
        ("cn=Redmond Desk,dc=com", Some("redmond desk")),
        ("OU=CsHelpDesk,DC=com", None),
        ("OU=x,CN=CsHelpDesk", None),
    ] {
        assert_eq!(Dn::parse(name).unwrap().common_name(), expected, "{name}");
    }
    let mut member = person();
    assert!(member.groups().is_empty());
    let groups = [
        "CN=CsHelpDesk,DC=com",
        "not a name",
        "CN=Desk\\, Night,DC=com",
    ];
    member.attributes.insert(
        "memberof".to_owned(),
        groups.iter().map(|&group| group.to_owned()).collect(),
    );
    assert_eq!(member.groups(), ["cshelpdesk", "desk, night"]);
}

#[test]
fn own_numbers() {
    // R-PIN-3 (c)
    let facts = PinFacts::of(&person());
    assert_eq!(facts.extension.as_deref(), Some("51297"));
    assert_eq!(facts.phone_digits.as_deref(), Some("14255551297"));
    for line in [
        None,
        Some("sip:nothing@example".to_owned()),
        Some(String::new()),
    ] {
        assert_eq!(
            PinFacts::of(&Person {
                line_uri: line,
                ..person()
            }),
            PinFacts::default()
        );
    }
}
