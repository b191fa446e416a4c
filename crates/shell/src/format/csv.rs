//! Writing rows of comma-separated values, as `ConvertTo-Csv` does.

use std::rc::Rc;

use super::json::iso;
use crate::value::{Name, Value};

/// Which fields are put in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quotes {
    /// All but `$null`.
    Always,
    /// Those that need them.
    AsNeeded,
    /// None.
    Never,
}

/// How rows are written.
#[derive(Debug, Clone, Copy)]
pub struct CsvOptions {
    /// Between two fields.
    pub delimiter: char,
    /// Which fields are put in quotation marks.
    pub quotes: Quotes,
}

/// The columns for a value: the properties of an object, the keys of a hash table.
#[must_use]
pub fn columns(value: &Value) -> Vec<Name> {
    match value {
        Value::Object(o) => o.properties().iter().map(|p| p.name.clone()).collect(),
        Value::Hash(h) => h.keys().into_iter().map(Name::Shared).collect(),
        Value::Str(_) => vec![Name::Static("Length")],
        other => super::default_properties(other),
    }
}

/// The header.
#[must_use]
pub fn header(columns: &[Name], options: CsvOptions) -> String {
    let mut line = String::new();
    for (i, name) in columns.iter().enumerate() {
        if i > 0 {
            line.push(options.delimiter);
        }
        field(name, options, &mut line);
    }
    line
}

/// The row of a value; a property it does not have is empty.
#[must_use]
pub fn row(value: &Value, columns: &[Name], options: CsvOptions) -> String {
    let mut line = String::new();
    for (i, name) in columns.iter().enumerate() {
        if i > 0 {
            line.push(options.delimiter);
        }
        match value.property(name) {
            // Empty and `$null` stay different, also when read again by others.
            None | Some(Value::Null) => {}
            Some(v) => field(&text(&v), options, &mut line),
        }
    }
    line
}

/// The text of a field: a date as ISO 8601, the elements of an array with `; ` between, where PowerShell writes only
/// the name of the type and loses them.
fn text(value: &Value) -> Rc<str> {
    match value {
        Value::Array(items) => {
            let parts: Vec<Rc<str>> = items.iter().map(element).collect();
            Rc::from(parts.join("; "))
        }
        one => element(one),
    }
}

/// No array in an array is taken apart, so that nothing recurses.
fn element(value: &Value) -> Rc<str> {
    match value {
        Value::Date(date) => Rc::from(iso(date)),
        other => other.to_text(),
    }
}

fn field(text: &str, options: CsvOptions, line: &mut String) {
    let needed = || text.contains(['"', '\n', '\r', options.delimiter]);
    let quoted = match options.quotes {
        Quotes::Always => true,
        Quotes::AsNeeded => needed(),
        Quotes::Never => false,
    };
    if !quoted {
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}
