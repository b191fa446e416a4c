//! Every example of the cmdlets' reference parses.

use std::sync::LazyLock;

use pinward_shell::session::Completeness;

use crate::support::session;

/// The examples of the reference, without the one whose quotation marks are misprinted.
pub static EXAMPLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let file = include_str!("../../../cmdlets/tests/it/examples/examples.txt");
    let blocks = file
        .split("\n\n")
        .skip(1)
        .map(|block| match block.split_once('\n') {
            Some((heading, example)) if heading.starts_with("# ") => example,
            _ => block,
        });
    blocks
        .filter(|example| !example.contains("\"\"sip:"))
        .collect()
});

#[test]
fn every_example_parses() {
    let (session, _) = session();
    assert!(EXAMPLES.len() > 90);
    for example in EXAMPLES.iter() {
        assert_eq!(
            session.is_complete(example),
            Completeness::Complete,
            "{example}"
        );
    }
}
