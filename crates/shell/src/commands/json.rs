//! `ConvertTo-Json` and `ConvertFrom-Json`

use super::support::{INPUT, gather, input, refuse};
use crate::error::Category;
use crate::format::json::{self, JsonOptions};
use crate::value::{Date, Hash, List, Number, Object, Value};
use crate::{Args, CmdletDef, Command, Cx, ErrorRecord, Flow, Held, Param, Stop};

const TO: &[Param] = &[
    Param::uint32("Depth")
        .range(0, 100)
        .help("How many levels are written out; 2 if not given."),
    Param::switch("Compress").help("Without blanks and line ends."),
    Param::switch("AsArray").help("An array even of one object."),
    Param::switch("EnumsAsStrings").hidden().help("Accepted."),
    INPUT.at(1),
];

pub(super) fn to() -> CmdletDef {
    CmdletDef::new("ConvertTo-Json", || ToJson(Vec::new()))
        .synopsis("Writes objects as JSON.")
        .description(
            "One object becomes an object, several become an array. Dates become ISO 8601 text \
             with their offset. What is deeper than -Depth becomes text, with a warning.",
        )
        .params(TO)
        .example("Get-CsPinPolicy | ConvertTo-Json", "All policies.")
        .inputs("Any object.")
}

struct ToJson(Vec<Value>);

impl Command for ToJson {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        super::support::keep(cx, &mut self.0, input(args))
    }

    fn held(&self, _: &Args) -> Held {
        Held::PassedOn
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let mut values = std::mem::take(&mut self.0);
        let one = values.len() == 1 && !args.switch("AsArray");
        let value = match values.pop() {
            None => return Ok(()),
            Some(value) if one => value,
            Some(last) => {
                values.push(last);
                Value::array(values)
            }
        };
        let options = JsonOptions {
            depth: super::support::count(args, "Depth").unwrap_or(2)
                // An array made of the objects of the pipeline is not a level of theirs.
                + usize::from(!one),
            compress: args.switch("Compress"),
            most_bytes: cx.limits().text_bytes,
        };
        let Some(json) = json::write(&value, options) else {
            let error = ErrorRecord::new(
                "TextLimit",
                Category::LimitsExceeded,
                "the JSON becomes longer than a text may be",
            );
            return Err(cx.fail(error.advice("Convert fewer objects at a time.")));
        };
        if json.cut {
            cx.warning(
                "Some values are deeper than the JSON goes and were written as text; give a \
                 greater -Depth.",
            )?;
        }
        cx.let_go(json.text)
    }
}

const FROM: &[Param] = &[
    Param::switch("AsHashtable").help("Hash tables instead of objects."),
    Param::switch("NoEnumerate").help("An array comes out as one object."),
    Param::uint32("Depth")
        .range(1, 1024)
        .hidden()
        .help("Accepted."),
    INPUT.at(1),
];

pub(super) fn from() -> CmdletDef {
    CmdletDef::new("ConvertFrom-Json", || FromJson(String::new()))
        .synopsis("Reads JSON.")
        .description("Text that is an ISO 8601 date with a time becomes a date.")
        .params(FROM)
        .example(
            "Get-Content users.json | ConvertFrom-Json",
            "Objects with the properties read.",
        )
        .inputs("Text; several texts are put together as lines.")
}

struct FromJson(String);

impl Command for FromJson {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        gather(
            cx,
            args,
            &mut self.0,
            "the JSON is too long to be read at once",
        )
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let text = std::mem::take(&mut self.0);
        if text.trim().is_empty() {
            return Ok(());
        }
        let read: serde_json::Value = match serde_json::from_str(&text) {
            Ok(read) => read,
            // The message of the parser names the place, never the text.
            Err(e) => {
                let error = ErrorRecord::new(
                    "InvalidJson",
                    Category::InvalidArgument,
                    format!("the text is not JSON: {e}"),
                );
                return Err(cx.fail(error));
            }
        };
        let value = convert(cx, read, args.switch("AsHashtable"))?;
        if args.switch("NoEnumerate") {
            return cx.emit(value);
        }
        match value {
            Value::Array(items) => cx.emit_all(List::take(items)),
            one => cx.emit(one),
        }
    }
}

/// The parser limits nesting to 128 levels.
fn convert(cx: &mut Cx, read: serde_json::Value, hashes: bool) -> Result<Value, Stop> {
    use serde_json::Value as Json;
    cx.charge(1)?;
    Ok(match read {
        Json::Null => Value::Null,
        Json::Bool(b) => b.into(),
        Json::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), _, _) => i.into(),
            (_, Some(u), _) => Value::from(Number::from(u)),
            (_, _, f) => f.into(),
        },
        Json::String(s) => match date(cx, &s) {
            Some(date) => date.into(),
            None => s.into(),
        },
        Json::Array(items) => {
            let items: Result<Vec<Value>, Stop> =
                items.into_iter().map(|i| convert(cx, i, hashes)).collect();
            Value::array(items?)
        }
        Json::Object(members) if hashes => {
            let hash = Hash::new();
            for (key, value) in members {
                hash.set(&key, convert(cx, value, hashes)?);
            }
            hash.into()
        }
        Json::Object(members) => {
            // Not `Object::put`, which looks for the name each time, unless there are few.
            let object = Object::custom();
            if members.len() > 10_000 {
                return Err(refuse(
                    cx,
                    "an object has more than 10000 members; use -AsHashtable",
                ));
            }
            for (key, value) in members {
                let value = convert(cx, value, hashes)?;
                object.put(key, value);
            }
            object.into()
        }
    })
}

/// A date only where text is one beyond doubt: `2026-01-31T14:05:09`, with fraction and offset.
fn date(cx: &Cx, text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = (19..=35).contains(&bytes.len())
        && bytes.get(4) == Some(&b'-')
        && bytes.get(10) == Some(&b'T')
        && bytes.get(13) == Some(&b':');
    if shaped {
        Date::parse(text, cx.time_zone())
    } else {
        None
    }
}
