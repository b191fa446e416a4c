//! Completion: what could stand where the cursor is.

use super::Session;
use crate::command::{CmdletDef, Param, ParamKind};
use crate::lexer::{is_blank, is_dash, is_double_quote, is_name, is_newline, is_single_quote};
use crate::value::Value;

/// One thing that could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionItem {
    /// The text to put in.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub help: &'static str,
}

/// What could replace a part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where the replaced part starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// What could stand there, in order.
    pub items: Vec<CompletionItem>,
}

/// The most things offered.
const MOST: usize = 200;

/// One nesting level of the line: where its current command starts, and the commands before it in
/// the same pipeline.
#[derive(Default, Clone)]
struct Level {
    start: usize,
    upstream: Vec<(usize, usize)>,
}

/// Where in the line the cursor is.
struct Place {
    levels: Vec<Level>,
    /// Where the word at the cursor starts (behind an opening quotation mark).
    word: usize,
    /// The opening quotation mark of that word, if it is not closed.
    quote: Option<char>,
}

impl Session {
    /// What could stand at byte `cursor` of `line` (which may be several lines).
    #[must_use]
    pub fn complete_at(&self, line: &str, cursor: usize) -> Completion {
        let mut end = cursor.min(line.len());
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let before = &line[..end];
        if before.len() > self.rt.limits.source_bytes {
            return Completion::default();
        }
        let place = locate(before);
        let word = &before[place.word..];
        let (start, items) = self.complete_word(before, &place, word);
        let mut items: Vec<CompletionItem> = items.into_iter().take(MOST).collect();
        items.dedup();
        Completion {
            start: place.word + start,
            end,
            items,
        }
    }

    fn complete_word(
        &self,
        before: &str,
        place: &Place,
        word: &str,
    ) -> (usize, Vec<CompletionItem>) {
        let level = place.levels.last().cloned().unwrap_or_default();
        if place.quote.is_none_or(is_double_quote)
            && let Some(dollar) = word.rfind('$')
        {
            return self.complete_variable(before, place, word, dollar);
        }
        // The opening quotation mark belongs to the word that is being completed.
        let opening = place.quote.map_or(0, char::len_utf8);
        let words = words(&before[level.start..place.word - opening]);
        let Some(name) = words.first() else {
            return (0, self.commands(word));
        };
        let Some(def) = self.rt.registry.find(name) else {
            return (0, Vec::new());
        };
        if place.quote.is_none() && word.starts_with(is_dash) {
            return (0, parameters(def, word));
        }
        let Some(param) = param_of(def, &words[1..]) else {
            return (0, Vec::new());
        };
        let types = level
            .upstream
            .iter()
            .rev()
            .map(|(from, to)| &before[*from..*to]);
        let values = if param.name.to_lowercase().ends_with("property") {
            self.properties_after(types, word)
        } else {
            self.values(param, word, place.quote.is_some())
        };
        (0, values)
    }

    fn commands(&self, start: &str) -> Vec<CompletionItem> {
        let start: String = start
            .chars()
            .map(|c| if is_dash(c) { '-' } else { c })
            .collect();
        self.rt
            .registry
            .iter()
            .filter(|def| begins(def.name, &start))
            .map(|def| CompletionItem {
                text: def.name.to_owned(),
                help: def.synopsis,
            })
            .collect()
    }

    fn complete_variable(
        &self,
        before: &str,
        place: &Place,
        word: &str,
        dollar: usize,
    ) -> (usize, Vec<CompletionItem>) {
        let name = &word[dollar + 1..];
        if let Some((variable, property)) = name.split_once('.') {
            let from = dollar + 2 + variable.len();
            if variable == "_" || variable.eq_ignore_ascii_case("PSItem") {
                let outer = place
                    .levels
                    .len()
                    .checked_sub(2)
                    .and_then(|i| place.levels.get(i));
                let commands: Vec<&str> = outer
                    .map(|l| {
                        l.upstream
                            .iter()
                            .rev()
                            .map(|(f, t)| &before[*f..*t])
                            .collect()
                    })
                    .unwrap_or_default();
                return (from, self.properties_after(commands.into_iter(), property));
            }
            return (from, properties_of(&self.variable(variable), property));
        }
        if !name.chars().all(is_name) {
            return (0, Vec::new());
        }
        let automatic = ["true", "false", "null", "_", "Error", "Matches"];
        let known = self.rt.variables.keys().map(|k| &**k);
        let mut names: Vec<&str> = known.chain(automatic).filter(|n| begins(n, name)).collect();
        names.sort_unstable();
        names.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        let item = |n: &str| CompletionItem {
            text: format!("${n}"),
            help: "",
        };
        (dollar, names.into_iter().map(item).collect())
    }

    /// Property names of what the nearest of these commands puts out, if that is known.
    fn properties_after<'a>(
        &self,
        commands: impl Iterator<Item = &'a str>,
        start: &str,
    ) -> Vec<CompletionItem> {
        for command in commands {
            let words = words(command);
            let Some(def) = words.first().and_then(|n| self.rt.registry.find(n)) else {
                continue;
            };
            let names = def.outputs.iter().flat_map(|t| t.properties).copied();
            let items: Vec<CompletionItem> = names
                .filter(|n| begins(n, start))
                .map(|n| CompletionItem {
                    text: n.to_owned(),
                    help: "",
                })
                .collect();
            if !def.outputs.is_empty() {
                return items;
            }
        }
        Vec::new()
    }

    fn values(&self, param: &Param, start: &str, quoted: bool) -> Vec<CompletionItem> {
        if param.completes == Some("command") {
            return self.commands(start);
        }
        let fixed: &[&str] = match param.kind {
            ParamKind::Enum(words) => words,
            ParamKind::Bool => &["$true", "$false"],
            _ => &[],
        };
        let mut values: Vec<String> = fixed
            .iter()
            .filter(|v| begins(v, start))
            .map(|v| (*v).to_owned())
            .collect();
        if let Some(source) = param.completes
            && !param.secret
        {
            values.extend(self.rt.host.complete(source, start));
        }
        let item = |v: String| CompletionItem {
            text: if quoted || !needs_quotes(&v) {
                v
            } else {
                format!("\"{}\"", v.replace('"', "\"\""))
            },
            help: "",
        };
        values.into_iter().map(item).collect()
    }
}

fn begins(full: &str, start: &str) -> bool {
    full.get(..start.len())
        .is_some_and(|s| s.eq_ignore_ascii_case(start))
}

fn needs_quotes(value: &str) -> bool {
    value.is_empty()
        || (!value.starts_with("$")
            && value.chars().any(|c| {
                crate::lexer::ends_word(c)
                    || matches!(c, '$' | '`' | '#' | '@')
                    || is_single_quote(c)
                    || is_double_quote(c)
            }))
}

fn properties_of(value: &Value, start: &str) -> Vec<CompletionItem> {
    let first = match value {
        Value::Array(items) => items.first().cloned().unwrap_or_default(),
        one => one.clone(),
    };
    let names: Vec<String> = match &first {
        Value::Object(o) => o.properties().iter().map(|p| p.name.to_string()).collect(),
        Value::Hash(h) => h.keys().iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let fitting = names.into_iter().filter(|n| begins(n, start));
    fitting
        .map(|text| CompletionItem { text, help: "" })
        .collect()
}

fn parameters(def: &CmdletDef, word: &str) -> Vec<CompletionItem> {
    let start = word.trim_start_matches(is_dash);
    let shown = def
        .all_params()
        .filter(|p| !p.hidden && begins(p.name, start));
    shown
        .map(|p| CompletionItem {
            text: format!("-{}", p.name),
            help: p.help,
        })
        .collect()
}

/// The parameter whose value comes after these words.
fn param_of(def: &CmdletDef, words: &[String]) -> Option<&'static Param> {
    let named = |word: &str| {
        let name = word.strip_prefix(is_dash)?;
        let exact = def.all_params().find(|p| p.is_called(name));
        exact.or_else(|| {
            def.all_params()
                .find(|p| !name.is_empty() && begins(p.name, name))
        })
    };
    if let Some(param) = words.last().and_then(|w| named(w))
        && param.kind != ParamKind::Switch
    {
        return Some(param);
    }
    // Otherwise it is the next one without a name.
    let mut used: Vec<&str> = Vec::new();
    let mut values = 0;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match named(word) {
            Some(param) => {
                used.push(param.name);
                if param.kind != ParamKind::Switch {
                    words.next();
                }
            }
            None => values += 1,
        }
    }
    let mut free: Vec<&'static Param> = def
        .all_params()
        .filter(|p| p.position.is_some() && !used.contains(&p.name))
        .collect();
    free.sort_by_key(|p| p.position);
    free.get(values).copied()
}

/// The words of a command, quotation marks removed.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<fn(char) -> bool> = None;
    for c in text.chars() {
        match quote {
            Some(closes) if closes(c) => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if is_single_quote(c) => {
                quote = Some(is_single_quote);
                word.get_or_insert_default();
            }
            None if is_double_quote(c) => {
                quote = Some(is_double_quote);
                word.get_or_insert_default();
            }
            None if is_blank(c) || is_newline(c) => words.extend(word.take()),
            // A list is one argument.
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn locate(before: &str) -> Place {
    let mut levels = vec![Level::default()];
    let mut word = 0;
    let mut quote = None;
    for (i, c) in before.char_indices() {
        let next = i + c.len_utf8();
        if let Some(q) = quote {
            if (is_single_quote(q) && is_single_quote(c))
                || (is_double_quote(q) && is_double_quote(c))
            {
                quote = None;
            }
            continue;
        }
        let Some(level) = levels.last_mut() else {
            break;
        };
        match c {
            c if is_single_quote(c) || is_double_quote(c) => {
                quote = Some(c);
                word = next;
            }
            '(' | '{' => {
                levels.push(Level {
                    start: next,
                    upstream: Vec::new(),
                });
                word = next;
            }
            ')' | '}' => {
                if levels.len() > 1 {
                    levels.pop();
                }
                word = next;
            }
            '|' => {
                level.upstream.push((level.start, i));
                level.start = next;
                word = next;
            }
            ';' | '\n' | '\r' | '=' => {
                *level = Level {
                    start: next,
                    upstream: Vec::new(),
                };
                word = next;
            }
            ',' => word = next,
            // `-Name:value`; a colon elsewhere is part of the word.
            ':' if before[word..i].starts_with(is_dash) => word = next,
            c if is_blank(c) => word = next,
            _ => {}
        }
    }
    Place {
        levels,
        word,
        quote,
    }
}
