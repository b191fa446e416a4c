//! Arbitrary source never panics.

use pinward_shell::session::Completeness;
use pinward_shell::{Limits, privacy};
use proptest::prelude::*;

use crate::examples::EXAMPLES;
use crate::support::session_with;

fn run(source: &str) {
    let limits = Limits {
        steps: 20_000,
        cells: 20_000,
        text_bytes: 1 << 16,
        elements: 10_000,
        ..Limits::default()
    };
    let (mut session, _) = session_with(limits);
    let result = session.run(source);
    let complete = session.is_complete(source);
    assert_eq!(
        result.parse_failed,
        complete != Completeness::Complete,
        "{source}"
    );
    let _ = session.complete_at(source, source.len());
    let _ = privacy::may_be_kept(source);
}

fn fragment() -> impl Strategy<Value = String> {
    let tokens = [
        "$x",
        "$_",
        "$null",
        "$true",
        "1",
        "0712",
        "1.5",
        "'a'",
        "\"b$x\"",
        "\"$(",
        "@(",
        "@{",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "[int]",
        "[string]",
        ",",
        ";",
        "\n",
        "|",
        " ",
        "-eq",
        "-match",
        "-join",
        "-f",
        "-not",
        "!",
        "..",
        "+",
        "-",
        "*",
        "/",
        "%",
        "=",
        "+=",
        "++",
        ".Name",
        ".Trim()",
        "Get-Person",
        "Where-Object",
        "ForEach-Object",
        "Select-Object -First 1",
        "Show-Bound",
        "-Identity",
        "-Text:",
        "if",
        "else",
        "foreach",
        "in",
        "while",
        "for",
        "break",
        "return",
        "#",
        "<#",
        "#>",
        "`",
        "–",
        "“",
        "”",
        "@'",
        "'@",
        "\u{0}",
        "é",
        "$",
        "@",
        "&",
        "::",
        "$Matches",
        "-split",
        "-replace",
        "Sort-Object",
        "Format-Table",
        "ConvertTo-Json",
        "[pscustomobject]",
        "@x",
    ];
    prop::collection::vec(prop::sample::select(tokens.to_vec()), 0..40).prop_map(|t| t.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(source in "\\PC{0,120}") {
        run(&source);
    }

    #[test]
    fn any_tokens(source in fragment()) {
        run(&source);
    }

    #[test]
    fn broken_examples(i in 0..EXAMPLES.len(), from in 0usize..200, length in 0usize..20, with in fragment()) {
        let mut chars: Vec<char> = EXAMPLES[i].chars().collect();
        let from = from.min(chars.len());
        let to = (from + length).min(chars.len());
        let with: Vec<char> = with.chars().take(10).collect();
        chars.splice(from..to, with);
        run(&chars.into_iter().collect::<String>());
    }
}
