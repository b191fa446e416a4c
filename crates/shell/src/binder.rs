//! Which argument goes to which parameter: by name, by position, from the pipeline; parameter
//! sets; conversion.
//!
//! Before a pipeline runs, what is written is bound once ([`Binding::new`]). Then each pipeline
//! object is bound ([`Binding::bind_object`]), in PowerShell's order: by value without conversion,
//! by property name without conversion, by value with conversion, by property name with conversion.

mod convert;
mod object;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::command::{Args, CHANGES, COMMON, CmdletDef, Param, ParamKind, Slot};
use crate::error::{Category, ErrorRecord, nearest};
use crate::value::{Value, clip};

/// An argument after evaluation.
pub(crate) enum Given {
    /// `-Name`, with the value after a colon if there is one.
    Named(String, Option<Value>),
    /// A value.
    Value(Value),
}

type Bound<T> = Result<T, Box<ErrorRecord>>;

/// What is known about the parameters of one call.
pub(crate) struct Binding {
    def: Arc<CmdletDef>,
    zone: TimeZone,
    /// The sets still possible after what was written; one nameless set where there are none.
    sets: Vec<&'static str>,
    /// Slots that can take something from the pipeline.
    from_pipeline: Vec<usize>,
    /// There is one slot for the pipeline, it takes anything, and nothing is to be decided.
    simple: Option<usize>,
}

impl Binding {
    /// Binds what is written; `piped` says whether objects will come from a pipeline.
    pub(crate) fn new(
        def: &Arc<CmdletDef>,
        given: Vec<Given>,
        piped: bool,
        zone: &TimeZone,
    ) -> Bound<(Binding, Args)> {
        let slots = def.all_params().map(|param| Slot {
            param,
            value: None,
            written: false,
        });
        let mut args = Args {
            slots: slots.collect(),
            set: "",
            input: Value::Null,
        };
        let sets = if def.sets.is_empty() {
            vec![""]
        } else {
            def.sets.to_vec()
        };
        let mut binding = Binding {
            def: Arc::clone(def),
            zone: zone.clone(),
            sets,
            from_pipeline: Vec::new(),
            simple: None,
        };
        let values = binding.bind_named(&mut args, given)?;
        binding.bind_positional(&mut args, values)?;
        binding.find_pipeline_slots(&args);
        binding.choose_set(&mut args, piped)?;
        if let [only] = binding.from_pipeline[..]
            && binding.sets.len() == 1
            && matches!(args.slots[only].param.kind, ParamKind::Any)
            && args.slots[only].param.by_value
            && binding
                .missing(&args, binding.sets[0], Some(only))
                .is_empty()
        {
            binding.simple = Some(only);
        }
        Ok((binding, args))
    }

    fn error(&self, id: &'static str, message: impl Into<String>) -> Box<ErrorRecord> {
        let mut error = ErrorRecord::new(id, Category::InvalidArgument, message);
        error.command = Some(self.def.name.to_owned());
        Box::new(error)
    }

    /// `value` for a message; nothing where the command takes secrets.
    fn shown(&self, value: &Value) -> String {
        if self.def.has_secrets() {
            return "a value".to_owned();
        }
        format!("\"{}\"", clip(&value.to_text()))
    }

    /// Binds the named arguments and returns the others.
    fn bind_named(&mut self, args: &mut Args, given: Vec<Given>) -> Bound<Vec<Value>> {
        let mut values = Vec::new();
        let mut given = given.into_iter().peekable();
        while let Some(argument) = given.next() {
            let (name, value) = match argument {
                Given::Value(value) => {
                    values.push(value);
                    continue;
                }
                Given::Named(name, value) => (name, value),
            };
            let place = self.find_param(args, &name)?;
            let param = args.slots[place].param;
            let value = match (value, given.peek()) {
                (Some(value), _) => value,
                (None, _) if param.kind == ParamKind::Switch => Value::Bool(true),
                (None, Some(Given::Value(_))) => match given.next() {
                    Some(Given::Value(value)) => value,
                    _ => Value::Null,
                },
                (None, _) => {
                    let message = format!("the parameter -{} needs a value", param.name);
                    return Err(self.error("MissingArgument", message));
                }
            };
            if args.slots[place].value.is_some() {
                let message = format!("the parameter -{} is given twice", param.name);
                return Err(self.error("ParameterGivenTwice", message));
            }
            if param.name == "PipelineVariable" {
                let mut error = self.error("NotSupported", "-PipelineVariable is not supported");
                error.category = Category::NotImplemented;
                return Err(error);
            }
            self.put(args, place, value, true)?;
        }
        Ok(values)
    }

    /// The parameter of that name, alias, or unambiguous beginning of a name; a command's own
    /// parameters go before the common ones.
    fn find_param(&self, args: &Args, name: &str) -> Bound<usize> {
        if let Some(place) = args.slots.iter().position(|s| s.param.is_called(name)) {
            return Ok(place);
        }
        let begins = |full: &str| {
            full.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        let fits = |p: &Param| !p.hidden && (begins(p.name) || p.aliases.iter().any(|a| begins(a)));
        let is_common = |p: &Param| COMMON.iter().chain(CHANGES).any(|c| c.name == p.name);
        let all: Vec<usize> = (0..args.slots.len())
            .filter(|i| fits(args.slots[*i].param))
            .collect();
        let own: Vec<usize> = all
            .iter()
            .copied()
            .filter(|i| !is_common(args.slots[*i].param))
            .collect();
        match (&own[..], &all[..]) {
            ([one], _) | (_, [one]) => Ok(*one),
            (_, []) => {
                let names = args
                    .slots
                    .iter()
                    .map(|s| s.param)
                    .filter(|p| !p.hidden)
                    .map(|p| p.name);
                let mut error = self.error(
                    "UnknownParameter",
                    format!(
                        "there is no parameter -{name}",
                        name = crate::privacy::mask_digits(name)
                    ),
                );
                error.advice = nearest(name, names).map(|n| format!("Did you mean -{n}?"));
                Err(error)
            }
            _ => {
                let names: Vec<String> = all
                    .iter()
                    .map(|i| format!("-{}", args.slots[*i].param.name))
                    .collect();
                let message = format!("-{name} could be any of {}", names.join(", "));
                Err(self.error("AmbiguousParameter", message))
            }
        }
    }

    /// Converts and stores a value, and rules out the sets the parameter is not in.
    fn put(&mut self, args: &mut Args, place: usize, value: Value, written: bool) -> Bound<()> {
        let param = args.slots[place].param;
        let value = self.convert(param, value)?;
        args.slots[place].value = Some(value);
        args.slots[place].written = written;
        if !written || param.sets.is_empty() {
            return Ok(());
        }
        self.sets.retain(|set| param.is_in(set));
        if self.sets.is_empty() {
            let names: Vec<String> = args
                .slots
                .iter()
                .filter(|s| s.written && !s.param.sets.is_empty())
                .map(|s| format!("-{}", s.param.name))
                .collect();
            let message = format!("{} cannot be used together", names.join(" and "));
            return Err(self.error("AmbiguousParameterSet", message));
        }
        Ok(())
    }

    fn convert(&self, param: &Param, value: Value) -> Bound<Value> {
        let hide = param.secret || self.def.has_secrets();
        convert::convert(param, value, &self.zone, hide).map_err(|reason| {
            let message = format!("cannot bind the parameter -{}: {reason}", param.name);
            self.error("ParameterValue", message)
        })
    }

    fn bind_positional(&mut self, args: &mut Args, values: Vec<Value>) -> Bound<()> {
        let mut rest = values.into_iter();
        while let Some(value) = rest.next() {
            if let Some(place) = self.next_position(args, &value) {
                self.put(args, place, value, true)?;
                continue;
            }
            let takes_rest =
                |s: &Slot| s.param.remaining && s.value.is_none() && self.possible(s.param);
            if let Some(place) = args.slots.iter().position(takes_rest) {
                let mut all = vec![value];
                all.extend(rest);
                return self.put(args, place, Value::from_items(all), true);
            }
            let message = format!(
                "there is no parameter for {} without a name",
                self.shown(&value)
            );
            let mut error = self.error("UnknownPosition", message);
            error.advice = Some(format!("Get-Help {} shows its parameters.", self.def.name));
            return Err(error);
        }
        Ok(())
    }

    fn possible(&self, param: &Param) -> bool {
        self.sets.iter().any(|set| param.is_in(set))
    }

    /// The free parameter with the lowest position; where several sets have one there, the default
    /// set and a kind that fits without conversion go first.
    fn next_position(&self, args: &Args, value: &Value) -> Option<usize> {
        let free = |s: &Slot| {
            s.param.position.is_some()
                && !s.param.remaining
                && s.value.is_none()
                && self.possible(s.param)
        };
        let lowest = args
            .slots
            .iter()
            .filter(|s| free(s))
            .filter_map(|s| s.param.position)
            .min()?;
        let default = self.default_set();
        (0..args.slots.len())
            .filter(|i| free(&args.slots[*i]) && args.slots[*i].param.position == Some(lowest))
            .min_by_key(|i| {
                let param = args.slots[*i].param;
                let converted = !Args::fits(param.kind, value);
                let accepted = convert::convert(param, value.clone(), &self.zone, true).is_ok();
                (!accepted, converted, !param.is_in(default))
            })
    }

    /// The default set, or the first still possible one.
    fn default_set(&self) -> &'static str {
        let default = self.def.sets.first().copied().unwrap_or_default();
        if self.sets.contains(&default) {
            return default;
        }
        self.sets.first().copied().unwrap_or_default()
    }

    fn find_pipeline_slots(&mut self, args: &Args) {
        let takes = |s: &Slot| {
            s.value.is_none() && (s.param.by_value || s.param.by_property) && self.possible(s.param)
        };
        self.from_pipeline = (0..args.slots.len())
            .filter(|i| takes(&args.slots[*i]))
            .collect();
    }

    /// Required parameters of a set that have no value; `except` counts as given.
    fn missing(&self, args: &Args, set: &str, except: Option<usize>) -> Vec<&'static str> {
        args.slots
            .iter()
            .enumerate()
            .filter(|(i, s)| {
                s.param.required && s.value.is_none() && s.param.is_in(set) && Some(*i) != except
            })
            .map(|(_, s)| s.param.name)
            .collect()
    }

    /// Chooses the set before the pipeline runs. With `piped`, what the pipeline can still give
    /// does not count as missing.
    fn choose_set(&self, args: &mut Args, piped: bool) -> Bound<()> {
        let default = self.default_set();
        let comes = |name: &str| {
            piped
                && self
                    .from_pipeline
                    .iter()
                    .any(|i| args.slots[*i].param.name == name)
        };
        let missing = |set: &'static str| -> Vec<&'static str> {
            self.missing(args, set, None)
                .into_iter()
                .filter(|n| !comes(n))
                .collect()
        };
        let in_order = std::iter::once(default).chain(self.sets.iter().copied());
        let complete = in_order.clone().find(|set| missing(set).is_empty());
        match complete {
            Some(set) => {
                args.set = set;
                Ok(())
            }
            None => Err(self.missing_error(&missing(default))),
        }
    }

    fn missing_error(&self, names: &[&str]) -> Box<ErrorRecord> {
        let names: Vec<String> = names.iter().map(|n| format!("-{n}")).collect();
        let (word, verb) = if names.len() == 1 {
            ("parameter", "is")
        } else {
            ("parameters", "are")
        };
        let message = format!("the required {word} {} {verb} missing", names.join(", "));
        self.error("MissingParameter", message)
    }
}
