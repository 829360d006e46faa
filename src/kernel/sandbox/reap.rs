//! Process 1 must wait for orphans, and must not take from `std::process` the children that its
//! owner will wait for.
//!
//! Both arrive as children of this process. What tells them apart is the process group: a child that
//! we started is in our group or leads a session of its own (`setsid(2)`), as a learner's shell does.
//! So a dead child in a foreign group that leads no session is surely an orphan, such as what a
//! shell left in the background. (Sessions alone would not do: our own, and that of a shell from a
//! second terminal, began outside, and here both have the number 0.) The rest is left to its owner;
//! an orphan among it stays a zombie, which is one entry of a table that goes with the sandbox.

use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
use nix::unistd::{Pid, getpgid, getpgrp, getsid};

/// From now on orphans are waited for.
pub fn orphans() -> Result<(), Errno> {
    let action = SigAction::new(
        SigHandler::Handler(on_child),
        SaFlags::SA_RESTART | SaFlags::SA_NOCLDSTOP,
        SigSet::empty(),
    );
    // SAFETY: `on_child` makes system calls only, and leaves errno as it was.
    unsafe { sigaction(Signal::SIGCHLD, &action) }.map(drop)
}

extern "C" fn on_child(_signal: libc::c_int) {
    let errno = Errno::last_raw();
    while let Some(orphan) = dead_orphan() {
        if waitpid(orphan, Some(WaitPidFlag::WNOHANG)).is_err() {
            break;
        }
    }
    Errno::set_raw(errno);
}

/// The first dead child, if it is surely an orphan.
fn dead_orphan() -> Option<Pid> {
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    let pid = waitid(Id::All, look).ok()?.pid()?;
    let (group, session) = (getpgid(Some(pid)).ok()?, getsid(Some(pid)).ok()?);
    (group != getpgrp() && session != pid).then_some(pid)
}
