//! How a value is shown when nothing else is said.

use super::table::{Align, TableColumn};
use crate::value::{Name, Object, Value, View as TypeView};

/// The most properties an object is shown with in a table; with more it is shown as a list.
const MOST_IN_TABLE: usize = 4;

/// The ways to lay out an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A row of a table.
    Table,
    /// A list of properties.
    List,
}

/// How a value is shown.
pub enum View {
    /// As text.
    Text,
    /// As an object with properties.
    Object(Shape),
    /// As a table of names and values.
    Hash,
}

/// How `value` is shown.
#[must_use]
pub fn view_of(value: &Value) -> View {
    match value {
        Value::Hash(_) => View::Hash,
        Value::Span(_) => View::Object(Shape::List),
        Value::Object(o) if o.properties().is_empty() => View::Text,
        Value::Object(o) => View::Object(object_shape(o)),
        _ => View::Text,
    }
}

fn object_shape(object: &Object) -> Shape {
    let view = if object.is_selected() {
        TypeView::Auto
    } else {
        object.desc().view
    };
    match view {
        TypeView::Table => Shape::Table,
        TypeView::List => Shape::List,
        TypeView::Auto if shown(object).len() > MOST_IN_TABLE => Shape::List,
        TypeView::Auto => Shape::Table,
    }
}

/// The properties an object is shown with.
fn shown(object: &Object) -> Vec<Name> {
    let desc = object.desc();
    if object.is_selected() || desc.shown.is_empty() {
        return object.properties().iter().map(|p| p.name.clone()).collect();
    }
    desc.shown.iter().map(|n| Name::Static(n)).collect()
}

const SPAN: &[&str] = &[
    "Days",
    "Hours",
    "Minutes",
    "Seconds",
    "Milliseconds",
    "TotalDays",
    "TotalHours",
    "TotalMinutes",
    "TotalSeconds",
    "TotalMilliseconds",
];

/// The names of the properties a value is shown with; none for what is shown as text.
#[must_use]
pub fn default_properties(value: &Value) -> Vec<Name> {
    match value {
        Value::Object(o) => shown(o),
        Value::Span(_) => SPAN.iter().map(|n| Name::Static(n)).collect(),
        _ => Vec::new(),
    }
}

/// Whether the type of an object says that a property is never cut.
#[must_use]
pub fn is_whole(value: &Value, property: &str) -> bool {
    let columns = value.as_object().map_or(&[][..], |o| o.desc().table);
    columns
        .iter()
        .any(|c| c.whole && c.name.eq_ignore_ascii_case(property))
}

/// The columns of the table a value is shown in, with the properties they show.
#[must_use]
pub fn default_columns(value: &Value) -> Vec<(TableColumn, Name)> {
    let table = match value {
        Value::Object(o) if !o.is_selected() => o.desc().table,
        _ => &[],
    };
    if table.is_empty() {
        let column = |name: Name| {
            let column = TableColumn {
                whole: is_whole(value, &name),
                ..TableColumn::new(&*name)
            };
            (column, name)
        };
        return default_properties(value).into_iter().map(column).collect();
    }
    let column = |c: &crate::value::Column| {
        let spec = TableColumn {
            label: c.name.to_owned(),
            width: c.width.map(usize::from),
            align: c.right.then_some(Align::Right),
            whole: c.whole,
        };
        (spec, Name::Static(c.name))
    };
    table.iter().map(column).collect()
}
