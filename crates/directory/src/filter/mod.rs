//! LDAP search filters (RFC 4515) on local data.
//!
//! A filter is compiled once and then asked about each user; asking allocates nothing for text
//! attributes. Comparison ignores case. There is no schema, so the logic is two-valued as Active
//! Directory shows it: a condition on an attribute the entry does not have is false, and its
//! negation true.
//!
//! Besides the grammar of RFC 4515 these are understood, because administrators write them:
//! * no outer parentheses: `Title=Manager`, `&(Department=Finance)(Title=Manager)`;
//! * `(!Title=Manager)` without the inner parentheses;
//! * blanks around operators and between parentheses;
//! * names of object properties (`City`, `Office`, `LineURI` …) beside attribute names.

mod attribute;
mod error;
mod parse;
mod source;
mod text;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

pub use attribute::Attribute;
pub(crate) use attribute::stored_name;
pub use error::{FilterError, FilterProblem};
pub use source::AttributeSource;
use text::Text;
pub use text::escape;

/// The longest filter accepted, in bytes.
pub const MAX_LENGTH: usize = 16 * 1024;
/// The deepest nesting of parentheses accepted.
pub const MAX_DEPTH: usize = 64;

/// A parsed filter, ready to be asked about many entries.
///
/// `Display` prints the canonical form (RFC 4515 with outer parentheses, LDAP attribute names);
/// parsing that again gives an equal filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LdapFilter {
    root: Node,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Condition(Condition),
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Condition {
    attribute: Attribute,
    test: Test,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Test {
    Present,
    Equal(Text),
    AtLeast(Text),
    AtMost(Text),
    Approximately(Text),
    Substring {
        first: Option<Text>,
        inner: Vec<Text>,
        last: Option<Text>,
    },
    AllBits(i64),
    AnyBit(i64),
}

impl LdapFilter {
    /// Reads a filter.
    ///
    /// # Errors
    /// What is wrong and at which character, see [`FilterProblem`].
    pub fn parse(text: &str) -> Result<LdapFilter, FilterError> {
        parse::parse(text).map(|root| LdapFilter { root })
    }

    /// The attributes that it asks about; one may come several times.
    pub fn attributes(&self) -> Vec<&Attribute> {
        let mut found = Vec::new();
        let mut left = vec![&self.root];
        while let Some(node) = left.pop() {
            match node {
                Node::And(nodes) | Node::Or(nodes) => left.extend(nodes),
                Node::Not(node) => left.push(node),
                Node::Condition(condition) => found.push(&condition.attribute),
            }
        }
        found
    }

    /// Whether the entry satisfies the filter.
    pub fn matches<S: AttributeSource + ?Sized>(&self, entry: &S) -> bool {
        self.root.matches(entry)
    }
}

impl FromStr for LdapFilter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<LdapFilter, FilterError> {
        LdapFilter::parse(text)
    }
}

impl Node {
    fn matches<S: AttributeSource + ?Sized>(&self, entry: &S) -> bool {
        match self {
            Node::And(nodes) => nodes.iter().all(|node| node.matches(entry)),
            Node::Or(nodes) => nodes.iter().any(|node| node.matches(entry)),
            Node::Not(node) => !node.matches(entry),
            Node::Condition(condition) => condition.matches(entry),
        }
    }
}

impl Condition {
    fn matches<S: AttributeSource + ?Sized>(&self, entry: &S) -> bool {
        entry.any_value(&self.attribute, &mut |value| self.test.accepts(value))
    }
}

impl Test {
    fn accepts(&self, value: &str) -> bool {
        match self {
            Test::Present => true,
            Test::Equal(text) => text.equals(value),
            Test::AtLeast(text) => text.order_of(value).is_ge(),
            Test::AtMost(text) => text.order_of(value).is_le(),
            Test::Approximately(text) => text.resembles(value),
            Test::Substring { first, inner, last } => {
                text::contains(value, first.as_ref(), inner, last.as_ref())
            }
            Test::AllBits(mask) => value
                .trim()
                .parse()
                .is_ok_and(|bits: i64| bits & mask == *mask),
            Test::AnyBit(mask) => value.trim().parse().is_ok_and(|bits: i64| bits & mask != 0),
        }
    }
}

impl fmt::Display for LdapFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, nodes) = match self {
            Node::And(nodes) => ("&", nodes.as_slice()),
            Node::Or(nodes) => ("|", nodes.as_slice()),
            Node::Not(node) => ("!", std::slice::from_ref(&**node)),
            Node::Condition(condition) => return write!(f, "({condition})"),
        };
        write!(f, "({sign}")?;
        nodes.iter().try_for_each(|node| node.fmt(f))?;
        f.write_str(")")
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.attribute;
        match &self.test {
            Test::Present => write!(f, "{name}=*"),
            Test::Equal(text) => write!(f, "{name}={text}"),
            Test::AtLeast(text) => write!(f, "{name}>={text}"),
            Test::AtMost(text) => write!(f, "{name}<={text}"),
            Test::Approximately(text) => write!(f, "{name}~={text}"),
            Test::Substring { first, inner, last } => {
                write!(f, "{name}=")?;
                first.iter().try_for_each(|text| text.fmt(f))?;
                f.write_str("*")?;
                inner.iter().try_for_each(|text| write!(f, "{text}*"))?;
                last.iter().try_for_each(|text| text.fmt(f))
            }
            Test::AllBits(mask) => write!(f, "{name}:{}:={mask}", parse::RULE_ALL_BITS),
            Test::AnyBit(mask) => write!(f, "{name}:{}:={mask}", parse::RULE_ANY_BIT),
        }
    }
}
