//! The sandbox's own mounts: a private `/run` with an empty `/run/netns`, and `/proc` and `/sys`
//! that show the new namespaces.

use std::fs::{self, DirEntry, File};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, symlink};
use std::path::Path;

use anyhow::Context;
use nix::errno::Errno;
use nix::libc;
use nix::mount::{MsFlags, mount};

use super::NETNS_DIR;
use super::report::Refused;

/// Flags that a kernel file system wants when an ordinary user mounts it.
const INERT: MsFlags = MsFlags::MS_NOSUID
    .union(MsFlags::MS_NODEV)
    .union(MsFlags::MS_NOEXEC);

/// Arranges them all. What a container refuses and no lesson needs is left as it was.
pub fn arrange() -> anyhow::Result<()> {
    // From here on no mount of ours is seen outside, and none from outside is seen here.
    place(None, "/", None, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None)
        .map_err(|errno| Refused::new("private mounts", errno))?;
    fresh("proc", "/proc");
    fresh("sysfs", "/sys");
    private_run()?;
    netns_dir()
}

/// Mounts a kernel file system anew. Where that is refused (`mount_too_revealing` of
/// `fs/namespace.c`: a container hides parts of the old one) the old one stays.
fn fresh(kind: &str, at: &str) {
    if place(Some(kind), at, Some(kind), INERT, None).is_err() {
        place(Some(kind), at, Some(kind), INERT | MsFlags::MS_RDONLY, None).ok();
    }
}

/// An own tmpfs on `/run`, in which everything of the old `/run` but `netns` is found again.
fn private_run() -> anyhow::Result<()> {
    let old = File::options()
        .read(true)
        .custom_flags(libc::O_PATH | libc::O_DIRECTORY)
        .open("/run")
        .context("/run is not there, so namespaces cannot have names")?;
    let entries: Vec<DirEntry> = fs::read_dir("/run")
        .context("/run cannot be read")?
        .flatten()
        .collect();
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    place(
        Some("tmpfs"),
        "/run",
        Some("tmpfs"),
        flags,
        Some("mode=755"),
    )
    .map_err(|errno| Refused::new("mount of /run", errno))?;
    // The old directory is covered now, and is still reached through its descriptor.
    let old_path = format!("/proc/self/fd/{}", old.as_raw_fd());
    for entry in entries.iter().filter(|entry| entry.file_name() != "netns") {
        // What cannot be bound (gone meanwhile, not allowed) is not there for the learner.
        bring_back(Path::new(&old_path), entry).ok();
    }
    Ok(())
}

/// Makes an entry of the old `/run` appear in the new one.
fn bring_back(old: &Path, entry: &DirEntry) -> anyhow::Result<()> {
    let from = old.join(entry.file_name());
    let to = Path::new("/run").join(entry.file_name());
    let kind = entry.file_type()?;
    if kind.is_symlink() {
        return Ok(symlink(fs::read_link(from)?, to)?);
    }
    if kind.is_dir() {
        fs::create_dir(&to)?;
    } else {
        File::create_new(&to)?;
    }
    let bound = mount(
        Some(&from),
        &to,
        None::<&str>,
        MsFlags::MS_BIND | MsFlags::MS_REC,
        None::<&str>,
    );
    if bound.is_err() {
        // An empty stand-in would be worse than nothing.
        if kind.is_dir() {
            fs::remove_dir(&to)?;
        } else {
            fs::remove_file(&to)?;
        }
    }
    Ok(bound?)
}

/// `/run/netns` as `ip netns add` makes it the first time (`create_netns_dir` and what follows in
/// iproute2's `ipnetns.c`): a mount of its own that shares what is mounted in it, so that a name
/// made or deleted here is made or deleted for a shell behind `ip netns exec` too.
fn netns_dir() -> anyhow::Result<()> {
    fs::create_dir(NETNS_DIR).with_context(|| format!("{NETNS_DIR} cannot be made"))?;
    let bind = MsFlags::MS_BIND | MsFlags::MS_REC;
    let shared = MsFlags::MS_SHARED | MsFlags::MS_REC;
    place(Some(NETNS_DIR), NETNS_DIR, None, bind, None)
        .and_then(|()| place(None, NETNS_DIR, None, shared, None))
        .map_err(|errno| Refused::new("mount of /run/netns", errno))?;
    also_in_var_run();
    Ok(())
}

/// Old systems have a `/var/run` that is not a symbolic link to `/run`.
fn also_in_var_run() {
    let inode = |path: &str| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    if let (Ok(run), Ok(var_run)) = (inode("/run"), inode("/var/run"))
        && run != var_run
    {
        let bind = MsFlags::MS_BIND | MsFlags::MS_REC;
        place(Some("/run"), "/var/run", None, bind, None).ok();
    }
}

/// `mount(2)`, spelt shorter.
fn place(
    source: Option<&str>,
    target: &str,
    kind: Option<&str>,
    flags: MsFlags,
    data: Option<&str>,
) -> Result<(), Errno> {
    mount(source, target, kind, flags, data)
}
