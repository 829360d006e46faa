//! A line cut into words and signs, quoted as a shell quotes.
//!
//! Only what a shell's own words need is here: quotes, backslash, `#`, `&` at the end, and `>`,
//! `>>` and `|` as signs that one verb or another may take. Whatever else a shell would act on (variables,
//! substitution, lists of commands) is refused where it stands, so that nothing is silently
//! taken for an argument.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use super::{ParseError, Word};

mod refuse;

pub use refuse::steers_terminal;
use refuse::{control, one_command, refused, unclosed};

/// Longest line in bytes; a terminal's own line editing takes no more (`N_TTY_BUF_SIZE`).
pub const LONGEST_LINE: usize = 4096;

/// What stands in a line besides words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// `>`
    Write,
    /// `>>`
    Append,
    /// `|`
    Pipe,
}

impl Sign {
    /// As it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Write => ">",
            Self::Append => ">>",
            Self::Pipe => "|",
        }
    }
}

/// One piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A word.
    Word(Word),
    /// A sign.
    Sign(Sign, Range<usize>),
}

impl Token {
    /// Where it stands.
    pub(crate) fn at(&self) -> &Range<usize> {
        match self {
            Self::Word(word) => &word.at,
            Self::Sign(_, at) => at,
        }
    }
}

/// A line, cut up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lexed {
    /// Words and signs, in order.
    pub(crate) tokens: Vec<Token>,
    /// Where `&` stands, if the line ends in it.
    pub(crate) background: Option<Range<usize>>,
    /// Text behind `#`, trimmed.
    pub(crate) comment: Option<String>,
}

/// Cuts `line` up.
pub(crate) fn lex(line: &str) -> Result<Lexed, ParseError> {
    if line.len() > LONGEST_LINE {
        return Err(ParseError {
            at: 0..0,
            message: format!("the line is {} bytes long", line.len()),
            help: Some(format!("a line has at most {LONGEST_LINE} bytes")),
        });
    }
    let mut walk = Lexer {
        line,
        rest: line.char_indices().peekable(),
    };
    let mut lexed = Lexed::default();
    while let Some((start, letter)) = walk.skip_blanks() {
        if let Some(at) = &lexed.background
            && letter != '#'
        {
            return Err(one_command(at.clone()));
        }
        match letter {
            '#' => {
                lexed.comment = Some(walk.comment(start)?);
                break;
            }
            '&' => {
                walk.rest.next();
                let at = start..start + 1;
                if lexed.tokens.is_empty() {
                    return Err(ParseError {
                        at,
                        message: "`&` stands behind a command".to_owned(),
                        help: None,
                    });
                }
                lexed.background = Some(at);
            }
            '>' | '|' => lexed.tokens.push(walk.sign(start)?),
            _ => lexed.tokens.push(Token::Word(walk.word(start)?)),
        }
    }
    Ok(lexed)
}

/// Walks along a line.
struct Lexer<'a> {
    line: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl Lexer<'_> {
    /// The next character that is no blank.
    fn skip_blanks(&mut self) -> Option<(usize, char)> {
        while self
            .rest
            .next_if(|(_, c)| matches!(c, ' ' | '\t'))
            .is_some()
        {}
        let next = self.rest.peek().copied();
        next.filter(|(at, _)| !self.is_end(*at))
    }

    /// Does nothing follow but blanks? A line read from a file may keep its line end.
    fn is_end(&self, at: usize) -> bool {
        let mut rest = self.line[at..].chars();
        rest.all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'))
    }

    /// Byte offset of the next character.
    fn place(&mut self) -> usize {
        self.rest.peek().map_or(self.line.len(), |(at, _)| *at)
    }

    fn comment(&mut self, start: usize) -> Result<String, ParseError> {
        let text = self.line[start + 1..].trim();
        match text.char_indices().find(|(_, c)| steers_terminal(*c)) {
            None => Ok(text.to_owned()),
            Some(_) => Err(ParseError {
                at: start..self.line.len(),
                message: "the comment holds a control character".to_owned(),
                help: Some("a comment is one line of plain text".to_owned()),
            }),
        }
    }

    fn sign(&mut self, start: usize) -> Result<Token, ParseError> {
        let first = self.rest.next().map(|(_, c)| c);
        let twice = self.rest.next_if(|(_, c)| Some(*c) == first).is_some();
        let sign = match (first, twice) {
            (Some('|'), true) => return Err(one_command(start..start + 2)),
            (Some('|'), false) => Sign::Pipe,
            (_, true) => Sign::Append,
            (_, false) => Sign::Write,
        };
        let end = start + sign.text().len();
        Ok(Token::Sign(sign, start..end))
    }

    fn word(&mut self, start: usize) -> Result<Word, ParseError> {
        let mut text = String::new();
        while let Some((at, letter)) = self.rest.peek().copied() {
            match letter {
                ' ' | '\t' | '>' | '|' | '&' => break,
                '\r' | '\n' if self.is_end(at) => break,
                '\'' => self.single_quoted(at, &mut text)?,
                '"' => self.double_quoted(at, &mut text)?,
                '\\' => self.escaped(at, &mut text)?,
                '$' | '`' => self.variable(at, &mut text)?,
                _ => {
                    if let Some(error) = refused(letter, at) {
                        return Err(error);
                    }
                    self.rest.next();
                    text.push(letter);
                }
            }
        }
        let end = self.place();
        Ok(Word {
            text,
            at: start..end,
        })
    }

    fn single_quoted(&mut self, open: usize, text: &mut String) -> Result<(), ParseError> {
        self.rest.next();
        for (at, letter) in self.rest.by_ref() {
            match letter {
                '\'' => return Ok(()),
                _ if steers_terminal(letter) => return Err(control(letter, at)),
                _ => text.push(letter),
            }
        }
        Err(unclosed(open, self.line.len(), '\''))
    }

    fn double_quoted(&mut self, open: usize, text: &mut String) -> Result<(), ParseError> {
        self.rest.next();
        while let Some((at, letter)) = self.rest.peek().copied() {
            match letter {
                '"' => {
                    self.rest.next();
                    return Ok(());
                }
                '$' | '`' => self.variable(at, text)?,
                '\\' => {
                    self.rest.next();
                    match self
                        .rest
                        .next_if(|(_, c)| matches!(c, '"' | '\\' | '$' | '`'))
                    {
                        Some((_, escaped)) => text.push(escaped),
                        None => text.push('\\'),
                    }
                }
                _ if steers_terminal(letter) => return Err(control(letter, at)),
                _ => {
                    self.rest.next();
                    text.push(letter);
                }
            }
        }
        Err(unclosed(open, self.line.len(), '"'))
    }

    fn escaped(&mut self, at: usize, text: &mut String) -> Result<(), ParseError> {
        self.rest.next();
        match self.rest.next() {
            Some((at, letter)) if steers_terminal(letter) => Err(control(letter, at)),
            Some((_, letter)) => {
                text.push(letter);
                Ok(())
            }
            None => Err(ParseError {
                at: at..at + 1,
                message: "nothing stands behind the backslash".to_owned(),
                help: Some("a command is one line".to_owned()),
            }),
        }
    }

    /// `$SHELL` is kept as it stands, since it names a shell to start; there are no other variables.
    fn variable(&mut self, at: usize, text: &mut String) -> Result<(), ParseError> {
        const SHELL: &str = "$SHELL";
        let rest = &self.line[at..];
        let whole = rest.strip_prefix(SHELL).is_some_and(|behind| {
            !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        });
        if !whole {
            return Err(ParseError {
                at: at..at + 1,
                message: "there are no variables and no substitution here".to_owned(),
                help: Some(
                    "write the value itself, or put the text between single quotes".to_owned(),
                ),
            });
        }
        for _ in SHELL.chars() {
            self.rest.next();
        }
        text.push_str(SHELL);
        Ok(())
    }
}

/// `text` as a word of a line, quoted where it must be; [`parse`](super::parse) reads it back.
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-+=.,:/@%!^~[]{}*?".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        lex(line)
            .unwrap()
            .tokens
            .into_iter()
            .map(|token| match token {
                Token::Word(word) => word.text,
                Token::Sign(sign, _) => sign.text().to_owned(),
            })
            .collect()
    }

    #[test]
    fn quotes_as_a_shell_does() {
        assert_eq!(
            words(r#"a 'b c' "d \" e" f\ g '' h"i"'j'"#),
            ["a", "b c", "d \" e", "f g", "", "hij"]
        );
        assert_eq!(
            words("echo 1 >/proc/x|tee"),
            ["echo", "1", ">", "/proc/x", "|", "tee"]
        );
        assert_eq!(words("a#b # c"), ["a#b"]);
    }

    /// Lines as files and clipboards leave them; such a one once was cut into words without end.
    #[test]
    fn a_line_ends_with_blanks_and_line_ends_in_any_order() {
        for end in ["", " ", "\n", "\r\n", " \n ", "\n ", "\r ", "\n\t\n"] {
            assert_eq!(words(&format!("ip link{end}")), ["ip", "link"], "{end:?}");
            assert!(words(end).is_empty(), "{end:?}");
        }
        assert!(lex("ip\n\u{a0}").is_err(), "that is more than a line's end");
    }

    #[test]
    fn keeps_places() {
        let lexed = lex("é 'b c'  d & # why").unwrap();
        let places: Vec<_> = lexed
            .tokens
            .iter()
            .map(|token| token.at().clone())
            .collect();
        assert_eq!(places, [0..2, 3..8, 10..11]);
        assert_eq!(lexed.background, Some(12..13));
        assert_eq!(lexed.comment.as_deref(), Some("why"));
    }

    #[test]
    fn quoted_words_come_back() {
        for text in [
            "",
            "a b",
            "it's",
            "#x",
            "$x",
            "a;b",
            "\\",
            "ü",
            "!",
            "172.16.0.0/16",
        ] {
            assert_eq!(words(&quote(text)), [text]);
        }
    }

    #[test]
    fn refuses_what_only_a_shell_can_do() {
        for (line, at) in [
            ("ip link; ip addr", 7..8),
            ("ip link && ip addr", 8..9),
            ("ip link || true", 8..10),
            ("ip link $x", 8..9),
            ("ip 'link", 3..8),
            ("ip link\\", 7..8),
            ("ip \u{1b}[2J", 3..4),
            ("ip link\nip addr", 7..8),
        ] {
            assert_eq!(lex(line).unwrap_err().at, at, "{line}");
        }
    }
}
