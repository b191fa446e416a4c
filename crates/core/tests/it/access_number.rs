//! Access numbers, regions, languages.

use pinward_core::{AccessNumber, AccessNumberPatch, LANGUAGES, RegionChoice, parse_language};
use proptest::prelude::*;

fn redmond() -> AccessNumber {
    AccessNumber {
        primary_uri: "sip:RedmondDialIn@litwareinc.com".to_owned(),
        display_name: Some("Redmond".to_owned()),
        display_number: "1-800-555-1234".to_owned(),
        line_uri: "tel:+18005551234".to_owned(),
        primary_language: "en-US".to_owned(),
        secondary_languages: vec!["fr-CA".to_owned()],
        pool: Some("atl-cs-001.litwareinc.com".to_owned()),
        hosting_provider: None,
        regions: vec!["Redmond".to_owned()],
        site: None,
    }
}

#[test]
fn values_have_one_form() {
    let given = AccessNumber {
        primary_uri: " SIP:RedmondDialIn@litwareinc.com".to_owned(),
        line_uri: "TEL:+18005551234".to_owned(),
        primary_language: "EN-us".to_owned(),
        secondary_languages: vec!["FR-CA".to_owned(), "fr-ca".to_owned()],
        regions: vec![" Redmond ".to_owned(), "redmond".to_owned()],
        ..redmond()
    };
    assert_eq!(given.judged(), Ok(redmond()));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = |text: &str| text.to_owned();
    let given = AccessNumber {
        primary_uri: text("RedmondDialIn"),
        display_name: Some(text(" ")),
        display_number: text(""),
        line_uri: text("tel:18005551234"),
        primary_language: text("en"),
        secondary_languages: LANGUAGES[..5].iter().map(|&tag| tag.to_owned()).collect(),
        pool: Some(text("atl")),
        hosting_provider: Some(text("a b.com")),
        regions: vec![text("a/b"), text("")],
        site: None,
    };
    let found = given.judged().unwrap_err();
    assert_eq!(found.len(), 10, "{found:?}");
    let patch = AccessNumberPatch {
        line_uri: Some(text("tel:+1;ext=1")),
        ..AccessNumberPatch::default()
    };
    assert_eq!(redmond().apply(&patch).unwrap_err().len(), 1);
    assert_eq!(
        redmond().apply(&AccessNumberPatch::default()),
        Ok(redmond())
    );
}

#[test]
fn regions_are_chosen_with_or_without_a_scope() {
    let mut scoped = redmond();
    scoped.site = Some("USA".to_owned());
    for (choice, everybody, of_usa) in [
        ("redmond", true, true),
        ("site:usa/Redmond", false, true),
        ("site:Paris/Redmond", false, false),
        ("global/Redmond", true, false),
        ("Seattle", false, false),
        ("site:USA/Seattle", false, false),
        ("USA/Redmond", false, false),
        ("", false, false),
    ] {
        let read = RegionChoice::parse(choice);
        assert_eq!(read.means(&redmond()), everybody, "{choice}");
        assert_eq!(read.means(&scoped), of_usa, "{choice}");
    }
}

#[test]
fn languages_are_sorted_tags() {
    assert!(LANGUAGES.is_sorted());
    for tag in LANGUAGES {
        assert_eq!(parse_language(&tag.to_uppercase()), Some(*tag));
    }
    for other in ["", "en", "xx-XX", "en_US"] {
        assert_eq!(parse_language(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn what_was_judged_stays_as_it_is(
        name in "\\PC{0,20}", region in "\\PC{0,20}", line in "tel:\\+[0-9]{1,15}",
    ) {
        let mut number = redmond();
        number.display_name = Some(name);
        number.regions = vec![region];
        number.line_uri = line;
        if let Ok(judged) = number.judged() {
            prop_assert!(judged.is_in(&judged.regions[0]));
            prop_assert!(RegionChoice::parse(&judged.regions[0]).means(&judged));
            prop_assert_eq!(judged.clone().judged(), Ok(judged));
        }
    }
}
