//! Words of a line with their places, errors that point at them, and their explanations.

use std::fmt;
use std::ops::Range;

/// A word of a line, unquoted, with the bytes that it stood in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Without its quotes.
    pub text: String,
    /// Byte range in the line.
    pub at: Range<usize>,
}

/// A line that cannot be done, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Byte range in the line; empty at the end of the line where something is missing.
    pub at: Range<usize>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to do: "did you mean …", or what may stand here.
    pub help: Option<String>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.at.start + 1, self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}

/// One word, or a few that belong together, and what they mean here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// As written (`master br0`).
    pub words: String,
    /// In plain words ("plug this device into the bridge br0").
    pub meaning: String,
}
