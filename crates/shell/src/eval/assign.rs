//! Assignments.

use std::rc::Rc;

use super::runtime::Runtime;
use crate::ast::{AssignOp, At, BinaryOp, Expr, MemberName, Statement, Step, Target};
use crate::command::{Flow, Stop};
use crate::error::{Category, nearest};
use crate::value::{List, TypeName, Value};

impl Runtime {
    pub(super) fn assign(&mut self, target: &Target, op: AssignOp, value: &Statement) -> Flow {
        self.failed = false;
        let right = self.statement_value(value)?;
        let result = match op {
            AssignOp::Set => self.store(target, right, value.at),
            AssignOp::With(op) => self.update(target, op, right, value.at),
        };
        self.last_ok = result.is_ok() && !self.failed;
        result
    }

    fn update(&mut self, target: &Target, op: BinaryOp, right: Value, at: At) -> Flow {
        // Taken out, so that an array nobody else holds grows where it is.
        if let (Target::Variable(name), BinaryOp::Add) = (target, op) {
            let old = self
                .variables
                .get_mut(name)
                .map(std::mem::take)
                .unwrap_or_default();
            let kept = if matches!(old, Value::Array(_)) {
                Value::Null
            } else {
                old.clone()
            };
            return match self.add(old, right, at) {
                Ok(sum) => self.set_variable(name, sum),
                Err(stop) => {
                    self.variables.insert(Rc::clone(name), kept);
                    Err(stop)
                }
            };
        }
        let old = self.target_value(target)?;
        let new = self.binary(op, old, right, at)?;
        self.store(target, new, at)
    }

    /// What a target holds now.
    pub(super) fn target_value(&mut self, target: &Target) -> Result<Value, Stop> {
        match target {
            Target::Variable(name) | Target::Typed(_, name) => Ok(self.read_variable(name)),
            Target::Place { base, step } => {
                let base = self.eval(base)?;
                self.step_into(&base, step)
            }
            Target::Several(targets) => {
                let values = targets
                    .iter()
                    .map(|t| self.target_value(t))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Value::array(values))
            }
        }
    }

    fn store(&mut self, target: &Target, value: Value, at: At) -> Flow {
        match target {
            Target::Variable(name) => self.set_variable(name, value),
            Target::Typed(ty, name) => {
                let value = self.cast_for(*ty, value, at)?;
                self.set_variable(name, value)
            }
            Target::Place { base, step } => self.store_in(base, step, value),
            Target::Several(targets) => {
                let mut values = value.into_items().into_iter();
                for (i, target) in targets.iter().enumerate() {
                    // The last one takes all that is left.
                    let value = if i + 1 == targets.len() {
                        Value::from_items(values.by_ref().collect())
                    } else {
                        values.next().unwrap_or_default()
                    };
                    self.store(target, value, at)?;
                }
                Ok(())
            }
        }
    }

    fn cast_for(&mut self, ty: TypeName, value: Value, at: At) -> Result<Value, Stop> {
        self.cast(ty, value).map_err(|e| {
            let message = format!("cannot convert to [{}]: {e}", ty.as_str());
            self.fault(at, "InvalidCast", Category::InvalidType, message)
        })
    }

    fn store_in(&mut self, base: &Expr, step: &Step, value: Value) -> Flow {
        let holder = self.eval(base)?;
        match step {
            Step::Member(name, at) => {
                let name = match name {
                    MemberName::Known(name) => Rc::clone(name),
                    MemberName::Computed(name) => self.eval(name)?.to_text(),
                };
                self.store_member(&holder, &name, value, *at)
            }
            Step::Index(index, at) => {
                let index = self.eval(index)?;
                self.store_element(base, holder, &index, value, *at)
            }
            Step::Method(_, _, at) => Err(self.fault(
                *at,
                "InvalidTarget",
                Category::InvalidOperation,
                "the result of a method cannot be assigned to",
            )),
        }
    }

    fn store_member(&mut self, holder: &Value, name: &str, value: Value, at: At) -> Flow {
        match holder {
            Value::Object(object) => {
                if object.set(name, value) {
                    return Ok(());
                }
                let properties = object.properties();
                let near = nearest(name, properties.iter().map(|p| &*p.name));
                let hint = near.map_or_else(String::new, |n| format!("; did you mean {n}?"));
                let message = format!("{} has no property {name}{hint}", object.type_name());
                Err(self.fault(at, "PropertyNotFound", Category::InvalidOperation, message))
            }
            Value::Hash(hash) => {
                self.check_elements(hash.len() + 1)?;
                self.charge_cells(4)?;
                hash.set(name, value);
                Ok(())
            }
            other => {
                let message = match other {
                    Value::Null => format!("$null has no property {name} to set"),
                    Value::Array(_) => {
                        format!(
                            "{name} cannot be set on several objects at once; use ForEach-Object"
                        )
                    }
                    other => format!("{} has no property {name} to set", other.type_name()),
                };
                Err(self.fault(at, "PropertyNotFound", Category::InvalidOperation, message))
            }
        }
    }

    fn store_element(
        &mut self,
        base: &Expr,
        holder: Value,
        index: &Value,
        value: Value,
        at: At,
    ) -> Flow {
        match (holder, base) {
            (Value::Hash(hash), _) => {
                self.check_elements(hash.len() + 1)?;
                self.charge_cells(4)?;
                hash.set(&index.to_text(), value);
                Ok(())
            }
            (Value::Array(mut items), Expr::Variable(name)) => {
                let Some(place) = self.place(index, items.len(), at)? else {
                    let message = format!("the array has {} elements", items.len());
                    return Err(self.fault(at, "OutOfRange", Category::InvalidArgument, message));
                };
                self.variables.get_mut(name).map(std::mem::take);
                if Rc::get_mut(&mut items).is_none() {
                    self.step(items.len() as u64)?;
                }
                let list: &mut List = Rc::make_mut(&mut items);
                if let Some(slot) = list.items_mut().get_mut(place) {
                    *slot = value;
                }
                self.set_variable(name, Value::Array(items))
            }
            (Value::Array(_), _) => Err(self.fault(
                at,
                "InvalidTarget",
                Category::NotImplemented,
                "an element can be set only in an array that a variable holds",
            )),
            (other, _) => {
                let message = format!("{} has no elements to set", other.type_name());
                Err(self.fault(at, "InvalidTarget", Category::InvalidOperation, message))
            }
        }
    }
}
