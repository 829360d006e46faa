//! Which lessons were taken to their end, kept in `$XDG_STATE_HOME/tutor/progress.json`.
//!
//! Losing it costs a tick in the menu, so nothing here stops a lesson: a file that cannot be read
//! counts as empty, and one that cannot be written is left alone.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nix::unistd::mkstemp;
use serde::{Deserialize, Serialize};

/// Version of the file's format.
const FORMAT: u32 = 1;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    format: u32,
    done: BTreeSet<String>,
}

/// Where it is: the XDG base directory specification's state directory.
fn path() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path: &PathBuf| path.is_absolute())
    };
    let state = absolute("XDG_STATE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("tutor/progress.json"))
}

/// Ids of the lessons that were taken to their end.
pub fn done() -> BTreeSet<String> {
    path().and_then(|path| read(&path)).unwrap_or_default()
}

/// Writes down that this lesson was taken to its end.
pub fn note_done(id: &str) {
    if let Some(path) = path() {
        // A tick that is not kept is a pity, and no reason to disturb the learner.
        let _ = add(&path, id);
    }
}

fn read(path: &Path) -> Option<BTreeSet<String>> {
    let file: File = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    (file.format == FORMAT).then_some(file.done)
}

/// Written beside it and renamed, so that nobody reads half a file.
fn add(path: &Path, id: &str) -> io::Result<()> {
    let mut done = read(path).unwrap_or_default();
    done.insert(id.to_owned());
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    // Not by the process's number: that is 1 in every sandbox.
    let (file, beside) = mkstemp(&directory.join(".progress.XXXXXX"))?;
    let written = write(fs::File::from(file), done).and_then(|()| fs::rename(&beside, path));
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}

fn write(mut file: fs::File, done: BTreeSet<String>) -> io::Result<()> {
    let content = File {
        format: FORMAT,
        done,
    };
    serde_json::to_writer_pretty(&mut file, &content)?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_read_back() {
        let directory = std::env::temp_dir().join(format!("tutor-progress-{}", std::process::id()));
        let path = directory.join("deeper/progress.json");
        add(&path, "bridge").expect("a temporary directory can be written to");
        add(&path, "nat").expect("a temporary directory can be written to");
        let done = read(&path).expect("what was written is read");
        assert_eq!(done.into_iter().collect::<Vec<_>>(), ["bridge", "nat"]);
        let left = fs::read_dir(directory.join("deeper")).expect("it can be read");
        assert_eq!(left.count(), 1, "only the file itself is left");
        fs::write(&path, "{").expect("a temporary directory can be written to");
        assert_eq!(read(&path), None);
        fs::remove_dir_all(directory).expect("a temporary directory can be removed");
    }
}
