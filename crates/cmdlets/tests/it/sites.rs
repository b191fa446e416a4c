//! New-, Set-, Remove- and Get-CsSite.

use crate::bench::{Bench, names, text};

#[test]
fn a_site_of_a_unit() {
    Bench::on(|bench| {
        let made = bench.ok(r#"New-CsSite Lyon -DisplayName "Litware Lyon""#);
        assert_eq!(
            names(&made[0]),
            [
                "Identity",
                "SiteId",
                "DisplayName",
                "Users",
                "OU",
                "LdapFilter"
            ]
        );
        assert_eq!(text(&made[0], "Identity"), "Site:Lyon");
        assert_eq!(text(&made[0], "Users"), "0");
        // The directory names a site for everybody in the sample company.
        bench.ok(r#"New-CsSite Portland -OU "OU=Portland,DC=litwareinc,DC=com""#);
        let warnings = bench.warnings();
        assert!(
            warnings[0].contains("The directory names another site"),
            "{warnings:?}"
        );
        assert_eq!(bench.texts("Get-CsSite Portland", "Users"), ["0"]);
        assert_eq!(
            bench.texts("Get-CsSite Portland", "OU"),
            ["OU=Portland,DC=litwareinc,DC=com"]
        );
        // Without the site that the directory names, the rule holds.
        let redmond: u64 = bench.texts("Get-CsSite Redmond", "Users")[0]
            .parse()
            .unwrap();
        assert!(redmond > 100, "{redmond}");
        bench.values("Remove-CsSite Redmond -Confirm:$false");
        let warnings = bench.warnings();
        assert!(
            warnings[0].contains("Redmond") && warnings[0].contains(&redmond.to_string()),
            "{warnings:?}"
        );
        let portland: usize = bench.texts("Get-CsSite Portland", "Users")[0]
            .parse()
            .unwrap();
        let unit = r#"Get-CsUser -OU "OU=Portland,DC=litwareinc,DC=com""#;
        assert_eq!(portland, bench.ok(unit).len());
        assert_eq!(bench.policy("site:Redmond"), None);
        bench.refused("Get-CsSite Redmond", "SiteNotFound");
        assert_eq!(
            bench.info("Ken Myer").effective_policy.to_string(),
            "Global"
        );
        bench.ok("New-CsPinPolicy site:Portland -MinPasswordLength 9");
        let user = &bench.texts(unit, "SipAddress")[0];
        assert_eq!(
            bench.info(user).effective_policy.to_string(),
            "Site:Portland"
        );
        // The rule goes, and with it the place.
        bench.silent("Set-CsSite site:Portland -OU $null");
        assert_eq!(bench.info(user).effective_policy.to_string(), "Global");
        assert_eq!(bench.texts("Get-CsSite Portland", "OU"), [""]);
    });
}

#[test]
fn changing_a_site() {
    Bench::on(|bench| {
        bench.silent(r#"Set-CsSite Redmond -DisplayName "Litware Headquarters""#);
        assert_eq!(
            bench.texts("Get-CsSite Redmond", "DisplayName"),
            ["Litware Headquarters"]
        );
        let changed = bench.texts(
            "'Dublin' | Set-CsSite -LdapFilter '(title=Manager)' -PassThru -WarningAction SilentlyContinue",
            "LdapFilter",
        );
        assert_eq!(changed, ["(title=Manager)"]);
        let swapped = bench.ok(
            "Get-CsSite Dublin | Set-CsSite -OU 'OU=Dublin,DC=litwareinc,DC=com','ou=dublin,dc=litwareinc,dc=com' -PassThru -WarningAction SilentlyContinue",
        );
        assert_eq!(text(&swapped[0], "LdapFilter"), "");
        assert_eq!(text(&swapped[0], "OU"), "OU=Dublin,DC=litwareinc,DC=com");
        for (source, id) in [
            ("Set-CsSite Nowhere -DisplayName x", "SiteNotFound"),
            ("Set-CsSite Redmond", "NothingToChange"),
            ("Set-CsSite Redmond -OU Redmond", "OuInvalid"),
            ("Set-CsSite Redmond -LdapFilter '(l='", "LdapFilterInvalid"),
            (
                "Set-CsSite Redmond -LdapFilter \"(l=$('x' * 4093))\"",
                "LdapFilterInvalid",
            ),
            (
                "Set-CsSite Redmond -DisplayName ('x' * 257)",
                "SiteDisplayNameInvalid",
            ),
            (
                "Set-CsSite Redmond -OU 'OU=x' -LdapFilter 'l=x'",
                "SiteRulesExclusive",
            ),
            ("New-CsSite Redmond", "SiteExists"),
            ("New-CsSite 'a/b'", "SiteIdInvalid"),
            ("Remove-CsSite Nowhere -Force", "SiteNotFound"),
        ] {
            bench.refused(source, id);
        }
    });
}

#[test]
fn what_if_changes_nothing() {
    Bench::on(|bench| {
        bench.silent("New-CsSite Lyon -WhatIf");
        bench.silent("Remove-CsSite Redmond -WhatIf");
        let remarks = bench.remarks();
        assert!(remarks[0].contains("its PIN policy"), "{remarks:?}");
        bench.silent("Set-CsSite Redmond -LdapFilter 'l=x' -WhatIf");
        assert_eq!(
            bench.texts("Get-CsSite", "SiteId"),
            ["Dublin", "Paris", "Redmond", "USA"]
        );
        assert_eq!(bench.texts("Get-CsSite Redmond", "LdapFilter"), [""]);
        // Nobody answers the question: nothing happens.
        bench.values("Remove-CsSite Redmond");
        assert_eq!(bench.texts("Get-CsSite Redmond", "SiteId"), ["Redmond"]);
    });
}

// R-RBAC-2: sites belong to those who run the servers
#[test]
fn who_may_change_sites() {
    for (role, may) in [
        ("CsServerAdministrator", true),
        ("CsUserAdministrator", false),
    ] {
        Bench::with_role(role, move |bench| {
            let made = bench.values("New-CsSite Lyon");
            assert_eq!(!made.is_empty(), may, "{role}");
            assert!(!bench.ok("Get-CsSite").is_empty());
        });
    }
}
