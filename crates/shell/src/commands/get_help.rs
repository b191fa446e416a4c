//! `Get-Help`

use super::support::refuse;
use crate::error::Category;
use crate::help::{self, Detail};
use crate::value::Wildcard;
use crate::{CmdletDef, Cx, ErrorRecord, Flow, Param};

const PARAMS: &[Param] = &[
    Param::string("Name")
        .at(1)
        .by_property()
        .help("A command, an alias or a topic.")
        .completes("command"),
    Param::switch("Examples").help("Shows examples."),
    Param::switch("Detailed").help("Shows parameters and examples too."),
    Param::switch("Full").help("Shows everything."),
    Param::strings("Parameter").help("Shows these parameters; wildcards are allowed."),
    Param::switch("Online").hidden().help("Not supported."),
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::function("Get-Help", |cx, args| {
        let width = cx.host().width().unwrap_or(100).min(100);
        let registry = cx.registry();
        let Some(name) = args.string("Name") else {
            return cx.emit_all(help::overview(&registry));
        };
        if args.switch("Online") {
            return Err(refuse(cx, "there is no help online; it is all here"));
        }
        if let Some(def) = registry.find(name) {
            let wanted = args.strings("Parameter");
            if wanted.is_empty() {
                return cx.emit_all(help::text(def, detail(args), width));
            }
            for pattern in wanted {
                let lines = help::parameters(def, &pattern, width);
                if lines.is_empty() {
                    let message = format!("{} has no parameter \"{pattern}\"", def.name);
                    cx.error(not_found(message))?;
                }
                cx.emit_all(lines)?;
            }
            return Ok(());
        }
        if let Some(lines) = help::topic(name) {
            return cx.emit_all(lines);
        }
        search(cx, name)
    })
    .aliases(&["help", "man"])
    .synopsis("Shows help about commands.")
    .params(PARAMS)
    .example("Get-Help", "What there is.")
    .example("Get-Help Set-CsClientPin -Examples", "How to use it.")
    .example(
        "Set-CsClientPin -?",
        "The same as Get-Help Set-CsClientPin.",
    )
}

fn detail(args: &crate::Args) -> Detail {
    if args.switch("Full") {
        Detail::Full
    } else if args.switch("Detailed") {
        Detail::Detailed
    } else if args.switch("Examples") {
        Detail::Examples
    } else {
        Detail::Usual
    }
}

fn not_found(message: String) -> ErrorRecord {
    ErrorRecord::new("HelpNotFound", Category::ObjectNotFound, message)
}

/// A name with wildcards, or a part of names: a list of what fits.
fn search(cx: &mut Cx, name: &str) -> Flow {
    let registry = cx.registry();
    let pattern = if name.contains(['*', '?', '[']) {
        Wildcard::new(name, false)
    } else {
        Wildcard::new(&format!("*{name}*"), false)
    };
    let fitting: Vec<_> = registry
        .iter()
        .filter(|d| pattern.is_match(d.name))
        .collect();
    if fitting.is_empty() {
        let mut error = not_found(format!("there is no help about \"{name}\""));
        error.advice = Some(match registry.nearest(name) {
            Some(near) => format!("Did you mean {near}?"),
            None => "Get-Help without a name lists what there is.".to_owned(),
        });
        return cx.error(error);
    }
    let longest = fitting.iter().map(|d| d.name.len()).max().unwrap_or(0);
    cx.emit_all(
        fitting
            .iter()
            .map(|d| format!("{:longest$}  {}", d.name, d.synopsis)),
    )
}
