//! `Get-Command`

use std::rc::Rc;
use std::sync::Arc;

use crate::error::Category;
use crate::help;
use crate::value::{Column, Object, TypeDesc, Wildcard};
use crate::{CmdletDef, Cx, ErrorRecord, Flow, Param, ParamKind};

static COMMAND: TypeDesc = TypeDesc::new(
    "CommandInfo",
    &[
        "CommandType",
        "Name",
        "Synopsis",
        "Verb",
        "Noun",
        "Definition",
        "Aliases",
        "Parameters",
    ],
)
.also(&[
    "System.Management.Automation.CommandInfo",
    "System.Management.Automation.CmdletInfo",
])
.as_table(&[
    Column::new("CommandType").width(12),
    Column::new("Name"),
    Column::new("Synopsis"),
]);

const PARAMS: &[Param] = &[
    Param::strings("Name")
        .at(1)
        .by_value()
        .help("Names of commands or aliases; wildcards are allowed.")
        .completes("command"),
    Param::strings("Verb").help("Only those with this verb, such as Get."),
    Param::strings("Noun").help("Only those with this noun, such as CsPinPolicy."),
    Param::strings("ParameterName").help("Only those that have such a parameter."),
    Param::new("CommandType", ParamKind::Enum(&["Cmdlet", "Alias", "All"]))
        .alias(&["Type"])
        .help("Cmdlet, Alias or All."),
    Param::switch("Syntax").help("Shows how the commands are called."),
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::function("Get-Command", run)
        .aliases(&["gcm"])
        .synopsis("Lists the commands there are.")
        .params(PARAMS)
        .example("Get-Command *PinPolicy", "The commands for PIN policies.")
        .example("Get-Command Set-CsClientPin -Syntax", "How it is called.")
        .outputs(const { &[&COMMAND] })
}

fn fits(patterns: &[Rc<str>], text: &str) -> bool {
    patterns.is_empty()
        || patterns
            .iter()
            .any(|p| Wildcard::new(p, false).is_match(text))
}

fn run(cx: &mut Cx, args: &crate::Args) -> Flow {
    let names = args.strings("Name");
    let (verbs, nouns) = (args.strings("Verb"), args.strings("Noun"));
    let parameters = args.strings("ParameterName");
    let kind = args.string("CommandType");
    let registry = cx.registry();
    let selected = |def: &CmdletDef| {
        let (verb, noun) = def.name.split_once('-').unwrap_or((def.name, ""));
        let has = |p: &Param| {
            std::iter::once(&p.name)
                .chain(p.aliases)
                .any(|name| fits(&parameters, name))
        };
        fits(&verbs, verb)
            && fits(&nouns, noun)
            && (parameters.is_empty() || def.all_params().any(has))
    };
    let mut found = Vec::new();
    if kind != Some("Alias") {
        let commands = registry
            .iter()
            .filter(|d| fits(&names, d.name) && selected(d));
        found.extend(commands.map(|d| (None, d)));
    }
    // Without a name, aliases would only be in the way.
    if matches!(kind, Some("Alias" | "All")) || (kind.is_none() && !names.is_empty()) {
        let aliases = registry
            .aliases()
            .filter(|(name, d)| fits(&names, name) && selected(d));
        found.extend(aliases.map(|(name, d)| (Some(name), d)));
    }
    for (alias, def) in &found {
        if args.switch("Syntax") {
            cx.emit("")?;
            cx.emit_all(help::syntax(def))?;
        } else {
            cx.emit(info(*alias, def))?;
        }
    }
    missing(cx, &names, &found)
}

fn info(alias: Option<&str>, def: &CmdletDef) -> Object {
    let (verb, noun) = def.name.split_once('-').unwrap_or((def.name, ""));
    let name = match alias {
        Some(alias) => format!("{alias} -> {}", def.name),
        None => def.name.to_owned(),
    };
    let parameters: Vec<&str> = def
        .all_params()
        .filter(|p| !p.hidden)
        .map(|p| p.name)
        .collect();
    Object::new(&COMMAND)
        .with(
            "CommandType",
            if alias.is_some() { "Alias" } else { "Cmdlet" },
        )
        .with("Name", name)
        .with("Synopsis", def.synopsis)
        .with("Verb", verb)
        .with("Noun", noun)
        .with("Definition", help::syntax(def).join("\n"))
        .with("Aliases", def.aliases)
        .with("Parameters", parameters)
}

/// An error for each name without wildcards that was not found.
fn missing(cx: &mut Cx, names: &[Rc<str>], found: &[(Option<&str>, &Arc<CmdletDef>)]) -> Flow {
    for name in names {
        let is = |(alias, def): &(Option<&str>, &Arc<CmdletDef>)| {
            alias.unwrap_or(def.name).eq_ignore_ascii_case(name)
        };
        if Wildcard::new(name, false).has_wildcards() || found.iter().any(is) {
            continue;
        }
        let message = format!("there is no command \"{name}\"");
        let mut error = ErrorRecord::new("CommandNotFound", Category::ObjectNotFound, message);
        if let Some(near) = cx.registry().nearest(name) {
            error = error.advice(format!("Did you mean {near}?"));
        }
        cx.error(error)?;
    }
    Ok(())
}
