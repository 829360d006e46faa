//! The language of lessons: what it holds, what it refuses and where, and what it says of it.

use tutor::command::{explain, parse};

const GOOD: &str = include_str!("commands/good.txt");

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
