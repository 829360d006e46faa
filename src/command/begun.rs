//! A line that is still being typed: what it means so far, and what may follow.

use std::ops::Range;

use super::kit::{Candidate, Cursor};
use super::lex::{Token, lex};
use super::{Explained, ParseError, grammar};
use crate::world::Ns;

/// Where a line that is being typed has got to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What may stand there: of the keywords those that begin as the word under way does.
    pub candidates: Vec<Candidate>,
    /// The namespace that the line itself names (`-n NS`, `ip netns exec NS`), if it names one.
    pub within: Option<Ns>,
    /// The words before, without their quotes.
    pub before: Vec<String>,
    /// The word under way, without its quotes; empty behind a blank.
    pub word: String,
    /// The bytes that it stands in.
    pub at: Range<usize>,
}

/// What is known at the end of `prefix`; `None` where nothing can stand: within an open quotation
/// mark, behind `#` or `&`, and behind words that make no sense.
pub fn begun(prefix: &str) -> Option<Begun> {
    let lexed = lex(prefix).ok()?;
    if lexed.comment.is_some() || lexed.background.is_some() {
        return None;
    }
    let mut tokens = lexed.tokens;
    let under_way = tokens.pop_if(|token| match token {
        Token::Word(word) => word.at.end == prefix.len(),
        Token::Sign(..) => false,
    });
    let (word, at) = match under_way {
        Some(Token::Word(word)) => (word.text, word.at),
        Some(Token::Sign(..)) | None => (String::new(), prefix.len()..prefix.len()),
    };
    let mut cursor = Cursor::new(prefix, &tokens);
    // Most often a line that is under way is an error; where it stands is what counts.
    let reached = grammar::command(&mut cursor);
    if !cursor.at_end() {
        return None;
    }
    drop(reached);
    let within = cursor.entered().map(super::netns::NsRef::resolve);
    let mut candidates = cursor.into_tried();
    candidates.retain(|candidate| match candidate {
        Candidate::Keyword { word: keyword, .. } => keyword.starts_with(&word),
        Candidate::Slot(_) => true,
    });
    let before = tokens.into_iter().filter_map(|token| match token {
        Token::Word(word) => Some(word.text),
        Token::Sign(..) => None,
    });
    Some(Begun {
        candidates,
        within,
        before: before.collect(),
        word,
        at,
    })
}

/// What may stand at the end of `prefix`, the word under way there not counted: its beginning
/// chooses among the keywords.
pub fn expected(prefix: &str) -> Vec<Candidate> {
    begun(prefix).map_or_else(Vec::new, |begun| begun.candidates)
}

/// The meaning of the words so far, as far as they make sense; `…` stands for what is to come.
pub fn explain_begun(prefix: &str) -> Vec<Explained> {
    let Ok(lexed) = lex(prefix) else {
        return Vec::new();
    };
    let mut cursor = Cursor::new(prefix, &lexed.tokens);
    // What was understood before the place where it ends is what counts.
    drop(grammar::command(&mut cursor));
    cursor.into_explained()
}

/// What is wrong with a line, if no more words at its end would make it right: an incomplete line is
/// no mistake, nor is a word that is still being written.
pub fn mistake(line: &str) -> Option<ParseError> {
    let lexed = match lex(line) {
        Ok(lexed) => lexed,
        Err(error) => return hopeless(line).then_some(error),
    };
    let mut tokens = lexed.tokens;
    tokens.pop_if(|token| token.at().end == line.len());
    let mut cursor = Cursor::new(line, &tokens);
    let reached = grammar::command(&mut cursor).err();
    if cursor.at_end() {
        return None;
    }
    reached.or_else(|| cursor.finish().err())
}

/// Can a line that cannot be cut into words not be saved by what may follow?
fn hopeless(line: &str) -> bool {
    ["'", "\"", "x", "SHELL", "HELL", "ELL", "LL", "L"]
        .iter()
        .all(|more| lex(&format!("{line}{more}")).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Slot;

    #[test]
    fn a_line_leads_into_a_namespace() {
        for (prefix, within) in [
            ("ip link set ", None),
            ("ip -n app3 link set ", Some("app3")),
            ("ip netns exec app3 ip -n app4 addr show ", Some("app4")),
            (
                "sudo nsenter --net=/run/netns/app3 ip link set ",
                Some("app3"),
            ),
            ("nsenter -t 1 -n ip link set ", Some("host")),
        ] {
            let begun = begun(prefix).expect(prefix);
            assert_eq!(begun.within, within.map(Ns::from_name), "{prefix}");
            assert!(
                begun.candidates.contains(&Candidate::Slot(Slot::Device)),
                "{prefix}"
            );
        }
    }

    #[test]
    fn the_word_under_way_has_its_place() {
        let here = begun("ip link 'se").map(|begun| begun.word);
        assert_eq!(here, None, "a quotation mark is open");
        let here = begun("ip link s\\e").expect("words make sense");
        assert_eq!((here.word.as_str(), here.at), ("se", 8..11));
        assert_eq!(here.before, ["ip", "link"]);
        assert_eq!(begun("ip lnk set "), None);
    }

    #[test]
    fn only_what_cannot_be_cured_is_a_mistake() {
        for (line, at) in [
            ("ip lnk", None),
            ("ip lnk ", Some(3..6)),
            ("ip lnk set", Some(3..6)),
            ("ip link set x", None),
            ("ip addr add 10.0.0.300/8 dev", Some(19..22)),
            ("iptables -A FORWARD -j SNAT ", None),
            ("ip link 'set", None),
            ("ip link $SH", None),
            ("ip link ; ", Some(8..9)),
            ("ip link &&", Some(8..9)),
            ("ip link &", None),
            ("ip link | less ", Some(8..9)),
            ("", None),
            ("# why", None),
        ] {
            let said = mistake(line);
            assert_eq!(
                said.as_ref().map(|error| error.at.clone()),
                at,
                "{line}: {said:?}"
            );
        }
    }

    #[test]
    fn what_is_to_come_is_shown_as_dots() {
        let said = explain_begun("ip netns add");
        let last = said.last().expect("words are explained");
        assert_eq!(last.words, "add");
        assert!(last.meaning.contains('…'), "{}", last.meaning);
    }
}
