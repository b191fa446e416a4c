//! `Get-Member`

use std::collections::HashSet;

use super::support::{INPUT, input};
use crate::format::default_properties;
use crate::value::{Column, Object, TypeDesc, Value, Wildcard};
use crate::{Args, CmdletDef, Command, Cx, Flow, Param, ParamKind};

/// A member of an object; shown in a table for each type.
pub(crate) static MEMBER: TypeDesc = TypeDesc::new(
    "MemberDefinition",
    &["TypeName", "Name", "MemberType", "Definition"],
)
.also(&["Microsoft.PowerShell.Commands.MemberDefinition"])
.as_table(&[
    Column::new("Name"),
    Column::new("MemberType"),
    Column::new("Definition"),
]);

const PARAMS: &[Param] = &[
    Param::strings("Name")
        .at(1)
        .help("Names of members; wildcards are allowed."),
    Param::new(
        "MemberType",
        ParamKind::Enum(&[
            "All",
            "Property",
            "NoteProperty",
            "Properties",
            "Method",
            "Methods",
        ]),
    )
    .alias(&["Type"])
    .help("Only properties or only methods."),
    Param::switch("Force").hidden().help("Accepted."),
    Param::switch("Static")
        .hidden()
        .help("Accepted; there are none."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Get-Member", || Members(HashSet::new()))
        .aliases(&["gm"])
        .synopsis("Shows what properties objects have.")
        .params(PARAMS)
        .example(
            "Get-CsUser -ResultSize 1 | Get-Member",
            "The properties of a user.",
        )
        .inputs("Any object.")
        .outputs(const { &[&MEMBER] })
}

/// The types that were shown already.
struct Members(HashSet<String>);

const DATE: &[(&str, &str)] = &[
    ("AddDays", "datetime AddDays(double value)"),
    ("AddHours", "datetime AddHours(double value)"),
    ("AddMinutes", "datetime AddMinutes(double value)"),
    ("AddMonths", "datetime AddMonths(int months)"),
    ("AddSeconds", "datetime AddSeconds(double value)"),
    ("AddYears", "datetime AddYears(int value)"),
    ("ToLocalTime", "datetime ToLocalTime()"),
    (
        "ToString",
        "string ToString(), string ToString(string format)",
    ),
    ("ToUniversalTime", "datetime ToUniversalTime()"),
];
const TEXT: &[(&str, &str)] = &[
    ("Contains", "bool Contains(string value)"),
    ("EndsWith", "bool EndsWith(string value)"),
    ("IndexOf", "int IndexOf(string value)"),
    ("PadLeft", "string PadLeft(int width)"),
    ("PadRight", "string PadRight(int width)"),
    ("Replace", "string Replace(string old, string new)"),
    ("Split", "string[] Split(string separators)"),
    ("StartsWith", "bool StartsWith(string value)"),
    (
        "Substring",
        "string Substring(int start), string Substring(int start, int length)",
    ),
    ("ToLower", "string ToLower()"),
    ("ToString", "string ToString()"),
    ("ToUpper", "string ToUpper()"),
    ("Trim", "string Trim()"),
];
const HASH: &[(&str, &str)] = &[
    ("Add", "void Add(string key, Object value)"),
    ("ContainsKey", "bool ContainsKey(string key)"),
    ("Remove", "void Remove(string key)"),
    ("ToString", "string ToString()"),
];
const OTHER: &[(&str, &str)] = &[("ToString", "string ToString()")];

fn methods(value: &Value) -> &'static [(&'static str, &'static str)] {
    match value {
        Value::Date(_) => DATE,
        Value::Str(_) => TEXT,
        Value::Hash(_) => HASH,
        _ => OTHER,
    }
}

fn properties(value: &Value) -> Vec<(String, &'static str, String)> {
    let known = |names: &[&str], kind: &str| {
        names
            .iter()
            .map(|n| (n.to_string(), "Property", format!("{kind} {n}")))
            .collect()
    };
    match value {
        Value::Object(o) => {
            let made = o.is_selected() || o.desc().properties.is_empty();
            let kind = if made { "NoteProperty" } else { "Property" };
            let property = |p: &crate::value::Property| {
                (
                    p.name.to_string(),
                    kind,
                    format!("{} {}", short_type(&p.value), &*p.name),
                )
            };
            o.properties().iter().map(property).collect()
        }
        Value::Str(_) => known(&["Length"], "int"),
        Value::Array(_) => known(&["Count", "Length"], "int"),
        Value::Hash(_) => known(&["Count", "Keys", "Values"], "Object"),
        Value::Date(_) => known(
            &[
                "Date",
                "Day",
                "DayOfWeek",
                "DayOfYear",
                "Hour",
                "Millisecond",
                "Minute",
                "Month",
                "Second",
                "Year",
            ],
            "int",
        ),
        span => {
            let names = default_properties(span);
            names
                .iter()
                .map(|n| (n.to_string(), "Property", format!("double {}", &**n)))
                .collect()
        }
    }
}

fn short_type(value: &Value) -> String {
    match value {
        Value::Null => "object".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Str(_) => "string".to_owned(),
        Value::Date(_) => "datetime".to_owned(),
        Value::Span(_) => "timespan".to_owned(),
        Value::Array(_) => "Object[]".to_owned(),
        Value::Number(n) => match n.type_name() {
            "System.Int32" => "int".to_owned(),
            "System.Int64" => "long".to_owned(),
            _ => "double".to_owned(),
        },
        other => other.type_name(),
    }
}

impl Command for Members {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        if it.is_null() {
            return Ok(());
        }
        let mut members = properties(&it);
        let shape: Vec<&str> = members.iter().map(|(n, _, _)| n.as_str()).collect();
        // Objects of one type can differ in their properties.
        let key = format!("{}|{}", it.type_name(), shape.join("|").to_lowercase());
        let cells = 2 + key.len() as u64 / 32;
        if !self.0.insert(key) {
            return Ok(());
        }
        cx.charge(cells)?;
        members.extend(
            methods(&it)
                .iter()
                .map(|(n, d)| ((*n).to_owned(), "Method", (*d).to_owned())),
        );
        // Methods first, as the original has it, each by name.
        members.sort_by_key(|(name, kind, _)| (*kind != "Method", name.to_lowercase()));
        let names = args.strings("Name");
        let wanted = |name: &str| {
            names.is_empty() || names.iter().any(|p| Wildcard::new(p, false).is_match(name))
        };
        let kinds = args.string("MemberType").unwrap_or("All");
        let of_kind = |kind: &str| match kinds {
            "Method" | "Methods" => kind == "Method",
            "Properties" => kind != "Method",
            "All" => true,
            one => kind == one,
        };
        for (name, kind, definition) in members {
            if wanted(&name) && of_kind(kind) {
                cx.emit(
                    Object::new(&MEMBER)
                        .with("TypeName", it.type_name())
                        .with("Name", name)
                        .with("MemberType", kind)
                        .with("Definition", definition),
                )?;
            }
        }
        Ok(())
    }
}
