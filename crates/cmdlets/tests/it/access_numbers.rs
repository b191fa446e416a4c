//! The cmdlets about access numbers, beside the examples of the reference.

use crate::bench::{Bench, names, text};

const NEW: &str = r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:TacomaDialIn@litwareinc.com" -DisplayNumber "1-800-555-1299" -LineUri "tel:+18005551299" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-us" -Regions "Redmond","Tacoma""#;
const GET: &str = "Get-CsDialInConferencingAccessNumber";
const SET: &str = "Set-CsDialInConferencingAccessNumber";

#[test]
fn a_number_from_its_making_to_its_end() {
    Bench::on(|bench| {
        let made = bench.ok(&format!("{NEW} -PassThru"));
        assert_eq!(
            names(&made[0])[..10],
            [
                "Identity",
                "PrimaryUri",
                "DisplayName",
                "DisplayNumber",
                "LineUri",
                "PrimaryLanguage",
                "SecondaryLanguages",
                "Pool",
                "HostingProvider",
                "Regions",
            ]
        );
        assert_eq!(text(&made[0], "PrimaryLanguage"), "en-US");
        // The last of a region that has numbers, and the first of a new one.
        let redmond = bench.texts(&format!("{GET} -Region Redmond"), "PrimaryUri");
        assert_eq!(redmond.last().unwrap(), "sip:TacomaDialIn@litwareinc.com");
        assert_eq!(bench.ok(&format!("{GET} -Region tacoma")).len(), 1);
        // The site of a pool is that of its users.
        let scoped = format!("{SET} sip:TacomaDialIn@litwareinc.com -ScopeToSite -PassThru");
        assert_eq!(bench.texts(&scoped, "Scope"), ["Site:Redmond"]);
        let chosen = format!("{GET} -Region site:Redmond/Tacoma");
        assert_eq!(bench.ok(&chosen).len(), 1);
        assert!(bench.ok(&format!("{GET} -Region global/Tacoma")).is_empty());
        bench.silent(&format!("{GET} -Region Tacoma | {SET} -ScopeToGlobal"));
        assert_eq!(bench.ok(&format!("{GET} -Region global/Tacoma")).len(), 1);
        // A changed object, by parameter and by the pipeline.
        bench.silent(&format!(
            "$x = {GET} tacomadialin@litwareinc.com; $x.DisplayName = 'One'; $x.Regions = 'Tacoma'; {SET} -Instance $x"
        ));
        assert!(
            bench
                .ok(&format!(
                    "{GET} -Region Redmond | Where-Object DisplayName -eq 'One'"
                ))
                .is_empty()
        );
        bench.silent(&format!(
            "$x.SecondaryLanguages = 'fr-FR','it-IT'; $x | {SET}"
        ));
        let number = bench.ok(&format!("{GET} sip:TacomaDialIn@litwareinc.com"));
        assert_eq!(text(&number[0], "DisplayName"), "One");
        assert_eq!(text(&number[0], "SecondaryLanguages"), "fr-FR it-IT");
        bench.silent(&format!(
            "{GET} -Region Tacoma | Remove-CsDialInConferencingAccessNumber"
        ));
        bench.refused(
            &format!("{GET} sip:TacomaDialIn@litwareinc.com"),
            "AccessNumberNotFound",
        );
    });
}

#[test]
fn what_makes_no_sense_is_refused() {
    Bench::on(|bench| {
        let redmond = "sip:RedmondDialIn@litwareinc.com";
        for (source, id) in [
            (NEW.replace("1299\" -Pool", "1234\" -Pool"), "LineUriTaken"),
            (
                NEW.replace("TacomaDialIn", "redmonddialin"),
                "AccessNumberExists",
            ),
            (NEW.replace("en-us", "en"), "AccessNumberInvalid"),
            (NEW.replace("tel:+", "tel:"), "AccessNumberInvalid"),
            (
                NEW.replace("atl-cs-001", "nobody-here") + " -ScopeToSite",
                "SiteOfPoolUnknown",
            ),
            (NEW.replace("\"Tacoma\"", "\"a/b\""), "AccessNumberInvalid"),
            (
                format!("{SET} {redmond} -LineUri tel:+14255558715"),
                "LineUriTaken",
            ),
            (
                format!("{SET} {redmond} -PrimaryLanguage xx-XX"),
                "AccessNumberInvalid",
            ),
            (
                format!("{SET} {redmond} -SecondaryLanguages ca-ES,da-DK,de-DE,en-AU,en-CA"),
                "AccessNumberInvalid",
            ),
            (
                format!("{SET} {redmond} -Priority 0 -ReorderedRegion Paris"),
                "RegionNotOfNumber",
            ),
            (format!("{SET} {redmond}"), "NothingToChange"),
            (
                format!("{SET} {redmond} -ScopeToSite -ScopeToGlobal"),
                "ScopesExclusive",
            ),
            (
                format!("{SET} sip:nobody@x.com -DisplayName x"),
                "AccessNumberNotFound",
            ),
            (format!("{GET} Redmond"), "AccessNumberNotFound"),
            (format!("{GET} -Filter {{Nonsense}}"), "FilterInvalid"),
            (
                "Get-CsDialInConferencingLanguageList site:Redmond".to_owned(),
                "LanguageListNotFound",
            ),
        ] {
            bench.refused(&source, id);
        }
        let all = bench.ok(GET).len();
        bench.silent(&format!("{NEW} -WhatIf"));
        bench.silent(&format!(
            "{GET} | Remove-CsDialInConferencingAccessNumber -WhatIf"
        ));
        assert_eq!(bench.ok(GET).len(), all);
        assert_eq!(bench.ok(&format!("{GET} -ResultSize 2")).len(), 2);
        assert!(bench.ok(&format!("{GET} -OU 'OU=x'")).is_empty());
    });
}

#[test]
fn regions_without_a_number() {
    Bench::on(|bench| {
        let texts = |values: Vec<pinward_shell::Value>| -> Vec<String> {
            values.iter().map(|one| one.to_text().to_string()).collect()
        };
        let empty = texts(bench.ok(&format!("{GET} -EmptyRegion")));
        assert_eq!(empty, ["Dublin", "USA"]);
        bench.silent(&format!(
            "{SET} sip:ParisDialIn@litwareinc.com -Regions Dublin"
        ));
        let empty = texts(bench.ok(&format!("{GET} -EmptyRegion")));
        assert_eq!(empty, ["Paris", "USA"]);
    });
}

// R-RBAC-2
#[test]
fn who_may_change_access_numbers() {
    for (role, sees, changes) in [
        ("CsVoiceAdministrator", true, true),
        ("CsViewOnlyAdministrator", true, false),
        ("CsHelpDesk", false, false),
    ] {
        Bench::with_role(role, move |bench| {
            assert_eq!(!bench.values(GET).is_empty(), sees, "{role}");
            let made = bench.values(&format!("{NEW} -PassThru"));
            assert_eq!(!made.is_empty(), changes, "{role}");
        });
    }
}
