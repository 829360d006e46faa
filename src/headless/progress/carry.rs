//! To another machine and from it.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};

use super::super::say::{complain, say};
use super::store;
use crate::cli::MISUSE;
use crate::progress::{Key, bundle, disk};

/// Writes everything that is known into a new file, or to standard output.
///
/// # Errors
/// If it cannot be written.
pub fn export(file: &Path) -> Result<u8> {
    let overview = store()?.overview();
    let bytes = bundle::export(&overview.records)?;
    if file == Path::new("-") {
        say(&String::from_utf8_lossy(&bytes))?;
    } else {
        let shown = file.display();
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file);
        let mut new = match opened {
            Ok(new) => new,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                complain(&format!(
                    "tutor: {shown} is there already and is left as it is; name another file\n"
                ));
                return Ok(MISUSE);
            }
            Err(error) => return Err(error).with_context(|| format!("{shown} cannot be made")),
        };
        new.write_all(&bytes)
            .and_then(|()| new.sync_all())
            .with_context(|| format!("{shown} cannot be written"))?;
        let count = overview.records.len();
        complain(&format!("tutor: {count} lessons are in {shown}\n"));
    }
    for trouble in &overview.troubles {
        complain(&format!("tutor: left out: {trouble}\n"));
    }
    Ok(0)
}

/// Adds what another machine has exported to what is known here.
///
/// # Errors
/// If it cannot be read, or something cannot be written.
pub fn import(file: &Path) -> Result<u8> {
    let store = store()?;
    let shown = if file == Path::new("-") {
        "standard input".to_owned()
    } else {
        file.display().to_string()
    };
    let records = match bundle::read(&bytes(file)?) {
        Ok(records) => records,
        Err(error) => {
            complain(&format!("tutor: {shown} is not imported: {error:#}\n"));
            return Ok(MISUSE);
        }
    };
    let keys: Vec<&str> = records.keys().map(Key::as_str).collect();
    let names = if keys.is_empty() {
        "nothing; there is no lesson in it".to_owned()
    } else {
        keys.join(", ")
    };
    for sentence in bundle::import(&store, records)? {
        complain(&format!("tutor: {sentence}\n"));
    }
    say(&format!("Imported: {names}.\n"))?;
    Ok(0)
}

/// What a file or standard input holds, and no more than can be.
fn bytes(file: &Path) -> Result<Vec<u8>> {
    if file != Path::new("-") {
        let bytes = disk::read(file)?;
        return bytes.with_context(|| format!("there is no file {}", file.display()));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(disk::LARGEST + 1)
        .read_to_end(&mut bytes)
        .context("reading standard input")?;
    Ok(bytes)
}
