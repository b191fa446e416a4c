//! Why a filter was refused, and where.

use std::fmt;

use super::{MAX_DEPTH, MAX_LENGTH};

/// A filter that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilterError {
    /// The character of the text, counted from 1, at which reading stopped.
    pub position: usize,
    /// What is wrong there.
    pub problem: FilterProblem,
}

/// What may be wrong with a filter.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilterProblem {
    /// Nothing but blanks.
    #[error("the filter is empty; write a condition such as (title=Manager)")]
    Empty,
    /// Longer than [`MAX_LENGTH`].
    #[error("the filter is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// Deeper than [`MAX_DEPTH`].
    #[error("parentheses are nested deeper than {MAX_DEPTH}")]
    TooDeep,
    /// Something else stands where an opening parenthesis must.
    #[error("expected '('")]
    OpenExpected,
    /// The text ends, or goes on, where a parenthesis must close.
    #[error("expected ')'; within a value write '(' as \\28 and ')' as \\29")]
    CloseExpected,
    /// Text after the end of the filter.
    #[error(
        "text after the end of the filter; join several conditions with & or |, as in &(a=b)(c=d)"
    )]
    TrailingText,
    /// No attribute before the operator.
    #[error("expected the name of an attribute")]
    NameExpected,
    /// A name with characters that no attribute name has.
    #[error("'{0}' is not the name of an attribute (letters, digits and '-', a letter first)")]
    BadName(String),
    /// Neither `=`, `>=`, `<=` nor `~=` after the name.
    #[error("expected '=', '>=', '<=' or '~=' after '{0}'")]
    OperatorExpected(String),
    /// A bare `(`, or a NUL, in a value.
    #[error("write {0} as {1} within a value")]
    MustBeEscaped(&'static str, &'static str),
    /// `\` without two hexadecimal digits.
    #[error("'\\' must be followed by two hexadecimal digits; write a backslash itself as \\5c")]
    BadEscape,
    /// `*` with an operator other than `=`.
    #[error("'*' works only with '='; write an asterisk itself as \\2a")]
    WildcardHere,
    /// Escapes that make no UTF-8.
    #[error("the value is not valid UTF-8 text")]
    NotText,
    /// An extensible match other than the two bit rules.
    #[error(
        "the matching rule '{0}' is not supported (only the bit rules 1.2.840.113556.1.4.803 and .804 are)"
    )]
    UnsupportedRule(String),
    /// A bit rule with something other than a whole number.
    #[error("'{0}' is not a whole number, which a bit rule needs")]
    NumberExpected(String),
    /// Ambiguous name resolution needs a directory server.
    #[error("'anr' is not supported here; write (|(displayName=x*)(sn=x*)(sAMAccountName=x*))")]
    AmbiguousNameResolution,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "LDAP filter, character {}: {}",
            self.position, self.problem
        )
    }
}

impl std::error::Error for FilterError {}
