//! Writing a file that the learner has named.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};

use crate::session::script::is_lesson;

/// So many names are tried for the file beside the one that is written.
const TRIES: u32 = 100;

/// Writes `text` to the file at `path`, all of it or nothing; what came of it, as a sentence.
pub fn save(path: &str, over: bool, text: &str) -> String {
    let lines = text.lines().count();
    let target = match put_down(path, over, text.as_bytes(), "save") {
        Ok(target) => target,
        Err(refusal) => return refusal,
    };
    let shown = target.display();
    if is_lesson(path) {
        return format!(
            "Saved as a lesson, {lines} lines: {shown}. `tutor lint {shown}` looks it over, \
             `tutor --lesson {shown}` begins it."
        );
    }
    format!("Saved, {lines} lines: {shown}. `tutor play {shown}` carries it out.")
}

/// Writes `bytes` to the file at `path`, all of it or nothing, for the prompt's word `word`; where
/// they are.
///
/// # Errors
/// A sentence that says why not, and what helps.
pub fn put_down(path: &str, over: bool, bytes: &[u8], word: &str) -> Result<PathBuf, String> {
    let target = expand(path);
    let shown = target.display();
    let refusal = match write(&target, over, bytes) {
        Ok(()) => return Ok(target),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            format!("Not saved: {shown} is there already. `:{word}! {path}` writes over it.")
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let directory = directory(&target).display();
            format!("Not saved: there is no directory {directory}.")
        }
        Err(error) if error.kind() == ErrorKind::IsADirectory => {
            format!("Not saved: {shown} is a directory. Name a file in it.")
        }
        Err(error) => format!("Not saved: {shown} cannot be written: {error}."),
    };
    Err(refusal)
}

/// `~/` is the learner's home, as a shell has it.
fn expand(path: &str) -> PathBuf {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn directory(path: &Path) -> &Path {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Beside it first, so that nobody ever reads half a file; then in its place.
fn write(target: &Path, over: bool, bytes: &[u8]) -> io::Result<()> {
    let found = fs::metadata(target);
    if found.as_ref().is_ok_and(fs::Metadata::is_dir) {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !over && fs::symlink_metadata(target).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    if found.is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("it is no plain file"));
    }
    // What a link leads to is written, not the link.
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let (mut file, beside) = create(&target, bytes.starts_with(b"#!"))?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| put(&beside, &target, over));
    written.inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// A new file in the directory of `target`; a script may be executed.
fn create(target: &Path, is_script: bool) -> io::Result<(File, PathBuf)> {
    let name = target.file_name().ok_or(ErrorKind::IsADirectory)?;
    let mode = if is_script { 0o777 } else { 0o666 };
    let mut taken = None;
    for number in 0..TRIES {
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{number}"));
        let beside = directory(target).join(beside);
        let mut options = OpenOptions::new();
        match options
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&beside)
        {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.map_or_else(
        || ErrorKind::Other.into(),
        |_| io::Error::other("too many files of that name were left there"),
    ))
}

/// Gives the file its name; without `over` only if nobody has that name, also not since we looked.
fn put(beside: &Path, target: &Path, over: bool) -> io::Result<()> {
    if over {
        return fs::rename(beside, target);
    }
    let flags = RenameFlags::RENAME_NOREPLACE;
    match renameat2(AT_FDCWD, beside, AT_FDCWD, target, flags) {
        // Some file systems do not know it.
        Err(nix::Error::EINVAL | nix::Error::ENOSYS) => fs::rename(beside, target),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of this test's own.
    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("tutor-save-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary directory can be written to");
        path
    }

    #[test]
    fn nothing_is_written_over_unless_that_was_said() {
        let directory = scratch("over");
        let path = directory.join("x.sh");
        let named = path.to_str().expect("a name in UTF-8");
        assert!(save(named, false, "#!/bin/sh\none\n").starts_with("Saved, 2 lines"));
        let said = save(named, false, "two\n");
        assert!(
            said.contains("is there already") && said.contains("`:save! "),
            "{said}"
        );
        assert_eq!(
            fs::read_to_string(&path).ok().as_deref(),
            Some("#!/bin/sh\none\n")
        );
        assert!(save(named, true, "two\n").starts_with("Saved"));
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("two\n"));
        let left = fs::read_dir(&directory).expect("it can be read").count();
        assert_eq!(left, 1, "something was left beside it");
        fs::remove_dir_all(directory).expect("it can be removed");
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        let directory = scratch("bad");
        let inside = |name: &str| directory.join(name).display().to_string();
        for (path, told) in [
            (inside("no/such/x.sh"), "there is no directory"),
            (directory.display().to_string(), "is a directory"),
            ("/dev/full".to_owned(), "no plain file"),
            ("/proc/x".to_owned(), "Not saved"),
            (String::new(), "Not saved"),
            ("/".to_owned(), "is a directory"),
            (inside(&"x".repeat(300)), "Not saved"),
        ] {
            let said = save(&path, true, "x\n");
            assert!(said.contains(told), "{path}: {said}");
        }
        fs::remove_dir_all(directory).expect("it can be removed");
    }
}
