//! `ForEach-Object`

use std::rc::Rc;

use super::support::{INPUT, input, misuse, refuse};
use crate::ast::ScriptBlock;
use crate::value::{List, Value, Wildcard};
use crate::{Args, CmdletDef, Command, Cx, Flow, Param, ParamKind};

const PARAMS: &[Param] = &[
    Param::new("Process", ParamKind::AnyList).alias(&["MemberName"]).at(1).help(
        "A script block to run for each object ($_), or the name of a property. With two blocks \
         the first runs before, with three the last runs after all objects.",
    ),
    Param::block("Begin").help("A script block to run before the first object."),
    Param::block("End").help("A script block to run after the last object."),
    Param::new("RemainingScripts", ParamKind::AnyList)
        .remaining()
        .hidden()
        .help("Further script blocks."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("ForEach-Object", ForEach::default)
        .aliases(&["%", "foreach"])
        .synopsis("Does something with each object, or takes a property of it.")
        .params(PARAMS)
        .example("1..3 | ForEach-Object {$_ * 2}", "Puts out 2, 4 and 6.")
        .example(
            "Get-CsPinPolicy | ForEach-Object Identity",
            "Puts out the names.",
        )
        .inputs("Any object.")
}

#[derive(Default)]
struct ForEach {
    begin: Vec<Rc<ScriptBlock>>,
    process: Vec<Rc<ScriptBlock>>,
    end: Vec<Rc<ScriptBlock>>,
    member: Option<Rc<str>>,
}

fn items(args: &Args, name: &str) -> Vec<Value> {
    match args.get(name) {
        Some(Value::Array(items)) => List::take(Rc::clone(items)),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one.clone()],
    }
}

impl Command for ForEach {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.begin.extend(args.block("Begin").cloned());
        self.end.extend(args.block("End").cloned());
        let mut given = items(args, "Process");
        given.extend(items(args, "RemainingScripts"));
        let mut blocks = Vec::new();
        let several = given.len() > 1;
        for value in given {
            match value {
                Value::Block(block) => blocks.push(block),
                name if !several => self.member = Some(name.to_text()),
                _ => {
                    return Err(refuse(
                        cx,
                        "ForEach-Object takes script blocks or the name of one property or method; \
                         for a method with arguments use {$_.Method(…)}",
                    ));
                }
            }
        }
        if blocks.len() > 1 && self.begin.is_empty() {
            self.begin.push(blocks.remove(0));
        }
        if blocks.len() > 1 && self.end.is_empty() {
            self.end.extend(blocks.pop());
        }
        self.process = blocks;
        if self.process.is_empty() && self.member.is_none() && self.end.is_empty() {
            return Err(refuse(
                cx,
                "a script block or the name of a property is missing",
            ));
        }
        for block in &self.begin {
            cx.stream_block(block, &Value::Null)?;
        }
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        for block in &self.process {
            cx.stream_block(block, &it)?;
        }
        let Some(name) = &self.member else {
            return Ok(());
        };
        let pattern = Wildcard::new(name, false);
        let value = if pattern.has_wildcards() {
            let columns = crate::format::csv::columns(&it);
            let mut fitting = columns.iter().filter(|n| pattern.is_match(n));
            match (fitting.next(), fitting.next()) {
                (Some(one), None) => it.property(one),
                (None, _) => None,
                _ => {
                    return cx.error(misuse(format!("\"{name}\" fits several properties")));
                }
            }
        } else {
            match it.property(name) {
                None if !it.is_null() => cx.method(&it, name)?,
                found => found,
            }
        };
        // The elements of an array are put out one by one, as PowerShell does.
        cx.emit_all(value.unwrap_or_default().into_items())
    }

    fn end(&mut self, cx: &mut Cx, _: &Args) -> Flow {
        for block in &self.end {
            cx.stream_block(block, &Value::Null)?;
        }
        Ok(())
    }
}
