//! The language of lessons: what it holds, what it refuses and where, and what it says of it.

mod parser {
    pub mod generate;
    #[path = "../support/filters.rs"]
    pub mod generate_filter;
    pub mod generate_ip;
    pub mod generate_link;
    pub mod generate_rules;
    pub mod properties;
}

use tutor::command::{Candidate, Slot, expected, explain, parse};

const GOOD: &str = include_str!("commands/good.txt");
const BAD: &str = include_str!("commands/bad.txt");

#[test]
fn good_lines_are_read() {
    for line in GOOD.lines() {
        if let Err(error) = parse(line) {
            panic!("{line}\n{error}");
        }
    }
}

#[test]
fn the_canonical_line_is_the_same_command() {
    for line in GOOD.lines() {
        let read = parse(line).unwrap();
        let canonical = read.to_string();
        assert_eq!(parse(&canonical).as_ref(), Ok(&read), "{line}\n{canonical}");
    }
}

#[test]
fn every_word_is_explained_in_order() {
    for line in GOOD.lines() {
        let read = parse(line).unwrap();
        let comment = read.comment.map_or(0, |comment| comment.len() + 1);
        let words = &line[..line.len() - comment];
        let words = words.trim_end().trim_end_matches('#');
        let explained = explain(line).unwrap();
        let covered: String = explained.iter().map(|group| group.words.as_str()).collect();
        let squeeze = |text: &str| {
            text.chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
        };
        assert_eq!(squeeze(&covered), squeeze(words), "{line}");
        for group in explained {
            assert!(
                !group.meaning.is_empty() && !group.meaning.contains("{}"),
                "{line}: {group:?}"
            );
        }
    }
}

/// Every line that is refused, with a mark below the place, what is wrong and what helps.
#[test]
fn bad_lines_are_refused_where_they_are_bad() {
    let mut report = String::new();
    for line in BAD.lines() {
        let error = parse(line).expect_err(line);
        assert!(
            line.get(error.at.clone()).is_some(),
            "{line}: {:?}",
            error.at
        );
        let mark = "^".repeat(error.at.len().max(1));
        let place = " ".repeat(error.at.start);
        let help = error
            .help
            .map_or_else(String::new, |help| format!("      help: {help}\n"));
        let message = error.message;
        report.extend([line, "\n", &place, &mark, " ", &message, "\n", &help, "\n"]);
    }
    insta::assert_snapshot!(report);
}

#[test]
fn lines_that_shells_would_take_apart_are_refused_at_their_place() {
    let long = format!("ip link show {}", "x".repeat(10_000_000));
    assert!(parse(&long).unwrap_err().message.contains("10000013 bytes"));
    assert_eq!(parse("ip link\nip addr").unwrap_err().at, 7..8);
    assert_eq!(parse("ip link show \u{1b}[2J").unwrap_err().at, 13..14);
    assert_eq!(parse("ip link show 'ä' ö").unwrap_err().at, 18..20);
}

/// Keywords that may stand at the end of `prefix`, and whether a slot may.
fn candidates(prefix: &str) -> (Vec<&'static str>, Vec<Slot>) {
    let mut words = Vec::new();
    let mut slots = Vec::new();
    for candidate in expected(prefix) {
        match candidate {
            Candidate::Keyword { word, meaning } => {
                assert!(!meaning.is_empty(), "{prefix}{word}");
                words.push(word);
            }
            Candidate::Slot(slot) => slots.push(slot),
        }
    }
    (words, slots)
}

#[test]
fn what_may_follow_is_told() {
    assert_eq!(
        candidates("ip link set hlink3 mas"),
        (vec!["master"], vec![])
    );
    assert_eq!(
        candidates("ip link set hlink3 master "),
        (vec![], vec![Slot::Device])
    );
    assert_eq!(
        candidates("ip netns exec "),
        (vec![], vec![Slot::Namespace])
    );
    assert_eq!(candidates("ip ne").0, ["neighbor", "neighbour", "netns"]);
    assert_eq!(candidates("ip netns exec app1 ip ro").0, ["route"]);
    assert_eq!(
        candidates("ping -c "),
        (vec![], vec![Slot::Number("a count")])
    );
    assert_eq!(candidates("iptables -t nat --new").0, ["--new-chain"]);
    assert!(candidates("ip link set ").1.contains(&Slot::Device));
    assert!(candidates("sysctl ").1.contains(&Slot::Setting));
    assert!(
        !candidates("ip link set hlink3 up master br0 ")
            .0
            .contains(&"master")
    );
    assert_eq!(candidates("ip lnk "), (vec![], vec![]));
    assert_eq!(candidates("ip link # "), (vec![], vec![]));
}
