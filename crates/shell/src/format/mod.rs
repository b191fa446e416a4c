//! Laying out objects for people, and writing them as JSON and CSV.
//!
//! [`Formatter`] is what a pipeline ends in: values go in one by one, lines come out, and no more
//! than the first rows of a table (from which its columns get their widths) are held back.
//! `Format-Table` and `Format-List` send [`directive`]s through the pipeline, so that the width is
//! that of the place where the lines end up, not of the place where the format was chosen.

pub mod cell;
pub mod csv;
pub mod dates;
pub mod directive;
pub mod escape;
mod formatter;
pub mod json;
mod list;
mod locale;
mod table;
mod view;

#[cfg(test)]
mod tests;

pub use formatter::Formatter;
pub use locale::Locale;
pub use table::{Align, TableColumn, TableOptions};
pub use view::{Shape, View, default_columns, default_properties, is_whole, view_of};

/// The width of output that does not go to a terminal, in cells.
pub const DEFAULT_WIDTH: usize = 120;
/// Narrower than this nothing can be laid out; narrower terminals get lines of this width.
pub const LEAST_WIDTH: usize = 20;
/// How many elements of an array are shown in a cell.
pub const ELEMENTS_SHOWN: usize = 4;
/// How many rows of a table are held back at most to find the widths of its columns.
pub const ROWS_MEASURED: usize = 100;
/// The same with `-AutoSize`.
pub const ROWS_MEASURED_AUTOSIZE: usize = 10_000;

/// Where lines are laid out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The longest line of a table, in terminal cells.
    pub width: usize,
    /// Whether values of lists are wrapped at that width too.
    pub wrap_lists: bool,
    /// Whether control characters in plain text are made visible. In tables and lists they always
    /// are.
    pub guard: bool,
    /// How dates are written.
    pub locale: Locale,
}

impl Layout {
    /// For a terminal of that width, or for a file (`None`): there, lists are not wrapped, so that
    /// what is searched for stands in one line.
    #[must_use]
    pub fn of(terminal: Option<usize>) -> Self {
        Layout {
            width: terminal.unwrap_or(DEFAULT_WIDTH).max(LEAST_WIDTH),
            wrap_lists: terminal.is_some(),
            guard: terminal.is_some(),
            locale: Locale::ISO,
        }
    }

    /// With dates as they are written there.
    #[must_use]
    pub fn in_locale(mut self, locale: Locale) -> Self {
        self.locale = locale;
        self
    }

    /// With a width asked for.
    #[must_use]
    pub fn with_width(mut self, width: usize) -> Self {
        self.width = width.max(LEAST_WIDTH);
        self.wrap_lists = true;
        self
    }
}

/// Takes finished lines.
pub type Lines<'a> = dyn FnMut(&str) -> crate::Flow + 'a;
