//! Tables for people: columns below each other.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

/// One line a row, each column as wide as its widest cell.
pub fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let gap = width - cell.width();
            // Writing to a string does not fail.
            write!(line, "{cell}{:gap$}  ", "").ok();
        }
        text += line.trim_end();
        text += "\n";
    }
    text
}
