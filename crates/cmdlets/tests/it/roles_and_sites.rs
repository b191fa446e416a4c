//! Get-CsAdminRole and Get-CsSite.

use crate::bench::{Bench, names, text};

// R-RBAC-1
#[test]
fn roles_and_their_cmdlets() {
    Bench::on(|bench| {
        let all = bench.ok("Get-CsAdminRole");
        assert_eq!(
            names(&all[0]),
            [
                "Identity",
                "SID",
                "IsStandardRole",
                "Cmdlets",
                "ScriptModules",
                "ConfigScopes",
                "UserScopes",
                "TemplateName",
            ]
        );
        let identities: Vec<String> = all.iter().map(|role| text(role, "Identity")).collect();
        assert_eq!(identities.len(), 6);
        let sid = text(&all[3], "SID");
        let by_sid = format!("Get-CsAdminRole -Sid {sid}");
        for (source, expected) in [
            (
                r#"Get-CsAdminRole -Identity "CsHelpDesk""#,
                &["CsHelpDesk"][..],
            ),
            (
                "'cshelpdesk' | Get-CsAdminRole -LocalStore",
                &["CsHelpDesk"],
            ),
            (
                r#"Get-CsAdminRole -Filter "*Voice*""#,
                &["CsVoiceAdministrator"],
            ),
            (&by_sid, &["CsHelpDesk"]),
            (
                r"Get-CsAdminRole | Where-Object {$_.IsStandardRole -eq $False}",
                &[],
            ),
            (
                r#"Get-CsAdminRole | Where-Object {$_.Cmdlets -match "Set-CsUser\b"}"#,
                &["CsAdministrator", "CsUserAdministrator"],
            ),
            (
                r#"Get-CsAdminRole | Where-Object {$_.Cmdlets –match "Set-CsClientPin"}"#,
                &["CsAdministrator", "CsUserAdministrator"],
            ),
            (
                r#"Get-CsAdminRole | Where-Object {$_.UserScopes -match "OU: ou=Redmond,dc=litwareinc,dc=com"}"#,
                &[],
            ),
        ] {
            assert_eq!(bench.texts(source, "Identity"), expected, "{source}");
        }
        let cmdlets = bench.ok(
            r#"Get-CsAdminRole -Identity "CsVoiceAdministrator" | Select-Object -ExpandProperty Cmdlets"#,
        );
        assert!(
            cmdlets
                .iter()
                .any(|name| name.to_text().as_ref() == "Get-CsUser")
        );
        let message = bench.refused("Get-CsAdminRole Nobody", "RoleNotFound");
        assert!(message.contains("Nobody"), "{message}");
        bench.refused("Get-CsAdminRole -Sid S-1-2", "RoleNotFound");
    });
}

#[test]
fn sites() {
    Bench::on(|bench| {
        let all = bench.texts("Get-CsSite", "Identity");
        assert_eq!(
            all,
            ["Site:Dublin", "Site:Paris", "Site:Redmond", "Site:USA"]
        );
        for source in [
            "Get-CsSite redmond",
            "Get-CsSite site:Redmond",
            "Get-CsSite -Filter 'Red*'",
        ] {
            assert_eq!(
                bench.texts(source, "DisplayName"),
                ["Litware Redmond"],
                "{source}"
            );
        }
        bench.refused("Get-CsSite Nowhere", "SiteNotFound");
        bench.silent("Remove-CsPinPolicy site:Redmond");
        bench.silent(
            "Get-CsSite | ForEach-Object {New-CsPinPolicy $_.Identity -MinPasswordLength 8 -InMemory} | Set-CsPinPolicy",
        );
        for site in ["Dublin", "Paris", "Redmond", "USA"] {
            assert_eq!(
                bench
                    .policy(&format!("site:{site}"))
                    .unwrap()
                    .min_password_length,
                8
            );
        }
    });
}
