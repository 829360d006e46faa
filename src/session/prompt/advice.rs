//! What stands below the line that is being typed.

use super::{List, Search};
use crate::command::{self, Candidate, Explained, ParseError};
use crate::session::complete::is_option;
use crate::session::{Session, colon};

/// What there is to say about the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice<'a> {
    /// A search, and the line that it has found.
    Search(&'a Search, Option<&'a str>),
    /// Ways to complete the word.
    List(&'a List),
    /// The line was not run, and why.
    Refused(&'a ParseError),
    /// A sentence.
    Said(&'a str),
    /// Something in it is wrong, whatever may follow.
    Mistake(ParseError),
    /// The words so far, and what may follow.
    Words(Vec<Explained>, Next),
}

/// What may follow a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// One of these words and kinds of value.
    Words(Vec<String>),
    /// Nothing has to follow: Enter runs it; one of these may.
    Complete(Vec<String>),
}

impl Session {
    /// What there is to say about the line that is being typed; `None` while no prompt is open.
    pub fn advice(&self) -> Option<Advice<'_>> {
        let prompt = self.prompt_line()?;
        let text = prompt.line.text();
        Some(if let Some(search) = &prompt.search {
            Advice::Search(search, self.memory.history.found(search))
        } else if let Some(said) = &prompt.said {
            Advice::Said(said)
        } else if let Some(list) = &prompt.list {
            Advice::List(list)
        } else if let Some(error) = &prompt.refused {
            Advice::Refused(error)
        } else if let Some(word) = text.strip_prefix(':') {
            let (explained, next) = colon::explain(word);
            Advice::Words(explained, next)
        } else if let Some(error) = mistake(text, prompt.line.cursor()) {
            Advice::Mistake(error)
        } else {
            let next = next(text, prompt.line.before_cursor());
            Advice::Words(command::explain_begun(text), next)
        })
    }
}

/// A mistake that is worth pointing at: not one in the word that is being written.
fn mistake(text: &str, cursor: usize) -> Option<ParseError> {
    let error = command::mistake(text)?;
    let being_written = cursor < text.len() && (error.at.start..=error.at.end).contains(&cursor);
    (!being_written).then_some(error)
}

fn next(text: &str, before_cursor: &str) -> Next {
    let written = before_cursor.rsplit([' ', '\t']).next().unwrap_or_default();
    let mut words = words(command::expected(before_cursor), written);
    if words.is_empty() && !written.is_empty() {
        words = self::words(command::expected(&format!("{before_cursor} ")), "");
    }
    let whole = command::parse(text).is_ok_and(|line| line.command.is_some());
    if whole {
        Next::Complete(words)
    } else {
        Next::Words(words)
    }
}

/// Keywords and kinds of value as they are told, but for the word that is written already; options
/// only where nothing else may stand.
fn words(candidates: Vec<Candidate>, written: &str) -> Vec<String> {
    let mut meanings = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for candidate in candidates {
        match candidate {
            Candidate::Keyword { word, meaning } => {
                if word != written && (meaning.is_empty() || !meanings.contains(&meaning)) {
                    meanings.push(meaning);
                    words.push(format!("`{word}`"));
                }
            }
            Candidate::Slot(slot) if written.is_empty() => words.push(slot.to_string()),
            Candidate::Slot(_) => {}
        }
    }
    words.sort_by_key(|word| word.starts_with('`'));
    words.dedup();
    let option = |word: &String| is_option(word.trim_matches('`'));
    if !words.iter().all(option) {
        words.retain(|word| !option(word));
    }
    words
}
