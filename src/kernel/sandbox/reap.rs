//! Process 1 must wait for orphans, and must not take from `std::process` the children that its
//! owner will wait for.
//!
//! Both arrive as children of this process. What tells them apart is the session (`setsid(2)`): a
//! child that we started is in our session or leads one of its own, since no process can join
//! another's. So a dead child in a foreign session that it does not lead is surely an orphan, such
//! as what a learner's shell left in the background. The rest is left to its owner; an orphan among
//! it stays a zombie, which is one entry of a table that goes with the sandbox.

use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
use nix::unistd::{Pid, getsid};

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
    let session = getsid(Some(pid)).ok()?;
    let ours = getsid(None).ok()?;
    (session != ours && session != pid).then_some(pid)
}
