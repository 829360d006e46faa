//! From one process to two: the clone, and what the child does before anything else.

use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, bail, ensure};
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sched::CloneFlags;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Pid, Uid, getegid, geteuid};

use super::guardian::Signals;
use super::report::{Refused, Report};
use super::{mounts, reap};

/// Namespaces that must differ between guardian and child.
const ISOLATED: [&str; 3] = ["net", "mnt", "pid"];

/// Exit status of a child that panicked, as of any Rust program.
const PANICKED: i32 = 101;

/// What the guardian knows of itself, for the child to compare with.
pub struct Outside {
    uid: Uid,
    gid: Gid,
    namespaces: [u64; 3],
}

impl Outside {
    /// Looks at this process, which must have one thread.
    pub fn look() -> anyhow::Result<Self> {
        let threads = fs::read_dir("/proc/self/task")
            .context("/proc is not there, so no sandbox can be made")?
            .count();
        ensure!(
            threads == 1,
            "a sandbox is made by a process with one thread, and this one has {threads}"
        );
        Ok(Self {
            uid: geteuid(),
            gid: getegid(),
            namespaces: namespaces()?,
        })
    }
}

/// Inodes of this process's namespaces; equal inodes are the same namespace (`namespaces(7)`).
fn namespaces() -> anyhow::Result<[u64; 3]> {
    let mut inodes = [0; 3];
    for (inode, kind) in inodes.iter_mut().zip(ISOLATED) {
        let path = format!("/proc/self/ns/{kind}");
        *inode = fs::metadata(&path)
            .with_context(|| format!("{path} could not be looked at"))?
            .ino();
    }
    Ok(inodes)
}

/// A pipe whose ends no other program inherits: read end, write end.
pub fn pipe() -> anyhow::Result<(OwnedFd, OwnedFd)> {
    nix::unistd::pipe2(OFlag::O_CLOEXEC).context("no pipe could be made")
}

/// Which of the two processes this is.
pub enum Fork {
    /// Process 1 of the sandbox; has it a user namespace of its own?
    Child { user: bool },
    /// The process as it was started.
    Guardian(Pid),
}

/// Clones this process into new namespaces.
pub fn fork(outside: &Outside) -> Result<Fork, Refused> {
    let private = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWNET;
    if outside.uid.is_root() {
        match clone(private) {
            // Root without the capability (as in a container) is an ordinary user here.
            Err(Errno::EPERM) => {}
            Err(errno) => return Err(Refused::new("namespaces", errno)),
            Ok(None) => return Ok(Fork::Child { user: false }),
            Ok(Some(child)) => return Ok(Fork::Guardian(child)),
        }
    }
    match clone(private | CloneFlags::CLONE_NEWUSER) {
        Err(errno) => Err(Refused::new("namespaces", errno)),
        Ok(None) => Ok(Fork::Child { user: true }),
        Ok(Some(child)) => Ok(Fork::Guardian(child)),
    }
}

/// `clone(2)` used as `fork(2)` with namespaces: `None` in the child.
fn clone(flags: CloneFlags) -> Result<Option<Pid>, Errno> {
    let flags = libc::c_long::from(flags.bits() | libc::SIGCHLD);
    let null: libc::c_long = 0;
    // SAFETY: without CLONE_VM and with a null stack the child runs on a copy of this one, as after
    // fork(2). The process has one thread (`Outside::look`), so no lock is held by another. On
    // s390x the stack comes before the flags; the other arguments are null on every machine.
    let answer = unsafe {
        if cfg!(target_arch = "s390x") {
            libc::syscall(libc::SYS_clone, null, flags, null, null, null)
        } else {
            libc::syscall(libc::SYS_clone, flags, null, null, null, null)
        }
    };
    let pid = Errno::result(answer)?;
    let pid = libc::pid_t::try_from(pid).map_err(|_| Errno::EOVERFLOW)?;
    Ok((pid != 0).then(|| Pid::from_raw(pid)))
}

/// The child's whole life.
pub fn live(
    outside: &Outside,
    user: bool,
    guardian: &OwnedFd,
    signals: &Signals,
    tell: OwnedFd,
    run: impl FnOnce() -> anyhow::Result<u8>,
) -> ! {
    tie_to_guardian(guardian);
    let settled = settle(outside, user).and_then(|()| {
        reap::orphans().context("orphans cannot be reaped")?;
        signals.unblock().context("signals stay blocked")
    });
    let lived = settled.map(|()| catch_unwind(AssertUnwindSafe(run)));
    let status = match lived {
        Ok(Ok(Ok(status))) => i32::from(status),
        Ok(Ok(Err(error))) | Err(error) => {
            Report::of(&error).send(tell);
            1
        }
        Ok(Err(_panic)) => {
            Report::Panicked.send(tell);
            PANICKED
        }
    };
    std::process::exit(status)
}

/// Has the kernel kill this process when the guardian ends.
fn tie_to_guardian(pipe: &OwnedFd) {
    let tied = set_pdeathsig(Signal::SIGKILL).is_ok();
    // A guardian that ended before that line brings no signal. But its files are closed by then
    // (`do_exit` of `kernel/exit.c` closes them before it tells children), and so is the pipe.
    let mut guardian = [PollFd::new(pipe.as_fd(), PollFlags::empty())];
    let lives = poll(&mut guardian, PollTimeout::ZERO) == Ok(0);
    if !tied || !lives {
        std::process::exit(1);
    }
}

/// Takes possession of the new namespaces, having proved that they are new.
fn settle(outside: &Outside, user: bool) -> anyhow::Result<()> {
    if user {
        map_ids(outside).map_err(|errno| Refused::new("user namespace", errno))?;
    }
    let within = namespaces()?;
    for ((kind, before), now) in ISOLATED.iter().zip(outside.namespaces).zip(within) {
        if before == now {
            bail!("the new {kind} namespace is the machine's own, so nothing was done");
        }
        if *kind == "net" {
            super::fence::raise(before);
        }
    }
    mounts::arrange()
}

/// This user becomes root within, and nobody else has a name there.
fn map_ids(outside: &Outside) -> Result<(), Errno> {
    let write = |file: &str, text: String| {
        fs::write(format!("/proc/self/{file}"), text)
            .map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO)))
    };
    // Without this an ordinary user may not write `gid_map` (CVE-2014-8989).
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("0 {} 1", outside.uid))?;
    write("gid_map", format!("0 {} 1", outside.gid))
}
