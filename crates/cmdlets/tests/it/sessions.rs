//! What a session sees: the cmdlets of its roles, the users and the configuration of its scopes.

use pinward_core::{ALL_CMDLETS, Role, standard_role, standard_roles};
use pinward_service::Caller;

use crate::bench::{Bench, definitions};

// R-RBAC-2, R-RBAC-4: from the table of the roles
#[test]
fn a_session_has_the_cmdlets_of_its_role_and_no_others() {
    for role in standard_roles() {
        Bench::with_role(&role.identity, |bench| {
            let there: Vec<&str> = definitions(bench).iter().map(|def| def.name).collect();
            for name in ALL_CMDLETS.iter().filter(|name| there.contains(name)) {
                let found = bench.texts(
                    &format!("Get-Command | Where-Object {{$_.Name -eq '{name}'}}"),
                    "Name",
                );
                let listed: &[&str] = if role.allows(name) { &[name] } else { &[] };
                assert_eq!(found, listed, "{}", role.identity);
                if !role.allows(name) {
                    bench.refused(name, "CommandNotFound");
                    bench.refused(&format!("Get-Help {name}"), "HelpNotFound");
                }
            }
        });
    }
}

/// Every cmdlet over some users and some configuration.
fn scoped(user_scopes: &[&str], config_scopes: &[&str]) -> Caller {
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    let role = Role {
        user_scopes: texts(user_scopes),
        config_scopes: texts(config_scopes),
        ..standard_role("CsAdministrator").unwrap().clone()
    };
    Caller::new("scoped", vec![role])
}

// R-RBAC-3
#[test]
fn a_user_out_of_scope_reads_as_not_found() {
    let scopes = ["OU:ou=Finance,dc=litwareinc,dc=com"];
    Bench::with_caller(scoped(&scopes, &["global"]), |bench| {
        let nowhere = |source: &str| source.replace("KEN", "nobody77@litwareinc.com");
        let ken = |source: &str| source.replace("KEN", "kenmyer@litwareinc.com");
        for source in [
            "Get-CsUser KEN",
            "Get-CsAdUser KEN",
            "Get-CsClientPinInfo KEN",
            "Set-CsClientPin KEN",
            "Set-CsClientPin KEN -WhatIf",
            "Lock-CsClientPin KEN",
            "Unlock-CsClientPin KEN -Force",
            "Grant-CsPinPolicy KEN RedmondUsersPinPolicy",
            "Get-CsAdminRoleAssignment KEN",
            "'KEN' | Set-CsClientPin",
            "[pscustomobject]@{Identity='KEN'} | Lock-CsClientPin",
        ] {
            let there = bench.refused(&ken(source), "UserNotFound");
            let told = bench.refused(&nowhere(source), "UserNotFound");
            assert_eq!(there.replace("kenmyer", "nobody77"), told, "{source}");
        }
        // Wildcards, filters, units and counts.
        for source in [
            "Get-CsUser -LdapFilter 'sAMAccountName=kenmyer'",
            "Get-CsUser -Filter {SamAccountName -eq 'kenmyer'}",
            "Get-CsAdUser | Where-Object {$_.SamAccountName -eq 'kenmyer'}",
        ] {
            bench.silent(source);
        }
        // A unit out of scope is as empty as one that does not exist.
        let mut warned = |unit: &str| {
            assert!(bench.ok(&format!("Get-CsUser -OU '{unit}'")).is_empty());
            bench.warnings().join("").replace(unit, "")
        };
        assert_eq!(
            warned("ou=Redmond,dc=litwareinc,dc=com"),
            warned("ou=Nowhere,dc=com")
        );
        bench.refused("Get-CsUser 'Ken My*'", "UserNotFound");
        let mine = bench.texts("Get-CsUser | Measure-Object", "Count");
        let all = bench.texts(
            "Get-CsUser -OU 'OU=Finance,DC=litwareinc,DC=com' | Measure-Object",
            "Count",
        );
        assert_eq!(mine, all);
        let garcia = bench.texts("Get-CsUser 'Maria Garcia'", "SamAccountName");
        assert_eq!(
            garcia,
            ["mariagarcia2"],
            "the other one does not make it ambiguous"
        );
        assert!(
            !bench
                .everything_shown()
                .contains("sip:kenmyer@litwareinc.com is")
        );
    });
}

// R-RBAC-3: the configuration of one site
#[test]
fn configuration_out_of_scope_reads_as_not_found() {
    Bench::with_caller(scoped(&["global"], &["site:Redmond"]), |bench| {
        assert_eq!(bench.texts("Get-CsPinPolicy", "Identity"), ["Site:Redmond"]);
        assert_eq!(bench.texts("Get-CsSite", "Identity"), ["Site:Redmond"]);
        bench.refused("Get-CsSite Paris", "SiteNotFound");
        for name in ["global", "RedmondUsersPinPolicy", "site:Paris"] {
            bench.refused(&format!("Get-CsPinPolicy {name}"), "PolicyNotFound");
            bench.refused(&format!("Remove-CsPinPolicy {name}"), "PolicyNotFound");
            bench.refused(
                &format!("Set-CsPinPolicy {name} -MinPasswordLength 9"),
                "PolicyNotFound",
            );
        }
        bench.refused("New-CsPinPolicy site:Paris", "SiteNotFound");
        bench.refused("New-CsPinPolicy Another", "OutOfScope");
        bench.silent("Get-CsPinPolicy | Set-CsPinPolicy -MinPasswordLength 9");
        assert_eq!(bench.policy("site:Redmond").unwrap().min_password_length, 9);
        assert_eq!(bench.policy("global").unwrap().min_password_length, 5);
    });
}
