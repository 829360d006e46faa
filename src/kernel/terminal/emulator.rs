//! The terminal that a shell believes it has: what was written becomes cells, what is asked gets
//! an answer.

use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use alacritty_terminal::Term;
use alacritty_terminal::event::{Event, EventListener, WindowSize};
use alacritty_terminal::grid::{Dimensions, Scroll};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell as Written, Flags};
use alacritty_terminal::term::{Config, Osc52, TermMode};
use alacritty_terminal::vte::ansi::{Color as Asked, NamedColor, Processor, Rgb};

use super::{Look, encode};
use crate::session::shell::input::{Held, Input, KeyCode, MouseKind, Stroke};
use crate::session::shell::view::{Attributes, Cell, Color, ShellView};
use crate::session::shell::{Size, palette};

/// So many lines can be looked back.
const HISTORY: usize = 5_000;

/// Lines that one notch of a mouse wheel scrolls.
const WHEEL_LINES: i32 = 3;

/// Marks without a width that are kept of a character.
const MARKS: usize = 3;

/// Characters that are kept of a title.
const TITLE: usize = 200;

/// Where the colour behind the text stands among the colours; it is none of the 256.
const PAPER: usize = NamedColor::Background as usize;

/// Makes an answer of a colour.
type Answer = Arc<dyn Fn(Rgb) -> String + Sync + Send>;

/// Makes an answer of a size.
type SizeAnswer = Arc<dyn Fn(WindowSize) -> String + Sync + Send>;

/// What a program wants to be told.
enum Query {
    Bytes(String),
    Color(usize, Answer),
    Size(SizeAnswer),
}

/// What the emulator has been told and cannot do itself.
#[derive(Default)]
struct Heard {
    queries: Vec<Query>,
    title: String,
}

/// Hears it.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<Heard>>);

impl Listener {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventListener for Listener {
    fn send_event(&self, event: Event) {
        let mut heard = self.heard();
        match event {
            Event::PtyWrite(text) => heard.queries.push(Query::Bytes(text)),
            Event::ColorRequest(index, answer) => heard.queries.push(Query::Color(index, answer)),
            Event::TextAreaSizeRequest(answer) => heard.queries.push(Query::Size(answer)),
            Event::Title(title) => heard.title = title.chars().take(TITLE).collect(),
            Event::ResetTitle => heard.title.clear(),
            // The learner's clipboard is no program's to read or write.
            Event::ClipboardStore(..)
            | Event::ClipboardLoad(..)
            | Event::MouseCursorDirty
            | Event::CursorBlinkingChange
            | Event::Wakeup
            | Event::Bell
            | Event::Exit
            | Event::ChildExit(_) => {}
        }
    }
}

/// A size as the emulator takes it: at least two columns, for wide characters, and a line.
struct Cells(Size);

impl Dimensions for Cells {
    fn total_lines(&self) -> usize {
        self.screen_lines()
    }

    fn screen_lines(&self) -> usize {
        usize::from(self.0.rows.max(1))
    }

    fn columns(&self) -> usize {
        usize::from(self.0.columns.max(2))
    }
}

/// A terminal without a window.
pub struct Emulator {
    term: Term<Listener>,
    parser: Processor,
    listener: Listener,
    appearance: Look,
    /// Name of the shell's program.
    shell: String,
}

impl Emulator {
    /// An empty one.
    pub fn new(size: Size, look: Look) -> Self {
        let listener = Listener::default();
        let config = Config {
            scrolling_history: HISTORY,
            osc52: Osc52::Disabled,
            ..Config::default()
        };
        Self {
            term: Term::new(config, &Cells(size), listener.clone()),
            parser: Processor::new(),
            listener,
            appearance: look,
            shell: String::new(),
        }
    }

    /// The shell's name.
    pub fn set_shell(&mut self, name: &str) {
        name.clone_into(&mut self.shell);
    }

    /// Takes in what was written; returns what is to be answered.
    pub fn write(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.parser.advance(&mut self.term, bytes);
        self.answers()
    }

    /// When what is held back until the program has drawn all of it is to be shown anyway.
    pub fn held_until(&self) -> Option<Instant> {
        self.parser.sync_timeout().sync_timeout()
    }

    /// Shows what is held back.
    pub fn show_held(&mut self) -> Vec<u8> {
        self.parser.stop_sync(&mut self.term);
        self.answers()
    }

    /// Changes the size; lines are wrapped anew.
    pub fn resize(&mut self, size: Size) {
        self.term.resize(Cells(size));
    }

    /// What a program is told of `input`; looking back is ours.
    pub fn input(&mut self, input: &Input) -> Vec<u8> {
        let modes = *self.term.mode();
        match input {
            Input::Key(stroke) => {
                self.term.scroll_display(Scroll::Bottom);
                encode::key(*stroke, modes)
            }
            Input::Paste(text) => {
                self.term.scroll_display(Scroll::Bottom);
                encode::paste(text, modes)
            }
            Input::Mouse(mouse) => match (encode::mouse(*mouse, modes), mouse.kind) {
                (Some(report), _) => report,
                (None, MouseKind::WheelUp) => self.wheel(-WHEEL_LINES),
                (None, MouseKind::WheelDown) => self.wheel(WHEEL_LINES),
                (None, _) => Vec::new(),
            },
            Input::Scroll(lines) => self.look(*lines),
            Input::Page(pages) => {
                let rows = i32::try_from(self.term.screen_lines()).unwrap_or(1);
                self.look(pages.saturating_mul((rows - 1).max(1)))
            }
        }
    }

    /// How many lines it is looked back.
    pub fn back(&self) -> usize {
        self.term.grid().display_offset()
    }

    /// Looks back by so many lines, up being negative; the program is told nothing.
    fn look(&mut self, lines: i32) -> Vec<u8> {
        let all = i32::try_from(HISTORY).unwrap_or(i32::MAX);
        self.term
            .scroll_display(Scroll::Delta(-lines.clamp(-all, all)));
        Vec::new()
    }

    /// The wheel looks back; where there is nothing to look back at, it is arrow keys (mode 1007).
    fn wheel(&mut self, lines: i32) -> Vec<u8> {
        let modes = *self.term.mode();
        if !modes.contains(TermMode::ALT_SCREEN | TermMode::ALTERNATE_SCROLL) {
            return self.look(lines);
        }
        let arrow = Stroke {
            key: if lines < 0 {
                KeyCode::Up
            } else {
                KeyCode::Down
            },
            held: Held::empty(),
        };
        let times = usize::try_from(lines.unsigned_abs()).unwrap_or_default();
        encode::key(arrow, modes).repeat(times)
    }

    /// Whatever was asked, answered.
    fn answers(&mut self) -> Vec<u8> {
        let queries = take(&mut self.listener.heard().queries);
        let mut out = Vec::new();
        for query in queries {
            let answer = match query {
                Query::Bytes(text) => text,
                Query::Color(index, answer) => answer(self.color(index)),
                Query::Size(answer) => answer(WindowSize {
                    num_lines: u16::try_from(self.term.screen_lines()).unwrap_or(u16::MAX),
                    num_cols: u16::try_from(self.term.columns()).unwrap_or(u16::MAX),
                    cell_width: 0,
                    cell_height: 0,
                }),
            };
            out.extend_from_slice(answer.as_bytes());
        }
        out
    }

    /// A colour, as it was set or as it is.
    fn color(&self, index: usize) -> Rgb {
        let (r, g, b) = match (self.term.colors()[index], u8::try_from(index)) {
            (Some(set), _) => return set,
            (None, Ok(index)) => palette::rgb(index),
            (None, Err(_)) if index == PAPER => self.appearance.paper,
            (None, Err(_)) => self.appearance.ink,
        };
        Rgb { r, g, b }
    }

    /// The cells that are seen now.
    pub fn view(&self) -> ShellView {
        let grid = self.term.grid();
        let (columns, rows) = (self.term.columns(), self.term.screen_lines());
        let back = self.back();
        let mut cells = Vec::with_capacity(columns * rows);
        let top = -i32::try_from(back).unwrap_or_default();
        for (line, _) in (top..).zip(0..rows) {
            let row = &grid[Line(line)];
            cells.extend((0..columns).map(|column| self.cell(&row[Column(column)])));
        }
        let point = grid.cursor.point;
        let shown = self.term.mode().contains(TermMode::SHOW_CURSOR) && back == 0;
        let cursor = shown
            .then(|| {
                Some((
                    u16::try_from(point.column.0).ok()?,
                    u16::try_from(point.line.0).ok()?,
                ))
            })
            .flatten();
        ShellView {
            size: Size {
                columns: u16::try_from(columns).unwrap_or(u16::MAX),
                rows: u16::try_from(rows).unwrap_or(u16::MAX),
            },
            cells,
            cursor,
            shell: self.shell.clone(),
            title: self.listener.heard().title.clone(),
            back,
            history: grid.history_size(),
        }
    }

    fn cell(&self, cell: &Written) -> Cell {
        let marks = cell.zerowidth().filter(|marks| !marks.is_empty());
        let (ink, dim) = self.shown(cell.fg);
        let mut attributes = attributes(cell.flags);
        attributes.set(Attributes::DIM, dim || cell.flags.contains(Flags::DIM));
        Cell {
            c: cell.c,
            marks: marks.map(|marks| marks.iter().take(MARKS).collect::<String>().into()),
            ink,
            paper: self.shown(cell.bg).0,
            attributes,
        }
    }

    /// A colour as it is to be shown, and whether faintly.
    fn shown(&self, color: Asked) -> (Color, bool) {
        let indexed = |index: u8| match self.term.colors()[usize::from(index)] {
            Some(Rgb { r, g, b }) => Color::Rgb(r, g, b),
            None => Color::Indexed(index),
        };
        match color {
            Asked::Spec(Rgb { r, g, b }) => (Color::Rgb(r, g, b), false),
            Asked::Indexed(index) => (indexed(index), false),
            Asked::Named(name) => match name as usize {
                index @ 0..16 => (indexed(u8::try_from(index).unwrap_or_default()), false),
                faint if (DIM_BLACK..DIM_BLACK + 8).contains(&faint) => {
                    let index = u8::try_from(faint - DIM_BLACK).unwrap_or_default();
                    (indexed(index), true)
                }
                _ => (Color::Default, name == NamedColor::DimForeground),
            },
        }
    }
}

/// The first of the faint colours.
const DIM_BLACK: usize = NamedColor::DimBlack as usize;

fn attributes(flags: Flags) -> Attributes {
    let mut attributes = Attributes::empty();
    for (flag, attribute) in [
        (Flags::BOLD, Attributes::BOLD),
        (Flags::ITALIC, Attributes::ITALIC),
        (Flags::INVERSE, Attributes::REVERSE),
        (Flags::HIDDEN, Attributes::HIDDEN),
        (Flags::STRIKEOUT, Attributes::STRIKE),
        (Flags::WIDE_CHAR_SPACER, Attributes::SPACER),
    ] {
        attributes.set(attribute, flags.contains(flag));
    }
    attributes.set(
        Attributes::UNDERLINE,
        flags.intersects(Flags::ALL_UNDERLINES),
    );
    attributes
}

#[cfg(test)]
mod tests;
