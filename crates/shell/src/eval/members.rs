//! Properties and elements of values.

use super::runtime::Runtime;
use crate::ast::{At, MemberName, Step};
use crate::command::Stop;
use crate::error::Category;
use crate::value::Value;

impl Runtime {
    pub(super) fn step_into(&mut self, value: &Value, step: &Step) -> Result<Value, Stop> {
        match step {
            Step::Member(MemberName::Known(name), _) => self.member(value, name),
            Step::Member(MemberName::Computed(name), _) => {
                let name = self.eval(name)?.to_text();
                self.member(value, &name)
            }
            Step::Index(index, at) => {
                let index = self.eval(index)?;
                self.element(value, &index, *at)
            }
            Step::Method(name, arguments, at) => {
                let arguments = arguments
                    .iter()
                    .map(|a| self.eval(a))
                    .collect::<Result<Vec<_>, _>>()?;
                self.method(value, name, &arguments, *at)
            }
        }
    }

    /// A property; of an array the properties of its elements; `$null` where there is none.
    pub(super) fn member(&mut self, value: &Value, name: &str) -> Result<Value, Stop> {
        if let Some(found) = value.property(name) {
            return Ok(found);
        }
        if let Value::Array(items) = value {
            self.step(items.len() as u64)?;
            let mut found = Vec::new();
            for item in items.iter() {
                match item.property(name) {
                    Some(Value::Array(inner)) => found.extend(inner.iter().cloned()),
                    Some(one) => found.push(one),
                    None => {}
                }
                self.check_elements(found.len())?;
            }
            self.charge_cells(found.len() as u64)?;
            return Ok(Value::from_items(found));
        }
        let counts = name.eq_ignore_ascii_case("Count") || name.eq_ignore_ascii_case("Length");
        Ok(match value {
            Value::Null if counts => Value::from(0),
            _ if counts => Value::from(1),
            _ => Value::Null,
        })
    }

    /// An element: of an array by place (from the end if negative), of a hash table by key, of
    /// text a character. Several indexes give several elements.
    pub(super) fn element(&mut self, value: &Value, index: &Value, at: At) -> Result<Value, Stop> {
        if let Value::Array(indexes) = index {
            self.step(indexes.len() as u64)?;
            let mut found = Vec::new();
            for index in indexes.iter() {
                let single = match index {
                    Value::Array(_) => Value::Null,
                    index => self.element(value, index, at)?,
                };
                if !single.is_null() {
                    found.push(single);
                }
            }
            self.charge_cells(found.len() as u64)?;
            return Ok(Value::array(found));
        }
        match value {
            Value::Hash(hash) => Ok(hash.get(&index.to_text()).unwrap_or_default()),
            Value::Array(items) => {
                let place = self.place(index, items.len(), at)?;
                Ok(place
                    .and_then(|i| items.get(i))
                    .cloned()
                    .unwrap_or_default())
            }
            Value::Str(text) => {
                let length = text.chars().count();
                self.step(length as u64 / 64)?;
                let place = self.place(index, length, at)?;
                let found = place.and_then(|i| text.chars().nth(i));
                Ok(found.map_or(Value::Null, |c| Value::from(c.to_string())))
            }
            Value::Null => Err(self.fault(
                at,
                "NullIndex",
                Category::InvalidOperation,
                "$null has no elements",
            )),
            // One object stands for an array of one.
            single => {
                let place = self.place(index, 1, at)?;
                Ok(if place == Some(0) {
                    single.clone()
                } else {
                    Value::Null
                })
            }
        }
    }

    /// The place an index means among `length`, if it is one.
    pub(super) fn place(
        &self,
        index: &Value,
        length: usize,
        at: At,
    ) -> Result<Option<usize>, Stop> {
        let Some(index) = self.number(index, at)?.as_i64() else {
            return Ok(None);
        };
        let length_signed = i64::try_from(length).unwrap_or(i64::MAX);
        let place = if index < 0 {
            index.checked_add(length_signed)
        } else {
            Some(index)
        };
        Ok(place
            .and_then(|p| usize::try_from(p).ok())
            .filter(|p| *p < length))
    }
}
