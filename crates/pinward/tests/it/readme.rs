//! The transcript of the README is what the shell really answers.

use std::path::Path;

use regex::Regex;

use crate::program::Sample;

const PROMPT: &str = "PIN> ";

/// The commands of the transcript with what is printed after each.
fn transcript() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(path).expect("the README");
    let start = text.find("```transcript\n").expect("a transcript") + "```transcript\n".len();
    let length = text[start..].find("```").expect("its end");
    let mut steps: Vec<(String, String)> = Vec::new();
    for line in text[start..start + length].lines() {
        if let Some(command) = line.strip_prefix(PROMPT) {
            steps.push((command.to_owned(), String::new()));
        } else if let Some((_, printed)) = steps.last_mut() {
            printed.push_str(line);
            printed.push('\n');
        }
    }
    steps
}

/// Without what differs from run to run: generated PINs, times, blank lines, spaces at line ends.
fn comparable(text: &str) -> String {
    let pin = Regex::new(r"(?m)^(sip:\S+ +)\d{4,}\s*$").unwrap();
    let time = Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").unwrap();
    let text = pin.replace_all(text, "${1}<PIN>");
    let text = time.replace_all(&text, "<time>");
    text.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_transcript_is_true() {
    let steps = transcript();
    assert!(steps.len() > 10, "{steps:?}");
    let sample = Sample::new();
    for (command, printed) in steps {
        let run = sample.run(&command).well();
        assert_eq!(comparable(&run.out), comparable(&printed), "{command}");
    }
}
