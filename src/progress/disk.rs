//! Files that are read and written whole: one at a time, so that nobody reads half of one, and
//! private to the learner.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use nix::libc;
use nix::unistd::{Gid, Uid, fchown, geteuid, mkstemp};

/// Marks what is being written, so that what a killed program left is known for that.
const UNFINISHED: &str = ".unfinished.";

/// The largest file that is read, bytes. A lesson's has some 10 KiB.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// The bytes of a plain file of at most [`LARGEST`]; `None` if there is none.
///
/// # Errors
/// Whatever keeps it from being read. A pipe or a device is refused, not waited for.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| unread(path)),
    };
    if !file.metadata().with_context(|| unread(path))?.is_file() {
        bail!("{} is no plain file", path.display());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .with_context(|| unread(path))?;
    Ok(Some(bytes))
}

fn unread(path: &Path) -> String {
    format!("{} cannot be read", path.display())
}

/// Makes a directory and those above it, for its owner alone (as the XDG specification wants it).
///
/// # Errors
/// If that is refused, with the directory's name.
pub fn make_directory(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_directory(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be made", path.display())),
        Ok(()) => {
            let made = File::open(path).with_context(|| unread(path))?;
            give_to_owner(&made, path);
            Ok(())
        }
    }
}

/// Gives a new file to whoever owns the directory that it lies in. It makes a difference for root
/// alone: `sudo tutor` with the learner's `$HOME` would else leave files that the learner cannot
/// write to the next time.
fn give_to_owner(file: &impl AsFd, path: &Path) {
    if !geteuid().is_root() {
        return;
    }
    let Some(Ok(directory)) = path.parent().map(fs::metadata) else {
        return;
    };
    if directory.uid() != geteuid().as_raw() {
        let (owner, group) = (
            Uid::from_raw(directory.uid()),
            Gid::from_raw(directory.gid()),
        );
        // Refused in a user namespace that does not know the owner: then it stays this user's.
        let _ = fchown(file, Some(owner), Some(group));
    }
}

/// Replaces a file, or leaves it as it is: what is new is written beside it, reaches the disk, and
/// takes its name.
///
/// # Errors
/// If that is refused or the disk is full; nothing is left of the attempt.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new("/"));
    let beside = directory.join(format!("{UNFINISHED}XXXXXX"));
    let (file, beside) =
        mkstemp(&beside).with_context(|| format!("{} cannot be written", path.display()))?;
    let mut file = File::from(file);
    give_to_owner(&file, path);
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&beside, path));
    written
        .inspect_err(|_| drop(fs::remove_file(&beside)))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    // The name itself reaches the disk with its directory; where that cannot be asked for, later.
    if let Ok(directory) = File::open(directory) {
        let _ = directory.sync_all();
    }
    Ok(())
}

/// Removes what a killed program left unfinished. Call it with the lock held.
pub fn sweep(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Renames a damaged file, so that a new one can take its place and nothing is lost; its new name.
///
/// # Errors
/// If it cannot be renamed.
pub fn set_aside(path: &Path) -> Result<PathBuf> {
    let named = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        PathBuf::from(name)
    };
    let free = (1..=u32::MAX)
        .map(named)
        .find(|aside| aside.symlink_metadata().is_err());
    let aside = free.context("there is no name left for a damaged file")?;
    fs::rename(path, &aside)
        .with_context(|| format!("{} is damaged and cannot be renamed", path.display()))?;
    Ok(aside)
}

/// Keeps every other session of this user from writing, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _held: Option<Flock<File>>,
}

impl Lock {
    /// Waits for the lock file `path`.
    ///
    /// On a file system without locks (`flock(2)`: ENOLCK, EOPNOTSUPP) nothing is held: files are
    /// still replaced whole, and two sessions at the very same moment are rare.
    ///
    /// # Errors
    /// If the lock file cannot be made.
    pub fn take(path: &Path) -> Result<Self> {
        let fresh = !path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        if fresh {
            give_to_owner(&file, path);
        }
        loop {
            match Flock::lock(file, FlockArg::LockExclusive) {
                Ok(held) => return Ok(Self { _held: Some(held) }),
                Err((back, Errno::EINTR)) => file = back,
                Err((_, Errno::ENOLCK | Errno::EOPNOTSUPP | Errno::ENOSYS)) => {
                    return Ok(Self { _held: None });
                }
                Err((_, errno)) => {
                    return Err(errno)
                        .with_context(|| format!("{} cannot be locked", path.display()));
                }
            }
        }
    }
}
