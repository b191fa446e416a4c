//! Set-CsUser, Enable-CsUser, Disable-CsUser.

use pinward_core::Outcome;

use crate::bench::{Bench, text};

const PIN: &str = "18723834";

// R-AUTH-6, R-LOCK-13
#[test]
fn a_user_who_is_called_otherwise_is_the_same_user() {
    Bench::on(|bench| {
        bench.ok(&format!("Set-CsClientPin 'Ken Myer' {PIN}"));
        bench.ok("Grant-CsPinPolicy 'Ken Myer' RedmondUsersPinPolicy");
        assert_eq!(
            bench.log_on("kenmyer@litwareinc.com", "0000"),
            Outcome::IncorrectPin
        );
        let passed = bench.ok(
            r#"Set-CsUser -Identity "litwareinc\kenmyer" -SipAddress "sip:ken.myer@litwareinc.com" -LineURI "TEL:+14255559876;ext=59876" -PassThru"#,
        );
        assert_eq!(
            text(&passed[0], "SipAddress"),
            "sip:ken.myer@litwareinc.com"
        );
        assert_eq!(text(&passed[0], "LineURI"), "tel:+14255559876;ext=59876");
        assert_eq!(text(&passed[0], "PinPolicy"), "RedmondUsersPinPolicy");
        assert_eq!(bench.info("Ken Myer").local_failures, 1);
        for name in ["59876", "+14255559876", "ken.myer@litwareinc.com"] {
            assert_eq!(bench.log_on(name, PIN), Outcome::Success, "{name}");
        }
        assert_eq!(bench.log_on("51219", PIN), Outcome::UserDoesNotExist);
        bench.silent("Get-CsUser 'Ken Myer' | Set-CsUser -LineURI $Null");
        assert_eq!(bench.user("Ken Myer").person.line_uri, None);
        // Disabled for a while, and everything is there again.
        bench.silent("Set-CsUser 'Ken Myer' -Enabled $False");
        assert_eq!(
            bench.log_on("ken.myer@litwareinc.com", PIN),
            Outcome::UserPinAccountDisabled
        );
        bench.silent("Set-CsUser 'Ken Myer' -Enabled $True");
        assert_eq!(
            bench.log_on("ken.myer@litwareinc.com", PIN),
            Outcome::Success
        );
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    Bench::on(|bench| {
        for (source, id) in [
            (
                "Set-CsUser 'Ken Myer' -LineURI 4255551219",
                "LineUriInvalid",
            ),
            (
                "Set-CsUser 'Ken Myer' -SipAddress 'sip:ken myer'",
                "SipAddressInvalid",
            ),
            (
                "Set-CsUser 'Ken Myer' -SipAddress $null",
                "SipAddressMissing",
            ),
            (
                "Set-CsUser 'Ken Myer' -SipAddress x -LineURI y",
                "UserInvalid",
            ),
            (
                "Set-CsUser 'Ken Myer' -SipAddress packerman@litwareinc.com",
                "SipAddressTaken",
            ),
            (
                "Set-CsUser 'Ken Myer' -SipAddress packerman@litwareinc.com -WhatIf",
                "SipAddressTaken",
            ),
            ("Set-CsUser 'Ken Myer'", "NothingToChange"),
            ("Set-CsUser 'Nobody Atall' -Enabled $true", "UserNotFound"),
            (
                "Enable-CsUser 'Ken Myer' -SipDomain x.com",
                "SipAddressTypeMissing",
            ),
            (
                "Enable-CsUser 'Ken Myer' -SipAddress a@x.com -SipAddressType EmailAddress",
                "SipAddressAmbiguous",
            ),
        ] {
            bench.refused(source, id);
        }
        bench.silent("Set-CsUser 'Ken Myer' -LineURI $null -WhatIf");
        assert!(bench.user("Ken Myer").person.line_uri.is_some());
    });
}

// R-AUTH-6
#[test]
fn a_number_that_somebody_has_is_refused() {
    Bench::on(|bench| {
        let pilar = bench.user("Pilar Ackerman").person;
        let line = pilar.line_uri.expect("a line");
        let command = format!("Set-CsUser 'Ken Myer' -LineURI '{line}'");
        bench.refused(&command, "LineUriTaken");
        bench.refused(&format!("{command} -WhatIf"), "LineUriTaken");
        bench.ok(&format!("Set-CsClientPin 'Pilar Ackerman' {PIN}"));
        let extension = line.rsplit('=').next().expect("an extension");
        assert_eq!(bench.log_on(extension, PIN), Outcome::Success);
    });
}

#[test]
fn disabling_takes_all_and_enabling_begins_anew() {
    Bench::on(|bench| {
        bench.ok(&format!("Set-CsClientPin 'Ken Myer' {PIN}"));
        bench.ok("Grant-CsPinPolicy 'Ken Myer' RedmondUsersPinPolicy");
        bench.ok("Lock-CsClientPin 'Ken Myer'");
        let gone = bench.ok(r#"Disable-CsUser -Identity "Ken Myer" -PassThru"#);
        let warnings = bench.warnings();
        assert!(warnings[0].contains("PINs"), "{warnings:?}");
        assert_eq!(text(&gone[0], "Enabled"), "False");
        for property in ["SipAddress", "LineURI", "RegistrarPool", "PinPolicy"] {
            assert_eq!(text(&gone[0], property), "", "{property}");
        }
        bench.refused("Get-CsUser 'Ken Myer'", "UserNotFound");
        assert_eq!(bench.texts("Get-CsAdUser 'Ken Myer'", "Enabled"), ["False"]);
        let back = bench.ok(
            r#"Get-CsAdUser "Ken Myer" | Enable-CsUser -RegistrarPool "atl-cs-001.litwareinc.com" -SipAddressType SamAccountName -SipDomain litwareinc.com -PassThru"#,
        );
        assert_eq!(text(&back[0], "SipAddress"), "sip:kenmyer@litwareinc.com");
        assert_eq!(text(&back[0], "RegistrarPool"), "atl-cs-001.litwareinc.com");
        // The lock is still there (R-SET-5), the PIN is not.
        bench.refused(&format!("Set-CsClientPin 'Ken Myer' {PIN}"), "PinLocked");
        assert_eq!(
            bench.texts("Get-CsClientPinInfo 'Ken Myer'", "IsPinSet"),
            ["False"]
        );
        bench.silent("Unlock-CsClientPin 'Ken Myer'");
        assert_eq!(
            bench.log_on("kenmyer@litwareinc.com", PIN),
            Outcome::PinNotSet
        );
        bench.ok(&format!("Set-CsClientPin 'Ken Myer' {PIN}"));
        assert_eq!(
            bench.log_on("kenmyer@litwareinc.com", PIN),
            Outcome::Success
        );
        // Once more is no change.
        bench.ok("Enable-CsUser 'Ken Myer' -RegistrarPool other.litwareinc.com");
        assert!(bench.warnings()[0].contains("enabled already"));
        assert_eq!(
            bench.texts("Get-CsUser 'Ken Myer'", "RegistrarPool"),
            ["atl-cs-001.litwareinc.com"]
        );
    });
}

#[test]
fn everybody_who_is_not_enabled_is_enabled() {
    Bench::on(|bench| {
        let before = bench.ok("Get-CsAdUser -Filter {Enabled -ne $True}").len();
        assert!(before > 2);
        bench.silent(
            r#"Get-CsAdUser -Filter {Enabled -ne $True} | Enable-CsUser -RegistrarPool "atl-cs-001.litwareinc.com" -SipAddressType SamAccountName -SipDomain litwareinc.com"#,
        );
        assert!(
            bench
                .ok("Get-CsAdUser -Filter {Enabled -ne $True}")
                .is_empty()
        );
    });
}

// R-RBAC-2
#[test]
fn who_may_change_users() {
    for (role, may) in [("CsUserAdministrator", true), ("CsHelpDesk", false)] {
        Bench::with_role(role, move |bench| {
            bench.values("Set-CsUser 'Ken Myer' -LineURI $null");
            assert_eq!(
                bench.user("Ken Myer").person.line_uri.is_none(),
                may,
                "{role}"
            );
        });
    }
}
