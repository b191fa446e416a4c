//! From source to syntax: a recursive descent that counts its depth and refuses by name what the
//! subset does not have.

mod arguments;
mod control;
mod expressions;
mod operators;
mod primary;
mod statements;
mod strings;

use std::rc::Rc;

use crate::ast::{At, ScriptBlock};
use crate::error::{Category, ErrorRecord};
use crate::lexer::Cursor;
use crate::limits::Limits;
use crate::privacy;

/// Why source is not understood.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) at: At,
    pub(crate) id: &'static str,
    pub(crate) message: String,
    pub(crate) advice: Option<&'static str>,
    /// The source ends too early; more lines may complete it.
    pub(crate) incomplete: bool,
}

pub(crate) use operators::binary as binary_operator;

type Parsed<T> = Result<T, Box<SyntaxError>>;

impl SyntaxError {
    /// As an error to show, with the place and the line, digits masked.
    pub(crate) fn into_record(self, script: &str) -> ErrorRecord {
        let category = if self.id == "NotSupported" {
            Category::NotImplemented
        } else {
            Category::ParserError
        };
        let mut record = ErrorRecord::new(self.id, category, privacy::mask_digits(&self.message));
        record.advice = self.advice.map(str::to_owned);
        record.position = Some(Box::new(privacy::position(script, self.at)));
        record.ends_script = true;
        record
    }
}

/// Parses a whole script.
pub(crate) fn parse(source: &str, limits: &Limits) -> Result<Rc<ScriptBlock>, Box<SyntaxError>> {
    let mut parser = Parser::new(source, limits)?;
    let body = parser.statements()?;
    if let Some(c) = parser.cursor.peek() {
        return Err(parser.unexpected(c));
    }
    let script = Rc::clone(parser.cursor.source());
    Ok(Rc::new(ScriptBlock {
        source: Rc::clone(&script),
        script,
        body,
    }))
}

pub(crate) struct Parser {
    cursor: Cursor,
    depth: u32,
    deepest: u32,
}

impl Parser {
    fn new(source: &str, limits: &Limits) -> Parsed<Self> {
        let cursor = Cursor::new(&Rc::from(source.strip_prefix('\u{FEFF}').unwrap_or(source)));
        let parser = Parser {
            cursor,
            depth: 0,
            deepest: limits.parse_depth,
        };
        if source.len() > limits.source_bytes {
            let message = format!("the source is longer than {} bytes", limits.source_bytes);
            return Err(parser.error_at(0, "SourceTooLong", message));
        }
        Ok(parser)
    }

    fn error_at(&self, at: At, id: &'static str, message: impl Into<String>) -> Box<SyntaxError> {
        let message = message.into();
        Box::new(SyntaxError {
            at,
            id,
            message,
            advice: None,
            incomplete: false,
        })
    }

    fn error(&self, id: &'static str, message: impl Into<String>) -> Box<SyntaxError> {
        self.error_at(self.cursor.at(), id, message)
    }

    /// The source ends where `what` is needed.
    fn incomplete(&self, what: &str) -> Box<SyntaxError> {
        let mut error = self.error("Incomplete", format!("{what} is missing at the end"));
        error.incomplete = true;
        error
    }

    /// `what` is needed here.
    fn missing(&self, what: &str) -> Box<SyntaxError> {
        match self.cursor.peek() {
            None => self.incomplete(what),
            Some(c) => self.error("Expected", format!("{what} is missing before {}", shown(c))),
        }
    }

    fn unexpected(&self, c: char) -> Box<SyntaxError> {
        self.error("Unexpected", format!("{} has no meaning here", shown(c)))
    }

    /// A construct of PowerShell that this language does not have.
    fn refuse(&self, at: At, construct: &str) -> Box<SyntaxError> {
        self.error_at(
            at,
            "NotSupported",
            format!("{construct} is not part of this language"),
        )
    }

    /// Runs `f` one level deeper.
    fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= self.deepest {
            let message = format!("the source is nested deeper than {} levels", self.deepest);
            return Err(self.error("TooDeep", message));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    fn skip_blanks(&mut self) -> Parsed<()> {
        self.cursor
            .skip_blanks()
            .map_err(|at| self.unclosed_comment(at))
    }

    fn skip_lines(&mut self) -> Parsed<()> {
        self.cursor
            .skip_lines()
            .map_err(|at| self.unclosed_comment(at))
    }

    fn unclosed_comment(&self, at: At) -> Box<SyntaxError> {
        let mut error = self.error_at(at, "Incomplete", "the end #> of a comment is missing");
        error.incomplete = true;
        error
    }

    /// Takes `c` or says that it is missing.
    fn expect(&mut self, c: char) -> Parsed<()> {
        match self.cursor.next_if(|x| x == c) {
            Some(_) => Ok(()),
            None => Err(self.missing(&shown(c))),
        }
    }
}

fn shown(c: char) -> String {
    match c {
        '\n' | '\r' => "the end of the line".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", u32::from(c)),
        c => format!("\"{c}\""),
    }
}
