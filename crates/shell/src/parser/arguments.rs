//! Argument mode: command names and what follows them.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::ast::{Argument, Expr, TextPart};
use crate::lexer::{
    ends_word, is_blank, is_dash, is_double_quote, is_name, is_name_start, is_newline,
    is_single_quote,
};
use crate::value::{Number, Value};

impl Parser {
    /// The name of a command; any dash in it counts as a hyphen.
    pub(super) fn command_name(&mut self) -> Parsed<Rc<str>> {
        let at = self.cursor.at();
        match self.cursor.peek() {
            None => return Err(self.incomplete("a command")),
            Some('&') => return Err(self.refuse(at, "the call operator &")),
            Some('.') => return Err(self.refuse(at, "running a script or program with .")),
            Some('<' | '>') => return Err(self.refuse(at, "a redirection")),
            Some('@') => {
                return Err(self.error("Unexpected", "splatting needs a command before it"));
            }
            Some(_) => {}
        }
        let quote = |c: char| is_single_quote(c) || is_double_quote(c);
        let stops = |c: char| ends_word(c) || quote(c) || matches!(c, '$' | '=' | '`' | '[');
        let name: String = self
            .cursor
            .take_while(|c| !stops(c))
            .chars()
            .map(|c| if is_dash(c) { '-' } else { c })
            .collect();
        if name.contains(['\\', '/']) {
            return Err(self.refuse(at, "running a program or script file"));
        }
        match self.cursor.peek() {
            Some(c) if name.is_empty() => return Err(self.unexpected(c)),
            Some(c) if !ends_word(c) => return Err(self.unexpected(c)),
            _ => {}
        }
        Ok(Rc::from(name))
    }

    /// The arguments up to the end of the command.
    pub(super) fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut args = Vec::new();
        let mut only_values = false;
        loop {
            self.skip_blanks()?;
            let at = self.cursor.at();
            let Some(c) = self.cursor.peek() else {
                return Ok(args);
            };
            if is_newline(c) || matches!(c, '|' | ';' | ')' | '}') {
                return Ok(args);
            }
            self.refuse_redirection()?;
            if self.cursor.looking_at("--%") {
                return Err(self.refuse(at, "the stop-parsing mark --%"));
            }
            let next = self.cursor.peek_at(1);
            if c == '@' && next.is_some_and(is_name_start) {
                self.cursor.next();
                let name = self.cursor.take_while(is_name).to_lowercase();
                args.push(Argument::Splat(Rc::from(name), at));
            } else if is_dash(c)
                && next.is_some_and(is_dash)
                && self.cursor.peek_at(2).is_none_or(ends_word)
            {
                self.cursor.next();
                self.cursor.next();
                only_values = true;
            } else if is_dash(c)
                && !only_values
                && next == Some('?')
                && self.cursor.peek_at(2).is_none_or(ends_word)
            {
                // `-?` asks for help about the command.
                self.cursor.next();
                self.cursor.next();
                args.push(Argument::Named {
                    name: Rc::from("?"),
                    value: None,
                    at,
                });
            } else if is_dash(c) && !only_values && next.is_some_and(is_name_start) {
                args.push(self.named()?);
            } else {
                args.push(Argument::Value(self.argument_list()?, at));
            }
        }
    }

    /// `>`, `2>&1`, `*>`, `&`.
    fn refuse_redirection(&mut self) -> Parsed<()> {
        let at = self.cursor.at();
        let rest = self.cursor.rest();
        let rest = rest
            .strip_prefix(['*', '1', '2', '3', '4', '5', '6'])
            .unwrap_or(rest);
        if rest.starts_with(['>', '<']) {
            return Err(self.refuse(at, "a redirection"));
        }
        if self.cursor.peek() == Some('&') {
            let what = if self.cursor.looking_at("&&") {
                "the operator &&"
            } else {
                "running in the background with &"
            };
            return Err(self.refuse(at, what));
        }
        Ok(())
    }

    /// `-Name` or `-Name:value`.
    fn named(&mut self) -> Parsed<Argument> {
        let at = self.cursor.at();
        self.cursor.next();
        let name: Rc<str> = Rc::from(self.cursor.take_while(is_name));
        let value = if self.cursor.next_if(|c| c == ':').is_some() {
            self.skip_blanks()?;
            if self
                .cursor
                .peek()
                .is_none_or(|c| is_newline(c) || matches!(c, '|' | ';' | ')' | '}'))
            {
                return Err(self.missing(&format!("the value of -{name}")));
            }
            Some(self.argument_list()?)
        } else {
            match self.cursor.peek() {
                Some(c) if !ends_word(c) && !self.starts_term(c) => {
                    return Err(
                        self.error("BlankMissing", format!("after -{name} a blank is missing"))
                    );
                }
                _ => None,
            }
        };
        Ok(Argument::Named { name, value, at })
    }

    fn starts_term(&self, c: char) -> bool {
        is_single_quote(c) || is_double_quote(c) || matches!(c, '$' | '(' | '{' | '@')
    }

    /// One value, or several with commas between.
    fn argument_list(&mut self) -> Parsed<Expr> {
        self.listed(|parser| parser.nested(Self::argument))
    }

    fn argument(&mut self) -> Parsed<Expr> {
        let Some(c) = self.cursor.peek() else {
            return Err(self.incomplete("a value"));
        };
        match c {
            '(' | '{' => self.primary_with_steps(),
            '@' => match self.cursor.peek_at(1) {
                Some('(' | '{') => self.primary_with_steps(),
                Some(q) if is_single_quote(q) || is_double_quote(q) => self.primary_with_steps(),
                _ => self.word(),
            },
            '$' if self.starts_variable() => {
                let value = self.primary_with_steps()?;
                match self.cursor.peek() {
                    // `$folder/x`: the variable is only the start of a word.
                    Some(c) if !ends_word(c) => self.word_after(vec![TextPart::Filled(value)]),
                    _ => Ok(value),
                }
            }
            c if is_single_quote(c) || is_double_quote(c) => {
                let value = self.primary_with_steps()?;
                match self.cursor.peek() {
                    Some(c) if !ends_word(c) => {
                        let mut error = self.error(
                            "TextAfterQuote",
                            "text follows the closing quotation mark without a blank",
                        );
                        error.advice = Some(
                            "Is a quotation mark doubled, or one inside the text not doubled?",
                        );
                        Err(error)
                    }
                    _ => Ok(value),
                }
            }
            ',' => Err(self.error("Expected", "a value is missing before the comma")),
            _ => self.word(),
        }
    }

    /// A bare word: text, or a number that keeps its text. Variables, quotation marks and backticks
    /// in it work as in PowerShell.
    fn word(&mut self) -> Parsed<Expr> {
        self.word_after(Vec::new())
    }

    fn word_after(&mut self, mut parts: Vec<TextPart>) -> Parsed<Expr> {
        let mut plain = String::new();
        let mut bare = true;
        while let Some(c) = self.cursor.peek() {
            if ends_word(c) {
                break;
            }
            if c == '$' && self.starts_variable() {
                if !plain.is_empty() {
                    parts.push(TextPart::Plain(Rc::from(std::mem::take(&mut plain))));
                }
                parts.push(TextPart::Filled(self.nested(Self::expansion)?));
            } else if is_single_quote(c) || is_double_quote(c) {
                bare = false;
                match self.nested(Self::string)? {
                    Expr::Const(value) => value.write_text(&mut plain),
                    Expr::Text(inside) => {
                        parts.push(TextPart::Plain(Rc::from(std::mem::take(&mut plain))));
                        parts.extend(inside);
                    }
                    other => parts.push(TextPart::Filled(other)),
                }
            } else if c == '`' {
                bare = false;
                self.cursor.next();
                match self.cursor.next() {
                    None => return Err(self.incomplete("a character after the backtick")),
                    Some(c) => self.escaped(c, &mut plain)?,
                }
            } else {
                self.cursor.next();
                plain.push(c);
            }
        }
        if !parts.is_empty() {
            parts.push(TextPart::Plain(Rc::from(plain)));
            return Ok(Expr::Text(parts));
        }
        if plain.is_empty() && bare {
            return match self.cursor.peek() {
                Some(c) if is_blank(c) => Err(self.error("Expected", "a value is missing")),
                Some(c) => Err(self.unexpected(c)),
                None => Err(self.incomplete("a value")),
            };
        }
        let number = if bare { Number::parse(&plain) } else { None };
        Ok(Expr::Const(match number {
            Some(number) => Value::Number(number.typed_as(&plain)),
            None => Value::from(plain),
        }))
    }
}
