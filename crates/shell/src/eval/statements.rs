//! Statements, one after the other.

use std::rc::Rc;

use super::invocation::Action;
use super::runtime::{Runtime, Sink};
use crate::ast::{Element, Expr, Pipeline, ScriptBlock, Statement, StatementKind};
use crate::command::{Flow, Stop};
use crate::error::{Category, ErrorRecord};
use crate::value::{List, Value};

impl Runtime {
    /// Runs statements; an error ends its statement and the next one goes on, unless it ends the
    /// script.
    pub(super) fn exec_all(&mut self, body: &[Statement], out: &mut dyn Sink) -> Flow {
        for statement in body {
            match self.exec(statement, out) {
                Err(Stop::Terminated(error)) => self.statement_failed(error, out)?,
                other => other?,
            }
        }
        Ok(())
    }

    /// Shows the error that ended a statement, or passes it on if it ends the script.
    pub(super) fn statement_failed(
        &mut self,
        mut error: Box<ErrorRecord>,
        out: &mut dyn Sink,
    ) -> Flow {
        match self.preference("erroractionpreference") {
            _ if error.ends_script => return Err(Stop::Terminated(error)),
            Action::Stop => {
                error.ends_script = true;
                return Err(Stop::Terminated(error));
            }
            Action::Silent => self.keep_error(*error),
            Action::Ignore => self.last_ok = false,
            Action::Continue => {
                out.flush(self)?;
                self.show_error(*error);
            }
        }
        Ok(())
    }

    fn exec(&mut self, statement: &Statement, out: &mut dyn Sink) -> Flow {
        self.step(1)?;
        if self.stop_wanted() {
            return Err(Stop::Cancelled);
        }
        match &statement.kind {
            StatementKind::Pipeline(pipeline) => self.exec_pipeline(pipeline, out),
            StatementKind::Assign { target, op, value } => self.assign(target, *op, value),
            StatementKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    if self.pipeline_value(condition)?.is_true() {
                        return self.nested_body(body, out);
                    }
                }
                self.nested_body(otherwise, out)
            }
            StatementKind::ForEach {
                variable,
                items,
                body,
            } => {
                let items = self.pipeline_value(items)?;
                self.for_each(variable, items, body, out)
            }
            StatementKind::While { condition, body } => {
                self.repeat(Some(condition), None, body, out)
            }
            StatementKind::For {
                start,
                condition,
                step,
                body,
            } => {
                if let Some(start) = start {
                    self.exec(start, &mut Nothing)?;
                }
                self.repeat(condition.as_ref(), step.as_deref(), body, out)
            }
            StatementKind::Break => Err(Stop::Break),
            StatementKind::Continue => Err(Stop::Continue),
            StatementKind::Return(value) => {
                if let Some(value) = value {
                    self.exec_pipeline(value, out)?;
                }
                Err(Stop::Return)
            }
            StatementKind::Exit(value) => {
                let value = match value {
                    Some(value) => self.pipeline_value(value)?,
                    None => Value::Null,
                };
                let status = value.to_number().ok().and_then(|n| n.as_i64()).unwrap_or(1);
                Err(Stop::Exit(i32::try_from(status).unwrap_or(1)))
            }
        }
    }

    fn nested_body(&mut self, body: &[Statement], out: &mut dyn Sink) -> Flow {
        self.deeper(|rt| rt.exec_all(body, out))
    }

    fn for_each(
        &mut self,
        variable: &Rc<str>,
        items: Value,
        body: &[Statement],
        out: &mut dyn Sink,
    ) -> Flow {
        for item in items.into_items() {
            self.pipeline_step()?;
            self.set_variable(variable, item)?;
            match self.nested_body(body, out) {
                Err(Stop::Break) => return Ok(()),
                Err(Stop::Continue) => {}
                other => other?,
            }
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        condition: Option<&Pipeline>,
        step: Option<&Statement>,
        body: &[Statement],
        out: &mut dyn Sink,
    ) -> Flow {
        loop {
            self.pipeline_step()?;
            if let Some(condition) = condition
                && !self.pipeline_value(condition)?.is_true()
            {
                return Ok(());
            }
            match self.nested_body(body, out) {
                Err(Stop::Break) => return Ok(()),
                Err(Stop::Continue) => {}
                other => other?,
            }
            if let Some(step) = step {
                self.exec(step, &mut Nothing)?;
            }
        }
    }

    fn exec_pipeline(&mut self, pipeline: &Pipeline, out: &mut dyn Sink) -> Flow {
        self.failed = false;
        let result = match &pipeline.elements[..] {
            [Element::Expr(expr)] => match self.eval(expr)? {
                Value::Array(items) => List::take(items)
                    .into_iter()
                    .try_for_each(|v| out.push(self, v)),
                value => out.push(self, value),
            },
            _ => self.run_pipeline(pipeline, out),
        };
        self.last_ok = result.is_ok() && !self.failed;
        result
    }

    /// What a pipeline puts out, as one value; an expression keeps the array it is.
    pub(super) fn pipeline_value(&mut self, pipeline: &Pipeline) -> Result<Value, Stop> {
        if let [Element::Expr(expr)] = &pipeline.elements[..] {
            return self.eval(expr);
        }
        let mut out = Vec::new();
        self.exec_pipeline(pipeline, &mut out)?;
        Ok(Value::from_items(out))
    }

    /// What a statement puts out, as one value; an error ends the statement it is part of.
    pub(super) fn statement_value(&mut self, statement: &Statement) -> Result<Value, Stop> {
        match &statement.kind {
            StatementKind::Pipeline(pipeline) => self.pipeline_value(pipeline),
            StatementKind::Assign { target, op, value } => {
                self.assign(target, *op, value)?;
                self.target_value(target)
            }
            _ => {
                let mut out = Vec::new();
                self.exec(statement, &mut out)?;
                Ok(Value::from_items(out))
            }
        }
    }

    /// Runs a block with `$_` set, if there is one to set.
    pub(crate) fn run_block(
        &mut self,
        block: &Rc<ScriptBlock>,
        it: Option<&Value>,
        out: &mut dyn Sink,
    ) -> Flow {
        self.in_block(block, it, |rt| match rt.exec_all(&block.body, out) {
            Err(Stop::Return) => Ok(()),
            Err(Stop::Break | Stop::Continue) => Err(ErrorRecord::new(
                "NoLoop",
                Category::InvalidOperation,
                "\"break\" and \"continue\" need a loop around them; \"return\" leaves a block",
            )
            .into()),
            other => other,
        })
    }

    fn in_block<T>(
        &mut self,
        block: &ScriptBlock,
        it: Option<&Value>,
        f: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let outer = it.map(|it| std::mem::replace(&mut self.it, it.clone()));
        let script = if Rc::ptr_eq(&self.script, &block.script) {
            None
        } else {
            Some(std::mem::replace(
                &mut self.script,
                Rc::clone(&block.script),
            ))
        };
        let result = self.deeper(f);
        if let Some(script) = script {
            self.script = script;
        }
        if let Some(outer) = outer {
            self.it = outer;
        }
        result
    }

    /// Everything a block puts out.
    pub(crate) fn collect_block(
        &mut self,
        block: &Rc<ScriptBlock>,
        it: Option<&Value>,
    ) -> Result<Vec<Value>, Stop> {
        let mut out = Vec::new();
        self.run_block(block, it, &mut out)?;
        Ok(out)
    }

    /// Whether what a block puts out counts as true.
    pub(crate) fn test_block(&mut self, block: &Rc<ScriptBlock>, it: &Value) -> Result<bool, Stop> {
        let Some(condition) = only_expression(block) else {
            return Ok(Value::from_items(self.collect_block(block, Some(it))?).is_true());
        };
        let result = self.in_block(block, Some(it), |rt| {
            rt.eval(condition).map(|v| v.is_true())
        });
        match result {
            Err(Stop::Terminated(error)) => {
                self.statement_failed(error, &mut Nothing)?;
                Ok(false)
            }
            other => other,
        }
    }
}

fn only_expression(block: &ScriptBlock) -> Option<&Expr> {
    match &block.body[..] {
        [
            Statement {
                kind: StatementKind::Pipeline(Pipeline { elements, .. }),
                ..
            },
        ] => match &elements[..] {
            [Element::Expr(expr)] => Some(expr),
            _ => None,
        },
        _ => None,
    }
}

/// Takes output nobody wants.
pub(crate) struct Nothing;

impl Sink for Nothing {
    fn push(&mut self, _: &mut Runtime, _: Value) -> Flow {
        Ok(())
    }

    fn reaches(&self) -> bool {
        true
    }

    fn is_passive(&self) -> bool {
        true
    }
}
