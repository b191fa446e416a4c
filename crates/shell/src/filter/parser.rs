//! The structure of a filter.

use super::lexer::{Placed, Token};
use super::{FilterError, Node, Op};
use crate::value::{Value, Wildcard};

/// How deep parentheses and `-not` may nest.
const DEEPEST: usize = 64;

struct Parser<'a> {
    tokens: &'a [Placed],
    at: usize,
    end: usize,
    depth: usize,
}

/// Reads a filter from its words; `end` is the column after the last one.
pub(super) fn parse(tokens: &[Placed], end: usize) -> Result<Node, FilterError> {
    let mut parser = Parser {
        tokens,
        at: 0,
        end,
        depth: 0,
    };
    if tokens.is_empty() {
        return Err(parser.error("the filter is empty; write for example Title -eq 'Manager'"));
    }
    let root = parser.any()?;
    match parser.peek() {
        None => Ok(root),
        Some(Token::Close) => Err(parser.error("\")\" without \"(\"")),
        Some(_) => Err(parser.error("expected -and or -or here")),
    }
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|p| &p.token)
    }

    fn error(&self, reason: impl Into<String>) -> FilterError {
        let column = self.tokens.get(self.at).map_or(self.end, |p| p.column);
        FilterError {
            reason: reason.into(),
            column,
        }
    }

    fn any(&mut self) -> Result<Node, FilterError> {
        let mut parts = vec![self.all()?];
        while matches!(self.peek(), Some(Token::Or)) {
            self.at += 1;
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 {
            parts.swap_remove(0)
        } else {
            Node::Any(parts)
        })
    }

    fn all(&mut self) -> Result<Node, FilterError> {
        let mut parts = vec![self.unary()?];
        while matches!(self.peek(), Some(Token::And)) {
            self.at += 1;
            parts.push(self.unary()?);
        }
        Ok(if parts.len() == 1 {
            parts.swap_remove(0)
        } else {
            Node::All(parts)
        })
    }

    fn unary(&mut self) -> Result<Node, FilterError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(format!("a filter may nest at most {DEEPEST} deep")));
        }
        let node = match self.peek() {
            Some(Token::Not) => {
                self.at += 1;
                Node::Not(Box::new(self.unary()?))
            }
            Some(Token::Open) => {
                self.at += 1;
                let inner = self.any()?;
                if !matches!(self.peek(), Some(Token::Close)) {
                    return Err(self.error("\")\" is missing"));
                }
                self.at += 1;
                inner
            }
            Some(Token::Word(name)) => {
                let name = name.clone();
                self.at += 1;
                self.comparison(name)?
            }
            Some(Token::Value(_)) => {
                return Err(self.error(
                    "a comparison starts with the name of a property, as in Title -eq 'Manager'",
                ));
            }
            _ => return Err(self.error("the name of a property is missing here")),
        };
        self.depth -= 1;
        Ok(node)
    }

    fn comparison(&mut self, property: String) -> Result<Node, FilterError> {
        if property.contains('.') {
            self.at -= 1;
            return Err(self.error(format!(
                "\"{property}\" is not the name of a property; a filter cannot look inside values"
            )));
        }
        let Some(Token::Op(op)) = self.peek() else {
            return Err(self.error(format!(
                "a comparison such as -eq is missing after \"{property}\""
            )));
        };
        let op = *op;
        self.at += 1;
        let value = match self.peek() {
            Some(Token::Value(value)) => value.clone(),
            Some(Token::Word(word)) => {
                return Err(self.error(format!(
                    "text goes in quotation marks: write '{word}' instead of {word}"
                )));
            }
            _ => {
                return Err(
                    self.error(format!("a value to compare \"{property}\" with is missing"))
                );
            }
        };
        if matches!(
            value,
            Value::Array(_) | Value::Hash(_) | Value::Object(_) | Value::Block(_)
        ) {
            return Err(self.error(format!(
                "\"{property}\" can only be compared with a single value, not with one of type {}",
                value.type_name()
            )));
        }
        self.at += 1;
        let pattern =
            matches!(op, Op::Like | Op::NotLike).then(|| Wildcard::new(&value.to_text(), false));
        Ok(Node::Compare {
            property,
            op,
            value,
            pattern,
        })
    }
}
