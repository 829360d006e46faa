//! A pseudo-terminal and the program in it.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::libc;
use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::termios::{InputFlags, SetArg, tcgetattr, tcsetattr};

use crate::kernel::sandbox;
use crate::session::shell::Size;

/// A program in a terminal.
pub struct Started {
    /// Our side of the terminal; reading and writing never wait.
    pub master: File,
    /// The program.
    pub child: Child,
    /// Readable when the program has ended (`pidfd_open(2)`).
    pub ended: OwnedFd,
    /// Its side, held open: with the last of them closed ours would be at its end, though the
    /// program can open its terminal again.
    _slave: OwnedFd,
}

impl Started {
    /// Starts `command` in a new terminal, in the network namespace `space`.
    ///
    /// # Errors
    /// If there is no terminal left, or the program cannot be executed.
    pub fn new(mut command: Command, space: BorrowedFd<'_>, size: Size) -> Result<Self> {
        let OpenptyResult { master, slave } =
            openpty(&winsize(size), None).context("no pseudo-terminal could be opened")?;
        for end in [&master, &slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        }
        fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        erase_whole_characters(&slave).context("setting the terminal's modes")?;
        let stdio = || slave.try_clone().map(Stdio::from);
        command.stdin(stdio()?).stdout(stdio()?).stderr(stdio()?);
        // SAFETY: `lead` makes system calls only, as what runs between fork and exec must.
        unsafe { command.pre_exec(lead) };
        let program = command.get_program().to_string_lossy().into_owned();
        let child = sandbox::inside(space, || command.spawn())?
            .with_context(|| format!("{program} could not be started"))?;
        let ended = pidfd(&child).context("watching over the shell")?;
        Ok(Self {
            master: master.into(),
            child,
            ended,
            _slave: slave,
        })
    }

    /// Tells the programs in the terminal its size.
    pub fn resize(&self, size: Size) {
        let size = winsize(size);
        // SAFETY: TIOCSWINSZ reads a `winsize`, which `size` is; the descriptor is a terminal's.
        // Refused by none that is open, and nothing hangs on it.
        unsafe { libc::ioctl(self.master.as_raw_fd(), libc::TIOCSWINSZ, &raw const size) };
    }
}

fn winsize(size: Size) -> Winsize {
    Winsize {
        ws_row: size.rows,
        ws_col: size.columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

/// Backspace takes a whole character of UTF-8 where the kernel edits the line (`termios(3)`, IUTF8).
fn erase_whole_characters(terminal: &OwnedFd) -> Result<(), Errno> {
    let mut modes = tcgetattr(terminal.as_fd())?;
    modes.input_flags |= InputFlags::IUTF8;
    tcsetattr(terminal.as_fd(), SetArg::TCSANOW, &modes)
}

/// In the new process: the leader of a session of its own whose terminal is on descriptor 0, with
/// no signal ignored or blocked, and with no other descriptor of ours.
fn lead() -> io::Result<()> {
    nix::unistd::setsid()?;
    // SAFETY: system calls without memory of ours, but for `mask`, which is a local.
    unsafe {
        if libc::ioctl(0, libc::TIOCSCTTY, 0) < 0 {
            return Err(io::Error::last_os_error());
        }
        // Those that cannot be set (KILL, STOP) are as they should be.
        for signal in 1..=libc::SIGSYS {
            libc::signal(signal, libc::SIG_DFL);
        }
        let mut mask = std::mem::zeroed();
        libc::sigemptyset(&raw mut mask);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const mask, std::ptr::null_mut());
        // Kernels before 5.11 do not know it, and ours are closed anyway: this is for those that
        // we were given by whoever started us.
        libc::syscall(
            libc::SYS_close_range,
            3,
            u32::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        );
    }
    Ok(())
}

fn pidfd(child: &Child) -> Result<OwnedFd, Errno> {
    // SAFETY: a system call without memory of ours.
    let fd = Errno::result(unsafe { libc::syscall(libc::SYS_pidfd_open, child.id(), 0) })?;
    let fd = i32::try_from(fd).map_err(|_| Errno::EBADF)?;
    // SAFETY: the kernel has just given it to us, and nobody else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
