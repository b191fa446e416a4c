//! `Format-Table`

use super::support::{INPUT, Selector, input, runs_blocks, selectors};
use crate::format::directive::{Directive, encode};
use crate::format::{
    Locale, TableColumn, TableOptions, default_columns, default_properties, is_whole,
};
use crate::value::{Name, Value};
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param, ParamKind, Stop};

const PARAMS: &[Param] = &[
    Param::new("Property", ParamKind::AnyList).at(1).help(
        "The columns: names of properties, also with wildcards, or \
         @{Name='…'; Expression={…}; Width=…; Alignment='Right'}.",
    ),
    Param::switch("AutoSize").help("Fits the columns to more rows than the first hundred."),
    Param::switch("Wrap").help("Continues long values on the next line instead of cutting them."),
    Param::switch("HideTableHeaders").help("Leaves out the header."),
    Param::any("GroupBy").help("A property: where its value changes, a new table begins."),
    Param::any("View").hidden().help("Accepted."),
    Param::switch("Force").hidden().help("Accepted."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Format-Table", FormatTable::default)
        .aliases(&["ft"])
        .synopsis("Shows objects as a table.")
        .params(PARAMS)
        .example(
            "Get-CsUser | Format-Table DisplayName, SipAddress -AutoSize",
            "Two columns.",
        )
        .example("Get-CsUser | Format-Table * -Wrap", "Everything.")
        .inputs("Any object.")
}

#[derive(Default)]
struct FormatTable {
    properties: Vec<Selector>,
    group: Group,
    columns: Option<Vec<Source>>,
}

/// Where the value of a column comes from.
enum Source {
    Name(Name),
    Selector(usize),
}

/// `-GroupBy`.
#[derive(Default)]
pub(super) struct Group {
    selector: Option<Selector>,
    current: Option<String>,
}

impl Group {
    /// Reads `-GroupBy`.
    pub(super) fn new(cx: &mut Cx, args: &Args) -> Result<Group, Stop> {
        let mut all = selectors(cx, args, "GroupBy")?;
        let selector = if all.is_empty() {
            None
        } else {
            Some(all.swap_remove(0))
        };
        Ok(Group {
            selector,
            current: None,
        })
    }

    /// Says so if a new group begins with this object.
    pub(super) fn announce(&mut self, cx: &mut Cx, it: &Value) -> Flow {
        let Some(selector) = &self.selector else {
            return Ok(());
        };
        let value = selector.value(cx, it)?.unwrap_or_default();
        let text = value.to_text().to_string();
        if self.current.as_ref() == Some(&text) {
            return Ok(());
        }
        let label = selector
            .label
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        self.current = Some(text);
        cx.emit(encode(Directive::Group(label, value)))
    }
}

/// A date as its `FormatString` asks for it; other values as they are.
pub(super) fn formatted(selector: &Selector, value: Value, locale: Locale) -> Value {
    match (&selector.format, &value) {
        (Some(format), Value::Date(date)) => {
            crate::format::dates::dotnet(date, format, locale).map_or(value, Value::from)
        }
        _ => value,
    }
}

impl Command for FormatTable {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.properties = selectors(cx, args, "Property")?;
        self.group = Group::new(cx, args)?;
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let given = input(args);
        let items = match given {
            Value::Array(_) => given.into_items(),
            one => vec![one],
        };
        items.into_iter().try_for_each(|it| self.one(cx, args, &it))
    }

    fn held(&self, args: &Args) -> Held {
        if runs_blocks(args, "Property") || runs_blocks(args, "GroupBy") {
            Held::Nothing
        } else {
            Held::PassedOn
        }
    }

    fn end(&mut self, cx: &mut Cx, _: &Args) -> Flow {
        if self.columns.is_some() {
            cx.emit(encode(Directive::End))
        } else {
            Ok(())
        }
    }
}

impl FormatTable {
    fn one(&mut self, cx: &mut Cx, args: &Args, it: &Value) -> Flow {
        if it.is_null() {
            return Ok(());
        }
        let has_properties = !default_properties(it).is_empty() || matches!(it, Value::Hash(_));
        if self.properties.is_empty() && !has_properties {
            return cx.emit(it.clone());
        }
        if matches!(it, Value::Hash(_)) && self.properties.is_empty() {
            return cx.emit(it.clone());
        }
        if self.columns.is_none() {
            self.start(cx, args, it)?;
        }
        self.group.announce(cx, it)?;
        let mut row = Vec::new();
        for source in self.columns.iter().flatten() {
            row.push(match source {
                Source::Name(name) => it.property(name).unwrap_or_default(),
                Source::Selector(at) => {
                    let selector = &self.properties[*at];
                    let value = selector.value(cx, it)?.unwrap_or_default();
                    formatted(selector, value, cx.locale())
                }
            });
        }
        cx.emit(encode(Directive::Row(Value::array(row))))
    }

    /// The first object decides what the columns are.
    fn start(&mut self, cx: &mut Cx, args: &Args, it: &Value) -> Flow {
        let mut columns = Vec::new();
        let mut sources = Vec::new();
        for (at, selector) in self.properties.iter().enumerate() {
            let names = selector.names(it);
            let wild = selector.label.is_none();
            for name in names {
                let property = selector.plain_name().unwrap_or(&name);
                columns.push(TableColumn {
                    whole: is_whole(it, property),
                    label: selector.spelt(name.clone(), it).to_string(),
                    width: selector.width,
                    align: selector.align,
                });
                sources.push(if wild {
                    Source::Name(name)
                } else {
                    Source::Selector(at)
                });
            }
        }
        if self.properties.is_empty() {
            for (column, name) in default_columns(it) {
                columns.push(column);
                sources.push(Source::Name(name));
            }
        }
        self.columns = Some(sources);
        let options = TableOptions {
            wrap: args.switch("Wrap"),
            hide_headers: args.switch("HideTableHeaders"),
            autosize: args.switch("AutoSize"),
        };
        if options.autosize {
            columns
                .iter_mut()
                .filter(|c| self.properties.is_empty() && c.width.is_some())
                .for_each(|c| c.width = None);
        }
        cx.emit(encode(Directive::Table(columns, options)))
    }
}
