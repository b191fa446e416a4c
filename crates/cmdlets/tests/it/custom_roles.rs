//! Roles of the company's own: R-RBAC-1, R-RBAC-3, R-RBAC-5.

use crate::bench::{Bench, text};

const KEN: &str = "kenmyer@litwareinc.com";

// R-RBAC-1
#[test]
fn a_role_is_made_looked_at_changed_and_removed() {
    Bench::on(|bench| {
        let made = bench.ok(
            r#"New-CsAdminRole PinReset -Template cshelpdesk -Cmdlets "get-csuser","Set-CsClientPin" -UserScopes "OU:ou=Finance,dc=litwareinc,dc=com" -ScriptModules a.psm1"#,
        );
        assert_eq!(bench.warnings(), Vec::<String>::new());
        for (property, expected) in [
            ("Identity", "PinReset"),
            ("IsStandardRole", "False"),
            ("Cmdlets", "Get-CsUser Set-CsClientPin"),
            ("ScriptModules", "a.psm1"),
            ("ConfigScopes", "global"),
            ("UserScopes", "OU:ou=Finance,dc=litwareinc,dc=com"),
            ("TemplateName", "CsHelpDesk"),
        ] {
            assert_eq!(text(&made[0], property), expected, "{property}");
        }
        let sid = text(&made[0], "SID");
        let by_sid = format!("Get-CsAdminRole -Sid {sid}");
        assert_eq!(bench.texts(&by_sid, "Identity"), ["PinReset"]);
        bench.silent("'PINRESET' | Set-CsAdminRole -Cmdlets @{Add='Unlock-CsClientPin'; Remove='Get-CsUser'} -UserScopes @{Replace='site:Paris','site:Redmond'}");
        let role = "Get-CsAdminRole PinReset";
        assert_eq!(
            bench.texts(role, "Cmdlets"),
            ["Set-CsClientPin Unlock-CsClientPin"]
        );
        assert_eq!(bench.texts(role, "UserScopes"), ["site:Paris site:Redmond"]);
        bench.silent(&format!("Remove-CsAdminRole -Sid {sid}"));
        bench.refused(role, "RoleNotFound");
    });
}

// R-RBAC-1
#[test]
fn nothing_is_kept_that_was_only_tried() {
    Bench::on(|bench| {
        let made = bench.ok("New-CsAdminRole Desk -Template CsHelpDesk -InMemory");
        assert!(made[0].property("SID").is_some_and(|sid| sid.is_null()));
        bench.silent("New-CsAdminRole Desk -Template CsHelpDesk -WhatIf");
        bench.refused("Get-CsAdminRole Desk", "RoleNotFound");
        bench.ok("New-CsAdminRole Desk -Template CsHelpDesk");
        bench.silent("Set-CsAdminRole Desk -Cmdlets Get-CsUser -WhatIf");
        bench.silent("Remove-CsAdminRole Desk -WhatIf");
        bench.silent("Grant-CsAdminRole kenmyer Desk -WhatIf");
        assert_eq!(
            bench.texts("Get-CsAdminRole Desk", "Cmdlets"),
            bench.texts("Get-CsAdminRole CsHelpDesk", "Cmdlets")
        );
        let held = bench.ok("Get-CsAdminRoleAssignment kenmyer");
        assert_eq!(held.len(), 1, "{held:?}");
    });
}

// R-RBAC-1, R-RBAC-3, R-RBAC-5
#[test]
fn what_makes_no_sense_is_refused_and_says_what_would() {
    Bench::on(|bench| {
        bench.ok("New-CsAdminRole Desk -Template CsHelpDesk");
        for (source, id, told) in [
            (
                "New-CsAdminRole desk -Template CsHelpDesk",
                "RoleExists",
                "Desk",
            ),
            (
                "New-CsAdminRole CSADMINISTRATOR -Template CsHelpDesk",
                "RoleNameInvalid",
                "standard role",
            ),
            (
                "New-CsAdminRole 'a*' -Template CsHelpDesk",
                "RoleNameInvalid",
                "a*",
            ),
            (
                "New-CsAdminRole New -Template CsHelpDisk",
                "TemplateNotFound",
                "CsHelpDisk",
            ),
            (
                "Set-CsAdminRole Desk -Cmdlets Set-CsClientPim",
                "RoleInvalid",
                "Set-CsClientPim",
            ),
            (
                "Set-CsAdminRole Desk -ScriptModules (1..257)",
                "RoleInvalid",
                "ScriptModules would have 257 entries; it can have 256 at most",
            ),
            (
                "Set-CsAdminRole Desk -Cmdlets @{Add='Grant-CsAdminRole'}",
                "RoleInvalid",
                "CsAdministrator alone",
            ),
            (
                "Set-CsAdminRole Desk -UserScopes 'ou=Finance,dc=com'",
                "RoleInvalid",
                "OU:<distinguished name>",
            ),
            (
                "Set-CsAdminRole Desk -ConfigScopes 'OU:ou=Finance,dc=com'",
                "RoleInvalid",
                "scope over users",
            ),
            (
                "Set-CsAdminRole Desk -ConfigScopes site:Redmont",
                "SiteNotFound",
                "Redmont",
            ),
            (
                "Set-CsAdminRole CsHelpDesk -Cmdlets Get-CsUser",
                "RoleIsStandard",
                "-Template",
            ),
            (
                "Remove-CsAdminRole CsHelpDesk -Force",
                "RoleIsStandard",
                "CsHelpDesk",
            ),
            ("Remove-CsAdminRole Nobody", "RoleNotFound", "Nobody"),
            ("Remove-CsAdminRole -Sid S-1-2", "RoleNotFound", "S-1-2"),
            ("Grant-CsAdminRole kenmyer Nobody", "RoleNotFound", "Nobody"),
            ("Revoke-CsAdminRole kenmyer Desk", "RoleNotGranted", "Desk"),
            (
                "Revoke-CsAdminRole kenmyer CsUserAdministrator",
                "RoleByGroup",
                "directory",
            ),
            (
                "Update-CsAdminRole CsHelpDesk",
                "RoleIsStandard",
                "CsHelpDesk",
            ),
        ] {
            let message = bench.refused(source, id);
            assert!(message.contains(told), "{source}: {message}");
        }
        for (source, meant) in [
            (
                "Set-CsAdminRole Desk -Cmdlets Set-CsClientPim",
                "Set-CsClientPin",
            ),
            ("Get-CsAdminRole CsHelpDisk", "CsHelpDesk"),
            ("New-CsAdminRole New -Template CsHelpDisk", "CsHelpDesk"),
            (
                "Set-CsAdminRole Desk -ConfigScopes site:Redmont",
                "site:Redmond",
            ),
            ("Grant-CsAdminRole kenmyer Disk", "Desk"),
        ] {
            bench.values(source);
            let advice = bench.host.with(|seen| seen.errors[0].advice.clone());
            let advice = advice.unwrap_or_default().to_string();
            assert!(advice.contains(meant), "{source}: {advice}");
        }
        let desk = bench.texts("Get-CsAdminRole Desk", "Cmdlets");
        assert_eq!(desk, bench.texts("Get-CsAdminRole CsHelpDesk", "Cmdlets"));
    });
}

// R-RBAC-3
#[test]
fn what_may_not_be_meant_is_warned_of() {
    Bench::on(|bench| {
        for (arguments, told) in [
            (
                "-UserScopes 'OU:ou=Nowhere,dc=litwareinc,dc=com'",
                "nobody is in OU:ou=Nowhere",
            ),
            ("-UserScopes @{Add='site:Paris'}", "UserScopes holds global"),
            ("-ConfigScopes @{Remove='global'}", "ConfigScopes is empty"),
            ("-Cmdlets @()", "no cmdlet"),
        ] {
            let source = format!("New-CsAdminRole Desk -Template CsHelpDesk {arguments}");
            bench.ok(&source);
            let warnings = bench.warnings();
            assert!(
                warnings.len() == 1 && warnings[0].contains(told),
                "{source}: {warnings:?}"
            );
            bench.silent("Remove-CsAdminRole Desk");
            bench.ok(&format!("{source} -Force"));
            assert_eq!(bench.warnings(), Vec::<String>::new());
            bench.silent("Remove-CsAdminRole Desk");
        }
    });
}

// R-RBAC-1
#[test]
fn roles_are_held_by_grant_and_by_group() {
    Bench::on(|bench| {
        let held = |bench: &mut Bench, who: &str| -> Vec<String> {
            let names = bench.ok(&format!("Get-CsAdminRoleAssignment -Identity '{who}'"));
            names
                .iter()
                .map(|name| name.to_text().to_string())
                .collect()
        };
        assert_eq!(held(bench, "kenmyer"), ["CsUserAdministrator"]);
        assert_eq!(held(bench, "johnsmith"), Vec::<String>::new());
        bench.ok("New-CsAdminRole Desk -Template CsHelpDesk");
        bench.silent("Grant-CsAdminRole 'litwareinc\\kenmyer' -Role DESK");
        bench.silent("'John Smith', 'Ken Myer' | Grant-CsAdminRole -Role cshelpdesk");
        for who in ["kenmyer", KEN, "sip:kenmyer@litwareinc.com", "Ken Myer"] {
            assert_eq!(
                held(bench, who),
                ["CsUserAdministrator", "CsHelpDesk", "Desk"],
                "{who}"
            );
        }
        assert_eq!(held(bench, "johnsmith"), ["CsHelpDesk"]);
        bench.silent("'John Smith' | Revoke-CsAdminRole -Role CsHelpDesk");
        assert_eq!(held(bench, "johnsmith"), Vec::<String>::new());
        bench.silent("Remove-CsAdminRole Desk");
        assert_eq!(
            held(bench, "kenmyer"),
            ["CsUserAdministrator", "CsHelpDesk"]
        );
    });
}

// R-RBAC-1
#[test]
fn an_update_adds_what_the_template_gained() {
    Bench::on(|bench| {
        bench
            .ok("New-CsAdminRole Template -Template CsHelpDesk -Cmdlets 'Get-CsUser','Get-CsSite'");
        bench.ok("New-CsAdminRole Desk -Template Template -Cmdlets @{Remove='Get-CsSite'}");
        bench.silent("Update-CsAdminRole");
        bench.silent("Set-CsAdminRole Template -Cmdlets @{Add='Lock-CsClientPin'}");
        bench.silent("Update-CsAdminRole Desk -WhatIf");
        let updated = bench.texts("Update-CsAdminRole", "Cmdlets");
        assert_eq!(
            updated,
            ["Get-CsUser Lock-CsClientPin"],
            "what was taken out stays out"
        );
        bench.silent("Update-CsAdminRole");
    });
}

// R-RBAC-4
#[test]
fn nobody_but_the_administrator_changes_roles() {
    for role in [
        "CsUserAdministrator",
        "CsServerAdministrator",
        "CsViewOnlyAdministrator",
    ] {
        Bench::with_role(role, |bench| {
            for name in ["New", "Set", "Remove", "Update", "Grant", "Revoke"] {
                bench.refused(&format!("{name}-CsAdminRole"), "CommandNotFound");
            }
        });
    }
}
