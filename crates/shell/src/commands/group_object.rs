//! `Group-Object`

use std::collections::HashMap;

use super::collate::{Key, level, text_key};
use super::support::{INPUT, Selector, input, refuse, selectors};
use crate::value::{Column, Hash, Object, TypeDesc, Value};
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param, ParamKind};

/// A group with its objects.
static GROUP: TypeDesc = TypeDesc::new("GroupInfo", &["Count", "Name", "Group", "Values"])
    .also(&["Microsoft.PowerShell.Commands.GroupInfo"])
    .as_table(&[
        Column::new("Count").width(5).right(),
        Column::new("Name"),
        Column::new("Group"),
    ]);
/// A group without its objects.
static COUNT: TypeDesc = TypeDesc::new("GroupInfoNoElement", &["Count", "Name", "Values"])
    .also(&["Microsoft.PowerShell.Commands.GroupInfoNoElement"])
    .as_table(&[Column::new("Count").width(5).right(), Column::new("Name")]);

const PARAMS: &[Param] = &[
    Param::new("Property", ParamKind::AnyList)
        .at(1)
        .help("What to group by: names of properties, script blocks or calculated properties."),
    Param::switch("NoElement").help("Count only; keeps no objects."),
    Param::switch("AsHashTable")
        .alias(&["AHT"])
        .help("A hash table of names and objects."),
    Param::switch("AsString").help("Accepted; the keys of a hash table always are text."),
    Param::switch("CaseSensitive").help("Texts that differ in case are different."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Group-Object", Grouping::default)
        .aliases(&["group"])
        .synopsis("Groups objects that have the same value of a property.")
        .params(PARAMS)
        .example(
            "Get-CsUser | Group-Object RegistrarPool -NoElement",
            "How many users a pool has.",
        )
        .inputs("Any object.")
        .outputs(const { &[&GROUP, &COUNT] })
}

struct Group {
    values: Vec<Value>,
    count: u64,
    objects: Vec<Value>,
}

#[derive(Default)]
struct Grouping {
    properties: Vec<Selector>,
    groups: Vec<Group>,
    places: HashMap<String, usize>,
}

impl Command for Grouping {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.properties = selectors(cx, args, "Property")?;
        if self.properties.iter().any(|s| s.label.is_none()) {
            return Err(refuse(
                cx,
                "the name of a property to group by cannot have wildcards",
            ));
        }
        if args.switch("AsHashTable") && args.switch("NoElement") {
            return Err(refuse(cx, "-AsHashTable and -NoElement exclude each other"));
        }
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        if it.is_null() {
            return Ok(());
        }
        let mut values = Vec::with_capacity(self.properties.len().max(1));
        for selector in &self.properties {
            values.push(selector.value(cx, &it)?.unwrap_or_default());
        }
        if values.is_empty() {
            values.push(it.clone());
        }
        let case = args.switch("CaseSensitive");
        let mut key = String::new();
        for value in &values {
            let part = text_key(value, case);
            key.push_str(&format!("{}:{part}", part.len()));
        }
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                cx.charge(8 + key.len() as u64 / 32)?;
                self.groups.push(Group {
                    values,
                    count: 0,
                    objects: Vec::new(),
                });
                self.places.insert(key, self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        let group = &mut self.groups[place];
        group.count += 1;
        if !args.switch("NoElement") {
            cx.charge(1)?;
            group.objects.push(it);
        }
        Ok(())
    }

    fn held(&self, _: &Args) -> Held {
        Held::Dropped
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let groups = std::mem::take(&mut self.groups);
        let case = args.switch("CaseSensitive");
        let keyed = |g: Group| {
            (
                g.values
                    .iter()
                    .map(|v| Key::new(v, case))
                    .collect::<Vec<_>>(),
                g,
            )
        };
        let mut rows: Vec<(Vec<Key>, Group)> = groups.into_iter().map(keyed).collect();
        for column in 0..self.properties.len().max(1) {
            level(rows.iter_mut().map(|(keys, _)| &mut keys[column]));
        }
        rows.sort_by(|(a, _), (b, _)| {
            let each = a.iter().zip(b).map(|(a, b)| a.order(b));
            each.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        if args.switch("AsHashTable") {
            let hash = Hash::new();
            for (_, group) in rows {
                hash.set(&name(&group), Value::array(group.objects));
            }
            return cx.emit(hash);
        }
        for (_, group) in rows {
            let name = name(&group);
            let object = if args.switch("NoElement") {
                Object::new(&COUNT)
                    .with("Count", group.count)
                    .with("Name", name)
            } else {
                let group_objects = Value::array(group.objects);
                Object::new(&GROUP)
                    .with("Count", group.count)
                    .with("Name", name)
                    .with("Group", group_objects)
            };
            cx.emit(object.with("Values", group.values))?;
        }
        Ok(())
    }
}

fn name(group: &Group) -> String {
    let parts: Vec<String> = group
        .values
        .iter()
        .map(|v| v.to_text().to_string())
        .collect();
    parts.join(", ")
}
