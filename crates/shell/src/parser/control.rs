//! Conditions and loops.

use super::{Parsed, Parser};
use crate::ast::{Element, Expr, Pipeline, Statement, StatementKind};
use crate::lexer::{is_dash, is_name};

impl Parser {
    /// `( pipeline )`, or `( assignment )`, which is worth what it assigns.
    fn condition(&mut self) -> Parsed<Pipeline> {
        self.skip_lines()?;
        self.expect('(')?;
        self.skip_lines()?;
        let statement = self.nested(Self::simple_statement)?;
        self.skip_lines()?;
        self.expect(')')?;
        Ok(match statement.kind {
            StatementKind::Pipeline(pipeline) => pipeline,
            _ => Pipeline {
                at: statement.at,
                elements: vec![Element::Expr(Expr::Paren(Box::new(statement)))],
            },
        })
    }

    /// `{ statements }`
    fn body(&mut self) -> Parsed<Vec<Statement>> {
        self.skip_lines()?;
        self.expect('{')?;
        let body = self.nested(Self::statements)?;
        self.expect('}')?;
        Ok(body)
    }

    pub(super) fn if_statement(&mut self) -> Parsed<StatementKind> {
        let mut arms = vec![(self.condition()?, self.body()?)];
        let mut otherwise = Vec::new();
        loop {
            let mark = self.cursor.mark();
            self.skip_lines()?;
            match self.cursor.peek_name().to_ascii_lowercase().as_str() {
                "elseif" => {
                    self.cursor.take_while(is_name);
                    arms.push((self.condition()?, self.body()?));
                }
                "else" => {
                    self.cursor.take_while(is_name);
                    otherwise = self.body()?;
                    break;
                }
                _ => {
                    self.cursor.go_back(mark);
                    break;
                }
            }
        }
        Ok(StatementKind::If { arms, otherwise })
    }

    pub(super) fn foreach_statement(&mut self) -> Parsed<StatementKind> {
        self.skip_lines()?;
        if self.cursor.peek().is_some_and(is_dash) {
            return Err(self.refuse(self.cursor.at(), "\"foreach -parallel\""));
        }
        self.expect('(')?;
        self.skip_lines()?;
        let variable = match self.cursor.peek() {
            Some('$') => match self.variable()? {
                Expr::Variable(name) => name,
                _ => return Err(self.error("InvalidTarget", "this variable cannot be assigned to")),
            },
            _ => return Err(self.missing("the variable of \"foreach\"")),
        };
        self.skip_lines()?;
        if !self.cursor.peek_name().eq_ignore_ascii_case("in") {
            return Err(self.missing("\"in\""));
        }
        self.cursor.take_while(is_name);
        self.skip_lines()?;
        let items = self.nested(Self::pipeline)?;
        self.skip_lines()?;
        self.expect(')')?;
        Ok(StatementKind::ForEach {
            variable,
            items,
            body: self.body()?,
        })
    }

    pub(super) fn while_statement(&mut self) -> Parsed<StatementKind> {
        Ok(StatementKind::While {
            condition: self.condition()?,
            body: self.body()?,
        })
    }

    pub(super) fn for_statement(&mut self) -> Parsed<StatementKind> {
        self.skip_lines()?;
        self.expect('(')?;
        let start = self.for_part(';')?.map(Box::new);
        let condition = match self.for_part(';')? {
            None => None,
            Some(Statement {
                kind: StatementKind::Pipeline(p),
                ..
            }) => Some(p),
            Some(_) => {
                return Err(self.error("Unexpected", "the condition of \"for\" is no pipeline"));
            }
        };
        let step = self.for_part(')')?.map(Box::new);
        Ok(StatementKind::For {
            start,
            condition,
            step,
            body: self.body()?,
        })
    }

    fn for_part(&mut self, end: char) -> Parsed<Option<Statement>> {
        self.skip_lines()?;
        if self.cursor.next_if(|c| c == end).is_some() {
            return Ok(None);
        }
        let statement = self.nested(Self::simple_statement)?;
        self.skip_lines()?;
        self.expect(end)?;
        Ok(Some(statement))
    }
}
