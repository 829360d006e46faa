//! One line being edited, as readline edits one.
//!
//! Our own rather than `tui-input`'s: places are bytes, as in a [`ParseError`], letters with their
//! accents are one, what is cut in a row is put back together, and changes can be taken back.
//!
//! [`ParseError`]: crate::command::ParseError

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// So many changes can be taken back.
const CHANGES: usize = 100;

/// How far something reaches from the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// One letter back.
    Back,
    /// One letter on.
    On,
    /// To the beginning of the word (letters and digits).
    WordBack,
    /// To the end of the word.
    WordOn,
    /// To the beginning of what stands between blanks.
    BlankBack,
    /// To the beginning of the line.
    Start,
    /// To the end of the line.
    End,
}

/// What a change was, so that those of one kind in a row are taken back at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Typed,
    CutBack,
    CutOn,
}

/// A line, its cursor, and what was cut out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// In bytes, always before a letter or at the end.
    cursor: usize,
    /// What was cut out last.
    cut: String,
    before: Vec<(String, usize)>,
    last: Last,
}

impl Line {
    /// A line that holds `text`, with the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
            ..Self::default()
        }
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor stands, in bytes.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// A new line, with the cursor behind `text`; what was cut is kept.
    pub fn begin(&mut self, text: &str) {
        *self = Self {
            cut: std::mem::take(&mut self.cut),
            ..Self::new(text)
        };
    }

    /// Puts another text into it, with the cursor behind it; what was cut is kept.
    pub fn set(&mut self, text: &str) {
        self.remember(Last::Other);
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
    }

    /// Puts the cursor at this byte, or at the letter that it lies in.
    pub fn place(&mut self, byte: usize) {
        self.last = Last::Other;
        self.cursor = self.floor(byte);
    }

    /// Types.
    pub fn insert(&mut self, text: &str) {
        if self.last != Last::Typed || text.starts_with(' ') {
            self.remember(Last::Typed);
        }
        self.text.insert_str(self.cursor, text);
        // An accent joins the letter before it.
        self.cursor = self.ceiling(self.cursor + text.len());
    }

    /// Puts `text` in the place of these bytes, with the cursor behind it.
    pub fn replace(&mut self, range: std::ops::Range<usize>, text: &str) {
        let range = self.floor(range.start)..self.floor(range.end);
        self.remember(Last::Other);
        self.text.replace_range(range.clone(), text);
        self.cursor = self.ceiling(range.start + text.len());
    }

    /// Moves the cursor.
    pub fn go(&mut self, reach: Reach) {
        self.last = Last::Other;
        self.cursor = self.reached(reach);
    }

    /// Takes out what lies between the cursor and there; a single letter is not kept.
    pub fn delete(&mut self, reach: Reach) {
        let to = self.reached(reach);
        if to == self.cursor {
            return;
        }
        match reach {
            Reach::Back | Reach::On => self.remember(Last::Other),
            Reach::WordBack | Reach::BlankBack | Reach::Start => self.keep(to, Last::CutBack),
            Reach::WordOn | Reach::End => self.keep(to, Last::CutOn),
        }
        let range = to.min(self.cursor)..to.max(self.cursor);
        self.cursor = range.start;
        self.text.replace_range(range, "");
        self.cursor = self.floor(self.cursor);
    }

    /// Keeps what is cut between the cursor and `to`, with what was cut just before.
    fn keep(&mut self, to: usize, now: Last) {
        let goes_on = self.last == now;
        self.remember(now);
        let piece = &self.text[to.min(self.cursor)..to.max(self.cursor)];
        match now {
            Last::CutBack if goes_on => self.cut.insert_str(0, piece),
            Last::CutOn if goes_on => self.cut.push_str(piece),
            Last::CutBack | Last::CutOn | Last::Typed | Last::Other => {
                piece.clone_into(&mut self.cut);
            }
        }
    }

    /// Puts back what was cut out last.
    pub fn yank(&mut self) {
        if self.cut.is_empty() {
            return;
        }
        let cut = std::mem::take(&mut self.cut);
        self.remember(Last::Other);
        self.text.insert_str(self.cursor, &cut);
        self.cursor = self.ceiling(self.cursor + cut.len());
        self.cut = cut;
    }

    /// The letter before the cursor and the one under it change places; at the end the last two.
    pub fn transpose(&mut self) {
        let middle = if self.cursor == self.text.len() {
            self.reached(Reach::Back)
        } else {
            self.cursor
        };
        let start = self.step(middle, false);
        let end = self.step(middle, true);
        if start == middle || middle == end {
            return;
        }
        self.remember(Last::Other);
        let swapped = [&self.text[middle..end], &self.text[start..middle]].concat();
        self.text.replace_range(start..end, &swapped);
        self.cursor = self.ceiling(end);
    }

    /// Takes the last change back.
    pub fn undo(&mut self) {
        if let Some((text, cursor)) = self.before.pop() {
            self.text = text;
            self.cursor = cursor;
        }
        self.last = Last::Other;
    }

    /// Before a change: what stands here can be had again.
    fn remember(&mut self, now: Last) {
        if self.before.len() >= CHANGES {
            self.before.remove(0);
        }
        self.before.push((self.text.clone(), self.cursor));
        self.last = now;
    }

    /// Where the cursor comes to; never within a letter.
    fn reached(&self, reach: Reach) -> usize {
        let to = self.reached_char(reach);
        if to < self.cursor {
            self.floor(to)
        } else {
            self.ceiling(to)
        }
    }

    fn reached_char(&self, reach: Reach) -> usize {
        let before = &self.text[..self.cursor];
        let behind = &self.text[self.cursor..];
        match reach {
            Reach::Start => 0,
            Reach::End => self.text.len(),
            Reach::Back => self.step(self.cursor, false),
            Reach::On => self.step(self.cursor, true),
            Reach::WordBack => start_of_last(before, char::is_alphanumeric),
            Reach::BlankBack => start_of_last(before, |c| !c.is_whitespace()),
            Reach::WordOn => {
                let rest = behind.trim_start_matches(|c: char| !c.is_alphanumeric());
                self.text.len() - rest.trim_start_matches(char::is_alphanumeric).len()
            }
        }
    }

    /// One letter on or back from `at`.
    fn step(&self, at: usize, on: bool) -> usize {
        let found = if on {
            self.text[at..].grapheme_indices(true).nth(1)
        } else {
            self.text[..at].grapheme_indices(true).next_back()
        };
        match found {
            Some((byte, _)) if on => at + byte,
            Some((byte, _)) => byte,
            None if on => self.text.len(),
            None => 0,
        }
    }

    /// The beginning of the letter that `byte` lies in.
    fn floor(&self, byte: usize) -> usize {
        (0..=byte.min(self.text.len()))
            .rev()
            .find(|byte| self.is_edge(*byte))
            .unwrap_or(0)
    }

    /// The end of the letter that `byte` lies in.
    fn ceiling(&self, byte: usize) -> usize {
        (byte..self.text.len())
            .find(|byte| self.is_edge(*byte))
            .unwrap_or(self.text.len())
    }

    fn is_edge(&self, byte: usize) -> bool {
        self.text.is_char_boundary(byte)
            && GraphemeCursor::new(byte, self.text.len(), true)
                .is_boundary(&self.text, 0)
                .unwrap_or(false)
    }
}

/// Where the last run of letters that are `part` of a word begins.
fn start_of_last(text: &str, part: impl Fn(char) -> bool) -> usize {
    text.trim_end_matches(|c| !part(c))
        .trim_end_matches(part)
        .len()
}

#[cfg(test)]
mod tests;
