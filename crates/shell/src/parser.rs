//! From tokens to syntax.

use crate::command::Filter;
use crate::error::{Category, ErrorRecord};
use crate::limits::Limits;

/// Parses a condition whose bare words are properties.
pub(crate) fn parse_filter(_text: &str, _limits: &Limits) -> Result<Filter, Box<ErrorRecord>> {
    let message = "not a condition";
    Err(Box::new(ErrorRecord::new(
        "FilterSyntax",
        Category::ParserError,
        message,
    )))
}
