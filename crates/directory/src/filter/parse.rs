//! Recursive descent over the text of a filter.

use super::error::{FilterError, FilterProblem as P};
use super::text::Text;
use super::{Attribute, Condition, MAX_DEPTH, MAX_LENGTH, Node, Test};
use crate::guid;

/// Active Directory's rule "all of these bits are set".
pub(super) const RULE_ALL_BITS: &str = "1.2.840.113556.1.4.803";
/// Active Directory's rule "any of these bits is set".
pub(super) const RULE_ANY_BIT: &str = "1.2.840.113556.1.4.804";

pub(super) fn parse(text: &str) -> Result<Node, FilterError> {
    let mut parser = Parser {
        text: text.trim_end(),
        at: 0,
    };
    parser.whole().map_err(|problem| {
        let before = text.get(..parser.at).unwrap_or(text);
        FilterError {
            position: before.chars().count() + 1,
            problem,
        }
    })
}

struct Parser<'a> {
    text: &'a str,
    /// Byte offset, always at the start of a character.
    at: usize,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Result<Node, P> {
        if self.text.len() > MAX_LENGTH {
            return Err(P::TooLong);
        }
        self.skip_blanks();
        let node = match self.peek() {
            None => return Err(P::Empty),
            Some(b'(') => self.parenthesised(0)?,
            Some(_) => self.body(0)?,
        };
        self.skip_blanks();
        if self.peek().is_some() {
            Err(P::TrailingText)
        } else {
            Ok(node)
        }
    }

    fn parenthesised(&mut self, depth: usize) -> Result<Node, P> {
        if depth == MAX_DEPTH {
            return Err(P::TooDeep);
        }
        if !self.take(b'(') {
            return Err(P::OpenExpected);
        }
        self.skip_blanks();
        let node = self.body(depth + 1)?;
        self.skip_blanks();
        if self.take(b')') {
            Ok(node)
        } else {
            Err(P::CloseExpected)
        }
    }

    /// What stands between a pair of parentheses.
    fn body(&mut self, depth: usize) -> Result<Node, P> {
        if self.take(b'&') {
            self.list(depth).map(Node::And)
        } else if self.take(b'|') {
            self.list(depth).map(Node::Or)
        } else if self.take(b'!') {
            self.skip_blanks();
            let inner = match self.peek() {
                Some(b'(') => self.parenthesised(depth)?,
                _ => self.condition()?,
            };
            Ok(Node::Not(Box::new(inner)))
        } else {
            self.condition()
        }
    }

    /// Any number of filters; none is "true" for `&` and "false" for `|` (RFC 4526).
    fn list(&mut self, depth: usize) -> Result<Vec<Node>, P> {
        let mut nodes = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek() {
                None | Some(b')') => return Ok(nodes),
                Some(_) => nodes.push(self.parenthesised(depth)?),
            }
        }
    }

    fn condition(&mut self) -> Result<Node, P> {
        let attribute = self.attribute()?;
        let condition = match self.peek() {
            Some(b'=') => {
                self.at += 1;
                let pieces = self.value()?;
                Condition {
                    test: equality(&attribute, pieces)?,
                    attribute,
                }
            }
            Some(sign @ (b'>' | b'<' | b'~')) => {
                self.at += 1;
                if !self.take(b'=') {
                    return Err(P::OperatorExpected(attribute.to_string()));
                }
                let text = self.single_value(&attribute)?;
                let test = match sign {
                    b'>' => Test::AtLeast(text),
                    b'<' => Test::AtMost(text),
                    _ => Test::Approximately(text),
                };
                Condition { attribute, test }
            }
            Some(b':') => Condition {
                test: self.extensible()?,
                attribute,
            },
            _ => return Err(P::OperatorExpected(attribute.to_string())),
        };
        Ok(Node::Condition(condition))
    }

    fn attribute(&mut self) -> Result<Attribute, P> {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(['=', '<', '>', '~', ':', '(', ')', '&', '|', '!']);
        let name = &rest[..length.unwrap_or(rest.len())];
        let (name, length) = (name.trim(), name.len());
        if name.is_empty() {
            return Err(P::NameExpected);
        }
        if name.eq_ignore_ascii_case("anr") {
            return Err(P::AmbiguousNameResolution);
        }
        let attribute = Attribute::from_name(name);
        let attribute = attribute.ok_or_else(|| P::BadName(name.chars().take(64).collect()))?;
        self.at = start + length;
        Ok(attribute)
    }

    /// `:1.2.840.113556.1.4.803:=2`
    fn extensible(&mut self) -> Result<Test, P> {
        let rest = self.rest();
        let end = rest.find(":=").unwrap_or(rest.len());
        let rule = rest.get(1..end).unwrap_or_default().trim();
        let bit_test = match rule {
            RULE_ALL_BITS => Test::AllBits,
            RULE_ANY_BIT => Test::AnyBit,
            other => return Err(P::UnsupportedRule(other.chars().take(64).collect())),
        };
        self.at += end + 2;
        let start = self.at;
        let mask = match self.value()?.as_slice() {
            [one] => one.trim_ascii().to_vec(),
            _ => return Err(P::WildcardHere),
        };
        let mask = String::from_utf8(mask).map_err(|_| P::NotText)?;
        mask.parse().map(bit_test).map_err(|_| {
            self.at = start;
            P::NumberExpected(mask.chars().take(64).collect())
        })
    }

    fn single_value(&mut self, attribute: &Attribute) -> Result<Text, P> {
        let start = self.at;
        match <[Vec<u8>; 1]>::try_from(self.value()?) {
            Ok([bytes]) => compile(attribute, bytes),
            Err(_) => {
                self.at = start;
                Err(P::WildcardHere)
            }
        }
    }

    /// The value up to `)` or the end, unescaped, split at each bare `*`: at least one piece.
    fn value(&mut self) -> Result<Vec<Vec<u8>>, P> {
        let mut pieces = Vec::new();
        let mut piece = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b')' => break,
                b'(' => return Err(P::MustBeEscaped("'('", "\\28")),
                0 => return Err(P::MustBeEscaped("a NUL", "\\00")),
                b'*' => pieces.push(std::mem::take(&mut piece)),
                b'\\' => {
                    piece.push(self.escaped_byte()?);
                    self.at += 2;
                }
                _ => {
                    // Whole characters, so that `at` stays on a boundary.
                    let length = self.rest().chars().next().map_or(1, char::len_utf8);
                    piece.extend_from_slice(&self.text.as_bytes()[self.at..self.at + length]);
                    self.at += length - 1;
                }
            }
            self.at += 1;
        }
        pieces.push(piece);
        Ok(pieces)
    }

    fn escaped_byte(&self) -> Result<u8, P> {
        let digit = |offset: usize| {
            let byte = self.text.as_bytes().get(self.at + offset).copied();
            byte.and_then(|byte| char::from(byte).to_digit(16))
                .ok_or(P::BadEscape)
        };
        Ok((digit(1)? * 16 + digit(2)?) as u8)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }
}

/// Presence, equality or substring, by the number of asterisks; `**` says no more than `*`.
fn equality(attribute: &Attribute, mut pieces: Vec<Vec<u8>>) -> Result<Test, P> {
    let Some(last) = pieces.pop() else {
        return Ok(Test::Present);
    };
    if pieces.is_empty() {
        return compile(attribute, last).map(Test::Equal);
    }
    let mut compiled = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.into_iter().enumerate() {
        if index == 0 || !piece.is_empty() {
            compiled.push(text_of(piece)?);
        }
    }
    let first = Some(compiled.remove(0))
        .filter(|text| !text.is_empty())
        .map(Text::new);
    let last = Some(text_of(last)?)
        .filter(|text| !text.is_empty())
        .map(Text::new);
    let inner: Vec<Text> = compiled.into_iter().map(Text::new).collect();
    if first.is_none() && inner.is_empty() && last.is_none() {
        return Ok(Test::Present);
    }
    Ok(Test::Substring { first, inner, last })
}

fn compile(attribute: &Attribute, bytes: Vec<u8>) -> Result<Text, P> {
    if *attribute == Attribute::ObjectGuid {
        // A GUID is written as 16 escaped bytes; the entry has it as text.
        if let Ok(binary) = <[u8; 16]>::try_from(bytes.as_slice()) {
            return Ok(Text::new(guid::from_active_directory(binary)));
        }
    }
    let text = text_of(bytes)?;
    Ok(if attribute.holds_names() {
        Text::distinguished_name(text)
    } else {
        Text::new(text)
    })
}

fn text_of(bytes: Vec<u8>) -> Result<String, P> {
    String::from_utf8(bytes).map_err(|_| P::NotText)
}
