//! `tutor why`: what becomes of a packet in a running session.

use std::io::{IsTerminal, stdout};

use anyhow::Result;

use super::choose::choose;
use super::say::{complain, say};
use crate::cli::MISUSE;
use crate::kernel::rendezvous::Found;
use crate::session::transcript::clean;
use crate::trace::{Story, diagnosis_lines, print};

/// Exit status when no answer came.
const NO_ANSWER: u8 = 1;

/// Has a packet sent from namespace `from` to `to` in the session `pid`, or in the one that runs,
/// and prints its way, and why it got no answer.
///
/// # Errors
/// If the session has ended or refuses.
pub fn run(from: &str, to: &str, pid: Option<i32>) -> Result<u8> {
    let found = Found::look()?;
    let Some(session) = choose(&found, pid) else {
        return Ok(MISUSE);
    };
    if stdout().is_terminal() {
        complain("A packet is sent and followed; where no answer comes, that takes seconds.\n");
    }
    let told = session.why(from, to)?;
    let lines = told.lines.iter().map(|line| clean(line) + "\n");
    say(&lines.collect::<String>())?;
    Ok(if told.answered { 0 } else { NO_ANSWER })
}

/// A story in lines of text.
pub fn lines(story: &Story) -> Vec<String> {
    let mut lines = print::text(story);
    let why = diagnosis_lines(story);
    if !why.is_empty() {
        lines.push(String::new());
        lines.extend(why);
    }
    lines
}
