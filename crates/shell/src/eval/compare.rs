//! Comparison operators, which filter when the left operand is an array.

use std::cmp::Ordering;
use std::rc::Rc;

use super::runtime::Runtime;
use crate::ast::{At, BinaryOp, Compare};
use crate::command::Stop;
use crate::error::{Category, ErrorRecord};
use crate::value::{Hash, Value, Wildcard, equals, order};

impl Runtime {
    pub(super) fn compare(
        &mut self,
        op: Compare,
        case: bool,
        left: &Value,
        right: &Value,
        at: At,
    ) -> Result<Value, Stop> {
        match op {
            Compare::Contains => Ok(Value::Bool(self.contains(left, right, case)?)),
            Compare::NotContains => Ok(Value::Bool(!self.contains(left, right, case)?)),
            Compare::In => Ok(Value::Bool(self.contains(right, left, case)?)),
            Compare::NotIn => Ok(Value::Bool(!self.contains(right, left, case)?)),
            Compare::Replace => self.replace(left, right, case, at),
            Compare::Split => self.split(left, right, case, at),
            _ => self.test_all(op, case, left, right, at),
        }
    }

    fn test_all(
        &mut self,
        op: Compare,
        case: bool,
        left: &Value,
        right: &Value,
        at: At,
    ) -> Result<Value, Stop> {
        let Value::Array(items) = left else {
            return self.test(op, case, left, right, at).map(Value::Bool);
        };
        self.step(items.len() as u64)?;
        let mut kept = Vec::new();
        for item in items.iter() {
            if self.test(op, case, item, right, at)? {
                kept.push(item.clone());
            }
        }
        self.charge_cells(kept.len() as u64)?;
        Ok(Value::array(kept))
    }

    fn test(
        &mut self,
        op: Compare,
        case: bool,
        left: &Value,
        right: &Value,
        at: At,
    ) -> Result<bool, Stop> {
        let ordered = |wanted: fn(Ordering) -> bool| match order(left, right, case) {
            Ok(result) => Ok(result.is_some_and(wanted)),
            Err(e) => Err(self.fault(at, "Incomparable", Category::InvalidType, e.to_string())),
        };
        match op {
            Compare::Eq => Ok(equals(left, right, case)),
            Compare::Ne => Ok(!equals(left, right, case)),
            Compare::Gt => ordered(Ordering::is_gt),
            Compare::Ge => ordered(Ordering::is_ge),
            Compare::Lt => ordered(Ordering::is_lt),
            Compare::Le => ordered(Ordering::is_le),
            Compare::Like | Compare::NotLike => {
                let (pattern, text) = (right.to_text(), left.to_text());
                // Matching costs text × pattern at worst.
                self.step((pattern.len() as u64).saturating_mul(text.len() as u64) / 64)?;
                let matches = Wildcard::new(&pattern, case).is_match(&text);
                Ok(matches == (op == Compare::Like))
            }
            Compare::Match => self.matches(&left.to_text(), &right.to_text(), case, at),
            Compare::NotMatch => self
                .matches(&left.to_text(), &right.to_text(), case, at)
                .map(|m| !m),
            _ => Ok(false),
        }
    }

    fn contains(&mut self, all: &Value, one: &Value, case: bool) -> Result<bool, Stop> {
        match all {
            Value::Array(items) => {
                self.step(items.len() as u64)?;
                Ok(items.iter().any(|item| equals(item, one, case)))
            }
            single => Ok(equals(single, one, case)),
        }
    }

    /// `-match`: sets `$Matches` where it matches.
    fn matches(&mut self, text: &str, pattern: &str, case: bool, at: At) -> Result<bool, Stop> {
        let regex = self.regex(pattern, case, at)?;
        self.step(text.len() as u64 / 64)?;
        // The groups are worth having only if there are any.
        if regex.captures_len() == 1 {
            let Some(found) = regex.find(text) else {
                return Ok(false);
            };
            let groups = Hash::new();
            groups.set("0", Value::from(found.as_str()));
            self.variables
                .insert(Rc::clone(&self.matches_name), groups.into());
            return Ok(true);
        }
        let Some(found) = regex.captures(text) else {
            return Ok(false);
        };
        let groups = Hash::new();
        for (i, name) in regex.capture_names().enumerate() {
            if let Some(group) = found.get(i) {
                let key = name.map_or_else(|| i.to_string(), str::to_owned);
                groups.set(&key, Value::from(group.as_str()));
            }
        }
        self.variables
            .insert(Rc::clone(&self.matches_name), groups.into());
        Ok(true)
    }

    /// The operator of that name, for commands that compare.
    pub(crate) fn compare_by_name(
        &mut self,
        operator: &str,
        left: &Value,
        right: &Value,
    ) -> Result<Value, Stop> {
        let name = operator.trim_start_matches(crate::lexer::is_dash);
        match crate::parser::binary_operator(name) {
            Some(BinaryOp::Compare(op, case)) => self.compare(op, case, left, right, 0),
            Some(op @ (BinaryOp::Is | BinaryOp::IsNot)) => {
                self.binary(op, left.clone(), right.clone(), 0)
            }
            _ => Err(ErrorRecord::new(
                "UnknownOperator",
                Category::InvalidArgument,
                format!("there is no comparison -{name}"),
            )
            .into()),
        }
    }
}
