//! The filter at the end of a line, whose language is [`crate::packet::filter`]'s.
//!
//! tcpdump puts a blank between its words and reads them as one expression, so that a shell's
//! quotes may stand around a word of it, around several, or around all.

use crate::command::ParseError;
use crate::command::kit::{Candidate, Cursor, Slot};
use crate::packet::filter::{self, Dialect, Expr, FilterError, Token};

/// The words of a filter, as far as they have been taken from the line.
#[derive(Default)]
pub(super) struct FilterWords {
    tokens: Vec<Token>,
    /// Bytes of the line at which the text within a quotation mark begins.
    quoted: Vec<usize>,
}

impl FilterWords {
    /// Takes the next word of the line, if there is one.
    pub(super) fn take(&mut self, c: &mut Cursor) -> Result<bool, ParseError> {
        let Some(word) = c.word() else {
            return Ok(false);
        };
        let start = c.text_start(word);
        let place = |at: std::ops::Range<usize>| match start {
            Some(start) => start + at.start..start + at.end,
            None => word.at.clone(),
        };
        let tokens = filter::tokens(&word.text).map_err(|error| FilterError {
            at: place(error.at),
            ..error
        });
        for mut token in tokens.map_err(parse_error)? {
            token.at = place(token.at);
            self.tokens.push(token);
        }
        self.quoted
            .extend(start.filter(|start| *start > word.at.start));
        c.advance();
        Ok(true)
    }

    /// Makes an expression of them.
    pub(super) fn read(self, c: &mut Cursor) -> Result<Option<Expr>, ParseError> {
        if self.tokens.is_empty() {
            offer(c, &filter::read(&[], Dialect::Tcpdump).at_end);
            return Ok(None);
        }
        let reading = filter::read(&self.tokens, Dialect::Tcpdump);
        for note in reading.notes {
            // The mark belongs to the word behind it.
            let before = usize::from(self.quoted.contains(&note.at));
            c.note_at(note.at - before, note.value, note.meaning);
        }
        if let Err(error) = &reading.expr
            && reading.at_end.is_empty()
        {
            c.go_back(error.at.start);
        }
        offer(c, &reading.at_end);
        reading.expr.map(Some).map_err(parse_error)
    }
}

fn offer(c: &mut Cursor, candidates: &[filter::Candidate]) {
    // Parentheses do not stand in a line without quotation marks.
    let words = candidates.iter().filter(|candidate| match candidate {
        filter::Candidate::Keyword { word, .. } => word.starts_with(char::is_alphabetic),
        filter::Candidate::Slot(_) => true,
    });
    for word in words {
        c.try_candidate(candidate(*word));
    }
}

fn parse_error(error: FilterError) -> ParseError {
    let FilterError { at, message, help } = error;
    ParseError { at, message, help }
}

/// What may stand in a filter, as what may stand in a line.
pub fn candidate(candidate: filter::Candidate) -> Candidate {
    match candidate {
        filter::Candidate::Keyword { word, meaning } => Candidate::Keyword { word, meaning },
        filter::Candidate::Slot(slot) => Candidate::Slot(match slot {
            filter::Slot::Device => Slot::Device,
            filter::Slot::Namespace => Slot::Namespace,
            filter::Slot::Address => Slot::Address,
            filter::Slot::Net => Slot::Prefix,
            filter::Slot::Port => Slot::Number("a port"),
            filter::Slot::Ports => Slot::Number("a range of ports"),
            filter::Slot::Mac => Slot::Mac,
            filter::Slot::Vni => Slot::Number("a network identifier"),
        }),
    }
}
