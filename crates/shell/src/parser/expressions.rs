//! Expression mode: operators between operands.

use super::operators::{LOOSEST, REFUSED, TIGHTEST, binary, level, unary};
use super::{Parsed, Parser};
use crate::ast::{BinaryOp, Expr, UnaryOp};
use crate::lexer::{is_dash, is_double_quote, is_name_start, is_single_quote};

impl Parser {
    /// Whether what stands here is an expression rather than a command.
    pub(super) fn starts_expression(&mut self) -> Parsed<bool> {
        let Some(c) = self.cursor.peek() else {
            return Ok(false);
        };
        let next = self.cursor.peek_at(1);
        Ok(match c {
            '$' | '(' | '{' | '[' | '!' | ',' => true,
            '@' => next.is_some_and(|n| {
                matches!(n, '(' | '{') || is_single_quote(n) || is_double_quote(n)
            }),
            '+' => next.is_some_and(|n| n.is_ascii_digit() || matches!(n, '$' | '(' | '.' | '+')),
            '.' => next.is_some_and(|n| n.is_ascii_digit()),
            c if is_single_quote(c) || is_double_quote(c) => true,
            c if is_dash(c) => true,
            c if c.is_ascii_digit() => self.number_here().is_some(),
            _ => false,
        })
    }

    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(|p| p.chain(LOOSEST))
    }

    /// Operands and operators of one level, from left to right.
    fn chain(&mut self, at_level: u8) -> Parsed<Expr> {
        let first = self.tighter(at_level)?;
        let mut rest = Vec::new();
        loop {
            let mark = self.cursor.mark();
            self.skip_blanks()?;
            let at = self.cursor.at();
            match self.operator()? {
                Some(op) if level(op) == at_level => {
                    self.skip_lines()?;
                    if self.cursor.peek().is_none() {
                        return Err(self.incomplete("the right operand"));
                    }
                    rest.push((op, at, self.tighter(at_level)?));
                }
                _ => {
                    self.cursor.go_back(mark);
                    break;
                }
            }
        }
        Ok(if rest.is_empty() {
            first
        } else {
            Expr::Chain(Box::new(first), rest)
        })
    }

    fn tighter(&mut self, than: u8) -> Parsed<Expr> {
        if than == TIGHTEST {
            self.list()
        } else {
            self.chain(than + 1)
        }
    }

    /// Takes an operator that stands between two operands.
    fn operator(&mut self) -> Parsed<Option<BinaryOp>> {
        let at = self.cursor.at();
        let Some(c) = self.cursor.peek() else {
            return Ok(None);
        };
        let next = self.cursor.peek_at(1);
        if is_dash(c) {
            self.cursor.next();
            if next.is_some_and(is_name_start) {
                let name = self.cursor.take_while(char::is_alphabetic).to_owned();
                return match binary(&name) {
                    Some(op) => Ok(Some(op)),
                    None if REFUSED.iter().any(|r| r.eq_ignore_ascii_case(&name)) => {
                        Err(self.refuse(at, &format!("the operator -{name}")))
                    }
                    None => Err(self.error_at(
                        at,
                        "UnknownOperator",
                        format!("there is no operator -{name}"),
                    )),
                };
            }
            // `$i--` and `$i -= 1` are the statement's business.
            let other = next.is_some_and(|n| n == '=' || is_dash(n));
            return Ok((!other).then_some(BinaryOp::Subtract));
        }
        let op = match c {
            '+' if next != Some('+') => BinaryOp::Add,
            '*' => BinaryOp::Multiply,
            '/' => BinaryOp::Divide,
            '%' => BinaryOp::Remainder,
            '.' if next == Some('.') => BinaryOp::Range,
            _ => return Ok(None),
        };
        if op != BinaryOp::Range && next == Some('=') {
            return Ok(None);
        }
        self.cursor.next();
        if op == BinaryOp::Range {
            self.cursor.next();
        }
        Ok(Some(op))
    }

    /// Operands with commas between.
    fn list(&mut self) -> Parsed<Expr> {
        self.listed(Self::unary)
    }

    /// One of something, or a list of several with commas between.
    pub(super) fn listed(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Parsed<Expr>,
    ) -> Parsed<Expr> {
        let first = item(self)?;
        let mut items = vec![first];
        loop {
            let mark = self.cursor.mark();
            self.skip_blanks()?;
            if self.cursor.next_if(|c| c == ',').is_none() {
                self.cursor.go_back(mark);
                break;
            }
            self.skip_lines()?;
            if self.cursor.peek().is_none() {
                return Err(self.incomplete("a value after the comma"));
            }
            items.push(item(self)?);
        }
        if items.len() == 1
            && let Some(one) = items.pop()
        {
            return Ok(one);
        }
        Ok(Expr::List(items))
    }

    /// An operand with operators in front.
    pub(super) fn unary(&mut self) -> Parsed<Expr> {
        let at = self.cursor.at();
        let Some(c) = self.cursor.peek() else {
            return Err(self.incomplete("an expression"));
        };
        let op = match c {
            '!' => UnaryOp::Not,
            ',' => UnaryOp::Comma,
            '+' => UnaryOp::Plus,
            c if is_dash(c) => UnaryOp::Minus,
            _ => return self.primary_with_steps(),
        };
        self.cursor.next();
        let op = match (op, self.cursor.peek()) {
            (UnaryOp::Minus, Some(n)) if is_name_start(n) => {
                let name = self.cursor.take_while(char::is_alphabetic).to_owned();
                match unary(&name) {
                    Some(op) => op,
                    None if REFUSED.iter().any(|r| r.eq_ignore_ascii_case(&name)) => {
                        return Err(self.refuse(at, &format!("the operator -{name}")));
                    }
                    None => {
                        return Err(self.error_at(
                            at,
                            "Expected",
                            format!("a value or command is missing before -{name}"),
                        ));
                    }
                }
            }
            (UnaryOp::Minus, Some(n)) if is_dash(n) => {
                return Err(self.refuse(at, "the operator -- in front"));
            }
            (UnaryOp::Plus, Some('+')) => return Err(self.refuse(at, "the operator ++ in front")),
            (op, _) => op,
        };
        self.skip_lines()?;
        if self.cursor.peek().is_none() {
            return Err(self.incomplete("an operand"));
        }
        let operand = self.nested(Self::unary)?;
        Ok(Expr::Unary(op, Box::new(operand), at))
    }
}
