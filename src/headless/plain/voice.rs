//! Says things on standard output: whole lines, and a prompt that waits.

use std::io::{IsTerminal, stdin, stdout};

use anyhow::Result;

use super::said::Said;
use crate::headless::say::say;

/// Columns that a screen reader and a dumb terminal are trusted with where nothing is known.
const COLUMNS: usize = 80;

/// Standard output.
pub struct Voice {
    /// Is it a terminal, for which words are wrapped?
    wraps: bool,
    /// Does a terminal show what is typed? A pipe's lines are shown by us, so that a log reads well.
    shown: bool,
    /// The prompt that stands at the end of the output, if any.
    waiting: Option<String>,
    /// Was the last line empty, or is there none yet?
    blank: bool,
}

impl Voice {
    /// The voice of this process.
    pub fn new() -> Self {
        Self {
            wraps: stdout().is_terminal(),
            shown: stdin().is_terminal(),
            waiting: None,
            blank: true,
        }
    }

    /// Says all of this.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn say(&mut self, all: &[Said]) -> Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        let width = self.width();
        let mut text = String::new();
        for said in all {
            self.add(said, width, &mut text);
        }
        say(&text)
    }

    fn add(&mut self, said: &Said, width: Option<usize>, text: &mut String) {
        let waiting = self.waiting.take();
        if let (Some(prompt), Said::Command(..)) = (&waiting, said) {
            let rows = said.rows(None).concat();
            // Nothing was typed behind that very prompt: it becomes this command's.
            if let Some(command) = rows.strip_prefix(prompt.as_str()) {
                *text += command;
                text.push('\n');
                self.blank = false;
                return;
            }
        }
        if waiting.is_some() {
            text.push('\n');
            self.blank = false;
        }
        for row in said.rows(width) {
            if row.is_empty() && *said == Said::Blank && self.blank {
                continue;
            }
            self.blank = row.is_empty();
            *text += &row;
            text.push('\n');
        }
    }

    /// Is there somebody who types, and reads before typing on?
    pub fn is_conversation(&self) -> bool {
        self.shown
    }

    /// Shows a prompt, and waits behind it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn wait(&mut self, prompt: String) -> Result<()> {
        if self.waiting.as_ref() == Some(&prompt) {
            return Ok(());
        }
        let line_end = if self.waiting.is_some() { "\n" } else { "" };
        say(&format!("{line_end}{prompt}"))?;
        self.waiting = Some(prompt);
        Ok(())
    }

    /// A line was typed behind the prompt, which a terminal has shown.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn typed(&mut self, line: &str) -> Result<()> {
        if self.shown {
            self.waiting = None;
        } else if !line.is_empty() {
            self.waiting = None;
            say(&(crate::session::transcript::clean(line) + "\n"))?;
        }
        self.blank = false;
        Ok(())
    }

    /// Ends the line that a prompt stands in.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn end_line(&mut self) -> Result<()> {
        match self.waiting.take() {
            Some(_) => say("\n"),
            None => Ok(()),
        }
    }

    fn width(&self) -> Option<usize> {
        self.wraps.then(|| {
            let size = crossterm::terminal::size();
            size.map_or(COLUMNS, |(columns, _)| usize::from(columns))
        })
    }
}
