//! `tutor lint`

use std::io::IsTerminal;

use anyhow::Result;

use super::say::say;
use crate::lesson::find::Shelf;
use crate::lesson::lint;

/// Looks for mistakes in lessons; all of them where none is named.
///
/// # Errors
/// If the mistakes cannot be printed. That there are some is told by the exit status.
pub fn run(files: &[String]) -> Result<u8> {
    let report = lint::lint(&Shelf::from_environment(), files);
    say(&report.render(std::io::stdout().is_terminal()))?;
    Ok(report.exit_status())
}
