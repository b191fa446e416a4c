//! Reading characters: dashes, quotation marks, blanks, comments, words, names.
//!
//! PowerShell reads the same characters differently in arguments and in expressions, so there is
//! no token stream; the parser asks a [`Cursor`] for what it expects where it stands.

mod chars;
mod cursor;

pub(crate) use chars::{
    ends_word, is_blank, is_dash, is_double_quote, is_name, is_name_start, is_newline,
    is_single_quote,
};
pub(crate) use cursor::Cursor;
