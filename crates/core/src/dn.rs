//! Distinguished names: RFC 4514 text, with the quotation marks and semicolons of its predecessors.

use std::fmt::Write;

use crate::fold::fold;

/// A distinguished name, compared as directories do: without regard to case, to blanks around
/// the parts, or to the order within a multi-valued part.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Dn {
    /// From the leaf to the root; each a sorted list of folded (type, value).
    parts: Vec<Vec<(String, String)>>,
}

/// Why a text is not a distinguished name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DnError {
    /// There is nothing; the root of a directory is not a name we take.
    #[error("the distinguished name is empty")]
    Empty,
    /// A part without `=`, or with nothing sensible before it.
    #[error("\"{given}\" is not a distinguished name: a part is not of the form type=value")]
    NoType {
        /// The text given.
        given: String,
    },
    /// A backslash before nothing it may escape, or bytes that are not UTF-8.
    #[error("\"{given}\" is not a distinguished name: a backslash escapes nothing valid")]
    BadEscape {
        /// The text given.
        given: String,
    },
    /// A quotation mark that is not closed, or text beside a closed one.
    #[error("\"{given}\" is not a distinguished name: its quotation marks do not match")]
    BadQuotes {
        /// The text given.
        given: String,
    },
}

impl Dn {
    /// Reads escapes (`\,`, `\2C`), quoted values, blanks around separators, multi-valued parts.
    pub fn parse(text: &str) -> Result<Dn, DnError> {
        if text.trim().is_empty() {
            return Err(DnError::Empty);
        }
        let mut reader = Reader {
            rest: text,
            whole: text,
        };
        let mut parts = Vec::new();
        loop {
            let (part, more) = reader.part()?;
            parts.push(part);
            if !more {
                return Ok(Dn { parts });
            }
        }
    }

    /// Whether this is `base` or lies beneath it.
    pub fn is_within(&self, base: &Dn) -> bool {
        self.parts.ends_with(&base.parts)
    }

    /// How many parts it has: the deeper the entry, the more.
    pub fn depth(&self) -> usize {
        self.parts.len()
    }

    /// The name one level up; `None` at the top.
    pub fn parent(&self) -> Option<Dn> {
        let parts = self.parts.get(1..)?;
        if parts.is_empty() {
            None
        } else {
            Some(Dn {
                parts: parts.to_vec(),
            })
        }
    }

    /// The folded value of CN in the leaf, where it has one: what a group is called.
    pub fn common_name(&self) -> Option<&str> {
        let leaf = self.parts.first()?;
        leaf.iter()
            .find(|(kind, _)| kind == "cn" || kind == "2.5.4.3")
            .map(|(_, value)| value.as_str())
    }

    /// The canonical key: equal for two spellings of one name and for nothing else.
    pub fn folded(&self) -> String {
        self.keys().join(",")
    }

    /// The canonical keys of this and of everything above it, itself first: it lies within whichever has one
    /// of them.
    pub fn lineage(&self) -> Vec<String> {
        let keys = self.keys();
        let above = (0..keys.len()).filter_map(|at| keys.get(at..));
        above.map(|keys| keys.join(",")).collect()
    }

    /// The canonical key of each part.
    fn keys(&self) -> Vec<String> {
        let key = |part: &Vec<(String, String)>| {
            let mut key = String::new();
            for (at, (kind, value)) in part.iter().enumerate() {
                if at > 0 {
                    key.push('+');
                }
                key.push_str(kind);
                key.push('=');
                escape(value, &mut key);
            }
            key
        };
        self.parts.iter().map(key).collect()
    }
}

fn escape(value: &str, into: &mut String) {
    let last = value.len().saturating_sub(1);
    for (at, c) in value.char_indices() {
        let special = match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => true,
            '#' => at == 0,
            ' ' => at == 0 || at == last,
            _ => false,
        };
        if c.is_control() {
            // Writing to a String cannot fail.
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(into, "\\{byte:02x}");
            }
            continue;
        }
        if special {
            into.push('\\');
        }
        into.push(c);
    }
}

/// What is left of the text, and the whole for errors.
struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
}

/// What stood after a value.
enum After {
    End,
    NextPart,
    SamePart,
}

impl Reader<'_> {
    fn given(&self) -> String {
        self.whole.trim().to_owned()
    }

    /// One part (`type=value`, joined by `+`) and whether another one follows.
    fn part(&mut self) -> Result<(Vec<(String, String)>, bool), DnError> {
        let mut part = Vec::with_capacity(1);
        loop {
            let kind = self.kind()?;
            let (value, after) = self.value()?;
            part.push((kind, value));
            let more = match after {
                After::SamePart => continue,
                After::NextPart => true,
                After::End => false,
            };
            part.sort();
            return Ok((part, more));
        }
    }

    fn kind(&mut self) -> Result<String, DnError> {
        let (kind, rest) = self.rest.split_once('=').ok_or_else(|| DnError::NoType {
            given: self.given(),
        })?;
        let kind = fold(kind);
        let name = kind.trim_start_matches("oid.");
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(DnError::NoType {
                given: self.given(),
            });
        }
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn value(&mut self) -> Result<(String, After), DnError> {
        self.rest = self.rest.trim_start_matches(' ');
        let quoted = self.rest.strip_prefix('"');
        if let Some(rest) = quoted {
            self.rest = rest;
        }
        let mut value: Vec<u8> = Vec::new();
        // Up to where an escape or a closing mark has fixed the value; blanks before it stay.
        let mut fixed = 0;
        let mut open = quoted.is_some();
        let mut after = After::End;
        let mut chars = self.rest.char_indices();
        let mut end = self.rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    value.push(self.escaped(at, &mut chars)?);
                    fixed = value.len();
                }
                '"' if open => {
                    open = false;
                    fixed = value.len();
                }
                '"' => {
                    return Err(DnError::BadQuotes {
                        given: self.given(),
                    });
                }
                ',' | ';' | '+' if !open => {
                    after = if c == '+' {
                        After::SamePart
                    } else {
                        After::NextPart
                    };
                    end = at + 1;
                    break;
                }
                ' ' if !open && quoted.is_some() => {}
                _ if !open && quoted.is_some() => {
                    return Err(DnError::BadQuotes {
                        given: self.given(),
                    });
                }
                _ => value.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        if open {
            return Err(DnError::BadQuotes {
                given: self.given(),
            });
        }
        while value.len() > fixed && value.last() == Some(&b' ') {
            value.pop();
        }
        let value = String::from_utf8(value).map_err(|_| DnError::BadEscape {
            given: self.given(),
        })?;
        self.rest = self.rest.get(end..).unwrap_or_default();
        Ok((canonical(&value), after))
    }

    /// The byte that a backslash at `at` stands for.
    fn escaped(&self, at: usize, chars: &mut std::str::CharIndices<'_>) -> Result<u8, DnError> {
        let bad = || DnError::BadEscape {
            given: self.given(),
        };
        let bytes = self.rest.as_bytes();
        let first = *bytes.get(at + 1).ok_or_else(bad)?;
        chars.next();
        if br#",+"\<>;=# "#.contains(&first) {
            return Ok(first);
        }
        let second = *bytes.get(at + 2).ok_or_else(bad)?;
        chars.next();
        let high = char::from(first).to_digit(16).ok_or_else(bad)?;
        let low = char::from(second).to_digit(16).ok_or_else(bad)?;
        u8::try_from(high * 16 + low).map_err(|_| bad())
    }
}

/// Folds a value and makes one blank of several, as directories compare names.
fn canonical(value: &str) -> String {
    let folded = fold(value);
    if !folded.contains("  ") {
        return folded;
    }
    folded
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
