//! Quoted text: plain, with parts to fill in, and over several lines.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::ast::{Expr, TextPart};
use crate::lexer::{is_blank, is_double_quote, is_newline, is_single_quote};
use crate::value::Value;

impl Parser {
    /// Text in quotation marks.
    pub(super) fn string(&mut self) -> Parsed<Expr> {
        let at = self.cursor.at();
        match self.cursor.next() {
            Some(c) if is_single_quote(c) => {
                let mut text = String::new();
                while let Some(c) = self.cursor.next() {
                    if is_single_quote(c) && self.cursor.next_if(is_single_quote).is_none() {
                        return Ok(Expr::Const(Value::from(text)));
                    }
                    text.push(c);
                }
            }
            _ => {
                let mut text = TextBuilder::default();
                while let Some(c) = self.cursor.peek() {
                    if is_double_quote(c) {
                        self.cursor.next();
                        if self.cursor.next_if(is_double_quote).is_none() {
                            return Ok(text.finish());
                        }
                        text.plain.push(c);
                    } else {
                        self.expandable(&mut text)?;
                    }
                }
            }
        }
        let mut error = self.error_at(at, "UnclosedText", "the closing quotation mark is missing");
        error.incomplete = true;
        Err(error)
    }

    /// `@" … "@` and `@' … '@`.
    pub(super) fn here_string(&mut self) -> Parsed<Expr> {
        let at = self.cursor.at();
        self.cursor.next();
        let single = self.cursor.next().is_some_and(is_single_quote);
        self.cursor.take_while(is_blank);
        if !self.cursor.take_newline() {
            if self.cursor.peek().is_none() {
                return Err(self.incomplete("the text after the here-string's quotation mark"));
            }
            let message = "the text of a here-string starts on the line after its opening mark";
            return Err(self.error("HereString", message));
        }
        let mut text = TextBuilder::default();
        let mut line_start = true;
        while let Some(c) = self.cursor.peek() {
            let closes = if single {
                is_single_quote(c)
            } else {
                is_double_quote(c)
            };
            if line_start && closes && self.cursor.peek_at(1) == Some('@') {
                self.cursor.next();
                self.cursor.next();
                text.drop_last_newline();
                return Ok(text.finish());
            }
            line_start = is_newline(c);
            if single || is_newline(c) {
                self.cursor.next();
                text.plain.push(c);
            } else {
                self.expandable(&mut text)?;
            }
        }
        let mut error = self.error_at(at, "UnclosedText", "the end of a here-string is missing");
        error.incomplete = true;
        Err(error)
    }

    /// One character or one part of expandable text.
    fn expandable(&mut self, text: &mut TextBuilder) -> Parsed<()> {
        match self.cursor.peek() {
            Some('`') => {
                self.cursor.next();
                match self.cursor.next() {
                    Some(c) => self.escaped(c, &mut text.plain),
                    None => Err(self.incomplete("a character after the backtick")),
                }
            }
            Some('$') if self.starts_variable() => {
                let part = self.nested(Self::expansion)?;
                text.fill(part);
                Ok(())
            }
            Some(c) => {
                self.cursor.next();
                text.plain.push(c);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// `$name`, `${name}` or `$( … )` in text; members are not followed, as in PowerShell.
    pub(super) fn expansion(&mut self) -> Parsed<Expr> {
        if self.cursor.looking_at("$(") {
            self.cursor.next();
            return self.bracketed_statements().map(Expr::Sub);
        }
        self.variable()
    }

    /// What a character after a backtick stands for.
    pub(super) fn escaped(&mut self, c: char, out: &mut String) -> Parsed<()> {
        out.push(match c {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'e' => '\u{1B}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            'u' if self.cursor.peek() == Some('{') => {
                self.cursor.next();
                let hex = self.cursor.take_while(|c| c.is_ascii_hexdigit()).to_owned();
                self.expect('}')?;
                match u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32) {
                    Some(c) => c,
                    None => return Err(self.error("Escape", "this is no Unicode character")),
                }
            }
            c => c,
        });
        Ok(())
    }
}

#[derive(Default)]
struct TextBuilder {
    parts: Vec<TextPart>,
    plain: String,
}

impl TextBuilder {
    fn fill(&mut self, part: Expr) {
        self.settle();
        self.parts.push(TextPart::Filled(part));
    }

    fn settle(&mut self) {
        if !self.plain.is_empty() {
            self.parts
                .push(TextPart::Plain(Rc::from(std::mem::take(&mut self.plain))));
        }
    }

    fn drop_last_newline(&mut self) {
        for end in ["\r\n", "\n", "\r"] {
            if let Some(text) = self.plain.strip_suffix(end) {
                self.plain.truncate(text.len());
                return;
            }
        }
    }

    fn finish(mut self) -> Expr {
        if self.parts.is_empty() {
            return Expr::Const(Value::from(self.plain));
        }
        self.settle();
        Expr::Text(self.parts)
    }
}
