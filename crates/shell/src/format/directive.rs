//! What `Format-Table` and `Format-List` send down the pipeline: the start of a table or list, then
//! the values of one object after the other. Whoever writes them out knows the width.

use super::table::{Align, TableColumn, TableOptions};
use crate::value::{Object, TypeDesc, Value};

/// The start of a table.
pub static TABLE: TypeDesc = TypeDesc::new("FormatTableStart", &["Columns", "Options"]);
/// One row of a table.
pub static ROW: TypeDesc = TypeDesc::new("FormatTableRow", &["Values"]);
/// One object of a list.
pub static ENTRY: TypeDesc = TypeDesc::new("FormatListEntry", &["Labels", "Values"]);
/// The start of a group (`-GroupBy`).
pub static GROUP: TypeDesc = TypeDesc::new("FormatGroupStart", &["Label", "Value"]);
/// The end of a table or list.
pub static END: TypeDesc = TypeDesc::new("FormatEnd", &[]);

/// What a value says to the formatter.
pub enum Directive {
    /// A table begins.
    Table(Vec<TableColumn>, TableOptions),
    /// A row of it.
    Row(Value),
    /// An object of a list: labels, values.
    Entry(Value, Value),
    /// A group begins: its label and value.
    Group(String, Value),
    /// The table or list is over.
    End,
}

/// The value for a directive.
#[must_use]
pub fn encode(directive: Directive) -> Value {
    match directive {
        Directive::Table(columns, options) => {
            let columns: Vec<Value> = columns.iter().map(encode_column).collect();
            let flags = [options.wrap, options.hide_headers, options.autosize];
            let flags: Vec<Value> = flags.into_iter().map(Value::from).collect();
            Object::new(&TABLE)
                .with("Columns", columns)
                .with("Options", flags)
                .into()
        }
        Directive::Row(values) => Object::new(&ROW).with("Values", values).into(),
        Directive::Entry(labels, values) => Object::new(&ENTRY)
            .with("Labels", labels)
            .with("Values", values)
            .into(),
        Directive::Group(label, value) => Object::new(&GROUP)
            .with("Label", label)
            .with("Value", value)
            .into(),
        Directive::End => Object::new(&END).into(),
    }
}

fn encode_column(column: &TableColumn) -> Value {
    let align = column.align.map(|a| match a {
        Align::Left => "Left",
        Align::Right => "Right",
        Align::Center => "Center",
    });
    let parts = [
        Value::from(&column.label),
        Value::from(column.width),
        Value::from(align),
        Value::from(column.whole),
    ];
    Value::array(parts.to_vec())
}

/// What a value says to the formatter, if it is one of these.
#[must_use]
pub fn decode(value: &Value) -> Option<Directive> {
    let object = value.as_object()?;
    let part = |name| object.get(name).unwrap_or_default();
    let desc = object.desc();
    if object.is_selected() {
        return None;
    }
    Some(if std::ptr::eq(desc, &raw const TABLE) {
        let columns = part("Columns").into_items();
        let options = part("Options").into_items();
        let flag = |i: usize| options.get(i).is_some_and(Value::is_true);
        let options = TableOptions {
            wrap: flag(0),
            hide_headers: flag(1),
            autosize: flag(2),
        };
        Directive::Table(columns.into_iter().map(decode_column).collect(), options)
    } else if std::ptr::eq(desc, &raw const ROW) {
        Directive::Row(part("Values"))
    } else if std::ptr::eq(desc, &raw const ENTRY) {
        Directive::Entry(part("Labels"), part("Values"))
    } else if std::ptr::eq(desc, &raw const GROUP) {
        Directive::Group(part("Label").to_text().to_string(), part("Value"))
    } else if std::ptr::eq(desc, &raw const END) {
        Directive::End
    } else {
        return None;
    })
}

fn decode_column(value: Value) -> TableColumn {
    let mut parts = value.into_items().into_iter();
    let label = parts.next().unwrap_or_default().to_text().to_string();
    let width = match parts.next() {
        Some(Value::Number(n)) => n.as_u64().and_then(|w| usize::try_from(w).ok()),
        _ => None,
    };
    let align = parts.next().and_then(|a| match a.as_str() {
        Some("Left") => Some(Align::Left),
        Some("Right") => Some(Align::Right),
        Some("Center") => Some(Align::Center),
        _ => None,
    });
    TableColumn {
        label,
        width,
        align,
        whole: parts.next().is_some_and(|whole| whole.is_true()),
    }
}
