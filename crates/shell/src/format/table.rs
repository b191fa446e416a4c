//! Rows under a header.

use super::cell;
use super::escape;
use super::{Layout, Lines, ROWS_MEASURED, ROWS_MEASURED_AUTOSIZE};
use crate::Flow;
use crate::value::Value;

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// In the middle.
    Center,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// What stands over it.
    pub label: String,
    /// Its width in cells; else what its first rows need.
    pub width: Option<usize>,
    /// Its alignment; else numbers to the right, all others to the left.
    pub align: Option<Align>,
    /// Its values are never cut: the line becomes longer instead.
    pub whole: bool,
}

impl TableColumn {
    /// A column that gets its width and alignment from what is in it.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        TableColumn {
            label: label.into(),
            width: None,
            align: None,
            whole: false,
        }
    }
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// Values that do not fit continue on the next line instead of being cut.
    pub wrap: bool,
    /// Without header.
    pub hide_headers: bool,
    /// Look at many more rows before the widths are fixed.
    pub autosize: bool,
}

/// A column whose place is settled.
struct Placed {
    width: usize,
    align: Align,
    whole: bool,
}

/// What a column is narrowed to before the line overruns.
const NARROW: usize = 4;

/// A table being written.
pub(super) struct Table {
    columns: Vec<TableColumn>,
    options: TableOptions,
    /// Rows held back until the widths are settled.
    waiting: Vec<Vec<String>>,
    /// Whether the first value seen in a column is a number.
    numeric: Vec<Option<bool>>,
    placed: Option<Vec<Placed>>,
    /// The columns that had no room, until it is asked for them.
    dropped: Vec<String>,
}

impl Table {
    pub(super) fn new(columns: Vec<TableColumn>, options: TableOptions) -> Self {
        let numeric = vec![None; columns.len()];
        Table {
            columns,
            options,
            waiting: Vec::new(),
            numeric,
            placed: None,
            dropped: Vec::new(),
        }
    }

    /// Whether any row came yet.
    pub(super) fn has_rows(&self) -> bool {
        self.placed.is_some() || !self.waiting.is_empty()
    }

    /// Whether rows are held back.
    pub(super) fn is_holding(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// Adds a row; it has a value for each column.
    pub(super) fn row(&mut self, values: &[Value], layout: Layout, out: &mut Lines) -> Flow {
        let text = |value| cell::text(value, layout.locale);
        let row: Vec<String> = values.iter().map(text).collect();
        if let Some(placed) = &self.placed {
            return write_row(&row, placed, self.options.wrap, out);
        }
        for (seen, value) in self.numeric.iter_mut().zip(values) {
            if seen.is_none() && !value.is_null() {
                *seen = Some(cell::is_right(value));
            }
        }
        self.waiting.push(row);
        let enough = if self.options.autosize {
            ROWS_MEASURED_AUTOSIZE
        } else {
            ROWS_MEASURED
        };
        if self.columns.iter().all(|c| c.width.is_some()) {
            return self.settle_as(self.place(layout.width), out);
        }
        if self.waiting.len() >= enough {
            return self.settle_early(layout, out);
        }
        Ok(())
    }

    /// Fixes the widths and writes what was held back.
    pub(super) fn settle(&mut self, layout: Layout, out: &mut Lines) -> Flow {
        if self.placed.is_some() {
            return Ok(());
        }
        self.settle_as(self.place(layout.width), out)
    }

    /// Fixes the widths and writes what was held back; more rows may come, and wider ones.
    pub(super) fn settle_early(&mut self, layout: Layout, out: &mut Lines) -> Flow {
        if self.placed.is_some() {
            return Ok(());
        }
        let mut placed = self.place(layout.width);
        self.spread(&mut placed, layout.width);
        self.settle_as(placed, out)
    }

    /// The labels of the columns that had no room; told once.
    pub(super) fn take_dropped(&mut self) -> Vec<String> {
        std::mem::take(&mut self.dropped)
    }

    /// Gives columns without a fixed width some of what is left of the line, the last one all of
    /// it: a number that grows a digit must not be cut while there is room.
    fn spread(&self, placed: &mut [Placed], line: usize) {
        let gaps = placed.len().saturating_sub(1);
        let used = placed.iter().map(|p| p.width).sum::<usize>() + gaps;
        let mut free = line.saturating_sub(used);
        let share = free / placed.len().max(1);
        let count = placed.len();
        for (i, (p, column)) in placed.iter_mut().zip(&self.columns).enumerate() {
            if column.width.is_some() {
                continue;
            }
            let more = match p.align {
                Align::Right => share.min(6),
                _ if i + 1 == count => free,
                _ => share.min(p.width / 2),
            };
            p.width += more;
            free -= more;
        }
    }

    fn settle_as(&mut self, placed: Vec<Placed>, out: &mut Lines) -> Flow {
        let without_room = self.columns.iter().skip(placed.len());
        self.dropped = without_room.map(|c| c.label.clone()).collect();
        out("")?;
        if !self.options.hide_headers {
            let labels: Vec<_> = self
                .columns
                .iter()
                .map(|c| escape::cell(&c.label))
                .collect();
            let mut dashes = Vec::with_capacity(labels.len());
            for (label, p) in labels.iter().zip(&placed) {
                dashes.push("-".repeat(cell::width(label).min(p.width)));
            }
            let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
            write_row(&labels, &placed, self.options.wrap, out)?;
            write_row(&dashes, &placed, false, out)?;
        }
        for row in std::mem::take(&mut self.waiting) {
            write_row(&row, &placed, self.options.wrap, out)?;
        }
        self.placed = Some(placed);
        Ok(())
    }

    /// Widths of the columns that fit: columns at the right end are narrowed, then dropped, until
    /// the line is short enough.
    fn place(&self, line: usize) -> Vec<Placed> {
        let mut placed: Vec<Placed> = (0..self.columns.len()).map(|i| self.wanted(i)).collect();
        loop {
            let gaps = placed.len().saturating_sub(1);
            let total = placed.iter().map(|p| p.width).sum::<usize>() + gaps;
            let excess = total.saturating_sub(line);
            let count = placed.len();
            match placed.last_mut() {
                Some(last) if excess > 0 && last.whole => {
                    narrow(&mut placed, excess);
                    return placed;
                }
                Some(last) if excess > 0 => {
                    // One cell would be nothing but the ellipsis.
                    if count == 1 || last.width >= excess + 2 {
                        last.width -= excess;
                        return placed;
                    }
                    placed.pop();
                }
                _ => return placed,
            }
        }
    }

    fn wanted(&self, index: usize) -> Placed {
        let column = &self.columns[index];
        let numeric = self.numeric[index].unwrap_or(false);
        let align = column
            .align
            .unwrap_or(if numeric { Align::Right } else { Align::Left });
        let label = cell::width(&escape::cell(&column.label));
        let in_rows = || {
            let cells = self
                .waiting
                .iter()
                .map(|row| widest(&row[index], self.options.wrap && !column.whole));
            cells.max().unwrap_or(0).max(label)
        };
        let width = match column.width {
            Some(width) if !column.whole => width,
            width => in_rows().max(width.unwrap_or(0)),
        };
        Placed {
            width: width.max(1),
            align,
            whole: column.whole,
        }
    }
}

/// Takes room from the columns before the last, those at the right end first.
fn narrow(placed: &mut [Placed], mut excess: usize) {
    for p in placed.iter_mut().rev().filter(|p| !p.whole) {
        let less = excess.min(p.width.saturating_sub(NARROW));
        p.width -= less;
        excess -= less;
    }
}

fn widest(text: &str, wrapped: bool) -> usize {
    if wrapped {
        escape::lines(text)
            .map(|l| cell::width(&escape::cell(l)))
            .max()
            .unwrap_or(0)
    } else {
        cell::width(&escape::cell(text))
    }
}

fn write_row(row: &[String], placed: &[Placed], wrap: bool, out: &mut Lines) -> Flow {
    let mut line = String::new();
    if !wrap {
        for (i, (text, p)) in row.iter().zip(placed).enumerate() {
            if i > 0 {
                line.push(' ');
            }
            let text = escape::cell(text);
            if p.whole {
                write_cell(&text, p, &mut line);
            } else {
                write_cell(&cell::clip(&text, p.width), p, &mut line);
            }
        }
        return out(line.trim_end());
    }
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(placed)
        .map(|(text, p)| match p.whole {
            true => vec![escape::cell(text).into()],
            false => wrapped(text, p.width),
        })
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for y in 0..height {
        line.clear();
        for (i, (pieces, p)) in cells.iter().zip(placed).enumerate() {
            if i > 0 {
                line.push(' ');
            }
            write_cell(pieces.get(y).map_or("", String::as_str), p, &mut line);
        }
        out(line.trim_end())?;
    }
    Ok(())
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    for part in escape::lines(text) {
        let part = escape::cell(part);
        // A wide character does not fit into a column of one cell: cut, not overrun.
        let fitting = cell::wrap(&part, width)
            .into_iter()
            .map(|p| cell::clip(p, width));
        pieces.extend(fitting.map(Into::into));
    }
    pieces
}

fn write_cell(text: &str, placed: &Placed, line: &mut String) {
    match placed.align {
        Align::Left => cell::pad(text, placed.width, false, line),
        Align::Right => cell::pad(text, placed.width, true, line),
        Align::Center => {
            let free = placed.width.saturating_sub(cell::width(text));
            line.extend(std::iter::repeat_n(' ', free / 2));
            cell::pad(text, placed.width - free / 2, false, line);
        }
    }
}
