//! `Get-History`, `Get-Alias` and `Get-Variable`: what the session knows about itself.

use super::support::count;
use crate::error::Category;
use crate::value::{Column, Object, TypeDesc, Value, Wildcard};
use crate::{CmdletDef, ErrorRecord, Param};

static HISTORY: TypeDesc = TypeDesc::new("HistoryInfo", &["Id", "CommandLine"]).as_table(&[
    Column::new("Id").width(4).right(),
    Column::new("CommandLine"),
]);
static ALIAS: TypeDesc = TypeDesc::new("AliasInfo", &["Name", "Definition"])
    .also(&["System.Management.Automation.AliasInfo"])
    .as_table(&[Column::new("Name").width(12), Column::new("Definition")]);
static VARIABLE: TypeDesc = TypeDesc::new("PSVariable", &["Name", "Value"])
    .also(&["System.Management.Automation.PSVariable"])
    .as_table(&[Column::new("Name").width(30), Column::new("Value")]);

const HISTORY_PARAMS: &[Param] = &[
    Param::uint32("Id")
        .at(1)
        .by_value()
        .help("Only the line of this number."),
    Param::uint32("Count")
        .at(2)
        .help("Only so many, the latest."),
];

pub(super) fn history() -> CmdletDef {
    CmdletDef::function("Get-History", |cx, args| {
        let lines = cx.host().history();
        let skip = count(args, "Count").map_or(0, |n| lines.len().saturating_sub(n));
        let wanted = count(args, "Id");
        let mut found = false;
        for (id, line) in (1..).zip(lines).skip(skip) {
            if wanted.is_none_or(|w| w == id) {
                found = true;
                cx.emit(
                    Object::new(&HISTORY)
                        .with("Id", id)
                        .with("CommandLine", line),
                )?;
            }
        }
        match wanted {
            Some(id) if !found => {
                let message = format!("there is no line {id} in the history");
                cx.error(ErrorRecord::new(
                    "HistoryNotFound",
                    Category::ObjectNotFound,
                    message,
                ))
            }
            _ => Ok(()),
        }
    })
    .aliases(&["h", "history", "ghy"])
    .synopsis("Earlier lines of this session.")
    .description("Lines that could hold a PIN are not kept.")
    .params(HISTORY_PARAMS)
    .example("Get-History -Count 5", "The last five.")
    .outputs(const { &[&HISTORY] })
}

const ALIAS_PARAMS: &[Param] = &[
    Param::strings("Name")
        .at(1)
        .by_value()
        .help("Names of aliases; wildcards are allowed."),
    Param::strings("Definition").help("Names of commands; wildcards are allowed."),
];

fn patterns(names: &[std::rc::Rc<str>]) -> Vec<Wildcard> {
    names.iter().map(|n| Wildcard::new(n, false)).collect()
}

fn fits(patterns: &[Wildcard], name: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|p| p.is_match(name))
}

pub(super) fn alias() -> CmdletDef {
    CmdletDef::function("Get-Alias", |cx, args| {
        let names = args.strings("Name");
        let (by_name, by_command) = (patterns(&names), patterns(&args.strings("Definition")));
        let registry = cx.registry();
        let mut found = false;
        for (name, def) in registry.aliases() {
            if fits(&by_name, name) && fits(&by_command, def.name) {
                found = true;
                cx.emit(
                    Object::new(&ALIAS)
                        .with("Name", name)
                        .with("Definition", def.name),
                )?;
            }
        }
        let exact = !names.is_empty() && by_name.iter().all(|p| !p.has_wildcards());
        if !found && exact {
            let message = format!("there is no alias \"{}\"", names.join("\", \""));
            return cx.error(ErrorRecord::new(
                "AliasNotFound",
                Category::ObjectNotFound,
                message,
            ));
        }
        Ok(())
    })
    .aliases(&["gal"])
    .synopsis("The short names of commands.")
    .params(ALIAS_PARAMS)
    .example(
        "Get-Alias -Definition Where-Object",
        "The short names of Where-Object.",
    )
    .outputs(const { &[&ALIAS] })
}

const VARIABLE_PARAMS: &[Param] = &[
    Param::strings("Name")
        .at(1)
        .by_value()
        .help("Names without $; wildcards are allowed."),
    Param::switch("ValueOnly").help("The values instead."),
];

pub(super) fn variable() -> CmdletDef {
    CmdletDef::function("Get-Variable", |cx, args| {
        let names = args.strings("Name");
        let patterns = patterns(&names);
        let mut all: Vec<_> = cx
            .rt
            .variables
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all.retain(|(name, _)| fits(&patterns, name));
        if all.is_empty() && !names.is_empty() && patterns.iter().all(|p| !p.has_wildcards()) {
            let message = format!("there is no variable \"{}\"", names.join("\", \""));
            let error = ErrorRecord::new("VariableNotFound", Category::ObjectNotFound, message);
            return cx.error(error);
        }
        for (name, value) in all {
            let value: Value = if args.switch("ValueOnly") {
                value
            } else {
                Object::new(&VARIABLE)
                    .with("Name", name)
                    .with("Value", value)
                    .into()
            };
            cx.emit(value)?;
        }
        Ok(())
    })
    .aliases(&["gv"])
    .synopsis("The variables of this session.")
    .params(VARIABLE_PARAMS)
    .example("Get-Variable x*", "Those that begin with x.")
    .outputs(const { &[&VARIABLE] })
}
