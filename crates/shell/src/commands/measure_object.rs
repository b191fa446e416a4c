//! `Measure-Object`

use super::collate::Key;
use super::support::{INPUT, input};
use crate::error::Category;
use crate::value::{Number, NumberKind, Object, TypeDesc, Value, Wildcard};
use crate::{Args, CmdletDef, Command, Cx, ErrorRecord, Flow, Param};

static NUMBERS: TypeDesc = TypeDesc::new(
    "GenericMeasureInfo",
    &["Count", "Average", "Sum", "Maximum", "Minimum", "Property"],
)
.also(&["Microsoft.PowerShell.Commands.GenericMeasureInfo"])
.as_list();
static TEXT: TypeDesc = TypeDesc::new(
    "TextMeasureInfo",
    &["Lines", "Words", "Characters", "Property"],
)
.also(&["Microsoft.PowerShell.Commands.TextMeasureInfo"]);

const PARAMS: &[Param] = &[
    Param::strings("Property")
        .at(1)
        .help("The properties to measure; without: the objects."),
    Param::switch("Sum").help("Adds up."),
    Param::switch("Average").help("The mean."),
    Param::switch("Maximum").help("The greatest."),
    Param::switch("Minimum").help("The least."),
    Param::switch("AllStats").help("All of these."),
    Param::switch("Line").help("Counts lines of text."),
    Param::switch("Word").help("Counts words of text."),
    Param::switch("Character").help("Counts characters of text."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Measure-Object", Measure::default)
        .aliases(&["measure"])
        .synopsis("Counts objects, or adds up and compares their properties.")
        .params(PARAMS)
        .example("Get-CsUser | Measure-Object", "How many users there are.")
        .example(
            "Get-CsPinPolicy | Measure-Object MinPasswordLength -Minimum -Maximum",
            "The least and the greatest length.",
        )
        .inputs("Any object.")
        .outputs(const { &[&NUMBERS, &TEXT] })
}

#[derive(Default)]
struct Measured {
    property: Option<String>,
    count: u64,
    /// Exact as long as all are whole.
    whole: Option<i128>,
    sum: f64,
    greatest: Option<(Key, Value)>,
    least: Option<(Key, Value)>,
    lines: u64,
    words: u64,
    characters: u64,
}

#[derive(Default)]
struct Measure {
    parts: Vec<Measured>,
    numeric: bool,
    ordered: bool,
    text: bool,
}

impl Command for Measure {
    fn begin(&mut self, _: &mut Cx, args: &Args) -> Flow {
        let all = args.switch("AllStats");
        self.numeric = all || args.switch("Sum") || args.switch("Average");
        self.ordered = all || args.switch("Maximum") || args.switch("Minimum");
        self.text = args.switch("Line") || args.switch("Word") || args.switch("Character");
        let new = |property| Measured {
            property,
            whole: Some(0),
            ..Measured::default()
        };
        self.parts = args
            .strings("Property")
            .iter()
            .map(|p| new(Some(p.to_string())))
            .collect();
        if self.parts.is_empty() {
            self.parts.push(new(None));
        }
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        if it.is_null() {
            return Ok(());
        }
        let (numeric, ordered, text) = (self.numeric, self.ordered, self.text);
        for part in &mut self.parts {
            let values = match &part.property {
                None => vec![it.clone()],
                Some(name) => {
                    let pattern = Wildcard::new(name, false);
                    if pattern.has_wildcards() {
                        let columns = crate::format::csv::columns(&it);
                        let fitting = columns.iter().filter(|n| pattern.is_match(n));
                        fitting.filter_map(|n| it.property(n)).collect()
                    } else {
                        it.property(name).into_iter().collect()
                    }
                }
            };
            for value in values.into_iter().filter(|v| !v.is_null()) {
                if text {
                    part.add_text(&value.to_text());
                    continue;
                }
                if numeric && !part.add_number(&value) {
                    cx.error(
                        ErrorRecord::new(
                            "NonNumericInputObject",
                            Category::InvalidType,
                            format!(
                                "\"{}\" is not a number",
                                crate::format::cell::clip(&value.to_text(), 60)
                            ),
                        )
                        .advice("Without -Sum and -Average anything can be counted."),
                    )?;
                    continue;
                }
                part.count += 1;
                if ordered {
                    part.compare(value);
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        for part in std::mem::take(&mut self.parts) {
            if self.text {
                let on = |name, count: u64| args.switch(name).then_some(count);
                cx.emit(
                    Object::new(&TEXT)
                        .with("Lines", on("Line", part.lines))
                        .with("Words", on("Word", part.words))
                        .with("Characters", on("Character", part.characters))
                        .with("Property", part.property),
                )?;
                continue;
            }
            let on = |name| args.switch(name) || args.switch("AllStats");
            let some = part.count > 0;
            #[expect(clippy::cast_precision_loss, reason = "an average is a fraction")]
            let average = (on("Average") && some).then(|| part.total() / part.count as f64);
            cx.emit(
                Object::new(&NUMBERS)
                    .with("Count", part.count)
                    .with("Average", average)
                    .with("Sum", (on("Sum") && some).then(|| part.sum_value()))
                    .with(
                        "Maximum",
                        part.greatest.filter(|_| on("Maximum")).map(|(_, v)| v),
                    )
                    .with(
                        "Minimum",
                        part.least.filter(|_| on("Minimum")).map(|(_, v)| v),
                    )
                    .with("Property", part.property),
            )?;
        }
        Ok(())
    }
}

impl Measured {
    fn add_number(&mut self, value: &Value) -> bool {
        let number = match value {
            Value::Str(s) if s.trim().is_empty() => return false,
            other => match other.to_number() {
                Ok(number) => number,
                Err(_) => return false,
            },
        };
        self.sum += number.as_f64();
        self.whole = match (self.whole, number.kind()) {
            (Some(sum), NumberKind::Int(i)) => sum.checked_add(i.into()),
            _ => None,
        };
        true
    }

    fn total(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "an average is a fraction")]
        self.whole.map_or(self.sum, |w| w as f64)
    }

    fn sum_value(&self) -> Value {
        match self.whole.and_then(|w| i64::try_from(w).ok()) {
            Some(whole) => whole.into(),
            None => self.total().into(),
        }
    }

    fn compare(&mut self, value: Value) {
        // Text that spells a number is compared as one, as PowerShell does.
        let value = match &value {
            Value::Str(s) => Number::parse(s.trim()).map_or(value, Value::from),
            _ => value,
        };
        let key = match Key::new(&value, false) {
            #[expect(clippy::cast_precision_loss, reason = "so that all numbers compare")]
            Key::Int(i) => Key::Float(i as f64),
            key => key,
        };
        if self
            .greatest
            .as_ref()
            .is_none_or(|(k, _)| key.order(k).is_gt())
        {
            self.greatest = Some((key.clone(), value.clone()));
        }
        if self
            .least
            .as_ref()
            .is_none_or(|(k, _)| key.order(k).is_lt())
        {
            self.least = Some((key, value));
        }
    }

    fn add_text(&mut self, text: &str) {
        self.lines += text.lines().count() as u64;
        self.words += text.split_whitespace().count() as u64;
        self.characters += text.chars().count() as u64;
    }
}
