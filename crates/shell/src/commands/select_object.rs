//! `Select-Object`

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::collate::text_key;
use super::support::{INPUT, Selector, count, input, misuse, refuse, runs_blocks, selectors};
use crate::error::Category;
use crate::value::{Name, Object, TypeDesc, Value, Wildcard};
use crate::{Args, CmdletDef, Command, Cx, ErrorRecord, Flow, Held, Param, ParamKind, Stop};

const PARAMS: &[Param] = &[
    Param::new("Property", ParamKind::AnyList).at(1).help(
        "The properties wanted: names, names with wildcards, or \
         @{Name='…'; Expression={…}}.",
    ),
    Param::strings("ExcludeProperty").help("Properties not wanted; wildcards are allowed."),
    Param::string("ExpandProperty").help("A property to put out instead of the object."),
    Param::uint32("First").help("Only so many from the start."),
    Param::uint32("Last").help("Only so many from the end."),
    Param::uint32("Skip").help("Not so many from the start (with -Last: from the end)."),
    Param::uint32("SkipLast").help("Not so many from the end."),
    Param::new("Index", ParamKind::AnyList).help("Only those at these places, from 0."),
    Param::switch("Unique").help("Of equal objects only the first."),
    Param::switch("Wait").hidden().help("Accepted."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Select-Object", Select::default)
        .aliases(&["select"])
        .synopsis("Takes some properties of objects, or some objects of many.")
        .params(PARAMS)
        .example(
            "Get-CsUser | Select-Object DisplayName, SipAddress -First 5",
            "Five short rows.",
        )
        .example(
            "Get-CsAdminRole -Identity CsHelpDesk | Select-Object -ExpandProperty Cmdlets",
            "The elements of a list, one by one.",
        )
        .example(
            "Get-CsUser | Select-Object DisplayName, @{Name='Site'; Expression={$_.RegistrarPool}}",
            "A property under another name.",
        )
        .inputs("Any object.")
}

#[derive(Default)]
struct Select {
    properties: Vec<Selector>,
    exclude: Vec<Wildcard>,
    first: Option<usize>,
    last: Option<usize>,
    skip: usize,
    skip_last: usize,
    index: Option<BTreeSet<usize>>,
    /// Objects that came in.
    seen: usize,
    /// Objects that were passed on because of `-First`.
    passed: usize,
    /// The last ones, for `-Last` and `-SkipLast`.
    tail: VecDeque<Value>,
    unique: Option<HashSet<String>>,
}

impl Command for Select {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.properties = selectors(cx, args, "Property")?;
        let exclude = args.strings("ExcludeProperty");
        self.exclude = exclude.iter().map(|p| Wildcard::new(p, false)).collect();
        if self.properties.is_empty() && !self.exclude.is_empty() {
            self.properties = vec![Selector::all()];
        }
        self.first = count(args, "First");
        self.last = count(args, "Last");
        self.skip = count(args, "Skip").unwrap_or(0);
        self.skip_last = count(args, "SkipLast").unwrap_or(0);
        self.unique = args.switch("Unique").then(HashSet::new);
        if let Some(list) = args.get("Index") {
            let mut places = BTreeSet::new();
            for place in list.clone().into_items() {
                let number = place.to_number().ok().and_then(|n| n.as_u64());
                match number.and_then(|n| usize::try_from(n).ok()) {
                    Some(n) => _ = places.insert(n),
                    None => {
                        return Err(refuse(cx, format!("\"{}\" is no place", place.to_text())));
                    }
                }
            }
            let others = self.first.is_some() || self.last.is_some() || self.skip > 0;
            if others || self.skip_last > 0 {
                return Err(refuse(cx, "-Index goes without -First, -Last and -Skip"));
            }
            self.index = Some(places);
        }
        if self.skip_last > 0 && (self.last.is_some() || self.first.is_some()) {
            return Err(refuse(cx, "-SkipLast goes without -First and -Last"));
        }
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        let place = self.seen;
        self.seen += 1;
        if let Some(index) = &self.index {
            if index.contains(&place) {
                self.pass(cx, args, it)?;
            }
            return match self.index.as_ref().and_then(BTreeSet::last) {
                Some(last) if place < *last => Ok(()),
                _ => Err(cx.enough()),
            };
        }
        if self.last.is_some() || self.skip_last > 0 {
            return self.keep_tail(cx, args, it);
        }
        if place < self.skip {
            return Ok(());
        }
        match self.first {
            Some(first) if self.passed >= first => Err(cx.enough()),
            Some(first) => {
                self.passed += 1;
                self.pass(cx, args, it)?;
                if self.passed >= first {
                    Err(cx.enough())
                } else {
                    Ok(())
                }
            }
            None => self.pass(cx, args, it),
        }
    }

    fn held(&self, args: &Args) -> Held {
        if self.last.is_some() || self.skip_last > 0 {
            Held::Dropped
        } else if runs_blocks(args, "Property") {
            Held::Nothing
        } else {
            Held::PassedOn
        }
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        if self.skip_last > 0 {
            return Ok(());
        }
        let Some(last) = self.last else { return Ok(()) };
        // With -Last, -Skip counts from the end.
        let wanted = self.tail.len().saturating_sub(self.skip).min(last);
        for _ in 0..wanted {
            if let Some(it) = self.tail.pop_front() {
                cx.check()?;
                self.pass(cx, args, it)?;
            }
        }
        Ok(())
    }
}

impl Select {
    fn keep_tail(&mut self, cx: &mut Cx, args: &Args, it: Value) -> Flow {
        // -First together with -Last takes from both ends.
        if let Some(first) = self.first
            && self.passed < first
        {
            self.passed += 1;
            return self.pass(cx, args, it);
        }
        if self.skip_last > 0 && self.seen <= self.skip {
            return Ok(());
        }
        self.tail.push_back(it);
        let most = match self.last {
            Some(last) => last.saturating_add(self.skip),
            None => self.skip_last,
        };
        if self.tail.len() <= most {
            return cx.charge(1);
        }
        let out = self.tail.pop_front();
        match (self.last, out) {
            (None, Some(out)) => self.pass(cx, args, out),
            _ => Ok(()),
        }
    }

    fn pass(&mut self, cx: &mut Cx, args: &Args, it: Value) -> Flow {
        if let Some(name) = args.string("ExpandProperty") {
            return self.expand(cx, name, &it);
        }
        let value = if self.properties.is_empty() {
            it
        } else {
            self.select(cx, &it)?.into()
        };
        self.put_out(cx, value)
    }

    fn put_out(&mut self, cx: &mut Cx, value: Value) -> Flow {
        if let Some(seen) = &mut self.unique {
            let key = text_key(&value, true);
            let cells = 2 + key.len() as u64 / 32;
            if !seen.insert(key) {
                return Ok(());
            }
            cx.charge(cells)?;
        }
        cx.emit(value)
    }

    fn select(&self, cx: &mut Cx, it: &Value) -> Result<Object, Stop> {
        let desc = match it {
            Value::Object(o) => o.desc(),
            _ => &TypeDesc::CUSTOM,
        };
        let object = Object::selected(desc);
        for selector in &self.properties {
            for (name, value) in selector.entries(cx, it)? {
                if self.exclude.iter().any(|w| w.is_match(&name)) {
                    continue;
                }
                if object.get(&name).is_none() {
                    object.put(name, value);
                }
            }
        }
        Ok(object)
    }

    fn expand(&mut self, cx: &mut Cx, name: &str, it: &Value) -> Flow {
        let Some(value) = it.property(name) else {
            return cx.error(
                ErrorRecord::new(
                    "PropertyNotFound",
                    Category::InvalidArgument,
                    format!("there is no property \"{name}\" to expand"),
                )
                .target(it.type_name()),
            );
        };
        if self.properties.is_empty() {
            let items = value.into_items();
            return items.into_iter().try_for_each(|v| self.put_out(cx, v));
        }
        // The other properties are added to what is expanded, which must be an object for that.
        let others: Vec<(Name, Value)> = {
            let selected = self.select(cx, it)?;
            let properties = selected.properties();
            properties
                .iter()
                .map(|p| (p.name.clone(), p.value.clone()))
                .collect()
        };
        for item in value.into_items() {
            let Value::Object(inner) = &item else {
                return cx.error(misuse(format!(
                    "further properties cannot be added to the values of \"{name}\", which are no \
                     objects; leave out -Property"
                )));
            };
            let object = Object::selected(inner.desc());
            inner
                .properties()
                .iter()
                .for_each(|p| object.put(p.name.clone(), p.value.clone()));
            others
                .iter()
                .for_each(|(n, v)| object.put(n.clone(), v.clone()));
            self.put_out(cx, object.into())?;
        }
        Ok(())
    }
}
