//! The network namespaces of a sandbox: `host`, `internet`, and those with names.

use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use nix::errno::Errno;
use nix::libc;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::sys::statfs::{FsType, fstatfs};
use nix::unistd::{getpid, gettid};

use super::wire::{LO, Wire, set_up};
use super::{Back, NETNS_DIR, THREAD_NETNS, conf};
use crate::command::request::meaning;
use crate::world::Ns;

/// `NSFS_MAGIC` of `linux/magic.h`: the file system whose files are namespaces.
const NSFS: FsType = FsType(0x6e73_6673);

/// A name refused, as `ip netns` refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetnsError {
    /// What it writes to standard error, without the line end.
    pub text: String,
    /// Its exit status.
    pub status: u8,
    /// What the kernel said, positive; 0 if it was not asked.
    pub errno: i32,
}

impl NetnsError {
    fn kernel(text: &str, errno: Errno) -> Self {
        Self {
            text: format!("{text}: {}", meaning(errno as i32)),
            status: 1,
            errno: errno as i32,
        }
    }
}

impl fmt::Display for NetnsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for NetnsError {}

/// The network namespaces of this sandbox.
///
/// Only `host` and `internet` are held, by every clone. A name is opened when it is asked for,
/// since an open descriptor would keep a deleted namespace alive.
#[derive(Clone, Debug)]
pub struct Spaces {
    host: Arc<OwnedFd>,
    internet: Option<Arc<OwnedFd>>,
}

impl Spaces {
    /// Those of a sandbox just made: `host` is the namespace that its first process was born in.
    ///
    /// # Errors
    /// When called outside a sandbox's first thread, or when `host` cannot be made ready.
    pub fn new() -> anyhow::Result<Self> {
        first_thread()?;
        Ok(Self {
            host: host_here()?,
            internet: None,
        })
    }

    /// A descriptor of `ns`. Drop it soon if `ns` has a name.
    ///
    /// # Errors
    /// [`NetnsError`] when there is no such namespace, as `ip -n` says it.
    pub fn fd(&self, ns: &Ns) -> Result<Arc<OwnedFd>, NetnsError> {
        match ns {
            Ns::Host => Ok(Arc::clone(&self.host)),
            Ns::Internet => self.internet.clone().ok_or_else(|| no_such("internet")),
            Ns::Named(name) => open(name).map(Arc::new).ok_or_else(|| no_such(name)),
        }
    }

    /// The names in `/run/netns` behind which there is a namespace, in the directory's order (as
    /// `ip netns list` prints them).
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn names(&self) -> anyhow::Result<Vec<String>> {
        Ok(files()?
            .into_iter()
            .filter_map(|name| name.into_string().ok())
            .filter(|name| open(name).is_some())
            .collect())
    }

    /// Makes a namespace with a name, as `ip netns add` does.
    ///
    /// # Errors
    /// When the name is taken or is none, or the kernel refuses.
    pub fn add(&self, name: &str) -> Result<(), NetnsError> {
        self.christen(name, || None)
    }

    /// The same with a namespace that `newborn` gives, if it has one; it is asked once the name is
    /// known to be free.
    ///
    /// # Errors
    /// When the name is taken or is none, or the kernel refuses.
    pub fn christen(
        &self,
        name: &str,
        newborn: impl FnOnce() -> Option<OwnedFd>,
    ) -> Result<(), NetnsError> {
        let path = path_of(name)?;
        File::options()
            .write(true)
            .create_new(true)
            .mode(0o000)
            .open(&path)
            .map_err(|error| {
                let text = format!("Cannot create namespace file \"{}\"", path.display());
                NetnsError::kernel(&text, errno_of(&error))
            })?;
        let added = match newborn() {
            Some(newborn) => {
                let source = format!("/proc/self/fd/{}", newborn.as_raw_fd());
                bind(&source, &path)
            }
            None => add_at(&path),
        };
        added.inspect_err(|_| {
            fs::remove_file(&path).ok();
        })
    }

    /// Takes a name away, as `ip netns del` does. The namespace lives on while a process stands
    /// in it or a descriptor of it is open.
    ///
    /// # Errors
    /// When there is no such name.
    pub fn del(&self, name: &str) -> Result<(), NetnsError> {
        let path = path_of(name)?;
        umount2(&path, MntFlags::MNT_DETACH).ok();
        fs::remove_file(&path).map_err(|error| {
            let text = format!("Cannot remove namespace file \"{}\"", path.display());
            NetnsError::kernel(&text, errno_of(&error))
        })
    }

    /// Starts anew: no name, no `internet`, and an empty `host` in which this thread then stands.
    ///
    /// Drop every socket and descriptor of the old namespaces too, or they live on.
    ///
    /// # Errors
    /// When called on another thread than the first one, or when the kernel refuses.
    pub fn rebuild(&mut self) -> anyhow::Result<()> {
        first_thread()?;
        for name in files()? {
            let path = Path::new(NETNS_DIR).join(name);
            // Twice mounted on, it has to be unmounted twice.
            while umount2(&path, MntFlags::MNT_DETACH).is_ok() {}
            fs::remove_file(&path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
        }
        self.internet = None;
        unshare(CloneFlags::CLONE_NEWNET).context("no new host namespace can be made")?;
        self.host = host_here()?;
        Ok(())
    }

    /// Makes `internet`, or finds it made, and returns it.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn internet(&mut self) -> anyhow::Result<Arc<OwnedFd>> {
        if let Some(internet) = &self.internet {
            return Ok(Arc::clone(internet));
        }
        let made = internet().context("the internet namespace cannot be made")?;
        Ok(Arc::clone(self.internet.insert(Arc::new(made))))
    }
}

/// A new namespace that nothing but its descriptor keeps.
fn internet() -> anyhow::Result<OwnedFd> {
    let _back = Back::here()?;
    unshare(CloneFlags::CLONE_NEWNET)?;
    conf::pin_new()?;
    Ok(OwnedFd::from(File::open(THREAD_NETNS)?))
}

/// Is this the first thread of its process, whose namespace `/proc/1/ns/net` shows?
fn first_thread() -> anyhow::Result<()> {
    ensure!(
        getpid() == gettid(),
        "the host namespace belongs to the program's first thread, and this is another"
    );
    Ok(())
}

/// This thread's namespace made ready to be `host`: a machine's `lo` is up from its start.
fn host_here() -> anyhow::Result<Arc<OwnedFd>> {
    conf::pin_new().context("the host namespace's settings")?;
    Wire::open()
        .and_then(|mut wire| wire.ask(&[set_up(LO)]))
        .context("lo cannot be set up")?;
    let host = File::open(THREAD_NETNS).context("the host namespace cannot be opened")?;
    Ok(Arc::new(host.into()))
}

/// A new namespace, mounted on `path`.
fn add_at(path: &Path) -> Result<(), NetnsError> {
    let _back = Back::here().map_err(|error| NetnsError {
        text: format!("{error:#}"),
        status: 1,
        errno: 0,
    })?;
    unshare(CloneFlags::CLONE_NEWNET).map_err(|errno| {
        let text = format!(
            "Failed to create a new network namespace \"{}\"",
            name_of(path)
        );
        NetnsError::kernel(&text, errno)
    })?;
    conf::pin_new().map_err(|error| NetnsError::kernel(&error.to_string(), errno_of(&error)))?;
    bind(THREAD_NETNS, path)
}

/// Mounts the namespace behind `source` on `path`.
fn bind(source: &str, path: &Path) -> Result<(), NetnsError> {
    let flags = MsFlags::MS_BIND;
    mount(Some(source), path, None::<&str>, flags, None::<&str>).map_err(|errno| {
        let text = format!("Bind /proc/self/ns/net -> {} failed", path.display());
        NetnsError::kernel(&text, errno)
    })
}

/// Opens the namespace behind a name, if there is one.
fn open(name: &str) -> Option<OwnedFd> {
    let file = File::open(path_of(name).ok()?).ok()?;
    let kind = fstatfs(file.as_fd()).ok()?.filesystem_type();
    (kind == NSFS).then(|| file.into())
}

/// Everything in `/run/netns`, namespace or not.
fn files() -> anyhow::Result<Vec<OsString>> {
    fs::read_dir(NETNS_DIR)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect())
        .with_context(|| format!("{NETNS_DIR} cannot be read"))
}

/// Where a name is kept. `ip netns` takes no name that would lead elsewhere (`invalid_name` of its
/// `ipnetns.c`).
fn path_of(name: &str) -> Result<PathBuf, NetnsError> {
    let longest = usize::try_from(libc::NAME_MAX).unwrap_or(255);
    if name.is_empty()
        || name.len() > longest
        || name.contains(['/', '\0'])
        || name == "."
        || name == ".."
    {
        return Err(NetnsError {
            text: format!("Invalid netns name \"{name}\""),
            status: 255,
            errno: 0,
        });
    }
    Ok(Path::new(NETNS_DIR).join(name))
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn no_such(name: &str) -> NetnsError {
    NetnsError {
        status: 255,
        ..NetnsError::kernel(
            &format!("Cannot open network namespace \"{name}\""),
            Errno::ENOENT,
        )
    }
}

fn errno_of(error: &std::io::Error) -> Errno {
    Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO))
}
