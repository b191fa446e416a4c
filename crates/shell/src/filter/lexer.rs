//! The words of a filter.

use std::rc::Rc;

use super::{FilterError, Op};
use crate::value::{Number, Value};

/// One word.
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Op(Op),
    /// A bare word: a property where one may stand.
    Word(String),
    Value(Value),
}

/// A word and where it stands, in characters from 1.
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) column: usize,
}

/// The longest filter, in characters.
const LONGEST: usize = 100_000;

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2013}'..='\u{2015}')
}

fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201e}')
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Lexer<'a> {
    chars: Vec<char>,
    at: usize,
    variable: &'a dyn Fn(&str) -> Value,
}

/// The words of `text`.
pub(super) fn tokens(
    text: &str,
    variable: &dyn Fn(&str) -> Value,
) -> Result<Vec<Placed>, FilterError> {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        at: 0,
        variable,
    };
    if lexer.chars.len() > LONGEST {
        return Err(lexer.error(format!("a filter may have at most {LONGEST} characters")));
    }
    let mut tokens = Vec::new();
    while let Some(c) = lexer.peek() {
        if c.is_whitespace() {
            lexer.at += 1;
            continue;
        }
        let column = lexer.at + 1;
        let token = lexer.token(c)?;
        tokens.push(Placed { token, column });
    }
    Ok(tokens)
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn error(&self, reason: impl Into<String>) -> FilterError {
        FilterError {
            reason: reason.into(),
            column: self.at.min(self.chars.len()) + 1,
        }
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn token(&mut self, c: char) -> Result<Token, FilterError> {
        let next = self.chars.get(self.at + 1).copied();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
        match c {
            '(' => Ok(self.one(Token::Open)),
            ')' => Ok(self.one(Token::Close)),
            '!' => Ok(self.one(Token::Not)),
            '$' => self.variable().map(Token::Value),
            c if is_single_quote(c) => self.single_quoted(),
            c if is_double_quote(c) => self.double_quoted(),
            c if is_dash(c) && !digit(next) => self.operator(),
            c if c.is_ascii_digit() || is_dash(c) || (c == '.' && digit(next)) => self.number(),
            c if is_name(c) => Ok(Token::Word(
                self.take_while(|c| is_name(c) || c == '-' || c == '.'),
            )),
            c => Err(self.error(format!(
                "\"{c}\" has no meaning in a filter; text goes in quotation marks"
            ))),
        }
    }

    fn one(&mut self, token: Token) -> Token {
        self.at += 1;
        token
    }

    fn operator(&mut self) -> Result<Token, FilterError> {
        let start = self.at;
        self.at += 1;
        let name = self.take_while(is_name);
        Ok(match name.to_ascii_lowercase().as_str() {
            "and" => Token::And,
            "or" => Token::Or,
            "not" => Token::Not,
            "eq" | "ieq" => Token::Op(Op::Eq),
            "ne" | "ine" => Token::Op(Op::Ne),
            "like" | "ilike" => Token::Op(Op::Like),
            "notlike" | "inotlike" => Token::Op(Op::NotLike),
            "gt" | "igt" => Token::Op(Op::Gt),
            "ge" | "ige" => Token::Op(Op::Ge),
            "lt" | "ilt" => Token::Op(Op::Lt),
            "le" | "ile" => Token::Op(Op::Le),
            _ => {
                self.at = start;
                return Err(self.error(format!(
                    "a filter has no operator \"-{name}\"; it has -eq -ne -like -notlike -gt -ge \
                     -lt -le -and -or -not"
                )));
            }
        })
    }

    fn number(&mut self) -> Result<Token, FilterError> {
        let start = self.at;
        self.at += 1;
        let rest = self.take_while(|c| is_name(c) || c == '.');
        let sign = if is_dash(self.chars[start]) {
            '-'
        } else {
            self.chars[start]
        };
        let text = format!("{sign}{rest}");
        match Number::parse(&text) {
            Some(number) => Ok(Token::Value(Value::from(number.typed_as(&text)))),
            None => {
                self.at = start;
                Err(self.error(format!(
                    "\"{text}\" is not a number; text goes in quotation marks"
                )))
            }
        }
    }

    fn single_quoted(&mut self) -> Result<Token, FilterError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                Some(c) if is_single_quote(c) => {
                    self.at += 1;
                    match self.peek() {
                        Some(c) if is_single_quote(c) => text.push(c),
                        _ => return Ok(Token::Value(Value::from(text))),
                    }
                }
                Some(c) => text.push(c),
                None => return Err(self.unclosed(start)),
            }
            self.at += 1;
        }
    }

    fn unclosed(&mut self, start: usize) -> FilterError {
        self.at = start;
        self.error("the quotation mark is not closed")
    }

    fn double_quoted(&mut self) -> Result<Token, FilterError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let next = self.chars.get(self.at + 1).copied();
            match self.peek() {
                Some(c) if is_double_quote(c) => {
                    self.at += 1;
                    match self.peek() {
                        Some(c) if is_double_quote(c) => text.push(c),
                        _ => return Ok(Token::Value(Value::from(text))),
                    }
                }
                Some('`') => {
                    self.at += 1;
                    match self.peek() {
                        Some('n') => text.push('\n'),
                        Some('r') => text.push('\r'),
                        Some('t') => text.push('\t'),
                        Some('0') => text.push('\0'),
                        Some(c) => text.push(c),
                        None => return Err(self.unclosed(start)),
                    }
                }
                Some('$') if next == Some('(') => {
                    return Err(self.error(
                        "\"$( )\" cannot be used in a filter; put the value into a variable first",
                    ));
                }
                Some('$') if next.is_some_and(|c| is_name(c) || c == '{') => {
                    text.push_str(&self.named_variable()?.to_text());
                    if text.len() > LONGEST {
                        return Err(self.error("the text is too long for a filter"));
                    }
                    continue;
                }
                Some(c) => text.push(c),
                None => return Err(self.unclosed(start)),
            }
            self.at += 1;
        }
    }

    /// `$name` or `${name}`; the `$` is next.
    fn named_variable(&mut self) -> Result<Value, FilterError> {
        let start = self.at;
        self.at += 1;
        let name = if self.peek() == Some('{') {
            self.at += 1;
            let name = self.take_while(|c| c != '}');
            if self.peek().is_none() {
                self.at = start;
                return Err(self.error("\"${\" is not closed"));
            }
            self.at += 1;
            name
        } else {
            self.take_while(is_name)
        };
        Ok(match name.to_lowercase().as_str() {
            "" => {
                self.at = start;
                return Err(self.error("the name of a variable is missing after \"$\""));
            }
            "_" => {
                self.at = start;
                return Err(self
                    .error("a filter names properties without \"$_\": write Title -eq 'Manager'"));
            }
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => (self.variable)(&name),
        })
    }

    /// A variable as a value, with properties: `$x.Name`.
    fn variable(&mut self) -> Result<Value, FilterError> {
        if self.chars.get(self.at + 1) == Some(&'(') {
            return Err(self.error(
                "\"$( )\" cannot be used in a filter; put the value into a variable first",
            ));
        }
        let mut value = self.named_variable()?;
        while self.peek() == Some('.') {
            self.at += 1;
            let name: Rc<str> = self.take_while(is_name).into();
            if name.is_empty() {
                return Err(self.error("the name of a property is missing after \".\""));
            }
            value = value.property(&name).unwrap_or_default();
        }
        Ok(value)
    }
}
