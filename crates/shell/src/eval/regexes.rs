//! Regular expressions: matching, replacing, splitting, always in linear time.

use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use super::runtime::Runtime;
use crate::ast::At;
use crate::command::Stop;
use crate::error::Category;
use crate::value::Value;

/// Compiled expressions kept per session.
const KEPT: usize = 64;

impl Runtime {
    /// The compiled form of a pattern.
    pub(super) fn regex(&mut self, pattern: &str, case: bool, at: At) -> Result<Regex, Stop> {
        if let Some((_, _, regex)) = self
            .regexes
            .iter()
            .find(|(p, c, _)| *c == case && **p == *pattern)
        {
            return Ok(regex.clone());
        }
        if let Some(construct) = unsupported(pattern) {
            let message = format!("{construct} is not supported in patterns");
            return Err(self.fault(at, "RegexNotSupported", Category::NotImplemented, message));
        }
        self.step(pattern.len() as u64)?;
        let regex = RegexBuilder::new(&translate(pattern))
            .case_insensitive(!case)
            .size_limit(self.limits.regex_bytes)
            .dfa_size_limit(self.limits.regex_bytes)
            .nest_limit(64)
            .build()
            .map_err(|e| {
                let reason = match e {
                    regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                    other => other
                        .to_string()
                        .lines()
                        .last()
                        .unwrap_or_default()
                        .to_owned(),
                };
                let message = format!("the pattern is not understood: {reason}");
                self.fault(at, "InvalidRegex", Category::InvalidArgument, message)
            })?;
        if self.regexes.len() == KEPT {
            self.regexes.remove(0);
        }
        self.regexes.push((Rc::from(pattern), case, regex.clone()));
        Ok(regex)
    }

    /// `-replace "pattern", "replacement"`.
    pub(super) fn replace(
        &mut self,
        left: &Value,
        right: &Value,
        case: bool,
        at: At,
    ) -> Result<Value, Stop> {
        let (pattern, replacement) = match right {
            Value::Array(items) => match &items[..] {
                [pattern] => (pattern.to_text(), Rc::from("")),
                [pattern, Value::Block(_)] => {
                    let _ = pattern;
                    let message = "a script block as replacement is not supported";
                    return Err(self.fault(at, "NotSupported", Category::NotImplemented, message));
                }
                [pattern, replacement] => (pattern.to_text(), replacement.to_text()),
                _ => {
                    let message = "-replace takes a pattern and a replacement";
                    return Err(self.fault(at, "Replace", Category::InvalidArgument, message));
                }
            },
            pattern => (pattern.to_text(), Rc::from("")),
        };
        let regex = self.regex(&pattern, case, at)?;
        let replacement = groups(&replacement);
        let one = |rt: &mut Self, value: &Value| -> Result<Value, Stop> {
            let text = value.to_text();
            rt.step(text.len() as u64 / 16)?;
            let mut out = String::new();
            let mut last = 0;
            for found in regex.captures_iter(&text) {
                rt.step(1)?;
                if let Some(whole) = found.get(0) {
                    out.push_str(&text[last..whole.start()]);
                    last = whole.end();
                }
                found.expand(&replacement, &mut out);
                rt.check_text(out.len())?;
            }
            out.push_str(&text[last..]);
            rt.made_text(out)
        };
        match left {
            Value::Array(items) => {
                let items = items
                    .iter()
                    .map(|v| one(self, v))
                    .collect::<Result<Vec<_>, _>>()?;
                self.charge_cells(items.len() as u64)?;
                Ok(Value::array(items))
            }
            single => one(self, single),
        }
    }

    /// `-split "pattern"`, `-split "pattern", limit`.
    pub(super) fn split(
        &mut self,
        left: &Value,
        right: &Value,
        case: bool,
        at: At,
    ) -> Result<Value, Stop> {
        let (pattern, limit) = match right {
            Value::Array(items) => {
                let limit = match items.get(1) {
                    Some(limit) => self.number(limit, at)?.as_i64().unwrap_or(0),
                    None => 0,
                };
                (items.first().map(Value::to_text).unwrap_or_default(), limit)
            }
            pattern => (pattern.to_text(), 0),
        };
        let regex = self.regex(&pattern, case, at)?;
        let limit = usize::try_from(limit)
            .ok()
            .filter(|n| *n > 0)
            .unwrap_or(usize::MAX);
        let mut parts = Vec::new();
        let texts = match left {
            Value::Array(items) => items.iter().map(Value::to_text).collect(),
            single => vec![single.to_text()],
        };
        for text in texts {
            self.step(1 + text.len() as u64 / 16)?;
            parts.extend(regex.splitn(&text, limit).map(Value::from));
            self.check_elements(parts.len())?;
        }
        self.charge_cells(2 * parts.len() as u64)?;
        Ok(Value::array(parts))
    }
}

/// The construct of .NET's expressions that a linear-time engine cannot have, if one is used.
fn unsupported(pattern: &str) -> Option<&'static str> {
    let mut chars = pattern.chars().peekable();
    let mut in_set = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next();
                if !in_set && next.is_some_and(|n| n.is_ascii_digit() && n != '0') {
                    return Some("a back-reference (\\1)");
                }
                if !in_set && next == Some('k') {
                    return Some("a back-reference (\\k)");
                }
            }
            '[' => in_set = true,
            ']' => in_set = false,
            '(' if !in_set && chars.peek() == Some(&'?') => {
                let rest: String = chars.clone().skip(1).take(2).collect();
                match rest.as_str() {
                    r if r.starts_with('=') || r.starts_with('!') => {
                        return Some("look-ahead (?=…)");
                    }
                    "<=" | "<!" => return Some("look-behind (?<=…)"),
                    r if r.starts_with('>') => return Some("an atomic group (?>…)"),
                    r if r.starts_with('(') => return Some("a conditional group (?(…)…)"),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    None
}

/// What .NET writes differently.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('Z')) => {
                chars.next();
                out.push_str("(?:\\n?\\z)");
            }
            ('\\', Some('e')) => {
                chars.next();
                out.push_str("\\x1B");
            }
            ('\\', Some(next)) => {
                out.push('\\');
                out.push(*next);
                chars.next();
            }
            ('(', Some('?')) => {
                chars.next();
                // (?'name'…) is another way to write (?<name>…).
                if chars.peek() == Some(&'\'') {
                    chars.next();
                    let name: String = chars.by_ref().take_while(|c| *c != '\'').collect();
                    out.push_str("(?<");
                    out.push_str(&name);
                    out.push('>');
                } else {
                    out.push_str("(?");
                }
            }
            (c, _) => out.push(c),
        }
    }
    out
}

/// Group references of a replacement, made unambiguous: `$1a` is group 1 and an `a`.
fn groups(replacement: &str) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '$' {
            out.push(c);
            continue;
        }
        match chars.peek().copied() {
            Some('$') => {
                chars.next();
                out.push_str("$$");
            }
            Some('&') => {
                chars.next();
                out.push_str("${0}");
            }
            Some('{') => {
                chars.next();
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                out.push_str("${");
                out.push_str(&name);
                out.push('}');
            }
            Some(d) if d.is_ascii_digit() => {
                out.push_str("${");
                while let Some(d) = chars.next_if(char::is_ascii_digit) {
                    out.push(d);
                }
                out.push('}');
            }
            _ => out.push_str("$$"),
        }
    }
    out
}
