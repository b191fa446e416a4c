//! Which characters are what.

/// Hyphen-minus, en dash, em dash, horizontal bar: pasted text has them all.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

/// Straight and curly single quotation marks.
pub(crate) fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201B}')
}

/// Straight and curly double quotation marks.
pub(crate) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201C}'..='\u{201E}')
}

/// Blank, but not the end of a line.
pub(crate) fn is_blank(c: char) -> bool {
    (c.is_whitespace() && !is_newline(c)) || matches!(c, '\u{FEFF}' | '\u{200B}')
}

/// The end of a line.
pub(crate) fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// May start the name of a variable, member or keyword.
pub(crate) fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// May go on in such a name.
pub(crate) fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Ends a bare word in an argument.
pub(crate) fn ends_word(c: char) -> bool {
    is_blank(c)
        || is_newline(c)
        || matches!(c, ';' | '|' | '&' | '(' | ')' | '{' | '}' | ',' | '<' | '>')
}
