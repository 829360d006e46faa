//! What a shell shows, as plain data: the cells that are seen, and where the cursor stands.

use bitflags::bitflags;

use super::Size;

/// A shell's screen at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShellView {
    /// Its size.
    pub size: Size,
    /// Its cells, row after row.
    pub cells: Vec<Cell>,
    /// Column and row of the cursor, unless it is hidden or out of sight.
    pub cursor: Option<(u16, u16)>,
    /// Name of the shell's program.
    pub shell: String,
    /// The title that it has asked for; nothing was cleaned yet.
    pub title: String,
    /// So many lines are looked back.
    pub back: usize,
    /// So many lines can be looked back.
    pub history: usize,
}

impl ShellView {
    /// The cells of a row, which may be beyond the last.
    pub fn row(&self, row: u16) -> &[Cell] {
        let columns = usize::from(self.size.columns);
        let start = columns * usize::from(row);
        self.cells.get(start..start + columns).unwrap_or_default()
    }
}

/// A cell of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its character; nothing was cleaned yet.
    pub c: char,
    /// Marks without a width that stand on it.
    pub marks: Option<Box<str>>,
    /// Colour of the character.
    pub ink: Color,
    /// Colour behind it.
    pub paper: Color,
    /// Attributes.
    pub attributes: Attributes,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            c: ' ',
            marks: None,
            ink: Color::Default,
            paper: Color::Default,
            attributes: Attributes::empty(),
        }
    }
}

/// A colour that a program has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// The terminal's own.
    #[default]
    Default,
    /// One of xterm's 256, the sixteen of ANSI first.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

bitflags! {
    /// How a cell is written (ECMA-48, SGR).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Attributes: u8 {
        /// Bold.
        const BOLD = 1;
        /// Faint.
        const DIM = 2;
        /// Italic.
        const ITALIC = 4;
        /// Underlined, in whatever way.
        const UNDERLINE = 8;
        /// Colours exchanged.
        const REVERSE = 16;
        /// Not shown.
        const HIDDEN = 32;
        /// Struck through.
        const STRIKE = 64;
        /// The right half of a wide character that stands to the left.
        const SPACER = 128;
    }
}
