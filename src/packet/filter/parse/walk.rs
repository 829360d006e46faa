//! A walk along the words of an expression.

use std::ops::Range;

use super::Note;
use crate::packet::filter::value::Bad;
use crate::packet::filter::words::Key;
use crate::packet::filter::{Candidate, FilterError, Slot, Token, nearest};

/// Stands before one word, and remembers the meaning of those behind it.
pub(super) struct Walk<'a> {
    tokens: &'a [Token],
    next: usize,
    notes: Vec<Note>,
    /// What was looked for before the next word.
    tried: Vec<Candidate>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        Self {
            tokens,
            next: 0,
            notes: Vec::new(),
            tried: Vec::new(),
        }
    }

    /// The notes, and what may follow if the words were all taken.
    pub(super) fn into_parts(self) -> (Vec<Note>, Vec<Candidate>) {
        let at_end = self.is_at_end();
        let mut candidates = Vec::new();
        for candidate in self.tried {
            if at_end && !candidates.contains(&candidate) {
                candidates.push(candidate);
            }
        }
        (self.notes, candidates)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    fn token(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    /// The next word or sign, and where it stands.
    pub(super) fn word(&self) -> Option<(&'a str, Range<usize>)> {
        let token = self.token()?;
        Some((token.keyword()?, token.at.clone()))
    }

    /// Where the next word stands, or where one is missing.
    pub(super) fn place(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.at.end);
        self.token().map_or(end..end, |token| token.at.clone())
    }

    fn advance(&mut self) {
        self.next += 1;
        self.tried.clear();
    }

    /// Takes the next word if it is one of `keys`; its meaning is noted.
    pub(super) fn choose<T: Copy>(&mut self, keys: &'static [Key<T>]) -> Option<(T, Range<usize>)> {
        let at = self.place();
        self.choose_of(keys.iter()).map(|to| (to, at))
    }

    /// As [`Self::choose`].
    pub(super) fn choose_of<T: Copy + 'static>(
        &mut self,
        keys: impl Iterator<Item = &'static Key<T>>,
    ) -> Option<T> {
        let at = self.place();
        let key = self.find(keys)?;
        self.notes.push(Note {
            at: at.start,
            value: at.end,
            meaning: key.meaning.to_owned(),
        });
        Some(key.to)
    }

    /// Takes the next word if it is one of `keys`; it belongs to what was noted before.
    pub(super) fn quietly<T: Copy>(&mut self, keys: &'static [Key<T>]) -> Option<T> {
        self.find(keys.iter()).map(|key| key.to)
    }

    /// The one of `keys` that stands next, if one does.
    pub(super) fn peek<T>(&self, keys: &'static [Key<T>]) -> Option<&'static Key<T>> {
        let word = self.token()?.keyword()?;
        keys.iter().find(|key| key.word == word)
    }

    fn find<T: 'static>(
        &mut self,
        keys: impl Iterator<Item = &'static Key<T>>,
    ) -> Option<&'static Key<T>> {
        let word = self.token().and_then(Token::keyword);
        let mut found = None;
        for key in keys {
            self.tried.push(Candidate::Keyword {
                word: key.word,
                meaning: key.meaning,
            });
            if word == Some(key.word) {
                found = Some(key);
            }
        }
        if found.is_some() {
            self.advance();
        }
        found
    }

    /// Takes the next words if they are these.
    pub(super) fn skip<const N: usize>(&mut self, words: [&str; N]) -> bool {
        let next = self.tokens.iter().skip(self.next).map(Token::keyword);
        let same = next.take(N).eq(words.into_iter().map(Some));
        if same {
            self.next += N;
            self.tried.clear();
        }
        same
    }

    /// The words since `start`, which have been noted, mean `meaning`; a value follows.
    pub(super) fn note_phrase(&mut self, start: usize, meaning: String) {
        let value = match self.token() {
            Some(token) => token.at.start,
            None => self.place().end,
        };
        self.notes.retain(|note| note.at < start);
        self.notes.push(Note {
            at: start,
            value,
            meaning,
        });
    }

    /// A value may stand here: does one that looks like it?
    pub(super) fn offers(&mut self, slot: Slot, looks: impl Fn(&str) -> bool) -> bool {
        self.tried.push(Candidate::Slot(slot));
        self.token()
            .is_some_and(|token| token.is_word() && looks(&token.text))
    }

    /// Reads the next word as a value.
    pub(super) fn value<T>(
        &mut self,
        slot: Slot,
        read: impl FnOnce(&str) -> Result<T, Bad>,
    ) -> Result<T, FilterError> {
        self.tried.push(Candidate::Slot(slot));
        let Some(token) = self.token().filter(|token| token.is_word()) else {
            return Err(FilterError {
                at: self.place(),
                message: format!("{slot} is missing"),
                help: Some(format!("such as {}", slot.example())),
            });
        };
        let value = read(&token.text).map_err(|bad| FilterError {
            at: token.at.clone(),
            message: bad.message,
            help: bad.help,
        })?;
        self.advance();
        Ok(value)
    }

    /// The next word makes no sense here, or a word is missing.
    pub(super) fn unexpected(&self) -> FilterError {
        let (message, help) = match self.token() {
            Some(token) => (
                format!("`{}` is not understood here", token.text),
                self.meant(&token.text).or_else(|| self.possible()),
            ),
            None => ("a word is missing".to_owned(), self.possible()),
        };
        FilterError {
            at: self.place(),
            message,
            help,
        }
    }

    fn meant(&self, text: &str) -> Option<String> {
        let words = self.tried.iter().filter_map(|candidate| match candidate {
            Candidate::Keyword { word, .. } => Some(*word),
            Candidate::Slot(_) => None,
        });
        nearest(text, words).map(|word| format!("did you mean `{word}`?"))
    }

    /// What may stand here.
    pub(super) fn possible(&self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        for candidate in &self.tried {
            let word = match candidate {
                Candidate::Keyword { word, .. } => format!("`{word}`"),
                Candidate::Slot(slot) => slot.to_string(),
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        (!words.is_empty()).then(|| format!("here may stand: {}", words.join(", ")))
    }
}
