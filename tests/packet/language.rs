//! Whatever is typed, it is read or refused in its place.

use proptest::prelude::*;
use proptest::sample::select;
use tutor::packet::filter::{
    Candidate, Dialect, FilterError, expected, explain, parse, read, tokens,
};

use crate::filters;

/// Words of the language, and some that stand behind them.
const WORDS: &[&str] = &[
    "icmp",
    "icmp6",
    "arp",
    "tcp",
    "udp",
    "ip",
    "ip6",
    "host",
    "port",
    "net",
    "portrange",
    "src",
    "dst",
    "not",
    "!",
    "(",
    ")",
    "and",
    "or",
    "&&",
    "||",
    "ether",
    "vxlan",
    "dev",
    "ifname",
    "ns",
    "10.0.0.1",
    "fe80::1",
    "10.0.0.0/8",
    "80",
    "1-5",
    "2:0:0:0:0:1",
    "br0",
    "'a b'",
    "vlan",
    "&",
];

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(WORDS), 0..14).prop_map(|words| words.join(" "))
}

fn sound(text: &str, error: &FilterError) {
    assert!(text.get(error.at.clone()).is_some(), "{text}: {error:?}");
    assert!(!error.message.is_empty());
}

proptest! {
    #[test]
    fn a_filter_comes_back_from_its_text(expr in filters::pane()) {
        let text = expr.to_string();
        prop_assert_eq!(parse(&text), Ok(expr), "{}", text);
    }

    #[test]
    fn tcpdump_reads_the_same(expr in filters::tcpdump()) {
        let text = expr.to_string();
        let tokens = tokens(&text).unwrap();
        prop_assert_eq!(read(&tokens, Dialect::Tcpdump).expr, Ok(expr), "{}", text);
    }

    #[test]
    fn any_text(text in ".{0,80}") {
        expected(&text);
        explain(&text);
        if let Err(error) = parse(&text) {
            sound(&text, &error);
        }
    }

    #[test]
    fn any_words(text in words()) {
        explain(&text);
        match parse(&text) {
            Ok(expr) => {
                let canonical = expr.to_string();
                prop_assert_eq!(parse(&canonical), Ok(expr), "{}", canonical);
            }
            Err(error) => sound(&text, &error),
        }
    }

    /// A word that may follow is understood where it stands.
    #[test]
    fn what_may_follow_does(text in words()) {
        let prefix = text.clone() + " ";
        for candidate in expected(&prefix) {
            let Candidate::Keyword { word, .. } = candidate else { continue };
            let more = prefix.clone() + word;
            if let Err(error) = parse(&more) {
                let closed = error.message.contains("not closed");
                prop_assert!(closed || error.at.start >= more.len(), "{}: {}", more, error);
            }
        }
    }

    /// And where a filter is whole, all of its words are explained.
    #[test]
    fn no_word_is_left_out(expr in filters::pane()) {
        let text = expr.to_string();
        let told: Vec<String> = explain(&text).into_iter().map(|(words, _)| words).collect();
        let bare = |text: &str| text.replace(' ', "");
        prop_assert_eq!(bare(&told.concat()), bare(&text));
    }
}
