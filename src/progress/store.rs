//! The files of all lessons, in the learner's state directory.
//!
//! | file | what |
//! |---|---|
//! | `lessons/KEY.json` | one lesson's [`Record`] |
//! | `lock` | held while something is read, changed and written |
//! | `progress.json` | format 1, taken over at the first write |
//!
//! What has to be changed is read anew under the lock, so that two sessions at once do not lose
//! each other's progress. Reading alone takes no lock: files are replaced whole.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::disk::{self, Lock};
use super::place::{self, Key};
use super::record::{FORMAT, Record};

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<T> {
    /// There is none.
    Nothing,
    /// This.
    Good(T),
    /// Something that cannot be understood, and why.
    Damaged(String),
    /// Something of this format, which a later version of the program wrote.
    Newer(u32),
}

/// What is known of all lessons, and what could not be read.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Each lesson's record.
    pub records: BTreeMap<Key, Record>,
    /// A sentence for each file that could not be read.
    pub troubles: Vec<String>,
}

/// The state directory.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// Format 1.
#[derive(Deserialize)]
struct First {
    done: BTreeSet<String>,
}

/// What every format begins with.
#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

impl Store {
    /// The learner's own; `None` where neither `XDG_STATE_HOME` nor `HOME` is set.
    pub fn find() -> Option<Self> {
        place::root().map(Self::at)
    }

    /// One in this directory.
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn lessons(&self) -> PathBuf {
        self.root.join("lessons")
    }

    fn old(&self) -> PathBuf {
        self.root.join("progress.json")
    }

    /// Where a lesson's record lies.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.lessons().join(format!("{key}.json"))
    }

    /// Makes the directories and keeps every other session from writing.
    pub(super) fn lock(&self) -> Result<Lock> {
        disk::make_directory(&self.lessons())?;
        Lock::take(&self.root.join("lock"))
    }

    /// A lesson's record.
    ///
    /// # Errors
    /// If its file is there and cannot be read.
    pub fn read(&self, key: &Key) -> Result<Found<Record>> {
        let found = read(&self.path(key), FORMAT)?;
        if found == Found::Nothing && self.done_before().contains(key.as_str()) {
            return Ok(Found::Good(done(key.as_str())));
        }
        Ok(found)
    }

    /// What is known of all lessons.
    pub fn overview(&self) -> Overview {
        let mut overview = Overview::default();
        for id in self.done_before() {
            overview
                .records
                .extend(Key::read(&id).map(|key| (key, done(&id))));
        }
        for key in self.keys() {
            let path = self.path(&key);
            let trouble = match read(&path, FORMAT) {
                Ok(Found::Good(record)) => {
                    overview.records.insert(key, record);
                    continue;
                }
                Ok(Found::Nothing) => continue,
                Ok(Found::Damaged(why)) => format!("{} is damaged: {why}", path.display()),
                Ok(Found::Newer(format)) => newer(&path, format),
                Err(error) => format!("{error:#}"),
            };
            overview.troubles.push(trouble);
        }
        overview
    }

    /// The lessons of which something is known, whether it can be read or not.
    pub fn known(&self) -> BTreeSet<Key> {
        let before = self.done_before();
        let before = before.iter().filter_map(|id| Key::read(id));
        before.chain(self.keys()).collect()
    }

    /// The lessons that have a file.
    fn keys(&self) -> BTreeSet<Key> {
        let entries = fs::read_dir(self.lessons()).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        paths
            .filter(|path| path.extension() == Some(OsStr::new("json")))
            .filter_map(|path| Key::read(path.file_stem()?.to_str()?))
            .collect()
    }

    /// The lessons that were done when there was format 1, if that has not been taken over.
    fn done_before(&self) -> BTreeSet<String> {
        match read::<First>(&self.old(), 1) {
            Ok(Found::Good(first)) => first.done,
            Ok(Found::Nothing | Found::Damaged(_) | Found::Newer(_)) | Err(_) => BTreeSet::new(),
        }
    }

    /// Changes a lesson's record, whatever other sessions do meanwhile. A damaged file is set
    /// aside first; the sentence that says so.
    ///
    /// # Errors
    /// If the record cannot be written, or a later version of the program has written it: then it
    /// stays as it is.
    pub fn change(
        &self,
        key: &Key,
        lesson: &str,
        change: impl FnOnce(&mut Record),
    ) -> Result<Option<String>> {
        let _lock = self.lock()?;
        self.take_over()?;
        self.change_locked(key, lesson, change)
    }

    fn change_locked(
        &self,
        key: &Key,
        lesson: &str,
        change: impl FnOnce(&mut Record),
    ) -> Result<Option<String>> {
        let path = self.path(key);
        let (mut record, said) = match read(&path, FORMAT)? {
            Found::Good(record) => (record, None),
            Found::Nothing => (Record::new(lesson), None),
            Found::Damaged(why) => {
                let aside = disk::set_aside(&path)?;
                let said = format!(
                    "The progress of {lesson} that was saved is damaged ({why}); it is kept as {}, \
                     and saving begins anew.",
                    aside.display()
                );
                (Record::new(lesson), Some(said))
            }
            Found::Newer(format) => bail!(newer(&path, format)),
        };
        change(&mut record);
        record.format = FORMAT;
        let mut bytes = serde_json::to_vec_pretty(&record).context("writing it as JSON")?;
        bytes.push(b'\n');
        disk::write(&path, &bytes)?;
        Ok(said)
    }

    /// Turns a file of format 1 into one of each lesson. Call it with the lock held; being killed
    /// in between does no harm, since the old file goes last.
    fn take_over(&self) -> Result<()> {
        let old = self.old();
        match read::<First>(&old, 1)? {
            Found::Good(first) => {
                for id in first.done {
                    let Some(key) = Key::read(&id) else { continue };
                    self.change_locked(&key, &id, |record| record.done = true)?;
                }
                fs::remove_file(&old)
                    .with_context(|| format!("{} cannot be removed", old.display()))
            }
            Found::Damaged(_) => disk::set_aside(&old).map(drop),
            Found::Nothing | Found::Newer(_) => Ok(()),
        }
    }

    /// Forgets a lesson; was anything known of it?
    ///
    /// # Errors
    /// If its file cannot be removed.
    pub fn forget(&self, key: &Key) -> Result<bool> {
        let _lock = self.lock()?;
        self.take_over()?;
        let path = self.path(key);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => {
                Err(error).with_context(|| format!("{} cannot be removed", path.display()))
            }
        }
    }

    /// Removes what a killed program left unfinished.
    ///
    /// # Errors
    /// If the directory cannot be made or locked.
    pub(super) fn sweep(&self) -> Result<()> {
        let _lock = self.lock()?;
        disk::sweep(&self.root);
        disk::sweep(&self.lessons());
        Ok(())
    }
}

/// A record of format 1.
fn done(id: &str) -> Record {
    Record {
        done: true,
        ..Record::new(id)
    }
}

fn newer(path: &Path, format: u32) -> String {
    format!(
        "{} was written by a later version of this program (its format is {format}, and this one \
         knows {FORMAT}), so it is left as it is",
        path.display()
    )
}

/// Reads a file of format `format`.
fn read<T: DeserializeOwned>(path: &Path, format: u32) -> Result<Found<T>> {
    let Some(bytes) = disk::read(path)? else {
        return Ok(Found::Nothing);
    };
    Ok(parse(&bytes, format))
}

/// Understands what a file of format `format` holds.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8], format: u32) -> Found<T> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > disk::LARGEST) {
        return Found::Damaged(format!("it is larger than {} bytes", disk::LARGEST));
    }
    match serde_json::from_slice::<Versioned>(bytes) {
        Ok(found) if found.format > format => return Found::Newer(found.format),
        Ok(found) if found.format < format => {
            return Found::Damaged(format!("its format is {}, not {format}", found.format));
        }
        Ok(_) => {}
        Err(error) => return Found::Damaged(error.to_string()),
    }
    match serde_json::from_slice(bytes) {
        Ok(content) => Found::Good(content),
        Err(error) => Found::Damaged(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
