//! What of a line may be shown or kept.

use crate::ast::At;
use crate::error::Position;

/// `text` with every run of 4 to 24 digits masked, so that no PIN is repeated in an error.
#[must_use]
pub fn mask_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    let settle = |run: &mut String, out: &mut String| {
        if (4..=24).contains(&run.chars().count()) {
            out.extend(std::iter::repeat_n('*', run.chars().count()));
        } else {
            out.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if c.is_numeric() {
            run.push(c);
        } else {
            settle(&mut run, &mut out);
            out.push(c);
        }
    }
    settle(&mut run, &mut out);
    out
}

/// The line and column of a place in a script, with the line masked and shortened.
pub(crate) fn position(script: &str, at: At) -> Position {
    const LONGEST: usize = 160;
    let mut at = (at as usize).min(script.len());
    while !script.is_char_boundary(at) {
        at -= 1;
    }
    let start = script[..at].rfind('\n').map_or(0, |i| i + 1);
    let line = script[start..].lines().next().unwrap_or_default();
    let text: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    Position {
        line: script[..at].matches('\n').count() + 1,
        column: script[start..at].chars().count() + 1,
        text: mask_digits(&text).chars().take(LONGEST).collect(),
    }
}

/// Whether a line may be kept in history: not if it has a run of four or more digits that could
/// be a PIN (only telephone numbers written with `+` are let through), nor if it uses `-Pin` or a
/// beginning of it. Rather too careful than not.
#[must_use]
pub fn may_be_kept(line: &str) -> bool {
    !names_parameter(line, |name| "pin".starts_with(name)) && !has_digits(line)
}

/// Whether a line has an argument `-name` of which `secret` says yes; names come in lower case.
pub(crate) fn names_parameter(line: &str, secret: impl Fn(&str) -> bool) -> bool {
    let chars: Vec<char> = line.chars().collect();
    (0..chars.len())
        .filter(|i| crate::lexer::is_dash(chars[*i]))
        .any(|i| {
            let inside_word = i > 0 && crate::lexer::is_name(chars[i - 1]);
            let name: String = chars[i + 1..]
                .iter()
                .take_while(|c| crate::lexer::is_name(**c))
                .collect();
            !inside_word && !name.is_empty() && secret(&name.to_lowercase())
        })
}

fn has_digits(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    let mut i = 0;
    while i < chars.len() {
        if !chars[i].is_numeric() {
            i += 1;
            continue;
        }
        let length = chars[i..].iter().take_while(|c| c.is_numeric()).count();
        if length >= 4 && !is_phone(&chars, i, length) {
            return true;
        }
        i += length;
    }
    false
}

/// `+14255551219`, alone or after `tel:` or an opening quotation mark: seven to fifteen digits.
fn is_phone(chars: &[char], start: usize, length: usize) -> bool {
    let before = |n: usize| start.checked_sub(n).and_then(|i| chars.get(i)).copied();
    let opens =
        |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || matches!(c, ':' | ',' | '(' | '='));
    let quote = |c: char| crate::lexer::is_single_quote(c) || crate::lexer::is_double_quote(c);
    before(1) == Some('+')
        && (7..=15).contains(&length)
        && (opens(before(2)) || (before(2).is_some_and(quote) && opens(before(3))))
}
