//! A walk along the words of a line.

mod place;

use std::borrow::Cow;
use std::ops::Range;

use super::help::{misplaced, nearest, or_dots, possible};
use super::value::Bad;
use super::{Candidate, Key, Slot};
use crate::command::lex::{Sign, Token};
use crate::command::netns::NsRef;
use crate::command::{Explained, ParseError, Word};

/// Stands before one word of a line and remembers the meaning of those behind it.
pub(crate) struct Cursor<'a> {
    line: &'a str,
    tokens: &'a [Token],
    next: usize,
    notes: Vec<Note>,
    /// What was looked for before the next word.
    tried: Vec<Candidate>,
    /// The keyword that a word taken as a value may have been meant to be, and the word's place.
    guess: Option<(usize, &'static str)>,
    /// The namespace that the words so far lead into, if they do.
    entered: Option<NsRef>,
    /// Within a word of several options (`-nvL`): the byte of its text where the next one stands.
    pub(super) inside: Option<usize>,
}

/// The meaning of some words: from `start` to where the next note starts.
struct Note {
    start: usize,
    /// Where the words begin that `{}` stands for.
    value: usize,
    meaning: Cow<'static, str>,
}

/// Keywords of a table that were met, so that none is taken twice.
#[derive(Default)]
pub(crate) struct Seen(Vec<&'static str>);

impl<'a> Cursor<'a> {
    /// Before the first word.
    pub(crate) fn new(line: &'a str, tokens: &'a [Token]) -> Self {
        Self {
            line,
            tokens,
            next: 0,
            notes: Vec::new(),
            tried: Vec::new(),
            inside: None,
            guess: None,
            entered: None,
        }
    }

    /// The next word, if there is one and no sign stands before it.
    pub(crate) fn word(&self) -> Option<&'a Word> {
        match self.tokens.get(self.next) {
            Some(Token::Word(word)) => Some(word),
            Some(Token::Sign(..)) | None => None,
        }
    }

    /// The next sign, if one stands next.
    pub(crate) fn sign(&self) -> Option<Sign> {
        match self.tokens.get(self.next) {
            Some(Token::Sign(sign, _)) => Some(*sign),
            Some(Token::Word(_)) | None => None,
        }
    }

    /// Are there no more words or signs?
    pub(crate) fn at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Where the next word or sign stands, or the place where one is missing.
    pub(crate) fn place(&self) -> Range<usize> {
        self.tokens
            .get(self.next)
            .map_or_else(|| self.end(), |token| token.at().clone())
    }

    fn end(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.at().end);
        end..end
    }

    /// Steps over the next word or sign.
    pub(crate) fn advance(&mut self) {
        self.next += 1;
        self.tried.clear();
    }

    /// As [`Self::finish`], in a grammar where a device stands behind `dev`, and none did.
    pub(crate) fn finish_without_device(&self) -> Result<(), ParseError> {
        let Some(word) = self.word() else {
            return self.finish();
        };
        let error = self.unexpected();
        let known = error
            .help
            .as_ref()
            .is_some_and(|help| help.starts_with("did"));
        let name = word.text.starts_with(|c: char| c.is_ascii_lowercase());
        Err(
            if !known && name && super::value::device(&word.text).is_ok() {
                let help = Some(format!("a device stands behind `dev`: `dev {}`", word.text));
                ParseError { help, ..error }
            } else {
                error
            },
        )
    }

    /// The words from here on mean `meaning`; `{}` in it stands for all of them.
    pub(crate) fn note(&mut self, meaning: impl Into<Cow<'static, str>>) {
        let start = self.place().start;
        self.note_at(start, start, meaning);
    }

    /// What stands from byte `start` on means `meaning`; `{}` stands for what is behind `value`.
    pub(crate) fn note_at(
        &mut self,
        start: usize,
        value: usize,
        meaning: impl Into<Cow<'static, str>>,
    ) {
        self.notes.push(Note {
            start,
            value,
            meaning: meaning.into(),
        });
    }

    /// The words last noted mean something else, now that more is known.
    pub(crate) fn renote(&mut self, meaning: impl Into<Cow<'static, str>>) {
        if let Some(note) = self.notes.last_mut() {
            note.meaning = meaning.into();
        }
    }

    /// Takes the next word if it is one of `keys`; its meaning is noted.
    pub(crate) fn choose<T: Copy>(&mut self, keys: &[Key<T>]) -> Result<Option<T>, ParseError> {
        self.choose_once(keys, &mut Seen::default())
    }

    /// As [`Self::choose`], and refuses a keyword met before.
    pub(crate) fn choose_once<T: Copy>(
        &mut self,
        keys: &[Key<T>],
        seen: &mut Seen,
    ) -> Result<Option<T>, ParseError> {
        let at = self.place();
        let Some((to, key)) = self.find(keys, seen)? else {
            return Ok(None);
        };
        if seen.0.contains(&key.word) {
            let message = format!("`{}` stands twice", key.word);
            return Err(ParseError {
                at,
                message,
                help: None,
            });
        }
        seen.0.push(key.word);
        self.note_at(at.start, at.end, key.meaning);
        Ok(Some(to))
    }

    /// Takes the next word, which must be one of `keys`; its meaning is noted.
    pub(crate) fn require<T: Copy>(&mut self, keys: &[Key<T>]) -> Result<T, ParseError> {
        self.choose(keys)?.ok_or_else(|| self.unexpected())
    }

    /// Reads the next word as a value, if it is one of `keys`: it belongs to what was noted before.
    pub(crate) fn maybe<T: Copy>(&mut self, keys: &[Key<T>]) -> Result<Option<T>, ParseError> {
        Ok(self.find(keys, &Seen::default())?.map(|(to, _)| to))
    }

    /// Reads the next word as a value, which must be one of `keys`.
    pub(crate) fn one_of<T: Copy>(&mut self, keys: &[Key<T>]) -> Result<T, ParseError> {
        self.maybe(keys)?.ok_or_else(|| self.unexpected())
    }

    /// Steps over the next word if it is one of `keys`.
    fn find<'k, T: Copy>(
        &mut self,
        keys: &'k [Key<T>],
        seen: &Seen,
    ) -> Result<Option<(T, &'k Key<T>)>, ParseError> {
        let offered = keys
            .iter()
            .filter(|key| key.to.is_some() && !seen.0.contains(&key.word));
        self.tried.extend(offered.map(|key| Candidate::Keyword {
            word: key.word,
            meaning: key.meaning,
        }));
        let Some(word) = self.word() else {
            return Ok(None);
        };
        let Some(key) = keys.iter().find(|key| key.fits(&word.text)) else {
            return Ok(None);
        };
        let Some(to) = key.to else {
            return Err(self.foreign(word, key.word));
        };
        self.advance();
        Ok(Some((to, key)))
    }

    fn foreign(&self, word: &Word, meant: &str) -> ParseError {
        ParseError {
            at: word.at.clone(),
            message: format!("`{meant}` is not part of the lessons"),
            help: self.help(&word.text),
        }
    }

    /// A value may stand here without a keyword before it: does a word stand next?
    pub(crate) fn offers(&mut self, slot: Slot) -> bool {
        self.tried.push(Candidate::Slot(slot));
        self.word().is_some()
    }

    /// Reads the next word as a value.
    pub(crate) fn value<T>(
        &mut self,
        slot: Slot,
        read: impl FnOnce(&str) -> Result<T, Bad>,
    ) -> Result<T, ParseError> {
        self.tried.push(Candidate::Slot(slot));
        let Some(word) = self.word() else {
            return Err(self.missing(slot));
        };
        let value = read(&word.text).map_err(|bad| Self::bad(word, bad))?;
        self.guess = nearest(&word.text, &self.tried).map(|meant| (self.next, meant));
        self.advance();
        Ok(value)
    }

    /// `bad` at its place in the line.
    pub(crate) fn bad(word: &Word, bad: Bad) -> ParseError {
        // Within quotes or behind a backslash, places in the text are not places in the line.
        let plain = word.text.len() == word.at.len();
        let at = bad.within.filter(|_| plain).map_or_else(
            || word.at.clone(),
            |within| word.at.start + within.start..word.at.start + within.end,
        );
        ParseError {
            at,
            message: bad.message,
            help: bad.help,
        }
    }

    /// The next thing is not what the grammar needs there.
    pub(crate) fn missing(&self, slot: Slot) -> ParseError {
        match self.tokens.get(self.next) {
            Some(Token::Sign(sign, at)) => misplaced(*sign, at.clone()),
            Some(Token::Word(_)) | None => ParseError {
                at: self.end(),
                message: format!("{slot} is missing"),
                help: slot.example().map(|example| format!("such as {example}")),
            },
        }
    }

    /// The next word makes no sense here, or a word is missing.
    pub(crate) fn unexpected(&self) -> ParseError {
        match self.tokens.get(self.next) {
            Some(Token::Sign(sign, at)) => misplaced(*sign, at.clone()),
            Some(Token::Word(word)) => self.slip(word).unwrap_or_else(|| ParseError {
                at: word.at.clone(),
                message: if self.tried.is_empty() {
                    format!("`{}` is one word too many", word.text)
                } else {
                    format!("`{}` is not understood here", word.text)
                },
                help: self.help(&word.text),
            }),
            None => ParseError {
                at: self.end(),
                message: "a word is missing".to_owned(),
                help: possible(&self.tried),
            },
        }
    }

    /// The word before `word` was taken as a value, and was more likely a keyword with a slip in it.
    fn slip(&self, word: &Word) -> Option<ParseError> {
        let (place, meant) = self.guess?;
        let before = self.tokens.get(place).filter(|_| place + 1 == self.next)?;
        if nearest(&word.text, &self.tried).is_some() {
            return None;
        }
        Some(ParseError {
            at: before.at().clone(),
            message: format!(
                "`{}` is not understood here",
                self.line.get(before.at().clone())?
            ),
            help: Some(format!("did you mean `{meant}`?")),
        })
    }

    /// The word just taken says what another one has said already.
    pub(crate) fn twice(&self) -> ParseError {
        let last = self
            .next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last));
        ParseError {
            at: last.map_or_else(|| self.end(), |token| token.at().clone()),
            message: "this is said twice".to_owned(),
            help: None,
        }
    }

    /// Refuses what is left of the line.
    pub(crate) fn finish(&self) -> Result<(), ParseError> {
        if self.at_end() {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// "did you mean …?", or else what may stand here.
    pub(super) fn help(&self, text: &str) -> Option<String> {
        match nearest(text, &self.tried) {
            Some(word) => Some(format!("did you mean `{word}`?")),
            None => possible(&self.tried),
        }
    }

    /// This could stand before the next word.
    pub(crate) fn try_candidate(&mut self, candidate: Candidate) {
        self.tried.push(candidate);
    }

    /// What follows is carried out in this namespace.
    pub(crate) fn enter(&mut self, ns: &NsRef) {
        self.entered = Some(ns.clone());
    }

    /// The namespace that the words so far lead into, if they do.
    pub(crate) fn entered(&self) -> Option<&NsRef> {
        self.entered.as_ref()
    }

    /// What could stand before the next word, in the grammar's order.
    pub(crate) fn into_tried(self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for candidate in self.tried {
            if !candidates.contains(&candidate) {
                candidates.push(candidate);
            }
        }
        candidates
    }

    /// The meaning of each word or group, in the order of the line.
    pub(crate) fn into_explained(mut self) -> Vec<Explained> {
        self.notes.sort_by_key(|note| note.start);
        let end = self.end().end;
        let ends = self
            .notes
            .iter()
            .skip(1)
            .map(|note| note.start)
            .chain([end]);
        self.notes
            .iter()
            .zip(ends)
            .filter(|(note, end)| note.start < *end)
            .map(|(note, end)| {
                let value = self.line.get(note.value..end).unwrap_or_default();
                Explained {
                    words: self
                        .line
                        .get(note.start..end)
                        .unwrap_or_default()
                        .trim_end()
                        .to_owned(),
                    meaning: note.meaning.replace("{}", or_dots(value.trim())),
                }
            })
            .collect()
    }
}
