//! The `-Filter {PinPolicy -eq $null}` language: comparisons of bare property names with values.
//!
//! ```text
//! filter  = and { -or and }          and  = unary { -and unary }
//! unary   = -not unary | ! unary | ( filter ) | Property -op value
//! op      = -eq -ne -like -notlike -gt -ge -lt -le
//! value   = 'text' | "text with $variables" | 12.5 | $null | $true | $false | $variable[.Property]
//! ```
//!
//! Everything compares without regard to case. A property that is not there is `$null`. With
//! `$null` only `-eq` and `-ne` (and their `like` forms) say anything: no order puts it before or
//! after a value. Whatever else is written is refused by name, so that a filter never selects other
//! users than the ones it reads like.

mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use crate::value::{Value, Wildcard, equals, order};

/// A filter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (at character {column} of the filter)")]
pub struct FilterError {
    /// What is wrong and what to write instead.
    pub reason: String,
    /// Where, in characters from 1.
    pub column: usize,
}

/// The comparisons there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Eq,
    Ne,
    Like,
    NotLike,
    Gt,
    Ge,
    Lt,
    Le,
}

enum Node {
    /// `-and`: all of them.
    All(Vec<Node>),
    /// `-or`: any of them.
    Any(Vec<Node>),
    Not(Box<Node>),
    Compare {
        property: String,
        op: Op,
        value: Value,
        /// The pattern of the `like` operators.
        pattern: Option<Wildcard>,
    },
}

/// A filter, ready to be tested on any number of objects.
pub struct Filter {
    root: Node,
    properties: Vec<String>,
}

impl Filter {
    /// Reads a filter: the text between the braces of a script block, or a string. `variable` gives
    /// the value of a variable by its name without `$`.
    ///
    /// # Errors
    /// When the text is no filter; the reason names what was not understood.
    pub fn parse(text: &str, variable: &dyn Fn(&str) -> Value) -> Result<Filter, FilterError> {
        let tokens = lexer::tokens(text, variable)?;
        let root = parser::parse(&tokens, text.chars().count() + 1)?;
        let mut properties = Vec::new();
        collect(&root, &mut properties);
        Ok(Filter { root, properties })
    }

    /// The properties it speaks of, each once, in the order of their first appearance.
    #[must_use]
    pub fn properties(&self) -> &[String] {
        &self.properties
    }

    /// Whether an object satisfies it; `property` gives the value of a property, `None` where the
    /// object has none of that name.
    #[must_use]
    pub fn matches(&self, property: &dyn Fn(&str) -> Option<Value>) -> bool {
        test(&self.root, property)
    }
}

fn collect(node: &Node, names: &mut Vec<String>) {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|p| collect(p, names)),
        Node::Not(inner) => collect(inner, names),
        Node::Compare { property, .. } => {
            if !names.iter().any(|n| n.eq_ignore_ascii_case(property)) {
                names.push(property.clone());
            }
        }
    }
}

/// Recursion is bounded by the depth the parser allows.
fn test(node: &Node, property: &dyn Fn(&str) -> Option<Value>) -> bool {
    match node {
        Node::All(parts) => parts.iter().all(|p| test(p, property)),
        Node::Any(parts) => parts.iter().any(|p| test(p, property)),
        Node::Not(inner) => !test(inner, property),
        Node::Compare {
            property: name,
            op,
            value,
            pattern,
        } => {
            let left = property(name).unwrap_or_default();
            compare(&left, *op, value, pattern.as_ref())
        }
    }
}

fn compare(left: &Value, op: Op, right: &Value, pattern: Option<&Wildcard>) -> bool {
    let like = |v: &Value| !v.is_null() && pattern.is_some_and(|p| p.is_match(&v.to_text()));
    match op {
        Op::Eq => any(left, &|v| same(v, right)),
        Op::Ne => !any(left, &|v| same(v, right)),
        Op::Like => any(left, &like),
        Op::NotLike => !any(left, &like),
        Op::Gt => any(left, &|v| ordered(v, right, Ordering::is_gt)),
        Op::Ge => any(left, &|v| ordered(v, right, Ordering::is_ge)),
        Op::Lt => any(left, &|v| ordered(v, right, Ordering::is_lt)),
        Op::Le => any(left, &|v| ordered(v, right, Ordering::is_le)),
    }
}

/// An attribute with several values satisfies a comparison if one of them does, as in a directory.
/// One without any is `$null`.
fn any(left: &Value, test: &dyn Fn(&Value) -> bool) -> bool {
    match left {
        Value::Array(items) if items.is_empty() => test(&Value::Null),
        Value::Array(items) => items.iter().any(test),
        one => test(one),
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        // `Enabled -eq 'False'`: as a truth value any text but the empty one would be true.
        (Value::Bool(b), Value::Str(s)) => {
            s.trim()
                .eq_ignore_ascii_case(if *b { "true" } else { "false" })
        }
        _ => equals(left, right, false),
    }
}

fn ordered(left: &Value, right: &Value, wanted: impl Fn(Ordering) -> bool) -> bool {
    if left.is_null() || right.is_null() {
        return false;
    }
    order(left, right, false).ok().flatten().is_some_and(wanted)
}
