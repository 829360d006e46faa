//! An expression cut into words and signs.

use std::borrow::Cow;
use std::ops::Range;

use super::{FilterError, LONGEST};

/// A word or a sign, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Without its quotes; of `&&`, `||` and `!` the word that means the same.
    pub text: String,
    /// Byte range.
    pub at: Range<usize>,
    /// What it may be.
    sort: Sort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Word,
    /// A name, whatever it reads like.
    Quoted,
    Sign,
}

impl Token {
    /// Is it a word, quoted or not?
    pub fn is_word(&self) -> bool {
        self.sort != Sort::Sign
    }

    /// As a word or sign of the language, which nothing within quotes is.
    pub(super) fn keyword(&self) -> Option<&str> {
        (self.sort != Sort::Quoted).then_some(self.text.as_str())
    }
}

/// Cuts up an expression.
///
/// # Errors
/// A quotation mark without its second, a sign that is none, more than [`LONGEST`] bytes.
pub fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    if text.len() > LONGEST {
        return Err(FilterError {
            at: 0..0,
            message: format!("the filter is {} bytes long", text.len()),
            help: Some(format!("a filter has at most {LONGEST} bytes")),
        });
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        }
        let token = match letter {
            '(' | ')' => sign(at, 1, &text[at..=at]),
            '!' => sign(at, 1, "not"),
            '&' | '|' => twice(text, at, letter)?,
            '\'' | '"' => quotation(text, at, letter)?,
            _ => word(text, at),
        };
        at = token.at.end;
        tokens.push(token);
    }
    Ok(tokens)
}

fn sign(at: usize, length: usize, text: &str) -> Token {
    Token {
        text: text.to_owned(),
        at: at..at + length,
        sort: Sort::Sign,
    }
}

fn twice(text: &str, at: usize, letter: char) -> Result<Token, FilterError> {
    let word = if letter == '&' { "and" } else { "or" };
    if text[at + 1..].starts_with(letter) {
        return Ok(sign(at, 2, word));
    }
    Err(FilterError {
        at: at..at + 1,
        message: format!("`{letter}` cannot stand here"),
        help: Some(format!("`{letter}{letter}` means `{word}`")),
    })
}

fn quotation(text: &str, at: usize, mark: char) -> Result<Token, FilterError> {
    let inner = &text[at + 1..];
    let length = inner.find(mark).ok_or_else(|| FilterError {
        at: at..text.len(),
        message: "the quotation mark is not closed".to_owned(),
        help: Some(format!("a second {mark} is missing")),
    })?;
    Ok(Token {
        text: inner[..length].to_owned(),
        at: at..at + length + 2,
        sort: Sort::Quoted,
    })
}

fn word(text: &str, at: usize) -> Token {
    let rest = &text[at..];
    let text = &rest[..rest.find(ends_word).unwrap_or(rest.len())];
    Token {
        text: text.to_owned(),
        at: at..at + text.len(),
        sort: Sort::Word,
    }
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || "()!&|'\"".contains(letter)
}

/// A name as it is written, within quotation marks where it must be.
pub(super) fn quoted(name: &str) -> Cow<'_, str> {
    if !name.is_empty() && !name.contains(ends_word) {
        return Cow::Borrowed(name);
    }
    let mark = if name.contains('\'') { '"' } else { '\'' };
    Cow::Owned(format!("{mark}{name}{mark}"))
}
