//! Get-CsUser and Get-CsAdUser.

use super::Checked;
use super::effects::lists;
use crate::bench::{Bench, names, text};

const PILAR: &str = "CN=Pilar Ackerman,OU=Finance,OU=North America,DC=litwareinc,DC=com";

pub const EXAMPLES: &[Checked] = &[
    ("Get-CsUser", |bench, code| {
        let enabled = bench.texts("Get-CsAdUser | Where-Object Enabled", "Identity");
        assert!(enabled.len() > 900);
        assert_eq!(bench.texts(code, "Identity"), enabled);
    }),
    (
        "Get-CsUser | Format-Table -Property DisplayName, SipAddress, EnterpriseVoiceEnabled -AutoSize",
        |bench, code| {
            let users = bench.ok("Get-CsUser").len();
            bench.session.run(code);
            let page = bench.host.output();
            let lines: Vec<&str> = page.lines().filter(|line| !line.is_empty()).collect();
            assert_eq!(lines.len(), users + 2);
            let header: Vec<&str> = lines[0].split_whitespace().collect();
            assert_eq!(
                header,
                ["DisplayName", "SipAddress", "EnterpriseVoiceEnabled"]
            );
            let ken = lines.iter().find(|line| line.starts_with("Ken Myer "));
            let ken: Vec<&str> = ken.expect("Ken").split_whitespace().collect();
            assert_eq!(ken, ["Ken", "Myer", "sip:kenmyer@litwareinc.com"]);
        },
    ),
    (r#"Get-CsUser -Identity "Pilar Ackerman""#, |bench, code| {
        lists(bench, code, "Identity", &[PILAR]);
    }),
    (r#"Get-CsUser -Identity "Pilar*""#, |bench, code| {
        let mut all = bench.texts("Get-CsUser", "DisplayName");
        all.retain(|name| name.starts_with("Pilar"));
        assert!(all.contains(&"Pilar Ackerman".to_owned()));
        assert_eq!(bench.texts(code, "DisplayName"), all);
    }),
    (
        "Get-CsUser -Filter {VoicePolicy -ne $Null}",
        |bench, code| {
            // Nobody has a voice policy here; the property is known to be the original's.
            lists(bench, code, "Identity", &[]);
            assert_eq!(bench.warnings(), Vec::<String>::new());
            let without = bench.ok("Get-CsUser -Filter {VoicePolicy -eq $Null}").len();
            assert_eq!(without, bench.ok("Get-CsUser").len());
        },
    ),
    (
        r#"Get-CsUser -LdapFilter "Department=Finance""#,
        |bench, code| {
            selects(bench, code, "Get-CsUser", |user| {
                text(user, "Department") == "Finance"
            });
        },
    ),
    (
        r#"Get-CsUser -LdapFilter "&(Department=Finance)(Title=Manager)""#,
        |bench, code| {
            selects(bench, code, "Get-CsUser", |user| {
                text(user, "Department") == "Finance" && text(user, "Title") == "Manager"
            });
        },
    ),
    (
        r#"Get-CsUser -LdapFilter "|(Title=Supervisor)(Title=Manager)""#,
        |bench, code| {
            selects(bench, code, "Get-CsUser", |user| {
                ["Supervisor", "Manager"].contains(&&*text(user, "Title"))
            });
        },
    ),
    (
        r#"Get-CsUser -OU "ou=Finance,ou=North America,dc=litwareinc,dc=com""#,
        |bench, code| {
            selects(bench, code, "Get-CsUser", |user| {
                text(user, "Identity")
                    .ends_with(",OU=Finance,OU=North America,DC=litwareinc,DC=com")
            });
        },
    ),
    ("Get-CsUser -UnassignedUser", |bench, code| {
        selects(bench, code, "Get-CsUser", |user| {
            text(user, "RegistrarPool").is_empty()
        });
    }),
    ("Get-CsAdUser", |bench, code| {
        assert_eq!(bench.ok(code).len(), 1000);
    }),
    (
        r#"Get-CsAdUser -Identity "Pilar Ackerman""#,
        |bench, code| {
            lists(bench, code, "Identity", &[PILAR]);
        },
    ),
    (
        r#"Get-CsAdUser -OU "ou=Finance,dc=litwareinc,dc=com""#,
        |bench, code| {
            selects(bench, code, "Get-CsAdUser", |user| {
                text(user, "Identity").ends_with(",OU=Finance,DC=litwareinc,DC=com")
            });
        },
    ),
    (
        "Get-CsAdUser -Filter {Enabled -ne $True} | Select-Object DisplayName",
        |bench, code| {
            let listed = bench.ok(code);
            assert_eq!(names(&listed[0]), ["DisplayName"]);
            let listed: Vec<String> = listed.iter().map(|one| text(one, "DisplayName")).collect();
            let disabled = bench.texts(
                "Get-CsAdUser | Where-Object {-not $_.Enabled}",
                "DisplayName",
            );
            assert!(disabled.contains(&"Gary Winslow".to_owned()));
            assert_eq!(listed, disabled);
        },
    ),
    (
        r#"Get-CsAdUser -LdapFilter "Department=Finance""#,
        |bench, code| {
            selects(bench, code, "Get-CsAdUser", |user| {
                text(user, "Department") == "Finance"
            });
        },
    ),
];

/// The example lists, of everybody, those for whom `holds` is true.
#[track_caller]
fn selects(
    bench: &mut Bench,
    code: &str,
    everybody: &str,
    holds: fn(&pinward_shell::Value) -> bool,
) {
    let all = bench.ok(everybody);
    let chosen = all.iter().filter(|user| holds(user));
    let expected: Vec<String> = chosen.map(|user| text(user, "Identity")).collect();
    assert!(expected.len() < all.len());
    assert_eq!(bench.texts(code, "Identity"), expected, "{code}");
    if !code.contains("Unassigned") {
        assert!(!expected.is_empty(), "{code}");
    }
}

#[test]
fn examples_of_users() {
    super::run(EXAMPLES);
}
