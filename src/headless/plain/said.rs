//! A piece of what is said, and the rows that it takes.

pub use crate::session::prompt::prompt_of as prompt;
use crate::session::transcript::clean;
use crate::world::Ns;

/// Narrower than this a terminal is not taken at its word.
const NARROWEST: usize = 20;

/// A piece of what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// An empty line; two of them in a row are one.
    Blank,
    /// Plain words, wrapped where there is a width.
    Words {
        /// What stands before its first row, such as the sign of a list.
        sign: String,
        /// The words.
        text: String,
    },
    /// Never wrapped: what a command prints, what can be copied.
    Exact(String),
    /// A command, behind the prompt of the namespace that it is carried out in.
    Command(Ns, String),
}

impl Said {
    /// Plain words.
    pub fn words(text: impl Into<String>) -> Self {
        Self::behind("", text)
    }

    /// Plain words behind a sign; further rows stand below the words.
    pub fn behind(sign: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Words {
            sign: sign.into(),
            text: text.into(),
        }
    }

    /// Its rows, without line ends, in a terminal of `width` columns; a pipe has none. Nothing in
    /// them acts upon a terminal.
    pub fn rows(&self, width: Option<usize>) -> Vec<String> {
        match self {
            Self::Blank => vec![String::new()],
            Self::Words { sign, text } => wrapped(sign, &clean(text), width),
            Self::Exact(text) => vec![clean(text)],
            Self::Command(ns, text) => vec![format!("{}{}", prompt(ns), clean(text))],
        }
    }
}

fn wrapped(sign: &str, text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width else {
        return vec![format!("{sign}{text}")];
    };
    let below = " ".repeat(sign.chars().count());
    let options = textwrap::Options::new(width.max(NARROWEST))
        .initial_indent(sign)
        .subsequent_indent(&below)
        .break_words(false);
    let rows = textwrap::wrap(text, options).into_iter();
    rows.map(|row| row.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_what_is_exact_is_not() {
        let item = Said::behind("- ", "one two three four five six");
        assert_eq!(item.rows(Some(20)), ["- one two three four", "  five six"]);
        assert_eq!(item.rows(None), ["- one two three four five six"]);
        let exact = Said::Exact("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536".to_owned());
        assert_eq!(exact.rows(Some(20)).len(), 1);
    }

    #[test]
    fn nothing_acts_upon_the_terminal() {
        let said = [
            Said::words("a\x1b[2Jb"),
            Said::Exact("a\x1b[2Jb".to_owned()),
            Said::Command(Ns::Host, "a\x1b[2Jb".to_owned()),
        ];
        for said in said {
            let rows = said.rows(Some(40)).concat();
            assert!(rows.ends_with("a·[2Jb"), "{rows}");
        }
    }

    #[test]
    fn a_terminal_without_columns_is_none_to_wrap_for() {
        assert_eq!(Said::words("one two").rows(Some(0)), ["one two"]);
    }
}
