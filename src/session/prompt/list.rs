//! The ways to complete a word, and going through them.

use std::ops::Range;

use super::Line;
use crate::session::complete::{Completion, Item};

/// Ways to complete a word, shown below the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// They.
    pub items: Vec<Item>,
    /// The one that stands in the line now.
    pub chosen: Option<usize>,
    /// The bytes of the word in the line.
    at: Range<usize>,
    /// What was typed of it.
    typed: String,
}

impl List {
    /// Completes the word as far as there is one way only; shows the list where there are more.
    pub(super) fn begin(found: Completion, line: &mut Line) -> Option<Self> {
        let common = found.common().to_owned();
        let typed = line.text().get(found.at.clone())?.to_owned();
        let at = found.at.start..found.at.start + common.len().max(typed.len());
        match found.items.as_slice() {
            [] => return None,
            [only] => {
                line.replace(found.at, &with_blank(only, line));
                return None;
            }
            [_, ..] => {}
        }
        if common.len() > typed.len() {
            line.replace(found.at, &common);
        }
        Some(Self {
            items: found.items,
            chosen: None,
            at,
            typed: if common.len() > typed.len() {
                common
            } else {
                typed
            },
        })
    }

    /// Puts the next one, or the one before, into the line.
    pub(super) fn choose(&mut self, on: bool, line: &mut Line) {
        let count = self.items.len();
        let next = match (self.chosen, on) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        };
        self.chosen = Some(next);
        let word = self.items[next].word.clone();
        self.put(&word, line);
    }

    /// The one that is chosen stays; was there one?
    pub(super) fn accept(mut self, line: &mut Line) -> bool {
        let Some(item) = self.chosen.and_then(|at| self.items.get(at)) else {
            return false;
        };
        let word = with_blank(item, line);
        self.put(&word, line);
        true
    }

    /// Back to what was typed.
    pub(super) fn give_up(mut self, line: &mut Line) {
        let typed = std::mem::take(&mut self.typed);
        self.put(&typed, line);
    }

    fn put(&mut self, word: &str, line: &mut Line) {
        line.replace(self.at.clone(), word);
        self.at.end = self.at.start + word.len();
    }
}

/// A word that is whole has a blank behind it, unless one stands there already.
fn with_blank(item: &Item, line: &Line) -> String {
    let behind = &line.text()[line.cursor()..];
    if item.open || behind.starts_with(' ') {
        item.word.clone()
    } else {
        format!("{} ", item.word)
    }
}
