//! A picture for slides: dark on white, lines as lines.

use std::fmt::Write;

use super::is_unfit;
use crate::map::canvas::{Canvas, Ink};
use crate::map::model::Map;
use crate::map::{Look, draw};

/// Size of a cell, in pixels, at the font's size.
const CELL: (u32, u32) = (9, 20);
const FONT: u32 = 15;
/// Free space around the picture.
const EDGE: u32 = 16;

/// `map` as an SVG picture.
pub fn svg(map: &Map, look: &Look<'_>) -> String {
    let look = Look {
        unicode: true,
        ..*look
    };
    picture(&draw(map, &look))
}

fn picture(canvas: &Canvas) -> String {
    let size = |cells: u16, cell: u32| u32::from(cells) * cell + 2 * EDGE;
    let (width, height) = (size(canvas.width(), CELL.0), size(canvas.height(), CELL.1));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" xml:space=\"preserve\" \
         font-family=\"'DejaVu Sans Mono','Menlo','Consolas',monospace\" font-size=\"{FONT}\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for line in canvas.strokes() {
        let at = |(x, y): (u16, u16)| {
            // In halves of a cell, so that a line leads from the middle of one to the next.
            let place = |halves: u16, cell: u32| u32::from(halves) * cell / 2 + EDGE;
            (place(x, CELL.0), place(y, CELL.1))
        };
        let ((ax, ay), (bx, by)) = (at(line.from), at(line.to));
        let (colour, width) = stroke(line.ink);
        let dashes = if line.broken {
            " stroke-dasharray=\"4 4\""
        } else {
            ""
        };
        // Writing to a string does not fail; so everywhere below.
        let _ = writeln!(
            out,
            "<path d=\"M{ax} {ay}L{bx} {by}\" stroke=\"{colour}\" stroke-width=\"{width}\" \
             stroke-linecap=\"square\"{dashes}/>"
        );
    }
    for (x, y, run) in canvas.texts() {
        let (left, base) = (
            u32::from(x) * CELL.0 + EDGE,
            u32::from(y) * CELL.1 + EDGE + CELL.1 - 6,
        );
        let (colour, weight) = ink(run.ink);
        let _ = writeln!(
            out,
            "<text x=\"{left}\" y=\"{base}\" fill=\"{colour}\"{weight}>{}</text>",
            escaped(&run.text)
        );
    }
    out.push_str("</svg>\n");
    out
}

fn stroke(ink: Ink) -> (&'static str, u32) {
    match ink {
        Ink::Lit => ("#0b3d91", 3),
        Ink::Cable => ("#0b3d91", 2),
        Ink::Packet => ("#8a0f6b", 3),
        Ink::Bad => ("#b00020", 2),
        Ink::Blank
        | Ink::Border
        | Ink::Title
        | Ink::Device
        | Ink::Detail
        | Ink::Weak
        | Ink::Changed => ("#303030", 1),
    }
}

fn ink(ink: Ink) -> (&'static str, &'static str) {
    const BOLD: &str = " font-weight=\"bold\"";
    match ink {
        Ink::Lit => ("#0b3d91", BOLD),
        Ink::Title => ("#000000", BOLD),
        Ink::Bad => ("#b00020", BOLD),
        Ink::Weak => ("#7a4a00", BOLD),
        Ink::Changed => ("#1b5e20", BOLD),
        Ink::Packet => ("#8a0f6b", BOLD),
        Ink::Detail => ("#404040", ""),
        Ink::Blank | Ink::Border | Ink::Device | Ink::Cable => ("#101010", ""),
    }
}

/// Text between tags (XML 1.0, 2.2 and 2.4).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ if is_unfit(c) => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
