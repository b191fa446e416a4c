//! Operands: variables, constants, brackets of all kinds, and steps into them.

use std::rc::Rc;

use super::{Parsed, Parser};
use crate::ast::{Expr, MemberName, Statement, Step};
use crate::lexer::{is_blank, is_dash, is_double_quote, is_name, is_name_start, is_single_quote};
use crate::value::{Number, NumberKind, TypeName, Value};

/// Variables that mean something in PowerShell and would be empty, or without effect, here.
const REFUSED: &[&str] = &[
    "args",
    "executioncontext",
    "home",
    "host",
    "input",
    "iscoreclr",
    "islinux",
    "ismacos",
    "iswindows",
    "lastexitcode",
    "myinvocation",
    "ofs",
    "pid",
    "profile",
    "psboundparameters",
    "pscmdlet",
    "pscommandpath",
    "psculture",
    "psdefaultparametervalues",
    "psedition",
    "psscriptroot",
    "psuiculture",
    "psversiontable",
    "pwd",
    "shellid",
    "stacktrace",
    "this",
];

/// Members that every object has in PowerShell.
const REFUSED_MEMBERS: &[&str] = &[
    "psobject",
    "psbase",
    "psextended",
    "psadapted",
    "pstypenames",
];

impl Parser {
    /// An operand with the members, elements and methods that follow it without a blank.
    pub(super) fn primary_with_steps(&mut self) -> Parsed<Expr> {
        let base = self.nested(Self::primary)?;
        let mut steps = Vec::new();
        while let Some(step) = self.step()? {
            steps.push(step);
        }
        Ok(if steps.is_empty() {
            base
        } else {
            Expr::Steps(Box::new(base), steps)
        })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let Some(c) = self.cursor.peek() else {
            return Err(self.incomplete("an expression"));
        };
        let next = self.cursor.peek_at(1);
        match (c, next) {
            ('$', Some('(')) => {
                self.cursor.next();
                self.bracketed_statements().map(Expr::Sub)
            }
            ('$', _) => self.variable(),
            ('(', _) => self.paren(),
            ('@', Some('(')) => {
                self.cursor.next();
                self.bracketed_statements().map(Expr::Array)
            }
            ('@', Some('{')) => self.hash(),
            ('@', Some(q)) if is_single_quote(q) || is_double_quote(q) => self.here_string(),
            ('@', Some(n)) if is_name_start(n) => Err(self.error(
                "Unexpected",
                "splatting (@name) is only for arguments of commands",
            )),
            ('{', _) => self.script_block(),
            ('[', _) => self.type_or_cast(),
            (q, _) if is_single_quote(q) || is_double_quote(q) => self.string(),
            (d, _) if d.is_ascii_digit() || d == '.' => self.number(),
            (n, _) if is_name_start(n) => self.bare_word(),
            _ => Err(self.error(
                "Expected",
                format!("a value is missing before {}", super::shown(c)),
            )),
        }
    }

    /// A command where none can stand.
    fn bare_word(&mut self) -> Parsed<Expr> {
        let mut error = self.error("Expected", "a value is missing before this word");
        error.advice = Some("A command here needs ( ) around it, text needs quotation marks.");
        Err(error)
    }

    /// `( statements )`
    pub(super) fn bracketed_statements(&mut self) -> Parsed<Vec<Statement>> {
        self.expect('(')?;
        let body = self.nested(Self::statements)?;
        self.expect(')')?;
        Ok(body)
    }

    fn paren(&mut self) -> Parsed<Expr> {
        self.expect('(')?;
        self.skip_lines()?;
        let statement = self.nested(Self::paren_statement)?;
        self.skip_lines()?;
        self.expect(')')?;
        Ok(Expr::Paren(Box::new(statement)))
    }

    /// The variable at a `$`.
    pub(super) fn variable(&mut self) -> Parsed<Expr> {
        let at = self.cursor.at();
        self.expect('$')?;
        let name = match self.cursor.peek() {
            Some('{') => {
                self.cursor.next();
                let name = self.cursor.take_while(|c| c != '}' && c != '\n').to_owned();
                self.expect('}')?;
                name
            }
            Some('?') => {
                self.cursor.next();
                "?".to_owned()
            }
            Some(c @ ('$' | '^')) => return Err(self.refuse(at, &format!("the variable ${c}"))),
            Some(c) if is_name_start(c) || c.is_ascii_digit() => {
                self.cursor.take_while(is_name).to_owned()
            }
            _ => return Err(self.missing("the name of a variable")),
        };
        let name = match self.scoped(&name) {
            true => self.cursor.take_while(is_name).to_lowercase(),
            false => name.to_lowercase(),
        };
        self.named_variable(at, &name)
    }

    /// Takes the colon after a scope such as `global:`; there is one scope, so they all mean it.
    fn scoped(&mut self, name: &str) -> bool {
        let is_scope = [
            "global", "script", "local", "variable", "private", "env", "using", "function",
        ]
        .iter()
        .any(|s| s.eq_ignore_ascii_case(name));
        let followed =
            self.cursor.peek() == Some(':') && self.cursor.peek_at(1).is_some_and(is_name_start);
        if !is_scope
            || !followed
            || ["env", "using", "function"]
                .iter()
                .any(|s| s.eq_ignore_ascii_case(name))
        {
            return false;
        }
        self.cursor.next();
        true
    }

    fn named_variable(&mut self, at: crate::ast::At, name: &str) -> Parsed<Expr> {
        let drive = self.cursor.peek() == Some(':')
            && self.cursor.peek_at(1).is_some_and(is_name_start)
            && matches!(name, "env" | "using" | "function");
        if drive {
            return Err(self.refuse(at, &format!("${name}:")));
        }
        Ok(match name {
            "true" => Expr::Const(Value::Bool(true)),
            "false" => Expr::Const(Value::Bool(false)),
            "null" => Expr::Const(Value::Null),
            "_" | "psitem" => Expr::It,
            name if REFUSED.contains(&name) => {
                return Err(self.refuse(at, &format!("the variable ${name}")));
            }
            _ => Expr::Variable(Rc::from(name)),
        })
    }

    /// Whether a `$` here begins a variable or sub-expression.
    pub(super) fn starts_variable(&self) -> bool {
        self.cursor
            .peek_at(1)
            .is_some_and(|c| is_name_start(c) || matches!(c, '{' | '(' | '?'))
    }

    /// One step into a value, if one follows at once.
    fn step(&mut self) -> Parsed<Option<Step>> {
        let at = self.cursor.at();
        match (self.cursor.peek(), self.cursor.peek_at(1)) {
            (Some('.'), Some(n)) if is_name_start(n) => {
                self.cursor.next();
                let name: Rc<str> = Rc::from(self.cursor.take_while(is_name));
                if REFUSED_MEMBERS
                    .iter()
                    .any(|r| r.eq_ignore_ascii_case(&name))
                {
                    return Err(self.refuse(at, &format!("the member {name}")));
                }
                match self.cursor.peek() {
                    Some('(') => Ok(Some(Step::Method(name, self.method_arguments()?, at))),
                    _ => Ok(Some(Step::Member(MemberName::Known(name), at))),
                }
            }
            (Some('.'), Some(n))
                if matches!(n, '(' | '$') || is_single_quote(n) || is_double_quote(n) =>
            {
                self.cursor.next();
                let name = self.nested(Self::primary)?;
                Ok(Some(match name {
                    Expr::Const(Value::Str(name)) => Step::Member(MemberName::Known(name), at),
                    other => Step::Member(MemberName::Computed(other), at),
                }))
            }
            (Some('['), _) => {
                self.cursor.next();
                self.skip_lines()?;
                let index = self.expression()?;
                self.skip_lines()?;
                self.expect(']')?;
                Ok(Some(Step::Index(index, at)))
            }
            (Some(':'), Some(':')) => Err(self.refuse(at, "a static member (::)")),
            (Some('?'), Some('.' | '[')) => Err(self.refuse(at, "the operator ?.")),
            _ => Ok(None),
        }
    }

    fn method_arguments(&mut self) -> Parsed<Vec<Expr>> {
        self.expect('(')?;
        self.skip_lines()?;
        if self.cursor.next_if(|c| c == ')').is_some() {
            return Ok(Vec::new());
        }
        let arguments = self.expression()?;
        self.skip_lines()?;
        self.expect(')')?;
        Ok(match arguments {
            Expr::List(items) => items,
            one => vec![one],
        })
    }

    /// `[type]`, followed by what it converts, or by itself.
    fn type_or_cast(&mut self) -> Parsed<Expr> {
        let at = self.cursor.at();
        self.expect('[')?;
        let start = self.cursor.mark();
        let mut open = 1u32;
        while let Some(c) = self.cursor.peek() {
            match c {
                '[' => open += 1,
                ']' => open -= 1,
                c if is_name(c) || is_blank(c) || matches!(c, '.' | ',' | '`' | '+') => {}
                '(' => return Err(self.refuse(at, "an attribute")),
                c => return Err(self.unexpected(c)),
            }
            if open == 0 {
                break;
            }
            self.cursor.next();
        }
        let name = self.cursor.since(start).to_owned();
        self.expect(']')?;
        let Some(ty) = TypeName::parse(&name) else {
            return Err(self.refuse(at, &format!("the type [{}]", name.trim())));
        };
        if self.cursor.looking_at("::") {
            return Err(self.refuse(at, &format!("a static member of [{}]", name.trim())));
        }
        let mark = self.cursor.mark();
        self.skip_blanks()?;
        let next = self.cursor.peek_at(1);
        let casts = self.cursor.peek().is_some_and(|c| {
            matches!(c, '$' | '(' | '@' | '[' | '{' | '!')
                || c.is_ascii_digit()
                || is_single_quote(c)
                || is_double_quote(c)
                || (is_dash(c)
                    && next.is_some_and(|n| n.is_ascii_digit() || matches!(n, '$' | '(' | '.')))
        });
        if !casts {
            self.cursor.go_back(mark);
            return Ok(Expr::Const(Value::Type(ty)));
        }
        let operand = if self.cursor.peek().is_some_and(|c| is_dash(c) || c == '!') {
            self.nested(Self::unary)?
        } else {
            self.primary_with_steps()?
        };
        Ok(Expr::Cast(ty, Box::new(operand), at))
    }

    /// The number that stands here and its length, if it is one.
    pub(super) fn number_here(&self) -> Option<(usize, Number)> {
        let rest = self.cursor.rest();
        let bytes = rest.as_bytes();
        let mut end = 0;
        let mut dot = false;
        while let Some(b) = bytes.get(end) {
            let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            match b {
                b'.' if !dot && next_is_digit => dot = true,
                b'+' | b'-'
                    if matches!(bytes[end.saturating_sub(1)], b'e' | b'E')
                        && next_is_digit
                        && !rest.starts_with("0x")
                        && !rest.starts_with("0X") => {}
                b if b.is_ascii_alphanumeric() => {}
                _ => break,
            }
            end += 1;
        }
        if rest[end..].chars().next().is_some_and(is_name) {
            return None;
        }
        Number::parse(&rest[..end]).map(|n| (end, n))
    }

    fn number(&mut self) -> Parsed<Expr> {
        let Some((length, number)) = self.number_here() else {
            let message = "this is not a number; text needs quotation marks";
            return Err(self.error("NotANumber", message));
        };
        let text = self.cursor.rest()[..length].to_owned();
        self.cursor.take(&text);
        // 0712 may be a PIN on its way into a variable: its zero must not be lost.
        let keep = text.starts_with('0')
            && text.len() > 1
            && matches!(number.kind(), NumberKind::Int(_))
            && text.bytes().all(|b| b.is_ascii_digit());
        Ok(Expr::Const(Value::Number(if keep {
            number.typed_as(&text)
        } else {
            number
        })))
    }

    /// `@{ key = value; … }`
    fn hash(&mut self) -> Parsed<Expr> {
        self.cursor.take("@{");
        self.nested(Self::hash_entries).map(Expr::Hash)
    }

    fn hash_entries(&mut self) -> Parsed<Vec<(Expr, Statement)>> {
        let mut entries = Vec::new();
        loop {
            self.skip_lines()?;
            match self.cursor.peek() {
                None => return Err(self.incomplete("\"}\"")),
                Some('}') => {
                    self.cursor.next();
                    return Ok(entries);
                }
                Some(';') => {
                    self.cursor.next();
                    continue;
                }
                Some(_) => {}
            }
            let key = match self.cursor.peek() {
                Some(c) if is_name_start(c) => {
                    let key = self.cursor.take_while(|c| is_name(c) || is_dash(c));
                    Expr::Const(Value::from(key))
                }
                _ => self.primary_with_steps()?,
            };
            self.skip_blanks()?;
            self.expect('=')?;
            self.skip_lines()?;
            let value = self.nested(Self::statement)?;
            entries.push((key, value));
            self.skip_blanks()?;
            match self.cursor.peek() {
                None | Some('}' | ';' | '\n' | '\r') => {}
                Some(c) => return Err(self.unexpected(c)),
            }
        }
    }
}
