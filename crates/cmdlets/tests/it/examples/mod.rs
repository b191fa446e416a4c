//! Every example of the cmdlet reference, verbatim, each on a fresh sample company and with the
//! effect that its caption describes.
//!
//! `examples.txt` lists them; an example without a check fails, and so does a check of nothing. To
//! add one: its lines there, and an entry in the table of its subject here.

mod effects;
mod numbers;
mod pins;
mod policies;
mod roles;
mod users;

use std::collections::BTreeSet;
use std::path::Path;

use crate::bench::Bench;

/// An example and what must hold when it is run: the check gets the example and runs it itself,
/// so that it can look before and after.
pub type Checked = (&'static str, fn(&mut Bench, &str));

const TABLES: &[&[Checked]] = &[
    pins::EXAMPLES,
    policies::EXAMPLES,
    users::EXAMPLES,
    roles::EXAMPLES,
    numbers::EXAMPLES,
];

/// A cmdlet and its examples, each of one or more lines.
struct Listed {
    cmdlet: &'static str,
    code: String,
}

/// What the file lists, in its order.
fn listed() -> Vec<Listed> {
    let mut listed = Vec::new();
    let mut cmdlet = None;
    for block in include_str!("examples.txt").split("\n\n") {
        let mut lines: Vec<&str> = block.lines().collect();
        if let Some(name) = lines.first().and_then(|line| line.strip_prefix("# ")) {
            cmdlet = Some(name);
            lines.remove(0);
        }
        // What stands before the first heading tells the reader what the file is.
        if let Some(cmdlet) = cmdlet {
            let code = lines.join("\n");
            listed.push(Listed { cmdlet, code });
        }
    }
    listed
}

/// All examples with their checks.
pub fn all() -> impl Iterator<Item = &'static Checked> {
    TABLES.iter().copied().flatten()
}

/// Runs a table of examples, each on a company of its own.
fn run(table: &'static [Checked]) {
    for (code, check) in table {
        println!("{code}");
        Bench::on(move |bench| check(bench, code));
    }
}

#[test]
fn every_example_has_a_check_and_every_check_an_example() {
    let listed: Vec<String> = listed().into_iter().map(|one| one.code).collect();
    let wanted: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    assert_eq!(listed.len(), wanted.len(), "an example is listed twice");
    let checked: Vec<&str> = TABLES.iter().copied().flatten().map(|one| one.0).collect();
    let checks: BTreeSet<&str> = checked.iter().copied().collect();
    assert_eq!(checked.len(), checks.len(), "an example is checked twice");
    assert_eq!(
        wanted.difference(&checks).collect::<Vec<_>>(),
        <[&&str; 0]>::default(),
        "without a check"
    );
    assert_eq!(
        checks.difference(&wanted).collect::<Vec<_>>(),
        <[&&str; 0]>::default(),
        "without an example"
    );
}

/// The list is what the reference prints, wherever the page is at hand.
#[test]
fn the_list_is_that_of_the_page() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec/cmdlets.md");
    let Ok(page) = std::fs::read_to_string(page) else {
        println!("the reference is not at hand; only the list is tested");
        return;
    };
    let mut printed = Vec::new();
    let (mut cmdlet, mut inside) = ("", false);
    for line in page.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            cmdlet = name;
        } else if line.starts_with("```") {
            inside = line == "```powershell";
        } else if inside {
            printed.push((cmdlet, line));
        }
    }
    let listed = listed();
    let lines: Vec<(&str, &str)> = listed
        .iter()
        .flat_map(|one| one.code.lines().map(|line| (one.cmdlet, line)))
        .collect();
    assert_eq!(lines, printed);
}
