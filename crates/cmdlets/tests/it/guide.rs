//! The guide "from Lync to Pinward": what can be known from the definitions is made from them.

use std::fmt::Write as _;
use std::path::Path;

use pinward_shell::{CmdletDef, Param, Registry};

use crate::bench::{Bench, definitions};
use crate::reference::parameters;

/// Cmdlets of the original beyond the reference; here with the parameters that belong to PINs.
const OF_THE_ORIGINAL: &[&str] = &[
    "Disable-CsUser",
    "Enable-CsUser",
    "Get-CsSite",
    "Remove-CsDialInConferencingAccessNumber",
    "Set-CsPinSendCAWelcomeMail",
    "Set-CsUser",
    "Update-CsAdminRole",
];

/// What the help of a parameter without effect begins with.
const WITHOUT_EFFECT: &str = "Accepted so that scripts run";

fn seen(def: &CmdletDef) -> impl Iterator<Item = &'static Param> {
    def.params.iter().filter(|param| !param.hidden)
}

fn names<'a>(params: impl Iterator<Item = &'a Param>) -> String {
    let names: Vec<String> = params.map(|param| format!("`-{}`", param.name)).collect();
    names.join(", ")
}

fn link(name: &str) -> String {
    format!("[{name}](cmdlets/{name}.md)")
}

/// Cmdlets that the original does not have.
fn ours(defs: &[CmdletDef]) -> String {
    let mut text = String::from("| cmdlet | what it does |\n|---|---|\n");
    let reference = parameters();
    for def in defs {
        let known = reference.iter().any(|(name, _)| *name == def.name)
            || OF_THE_ORIGINAL.contains(&def.name);
        if !known {
            _ = writeln!(text, "| {} | {} |", link(def.name), def.synopsis);
        }
    }
    text
}

/// Parameters that the original does not have.
fn additions(defs: &[CmdletDef]) -> String {
    let mut text = String::from("| cmdlet | parameters of ours |\n|---|---|\n");
    for (cmdlet, known) in parameters() {
        let Some(def) = defs.iter().find(|def| def.name == cmdlet) else {
            continue;
        };
        let known = |param: &&Param| known.iter().any(|name| param.is_called(name));
        let ours = names(seen(def).filter(|param| !known(param)));
        if !ours.is_empty() {
            _ = writeln!(text, "| {} | {ours} |", link(cmdlet));
        }
    }
    text
}

/// Parameters that are taken and change nothing.
fn without_effect(defs: &[CmdletDef]) -> String {
    let mut text = String::from("| cmdlet | accepted without effect |\n|---|---|\n");
    for def in defs {
        let idle = names(seen(def).filter(|param| param.help.starts_with(WITHOUT_EFFECT)));
        if !idle.is_empty() {
            _ = writeln!(text, "| {} | {idle} |", link(def.name));
        }
    }
    text
}

/// The commands of the language.
fn commands() -> String {
    let registry = Registry::with_language_commands();
    let names: Vec<String> = registry
        .iter()
        .map(|def| format!("`{}`", def.name))
        .collect();
    let aliases: Vec<String> = registry
        .aliases()
        .map(|(alias, _)| format!("`{alias}`"))
        .collect();
    format!(
        "{}.\n\nTheir short names: {}.\n",
        names.join(", "),
        aliases.join(", ")
    )
}

/// Replaces what stands between the marks of a part.
fn with_part(guide: &str, part: &str, text: &str) -> String {
    let open = format!("<!-- made: {part} -->\n");
    let close = "<!-- end -->\n";
    let (before, rest) = guide.split_once(&open).expect(part);
    let (_, after) = rest.split_once(close).expect(part);
    format!("{before}{open}{text}{close}{after}")
}

#[test]
fn the_guide_is_what_the_definitions_say() {
    Bench::on(|bench| {
        let defs = definitions(bench);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/from-lync.md");
        let kept = std::fs::read_to_string(&path).unwrap();
        let mut made = kept.clone();
        for (part, text) in [
            ("cmdlets of ours", ours(&defs)),
            ("parameters of ours", additions(&defs)),
            ("without effect", without_effect(&defs)),
            ("commands of the language", commands()),
        ] {
            made = with_part(&made, part, &text);
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &made).unwrap();
        } else {
            assert!(
                kept == made,
                "docs/from-lync.md is not current: run this test with UPDATE=1"
            );
        }
    });
}

/// What is accepted without effect says so in one form, so that the guide finds it.
#[test]
fn what_has_no_effect_says_so() {
    Bench::on(|bench| {
        for def in definitions(bench) {
            for param in seen(&def) {
                let idle = param.help.contains("changes nothing") && !param.help.contains("WhatIf");
                assert!(
                    !idle || param.help.starts_with(WITHOUT_EFFECT),
                    "{} -{}: {}",
                    def.name,
                    param.name,
                    param.help
                );
            }
        }
    });
}

/// Every cmdlet and property that the guide names in backquotes or links exists, or is said to be
/// the original's alone.
#[test]
fn the_guide_names_what_exists() {
    Bench::on(|bench| {
        let defs = definitions(bench);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/from-lync.md");
        let guide = std::fs::read_to_string(path).unwrap();
        let (guide, absent) = guide.split_once("## What is not here").expect("that part");
        let (_, after) = absent.split_once("\n## ").unwrap_or(("", ""));
        let words = guide.split_whitespace().chain(after.split_whitespace());
        for word in words {
            let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let cmdlet = word.split_once("-Cs").is_some_and(|(verb, noun)| {
                verb.chars().all(char::is_alphabetic)
                    && noun.starts_with(char::is_uppercase)
                    && noun.chars().all(char::is_alphanumeric)
            });
            if cmdlet {
                assert!(defs.iter().any(|def| def.name == word), "{word}");
            }
        }
    });
}

/// The script that the guide gives under this name.
fn script(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/from-lync.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let (_, rest) = guide
        .split_once(&format!("<!-- run: {name} -->\n```powershell\n"))
        .expect(name);
    rest.split_once("```").expect(name).0.to_owned()
}

fn file(bench: &Bench, name: &str, text: &str) {
    bench
        .host
        .with(|seen| seen.files.insert(name.to_owned(), text.as_bytes().to_vec()));
}

/// What the guide says about carrying over is run on files such as the original's shell writes.
#[test]
fn policies_grants_and_pins_are_carried_over() {
    Bench::on(|bench| {
        file(
            bench,
            "policies.csv",
            "\u{feff}#TYPE Microsoft.Rtc.Management.WritableConfig.Policy.UserPin.UserPinPolicy\r\n\
            \"Identity\",\"Description\",\"MinPasswordLength\",\"PINHistoryCount\",\"AllowCommonPatterns\",\"PINLifetime\",\"MaximumLogonAttempts\"\r\n\
            \"Global\",,\"6\",\"1\",\"False\",\"0\",\r\n\
            \"Site:Redmond\",\"Campus\",\"7\",\"5\",\"True\",\"90\",\"20\"\r\n\
            \"Site:Oslo\",,\"7\",\"5\",\"True\",\"90\",\r\n\
            \"Tag:Légal\",\"Lawyers\",\"9\",\"2\",\"False\",\"30\",\"15\"\r\n",
        );
        bench.values(&script("policies"));
        assert_eq!(bench.host.error_ids(), ["SiteNotFound"]);
        let global = bench.policy("global").unwrap();
        assert_eq!(
            (global.min_password_length, global.pin_history_count),
            (6, 1)
        );
        let redmond = bench.policy("site:Redmond").unwrap();
        assert_eq!(redmond.description.as_deref(), Some("Campus"));
        assert_eq!(redmond.maximum_logon_attempts, Some(20));
        assert!(redmond.allow_common_patterns);
        let tag = bench.policy("tag:Légal").unwrap();
        assert_eq!(
            (tag.pin_lifetime_days, tag.maximum_logon_attempts),
            (30, Some(15))
        );

        file(
            bench,
            "grants.csv",
            "\"SipAddress\",\"PinPolicy\"\r\n\
            \"sip:kenmyer@litwareinc.com\",\"Légal\"\r\n\
            \"sip:packerman@litwareinc.com\",\"Tag:Légal\"\r\n",
        );
        bench.ok(&script("grants"));
        for user in ["Ken Myer", "Pilar Ackerman"] {
            assert_eq!(
                bench.user(user).pin_policy.as_deref(),
                Some("Légal"),
                "{user}"
            );
        }

        file(
            bench,
            "pins.csv",
            "Identity,Pin\nkenmyer@litwareinc.com,187238341\npackerman@litwareinc.com,1872\n",
        );
        bench.values(&script("pins"));
        assert_eq!(
            bench.host.error_ids(),
            ["PinRefused"],
            "too short for Pilar"
        );
        let (assigned, new) = bench.host.with(|seen| {
            let text = |name: &str| String::from_utf8(seen.files[name].clone()).unwrap();
            (text("assigned.csv"), text("new.csv"))
        });
        assert_eq!(
            assigned,
            "\"Identity\",\"Pin\"\n\"sip:kenmyer@litwareinc.com\",\"187238341\"\n"
        );
        assert!(new.contains("sip:packerman@litwareinc.com"));
        assert!(!new.contains("sip:kenmyer@litwareinc.com"));
        assert!(bench.info("Pilar Ackerman").is_pin_set);
    });
}
