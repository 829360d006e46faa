//! Strings from lessons, packets and names, made fit for a terminal.
//!
//! Whatever comes from outside passes here on its way to the screen: escape sequences, control
//! characters, bidirectional controls and invisible characters never reach the terminal.

use std::iter::Peekable;
use std::str::Chars;

use ratatui::buffer::Buffer;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns between tab stops, as a terminal has them.
const TAB: usize = 8;

/// How many marks without a width (accents) may stand on one character.
const MARKS: usize = 3;

/// One line of text without anything that a terminal would obey; with `unicode` false, in ASCII.
/// Tabs become spaces, a line end becomes a space, and what cannot be shown becomes one `�` (`?`).
pub fn clean(text: &str, unicode: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            skip_escape(&mut chars);
            continue;
        }
        let width = c.width().unwrap_or(0);
        marks = if width == 0 { marks + 1 } else { 0 };
        let before = out.len();
        match c {
            '\t' => out.extend(std::iter::repeat_n(' ', TAB - column % TAB)),
            '\n' | '\r' => out.push(' '),
            ' '..='~' => out.push(c),
            _ if is_hidden(c) => out.push_str(unknown(unicode)),
            _ if !unicode => out.push_str(ascii(c)),
            _ if width == 0 && (marks > MARKS || out.is_empty()) => {}
            _ => out.push(c),
        }
        column += out[before..].width();
    }
    out
}

fn unknown(unicode: bool) -> &'static str {
    if unicode { "\u{fffd}" } else { "?" }
}

/// Passes over what follows an ESC: CSI up to its final byte, a string (OSC, DCS, …) up to BEL or
/// ST, anything else one or two characters (ECMA-48).
fn skip_escape(chars: &mut Peekable<Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
            chars.next_if(|c| matches!(c, '@'..='~'));
        }
        Some(']' | 'P' | '^' | '_' | 'X') => skip_string(chars),
        Some(' '..='/') => {
            chars.next();
            chars.next_if(|c| matches!(c, '0'..='~'));
        }
        Some('0'..='~') => {
            chars.next();
        }
        Some(_) | None => {}
    }
}

fn skip_string(chars: &mut Peekable<Chars<'_>>) {
    while let Some(c) = chars.next() {
        if c == '\u{7}' {
            break;
        }
        if c == '\u{1b}' {
            chars.next_if_eq(&'\\');
            break;
        }
    }
}

/// Controls (Cc), and the format characters (Cf) and separators that change how others are shown
/// or are seen as nothing.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0xad | 0x600..=0x605
                | 0x61c
                | 0x6dd
                | 0x70f
                | 0x115f..=0x1160
                | 0x180b..=0x180f
                | 0x200b..=0x200f
                | 0x2028..=0x202e
                | 0x2060..=0x206f
                | 0x3164
                | 0xfe00..=0xfe0f
                | 0xfeff
                | 0xffa0
                | 0xfff0..=0xfffb
                | 0x1_d173..=0x1_d17a
                | 0xe_0000..=0xe_ffff
        )
}

/// The nearest in ASCII to what our own texts are written with.
fn ascii(c: char) -> &'static str {
    match c {
        '→' => "->",
        '←' => "<-",
        '↔' | '⇄' => "<->",
        '⇒' => "=>",
        '↑' => "Up",
        '↓' => "Dn",
        '–' | '—' | '‐' | '‑' | '−' | '─' | '━' => "-",
        '┬' | '┴' | '┼' | '├' | '┤' | '└' | '┘' | '┌' | '┐' | '✓' => "+",
        '│' | '┃' => "|",
        '‘' | '’' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '…' => "...",
        '•' | '●' | '·' => "*",
        '×' | '✗' => "x",
        '≤' => "<=",
        '≥' => ">=",
        '\u{a0}' | '\u{202f}' => " ",
        'à' | 'á' | 'â' | 'ä' => "a",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'ö' | 'ó' | 'ô' => "o",
        'ü' | 'ú' | 'µ' | 'μ' => "u",
        _ if c.width() == Some(0) => "",
        _ => "?",
    }
}

/// The last gate: no cell of a frame holds what [`clean`] would not let pass.
pub(super) fn seal(buffer: &mut Buffer, unicode: bool) {
    for cell in &mut buffer.content {
        let fine = cell
            .symbol()
            .chars()
            .all(|c| matches!(c, ' '..='~') || (unicode && !is_hidden(c)));
        if !fine {
            cell.set_symbol(unknown(unicode));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_are_gone_whole() {
        assert_eq!(clean("a\u{1b}[31;1mred\u{1b}[0m", true), "ared");
        assert_eq!(clean("\u{1b}]0;title\u{7}x", true), "x");
        assert_eq!(clean("\u{1b}]52;c;aGk=\u{1b}\\x", true), "x");
        assert_eq!(clean("\u{1b}(0x\u{1b}cy", true), "xy");
        assert_eq!(clean("cut\u{1b}[", true), "cut");
        assert_eq!(clean("\u{9b}31m", true), "\u{fffd}31m");
    }

    #[test]
    fn what_cannot_be_seen_is_seen() {
        assert_eq!(
            clean("a\u{202e}b\u{200b}c\u{0}d", true),
            "a\u{fffd}b\u{fffd}c\u{fffd}d"
        );
        assert_eq!(clean("a\tb\r\n", true), "a       b  ");
    }

    #[test]
    fn ascii_has_a_word_for_our_signs() {
        assert_eq!(clean("app3 → “x”… é 漢", false), "app3 -> \"x\"... e ?");
    }

    proptest! {
        #[test]
        fn nothing_gets_through(text in any::<String>(), unicode in any::<bool>()) {
            let out = clean(&text, unicode);
            prop_assert!(out.chars().all(|c| !is_hidden(c)));
            prop_assert!(unicode || out.is_ascii());
        }
    }
}
