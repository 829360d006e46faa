//! The terminal as it was before the program, and as it must be again after it.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write, stdin};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;

use nix::libc;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::termios::{FlushArg, SetArg, Termios, tcflush, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};

/// Ends everything that a full-screen program may have begun: mouse reports, focus reports,
/// bracketed paste, colours, the alternate screen, a hidden cursor ("Xterm Control Sequences",
/// under "DEC Private Mode Reset"). Leaving the alternate screen restores the cursor even where
/// nothing had entered it, so its place is saved just before.
const LEAVE_SCREEN: &str = "\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1004l\
                            \x1b[?2004l\x1b[0m\x1b7\x1b[?1049l\x1b[?25h";

/// What a full-screen program has begun: the alternate screen, a hidden cursor.
const ENTER_SCREEN: &str = "\x1b[?1049h\x1b[?25l";

/// Milliseconds after which a terminal that takes nothing is stuck.
const STUCK: u8 = 250;

/// A terminal and its modes.
pub struct Terminal {
    device: File,
    modes: Termios,
}

impl Terminal {
    /// Remembers the modes of the terminal that we were started from, if there is one.
    pub fn save() -> Option<Self> {
        let device = if stdin().is_terminal() {
            File::from(stdin().as_fd().try_clone_to_owned().ok()?)
        } else {
            OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(libc::O_NOCTTY | libc::O_CLOEXEC)
                .open("/dev/tty")
                .ok()?
        };
        let modes = tcgetattr(&device).ok()?;
        Some(Self { device, modes })
    }

    /// Its foreground, to be given away from another process.
    pub fn foreground(&self) -> std::io::Result<Foreground> {
        self.device.try_clone().map(Foreground)
    }

    /// Is it our controlling terminal, with our process group in its foreground?
    pub fn is_ours(&self) -> bool {
        tcgetpgrp(&self.device) == Ok(getpgrp())
    }

    /// The process group in its foreground, unless that is our own.
    pub fn foreground_group(&self) -> Option<Pid> {
        let group = tcgetpgrp(&self.device).ok()?;
        (group != getpgrp()).then_some(group)
    }

    /// Puts a process group of our session in its foreground.
    pub fn give_to(&self, group: Pid) {
        give(&self.device, group);
    }

    /// Puts our own process group in its foreground.
    pub fn take_back(&self) {
        self.give_to(getpgrp());
    }

    /// Puts the modes back; if the program `died` on a full screen, leaves that too.
    pub fn put_back(&self, died: bool) {
        let Some(changed) = self.changed() else {
            return;
        };
        let screen = died && changed != self.modes;
        self.set(&self.modes, screen.then_some(LEAVE_SCREEN));
    }

    /// Gives a shell its terminal while we are stopped. Returns the modes to come back to, if the
    /// program has changed any.
    pub fn lend_to_shell(&self) -> Option<Termios> {
        let changed = self.changed().filter(|modes| *modes != self.modes)?;
        self.set(&self.modes, Some(LEAVE_SCREEN));
        Some(changed)
    }

    /// Takes the terminal back from the shell.
    pub fn take_from_shell(&self, modes: &Termios) {
        self.set(modes, Some(ENTER_SCREEN));
    }

    /// Its modes now, unless another program has it in the foreground.
    fn changed(&self) -> Option<Termios> {
        // Another's terminal (ENOTTY: not our controlling one) has no foreground to respect.
        if tcgetpgrp(&self.device).is_ok_and(|group| group != getpgrp()) {
            return None;
        }
        tcgetattr(&self.device).ok()
    }

    /// A terminal that shows nothing any more (stopped, or its emulator is stuck) would hold us in
    /// `write` for good. What it has not shown by then is thrown away.
    fn make_room(&self) {
        let mut polled = [PollFd::new(self.device.as_fd(), PollFlags::POLLOUT)];
        if poll(&mut polled, STUCK).is_ok_and(|ready| ready == 0) {
            tcflush(&self.device, FlushArg::TCOFLUSH).ok();
        }
    }

    fn set(&self, modes: &Termios, sequence: Option<&str>) {
        let quiet = Quiet::now();
        if let Some(sequence) = sequence {
            self.make_room();
            (&self.device).write_all(sequence.as_bytes()).ok();
        }
        // At once: waiting until all is shown would be waiting for whoever shows it.
        tcsetattr(&self.device, SetArg::TCSANOW, modes).ok();
        drop(quiet);
    }
}

/// The foreground of a terminal.
pub struct Foreground(File);

impl Foreground {
    /// Puts a process group of our session there. Makes system calls only.
    pub fn give_to(&self, group: Pid) {
        give(&self.0, group);
    }
}

fn give(device: &File, group: Pid) {
    let _quiet = Quiet::now();
    tcsetpgrp(device, group).ok();
}

/// While it lives, what we do to the terminal from the background does not stop us (`termios(3)`,
/// TOSTOP; `tcsetpgrp(3)`).
struct Quiet(Option<SigSet>);

impl Quiet {
    fn now() -> Self {
        let mut output = SigSet::empty();
        output.add(Signal::SIGTTOU);
        Self(output.thread_swap_mask(SigmaskHow::SIG_BLOCK).ok())
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(before) = self.0 {
            before.thread_set_mask().ok();
        }
    }
}
