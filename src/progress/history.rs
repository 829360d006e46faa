//! What was typed at the prompt, in all sessions: `history` in the state directory, a line each.

use std::fs::OpenOptions;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result};
use nix::libc;

use super::disk;
use super::store::Store;

/// So many lines are kept.
const LINES: usize = 1_000;

/// Above so many lines the file is cut to [`LINES`]: not at each line, which would write it anew
/// each time.
const TOO_MANY: usize = LINES + LINES / 10;

/// A longer line is not kept, bytes: nobody wants 10 MB back by the arrow key.
const LONGEST: usize = 4_096;

/// No more of the file than this is read, from its end, bytes: many times what is kept.
const READ: u64 = 8 * 1024 * 1024;

impl Store {
    fn history_path(&self) -> std::path::PathBuf {
        self.root().join("history")
    }

    /// What was typed before, the latest line last. Bytes that are no UTF-8 are shown as such, and
    /// a file that cannot be read counts as empty: nothing depends on it.
    pub fn history(&self) -> Vec<String> {
        let mut lines = self.history_lines().unwrap_or_default();
        lines.drain(..lines.len().saturating_sub(LINES));
        lines
    }

    fn history_lines(&self) -> Result<Vec<String>> {
        let mut file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(self.history_path())?;
        let length = file.metadata()?.len();
        let skipped = length.saturating_sub(READ);
        file.seek(SeekFrom::Start(skipped))?;
        let mut bytes = Vec::new();
        file.take(READ).read_to_end(&mut bytes)?;
        // A line whose beginning was not read is none.
        let whole = bytes
            .split(|byte| *byte == b'\n')
            .skip(usize::from(skipped > 0));
        let lines = whole.filter(|line| (1..=LONGEST).contains(&line.len()));
        Ok(lines
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect())
    }

    /// Adds lines at the end, whatever other sessions add meanwhile.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn remember(&self, lines: &[String]) -> Result<()> {
        let fits = |line: &&String| (1..=LONGEST).contains(&line.len()) && !line.contains('\n');
        let new: Vec<&str> = lines.iter().filter(fits).map(String::as_str).collect();
        if new.is_empty() {
            return Ok(());
        }
        let path = self.history_path();
        let _lock = self.lock()?;
        let mut all = self.history_lines().unwrap_or_default();
        if !path.exists() || all.len() + new.len() > TOO_MANY {
            all.extend(new.into_iter().map(str::to_owned));
            all.drain(..all.len().saturating_sub(LINES));
            return disk::write(&path, (all.join("\n") + "\n").as_bytes());
        }
        let mut file = OpenOptions::new()
            .append(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(&path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        // In one write, so that a program killed meanwhile leaves no half of a line.
        file.write_all((new.join("\n") + "\n").as_bytes())
            .with_context(|| format!("{} cannot be written", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::scratch::Scratch;

    fn lines(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|number| format!("ip link {number}")).collect()
    }

    #[test]
    fn what_was_typed_is_remembered_by_the_next_session() {
        let scratch = Scratch::new("history");
        let store = scratch.store();
        assert!(store.history().is_empty());
        store.remember(&lines(0..2)).expect("it can be written");
        store.remember(&lines(2..3)).expect("it can be written");
        assert_eq!(store.history(), lines(0..3));
    }

    #[test]
    fn only_the_latest_lines_are_kept() {
        let scratch = Scratch::new("history-long");
        let store = scratch.store();
        for start in (0..3_000).step_by(50) {
            store
                .remember(&lines(start..start + 50))
                .expect("it can be written");
        }
        assert_eq!(store.history(), lines(2_000..3_000));
        let kept = store.history_lines().expect("it can be read").len();
        assert!((LINES..=TOO_MANY).contains(&kept), "{kept} lines are kept");
    }

    #[test]
    fn bytes_that_are_no_text_and_endless_lines_do_no_harm() {
        let scratch = Scratch::new("history-bad");
        let store = scratch.store();
        store.remember(&lines(0..1)).expect("it can be written");
        let mut bytes = b"ip \xff\xfe\n\n".to_vec();
        bytes.extend(vec![b'x'; 10_000_000]);
        bytes.extend(b"\nlast\n");
        std::fs::write(store.history_path(), bytes).expect("it can be written");
        assert_eq!(store.history(), ["last"]);
        store
            .remember(&["y".repeat(5_000), "two\nlines".to_owned()])
            .expect("nothing is written");
        store.remember(&lines(1..2)).expect("it can be written");
        assert_eq!(store.history(), ["last", "ip link 1"]);
    }
}
