//! Places in the line, for a verb with a language of its own within its words.

use super::Cursor;
use crate::command::Word;
use crate::command::lex::Token;

impl Cursor<'_> {
    /// Where a word's text begins in the line, if it stands there as it is: plain, or within one
    /// pair of quotation marks.
    pub(crate) fn text_start(&self, word: &Word) -> Option<usize> {
        [word.at.start, word.at.start + 1]
            .into_iter()
            .find(|start| {
                let end = word.at.end - (start - word.at.start);
                self.line.get(*start..end) == Some(word.text.as_str())
            })
    }

    /// Stands before the word at a byte of the line again, which made no sense after all.
    pub(crate) fn go_back(&mut self, byte: usize) {
        let before = |token: &&Token| token.at().end <= byte;
        self.next = self.tokens.iter().take_while(before).count();
        self.tried.clear();
    }
}
