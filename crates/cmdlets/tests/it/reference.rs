//! The definitions themselves: help, examples, and the pages made from them.

use std::collections::BTreeSet;
use std::path::Path;

use pinward_cmdlets::reference_pages;
use pinward_shell::ParamKind;

use crate::bench::{Bench, definitions};

/// The cmdlets of the reference, each with the names and aliases of its parameters.
pub fn parameters() -> Vec<(&'static str, Vec<&'static str>)> {
    let lines = include_str!("reference/parameters.txt").lines();
    let named = lines.filter_map(|line| line.split_once(": "));
    named
        .map(|(cmdlet, names)| (cmdlet, names.split(' ').collect()))
        .collect()
}

#[test]
fn every_parameter_of_the_reference_is_there() {
    Bench::on(|bench| {
        let defs = definitions(bench);
        for (name, parameters) in parameters() {
            let def = defs.iter().find(|def| def.name == name).expect(name);
            let mut changes = false;
            for parameter in parameters {
                match parameter {
                    "WhatIf" | "wi" | "Confirm" | "cf" => changes = true,
                    _ => assert!(
                        def.params.iter().any(|p| p.is_called(parameter)),
                        "{name} -{parameter}"
                    ),
                }
            }
            assert_eq!(def.changes, changes, "{name}");
        }
    });
}

/// The list of parameters is that of the tables, wherever the page is at hand.
#[test]
fn the_parameters_are_those_of_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec/cmdlets.md");
    let Ok(page) = std::fs::read_to_string(page) else {
        println!("the reference is not at hand; only the list is tested");
        return;
    };
    let listed = parameters();
    for section in page.split("\n### ").skip(1) {
        let cmdlet = section.lines().next().unwrap();
        let (_, names) = listed
            .iter()
            .find(|(name, _)| *name == cmdlet)
            .expect(cmdlet);
        for row in section.lines().filter(|line| line.starts_with("| ")) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            if matches!(cells[2], "R" | "o") {
                assert!(names.contains(&cells[0]), "{cmdlet} -{}", cells[0]);
            }
        }
    }
}

#[test]
fn every_definition_has_help() {
    Bench::on(|bench| {
        for def in definitions(bench) {
            assert!(def.synopsis.ends_with('.'), "{}", def.name);
            assert!(!def.description.is_empty(), "{}", def.name);
            assert!(def.examples.len() >= 2, "{}", def.name);
            for param in def.params {
                assert!(param.help.ends_with('.'), "{} -{}", def.name, param.name);
                let may_hold_a_pin = param.name.eq_ignore_ascii_case("Pin");
                assert!(
                    !may_hold_a_pin || param.secret,
                    "{} -{}",
                    def.name,
                    param.name
                );
                let switch = param.kind == ParamKind::Switch;
                assert!(!(switch && param.required), "{} -{}", def.name, param.name);
            }
            for example in &def.examples {
                assert!(
                    example.caption.ends_with('.'),
                    "{}: {}",
                    def.name,
                    example.code
                );
            }
        }
    });
}

/// Every example runs with -WhatIf in force on the company as it is made: it parses, its parameters
/// bind, and what it names exists.
#[test]
fn every_example_runs() {
    Bench::on(|bench| {
        let defs = definitions(bench);
        // What the examples of changing and removing name.
        bench.ok("'RedmondVoiceAdministrators', 'RedmondHelpDesk' | ForEach-Object {New-CsAdminRole $_ -Template CsHelpDesk}");
        bench.ok("Grant-CsAdminRole kenmyer@litwareinc.com CsHelpDesk");
        bench.ok("$WhatIfPreference = $true");
        for example in defs.iter().flat_map(|def| &def.examples) {
            bench.values(example.code);
            let errors = bench.host.with(|seen| seen.errors.clone());
            // Redmond has a policy already.
            let exists = example
                .code
                .starts_with("New-CsPinPolicy -Identity \"site:Redmond\"");
            let expected: &[&str] = if exists { &["PolicyExists"] } else { &[] };
            assert_eq!(
                bench.host.error_ids(),
                expected,
                "{}: {errors:?}",
                example.code
            );
        }
    });
}

/// `docs/cmdlets` holds one page for each cmdlet, as it is defined, and no other.
#[test]
fn the_pages_are_what_the_definitions_say() {
    Bench::on(|bench| {
        let pages = reference_pages(&definitions(bench));
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cmdlets");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            for stale in files(&folder) {
                std::fs::remove_file(folder.join(stale)).unwrap();
            }
            for (name, page) in &pages {
                std::fs::write(folder.join(name), page).unwrap();
            }
        }
        let wanted: BTreeSet<String> = pages.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(files(&folder), wanted, "run this test with UPDATE=1");
        for (name, page) in pages {
            let kept = std::fs::read_to_string(folder.join(&name)).unwrap();
            assert!(
                kept == page,
                "docs/cmdlets/{name} is not current: run this test with UPDATE=1"
            );
        }
    });
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}
