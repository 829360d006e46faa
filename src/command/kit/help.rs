//! What helps somebody whose line was refused.

use std::ops::Range;

use super::Candidate;
use crate::command::ParseError;
use crate::command::lex::Sign;
use crate::packet::filter;

/// How many words a help names at most.
const MOST_NAMED: usize = 16;

/// The keyword that `text` was most likely meant to be.
pub(super) fn nearest(text: &str, candidates: &[Candidate]) -> Option<&'static str> {
    let words = candidates.iter().filter_map(|candidate| match candidate {
        Candidate::Keyword { word, .. } => Some(*word),
        Candidate::Slot(_) => None,
    });
    filter::nearest(text, words)
}

/// What may stand in a place: words before options, and one spelling of each.
pub(super) fn possible(candidates: &[Candidate]) -> Option<String> {
    let mut meanings = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for candidate in candidates {
        match candidate {
            Candidate::Keyword { word, meaning } => {
                if !meanings.contains(meaning) {
                    meanings.push(*meaning);
                    words.push(format!("`{word}`"));
                }
            }
            Candidate::Slot(slot) => words.push(slot.to_string()),
        }
    }
    words.sort_by_key(|word| word.starts_with("`-"));
    words.dedup();
    let more = if words.len() > MOST_NAMED {
        ", …"
    } else {
        ""
    };
    words.truncate(MOST_NAMED);
    (!words.is_empty()).then(|| format!("here may stand: {}{more}", words.join(", ")))
}

/// Stands for words that have not been written yet.
pub(super) fn or_dots(value: &str) -> &str {
    if value.is_empty() { "…" } else { value }
}

/// A sign where the grammar has none.
pub(super) fn misplaced(sign: Sign, at: Range<usize>) -> ParseError {
    let sign = sign.text();
    ParseError {
        at,
        message: format!("`{sign}` cannot stand here"),
        help: Some(
            "only settings are written so: `echo 1 > /proc/sys/…`, `echo 1 | sudo tee /proc/sys/…`"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_letters_of_another_case() {
        let candidates = ["master", "link", "DROP", "nomaster", "ip"]
            .map(|word| Candidate::Keyword { word, meaning: "" });
        for (text, meant) in [
            ("mastr", Some("master")),
            ("mastre", Some("master")),
            ("nmoastre", Some("nomaster")),
            ("drop", Some("DROP")),
            ("ipp", Some("ip")),
            ("clink1", None),
            ("-x", None),
            ("x", None),
        ] {
            assert_eq!(nearest(text, &candidates), meant, "{text}");
        }
    }
}
