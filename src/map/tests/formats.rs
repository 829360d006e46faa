//! Other programs' languages, and names that would like to speak them.

use proptest::prelude::*;

use super::{Maker, nat, picture};
use crate::map::model::{Map, State};
use crate::map::{Look, dot, mermaid, svg};

/// A namespace and a device that are called so.
fn called(name: &str) -> Map {
    let mut maker = Maker::with_uplink();
    maker.cable(("host", "hlink"), (name, name));
    maker.address(name, name, "10.0.0.1/8");
    maker.get("host", "hlink").state = State::Down;
    maker.done()
}

/// Names out of which somebody might try to break.
const HOSTILE: [&str; 8] = [
    "\"];evil[label=\"",
    "a\\\"--b",
    "\\",
    "<script>alert('&')</script>]]>",
    "\u{1b}]0;owned\u{7}\u{9b}31m",
    "end\n  subgraph x",
    "\u{202e}evil\u{200b}",
    "漢字漢字漢字漢字漢字漢字",
];

/// As far as the language is used: statements in braces, each ended, quoted strings closed, and
/// nothing but plain words outside of them.
fn is_dot(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut chars = text.chars();
    let mut outside = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => loop {
                match chars.next() {
                    Some('"') => break,
                    Some('\\') => drop(chars.next()),
                    Some(c) if c.is_control() => return false,
                    Some(_) => {}
                    None => return false,
                }
            },
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => outside.push(c),
        }
        if depth < 0 {
            return false;
        }
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || " \n_-=,;[]".contains(c);
    depth == 0 && outside.chars().all(plain) && !outside.contains("evil")
}

/// A line for each node, edge and end, and nothing of a name that means anything.
fn is_mermaid(text: &str) -> bool {
    let line = |line: &str| {
        let line = line.trim();
        let mut parts = line.split('"');
        let words = parts.next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || " _-=.[".contains(c);
        let name = parts.next().unwrap_or_default().replace("<br/>", "");
        let quiet = |c: char| c.is_alphanumeric() || " .:/-_#;\u{fffd}".contains(c);
        let rest = parts.next().unwrap_or("]");
        words.chars().all(plain) && name.chars().all(quiet) && rest == "]" && parts.next().is_none()
    };
    let opened = text
        .lines()
        .filter(|line| line.trim().starts_with("subgraph "));
    let closed = text.lines().filter(|line| line.trim() == "end");
    text.lines().all(line) && opened.count() == closed.count()
}

/// Is every tag closed, every reference known, every character allowed (XML 1.0)?
fn is_xml(text: &str) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut depth = 0;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Text(text) => {
                let text = text.decode().map_err(|error| error.to_string())?;
                quick_xml::escape::unescape(&text).map_err(|error| error.to_string())?;
            }
            _ => {}
        }
    }
    let odd = text.chars().find(|c| c.is_control() && *c != '\n');
    match (depth, odd) {
        (0, None) => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// Nothing that a terminal would obey, and no row wider than its cells.
fn is_quiet(text: &str) -> bool {
    !text.chars().any(|c| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
    })
}

#[test]
fn formats_are_what_others_read() {
    let map = nat().done();
    insta::assert_snapshot!("dot", dot(&map, None));
    insta::assert_snapshot!("mermaid", mermaid(&map, None));
    let svg = svg(&map, &Look::default());
    is_xml(&svg).expect("XML");
    assert!(svg.contains(">172.16.0.30/16<"), "{svg}");
}

#[test]
fn hostile_names_stay_names() {
    for name in HOSTILE {
        let map = called(name);
        assert!(is_dot(&dot(&map, None)), "{}", dot(&map, None));
        assert!(is_mermaid(&mermaid(&map, None)), "{}", mermaid(&map, None));
        is_xml(&svg(&map, &Look::default())).expect(name);
        for unicode in [true, false] {
            let look = Look {
                unicode,
                ..Look::default()
            };
            let text = picture(&map, &look);
            assert!(is_quiet(&text), "{text:?}");
            assert!(unicode || text.is_ascii(), "{text}");
            let widths = |line: &str| unicode_width::UnicodeWidthStr::width(line);
            let widest = text.lines().map(widths).max();
            assert!(
                widest <= Some(usize::from(crate::map::draw(&map, &look).width())),
                "{text}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_name_is_written_safely(name in any::<String>()) {
        let map = called(&name);
        prop_assert!(is_mermaid(&mermaid(&map, None)), "{}", mermaid(&map, None));
        prop_assert!(is_dot(&dot(&map, None)), "{}", dot(&map, None));
        prop_assert_eq!(is_xml(&svg(&map, &Look::default())), Ok(()));
        prop_assert!(is_quiet(&picture(&map, &Look::default())));
    }
}
