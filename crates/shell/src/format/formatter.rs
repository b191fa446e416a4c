//! The end of a pipeline: values in, lines out.

use std::rc::Rc;

use super::directive::{self, Directive};
use super::table::{Table, TableColumn, TableOptions};
use super::view::{self, Shape, View};
use super::{Layout, Lines, cell, escape, list};
use crate::Flow;
use crate::commands::MEMBER;
use crate::value::{Name, Object, TypeDesc, Value};

/// Lays out values one by one. Objects of one type that follow each other share a table or list.
pub struct Formatter {
    layout: Layout,
    group: Option<Group>,
    /// What stands over the table being written.
    heading: Option<Rc<str>>,
    /// Columns that were asked for and had no room, until it is asked for them.
    dropped: Vec<String>,
}

/// What is being written.
enum Group {
    /// A table of objects of one type.
    Table {
        kind: Kind,
        table: Table,
        names: Vec<Name>,
    },
    /// A list of objects of one type.
    List { kind: Kind },
    /// A table that `Format-Table` asked for.
    Ordered { table: Table, options: TableOptions },
}

/// Objects of the same kind share a table or list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hash,
    Span,
    Object(*const TypeDesc, bool),
    Ordered,
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Object(o) => Kind::Object(o.desc(), o.is_selected()),
        Value::Span(_) => Kind::Span,
        _ => Kind::Hash,
    }
}

impl Formatter {
    /// A formatter for lines of this layout.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Formatter {
            layout,
            group: None,
            heading: None,
            dropped: Vec::new(),
        }
    }

    /// Whether rows are held back.
    #[must_use]
    pub fn is_holding(&self) -> bool {
        match &self.group {
            Some(Group::Table { table, .. } | Group::Ordered { table, .. }) => table.is_holding(),
            _ => false,
        }
    }

    /// Takes the next value; the elements of an array one by one.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn push(&mut self, value: &Value, out: &mut Lines) -> Flow {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.one(item, out)),
            other => self.one(other, out),
        }
    }

    fn one(&mut self, value: &Value, out: &mut Lines) -> Flow {
        if value.is_null() {
            return Ok(());
        }
        if let Some(directive) = directive::decode(value) {
            return self.directive(directive, out);
        }
        match view::view_of(value) {
            View::Text => {
                self.finish(out)?;
                let text = match value {
                    Value::Date(date) => self.layout.locale.show(date),
                    other => other.to_text().to_string(),
                };
                escape::lines(&text).try_for_each(|l| self.plain(l, out))
            }
            View::Hash => self.hash(value, out),
            View::Object(Shape::Table) => self.row(value, out),
            View::Object(Shape::List) => {
                let names = view::default_properties(value);
                let entry = |name: Name| {
                    let text = value.property(&name).map(|v| self.text(&v));
                    (name.to_string(), text.unwrap_or_default())
                };
                let entries: Vec<_> = names.into_iter().map(entry).collect();
                self.entry(kind_of(value), &entries, out)
            }
        }
    }

    fn text(&self, value: &Value) -> String {
        cell::text(value, self.layout.locale)
    }

    fn plain(&self, line: &str, out: &mut Lines) -> Flow {
        if self.layout.guard {
            out(&escape::line(line))
        } else {
            out(line)
        }
    }

    /// `Get-Member` shows a table for each type of object, under the name of the type.
    fn member_heading(&mut self, value: &Value, out: &mut Lines) -> Flow {
        let is_member = |o: &Rc<Object>| std::ptr::eq(o.desc(), &raw const MEMBER);
        if !value
            .as_object()
            .is_some_and(|o| is_member(o) && !o.is_selected())
        {
            self.heading = None;
            return Ok(());
        }
        let heading = value.property("TypeName").unwrap_or_default().to_text();
        if self.heading.as_ref() != Some(&heading) {
            self.finish(out)?;
            out("")?;
            out(&cell::clip(
                &escape::cell(&format!("   TypeName: {heading}")),
                self.layout.width,
            ))?;
            self.heading = Some(heading);
        }
        Ok(())
    }

    fn row(&mut self, value: &Value, out: &mut Lines) -> Flow {
        self.member_heading(value, out)?;
        let kind = kind_of(value);
        let fits = match &self.group {
            // An object that has none of the columns gets its own table instead of an empty row.
            Some(Group::Table { kind: k, names, .. }) => {
                *k == kind && names.iter().any(|n| value.property(n).is_some())
            }
            _ => false,
        };
        if !fits {
            self.finish(out)?;
            let (columns, names) = view::default_columns(value).into_iter().unzip();
            let table = Table::new(columns, TableOptions::default());
            self.group = Some(Group::Table { kind, table, names });
        }
        if let Some(Group::Table { table, names, .. }) = &mut self.group {
            let row: Vec<Value> = names
                .iter()
                .map(|n| value.property(n).unwrap_or_default())
                .collect();
            table.row(&row, self.layout, out)?;
        }
        Ok(())
    }

    fn hash(&mut self, value: &Value, out: &mut Lines) -> Flow {
        let Value::Hash(hash) = value else {
            return Ok(());
        };
        if !matches!(
            &self.group,
            Some(Group::Table {
                kind: Kind::Hash,
                ..
            })
        ) {
            self.finish(out)?;
            // The width is PowerShell's.
            let name = TableColumn {
                width: Some(30),
                ..TableColumn::new("Name")
            };
            let table = Table::new(
                vec![name, TableColumn::new("Value")],
                TableOptions::default(),
            );
            self.group = Some(Group::Table {
                kind: Kind::Hash,
                table,
                names: Vec::new(),
            });
        }
        let locale = self.layout.locale;
        if let Some(Group::Table { table, .. }) = &mut self.group {
            for (key, value) in hash.pairs() {
                // A number must not push the whole column to the right.
                let value = Value::from(cell::text(&value, locale));
                table.row(&[Value::Str(key), value], self.layout, out)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, kind: Kind, entries: &[(String, String)], out: &mut Lines) -> Flow {
        if !matches!(&self.group, Some(Group::List { kind: k }) if *k == kind) {
            self.finish(out)?;
            out("")?;
            self.group = Some(Group::List { kind });
        }
        list::write(entries, self.layout, out)?;
        // After each, so that nothing has to be held back.
        out("")
    }

    fn directive(&mut self, directive: Directive, out: &mut Lines) -> Flow {
        match directive {
            Directive::Table(columns, options) => {
                self.finish(out)?;
                let table = Table::new(columns, options);
                self.group = Some(Group::Ordered { table, options });
                Ok(())
            }
            Directive::Row(values) => match &mut self.group {
                Some(Group::Ordered { table, .. }) => {
                    let mut row = values.into_items();
                    row.resize_with(table.columns().len(), Value::default);
                    table.row(&row, self.layout, out)
                }
                // Its start was taken away (`| Select-Object -Skip 1`): nothing to lay out by.
                _ => Ok(()),
            },
            Directive::Entry(labels, values) => {
                let text = |v: Value| self.text(&v);
                let labels = labels
                    .into_items()
                    .into_iter()
                    .map(|l| l.to_text().to_string());
                let values = values.into_items().into_iter().map(text);
                let entries: Vec<_> = labels.zip(values).collect();
                self.entry(Kind::Ordered, &entries, out)
            }
            Directive::Group(label, value) => {
                let again = match &self.group {
                    Some(Group::Ordered { table, options }) => {
                        Some((table.columns().to_vec(), *options))
                    }
                    _ => None,
                };
                self.finish(out)?;
                out("")?;
                let line = format!("   {label}: {}", self.text(&value));
                out(&cell::clip(&escape::cell(&line), self.layout.width))?;
                if let Some((columns, options)) = again {
                    let table = Table::new(columns, options);
                    self.group = Some(Group::Ordered { table, options });
                }
                Ok(())
            }
            Directive::End => self.finish(out),
        }
    }

    /// Writes what is held back; the table goes on.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn flush(&mut self, out: &mut Lines) -> Flow {
        match &mut self.group {
            Some(Group::Table { table, .. } | Group::Ordered { table, .. }) if table.has_rows() => {
                table.settle_early(self.layout, out)
            }
            _ => Ok(()),
        }
    }

    /// A warning of the columns that were asked for and had no room, once for each table.
    pub fn warning(&mut self) -> Option<String> {
        if let Some(Group::Ordered { table, .. }) = &mut self.group {
            self.dropped.append(&mut table.take_dropped());
        }
        let dropped = std::mem::take(&mut self.dropped);
        let columns = match &dropped[..] {
            [] => return None,
            [_] => "This column does",
            _ => "These columns do",
        };
        Some(format!(
            "{columns} not fit into the line and are left out: {}. Format-List shows all.",
            dropped.join(", ")
        ))
    }

    /// Ends the table or list being written.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(&mut self, out: &mut Lines) -> Flow {
        let group = self.group.take();
        let ordered = matches!(group, Some(Group::Ordered { .. }));
        match group {
            Some(Group::Table { mut table, .. } | Group::Ordered { mut table, .. })
                if table.has_rows() =>
            {
                table.settle(self.layout, out)?;
                if ordered {
                    self.dropped.append(&mut table.take_dropped());
                }
                out("")
            }
            _ => Ok(()),
        }
    }
}
