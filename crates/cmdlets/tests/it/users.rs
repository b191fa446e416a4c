//! Get-CsUser and Get-CsAdUser.

use crate::bench::{Bench, names, text};

#[test]
fn users_have_the_properties_of_the_reference() {
    Bench::on(|bench| {
        let pilar = bench.ok(r#"Get-CsUser -Identity "Pilar Ackerman""#);
        assert_eq!(
            names(&pilar[0]),
            [
                "Identity",
                "DisplayName",
                "FirstName",
                "LastName",
                "SamAccountName",
                "UserPrincipalName",
                "SipAddress",
                "LineURI",
                "Enabled",
                "RegistrarPool",
                "PinPolicy",
                "Title",
                "Department",
                "City",
                "Office",
                "Company",
                "DistinguishedName",
                "WhenChanged",
                "WhenCreated",
            ]
        );
        let dn = "CN=Pilar Ackerman,OU=Finance,OU=North America,DC=litwareinc,DC=com";
        for (property, value) in [
            ("Identity", dn),
            ("DistinguishedName", dn),
            ("DisplayName", "Pilar Ackerman"),
            ("SamAccountName", "packerman"),
            ("UserPrincipalName", "packerman@litwareinc.com"),
            ("SipAddress", "sip:packerman@litwareinc.com"),
            ("LineURI", "tel:+14255551297;ext=51297"),
            ("Enabled", "True"),
            ("Department", "Finance"),
            ("Title", "Supervisor"),
            ("City", "Redmond"),
            ("Company", "Litware, Inc."),
            ("PinPolicy", ""),
        ] {
            assert_eq!(text(&pilar[0], property), value, "{property}");
        }
        let voice = bench.ok("$null -eq (Get-CsUser 'Pilar Ackerman').EnterpriseVoiceEnabled");
        assert!(voice[0].is_true());
    });
}

// R-ID-1, R-ID-2, R-ID-3
#[test]
fn users_are_found_by_every_name_they_have() {
    Bench::on(|bench| {
        let ken = "Ken Myer";
        for identity in [
            "Ken Myer",
            " KEN MYER ",
            "sip:KenMyer@litwareinc.com",
            "kenmyer@litwareinc.com",
            r"litwareinc\kenmyer",
            "kenmyer",
            "CN=Ken Myer, OU=Redmond, DC=litwareinc, DC=com",
            "Ken M*",
        ] {
            let found = bench.texts(&format!("Get-CsUser '{identity}'"), "DisplayName");
            assert_eq!(found, [ken], "{identity}");
        }
        assert_eq!(
            bench.texts("Get-CsUser 'Pilar*'", "DisplayName")[0],
            "Pilar Ackerman"
        );
        assert_eq!(
            bench
                .texts("'Ken Myer', 'Pilar Ackerman' | Get-CsUser", "DisplayName")
                .len(),
            2
        );
        assert_eq!(
            bench.texts("Get-CsUser 'Ken Myer' | Get-CsUser", "DisplayName"),
            [ken]
        );
        bench.refused("Get-CsUser 'Nobody Atall'", "UserNotFound");
        bench.refused("Get-CsUser 'Nobody*'", "UserNotFound");
        bench.refused("Get-CsUser 'Maria Garcia'", "UserNotUnique");
        bench.refused("Get-CsUser 'Gary Winslow'", "UserNotFound");
        assert_eq!(bench.ok("Get-CsUser 'Maria G*'").len(), 2);
    });
}

#[test]
fn all_users_and_everybody() {
    Bench::on(|bench| {
        let users = bench.ok("Get-CsUser");
        let people = bench.ok("Get-CsAdUser");
        assert_eq!(people.len(), 1000);
        let off = bench.texts(
            "Get-CsAdUser -Filter {Enabled -ne $True} | Select-Object DisplayName",
            "DisplayName",
        );
        assert!(off.contains(&"Gary Winslow".to_owned()));
        assert_eq!(users.len() + off.len(), people.len());
        assert_eq!(
            bench.texts("Get-CsAdUser 'Gary Winslow'", "Enabled"),
            ["False"]
        );
        assert_eq!(
            bench.texts("Get-CsAdUser 'Pilar Ackerman'", "Title"),
            ["Supervisor"]
        );
        bench.refused("Get-CsAdUser 'Nobody Atall'", "UserNotFound");
        let unit = bench.ok(r#"Get-CsAdUser -OU "ou=Finance,dc=litwareinc,dc=com""#);
        assert!(!unit.is_empty());
        let department = bench.texts(
            r#"Get-CsAdUser -LdapFilter "Department=Finance""#,
            "Department",
        );
        assert!(department.len() > unit.len());
    });
}

#[test]
fn conditions_select_users() {
    Bench::on(|bench| {
        let count = |bench: &mut Bench, source: &str| bench.ok(source).len();
        let finance = count(bench, "Get-CsUser -LdapFilter \"Department=Finance\"");
        let managers = count(
            bench,
            "Get-CsUser -LdapFilter \"&(Department=Finance)(Title=Manager)\"",
        );
        assert!(finance > managers && managers > 0);
        for (source, expected) in [
            ("Get-CsUser -Filter {Department -eq 'Finance'}", finance),
            ("Get-CsUser -Filter \"Department -eq 'Finance'\"", finance),
            (
                "$d = 'Finance'; Get-CsUser -Filter {Department -eq $d}",
                finance,
            ),
            (
                "Get-CsUser -Filter {Department -eq 'finance' -and Title -eq 'Manager'}",
                managers,
            ),
            (
                "Get-CsUser -Filter {Title -eq 'Manager'} -OU 'dc=litwareinc,dc=com' | Where-Object Department -eq Finance",
                managers,
            ),
            (
                "Get-CsUser | Where-Object {$_.Department -eq 'Finance'}",
                finance,
            ),
            ("Get-CsUser -Filter {VoicePolicy -ne $Null}", 0),
            ("Get-CsUser -UnassignedUser", 0),
            ("Get-CsUser -OU 'OU=Nowhere,DC=litwareinc,DC=com'", 0),
            ("Get-CsUser -ResultSize 0", 0),
            ("Get-CsUser 'Pilar*' -ResultSize 0", 0),
            ("Get-CsUser -ResultSize 7", 7),
            ("Get-CsUser 'Maria G*' -ResultSize 1", 1),
            (
                "Get-CsUser -ResultSize Unlimited -LdapFilter 'Department=Finance'",
                finance,
            ),
            (
                "Get-CsUser -OnLyncServer -OnModernServer -DomainController dc1 -LdapFilter 'Department=Finance'",
                finance,
            ),
            ("Get-CsUser 'Ken Myer' -Filter {Title -eq 'Manager'}", 1),
            ("Get-CsUser 'Ken Myer' -Filter {Title -eq 'Auditor'}", 0),
        ] {
            assert_eq!(count(bench, source), expected, "{source}");
        }
        let both = count(
            bench,
            "Get-CsUser -LdapFilter \"|(Title=Supervisor)(Title=Manager)\"",
        );
        let each = count(bench, "Get-CsUser -LdapFilter 'Title=Supervisor'")
            + count(bench, "Get-CsUser -LdapFilter 'Title=Manager'");
        assert_eq!(both, each);
        // A unit holds the units beneath it.
        let beneath = bench.texts(
            "Get-CsUser -OU 'ou=North America,dc=litwareinc,dc=com'",
            "Identity",
        );
        let inner = bench.texts(
            r#"Get-CsUser -OU "ou=Finance,ou=North America,dc=litwareinc,dc=com""#,
            "Identity",
        );
        assert!(inner.iter().any(|dn| dn.starts_with("CN=Pilar Ackerman,")));
        assert!(inner.len() < beneath.len());
        assert!(inner.iter().all(|dn| beneath.contains(dn)));
    });
}

#[test]
fn a_unit_without_anybody_is_warned_about() {
    Bench::on(|bench| {
        for (source, warned) in [
            ("Get-CsUser -OU 'OU=Nowhere,DC=litwareinc,DC=com'", true),
            (
                "Get-CsAdUser -OU 'OU=Finance,OU=Redmond,DC=litwareinc,DC=com'",
                true,
            ),
            (
                "Get-CsUser -OU 'OU=Nowhere,DC=litwareinc,DC=com' -ResultSize 0",
                false,
            ),
            ("Get-CsUser -OU 'OU=Finance,DC=litwareinc,DC=com'", false),
            // The unit is there; it is the other condition that nobody satisfies.
            (
                "Get-CsUser -OU 'OU=Finance,DC=litwareinc,DC=com' -LdapFilter 'Title=Nobody'",
                false,
            ),
            (
                "Get-CsUser 'Ken Myer' -OU 'OU=Finance,DC=litwareinc,DC=com'",
                false,
            ),
        ] {
            bench.ok(source);
            let warnings = bench.warnings();
            assert_eq!(
                warnings.len(),
                usize::from(warned),
                "{source}: {warnings:?}"
            );
            assert!(
                warnings.iter().all(|text| text.contains("litwareinc")),
                "{warnings:?}"
            );
        }
    });
}

#[test]
fn conditions_that_make_no_sense_are_refused() {
    Bench::on(|bench| {
        for (source, id) in [
            (
                "Get-CsUser -Filter {Title -eq 'x'} -LdapFilter 'Title=x'",
                "FiltersExclusive",
            ),
            ("Get-CsUser -LdapFilter '(Title=x'", "LdapFilterInvalid"),
            ("Get-CsUser -OU Finance", "OuInvalid"),
            ("Get-CsUser -Filter {Title = 'x'}", "FilterInvalid"),
        ] {
            bench.refused(source, id);
        }
        for (filter, told) in [
            ("Departmnt -eq 'Finance'", &["Is Department meant"][..]),
            ("Foo -eq 1", &["no property Foo"]),
            (
                "Foo -ne 1 -and Qux -ne 2",
                &["no property Foo", "no property Qux"],
            ),
            ("voicepolicy -ne $Null", &[]),
            ("EnterpriseVoiceEnabled -eq $True -and Title -eq 'x'", &[]),
        ] {
            bench.ok(&format!("Get-CsUser -Filter {{{filter}}} -ResultSize 1"));
            let warnings = bench.warnings();
            assert_eq!(warnings.len(), told.len(), "{filter}: {warnings:?}");
            for (warning, told) in warnings.iter().zip(told) {
                assert!(warning.contains(told), "{filter}: {warning}");
            }
        }
    });
}

#[test]
fn three_properties_as_a_table() {
    Bench::on(|bench| {
        bench.session.run(
            "Get-CsUser | Format-Table -Property DisplayName, SipAddress, EnterpriseVoiceEnabled -AutoSize",
        );
        let page = bench.host.output();
        assert!(
            page.contains("sip:kenmyer@litwareinc.com"),
            "{}",
            &page[..400.min(page.len())]
        );
        assert!(bench.host.error_ids().is_empty());
    });
}
