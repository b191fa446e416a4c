//! R-ID-2: `*` in display names.

use crate::fold::fold;

/// A text in which `*` stands for any characters, none included; compared without regard to case.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pattern {
    /// The folded pieces between the stars; one piece means that there was no star.
    pieces: Vec<String>,
}

impl Pattern {
    /// Any text is a pattern. Blanks at either end are trimmed, those beside a star count:
    /// `* Smith` wants a blank before "Smith".
    pub fn parse(text: &str) -> Pattern {
        Pattern {
            pieces: fold(text).split('*').map(str::to_owned).collect(),
        }
    }

    /// Whether there is a `*` at all.
    pub fn has_wildcard(&self) -> bool {
        self.pieces.len() > 1
    }

    /// Whether the whole text matches, in time proportional to its length.
    pub fn is_match(&self, text: &str) -> bool {
        self.is_match_folded(&fold(text))
    }

    /// The same for a text that has been through [`fold`] already.
    pub fn is_match_folded(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.pieces.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        // The leftmost place for each piece leaves most to the following ones: no backtracking.
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}
