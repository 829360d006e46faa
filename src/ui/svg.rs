//! A frame as an SVG picture, for the README: what a reader sees there is a real screen.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::session::shell::palette::rgb;
use crate::theme::Background;

/// Size of a cell, in pixels, at the font's size.
const CELL: (u16, u16) = (9, 18);
const FONT: u16 = 15;
/// Free space around the screen.
const EDGE: u16 = 12;

/// The picture of `buffer` as a terminal with this background shows it.
pub fn svg(buffer: &Buffer, background: Background) -> String {
    let area = buffer.area;
    let (width, height) = (
        area.width * CELL.0 + 2 * EDGE,
        area.height * CELL.1 + 2 * EDGE,
    );
    let ground = match background {
        Background::Dark => "#14181f",
        Background::Light => "#fdfdfb",
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" xml:space=\"preserve\" \
         font-family=\"'DejaVu Sans Mono','Menlo','Consolas',monospace\" font-size=\"{FONT}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{ground}\"/>\n"
    );
    for (y, row) in (0_u16..).zip(buffer.content.chunks(usize::from(area.width.max(1)))) {
        let mut x = 0_u16;
        for run in row.chunk_by(|one, next| look(one, background) == look(next, background)) {
            draw_run(&mut out, run, (x, y), background);
            x += u16::try_from(run.len()).unwrap_or(0);
        }
    }
    out.push_str("</svg>\n");
    out
}

/// What of a cell can be seen: text colour, background, attributes.
fn look(cell: &Cell, background: Background) -> (String, Option<String>, Modifier) {
    let (ink, paper) = match background {
        Background::Dark => ("#d6dae0", "#14181f"),
        Background::Light => ("#1d2128", "#fdfdfb"),
    };
    let mut fg = hex(cell.fg).unwrap_or_else(|| ink.to_owned());
    let mut bg = hex(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        let behind = bg.unwrap_or_else(|| paper.to_owned());
        bg = Some(std::mem::replace(&mut fg, behind));
    }
    (fg, bg, cell.modifier)
}

fn draw_run(out: &mut String, run: &[Cell], at: (u16, u16), background: Background) {
    let Some(first) = run.first() else {
        return;
    };
    let (fg, bg, modifier) = look(first, background);
    let x = at.0 * CELL.0 + EDGE;
    let y = at.1 * CELL.1 + EDGE;
    let width = u16::try_from(run.len()).unwrap_or(0) * CELL.0;
    let text: String = visible(run);
    // Writing to a string cannot fail.
    if let Some(bg) = bg {
        let height = CELL.1;
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{bg}\"/>"
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let mut style = String::new();
    for (flag, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::DIM, " opacity=\"0.6\""),
    ] {
        if modifier.contains(flag) {
            style.push_str(attribute);
        }
    }
    let base = y + CELL.1 - 5;
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{base}\" fill=\"{fg}\"{style} textLength=\"{width}\" \
         lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        escaped(&text)
    );
}

/// The text of a run; the cell behind a wide character holds nothing.
fn visible(run: &[Cell]) -> String {
    let mut text = String::new();
    let mut covered = 0;
    for cell in run {
        if covered > 0 {
            covered -= 1;
            continue;
        }
        text.push_str(cell.symbol());
        covered = cell.symbol().width().saturating_sub(1);
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn hex(color: Color) -> Option<String> {
    let (red, green, blue) = match color {
        Color::Reset => return None,
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Indexed(index) => rgb(index),
        Color::Black => rgb(0),
        Color::Red => rgb(1),
        Color::Green => rgb(2),
        Color::Yellow => rgb(3),
        Color::Blue => rgb(4),
        Color::Magenta => rgb(5),
        Color::Cyan => rgb(6),
        Color::Gray => rgb(7),
        Color::DarkGray => rgb(8),
        Color::LightRed => rgb(9),
        Color::LightGreen => rgb(10),
        Color::LightYellow => rgb(11),
        Color::LightBlue => rgb(12),
        Color::LightMagenta => rgb(13),
        Color::LightCyan => rgb(14),
        Color::White => rgb(15),
    };
    Some(format!("#{red:02x}{green:02x}{blue:02x}"))
}
