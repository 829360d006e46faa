//! Writing to standard output and standard error, which whoever reads them may close.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::cli::MISUSE;
use crate::lesson::report::Report;

/// Writes `text` to standard output, at once.
///
/// # Errors
/// If it cannot be written; see [`reader_has_gone`].
pub fn say(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("writing to standard output")
}

/// Says on standard error why a lesson cannot be taught; the exit status that goes with it.
pub fn refuse(report: &Report) -> u8 {
    complain(&report.render(io::stderr().is_terminal()));
    MISUSE
}

/// Writes `text` to standard error. If nobody can read it, there is nobody to tell.
pub fn complain(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Was it only that the reader had seen enough, as `head` has?
pub fn reader_has_gone(error: &anyhow::Error) -> bool {
    let cause = error.root_cause().downcast_ref::<io::Error>();
    cause.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
