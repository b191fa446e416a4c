//! The sentences of ARCHITECTURE.md, held against the tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Which crates of ours a crate may depend on; development dependencies apart.
const ARROWS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("verifier", &["core"]),
    ("store", &["core"]),
    ("trust", &[]),
    ("directory", &["core", "trust"]),
    ("service", &["core", "directory", "store", "verifier"]),
    ("shell", &[]),
    ("cmdlets", &["core", "directory", "service", "shell"]),
    ("traces", &["core", "trust"]),
    ("attendant", &["core", "service"]),
    ("fastagi", &["attendant", "core", "service"]),
    ("http", &["attendant", "core", "service", "traces"]),
    ("radius", &["core", "service"]),
    (
        "pinward",
        &[
            "attendant",
            "cmdlets",
            "core",
            "directory",
            "fastagi",
            "http",
            "radius",
            "service",
            "shell",
            "store",
            "traces",
            "verifier",
        ],
    ),
    ("guessing", &["core"]),
    (
        "load",
        &[
            "core",
            "guessing",
            "http",
            "radius",
            "directory",
            "service",
            "store",
            "verifier",
            "testkit",
        ],
    ),
    (
        "testkit",
        &["core", "directory", "service", "store", "verifier"],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a folder with one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder of the tree") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, endings, found);
            } else if path
                .extension()
                .is_some_and(|e| endings.iter().any(|end| e == *end))
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), endings, &mut found);
    found.sort();
    found
}

#[test]
fn arrows_point_down_only() {
    let crates: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .expect("the crates")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let listed: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(crates, listed, "every crate has its line in ARROWS");
    for (name, allowed) in ARROWS {
        let manifest = read(format!("crates/{name}/Cargo.toml"));
        let dependencies = manifest
            .split("\n[")
            .find(|section| section.starts_with("dependencies]"))
            .unwrap_or_default();
        for line in dependencies.lines() {
            let Some(dependency) = line.strip_prefix("pinward-") else {
                continue;
            };
            let dependency = dependency.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(
                allowed.contains(&dependency),
                "crates/{name} may not depend on crates/{dependency}"
            );
        }
    }
}

#[test]
fn every_path_that_the_pages_name_exists() {
    let path = Regex::new(r"`((?:crates|docs|fuzz|examples|benches)/[A-Za-z0-9_./-]*)`").unwrap();
    for page in ["ARCHITECTURE.md", "README.md"] {
        for found in path.captures_iter(&read(page)) {
            assert!(
                root().join(&found[1]).exists(),
                "{page} names {}, which is not there",
                &found[1]
            );
        }
    }
}

#[test]
fn every_rust_file_belongs_to_a_module() {
    for file in files("crates", &["rs"]) {
        let stem = file
            .file_stem()
            .expect("a stem")
            .to_string_lossy()
            .into_owned();
        let folder = file.parent().expect("a folder");
        if ["lib", "main", "mod", "build"].contains(&stem.as_str())
            || folder.ends_with("examples")
            || folder.ends_with("benches")
            || folder.ends_with("tests")
        {
            continue;
        }
        let parents = [
            folder.join("mod.rs"),
            folder.join("lib.rs"),
            folder.join("main.rs"),
            folder.with_extension("rs"),
        ];
        let declaration = format!("mod {stem}");
        let registered = parents
            .iter()
            .any(|parent| fs::read_to_string(parent).is_ok_and(|text| text.contains(&declaration)));
        assert!(registered, "{} belongs to no module", file.display());
    }
}

/// Every rule of docs/rules.md that is not in its "Not yet" table is cited by some test.
#[test]
fn every_rule_has_a_test() {
    let page = read("docs/rules.md");
    let (contract, later) = page
        .split_once("## Not yet")
        .expect("the section \"Not yet\"");
    let heading = Regex::new(r"^## (R-[A-Z]+):").unwrap();
    let item = Regex::new(r"^(\d+)\. ").unwrap();
    let cited = Regex::new(r"R-[A-Z]+-\d+").unwrap();
    let exempt: BTreeSet<&str> = cited.find_iter(later).map(|found| found.as_str()).collect();
    let named: BTreeSet<String> = files("crates", &["rs"])
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).expect("a source file");
            // In a file that has no test, a number is only a promise.
            let tests = text.contains("#[test]")
                || text.contains("#[tokio::test")
                || text.contains("proptest!")
                || file.to_string_lossy().contains("tests");
            let numbers: Vec<String> = match tests {
                true => cited
                    .find_iter(&text)
                    .map(|found| found.as_str().to_owned())
                    .collect(),
                false => Vec::new(),
            };
            numbers
        })
        .collect();
    let mut rules = 0;
    let mut section = String::new();
    for line in contract.lines() {
        if let Some(found) = heading.captures(line) {
            section = found[1].to_owned();
        } else if let Some(found) = item.captures(line) {
            let rule = format!("{section}-{}", &found[1]);
            rules += 1;
            assert!(
                exempt.contains(rule.as_str()) || named.contains(&rule),
                "no test names {rule}"
            );
        }
    }
    assert!(rules > 50, "the rules were read: {rules}");
}
