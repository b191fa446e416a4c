//! Operators that make something new out of two operands.

use jiff::SignedDuration;

use super::runtime::Runtime;
use crate::ast::{At, BinaryOp};
use crate::command::Stop;
use crate::error::Category;
use crate::value::{Hash, List, Number, NumberKind, TypeName, Value};

impl Runtime {
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: Value,
        right: Value,
        at: At,
    ) -> Result<Value, Stop> {
        match op {
            BinaryOp::Compare(op, case) => self.compare(op, case, &left, &right, at),
            BinaryOp::Is => self.is_type(&left, &right, at).map(Value::Bool),
            BinaryOp::IsNot => self.is_type(&left, &right, at).map(|b| Value::Bool(!b)),
            BinaryOp::As => match right {
                Value::Type(ty) => Ok(self.cast(ty, left).unwrap_or_default()),
                _ => Err(self.fault(at, "NotAType", Category::InvalidType, "-as needs a [type]")),
            },
            BinaryOp::Join => self.join(&left, &right.to_text()),
            BinaryOp::Format => self.format(&left, &right, at),
            BinaryOp::Xor => Ok(Value::Bool(left.is_true() != right.is_true())),
            BinaryOp::And => Ok(Value::Bool(left.is_true() && right.is_true())),
            BinaryOp::Or => Ok(Value::Bool(left.is_true() || right.is_true())),
            BinaryOp::Range => self.range(&left, &right, at),
            BinaryOp::Add => self.add(left, right, at),
            BinaryOp::Multiply => self.multiply(&left, &right, at),
            BinaryOp::Subtract => self.subtract(&left, &right, at),
            BinaryOp::Divide | BinaryOp::Remainder => self.divide(op, &left, &right, at),
        }
    }

    pub(super) fn number(&self, value: &Value, at: At) -> Result<Number, Stop> {
        value
            .to_number()
            .map_err(|e| self.fault(at, "NotANumber", Category::InvalidType, e.reason))
    }

    fn cannot(&self, at: At, what: &str, left: &Value, right: &Value) -> Stop {
        let message = format!(
            "cannot {what} values of types {} and {}",
            left.type_name(),
            right.type_name()
        );
        self.fault(at, "InvalidOperand", Category::InvalidOperation, message)
    }

    fn range(&mut self, left: &Value, right: &Value, at: At) -> Result<Value, Stop> {
        let bound = |value| {
            let number = self.number(value, at)?;
            number.as_i64().ok_or_else(|| {
                self.fault(
                    at,
                    "RangeBound",
                    Category::InvalidArgument,
                    "a range bound is too large",
                )
            })
        };
        let (from, to) = (bound(left)?, bound(right)?);
        let count = from.abs_diff(to).saturating_add(1);
        self.check_elements(usize::try_from(count).unwrap_or(usize::MAX))?;
        self.step(count)?;
        self.charge_cells(count)?;
        let items: Vec<Value> = if from <= to {
            (from..=to).map(Value::from).collect()
        } else {
            (to..=from).rev().map(Value::from).collect()
        };
        Ok(Value::array(items))
    }

    /// `+`: the left operand decides what adding means.
    pub(super) fn add(&mut self, left: Value, right: Value, at: At) -> Result<Value, Stop> {
        match (left, right) {
            (Value::Null, right) => Ok(right),
            (Value::Str(a), right) => {
                let mut text = String::with_capacity(a.len() + 16);
                text.push_str(&a);
                right.write_text(&mut text);
                self.made_text(text)
            }
            (Value::Array(items), right) => self.append(List::take(items), right),
            (Value::Hash(a), Value::Hash(b)) => {
                let sum = Hash::new();
                self.check_elements(a.len() + b.len())?;
                self.charge_cells(4 * (a.len() + b.len()) as u64)?;
                for (key, value) in a.pairs().into_iter().chain(b.pairs()) {
                    sum.set(&key, value);
                }
                Ok(sum.into())
            }
            (Value::Date(a), Value::Span(b)) => self.moved(a.plus(b), at),
            (Value::Span(a), Value::Span(b)) => match a.checked_add(b) {
                Some(sum) => Ok(Value::Span(sum)),
                None => Err(self.cannot(at, "add", &Value::Span(a), &Value::Span(b))),
            },
            (left @ (Value::Number(_) | Value::Bool(_)), right) => {
                let (a, b) = (self.number(&left, at)?, self.number(&right, at)?);
                Ok(whole_or_float(&a, &b, i64::checked_add, |a, b| a + b))
            }
            (left, right) => Err(self.cannot(at, "add", &left, &right)),
        }
    }

    /// Adds one element, or the elements of an array, at the end.
    pub(super) fn append(&mut self, mut items: Vec<Value>, right: Value) -> Result<Value, Stop> {
        let more = match &right {
            Value::Array(more) => more.len(),
            _ => 1,
        };
        self.check_elements(items.len() + more)?;
        self.charge_cells(more as u64)?;
        self.step(more as u64)?;
        match right {
            Value::Array(more) => items.extend(more.iter().cloned()),
            one => items.push(one),
        }
        Ok(Value::array(items))
    }

    fn moved(&self, date: Option<crate::value::Date>, at: At) -> Result<Value, Stop> {
        date.map(Value::Date).ok_or_else(|| {
            self.fault(
                at,
                "DateOutOfRange",
                Category::InvalidArgument,
                "the date is out of range",
            )
        })
    }

    fn subtract(&mut self, left: &Value, right: &Value, at: At) -> Result<Value, Stop> {
        match (left, right) {
            (Value::Date(a), Value::Date(b)) => Ok(Value::Span(a.since(b))),
            (Value::Date(a), Value::Span(b)) => {
                self.moved(b.checked_neg().and_then(|b| a.plus(b)), at)
            }
            (Value::Date(_), Value::Str(_)) => match self.cast(TypeName::DateTime, right.clone()) {
                Ok(right) => self.subtract(left, &right, at),
                Err(_) => Err(self.cannot(at, "subtract", left, right)),
            },
            (Value::Span(a), Value::Span(b)) => match a.checked_sub(*b) {
                Some(rest) => Ok(Value::Span(rest)),
                None => Err(self.cannot(at, "subtract", left, right)),
            },
            (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Str(_), _) => {
                let (a, b) = (self.number(left, at)?, self.number(right, at)?);
                Ok(whole_or_float(&a, &b, i64::checked_sub, |a, b| a - b))
            }
            _ => Err(self.cannot(at, "subtract", left, right)),
        }
    }

    fn multiply(&mut self, left: &Value, right: &Value, at: At) -> Result<Value, Stop> {
        let times = |rt: &Self| -> Result<usize, Stop> {
            let times = rt
                .number(right, at)?
                .as_i64()
                .and_then(|n| usize::try_from(n).ok());
            times.ok_or_else(|| {
                let message = "text and arrays are repeated a whole number of times, not negative";
                rt.fault(at, "InvalidOperand", Category::InvalidArgument, message)
            })
        };
        match left {
            Value::Str(text) => {
                let times = times(self)?;
                self.check_text(text.len().saturating_mul(times))?;
                self.made_text(text.repeat(times))
            }
            Value::Array(items) => {
                let times = times(self)?;
                let count = items.len().saturating_mul(times);
                self.check_elements(count)?;
                self.charge_cells(count as u64)?;
                self.step(count as u64)?;
                Ok(Value::array(
                    items.iter().cycle().take(count).cloned().collect(),
                ))
            }
            Value::Null => Ok(Value::Null),
            Value::Bool(_) | Value::Number(_) => {
                let (a, b) = (self.number(left, at)?, self.number(right, at)?);
                Ok(whole_or_float(&a, &b, i64::checked_mul, |a, b| a * b))
            }
            _ => Err(self.cannot(at, "multiply", left, right)),
        }
    }

    fn divide(&mut self, op: BinaryOp, left: &Value, right: &Value, at: At) -> Result<Value, Stop> {
        let (a, b) = (self.number(left, at)?, self.number(right, at)?);
        let by_zero = || {
            self.fault(
                at,
                "DivideByZero",
                Category::InvalidArgument,
                "division by zero",
            )
        };
        match (a.kind(), b.kind()) {
            (NumberKind::Int(_), NumberKind::Int(0)) => Err(by_zero()),
            (NumberKind::Int(a), NumberKind::Int(b)) if op == BinaryOp::Remainder => {
                Ok(Value::from(a.checked_rem(b).unwrap_or(0)))
            }
            (NumberKind::Int(x), NumberKind::Int(y)) if x.checked_rem(y) == Some(0) => Ok(x
                .checked_div(y)
                .map_or_else(|| Value::from(a.as_f64() / b.as_f64()), Value::from)),
            _ if op == BinaryOp::Remainder => Ok(Value::from(a.as_f64() % b.as_f64())),
            _ => Ok(Value::from(a.as_f64() / b.as_f64())),
        }
    }

    /// `-is`: by the language's own types, or by the name of an object's type.
    fn is_type(&mut self, left: &Value, right: &Value, at: At) -> Result<bool, Stop> {
        let whole = |value: &Value| match value {
            Value::Number(n) => matches!(n.kind(), NumberKind::Int(_)),
            _ => false,
        };
        let ty = match right {
            Value::Type(ty) => *ty,
            Value::Str(name) => match (left, TypeName::parse(name)) {
                (Value::Object(o), None) => return Ok(o.desc().is_called(name)),
                (_, None) => return Ok(false),
                (_, Some(ty)) => ty,
            },
            _ => {
                return Err(self.fault(
                    at,
                    "NotAType",
                    Category::InvalidType,
                    "-is needs a [type]",
                ));
            }
        };
        Ok(match ty {
            TypeName::Int => whole(left) && left.type_name() == "System.Int32",
            TypeName::Long => whole(left) && left.type_name() == "System.Int64",
            TypeName::UInt32 | TypeName::UInt64 | TypeName::Void => false,
            TypeName::Double => matches!(left, Value::Number(_)) && !whole(left),
            TypeName::String => matches!(left, Value::Str(_)),
            TypeName::Bool | TypeName::Switch => matches!(left, Value::Bool(_)),
            TypeName::DateTime => matches!(left, Value::Date(_)),
            TypeName::TimeSpan => matches!(left, Value::Span(_)),
            TypeName::Array | TypeName::StringArray | TypeName::IntArray => {
                matches!(left, Value::Array(_))
            }
            TypeName::Hashtable | TypeName::Ordered => matches!(left, Value::Hash(_)),
            TypeName::Custom => matches!(left, Value::Object(_)),
            TypeName::ScriptBlock => matches!(left, Value::Block(_)),
            TypeName::Object => !left.is_null(),
        })
    }
}

fn whole_or_float(
    a: &Number,
    b: &Number,
    whole: fn(i64, i64) -> Option<i64>,
    float: fn(f64, f64) -> f64,
) -> Value {
    if let (NumberKind::Int(a), NumberKind::Int(b)) = (a.kind(), b.kind())
        && let Some(result) = whole(a, b)
    {
        return Value::from(result);
    }
    Value::from(float(a.as_f64(), b.as_f64()))
}

/// A length of time in seconds, if it is not too long.
pub(super) fn seconds(value: f64) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64(value).ok()
}
