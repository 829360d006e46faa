//! Lines of standard input, as they come: no line is lost, and none can fill the memory.

use anyhow::{Context, Result};

use crate::command::LONGEST_LINE;
use crate::kernel::stdin::Stdin;

/// Bytes read at once.
const CHUNK: usize = 4096;

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A line, without its end.
    Line(String),
    /// A line of so many bytes, more than any command has; none of it was kept.
    TooLong(usize),
    /// A line that is no text: its byte at this place, from 1, is not UTF-8.
    NotText(usize),
    /// There is no more.
    End,
}

/// Reads standard input.
pub struct Reader {
    source: Stdin,
    lines: Lines,
}

impl Reader {
    /// A reader of this process's standard input.
    ///
    /// # Errors
    /// As [`Stdin::open`].
    pub fn new() -> Result<Self> {
        Ok(Self {
            source: Stdin::open()?,
            lines: Lines::default(),
        })
    }

    /// The next line. Dropped while it waits, it has taken nothing.
    ///
    /// # Errors
    /// If standard input cannot be read.
    pub async fn next(&mut self) -> Result<Input> {
        loop {
            if let Some(input) = self.lines.next() {
                return Ok(input);
            }
            let mut chunk = [0; CHUNK];
            let read = self.source.read(&mut chunk).await;
            let count = read.context("reading standard input")?;
            self.lines.take(&chunk[..count]);
        }
    }
}

/// Bytes on their way to lines.
#[derive(Default)]
struct Lines {
    held: Vec<u8>,
    /// So many bytes of the line under way were dropped.
    dropped: usize,
    ended: bool,
}

impl Lines {
    /// Takes in what was read; nothing means that there is no more.
    fn take(&mut self, bytes: &[u8]) {
        self.ended = bytes.is_empty();
        self.held.extend_from_slice(bytes);
    }

    /// The next line, if it is whole.
    fn next(&mut self) -> Option<Input> {
        if let Some(end) = self.held.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.held.drain(..=end).collect();
            return Some(self.line(line.strip_suffix(b"\n").unwrap_or(&line)));
        }
        if self.held.len() > LONGEST_LINE {
            self.dropped += self.held.len();
            self.held.clear();
        }
        if !self.ended {
            return None;
        }
        if self.held.is_empty() && self.dropped == 0 {
            return Some(Input::End);
        }
        let line = std::mem::take(&mut self.held);
        Some(self.line(&line))
    }

    fn line(&mut self, bytes: &[u8]) -> Input {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let long = std::mem::take(&mut self.dropped) + bytes.len();
        if long > LONGEST_LINE {
            return Input::TooLong(long);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Input::Line(text.to_owned()),
            Err(error) => Input::NotText(error.valid_up_to() + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of these pieces, and then the end.
    fn lines(pieces: &[&[u8]]) -> Vec<Input> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for piece in pieces.iter().chain(&[&b""[..]]) {
            lines.take(piece);
            while let Some(input) = lines.next() {
                let end = input == Input::End;
                found.push(input);
                if end {
                    break;
                }
            }
        }
        found
    }

    fn line(text: &str) -> Input {
        Input::Line(text.to_owned())
    }

    #[test]
    fn lines_are_put_together_and_none_is_lost() {
        let pieces: [&[u8]; 3] = [b"ip li", b"nk\n\nping\r\nla", b"st"];
        let found = [
            line("ip link"),
            line(""),
            line("ping"),
            line("last"),
            Input::End,
        ];
        assert_eq!(lines(&pieces), found);
    }

    #[test]
    fn a_line_without_end_is_counted_and_not_kept() {
        let chunk = [b'x'; CHUNK];
        let mut lines = Lines::default();
        for _ in 0..2_560 {
            lines.take(&chunk);
            assert_eq!(lines.next(), None);
            assert!(lines.held.len() <= 2 * CHUNK);
        }
        lines.take(b"\nip link\n");
        assert_eq!(lines.next(), Some(Input::TooLong(2_560 * CHUNK)));
        assert_eq!(lines.next(), Some(line("ip link")));
    }

    #[test]
    fn what_is_no_text_is_told_with_its_place() {
        let found = [Input::NotText(4), line("ok"), Input::End];
        assert_eq!(lines(&[b"ip \xff\n", b"ok\n"]), found);
    }

    #[test]
    fn the_longest_line_is_taken() {
        let text = "x".repeat(LONGEST_LINE);
        assert_eq!(lines(&[text.as_bytes(), b"\n"]), [line(&text), Input::End]);
    }
}
