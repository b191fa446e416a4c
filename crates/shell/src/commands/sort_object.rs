//! `Sort-Object`

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::collate::{Key, level};
use super::support::{INPUT, Selector, count, input, refuse, runs_blocks, selectors};
use crate::value::Value;
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param, ParamKind};

const PARAMS: &[Param] = &[
    Param::new("Property", ParamKind::AnyList).at(1).help(
        "What to sort by: names of properties, script blocks, or \
         @{Expression='…'; Descending=$true}.",
    ),
    Param::switch("Descending").help("From the greatest to the least."),
    Param::switch("Unique").help("Of objects that sort as equal only the first."),
    Param::switch("CaseSensitive").help("Capitals after small letters instead of like them."),
    Param::switch("Stable").help("Accepted; objects that sort as equal always keep their order."),
    Param::uint32("Top").help("Only so many from the start of the result."),
    Param::uint32("Bottom").help("Only so many from its end."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Sort-Object", Sort::default)
        .aliases(&["sort"])
        .synopsis("Sorts objects.")
        .description(
            "Text is sorted without regard to case, letters with accents next to those without. \
             $null comes first. Objects that sort as equal keep their order.",
        )
        .params(PARAMS)
        .example("Get-CsUser | Sort-Object DisplayName", "By name.")
        .example(
            "Get-CsPinPolicy | Sort-Object MinPasswordLength, Identity -Descending",
            "By two properties, from the greatest.",
        )
        .inputs("Any object.")
}

#[derive(Default)]
struct Sort {
    properties: Vec<Selector>,
    rows: Vec<(Vec<Key>, Value)>,
    /// In order, on their way out.
    sorted: VecDeque<Value>,
}

impl Command for Sort {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.properties = selectors(cx, args, "Property")?;
        if self.properties.iter().any(|s| s.label.is_none()) {
            return Err(refuse(
                cx,
                "the name of a property to sort by cannot have wildcards",
            ));
        }
        if args.given("Top") && args.given("Bottom") {
            return Err(refuse(cx, "-Top and -Bottom exclude each other"));
        }
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        if it.is_null() {
            return Ok(());
        }
        let case = args.switch("CaseSensitive");
        let mut keys = Vec::with_capacity(self.properties.len().max(1));
        for selector in &self.properties {
            let value = selector.value(cx, &it)?.unwrap_or_default();
            keys.push(Key::new(&value, case));
        }
        if keys.is_empty() {
            keys.push(Key::new(&it, case));
        }
        cx.charge(3 + keys.iter().map(Key::cells).sum::<u64>())?;
        self.rows.push((keys, it));
        Ok(())
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.sort(args);
        while !self.sorted.is_empty() {
            cx.check()?;
            if let Some(value) = self.sorted.pop_front() {
                cx.let_go(value)?;
            }
        }
        Ok(())
    }

    fn held(&self, args: &Args) -> Held {
        if runs_blocks(args, "Property") {
            Held::Dropped
        } else {
            Held::PassedOn
        }
    }
}

impl Sort {
    fn sort(&mut self, args: &Args) {
        let mut rows = std::mem::take(&mut self.rows);
        let columns = self.properties.len().max(1);
        for column in 0..columns {
            level(rows.iter_mut().map(|(keys, _)| &mut keys[column]));
        }
        let usual = args.switch("Descending");
        let directions: Vec<bool> = (0..columns)
            .map(|c| {
                self.properties
                    .get(c)
                    .and_then(|s| s.descending)
                    .unwrap_or(usual)
            })
            .collect();
        let order = |a: &[Key], b: &[Key]| {
            let each = a
                .iter()
                .zip(b)
                .zip(&directions)
                .map(
                    |((a, b), descending)| {
                        if *descending { b.order(a) } else { a.order(b) }
                    },
                );
            each.fold(Ordering::Equal, Ordering::then)
        };
        rows.sort_by(|(a, _), (b, _)| order(a, b));
        if args.switch("Unique") {
            rows.dedup_by(|(a, _), (b, _)| order(a, b) == Ordering::Equal);
        }
        let all = rows.len();
        let top = count(args, "Top").unwrap_or(all);
        let skip = count(args, "Bottom").map_or(0, |n| all.saturating_sub(n));
        let wanted = rows.into_iter().take(top).skip(skip);
        self.sorted.extend(wanted.map(|(_, value)| value));
    }
}
