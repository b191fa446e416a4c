//! `Format-List`

use super::format_table::{Group, formatted};
use super::support::{INPUT, Selector, input, runs_blocks, selectors};
use crate::format::default_properties;
use crate::format::directive::{Directive, encode};
use crate::value::Value;
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param, ParamKind};

const PARAMS: &[Param] = &[
    Param::new("Property", ParamKind::AnyList)
        .at(1)
        .help("The properties: names, also with wildcards, or calculated ones. * shows all."),
    Param::any("GroupBy").help("A property: where its value changes, a new group begins."),
    Param::any("View").hidden().help("Accepted."),
    Param::switch("Force").hidden().help("Accepted."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Format-List", FormatList::default)
        .aliases(&["fl"])
        .synopsis("Shows objects as lists, one property a line.")
        .params(PARAMS)
        .example(
            "Get-CsUser -Identity \"Ken Myer\" | Format-List *",
            "Everything about a user.",
        )
        .inputs("Any object.")
}

#[derive(Default)]
struct FormatList {
    properties: Vec<Selector>,
    group: Group,
    shown: bool,
}

impl Command for FormatList {
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
        items.into_iter().try_for_each(|it| self.one(cx, &it))
    }

    fn held(&self, args: &Args) -> Held {
        if runs_blocks(args, "Property") || runs_blocks(args, "GroupBy") {
            Held::Nothing
        } else {
            Held::PassedOn
        }
    }

    fn end(&mut self, cx: &mut Cx, _: &Args) -> Flow {
        if self.shown {
            cx.emit(encode(Directive::End))
        } else {
            Ok(())
        }
    }
}

impl FormatList {
    fn one(&mut self, cx: &mut Cx, it: &Value) -> Flow {
        if it.is_null() {
            return Ok(());
        }
        self.group.announce(cx, it)?;
        if let (Value::Hash(hash), true) = (it, self.properties.is_empty()) {
            self.shown = true;
            return hash.pairs().into_iter().try_for_each(|(key, value)| {
                let labels = vec![Value::from("Name"), Value::from("Value")].into();
                let values = vec![Value::Str(key), value].into();
                cx.emit(encode(Directive::Entry(labels, values)))
            });
        }
        let mut labels = Vec::new();
        let mut values = Vec::new();
        if self.properties.is_empty() {
            for name in default_properties(it) {
                values.push(it.property(&name).unwrap_or_default());
                labels.push(Value::from(&*name));
            }
            if labels.is_empty() {
                return cx.emit(it.clone());
            }
        }
        for selector in &self.properties {
            // A property the object does not have is left out, unlike in a table.
            if selector
                .plain_name()
                .is_some_and(|n| it.property(n).is_none())
            {
                continue;
            }
            for (name, value) in selector.entries(cx, it)? {
                values.push(formatted(selector, value, cx.locale()));
                labels.push(Value::from(&*name));
            }
        }
        self.shown = true;
        cx.emit(encode(Directive::Entry(
            Value::array(labels),
            Value::array(values),
        )))
    }
}
