//! The program as a job of this terminal.
//!
//! It gets a process group of its own and the terminal's foreground, as a shell gives them, so that
//! Ctrl-C and Ctrl-Z are its own. Stopped, it stops us, so that the shell before us sees it; when we
//! go on, it goes on. In a pipeline, where other processes of our group use the terminal too (a
//! pager, say), it stays in our group instead.

use std::io::{IsTerminal, Read, stdin, stdout};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{Signal, kill, killpg, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpid};

use crate::kernel::sandbox::{Signals, Terminal};

/// What is hung up on has so long to say goodbye (bash writes its history).
const GOODBYE: Duration = Duration::from_millis(500);

/// A program that runs.
pub struct Job {
    child: Pid,
    signals: Signals,
    /// The terminal whose foreground it was given.
    terminal: Option<Terminal>,
}

impl Job {
    /// Starts it.
    pub fn start(mut command: Command) -> std::io::Result<Self> {
        let signals = Signals::block()?;
        let terminal = Terminal::save();
        let alone = stdin().is_terminal() && stdout().is_terminal();
        let terminal = terminal.filter(|terminal| alone && terminal.is_ours());
        let given = terminal.as_ref().map(Terminal::foreground).transpose()?;
        let unblocked = signals.before();
        if alone {
            command.process_group(0);
        }
        let begin = move || {
            // Without us nobody waits for it; a shell whose terminal is gone leaves.
            set_pdeathsig(Signal::SIGHUP)?;
            if let Some(foreground) = &given {
                foreground.give_to(getpid());
            }
            // Inherited, and kept by whatever is executed.
            Ok(unblocked.thread_set_mask()?)
        };
        // SAFETY: between fork and exec only system calls are made (prctl, getpid, ioctl,
        // rt_sigprocmask), and nothing is allocated.
        let command = unsafe { command.pre_exec(begin) };
        let child = command.spawn();
        if child.is_err() {
            signals.unblock()?;
        }
        // No process id is larger than the type that the kernel has for it.
        let child = Pid::from_raw(child?.id().cast_signed());
        Ok(Self {
            child,
            signals,
            terminal,
        })
    }

    /// Waits until it has ended, passing on what we are told meanwhile, and takes the terminal back.
    /// How it ended, and whether it was hung up on because `session` said that its namespaces are
    /// void.
    pub fn wait(self, mut session: &UnixStream) -> Result<(WaitStatus, bool)> {
        let told = SignalFd::with_flags(self.signals.taken(), SfdFlags::SFD_CLOEXEC)
            .context("signals cannot be read")?;
        let mut hung_up: Option<Instant> = None;
        let mut listening = true;
        let ended = loop {
            let events = PollFlags::POLLIN;
            let ear = if listening {
                events
            } else {
                PollFlags::empty()
            };
            let mut polled = [
                PollFd::new(told.as_fd(), events),
                PollFd::new(session.as_fd(), ear),
            ];
            let patience = hung_up.map_or(PollTimeout::NONE, left);
            match poll(&mut polled, patience) {
                Ok(0) => {
                    self.signal(Signal::SIGKILL);
                    hung_up = Some(Instant::now() + GOODBYE);
                }
                Ok(_) => {}
                Err(Errno::EINTR) => continue,
                Err(errno) => return Err(errno).context("nothing can be waited for"),
            }
            // It says that the namespaces are void, or has ended, and all within with it.
            if listening && polled[1].any() == Some(true) {
                listening = false;
                if session.read(&mut [0; 64]).is_ok_and(|length| length > 0) {
                    hung_up = Some(Instant::now() + GOODBYE);
                    self.signal(Signal::SIGHUP);
                    self.signal(Signal::SIGCONT);
                }
            }
            if polled[0].any() != Some(true) {
                continue;
            }
            if let Some(ended) = self.heed(&told)? {
                break ended;
            }
        };
        let unlike_itself = matches!(ended, WaitStatus::Signaled(..)) || hung_up.is_some();
        if let Some(terminal) = &self.terminal {
            terminal.take_back();
            if unlike_itself {
                terminal.put_back(true);
            }
        }
        self.signals.unblock().ok();
        Ok((ended, hung_up.is_some()))
    }

    /// Takes one signal; how the program has ended, if that is what it says.
    fn heed(&self, told: &SignalFd) -> Result<Option<WaitStatus>> {
        let signal = told.read_signal().context("no signal can be read")?;
        let Some(signal) = signal else {
            return Ok(None);
        };
        let number = signal.ssi_signo.cast_signed();
        match Signal::try_from(number).context("a signal that is none")? {
            Signal::SIGCHLD => match self.look()? {
                WaitStatus::Stopped(..) => self.stop_too(),
                WaitStatus::StillAlive => {}
                ended => return Ok(Some(ended)),
            },
            // The terminal itself has told the program as well.
            _ if signal.ssi_code == libc::SI_KERNEL && self.terminal.is_none() => {}
            signal => drop(kill(self.child, signal)),
        }
        Ok(None)
    }

    /// Sends a signal to the program, and to what it runs in the foreground.
    fn signal(&self, signal: Signal) {
        // Whoever has ended meanwhile needs none.
        if let Some(group) = self.terminal.as_ref().and_then(Terminal::foreground_group) {
            killpg(group, signal).ok();
        }
        kill(self.child, signal).ok();
    }

    fn look(&self) -> Result<WaitStatus> {
        let how = WaitPidFlag::WNOHANG | WaitPidFlag::WUNTRACED;
        waitpid(self.child, Some(how)).context("the program cannot be waited for")
    }

    /// Stops, with the terminal in the hands of the shell before us, until that says go on; in the
    /// background (`bg`) without the terminal.
    fn stop_too(&self) {
        if let Some(terminal) = &self.terminal {
            terminal.take_back();
        }
        raise(Signal::SIGSTOP).ok();
        match &self.terminal {
            Some(terminal) => {
                if terminal.is_ours() {
                    terminal.give_to(self.child);
                }
                killpg(self.child, Signal::SIGCONT).ok();
            }
            None => drop(kill(self.child, Signal::SIGCONT)),
        }
    }
}

/// How long to wait for what is due then.
fn left(due: Instant) -> PollTimeout {
    // Rounded up: a wait that is too short would be repeated.
    let left = due.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
    PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
}
