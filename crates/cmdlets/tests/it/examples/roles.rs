//! The role cmdlets.

use super::Checked;
use super::effects::{ROLES, changes, effect, lists};
use crate::bench::{Bench, text};

const STANDARD: [&str; 6] = [
    "CsAdministrator",
    "CsUserAdministrator",
    "CsServerAdministrator",
    "CsHelpDesk",
    "CsViewOnlyAdministrator",
    "CsVoiceAdministrator",
];

const REDMOND: &str = "OU:ou=Redmond,dc=litwareinc,dc=com";
const PORTLAND: &str = "OU:ou=Portland,dc=litwareinc,dc=com";

pub const EXAMPLES: &[Checked] = &[
    ("Get-CsAdminRole", |bench, code| {
        let mut all = bench.texts(code, "Identity");
        let mut standard = STANDARD.to_vec();
        all.sort();
        standard.sort_unstable();
        assert_eq!(all, standard);
    }),
    (
        r#"Get-CsAdminRole -Identity "CsHelpDesk""#,
        |bench, code| {
            lists(bench, code, "Identity", &["CsHelpDesk"]);
        },
    ),
    (r#"Get-CsAdminRole -Filter "*Voice*""#, |bench, code| {
        lists(bench, code, "Identity", &["CsVoiceAdministrator"]);
    }),
    (
        "Get-CsAdminRole | Where-Object {$_.IsStandardRole -eq $False}",
        |bench, code| {
            lists(bench, code, "Identity", &[]);
            bench.ok("New-CsAdminRole PinDesk -Template CsHelpDesk");
            lists(bench, code, "Identity", &["PinDesk"]);
        },
    ),
    (
        r#"Get-CsAdminRole | Where-Object {$_.Cmdlets -match "Set-CsUser\b"}"#,
        |bench, code| {
            lists(
                bench,
                code,
                "Identity",
                &["CsAdministrator", "CsUserAdministrator"],
            );
        },
    ),
    (
        // As printed, with a blank after the colon, it names no scope; without, it does.
        r#"Get-CsAdminRole | Where-Object {$_.UserScopes -match "OU: ou=Redmond,dc=litwareinc,dc=com"}"#,
        |bench, code| {
            bench.ok(&format!(
                "New-CsAdminRole RedmondDesk -Template CsHelpDesk -UserScopes '{REDMOND}'"
            ));
            lists(bench, code, "Identity", &[]);
            lists(
                bench,
                &code.replace("OU: ", "OU:"),
                "Identity",
                &["RedmondDesk"],
            );
        },
    ),
    (
        r#"Get-CsAdminRole -Identity "CsVoiceAdministrator" | Select-Object -ExpandProperty Cmdlets"#,
        |bench, code| {
            let names = bench.ok(code);
            assert!(names.len() > 3);
            for name in names.iter().map(pinward_shell::Value::to_text) {
                let holds =
                    format!("(Get-CsAdminRole CsVoiceAdministrator).Cmdlets -contains '{name}'");
                assert!(bench.ok(&holds)[0].is_true(), "{name}");
            }
        },
    ),
    (
        r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator""#,
        |bench, code| creates(bench, code, "global", "global"),
    ),
    (
        r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator" -UserScopes "OU:ou=Redmond,dc=litwareinc,dc=com""#,
        |bench, code| creates(bench, code, REDMOND, "global"),
    ),
    (
        r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator" -UserScopes "OU:ou=Redmond,dc=litwareinc,dc=com","OU:ou=Portland,dc=litwareinc,dc=com""#,
        |bench, code| creates(bench, code, &format!("{REDMOND} {PORTLAND}"), "global"),
    ),
    (
        r#"New-CsAdminRole -Identity "RedmondVoiceAdministrator" -Template "CsVoiceAdministrator" -ConfigScopes "site:Redmond""#,
        |bench, code| creates(bench, code, "global", "site:Redmond"),
    ),
    (
        r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -UserScopes @{Add="OU:ou=Portland,dc=litwareinc,dc=com"}"#,
        |bench, code| {
            made(bench, &format!("-UserScopes '{REDMOND}'"));
            scopes(bench, code, "UserScopes", &format!("{REDMOND} {PORTLAND}"));
        },
    ),
    (
        r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -UserScopes @{Remove="OU:ou=Portland,dc=litwareinc,dc=com"}"#,
        |bench, code| {
            made(bench, &format!("-UserScopes '{REDMOND}', '{PORTLAND}'"));
            scopes(bench, code, "UserScopes", REDMOND);
        },
    ),
    (
        r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -ConfigScopes @{Add="site:Redmond"}"#,
        |bench, code| {
            made(bench, "-ConfigScopes 'site:Paris'");
            scopes(bench, code, "ConfigScopes", "site:Paris site:Redmond");
        },
    ),
    (
        r#"Set-CsAdminRole -Identity "RedmondVoiceAdministrators" -ConfigScopes @{Remove="site:Redmond"}"#,
        |bench, code| {
            made(bench, "-ConfigScopes 'site:Redmond', 'site:Paris'");
            scopes(bench, code, "ConfigScopes", "site:Paris");
        },
    ),
    (
        r#"Remove-CsAdminRole -Identity "RedmondHelpDesk""#,
        |bench, code| {
            custom(bench);
            changes(bench, ROLES, code, &["- RedmondHelpDesk"]);
        },
    ),
    (
        r#"Remove-CsAdminRole -Filter "*Redmond*""#,
        |bench, code| {
            custom(bench);
            changes(bench, ROLES, code, &["- RedmondHelpDesk", "- VoiceRedmond"]);
        },
    ),
    (
        "Get-CsAdminRole | Where-Object {$_.IsStandardRole -eq $False} | Remove-CsAdminRole",
        |bench, code| {
            custom(bench);
            let all = ["- PinDesk", "- RedmondHelpDesk", "- VoiceRedmond"];
            changes(bench, ROLES, code, &all);
        },
    ),
    (
        r#"Get-CsAdminRoleAssignment -Identity "kenmyer""#,
        |bench, code| {
            let roles = |bench: &mut Bench, code: &str| -> Vec<String> {
                let held = bench.ok(code);
                held.iter().map(|role| role.to_text().to_string()).collect()
            };
            assert_eq!(roles(bench, code), ["CsUserAdministrator"]);
            bench.ok("Grant-CsAdminRole -Identity kenmyer -Role CsHelpDesk");
            assert_eq!(roles(bench, code), ["CsUserAdministrator", "CsHelpDesk"]);
        },
    ),
    (
        "Get-CsUser | ForEach-Object {$_.DisplayName; Get-CsAdminRoleAssignment -Identity $_.SamAccountName}",
        |bench, code| {
            let users = bench.texts("Get-CsUser", "DisplayName");
            let shown = bench.ok(code);
            let shown: Vec<String> = shown.iter().map(|one| one.to_text().to_string()).collect();
            let mut names = shown.clone();
            names.retain(|name| users.contains(name));
            assert_eq!(
                names, users,
                "everybody, in order, with their roles behind them"
            );
            let roles = bench.texts("Get-CsAdminRole", "Identity");
            assert!(
                shown
                    .iter()
                    .all(|one| users.contains(one) || roles.contains(one))
            );
            assert!(shown.len() > users.len(), "some have roles");
        },
    ),
];

/// The example makes the role, with these scopes and all else from its template.
#[track_caller]
fn creates(bench: &mut Bench, code: &str, user_scopes: &str, config_scopes: &str) {
    let (changes, made) = effect(bench, ROLES, code);
    assert_eq!(changes, ["+ RedmondVoiceAdministrator"]);
    assert_eq!(made.len(), 1);
    let template = bench.ok("Get-CsAdminRole CsVoiceAdministrator");
    for role in [
        &made[0],
        &bench.ok("Get-CsAdminRole RedmondVoiceAdministrator")[0],
    ] {
        assert_eq!(text(role, "UserScopes"), user_scopes);
        assert_eq!(text(role, "ConfigScopes"), config_scopes);
        assert_eq!(text(role, "TemplateName"), "CsVoiceAdministrator");
        assert_eq!(text(role, "IsStandardRole"), "False");
        assert_eq!(text(role, "Cmdlets"), text(&template[0], "Cmdlets"));
    }
}

/// The role that the examples of Set-CsAdminRole change.
fn made(bench: &mut Bench, scopes: &str) {
    bench.ok(&format!(
        "New-CsAdminRole RedmondVoiceAdministrators -Template CsVoiceAdministrator {scopes}"
    ));
}

#[track_caller]
fn scopes(bench: &mut Bench, code: &str, property: &str, expected: &str) {
    let expected = format!("RedmondVoiceAdministrators {property}={expected}");
    changes(bench, ROLES, code, &[&expected]);
}

/// Three roles of the company's own.
fn custom(bench: &mut Bench) {
    bench.ok(
        "'RedmondHelpDesk', 'VoiceRedmond', 'PinDesk' | ForEach-Object {New-CsAdminRole $_ -Template CsHelpDesk}",
    );
}

#[test]
fn examples_of_roles() {
    super::run(EXAMPLES);
}
