//! Reading a text file of a stranger: lessons and scripts.

use std::fs;
use std::io::Read;
use std::path::Path;

use super::report::Finding;

/// Largest file that is read, bytes.
pub const LARGEST: u64 = 1024 * 1024;

/// What to say of a file that cannot be read, by what it should be.
#[derive(Clone, Copy, Debug)]
pub struct Kind<'a> {
    /// It is not there.
    pub missing: &'a str,
    /// It is a directory.
    pub directory: &'a str,
    /// It is a device, a pipe or a socket.
    pub other: &'a str,
    /// It is larger than [`LARGEST`].
    pub large: &'a str,
}

/// The text of a file of at most [`LARGEST`] bytes. Whatever is not a plain file is not opened at
/// all: a pipe would make the program wait.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn text(path: &Path, kind: &Kind) -> Result<String, Finding> {
    let shown = path.display().to_string();
    let unreadable = |error| {
        let why = format!("{shown} cannot be read: {error}");
        refuse(why, "look at its permissions")
    };
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse(format!("there is no file {shown}"), kind.missing),
        _ => unreadable(error),
    })?;
    if metadata.is_dir() {
        return Err(refuse(format!("{shown} is a directory"), kind.directory));
    }
    if !metadata.is_file() {
        return Err(refuse(format!("{shown} is no plain file"), kind.other));
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    read(file, &shown, kind)
}

/// The text that `source` gives, of at most [`LARGEST`] bytes; `shown` is what it is called.
///
/// # Errors
/// As [`text`].
pub fn read(source: impl Read, shown: &str, kind: &Kind) -> Result<String, Finding> {
    let mut bytes = Vec::new();
    source
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            let why = format!("{shown} cannot be read: {error}");
            refuse(why, "look at its permissions")
        })?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        let why = format!("{shown} is larger than {LARGEST} bytes (1 MiB)");
        return Err(refuse(why, kind.large));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let lines = error.as_bytes()[..good]
            .split(|byte| *byte == b'\n')
            .count();
        let why = format!(
            "{shown} is not UTF-8 text: byte {} on line {lines}",
            good + 1
        );
        refuse(why, "save it as UTF-8")
    })
}

fn refuse(why: String, help: &str) -> Finding {
    let mut finding = Finding::of_file(why);
    finding.help(help);
    finding
}
