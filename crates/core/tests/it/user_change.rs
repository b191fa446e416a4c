//! Changes of users, and what they are written as.

use std::collections::BTreeMap;

use pinward_core::{
    AddressType, Enablement, Person, SipSource, TelUri, Timestamp, UserChange, UserPatch,
    parse_sip_address,
};
use proptest::prelude::*;

fn pilar() -> Person {
    Person {
        guid: "0".to_owned(),
        dn: "CN=Pilar Ackerman,DC=litwareinc,DC=com".to_owned(),
        display_name: "Pilar Ackerman".to_owned(),
        first_name: Some("Maria Pilar".to_owned()),
        last_name: Some("Ackerman".to_owned()),
        sam_account_name: "pilar".to_owned(),
        domain: "LITWAREINC".to_owned(),
        upn: Some("pilar@corp.litwareinc.com".to_owned()),
        sip_address: None,
        line_uri: None,
        enabled: false,
        registrar_pool: None,
        site: None,
        attributes: BTreeMap::new(),
        when_created: None,
        when_changed: None,
    }
}

fn changed(person: &Person, change: &UserChange) -> Result<Person, Vec<&'static str>> {
    change
        .of(person, Timestamp::UNIX_EPOCH)
        .map(|next| next.unwrap_or_else(|| person.clone()))
        .map_err(|found| {
            found
                .iter()
                .map(pinward_core::UserViolation::code)
                .collect()
        })
}

fn enable(sip_address: SipSource) -> UserChange {
    UserChange::Enable(Enablement {
        registrar_pool: Some(" atl-cs-001.litwareinc.com ".to_owned()),
        sip_address,
    })
}

fn made(of: AddressType, domain: Option<&str>) -> UserChange {
    enable(SipSource::Made {
        of,
        domain: domain.map(str::to_owned),
    })
}

#[test]
fn addresses_are_made_of_what_is_known() {
    let domain = Some("litwareinc.com");
    for (change, expected) in [
        (
            made(AddressType::SamAccountName, domain),
            Ok("sip:pilar@litwareinc.com"),
        ),
        (
            made(AddressType::FirstLastName, domain),
            Ok("sip:MariaPilar.Ackerman@litwareinc.com"),
        ),
        (
            made(AddressType::UserPrincipalName, None),
            Ok("sip:pilar@corp.litwareinc.com"),
        ),
        (
            made(AddressType::SamAccountName, None),
            Err("SipDomainMissing"),
        ),
        (
            made(AddressType::EmailAddress, domain),
            Err("SipAddressSourceMissing"),
        ),
        (
            made(AddressType::SamAccountName, Some("a b")),
            Err("SipAddressInvalid"),
        ),
        (
            enable(SipSource::Given("Sip:p@x.com".to_owned())),
            Ok("sip:p@x.com"),
        ),
        (
            enable(SipSource::Given("p@".to_owned())),
            Err("SipAddressInvalid"),
        ),
        (enable(SipSource::Kept), Err("SipAddressMissing")),
    ] {
        match changed(&pilar(), &change) {
            Ok(person) => {
                assert_eq!(person.sip_address.as_deref(), expected.ok(), "{change:?}");
                assert!(person.enabled && person.when_changed.is_some());
                assert_eq!(
                    person.registrar_pool.as_deref(),
                    Some("atl-cs-001.litwareinc.com")
                );
                let again = made(AddressType::UserPrincipalName, None);
                assert_eq!(
                    again.of(&person, Timestamp::UNIX_EPOCH),
                    Ok(None),
                    "left alone"
                );
            }
            Err(codes) => assert_eq!(codes, [expected.unwrap_err()], "{change:?}"),
        }
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let patch = UserPatch {
        sip_address: Some(Some("nobody".to_owned())),
        line_uri: Some(Some("4255551219".to_owned())),
        enabled: Some(true),
    };
    assert_eq!(
        changed(&pilar(), &UserChange::Set(patch)),
        Err(vec!["SipAddressInvalid", "LineUriInvalid"])
    );
    let alone = UserPatch {
        enabled: Some(true),
        ..UserPatch::default()
    };
    assert_eq!(
        changed(&pilar(), &UserChange::Set(alone)),
        Err(vec!["SipAddressMissing"])
    );
}

#[test]
fn what_is_not_given_stays() {
    let change = UserChange::Set(UserPatch {
        line_uri: Some(Some("TEL:+14255551219;EXT=51219".to_owned())),
        ..UserPatch::default()
    });
    let person = changed(&pilar(), &change).unwrap();
    assert_eq!(
        person.line_uri.as_deref(),
        Some("tel:+14255551219;ext=51219")
    );
    let mut same = pilar();
    same.line_uri.clone_from(&person.line_uri);
    same.when_changed = person.when_changed;
    assert_eq!(person, same);
    // The same again changes nothing, not even the time.
    let later = Timestamp::from_second(60).unwrap();
    assert_eq!(change.of(&person, later), Ok(Some(person.clone())));
    let disabled = changed(&person, &UserChange::Disable).unwrap();
    assert_eq!(
        disabled,
        Person {
            when_changed: disabled.when_changed,
            ..pilar()
        }
    );
}

#[test]
fn lines_have_one_form() {
    for good in [
        "tel:+14255551219",
        "tel:51219",
        "TEL:+1;ext=0",
        "tel:+14255551219;Ext=51219",
    ] {
        assert!(TelUri::parse(good).is_some(), "{good}");
    }
    for bad in [
        "",
        "+14255551219",
        "tel:",
        "tel:+",
        "tel:+1 425",
        "tel:+1-425",
        "tel:(425)",
        "tel:1;ext=",
        "tel:1;phone-context=x",
        "tel:1;ext=1;ext=2",
        "tel:+1234567890123456",
        "tel:\u{ff11}",
        "sip:+1",
        "té:+1",
    ] {
        assert_eq!(TelUri::parse(bad), None, "{bad}");
    }
    for bad in [
        "sip:@x",
        "sip:a",
        "sip:a@b@c",
        "sip:a b@c",
        "sip:a@-x",
        "sip:a@x..y",
        "sip:ä@x",
    ] {
        assert_eq!(parse_sip_address(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn a_line_reads_back_as_it_is_written(
        number in "[0-9]{1,15}",
        international: bool,
        extension in proptest::option::of("[0-9]{1,15}"),
    ) {
        let line = TelUri { number, international, extension };
        prop_assert_eq!(TelUri::parse(&line.to_string()), Some(line));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        if let Some(line) = TelUri::parse(&text) {
            prop_assert_eq!(TelUri::parse(&line.to_string()), Some(line));
        }
        if let Some(address) = parse_sip_address(&text) {
            prop_assert_eq!(parse_sip_address(&address), Some(address));
        }
    }
}
