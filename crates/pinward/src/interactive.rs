//! The shell for a person at a terminal: prompt, editing, completion, history.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use pinward_shell::Session;
use pinward_shell::session::Completeness;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{ColorMode, CompletionType, Config, Editor, Helper};

use crate::lines::Lines;
use crate::run::exit_code_of;

const PROMPT: &str = "PIN> ";
/// Lines kept from session to session.
const MOST_KEPT: usize = 1000;

/// Reads and runs lines until `exit` or Ctrl-D. Ctrl-C stops a running pipeline, or clears the
/// line being typed, and never ends the shell.
pub fn interactive(
    session: Session,
    lines: &Lines,
    cancelled: &Arc<AtomicBool>,
) -> Result<ExitCode> {
    let session = Rc::new(RefCell::new(session));
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .auto_add_history(false)
        .max_history_size(MOST_KEPT)
        .context("cannot set up the line editor")?
        .color_mode(
            if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
                ColorMode::Disabled
            } else {
                ColorMode::Enabled
            },
        )
        .build();
    let mut editor: Editor<Assistant, DefaultHistory> =
        Editor::with_config(config).context("cannot use this terminal")?;
    editor.set_helper(Some(Assistant {
        session: Rc::clone(&session),
    }));
    let history = history_file();
    if let Some(path) = &history {
        // A history that cannot be read is a history that is empty.
        let _read = editor.load_history(path);
    }
    let mut last = ExitCode::SUCCESS;
    loop {
        let line = match editor.readline(PROMPT) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Ok(last),
            Err(error) => return Err(error).context("cannot read from the terminal"),
        };
        if line.trim().is_empty() {
            continue;
        }
        if session.borrow().may_be_kept(&line) {
            lines.keep(&line);
            let added = editor.add_history_entry(line.as_str());
            if let (Ok(true), Some(path)) = (added, &history) {
                // What cannot be kept is not worth stopping for.
                let _kept = make_private(path).map(|()| editor.append_history(path));
            }
        }
        cancelled.store(false, Ordering::Relaxed);
        let result = session.borrow_mut().run(&line);
        last = exit_code_of(result, cancelled);
        cancelled.store(false, Ordering::Relaxed);
        if result.exit.is_some() {
            return Ok(last);
        }
    }
}

/// `$XDG_STATE_HOME/pinward/history`, by default below `~/.local/state`.
fn history_file() -> Option<PathBuf> {
    let given = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let state = given("XDG_STATE_HOME").or_else(|| Some(given("HOME")?.join(".local/state")))?;
    Some(state.join("pinward/history"))
}

/// Makes the file for its owner alone before anything is written to it.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

/// What the line editor asks while a line is typed.
struct Assistant {
    session: Rc<RefCell<Session>>,
}

impl Helper for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Ok(session) = self.session.try_borrow() else {
            return Ok((position, Vec::new()));
        };
        let completion = session.complete_at(line, position);
        let pairs = completion
            .items
            .into_iter()
            .map(|item| Pair {
                display: item.text.clone(),
                replacement: item.text,
            })
            .collect();
        Ok((completion.start, pairs))
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let Ok(session) = self.session.try_borrow() else {
            return Ok(ValidationResult::Valid(None));
        };
        Ok(match session.is_complete(context.input()) {
            Completeness::Incomplete => ValidationResult::Incomplete,
            // What is wrong is told when it is run.
            Completeness::Complete | Completeness::Invalid => ValidationResult::Valid(None),
        })
    }
}

impl Highlighter for Assistant {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(
        &'s self,
        prompt: &'p str,
        _default: bool,
    ) -> Cow<'b, str> {
        Cow::Owned(format!("\x1b[36m{prompt}\x1b[0m"))
    }

    fn highlight<'l>(&self, line: &'l str, _position: usize) -> Cow<'l, str> {
        Cow::Owned(coloured(line))
    }

    fn highlight_char(&self, _line: &str, _position: usize, _kind: CmdKind) -> bool {
        true
    }
}

/// Commands yellow, parameters grey, variables green, texts cyan: by sight, not by grammar.
fn coloured(line: &str) -> String {
    let mut shown = String::with_capacity(line.len() + 32);
    let mut rest = line;
    let mut command_next = true;
    while let Some(first) = rest.chars().next() {
        let (token, colour) = match first {
            '"' | '\'' => (quoted(rest, first), Some("36")),
            '$' => (word(rest, 1), Some("32")),
            '-' | '–' | '—' | '―' if starts_parameter(rest) => {
                (word(rest, first.len_utf8()), Some("90"))
            }
            '#' => (rest, Some("90")),
            c if c.is_alphanumeric() => (word(rest, 0), command_next.then_some("33")),
            c => (&rest[..c.len_utf8()], None),
        };
        command_next = match first {
            '|' | ';' | '{' | '(' | '=' => true,
            c if c.is_whitespace() => command_next,
            _ => false,
        };
        match colour {
            Some(colour) => shown.push_str(&format!("\x1b[{colour}m{token}\x1b[0m")),
            None => shown.push_str(token),
        }
        rest = &rest[token.len()..];
    }
    shown
}

fn starts_parameter(text: &str) -> bool {
    text.chars().nth(1).is_some_and(char::is_alphabetic)
}

/// The beginning of `text` up to the end of the word that starts after `skip` bytes.
fn word(text: &str, skip: usize) -> &str {
    let tail = &text[skip..];
    let length = tail
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .unwrap_or(tail.len());
    &text[..skip + length]
}

/// The beginning of `text` up to the closing quotation mark, or all of it.
fn quoted(text: &str, mark: char) -> &str {
    match text[1..].find(mark) {
        Some(end) => &text[..end + 2],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_change_nothing_but_colours() {
        let escape = regex::Regex::new("\x1b\\[[0-9]+m").unwrap();
        for line in [
            "",
            "Get-CsUser -Identity \"Ken Myer\" | Where-Object {$_.Cmdlets –match 'x'} # said",
            "$x = 1; -foo -1 'unclosed",
            "\"",
            "$",
            "é – ― “x” ${a b}",
        ] {
            assert_eq!(escape.replace_all(&coloured(line), ""), line);
        }
        assert!(coloured("Get-CsUser x").starts_with("\x1b[33mGet-CsUser\x1b[0m x"));
    }
}
