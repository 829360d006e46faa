//! Completion: what may stand at the cursor, from the grammar and from the live World.
//!
//! The grammar says which words and which kinds of value may stand there; `live` knows the values
//! that exist now. The program's own words (`:goto`) are completed from their table.

mod addresses;
mod live;
mod names;
mod settings;

use std::ops::Range;

use super::Session;
use crate::command::{self, Candidate, quote};
use crate::world::{Ns, World};

/// What a completion is made from.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The namespace that the prompt stands in.
    pub at: &'a Ns,
    /// What exists.
    pub world: &'a World,
    /// Lessons that there are, by their ids.
    pub lessons: &'a [String],
    /// How many steps the lesson has.
    pub steps: usize,
}

/// One way to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The word.
    pub word: String,
    /// What it does, or what state the thing is in; may be empty.
    pub meaning: String,
    /// Does more of the same word follow, so that no blank stands behind it?
    pub open: bool,
}

impl Item {
    /// A whole word.
    pub(super) fn new(word: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self {
            word: word.into(),
            meaning: meaning.into(),
            open: false,
        }
    }
}

/// The ways to go on, and the part of the line that they stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Bytes of the word under way.
    pub at: Range<usize>,
    /// What it may become, in the order in which it is shown.
    pub items: Vec<Item>,
}

impl Completion {
    /// The longest text that all of them begin with.
    pub fn common(&self) -> &str {
        let mut items = self.items.iter().map(|item| item.word.as_str());
        let first = items.next().unwrap_or_default();
        items.fold(first, |common, word| {
            let same = common.char_indices().zip(word.chars());
            let end = same
                .clone()
                .find(|((_, one), other)| one != other)
                .map_or(common.len().min(word.len()), |((at, _), _)| at);
            &common[..end]
        })
    }
}

/// What may stand at the end of `prefix`, which is a line up to the cursor.
pub fn complete(prefix: &str, around: Around<'_>) -> Completion {
    if let Some(rest) = prefix.strip_prefix(':') {
        return super::colon::complete(rest, around);
    }
    let Some(begun) = command::begun(prefix) else {
        return Completion::default();
    };
    let at = begun.within.as_ref().unwrap_or(around.at);
    let mut items = live::attached(&begun.word, around.world);
    let mut keywords: Vec<Item> = Vec::new();
    for candidate in &begun.candidates {
        match candidate {
            Candidate::Slot(slot) => {
                items.extend(live::values(*slot, &begun, Around { at, ..around }));
            }
            Candidate::Keyword { word, meaning } => {
                let meaning = meaning.replace("{}", "…");
                let said = |item: &Item| !meaning.is_empty() && item.meaning == meaning;
                if !keywords.iter().any(said) {
                    keywords.push(Item::new(*word, meaning));
                }
            }
        }
    }
    items.retain(|item| item.word.starts_with(&begun.word));
    // Options are many; they are offered to whoever begins one, and where there is nothing else.
    let plain = |item: &Item| !is_option(&item.word);
    if begun.word.is_empty() && (!items.is_empty() || keywords.iter().any(plain)) {
        keywords.retain(plain);
    }
    items.append(&mut keywords);
    unique(&mut items);
    for item in &mut items {
        item.word = quote(&item.word);
    }
    Completion {
        at: begun.at,
        items,
    }
}

impl Session {
    /// What may stand at the end of `prefix`, where the prompt stands now.
    pub fn completions(&self, prefix: &str) -> Completion {
        complete(prefix, self.around())
    }
}

/// Does the word begin an option, or turn one round?
pub(super) fn is_option(word: &str) -> bool {
    word.starts_with('-') || word == "!"
}

/// Leaves each word once, in its first place.
fn unique(items: &mut Vec<Item>) {
    let mut seen = std::collections::BTreeSet::new();
    items.retain(|item| seen.insert(item.word.clone()));
}

#[cfg(test)]
mod tests;
