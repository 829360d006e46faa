//! The sandbox: private namespaces that the program makes for itself, as an ordinary user.
//!
//! Two processes. The *guardian* is the program as it was started. Before any thread exists it
//! clones a child into new mount, pid and net namespaces (and a user namespace, where it is not
//! root). The child is process 1 of its pid namespace, and everything else happens in it. When it
//! ends in any way the guardian puts the terminal back and reports; when the guardian ends in any
//! way the kernel kills the child, and with it, as it is process 1, every process within. So
//! nothing can outlive the program, and no clean-up code has to run for that to hold.
//!
//! See `user_namespaces(7)`, `pid_namespaces(7)`, `mount_namespaces(7)`, `network_namespaces(7)`.

mod birth;
mod conf;
mod fence;
mod guardian;
mod mounts;
mod names;
mod nursery;
mod reap;
mod report;
mod spaces;
mod tty;
mod uplink;
pub(super) mod wire;

use std::fs::File;
use std::io::Write;
use std::os::fd::BorrowedFd;

use anyhow::Context;
use nix::sched::{CloneFlags, setns, unshare};

pub use conf::pin;
pub use fence::fence;
pub(super) use guardian::Signals;
pub use guardian::leave_interrupts;
pub use names::watch_names;
pub use nursery::Nursery;
pub use report::Refused;
pub use spaces::{NetnsError, Spaces};
pub(super) use tty::Terminal;
pub use uplink::{Uplink, uplink};

/// Where namespaces with names are kept, as `ip netns` does.
pub const NETNS_DIR: &str = "/run/netns";

/// Runs `run` in a new sandbox and returns the status that the program should exit with.
///
/// Must be called while the process has one thread. The rest of the calling function goes on in
/// the guardian only: the child exits with the status that `run` returns.
///
/// If the child was killed, the terminal is put back, a sentence says so on standard error, and
/// the status is 128 plus the signal.
///
/// # Errors
/// [`Refused`] where namespaces or mounts are refused; otherwise whatever `run` failed with.
pub fn guard(run: impl FnOnce() -> anyhow::Result<u8>) -> anyhow::Result<u8> {
    let outside = birth::Outside::look()?;
    let signals = guardian::Signals::block().context("signals could not be blocked")?;
    let terminal = tty::Terminal::save();
    // Nothing is ever written to it: its end is open as long as the guardian lives.
    let (sees_end, guardian_lives) = birth::pipe()?;
    let (told, tell) = birth::pipe()?;
    // What is buffered now would otherwise be written by both processes.
    std::io::stdout().flush().ok();
    std::io::stderr().flush().ok();
    match birth::fork(&outside)? {
        birth::Fork::Child { user } => {
            drop((guardian_lives, told));
            birth::live(&outside, user, &sees_end, &signals, tell, run)
        }
        birth::Fork::Guardian(child) => {
            drop((sees_end, tell));
            // What the child is to use is the child's alone: it must not outlive it here.
            drop(run);
            let status = guardian::watch(child, &signals, terminal.as_ref(), told);
            drop(guardian_lives);
            status
        }
    }
}

/// Where a thread's own network namespace is found.
pub const THREAD_NETNS: &str = "/proc/thread-self/ns/net";

/// Calls `f` while this thread stands in the network namespace `ns`.
///
/// A socket keeps the namespace that it was opened in, so this is how sockets are opened. A
/// namespace belongs to a thread, so no other thread takes notice, and `f` cannot await anything:
/// the runtime's other tasks do not either.
///
/// # Errors
/// When `setns(2)` is refused.
///
/// # Panics
/// When `f` panics.
pub fn inside<T>(ns: BorrowedFd<'_>, f: impl FnOnce() -> T) -> anyhow::Result<T> {
    let _back = Back::here()?;
    setns(ns, CloneFlags::CLONE_NEWNET).context("the network namespace could not be entered")?;
    Ok(f())
}

/// Takes this thread out of the `host` namespace that it was born in, into one of its own. To be
/// called by a thread that outlives a rebuild: it would keep that `host` alive, with all its
/// devices, though nobody can see it any more. Outside a sandbox it does nothing.
pub fn leave_host() {
    if fence::is_raised() {
        // Refused, it stays, which wastes some memory and harms nothing.
        let _ = unshare(CloneFlags::CLONE_NEWNET);
    }
}

/// Takes this thread back to the network namespace that it stands in now, however it leaves it.
struct Back(File);

impl Back {
    fn here() -> anyhow::Result<Self> {
        let here = File::open(THREAD_NETNS);
        here.map(Self)
            .context("this thread's network namespace could not be opened")
    }
}

impl Drop for Back {
    fn drop(&mut self) {
        if setns(&self.0, CloneFlags::CLONE_NEWNET).is_err() {
            // Whatever came next would happen to the wrong network. The guardian tells of it.
            std::process::abort();
        }
    }
}
