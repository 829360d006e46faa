//! A sheet's lines and texts, for pictures that are not made of characters.

use super::{Canvas, Cell, EAST, Ink, Mark, NORTH, Run, SOUTH, WEST};

/// A straight line, in halves of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::map) struct Stroke {
    pub(in crate::map) from: (u16, u16),
    pub(in crate::map) to: (u16, u16),
    pub(in crate::map) ink: Ink,
    /// Does it stand for something that does not work?
    pub(in crate::map) broken: bool,
}

impl Canvas {
    /// Every line, each as long as it goes straight on with one look.
    pub(in crate::map) fn strokes(&self) -> Vec<Stroke> {
        let mut strokes = Vec::new();
        for y in 0..self.height() {
            let row = (0..self.width()).map(|x| (self.at(x, y), (2 * x, 2 * y + 1), (1, 0)));
            join(row, WEST, EAST, &mut strokes);
        }
        for x in 0..self.width() {
            let column = (0..self.height()).map(|y| (self.at(x, y), (2 * x + 1, 2 * y), (0, 1)));
            join(column, NORTH, SOUTH, &mut strokes);
        }
        strokes
    }

    /// Every text, each as long as it has one meaning, and the cell that it begins in.
    pub(in crate::map) fn texts(&self) -> Vec<(u16, u16, Run)> {
        let mut texts: Vec<(u16, u16, Run)> = Vec::new();
        for y in 0..self.height() {
            let mut follows = false;
            for x in 0..self.width() {
                let cell = self.at(x, y);
                match (cell.map(|cell| cell.mark), texts.last_mut()) {
                    (Some(Mark::Char(c)), Some((_, _, run)))
                        if follows && cell.is_some_and(|cell| cell.ink == run.ink) =>
                    {
                        run.text.push(c);
                    }
                    (Some(Mark::Char(c)), _) => {
                        let ink = cell.map_or(Ink::Blank, |cell| cell.ink);
                        let text = c.to_string();
                        texts.push((x, y, Run { text, ink }));
                        follows = true;
                    }
                    (Some(Mark::Covered), _) => {}
                    (Some(Mark::Line) | None, _) => follows = false,
                }
            }
        }
        texts.retain(|(_, _, run)| !run.text.trim().is_empty());
        texts
    }

    fn at(&self, x: u16, y: u16) -> Option<&Cell> {
        let place = usize::from(y) * usize::from(self.width) + usize::from(x);
        self.cells.get(place)
    }
}

/// Joins the halves of cells along a row or column. Under a text there is no line.
fn join<'a>(
    cells: impl Iterator<Item = (Option<&'a Cell>, (u16, u16), (u16, u16))>,
    back: u8,
    on: u8,
    strokes: &mut Vec<Stroke>,
) {
    let first = strokes.len();
    for (cell, (x, y), (dx, dy)) in cells {
        let Some(cell) = cell.filter(|cell| cell.mark == Mark::Line) else {
            continue;
        };
        for (way, begin) in [(back, 0), (on, 1)] {
            if cell.ways & way == 0 {
                continue;
            }
            let from = (x + dx * begin, y + dy * begin);
            let to = (from.0 + dx, from.1 + dy);
            let (ink, broken) = (cell.ink, cell.broken);
            match strokes[first..].last_mut() {
                Some(last) if last.to == from && (last.ink, last.broken) == (ink, broken) => {
                    last.to = to;
                }
                Some(_) | None => strokes.push(Stroke {
                    from,
                    to,
                    ink,
                    broken,
                }),
            }
        }
    }
}
