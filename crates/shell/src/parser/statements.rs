//! Statements, assignments and pipelines.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::ast::{
    AssignOp, BinaryOp, Call, Element, Expr, Pipeline, ScriptBlock, Statement, StatementKind, Step,
    Target,
};
use crate::lexer::{is_blank, is_dash, is_name, is_name_start};
use crate::value::Value;

/// Keywords of PowerShell that are refused, with the name of what they begin.
const REFUSED: &[(&str, &str)] = &[
    ("function", "\"function\""),
    ("filter", "\"filter\""),
    ("workflow", "\"workflow\""),
    ("configuration", "\"configuration\""),
    ("class", "\"class\""),
    ("enum", "\"enum\""),
    ("try", "\"try\""),
    ("catch", "\"catch\""),
    ("finally", "\"finally\""),
    ("trap", "\"trap\""),
    ("throw", "\"throw\""),
    ("switch", "\"switch\""),
    ("do", "\"do\""),
    ("until", "\"until\""),
    ("param", "\"param\""),
    ("begin", "a \"begin\" block"),
    ("process", "a \"process\" block"),
    ("end", "an \"end\" block"),
    ("dynamicparam", "a \"dynamicparam\" block"),
    ("using", "\"using\""),
    ("data", "a \"data\" section"),
];

impl Parser {
    /// Statements up to the end, a `}` or a `)`.
    pub(super) fn statements(&mut self) -> Parsed<Vec<Statement>> {
        let mut body = Vec::new();
        loop {
            self.skip_lines()?;
            match self.cursor.peek() {
                None | Some('}' | ')') => return Ok(body),
                Some(';') => {
                    self.cursor.next();
                    continue;
                }
                Some(_) => {}
            }
            body.push(self.nested(Self::statement)?);
            self.skip_blanks()?;
            let ended_by_block = matches!(
                body.last().map(|s: &Statement| &s.kind),
                Some(
                    StatementKind::If { .. }
                        | StatementKind::ForEach { .. }
                        | StatementKind::While { .. }
                        | StatementKind::For { .. }
                )
            );
            match self.cursor.peek() {
                None | Some('}' | ')' | ';' | '\n' | '\r') => {}
                Some(_) if ended_by_block => {}
                Some(c) => return Err(self.after_statement(c)),
            }
        }
    }

    /// What stands where a statement should end.
    fn after_statement(&mut self, c: char) -> Box<super::SyntaxError> {
        let at = self.cursor.at();
        match c {
            '&' if self.cursor.looking_at("&&") => self.refuse(at, "the operator &&"),
            '&' => self.refuse(at, "running in the background with &"),
            '|' if self.cursor.looking_at("||") => self.refuse(at, "the operator ||"),
            '<' | '>' => self.refuse(at, "a redirection"),
            '=' => self.error("InvalidTarget", "this cannot be assigned to"),
            '?' if self.cursor.looking_at("??") => self.refuse(at, "the operator ??"),
            '?' => self.refuse(at, "the operator ? :"),
            c if c.is_alphanumeric() => {
                self.error("Unexpected", "an operator is missing before this word")
            }
            c => self.unexpected(c),
        }
    }

    pub(super) fn statement(&mut self) -> Parsed<Statement> {
        let at = self.cursor.at();
        let keyword = self.keyword();
        let kind = match keyword.as_deref() {
            Some("if") => self.if_statement()?,
            Some("foreach") => self.foreach_statement()?,
            Some("while") => self.while_statement()?,
            Some("for") => self.for_statement()?,
            Some("break") => self.jump(StatementKind::Break)?,
            Some("continue") => self.jump(StatementKind::Continue)?,
            Some("return") => StatementKind::Return(self.optional_pipeline()?),
            Some("exit") => StatementKind::Exit(self.optional_pipeline()?),
            Some("else" | "elseif") => {
                return Err(self.error_at(at, "Unexpected", "there is no \"if\" before this"));
            }
            _ => return self.simple_statement(),
        };
        Ok(Statement { at, kind })
    }

    /// Takes a keyword that stands here; leaves anything else alone. Refused keywords are left to
    /// [`Parser::simple_statement`].
    fn keyword(&mut self) -> Option<String> {
        const KNOWN: &[&str] = &[
            "if", "elseif", "else", "foreach", "while", "for", "break", "continue", "return",
            "exit",
        ];
        let word = self.cursor.peek_name().to_ascii_lowercase();
        let after = self.cursor.rest()[word.len()..].chars().next();
        let ends = after.is_none_or(|c| !is_dash(c) && c != '.' && c != '\\' && c != '/');
        if KNOWN.contains(&word.as_str()) && ends {
            self.cursor.take_while(is_name);
            return Some(word);
        }
        None
    }

    fn jump(&mut self, kind: StatementKind) -> Parsed<StatementKind> {
        self.skip_blanks()?;
        if self.cursor.peek().is_some_and(is_name_start) {
            return Err(self.refuse(self.cursor.at(), "a loop label"));
        }
        Ok(kind)
    }

    fn optional_pipeline(&mut self) -> Parsed<Option<Pipeline>> {
        self.skip_blanks()?;
        match self.cursor.peek() {
            None | Some('}' | ')' | ';' | '\n' | '\r') => Ok(None),
            Some(_) => self.pipeline().map(Some),
        }
    }

    /// What stands in parentheses.
    pub(super) fn paren_statement(&mut self) -> Parsed<Statement> {
        self.simple_statement()
    }

    /// A pipeline or an assignment.
    pub(super) fn simple_statement(&mut self) -> Parsed<Statement> {
        let at = self.cursor.at();
        self.refuse_keywords()?;
        let mut pipeline = self.pipeline()?;
        if !matches!(&pipeline.elements[..], [Element::Expr(_)]) {
            return Ok(Statement {
                at,
                kind: StatementKind::Pipeline(pipeline),
            });
        }
        self.skip_blanks()?;
        let Some(op) = self.assignment_operator() else {
            return Ok(Statement {
                at,
                kind: StatementKind::Pipeline(pipeline),
            });
        };
        let Some(Element::Expr(left)) = pipeline.elements.pop() else {
            return Err(self.error("InvalidTarget", "this cannot be assigned to"));
        };
        let Some(target) = as_target(left) else {
            return Err(self.error_at(at, "InvalidTarget", "this cannot be assigned to"));
        };
        let (op, value) = match op {
            Assignment::By(op) => {
                let one = Pipeline {
                    at,
                    elements: vec![Element::Expr(Expr::Const(Value::from(1)))],
                };
                (
                    AssignOp::With(op),
                    Statement {
                        at,
                        kind: StatementKind::Pipeline(one),
                    },
                )
            }
            Assignment::Op(op) => {
                self.skip_lines()?;
                if self.cursor.peek().is_none() {
                    return Err(self.incomplete("a value"));
                }
                (op, self.nested(Self::statement)?)
            }
        };
        Ok(Statement {
            at,
            kind: StatementKind::Assign {
                target,
                op,
                value: Box::new(value),
            },
        })
    }

    fn refuse_keywords(&mut self) -> Parsed<()> {
        let at = self.cursor.at();
        if self.cursor.peek() == Some(':') {
            return Err(self.refuse(at, "a loop label"));
        }
        let word = self.cursor.peek_name().to_ascii_lowercase();
        let after = &self.cursor.rest()[word.len()..];
        let next = after.trim_start_matches(is_blank).chars().next();
        let ends = after
            .chars()
            .next()
            .is_none_or(|c| !is_dash(c) && c != '.' && c != '\\');
        if !ends {
            return Ok(());
        }
        for (keyword, construct) in REFUSED {
            // A block keyword is one only before a brace; `end` alone would be a command.
            let needs_brace = matches!(*keyword, "begin" | "process" | "end" | "data");
            if word == *keyword && (!needs_brace || next == Some('{')) {
                return Err(self.refuse(at, construct));
            }
        }
        Ok(())
    }

    fn assignment_operator(&mut self) -> Option<Assignment> {
        use Assignment::{By, Op};
        const OPERATORS: &[(&str, Assignment)] = &[
            ("++", By(BinaryOp::Add)),
            ("--", By(BinaryOp::Subtract)),
            ("+=", Op(AssignOp::With(BinaryOp::Add))),
            ("-=", Op(AssignOp::With(BinaryOp::Subtract))),
            ("*=", Op(AssignOp::With(BinaryOp::Multiply))),
            ("/=", Op(AssignOp::With(BinaryOp::Divide))),
            ("%=", Op(AssignOp::With(BinaryOp::Remainder))),
            ("=", Op(AssignOp::Set)),
        ];
        let (_, op) = OPERATORS.iter().find(|(text, _)| self.cursor.take(text))?;
        Some(*op)
    }

    /// Commands, or an expression and commands, joined by `|`.
    pub(super) fn pipeline(&mut self) -> Parsed<Pipeline> {
        let at = self.cursor.at();
        let first = if self.starts_expression()? {
            Element::Expr(self.expression()?)
        } else {
            Element::Command(self.call()?)
        };
        let mut elements = vec![first];
        loop {
            self.skip_blanks()?;
            let mark = self.cursor.mark();
            // A pipe may also start the next line.
            self.skip_lines()?;
            if self.cursor.looking_at("||") {
                return Err(self.refuse(self.cursor.at(), "the operator ||"));
            }
            if self.cursor.next_if(|c| c == '|').is_none() {
                self.cursor.go_back(mark);
                return Ok(Pipeline { at, elements });
            }
            self.skip_lines()?;
            if self.cursor.peek().is_none() {
                return Err(self.incomplete("a command after |"));
            }
            if self.starts_expression()? {
                return Err(self.error(
                    "ExpressionInPipeline",
                    "after | a command is needed, not an expression",
                ));
            }
            elements.push(Element::Command(self.call()?));
        }
    }

    fn call(&mut self) -> Parsed<Call> {
        let at = self.cursor.at();
        let name = self.command_name()?;
        let args = self.arguments()?;
        Ok(Call { name, at, args })
    }

    /// `{ … }` as a value.
    pub(super) fn script_block(&mut self) -> Parsed<Expr> {
        self.expect('{')?;
        let start = self.cursor.mark();
        let body = self.nested(Self::statements)?;
        let source: Rc<str> = Rc::from(self.cursor.since(start));
        self.expect('}')?;
        let script = Rc::clone(self.cursor.source());
        Ok(Expr::Block(Rc::new(ScriptBlock {
            source,
            script,
            body,
        })))
    }
}

#[derive(Clone, Copy)]
enum Assignment {
    Op(AssignOp),
    By(BinaryOp),
}

fn as_target(expr: Expr) -> Option<Target> {
    match expr {
        Expr::Variable(name) => Some(Target::Variable(name)),
        Expr::Cast(ty, inner, _) => match *inner {
            Expr::Variable(name) => Some(Target::Typed(ty, name)),
            _ => None,
        },
        Expr::List(items) => items
            .into_iter()
            .map(as_target)
            .collect::<Option<_>>()
            .map(Target::Several),
        Expr::Steps(base, mut steps) => {
            let step = steps.pop()?;
            if matches!(step, Step::Method(..)) {
                return None;
            }
            let base = if steps.is_empty() {
                base
            } else {
                Box::new(Expr::Steps(base, steps))
            };
            Some(Target::Place { base, step })
        }
        _ => None,
    }
}
