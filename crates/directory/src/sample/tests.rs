use std::collections::HashMap;

use pinward_core::{Dn, LineUri, PinFacts, check_pin};

use super::*;
use crate::filter::LdapFilter;

fn count(people: &[Person], test: impl Fn(&Person) -> bool) -> usize {
    people.iter().filter(|person| test(person)).count()
}

/// How many share a value with somebody else.
fn shared<'a>(values: impl Iterator<Item = &'a str>) -> usize {
    let mut counts = HashMap::<String, usize>::new();
    for value in values {
        *counts.entry(pinward_core::fold(value)).or_default() += 1;
    }
    counts.values().filter(|count| **count > 1).sum()
}

#[test]
fn the_same_every_time() {
    assert_eq!(company(), company());
    let people = company().people;
    // Pins the generator itself: a change of the sample changes what the documentation shows.
    let last = &people[PEOPLE - 1];
    assert_eq!(
        (people.len(), last.sam_account_name.as_str()),
        (PEOPLE, LAST_LOGON)
    );
}

const LAST_LOGON: &str = "carolbishop";

#[test]
fn keys_are_unique_and_well_formed() {
    let people = company().people;
    assert_eq!(shared(people.iter().map(|p| p.guid.as_str())), 0);
    assert_eq!(shared(people.iter().map(|p| p.dn.as_str())), 0);
    assert_eq!(
        shared(people.iter().map(|p| p.sam_account_name.as_str())),
        0
    );
    assert_eq!(shared(people.iter().filter_map(|p| p.upn.as_deref())), 0);
    assert_eq!(
        shared(people.iter().filter_map(|p| p.sip_address.as_deref())),
        0
    );
    for person in &people {
        assert!(Dn::parse(&person.dn).is_ok(), "{}", person.dn);
        let logon = &person.sam_account_name;
        assert!((4..=20).contains(&logon.len()), "{logon}");
        assert!(
            logon
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            "{logon}"
        );
    }
}

// R-AUTH-6
#[test]
fn lines() {
    let people = company().people;
    let lines: Vec<LineUri> = people
        .iter()
        .filter_map(|p| LineUri::parse(p.line_uri.as_deref()?))
        .collect();
    assert_eq!(
        shared(lines.iter().filter_map(|line| line.number.as_deref())),
        2
    );
    assert_eq!(
        shared(lines.iter().filter_map(|line| line.extension.as_deref())),
        2
    );
    let without_line = people.len() - lines.len();
    assert!(
        (8..=12).contains(&without_line),
        "{without_line} without a line"
    );
    let without_extension = lines.iter().filter(|line| line.extension.is_none()).count();
    assert!(
        (100..=250).contains(&without_extension),
        "{without_extension} without extension"
    );
}

#[test]
fn a_few_are_odd_on_purpose() {
    let people = company().people;
    assert_eq!(count(&people, |p| !p.enabled), 5);
    assert_eq!(shared(people.iter().map(|p| p.display_name.as_str())), 2);
    assert!(count(&people, |p| !p.display_name.is_ascii()) > 100);
    assert!(
        people
            .iter()
            .any(|p| p.dn == "CN=Novak\\, Petra,CN=Users,DC=litwareinc,DC=com")
    );
}

#[test]
fn the_examples_of_the_reference_pages_find_somebody() {
    let people = company().people;
    let ken = people
        .iter()
        .find(|p| p.display_name == "Ken Myer")
        .unwrap();
    assert_eq!(ken.sam_account_name, "kenmyer");
    assert_eq!(
        ken.sip_address.as_deref(),
        Some("sip:kenmyer@litwareinc.com")
    );
    assert_eq!(ken.upn.as_deref(), Some("kenmyer@litwareinc.com"));
    assert_eq!(ken.line_uri.as_deref(), Some("tel:+14255551219;ext=51219"));
    assert_eq!(ken.site.as_deref(), Some("Redmond"));

    assert_eq!(
        count(&people, |p| p.display_name.starts_with("Pilar Ackerman")),
        1
    );
    assert!(count(&people, |p| p.display_name.ends_with(" Smith")) > 3);
    for (ou, least) in [
        ("OU=Finance,DC=litwareinc,DC=com", 12),
        ("ou=Finance,ou=North America,dc=litwareinc,dc=com", 12),
        ("ou=Redmond,dc=litwareinc,dc=com", 12),
        ("ou=Portland,dc=litwareinc,dc=com", 12),
        ("ou=Engineering,dc=litwareinc,dc=com", 12),
        ("ou=Paris,dc=litwareinc,dc=com", 12),
    ] {
        let base = Dn::parse(ou).unwrap();
        let found = count(&people, |p| Dn::parse(&p.dn).unwrap().is_within(&base));
        assert!(found >= least, "{ou}: {found}");
    }
    for (filter, least) in [
        ("Title=Manager", 40),
        ("Department=Finance", 80),
        ("&(Department=Finance)(Title=Manager)", 3),
        ("|(Title=Supervisor)(Title=Manager)", 120),
        ("l=Redmond", 350),
        ("l=Paris", 100),
        ("l=Dublin", 100),
        ("l=Seattle", 50),
    ] {
        let compiled = LdapFilter::parse(filter).unwrap();
        let found = count(&people, |p| compiled.matches(p));
        assert!(found >= least, "{filter}: {found}");
    }
}

#[test]
fn sites_and_policies() {
    let Company {
        sites,
        people,
        policies,
        ..
    } = company();
    for person in &people {
        assert!(
            sites
                .iter()
                .any(|site| Some(&site.id) == person.site.as_ref()),
            "{person:?}"
        );
    }
    // R-POL-2
    for policy in &policies {
        assert_eq!(policy.validate(), Ok(()), "{policy:?}");
    }
    let identities: Vec<String> = policies.iter().map(|p| p.identity.to_string()).collect();
    assert_eq!(
        identities,
        [
            "Site:Redmond",
            "Tag:RedmondUsersPinPolicy",
            "Tag:ExecutivesPinPolicy",
            "Tag:LobbyPhonesPinPolicy"
        ]
    );
    // R-PIN-6: the PIN of the reference page's example, under either policy Ken may have.
    let ken = people
        .iter()
        .find(|p| p.sam_account_name == "kenmyer")
        .unwrap();
    for policy in &policies[..2] {
        assert!(
            check_pin("18723834", policy, &PinFacts::of(ken)).is_ok(),
            "{policy:?}"
        );
    }
}

#[test]
fn access_numbers_are_sound() {
    let Company {
        access_numbers,
        sites,
        people,
        ..
    } = company();
    assert_eq!(
        shared(access_numbers.iter().map(|n| n.line_uri.as_str())),
        0
    );
    for number in &access_numbers {
        assert_eq!(number.clone().judged().as_ref(), Ok(number));
        if let Some(site) = &number.site {
            assert!(sites.iter().any(|known| known.id == *site), "{site}");
        }
        let digits = number.line_uri.trim_start_matches("tel:+");
        assert!(
            people
                .iter()
                .filter_map(|person| LineUri::parse(person.line_uri.as_deref()?)?.number)
                .all(|line| line != digits),
            "{digits} is somebody's line"
        );
    }
}
