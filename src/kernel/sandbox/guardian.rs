//! The process as it was started: it waits, passes signals on, and puts the terminal back.

use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use anyhow::{Context, anyhow};
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal};
use nix::sys::signal::{kill, raise, sigaction};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::report::Report;
use super::tty::Terminal;

/// Signals that end the program.
const DEADLY: [Signal; 4] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
];

/// Signals that the guardian takes one by one, in the order of their coming.
pub struct Signals {
    before: SigSet,
    taken: SigSet,
}

impl Signals {
    /// Blocks them, so that none is lost and none interrupts.
    pub fn block() -> Result<Self, Errno> {
        let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
        // SAFETY: the default action runs no code of ours. A parent may have left SIGCHLD ignored,
        // and then no status could be waited for.
        unsafe { sigaction(Signal::SIGCHLD, &default) }?;
        let mut taken = SigSet::empty();
        taken.add(Signal::SIGCHLD);
        for signal in DEADLY.into_iter().chain([Signal::SIGTSTP]) {
            // What nohup(1) or a shell has told us to ignore stays ignored.
            if !ignored(signal)? {
                taken.add(signal);
            }
        }
        let before = taken.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        Ok(Self { before, taken })
    }

    /// Those that are taken.
    pub fn taken(&self) -> &SigSet {
        &self.taken
    }

    /// Signals that were blocked before, and are to be for whatever we start.
    pub fn before(&self) -> SigSet {
        self.before
    }

    /// Lets them through again, as before.
    pub fn unblock(&self) -> Result<(), Errno> {
        self.before.thread_set_mask()
    }
}

/// Leaves Ctrl-C to what [`guard`](super::guard) is called with next: a terminal in its usual modes
/// sends SIGINT to guardian and child alike, and the guardian takes it for the end.
///
/// # Errors
/// If sigaction(2) fails.
pub fn leave_interrupts() -> anyhow::Result<()> {
    let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    // SAFETY: to ignore a signal runs no code of ours. The child replaces it by its own handler.
    unsafe { sigaction(Signal::SIGINT, &ignore) }.context("SIGINT could not be ignored")?;
    Ok(())
}

/// Is this signal ignored now?
fn ignored(signal: Signal) -> Result<bool, Errno> {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: with no new action given sigaction(2) only writes the present one to `action`.
    let action = unsafe {
        Errno::result(libc::sigaction(
            signal as libc::c_int,
            std::ptr::null(),
            action.as_mut_ptr(),
        ))?;
        action.assume_init()
    };
    Ok(action.sa_sigaction == libc::SIG_IGN)
}

/// Waits until the child has ended, and returns the status that the program should exit with.
pub fn watch(
    child: Pid,
    signals: &Signals,
    terminal: Option<&Terminal>,
    told: OwnedFd,
) -> anyhow::Result<u8> {
    let mut deadly = None;
    let ended = loop {
        match signals
            .taken
            .wait()
            .context("no signal can be waited for")?
        {
            Signal::SIGCHLD => {
                let status = waitpid(child, Some(WaitPidFlag::WNOHANG))
                    .context("the sandbox cannot be waited for")?;
                if status != WaitStatus::StillAlive {
                    break status;
                }
            }
            Signal::SIGTSTP => suspend(child, signals, terminal),
            signal => {
                deadly = Some(signal);
                kill(child, Signal::SIGKILL).ok();
            }
        }
    };
    let report = Report::receive(told);
    let died = !matches!(ended, WaitStatus::Exited(..)) || matches!(report, Some(Report::Panicked));
    if let Some(terminal) = terminal {
        terminal.put_back(died);
    }
    signals.unblock().ok();
    match (ended, report) {
        (_, Some(Report::Refused(refused))) => Err(refused.into()),
        (_, Some(Report::Failed(text))) => Err(anyhow!(text)),
        (WaitStatus::Exited(_, status), _) => Ok(u8::try_from(status).unwrap_or(u8::MAX)),
        (WaitStatus::Signaled(_, signal, _), _) => {
            if deadly.is_none() {
                eprintln!("The sandbox was killed by {signal}; nothing of it is left.");
            }
            Ok(killed_by(deadly.unwrap_or(signal)))
        }
        (other, _) => Err(anyhow!("the sandbox ended in an unknown way: {other:?}")),
    }
}

/// The status that a shell gives a program killed by `signal`.
fn killed_by(signal: Signal) -> u8 {
    u8::try_from(128 + signal as i32).unwrap_or(u8::MAX)
}

/// Stops child and guardian, with the terminal as the shell knows it, until a SIGCONT.
///
/// The child, being process 1, would never stop by itself.
fn suspend(child: Pid, signals: &Signals, terminal: Option<&Terminal>) {
    kill(child, Signal::SIGSTOP).ok();
    let screen = terminal.and_then(Terminal::lend_to_shell);
    raise(Signal::SIGSTOP).ok();
    // Going on. A hangup that came meanwhile is pending, and is taken next.
    if let (Some(terminal), Some(screen)) = (terminal, screen) {
        terminal.take_from_shell(&screen);
    }
    debug_assert!(signals.taken.contains(Signal::SIGCHLD));
    kill(child, Signal::SIGCONT).ok();
    kill(child, Signal::SIGWINCH).ok();
}
