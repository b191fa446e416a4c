//! A place in source that moves forward.

use std::rc::Rc;

use super::{is_blank, is_name, is_newline};
use crate::ast::At;

/// A place to come back to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(usize);

/// A place in source that moves forward.
pub(crate) struct Cursor {
    source: Rc<str>,
    place: usize,
}

impl Cursor {
    pub(crate) fn new(source: &Rc<str>) -> Self {
        Cursor {
            source: Rc::clone(source),
            place: 0,
        }
    }

    pub(crate) fn source(&self) -> &Rc<str> {
        &self.source
    }

    pub(crate) fn at(&self) -> At {
        At::try_from(self.place).unwrap_or(At::MAX)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.place)
    }

    pub(crate) fn go_back(&mut self, mark: Mark) {
        self.place = mark.0;
    }

    /// The text from `mark` to here.
    pub(crate) fn since(&self, mark: Mark) -> &str {
        &self.source[mark.0..self.place]
    }

    pub(crate) fn rest(&self) -> &str {
        &self.source[self.place..]
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next `n`.
    pub(crate) fn peek_at(&self, n: usize) -> Option<char> {
        self.rest().chars().nth(n)
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.place += c.len_utf8();
        Some(c)
    }

    pub(crate) fn next_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let c = self.peek().filter(|c| wanted(*c))?;
        self.place += c.len_utf8();
        Some(c)
    }

    /// Takes `text` if it stands here.
    pub(crate) fn take(&mut self, text: &str) -> bool {
        let here = self.rest().starts_with(text);
        if here {
            self.place += text.len();
        }
        here
    }

    pub(crate) fn looking_at(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// Takes characters while they are wanted.
    pub(crate) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &str {
        let start = self.place;
        while self.next_if(&wanted).is_some() {}
        &self.source[start..self.place]
    }

    /// The name that stands here, without taking it.
    pub(crate) fn peek_name(&self) -> &str {
        let rest = self.rest();
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Skips blanks, comments, and line ends after a backtick. `Err` is an unclosed comment.
    pub(crate) fn skip_blanks(&mut self) -> Result<(), At> {
        loop {
            self.take_while(is_blank);
            match self.peek() {
                Some('#') => {
                    self.take_while(|c| !is_newline(c));
                }
                Some('<') if self.looking_at("<#") => {
                    let at = self.at();
                    let Some(length) = self.rest().find("#>") else {
                        return Err(at);
                    };
                    self.place += length + 2;
                }
                Some('`') if self.peek_at(1).is_some_and(is_newline) => {
                    self.next();
                    self.take_newline();
                }
                _ => return Ok(()),
            }
        }
    }

    /// Skips blanks, comments and line ends.
    pub(crate) fn skip_lines(&mut self) -> Result<(), At> {
        loop {
            self.skip_blanks()?;
            if !self.take_newline() {
                return Ok(());
            }
        }
    }

    /// Takes one line end.
    pub(crate) fn take_newline(&mut self) -> bool {
        self.take("\r\n") || self.next_if(is_newline).is_some()
    }
}
