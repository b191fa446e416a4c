//! Binding one object from the pipeline.

use super::{Binding, Bound};
use crate::command::{Args, Param};
use crate::error::ErrorRecord;
use crate::value::Value;

impl Binding {
    /// Binds one pipeline object.
    pub(crate) fn bind_object(&self, args: &mut Args, object: Value) -> Bound<()> {
        if let Some(place) = self.simple {
            args.slots[place].value = Some(object.clone());
            args.input = object;
            return Ok(());
        }
        for place in &self.from_pipeline {
            args.slots[*place].value = None;
        }
        let mut sets = self.sets.clone();
        let mut reason = None;
        for (by_property, converting) in
            [(false, false), (true, false), (false, true), (true, true)]
        {
            for &place in &self.from_pipeline {
                let param = args.slots[place].param;
                let able = if by_property {
                    param.by_property
                } else {
                    param.by_value
                };
                let free = args.slots[place].value.is_none();
                if !able || !free || !sets.iter().any(|set| param.is_in(set)) {
                    continue;
                }
                let value = if by_property {
                    property(param, &object)
                } else {
                    Some(object.clone())
                };
                let Some(value) = value.filter(|v| !v.is_null() || param.allow_null) else {
                    continue;
                };
                let fits = Args::fits(param.kind, &value);
                if fits == converting || (!by_property && converting && is_structured(&value)) {
                    continue;
                }
                match self.convert(param, value) {
                    Ok(value) => {
                        args.slots[place].value = Some(value);
                        sets.retain(|set| param.is_in(set));
                    }
                    Err(error) => reason = Some(error),
                }
            }
        }
        self.finish_object(args, object, &sets, reason)
    }

    fn finish_object(
        &self,
        args: &mut Args,
        object: Value,
        sets: &[&'static str],
        reason: Option<Box<ErrorRecord>>,
    ) -> Bound<()> {
        if self
            .from_pipeline
            .iter()
            .all(|i| args.slots[*i].value.is_none())
        {
            if let Some(error) = reason {
                return Err(error);
            }
            let what = match &object {
                Value::Object(o) => format!("an object of type {}", o.type_name()),
                Value::Null => "$null".to_owned(),
                other => self.shown(other),
            };
            let message = format!("{what} from the pipeline fits no parameter");
            return Err(self.error("InputNotBound", message));
        }
        let default = self.default_set();
        let preferred = sets.contains(&default).then_some(default);
        let mut in_order = preferred.into_iter().chain(sets.iter().copied());
        match in_order.find(|set| self.missing(args, set, None).is_empty()) {
            Some(set) => {
                args.set = set;
                args.input = object;
                Ok(())
            }
            None => {
                let set = preferred.or(sets.first().copied()).unwrap_or_default();
                Err(self.missing_error(&self.missing(args, set, None)))
            }
        }
    }
}

/// The property of an object a parameter is named after.
fn property(param: &Param, object: &Value) -> Option<Value> {
    match object {
        Value::Object(_) | Value::Hash(_) => {}
        _ => return None,
    }
    std::iter::once(&param.name)
        .chain(param.aliases)
        .find_map(|name| object.property(name))
}

/// Has parts of its own; its text would be no useful value.
fn is_structured(value: &Value) -> bool {
    matches!(value, Value::Hash(_) | Value::Array(_))
        || matches!(value, Value::Object(o) if o.get("Identity").is_none())
}
