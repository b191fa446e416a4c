//! The cmdlets of dial-in conferencing.

use pinward_shell::Value;

use super::Checked;
use super::effects::{NUMBERS, changes, effect};
use crate::bench::{Bench, text};

const DIAL_IN: &str = "sip:RedmondDialIn@litwareinc.com";

pub const EXAMPLES: &[Checked] = &[
    ("Get-CsDialInConferencingAccessNumber", |bench, code| {
        assert!(bench.ok(code).len() >= 4);
    }),
    (
        "Get-CsDialInConferencingAccessNumber -Identity sip:RedmondDialIn@litwareinc.com",
        |bench, code| selects(bench, code, |number| text(number, "PrimaryUri") == DIAL_IN),
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber -Region "Redmond""#,
        |bench, code| {
            selects(bench, code, |number| {
                regions(number).contains(&"Redmond".into())
            });
        },
    ),
    (
        "Get-CsDialInConferencingAccessNumber -Region $Null",
        |bench, code| selects(bench, code, |number| regions(number).is_empty()),
    ),
    (
        "Get-CsDialInConferencingAccessNumber -Region site:USA/Redmond",
        |bench, code| {
            // One more in the region, for everybody.
            bench.ok("New-CsDialInConferencingAccessNumber -PrimaryUri sip:AnyDialIn@litwareinc.com -DisplayNumber 1-800-555-1239 -LineUri tel:+18005551239 -Pool atl-cs-001.litwareinc.com -PrimaryLanguage en-US -Regions Redmond");
            selects(bench, code, |number| {
                regions(number).contains(&"Redmond".into()) && text(number, "Scope") == "Site:USA"
            });
            let all = bench.ok(&format!("{NUMBERS} -Region Redmond")).len();
            assert_eq!(bench.ok(code).len(), all - 1);
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber -Filter {DisplayName -like "*Seattle*"}"#,
        |bench, code| {
            selects(bench, code, |number| {
                text(number, "DisplayName").contains("Seattle")
            });
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber -Filter {LineUri -like "tel:+1425*"}"#,
        |bench, code| {
            selects(bench, code, |number| {
                text(number, "LineUri").starts_with("tel:+1425")
            });
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.PrimaryLanguage -eq "it-IT"}"#,
        |bench, code| {
            selects(bench, code, |number| {
                text(number, "PrimaryLanguage") == "it-IT"
            });
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.SecondaryLanguages -contains "fr-FR"}"#,
        |bench, code| {
            selects(bench, code, |number| {
                secondary(number).contains(&"fr-FR".into())
            });
        },
    ),
    (
        r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:RedmondDialIn@litwareinc.com" -DisplayNumber "1-800-555-1234" -LineUri "tel:+18005551234" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-US" -Regions "Redmond""#,
        |bench, code| creates(bench, code, &[]),
    ),
    (
        r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:RedmondDialIn@litwareinc.com" -DisplayNumber "1-800-555-1234" -LineUri "tel:+18005551234" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-US" -Regions "Redmond" -SecondaryLanguages "fr-CA", "fr-FR""#,
        |bench, code| creates(bench, code, &["fr-CA", "fr-FR"]),
    ),
    (
        r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:RedmondDialIn@litwareinc.com" -DisplayNumber "1-800-555-1234" -LineUri "tel:+18005551234" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-US" -Regions "Redmond" -ScopeToSite"#,
        |bench, code| creates(bench, code, &[]),
    ),
    (
        r#"Set-CsDialInConferencingAccessNumber -Identity "sip:RedmondDialIn@litwareinc.com" -DisplayName "Redmond Dial-In Access Number""#,
        |bench, code| {
            bench.ok(&format!(
                "Set-CsDialInConferencingAccessNumber {DIAL_IN} -DisplayName Before"
            ));
            changes_each(
                bench,
                code,
                &[DIAL_IN],
                &["DisplayName=Redmond Dial-In Access Number"],
            );
        },
    ),
    (
        r#"Set-CsDialInConferencingAccessNumber -Identity "sip:RedmondDialIn@litwareinc.com" -Regions "Redmond", "Seattle""#,
        |bench, code| {
            bench.ok(&format!(
                "Set-CsDialInConferencingAccessNumber {DIAL_IN} -Regions Redmond"
            ));
            changes_each(bench, code, &[DIAL_IN], &["Regions=Redmond Seattle"]);
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.PrimaryLanguage -eq "fr-FR"}| Set-CsDialInConferencingAccessNumber -SecondaryLanguages "fr-CA""#,
        |bench, code| {
            let french = of(bench, |number| text(number, "PrimaryLanguage") == "fr-FR");
            forget_secondary(bench);
            changes_each(bench, code, &refs(&french), &["SecondaryLanguages=fr-CA"]);
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber -Filter {DisplayName -eq "Default DialIn Access Number"} | Set-CsDialInConferencingAccessNumber -DisplayName "Litwareinc Conferencing""#,
        |bench, code| {
            let named = of(bench, |number| {
                text(number, "DisplayName") == "Default DialIn Access Number"
            });
            changes_each(
                bench,
                code,
                &refs(&named),
                &["DisplayName=Litwareinc Conferencing"],
            );
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber -Filter {LineUri -eq "TEL:+14255558715"} | Set-CsDialInConferencingAccessNumber -DisplayNumber "1-425-555-1298" -LineUri "tel:+14255551298""#,
        |bench, code| {
            let called = of(bench, |number| {
                text(number, "LineUri") == "tel:+14255558715"
            });
            let expected = ["DisplayNumber=1-425-555-1298", "LineUri=tel:+14255551298"];
            changes_each(bench, code, &refs(&called), &expected);
        },
    ),
    (
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.PrimaryLanguage -ne "en-US"} | Set-CsDialInConferencingAccessNumber -SecondaryLanguages "fr-FR","it-IT""#,
        |bench, code| {
            forget_secondary(bench);
            let foreign = of(bench, |number| text(number, "PrimaryLanguage") != "en-US");
            changes_each(
                bench,
                code,
                &refs(&foreign),
                &["SecondaryLanguages=fr-FR it-IT"],
            );
        },
    ),
    (
        // Misprinted: a doubled quotation mark, and Get- for Set-.
        r#"Get-CsDialInConferencingAccessNumber -Identity ""sip:RedmondDialIn@litwareinc.com"" -Priority 0 -ReorderedRegion Redmond"#,
        |bench, code| {
            bench.refused(code, "TextAfterQuote");
            let meant = code.replace("Get-", "Set-").replace("\"\"", "\"");
            let redmond = "Get-CsDialInConferencingAccessNumber -Region Redmond";
            bench.ok(&format!("Set-CsDialInConferencingAccessNumber {DIAL_IN} -Priority 1 -ReorderedRegion Redmond"));
            let before = bench.texts(redmond, "PrimaryUri");
            assert_eq!(before[1], DIAL_IN, "{before:?}");
            bench.silent(&meant);
            let mut expected = before;
            expected.swap(0, 1);
            assert_eq!(bench.texts(redmond, "PrimaryUri"), expected);
        },
    ),
    (
        r#"(Get-CsDialInConferencingLanguageList).Languages -contains "en-US""#,
        |bench, code| {
            assert!(bench.ok(code)[0].is_true());
            assert!(!bench.ok(&code.replace("en-US", "xx-XX"))[0].is_true());
        },
    ),
    (
        "(Get-CsDialInConferencingLanguageList).Languages",
        |bench, code| {
            let languages = bench.ok(code);
            let languages: Vec<String> = languages
                .iter()
                .map(|one| one.to_text().to_string())
                .collect();
            for needed in ["en-US", "fr-CA", "fr-FR", "it-IT"] {
                assert!(languages.iter().any(|one| one == needed), "{languages:?}");
            }
        },
    ),
];

fn list(number: &Value, property: &str) -> Vec<String> {
    let all = number.property(property).expect("a list");
    let all = all.into_items();
    all.iter()
        .map(|one| one.to_text().to_string())
        .filter(|one| !one.is_empty())
        .collect()
}

fn regions(number: &Value) -> Vec<String> {
    list(number, "Regions")
}

fn secondary(number: &Value) -> Vec<String> {
    list(number, "SecondaryLanguages")
}

/// The identities of the numbers for which `holds` is true; there are some, and others.
#[track_caller]
fn of(bench: &mut Bench, holds: fn(&Value) -> bool) -> Vec<String> {
    let all = bench.ok(NUMBERS);
    let chosen = all.iter().filter(|number| holds(number));
    let chosen: Vec<String> = chosen.map(|number| text(number, "Identity")).collect();
    assert!(!chosen.is_empty() && chosen.len() < all.len(), "{chosen:?}");
    chosen
}

fn refs(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

#[track_caller]
fn selects(bench: &mut Bench, code: &str, holds: fn(&Value) -> bool) {
    let mut expected = of(bench, holds);
    let mut listed = bench.texts(code, "Identity");
    expected.sort();
    listed.sort();
    assert_eq!(listed, expected, "{code}");
}

/// The example sets these properties of each of these numbers and nothing else.
#[track_caller]
fn changes_each(bench: &mut Bench, code: &str, numbers: &[&str], properties: &[&str]) {
    let mut expected: Vec<String> = numbers
        .iter()
        .flat_map(|number| properties.iter().map(move |set| format!("{number} {set}")))
        .collect();
    expected.sort();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    changes(bench, NUMBERS, code, &expected);
}

fn forget_secondary(bench: &mut Bench) {
    bench.ok(&format!(
        "{NUMBERS} | Set-CsDialInConferencingAccessNumber -SecondaryLanguages $null"
    ));
}

/// The example makes the number, which must not be there yet.
#[track_caller]
fn creates(bench: &mut Bench, code: &str, languages: &[&str]) {
    bench.ok(&format!(
        "Remove-CsDialInConferencingAccessNumber {DIAL_IN}"
    ));
    let (changes, made) = effect(bench, NUMBERS, code);
    assert_eq!(changes, [format!("+ {DIAL_IN}")]);
    let kept = bench.ok(&format!("{NUMBERS} {DIAL_IN}"));
    for number in made.iter().chain(&kept) {
        for (property, value) in [
            ("Identity", DIAL_IN),
            ("PrimaryUri", DIAL_IN),
            ("DisplayNumber", "1-800-555-1234"),
            ("LineUri", "tel:+18005551234"),
            ("PrimaryLanguage", "en-US"),
            ("Pool", "atl-cs-001.litwareinc.com"),
        ] {
            assert_eq!(text(number, property), value, "{property}");
        }
        assert_eq!(regions(number), ["Redmond"]);
        let for_a_site = text(number, "Scope").starts_with("Site:");
        assert_eq!(for_a_site, code.contains("-ScopeToSite"));
        assert_eq!(secondary(number), languages);
    }
}

#[test]
fn examples_of_access_numbers() {
    super::run(EXAMPLES);
}
