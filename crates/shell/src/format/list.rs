//! `Name : value`, one property a line.

use super::cell;
use super::escape;
use super::{Layout, Lines};
use crate::Flow;

/// Lines of one object: labels and values, not yet laid out.
pub(super) fn write(entries: &[(String, String)], layout: Layout, out: &mut Lines) -> Flow {
    // Two of the least width for " :" and at least one character of the value.
    let most = layout.width / 2;
    let longest = entries
        .iter()
        .map(|(l, _)| cell::width(&escape::cell(l)))
        .max()
        .unwrap_or(0);
    let label_width = if layout.wrap_lists {
        longest.min(most)
    } else {
        longest
    };
    let indent = label_width + 3;
    let room = if layout.wrap_lists {
        layout.width - indent
    } else {
        usize::MAX
    };
    for (label, value) in entries {
        let label = escape::cell(label);
        let mut line = String::with_capacity(indent + value.len());
        cell::pad(
            &cell::clip(&label, label_width),
            label_width,
            false,
            &mut line,
        );
        line.push_str(" : ");
        for (i, part) in escape::lines(value).enumerate() {
            for (j, piece) in cell::wrap(&escape::cell(part), room)
                .into_iter()
                .enumerate()
            {
                if i + j > 0 {
                    out(line.trim_end())?;
                    line.clear();
                    line.extend(std::iter::repeat_n(' ', indent));
                }
                line.push_str(piece);
            }
        }
        // PowerShell leaves the blank after the colon of an empty value; nobody wants it.
        out(line.trim_end())?;
    }
    Ok(())
}
