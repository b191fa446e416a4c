//! Any text as an LDAP filter: no panic, a position within the text, and the canonical form reads
//! back as the same filter.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pinward_core::Person;
use pinward_directory::filter::LdapFilter;
use pinward_directory::sample;

static PEOPLE: LazyLock<Vec<Person>> = LazyLock::new(|| sample::company().people);

fuzz_target!(|text: &str| match LdapFilter::parse(text) {
    Ok(filter) => {
        for person in &PEOPLE[..10] {
            filter.matches(person);
        }
        assert_eq!(LdapFilter::parse(&filter.to_string()), Ok(filter));
    }
    Err(error) => assert!((1..=text.chars().count() + 1).contains(&error.position)),
});
