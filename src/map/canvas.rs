//! A sheet of cells: lines that join where they meet, and text that never spills.

mod strokes;

use unicode_width::UnicodeWidthChar;

/// What a cell means; whoever shows it chooses a colour, and none of them says anything that no
/// sign or word says too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Nothing.
    #[default]
    Blank,
    /// A box.
    Border,
    /// The box of the chosen namespace.
    Lit,
    /// A namespace's name.
    Title,
    /// A device's name.
    Device,
    /// Kinds, addresses.
    Detail,
    /// What is down.
    Bad,
    /// What has no signal.
    Weak,
    /// What has changed in the last moments.
    Changed,
    /// A cable.
    Cable,
    /// The way of a packet, and the packet.
    Packet,
}

/// Text of one meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Text, without anything that a terminal would obey.
    pub text: String,
    /// What it means.
    pub ink: Ink,
}

/// Which way a line leads out of a cell.
pub(super) const NORTH: u8 = 1;
pub(super) const EAST: u8 = 2;
pub(super) const SOUTH: u8 = 4;
pub(super) const WEST: u8 = 8;

/// Lines by the ways that lead out of a cell.
const LINES: [&str; 16] = [
    " ", "╵", "╶", "└", "╷", "│", "┌", "├", "╴", "┘", "─", "┴", "┐", "┤", "┬", "┼",
];

/// What stands in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mark {
    /// Its line.
    #[default]
    Line,
    /// A character, above any line.
    Char(char),
    /// The second half of a wide one.
    Covered,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Cell {
    ways: u8,
    /// Is it the line of something that does not work?
    broken: bool,
    ink: Ink,
    mark: Mark,
}

/// A sheet of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canvas {
    width: u16,
    unicode: bool,
    cells: Vec<Cell>,
}

impl Canvas {
    /// An empty sheet.
    pub(super) fn new(width: u16, height: u16, unicode: bool) -> Self {
        Self {
            width,
            unicode,
            cells: vec![Cell::default(); usize::from(width) * usize::from(height)],
        }
    }

    /// Columns.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u16 {
        let rows = self.cells.len() / usize::from(self.width.max(1));
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    pub(super) fn unicode(&self) -> bool {
        self.unicode
    }

    fn cell(&mut self, x: u16, y: u16) -> Option<&mut Cell> {
        let at = usize::from(y) * usize::from(self.width) + usize::from(x);
        self.cells.get_mut(at).filter(|_| x < self.width)
    }

    /// Leads a line out of a cell, also in the directions that it leads to already.
    pub(super) fn lead(&mut self, x: u16, y: u16, ways: u8, ink: Ink, broken: bool) {
        if let Some(cell) = self.cell(x, y) {
            // A line across a border is a plug in it: the border keeps its look.
            if cell.ways == 0 {
                cell.ink = ink;
                cell.broken = broken;
            }
            cell.ways |= ways;
        }
    }

    /// Draws a box's border.
    pub(super) fn frame(&mut self, (x, y): (u16, u16), width: u16, height: u16, ink: Ink) {
        let (right, bottom) = (x + width.max(2) - 1, y + height.max(2) - 1);
        for x in x + 1..right {
            self.lead(x, y, EAST | WEST, ink, false);
            self.lead(x, bottom, EAST | WEST, ink, false);
        }
        for y in y + 1..bottom {
            self.lead(x, y, NORTH | SOUTH, ink, false);
            self.lead(right, y, NORTH | SOUTH, ink, false);
        }
        self.lead(x, y, SOUTH | EAST, ink, false);
        self.lead(right, y, SOUTH | WEST, ink, false);
        self.lead(x, bottom, NORTH | EAST, ink, false);
        self.lead(right, bottom, NORTH | WEST, ink, false);
    }

    /// Draws a line from cell to cell, each beside the one before.
    pub(super) fn line(&mut self, cells: &[(u16, u16)], ink: Ink, broken: bool) {
        for pair in cells.windows(2) {
            let &[(ax, ay), (bx, by)] = pair else {
                continue;
            };
            let (there, back) = match (bx.cmp(&ax), by.cmp(&ay)) {
                (std::cmp::Ordering::Greater, _) => (EAST, WEST),
                (std::cmp::Ordering::Less, _) => (WEST, EAST),
                (_, std::cmp::Ordering::Greater) => (SOUTH, NORTH),
                (_, _) => (NORTH, SOUTH),
            };
            self.lead(ax, ay, there, ink, broken);
            self.lead(bx, by, back, ink, broken);
        }
    }

    /// Writes text, at most `room` columns of it; where it is cut, a sign says so. The column behind
    /// it.
    pub(super) fn text(&mut self, x: u16, y: u16, room: u16, text: &str, ink: Ink) -> u16 {
        let shown: Vec<(char, u16)> = text.chars().map(|c| self.shown(c)).collect();
        let whole: usize = shown.iter().map(|(_, width)| usize::from(*width)).sum();
        let cut = whole > usize::from(room);
        let most = if cut { room.saturating_sub(1) } else { room };
        let mut at = x;
        for (c, width) in shown {
            if at + width > x + most {
                break;
            }
            self.put(at, y, Mark::Char(c), ink);
            for covered in 1..width {
                self.put(at + covered, y, Mark::Covered, ink);
            }
            at += width;
        }
        if cut && room > 0 {
            let more = if self.unicode { '…' } else { '~' };
            self.put(at, y, Mark::Char(more), ink);
            at += 1;
        }
        at
    }

    /// Puts a sign above whatever is there.
    pub(super) fn sign(&mut self, x: u16, y: u16, c: char, ink: Ink) {
        let (c, _) = self.shown(c);
        self.put(x, y, Mark::Char(c), ink);
    }

    /// Gives a cell another look, whatever stands there.
    pub(super) fn tint(&mut self, x: u16, y: u16, ink: Ink) {
        if let Some(cell) = self.cell(x, y) {
            cell.ink = ink;
        }
    }

    fn put(&mut self, x: u16, y: u16, mark: Mark, ink: Ink) {
        if let Some(cell) = self.cell(x, y) {
            cell.mark = mark;
            cell.ink = ink;
        }
    }

    /// A character as it may be shown, and its columns: what a terminal would obey, and what it
    /// would show as nothing, becomes a sign.
    fn shown(&self, c: char) -> (char, u16) {
        let unknown = if self.unicode { '\u{fffd}' } else { '?' };
        let width = u16::try_from(c.width().unwrap_or(0)).unwrap_or(0);
        match c {
            ' '..='~' => (c, 1),
            _ if width == 0 || !self.unicode || is_hidden(c) => (unknown, 1),
            _ => (c, width),
        }
    }

    /// One row, in runs of one meaning.
    pub fn row(&self, y: u16) -> Vec<Run> {
        self.part(y, 0, self.width)
    }

    /// Part of a row: `width` columns from `x` on. Half of a wide character is a blank.
    pub fn part(&self, y: u16, x: u16, width: u16) -> Vec<Run> {
        let start = usize::from(y) * usize::from(self.width);
        let row = self.cells.get(start..start + usize::from(self.width));
        let row = row.unwrap_or_default();
        let from = usize::from(x).min(row.len());
        let seen = &row[from..(from + usize::from(width)).min(row.len())];
        let mut runs: Vec<Run> = Vec::new();
        for (place, cell) in seen.iter().enumerate() {
            let half = is_half(cell, place, seen.len());
            let text = match cell.mark {
                Mark::Char(_) | Mark::Covered if half => " ".to_owned(),
                Mark::Covered => String::new(),
                Mark::Char(c) => c.to_string(),
                Mark::Line => self.line_of(cell, from + place),
            };
            match runs.last_mut() {
                Some(run) if run.ink == cell.ink => run.text += &text,
                Some(_) | None => runs.push(Run {
                    text,
                    ink: cell.ink,
                }),
            }
        }
        runs
    }

    fn line_of(&self, cell: &Cell, x: usize) -> String {
        let across = cell.ways == EAST | WEST;
        let along = cell.ways == NORTH | SOUTH;
        let text = match (self.unicode, cell.broken) {
            (true, true) if across => "╌",
            (true, true) if along => "╎",
            (true, _) => LINES[usize::from(cell.ways & 15)],
            (false, _) if cell.ways == 0 => " ",
            (false, true) if across && x % 2 == 1 => " ",
            (false, true) if along => ":",
            (false, _) if across => "-",
            (false, _) if along => "|",
            (false, _) => "+",
        };
        text.to_owned()
    }

    /// All of it as text, without blanks at the ends of rows.
    pub fn text_lines(&self) -> Vec<String> {
        let rows = 0..self.height();
        rows.map(|y| {
            let row: String = self.row(y).into_iter().map(|run| run.text).collect();
            row.trim_end().to_owned()
        })
        .collect()
    }
}

/// Is it half of a wide character whose other half is out of sight?
fn is_half(cell: &Cell, place: usize, seen: usize) -> bool {
    match cell.mark {
        Mark::Line => false,
        Mark::Covered => place == 0,
        Mark::Char(c) => c.width() == Some(2) && place + 1 == seen,
    }
}

/// Characters that change how others are shown, or take columns and show nothing, beside those
/// without a width.
fn is_hidden(c: char) -> bool {
    matches!(
        u32::from(c),
        0xad | 0x115f..=0x1160 | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfeff | 0xffa0
    )
}
