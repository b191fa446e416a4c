//! Expressions.

use std::rc::Rc;

use super::runtime::Runtime;
use crate::ast::{At, BinaryOp, Element, Expr, Statement, StatementKind, TextPart, UnaryOp};
use crate::command::Stop;
use crate::error::{Category, ErrorRecord};
use crate::value::{Hash, TypeName, Value};

impl Runtime {
    /// An error at a place in the script now running.
    pub(super) fn fault(
        &self,
        at: At,
        id: &'static str,
        category: Category,
        message: impl Into<String>,
    ) -> Stop {
        let mut error = ErrorRecord::new(id, category, message);
        error.position = Some(Box::new(crate::privacy::position(&self.script, at)));
        error.into()
    }

    pub(super) fn eval(&mut self, expr: &Expr) -> Result<Value, Stop> {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::It => Ok(self.it.clone()),
            Expr::Variable(name) => Ok(self.read_variable(name)),
            Expr::Block(block) => Ok(Value::Block(Rc::clone(block))),
            nested => self.deeper(|rt| rt.eval_nested(nested)),
        }
    }

    fn eval_nested(&mut self, expr: &Expr) -> Result<Value, Stop> {
        self.step(1)?;
        match expr {
            Expr::Steps(base, steps) => {
                let mut value = self.eval(base)?;
                for step in steps {
                    value = self.step_into(&value, step)?;
                }
                Ok(value)
            }
            Expr::Chain(first, rest) => self.chain(first, rest),
            Expr::Paren(statement) => self.statement_value(statement),
            Expr::Text(parts) => self.text(parts),
            Expr::List(items) => {
                self.charge_cells(items.len() as u64)?;
                let items = items
                    .iter()
                    .map(|e| self.eval(e))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(Value::array(items))
            }
            Expr::Array(body) => self.array(body),
            Expr::Sub(body) => {
                let mut out = Vec::new();
                self.exec_all(body, &mut out)?;
                Ok(Value::from_items(out))
            }
            Expr::Hash(entries) => self.hash(entries),
            Expr::Unary(op, operand, at) => self.unary(*op, operand, *at),
            Expr::Cast(ty, operand, at) => self.cast_expr(*ty, operand, *at),
            Expr::Const(_) | Expr::It | Expr::Variable(_) | Expr::Block(_) => self.eval(expr),
        }
    }

    fn chain(&mut self, first: &Expr, rest: &[(BinaryOp, At, Expr)]) -> Result<Value, Stop> {
        let mut left = self.eval(first)?;
        for (op, at, right) in rest {
            self.step(1)?;
            left = match op {
                BinaryOp::And => Value::Bool(left.is_true() && self.eval(right)?.is_true()),
                BinaryOp::Or => Value::Bool(left.is_true() || self.eval(right)?.is_true()),
                op => {
                    let right = self.eval(right)?;
                    self.binary(*op, left, right, *at)?
                }
            };
        }
        Ok(left)
    }

    /// What an expression stands for where several values may: a variable that is `$null` stands
    /// for none, since mostly it holds what a command put out, and that was nothing. (PowerShell
    /// tells that from `$null`.)
    pub(super) fn several(&mut self, expr: &Expr) -> Result<Value, Stop> {
        let value = self.eval(expr)?;
        Ok(match expr {
            Expr::Variable(_) if value.is_null() => Value::array(Vec::new()),
            _ => value,
        })
    }

    /// `@( … )`: always an array.
    fn array(&mut self, body: &[Statement]) -> Result<Value, Stop> {
        if let [statement] = body
            && let StatementKind::Pipeline(pipeline) = &statement.kind
            && let [Element::Expr(variable @ Expr::Variable(_))] = &pipeline.elements[..]
        {
            return Ok(match self.several(variable)? {
                array @ Value::Array(_) => array,
                one => Value::array(vec![one]),
            });
        }
        let mut out = Vec::new();
        self.exec_all(body, &mut out)?;
        Ok(Value::array(out))
    }

    fn text(&mut self, parts: &[TextPart]) -> Result<Value, Stop> {
        let mut text = String::new();
        for part in parts {
            match part {
                TextPart::Plain(plain) => text.push_str(plain),
                TextPart::Filled(expr) => self.eval(expr)?.write_text(&mut text),
            }
            self.check_text(text.len())?;
        }
        self.made_text(text)
    }

    /// A new text as a value, accounted for.
    pub(super) fn made_text(&mut self, text: impl Into<String>) -> Result<Value, Stop> {
        let text = text.into();
        self.check_text(text.len())?;
        self.charge_cells(text.len() as u64 / 32)?;
        Ok(Value::from(text))
    }

    fn hash(&mut self, entries: &[(Expr, Statement)]) -> Result<Value, Stop> {
        let hash = Hash::new();
        self.charge_cells(4 * entries.len() as u64)?;
        for (key, value) in entries {
            let key = self.eval(key)?.to_text();
            let value = self.statement_value(value)?;
            if !hash.set(&key, value) {
                return Err(ErrorRecord::new(
                    "DuplicateKey",
                    Category::InvalidArgument,
                    format!("the hash table has the key \"{key}\" twice"),
                )
                .into());
            }
        }
        Ok(Value::from(hash))
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr, at: At) -> Result<Value, Stop> {
        let value = self.eval(operand)?;
        match op {
            UnaryOp::Not => Ok(Value::Bool(!value.is_true())),
            UnaryOp::Comma => Ok(Value::array(vec![value])),
            UnaryOp::Plus => self.number(&value, at).map(Value::Number),
            UnaryOp::Minus => self.binary(BinaryOp::Subtract, Value::from(0), value, at),
            UnaryOp::Join => self.join(&value, ""),
            UnaryOp::Split => {
                let text = value.to_text();
                let words: Vec<Value> = text.split_whitespace().map(Value::from).collect();
                self.charge_cells(2 * words.len() as u64)?;
                Ok(Value::array(words))
            }
        }
    }

    fn cast_expr(&mut self, ty: TypeName, operand: &Expr, at: At) -> Result<Value, Stop> {
        let value = self.eval(operand)?;
        self.cast(ty, value).map_err(|e| {
            let message = format!("cannot convert to [{}]: {e}", ty.as_str());
            self.fault(at, "InvalidCast", Category::InvalidType, message)
        })
    }

    /// The value of a variable, the automatic ones included.
    pub(super) fn read_variable(&mut self, folded: &str) -> Value {
        if let Some(value) = self.variables.get(folded) {
            return value.clone();
        }
        match folded {
            "?" => Value::Bool(self.last_ok),
            "error" => Value::array(
                self.errors
                    .iter()
                    .map(super::invocation::error_value)
                    .collect::<Vec<_>>(),
            ),
            _ => Value::Null,
        }
    }

    pub(super) fn join(&mut self, left: &Value, separator: &str) -> Result<Value, Stop> {
        let Value::Array(items) = left else {
            return Ok(Value::Str(left.to_text()));
        };
        self.step(items.len() as u64)?;
        let mut text = String::new();
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                text.push_str(separator);
            }
            item.write_text(&mut text);
            self.check_text(text.len())?;
        }
        self.made_text(text)
    }
}
