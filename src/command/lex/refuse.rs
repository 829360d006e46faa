//! What a line cannot hold, and why.

use std::ops::Range;

use crate::command::ParseError;

/// Would a terminal obey this character instead of showing it? Control characters, and those that
/// turn the direction of writing, so that a line does not read as it stands (Unicode, UAX #9;
/// CVE-2021-42574). No word, comment, name or text may hold one, quoted or not.
pub fn steers_terminal(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that mean something to a shell which a lesson's line does not.
pub(super) fn refused(letter: char, at: usize) -> Option<ParseError> {
    let (message, help) = match letter {
        ';' | '\n' => return Some(one_command(at..at + 1)),
        '<' => (
            "`<` has no meaning here",
            "no command of the lessons reads a file",
        ),
        '(' | ')' => (
            "parentheses have no meaning here",
            "put them between single quotes",
        ),
        _ if steers_terminal(letter) => return Some(control(letter, at)),
        _ => return None,
    };
    Some(ParseError {
        at: at..at + letter.len_utf8(),
        message: message.to_owned(),
        help: Some(help.to_owned()),
    })
}

pub(super) fn control(letter: char, at: usize) -> ParseError {
    ParseError {
        at: at..at + letter.len_utf8(),
        message: format!(
            "the control character U+{:04X} stands here",
            u32::from(letter)
        ),
        help: Some("a line is plain text".to_owned()),
    }
}

pub(super) fn unclosed(open: usize, end: usize, quote: char) -> ParseError {
    ParseError {
        at: open..end,
        message: "the quotation mark is not closed".to_owned(),
        help: Some(format!("a second {quote} is missing")),
    }
}

pub(super) fn one_command(at: Range<usize>) -> ParseError {
    ParseError {
        at,
        message: "one line holds one command".to_owned(),
        help: Some("write the next command on a line of its own".to_owned()),
    }
}
