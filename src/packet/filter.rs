//! Which packets are wanted: expressions as pcap-filter(7) reads them.
//!
//! `icmp`, `host 172.16.0.30 and not arp`, `tcp port 80 or 443`. One language for the pane of
//! packets and for `tcpdump`; the pane knows two words more, `dev` and `ns`, for a device and a
//! namespace, and tcpdump has its `-i` instead. Precedence is pcap's: `not` binds tightest, `and`
//! and `or` bind alike and from the left.
//!
//! What a word means is what it means to tcpdump, also where that surprises: `icmp6` does not look
//! behind a hop-by-hop header, and `port` not into fragments but the first. Two differences:
//! VLAN tags are looked behind, since a live capture of tcpdump gets them beside the frame; and
//! `vxlan`, which the tcpdump of today has lost, is understood as pcap-filter(7) described it:
//! words behind `vxlan and` are about the frame within.

mod expr;
mod facts;
mod lex;
mod parse;
mod passes;
mod slip;
mod value;
mod words;

pub use expr::{Expr, Family, Join, Kind, Ports, Side, Term, Transport};
pub use facts::Facts;
pub use lex::{Token, tokens};
pub use parse::{Note, Reading, read};
pub(crate) use slip::nearest;
pub use words::{Candidate, Slot};

use std::fmt;
use std::ops::Range;

/// Longest expression, bytes: as long as a line may be.
pub const LONGEST: usize = 4096;

/// Whose words an expression is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Those of the pane, with `dev` and `ns`.
    Pane,
    /// Only those of tcpdump.
    Tcpdump,
}

/// An expression that makes no sense, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Byte range in the expression; empty at its end where something is missing.
    pub at: Range<usize>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// What to do: "did you mean …", or what may stand here.
    pub help: Option<String>,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.at.start + 1, self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for FilterError {}

/// Reads an expression in the pane's words.
///
/// # Errors
/// Where it makes no sense, or is empty, or is longer than [`LONGEST`].
pub fn parse(text: &str) -> Result<Expr, FilterError> {
    let tokens = tokens(text)?;
    read(&tokens, Dialect::Pane).expr
}

/// What may stand at the end of `prefix`, the word under way there not counted: its beginning
/// chooses among the words. Empty where what stands before makes no sense.
pub fn expected(prefix: &str) -> Vec<Candidate> {
    let Ok(mut tokens) = tokens(prefix) else {
        return Vec::new();
    };
    let under_way = tokens.pop_if(|token| token.is_word() && token.at.end == prefix.len());
    let word = under_way.map_or_else(String::new, |token| token.text);
    let mut candidates = read(&tokens, Dialect::Pane).at_end;
    candidates.retain(|candidate| match candidate {
        Candidate::Keyword { word: keyword, .. } => keyword.starts_with(&word),
        Candidate::Slot(_) => true,
    });
    candidates
}

/// The words of an expression, each with its meaning, as far as they make sense.
pub fn explain(text: &str) -> Vec<(String, String)> {
    let Ok(tokens) = tokens(text) else {
        return Vec::new();
    };
    let notes = read(&tokens, Dialect::Pane).notes;
    let ends = notes.iter().skip(1).map(|note| note.at);
    let explained = notes.iter().zip(ends.chain([text.len()]));
    explained
        .map(|(note, end)| {
            let slice = |from: usize| text.get(from..end).unwrap_or_default().trim();
            let value = Some(slice(note.value)).filter(|value| !value.is_empty());
            let meaning = note.meaning.replace("{}", value.unwrap_or("…"));
            (slice(note.at).to_owned(), meaning)
        })
        .collect()
}

#[cfg(test)]
mod tests;
