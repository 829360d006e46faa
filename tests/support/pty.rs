//! The real binary in a real pseudo-terminal, its screen read back by a terminal emulator.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::libc::O_NONBLOCK;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};

/// Nothing that a test waits for takes this long on a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The user that tests run as when they are started by root and want none of its rights.
const NOBODY: u32 = 65_534;

/// Who runs the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever runs the tests.
    Myself,
    /// An ordinary user, also when root runs the tests.
    Ordinary,
}

/// What the emulator wants: a screen has a row and a column.
fn cells(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a screen is not empty")
}

/// The binary by a name that every user may execute it by, also where the directories above it are
/// closed to them. Not by a copy: while one is written, a process that another thread starts holds
/// it open too, and it cannot be executed ("Text file busy").
fn program() -> PathBuf {
    static OPEN: LazyLock<File> = LazyLock::new(|| {
        File::open(env!("CARGO_BIN_EXE_tutor")).expect("the binary has been built")
    });
    PathBuf::from(format!("/proc/self/fd/{}", OPEN.as_raw_fd()))
}

/// A directory that everybody may write to.
fn home() -> PathBuf {
    let name = format!(
        "tutor-test-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    );
    let home = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&home).expect("a temporary directory can be made");
    let all = PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(&home, all).expect("permissions can be set");
    home
}

/// A command that runs the binary as `who`, with an environment that is the same everywhere.
pub fn command(who: Who, arguments: &[&str]) -> (Command, PathBuf) {
    let home = home();
    let mut command = Command::new(program());
    command
        .arg0("tutor")
        .args(arguments)
        .current_dir(&home)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("TERM", "xterm-256color")
        .env("COLORTERM", "truecolor")
        .env("COLORFGBG", "15;0")
        .env("LANG", "C.UTF-8")
        .env("HOME", &home)
        .env("XDG_STATE_HOME", home.join("state"));
    if who == Who::Ordinary && nix::unistd::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    (command, home)
}

/// A running program and its terminal.
pub struct Pty {
    child: Child,
    master: File,
    /// The screen.
    pub screen: vt100::Parser,
    /// Everything that the program has written, for looking for what must not be there.
    pub raw: Vec<u8>,
    home: PathBuf,
}

impl Pty {
    /// Starts the binary in a terminal of `columns` by `rows`.
    pub fn start(who: Who, (columns, rows): (u16, u16), arguments: &[&str]) -> Self {
        Self::start_with(who, (columns, rows), arguments, &[])
    }

    /// The same, with more of an environment.
    pub fn start_with(
        who: Who,
        (columns, rows): (u16, u16),
        arguments: &[&str],
        env: &[(&str, &str)],
    ) -> Self {
        let (mut command, home) = command(who, arguments);
        command.envs(env.iter().copied());
        Self::of(command, home, (columns, rows))
    }

    /// Any program in a terminal; `home` goes with it.
    pub fn of(mut command: Command, home: PathBuf, (columns, rows): (u16, u16)) -> Self {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let pty = openpty(&size, None).expect("a pseudo-terminal can be opened");
        // Held by nobody else, so that it hangs up when this process ends in whatever way.
        for side in [&pty.master, &pty.slave] {
            fcntl(side, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).expect("a descriptor has flags");
        }
        let stdio =
            |fd: &OwnedFd| Stdio::from(fd.try_clone().expect("a descriptor can be doubled"));
        command
            .stdin(stdio(&pty.slave))
            .stdout(stdio(&pty.slave))
            .stderr(stdio(&pty.slave));
        // SAFETY: both calls are async-signal-safe, as what runs between fork and exec must be.
        unsafe {
            command.pre_exec(|| {
                nix::unistd::setsid()?;
                if nix::libc::ioctl(0, nix::libc::TIOCSCTTY, 0) < 0 {
                    return Err(std::io::Error::last_os_error());
                }
                Ok(())
            });
        }
        let child = command.spawn().expect("the binary starts");
        drop(pty.slave);
        Self {
            child,
            master: File::from(pty.master),
            screen: vt100::Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
            home,
        }
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        self.master
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
    }

    /// Waits until the screen is as wanted.
    ///
    /// # Panics
    /// If that is not so in time; with the screen as it is.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        self.until_screen(what, |screen| wanted(&screen.contents()));
    }

    /// The same, where its colours matter too.
    ///
    /// # Panics
    /// If that is not so in time; with the screen as it is.
    pub fn until_screen(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(self.screen.screen()) {
            assert!(
                self.read(deadline),
                "waited in vain until {what}:\n{}",
                self.text()
            );
        }
    }

    /// Waits until the screen shows `text`.
    pub fn shows(&mut self, text: &str) {
        self.until(&format!("“{text}” is shown"), |screen| {
            screen.contains(text)
        });
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        // SAFETY: TIOCSWINSZ reads a `winsize`, which `size` is, and the descriptor is a terminal's.
        let set = unsafe {
            nix::libc::ioctl(
                self.master.as_raw_fd(),
                nix::libc::TIOCSWINSZ,
                &raw const size,
            )
        };
        assert_eq!(set, 0, "the terminal can be resized");
        // Empty: what was drawn before is lost, so the program has to draw everything again.
        self.screen = vt100::Parser::new(cells(rows), cells(columns), 0);
    }

    /// The guardian's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where `$HOME` is.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Makes the program draw, unread, until its terminal is full.
    pub fn fill(&mut self) {
        let path = format!("/proc/{}/fd/1", self.child.id());
        let mut slave = File::options()
            .write(true)
            .custom_flags(O_NONBLOCK)
            .open(path)
            .expect("its terminal can be opened");
        while slave.write(&[b'.'; 4096]).is_ok_and(|written| written > 0) {}
    }

    /// Waits until the program has ended, reading nothing of what it writes.
    pub fn wait_unread(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("the program can be waited for")
            {
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not end");
            std::thread::yield_now();
        }
    }

    /// Waits until the program has ended, reading what it still writes.
    pub fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        while self.read(deadline) {}
        assert!(
            Instant::now() < deadline,
            "the program does not end:\n{}",
            self.text()
        );
        self.child.wait().expect("the program can be waited for")
    }

    /// Reads once; false at the end, or when time is up.
    fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        let mut polled = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        if !poll(&mut polled, timeout).is_ok_and(|ready| ready > 0) {
            return false;
        }
        let mut bytes = [0; 16_384];
        match self.master.read(&mut bytes) {
            Ok(0) | Err(_) => false, // EIO: the last of the other side is closed
            Ok(count) => {
                self.raw.extend_from_slice(&bytes[..count]);
                self.screen.process(&bytes[..count]);
                true
            }
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.home);
    }
}
