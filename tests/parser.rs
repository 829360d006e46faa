//! The language of lessons: what it holds, what it refuses and where, and what it says of it.

use tutor::command::parse;

const GOOD: &str = include_str!("commands/good.txt");

#[test]
fn good_lines_are_read() {
    for line in GOOD.lines() {
        if let Err(error) = parse(line) {
            panic!("{line}\n{error}");
        }
    }
}
