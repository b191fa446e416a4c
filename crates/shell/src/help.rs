//! Help texts, made from the definitions of commands.

use crate::command::{COMMON, CmdletDef, Param, ParamKind};
use crate::registry::Registry;

/// How much help is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Synopsis, syntax, description.
    Usual,
    /// Synopsis and examples.
    Examples,
    /// The usual, parameters and examples.
    Detailed,
    /// Everything.
    Full,
}

/// How a command is called, one line for each parameter set.
#[must_use]
pub fn syntax(def: &CmdletDef) -> Vec<String> {
    let sets: &[&str] = if def.sets.is_empty() { &[""] } else { def.sets };
    sets.iter().map(|set| set_syntax(def, set)).collect()
}

fn set_syntax(def: &CmdletDef, set: &str) -> String {
    let common = |p: &Param| COMMON.iter().any(|c| c.name == p.name);
    let mut params: Vec<&Param> = def
        .all_params()
        .filter(|p| !p.hidden && p.is_in(set) && !common(p))
        .collect();
    // By place, then those that must be named; among these the required ones first. The sort is
    // stable: otherwise as declared.
    params.sort_by_key(|p| (p.position.unwrap_or(u8::MAX), !p.required));
    let mut line = def.name.to_owned();
    for param in params {
        line.push(' ');
        line.push_str(&one(param));
    }
    line.push_str(" [<CommonParameters>]");
    line
}

fn one(param: &Param) -> String {
    let name = match param.position {
        Some(_) => format!("[-{}]", param.name),
        None => format!("-{}", param.name),
    };
    let text = match param.kind {
        ParamKind::Switch => format!("-{}", param.name),
        _ => format!("{name} <{}>", param.type_label()),
    };
    if param.required {
        text
    } else {
        format!("[{text}]")
    }
}

/// Breaks a text into lines at blanks; each gets `indent` blanks in front.
fn wrapped(text: &str, indent: usize, width: usize, out: &mut Vec<String>) {
    let room = width.saturating_sub(indent).max(20);
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = crate::format::cell::width(&line) + crate::format::cell::width(word) + 1;
            if !line.is_empty() && longer > room {
                out.push(format!("{:indent$}{line}", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        out.push(if line.is_empty() {
            line
        } else {
            format!("{:indent$}{line}", "")
        });
    }
}

fn section(title: &str, text: &str, width: usize, out: &mut Vec<String>) {
    if text.is_empty() {
        return;
    }
    out.push(title.to_owned());
    wrapped(text, 4, width, out);
    out.push(String::new());
}

/// The help of a command, in lines of at most `width` cells where words allow it.
#[must_use]
pub fn text(def: &CmdletDef, detail: Detail, width: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    section("NAME", def.name, width, &mut out);
    section("SYNOPSIS", def.synopsis, width, &mut out);
    if detail == Detail::Examples {
        examples(def, width, &mut out);
        return out;
    }
    section("SYNTAX", &syntax(def).join("\n\n"), width, &mut out);
    section("DESCRIPTION", def.description, width, &mut out);
    if !def.aliases.is_empty() {
        section("ALIASES", &def.aliases.join(", "), width, &mut out);
    }
    if detail == Detail::Usual {
        let more = format!(
            "Get-Help {0} -Examples shows examples, Get-Help {0} -Full everything.",
            def.name
        );
        section("REMARKS", &more, width, &mut out);
        return out;
    }
    out.push("PARAMETERS".to_owned());
    for param in def.all_params().filter(|p| !p.hidden && !is_common(def, p)) {
        parameter(param, detail == Detail::Full, width, &mut out);
    }
    out.push("    <CommonParameters>".to_owned());
    let names: Vec<String> = COMMON
        .iter()
        .filter(|p| !p.hidden)
        .map(|p| format!("-{}", p.name))
        .collect();
    wrapped(
        &format!("Every command also takes {}.", names.join(", ")),
        8,
        width,
        &mut out,
    );
    out.push(String::new());
    if detail == Detail::Full {
        section("INPUTS", or_none(def.inputs), width, &mut out);
        let outputs: Vec<&str> = def.outputs.iter().map(|d| d.name).collect();
        section("OUTPUTS", or_none(&outputs.join("\n")), width, &mut out);
        section("NOTES", def.notes, width, &mut out);
    }
    examples(def, width, &mut out);
    out
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "None" } else { text }
}

fn is_common(def: &CmdletDef, param: &Param) -> bool {
    COMMON.iter().any(|c| c.name == param.name) && !def.params.iter().any(|p| p.name == param.name)
}

fn examples(def: &CmdletDef, width: usize, out: &mut Vec<String>) {
    for (number, example) in (1..).zip(&def.examples) {
        out.push(format!(
            "    -------------------------- EXAMPLE {number} --------------------------"
        ));
        out.push(String::new());
        // As it is: it is meant to be copied.
        out.extend(example.code.lines().map(|l| format!("    {l}")));
        out.push(String::new());
        wrapped(example.caption, 4, width, out);
        out.push(String::new());
    }
}

fn parameter(param: &Param, full: bool, width: usize, out: &mut Vec<String>) {
    out.push(match param.kind {
        ParamKind::Switch => format!("    -{} [<SwitchParameter>]", param.name),
        _ => format!("    -{} <{}>", param.name, param.type_label()),
    });
    wrapped(param.help, 8, width, out);
    if let ParamKind::Enum(words) = param.kind {
        wrapped(&format!("One of: {}.", words.join(", ")), 8, width, out);
    }
    if let Some((least, most)) = param.range {
        out.push(format!("        From {least} to {most}."));
    }
    out.push(String::new());
    if !full {
        return;
    }
    let yes_no = |b| if b { "true" } else { "false" };
    let pipeline = match (param.by_value, param.by_property) {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        (false, false) => "false",
    };
    let position = param.position.map_or("named".to_owned(), |p| p.to_string());
    let mut fact = |name: &str, value: &str| out.push(format!("        {name:<30}{value}"));
    fact("Required?", yes_no(param.required));
    fact("Position?", &position);
    fact("Accept pipeline input?", pipeline);
    fact("Accept $null?", yes_no(param.allow_null));
    if !param.aliases.is_empty() {
        fact("Aliases", &param.aliases.join(", "));
    }
    if !param.sets.is_empty() {
        fact("Parameter sets", &param.sets.join(", "));
    }
    out.push(String::new());
}

/// The help of the parameters of a command that fit a pattern; none if none does.
#[must_use]
pub fn parameters(def: &CmdletDef, pattern: &str, width: usize) -> Vec<String> {
    let pattern = crate::value::Wildcard::new(pattern.trim_start_matches('-'), false);
    let mut out = Vec::new();
    for param in def.all_params().filter(|p| !p.hidden) {
        if pattern.is_match(param.name) || param.aliases.iter().any(|a| pattern.is_match(a)) {
            parameter(param, true, width, &mut out);
        }
    }
    out
}

/// What there is help about: all commands with what they do, and the topics.
#[must_use]
pub fn overview(registry: &Registry) -> Vec<String> {
    let mut out = vec![
        String::new(),
        "Get-Help <name> shows the help of a command; -Examples, -Detailed and -Full show more."
            .to_owned(),
        String::new(),
    ];
    let longest = registry.iter().map(|d| d.name.len()).max().unwrap_or(0);
    let line = |name: &str, text: &str| format!("{name:longest$}  {text}");
    out.extend(registry.iter().map(|d| line(d.name, d.synopsis)));
    out.push(String::new());
    out.extend(
        TOPICS
            .iter()
            .map(|(name, text)| line(name, text.lines().next().unwrap_or(""))),
    );
    out
}

/// The text of a topic, such as `about_Filters`; the name may be shortened where it is unambiguous.
#[must_use]
pub fn topic(name: &str) -> Option<Vec<String>> {
    let name = name.to_lowercase();
    let plain = name.strip_prefix("about_").unwrap_or(&name);
    let of = |full: &str| full.to_lowercase()["about_".len()..].to_owned();
    let (_, text) = TOPICS.iter().find(|(full, _)| of(full) == plain)?;
    Some(text.lines().map(str::to_owned).collect())
}

const TOPICS: &[(&str, &str)] = &[
    ("about_Language", include_str!("help/about_language.txt")),
    ("about_Filters", include_str!("help/about_filters.txt")),
    ("about_Output", include_str!("help/about_output.txt")),
];
