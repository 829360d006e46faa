//! How a sandbox ends, as its guardian tells it, and the terminal that it leaves.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

fn main() -> ExitCode {
    let cases = cases![orphans_are_reaped_and_children_are_not];
    let beside = cases![Beside:
        the_status_and_the_error_come_through,
        the_terminal_is_put_back,
        it_stops_and_goes_on,
    ];
    let parts = cases![Part: fail, panic, full_screen];
    frame::main(&[&cases[..], &beside[..], &parts[..]].concat())
}

fn fail() -> anyhow::Result<()> {
    bail!("no such lesson")
}

fn panic() -> anyhow::Result<()> {
    panic!("a mistake of ours")
}

/// Takes the screen as a full-screen program does, and waits.
fn full_screen() -> anyhow::Result<()> {
    let mut modes = tcgetattr(std::io::stdin())?;
    cfmakeraw(&mut modes);
    tcsetattr(std::io::stdin(), SetArg::TCSANOW, &modes)?;
    print!("\x1b[?1049h\x1b[?25lready");
    std::io::stdout().flush()?;
    loop {
        std::thread::park();
    }
}

fn the_status_and_the_error_come_through() -> anyhow::Result<()> {
    for (part, status, said) in [
        ("fail", 1, "no such lesson"),
        ("panic", 101, "a mistake of ours"),
    ] {
        let output = frame::this_program(part).output()?;
        let error = String::from_utf8(output.stderr)?;
        ensure!(
            output.status.code() == Some(status),
            "{part}: {}",
            output.status
        );
        ensure!(error.contains(said), "{part}: {error}");
    }
    Ok(())
}

/// A part on a terminal of its own.
struct OnTerminal {
    guardian: Child,
    /// Our end: what a person would see and type.
    person: File,
    /// The program's end, kept open so that what was written can still be read.
    program: OwnedFd,
}

impl OnTerminal {
    fn start() -> anyhow::Result<Self> {
        let pty = openpty(None, None)?;
        let mut command: Command = frame::this_program("full_screen");
        command.stdin(pty.slave.try_clone()?);
        command.stdout(pty.slave.try_clone()?);
        command.stderr(pty.slave.try_clone()?);
        let mut started = Self {
            guardian: command.spawn()?,
            person: pty.master.into(),
            program: pty.slave,
        };
        started.read_until("ready")?;
        Ok(started)
    }

    /// Reads what is shown until `text` is. The frame's alarm ends this if it never is.
    fn read_until(&mut self, text: &str) -> anyhow::Result<String> {
        let mut seen = Vec::new();
        let mut some = [0; 1024];
        while !String::from_utf8_lossy(&seen).contains(text) {
            let length = self.person.read(&mut some)?;
            seen.extend(&some[..length]);
        }
        Ok(String::from_utf8_lossy(&seen).into_owned())
    }

    fn guardian(&self) -> anyhow::Result<Pid> {
        Ok(Pid::from_raw(self.guardian.id().try_into()?))
    }

    fn first_process(&self) -> anyhow::Result<Pid> {
        let guardian = self.guardian.id();
        let children = fs::read_to_string(format!("/proc/{guardian}/task/{guardian}/children"))?;
        Ok(Pid::from_raw(children.trim().parse()?))
    }

    /// Does the terminal hand lines over, as shells want it, rather than keys?
    fn is_for_lines(&self) -> anyhow::Result<bool> {
        Ok(tcgetattr(&self.program)?
            .local_flags
            .contains(LocalFlags::ICANON | LocalFlags::ECHO))
    }
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        self.guardian.kill().ok();
        self.guardian.wait().ok();
    }
}

fn the_terminal_is_put_back() -> anyhow::Result<()> {
    for by_guardian in [false, true] {
        let mut shown = OnTerminal::start()?;
        ensure!(!shown.is_for_lines()?, "not a full screen");
        if by_guardian {
            kill(shown.guardian()?, Signal::SIGTERM)?;
        } else {
            kill(shown.first_process()?, Signal::SIGKILL)?;
        }
        // The cursor is what is put back last.
        let seen = shown.read_until("\x1b[?25h")?;
        ensure!(seen.contains("\x1b[?1049l"), "{seen:?}");
        let status = shown.guardian.wait()?;
        let wanted = if by_guardian { 128 + 15 } else { 128 + 9 };
        ensure!(status.code() == Some(wanted), "{status}");
        ensure!(shown.is_for_lines()?, "the terminal is left raw");
    }
    Ok(())
}

/// Stopped, both processes stand still and the terminal is the shell's; then all goes on.
fn it_stops_and_goes_on() -> anyhow::Result<()> {
    let mut shown = OnTerminal::start()?;
    let (guardian, first) = (shown.guardian()?, shown.first_process()?);
    kill(guardian, Signal::SIGTSTP)?;
    let stopped = waitpid(guardian, Some(WaitPidFlag::WUNTRACED))?;
    ensure!(matches!(stopped, WaitStatus::Stopped(..)), "{stopped:?}");
    ensure!(shown.is_for_lines()?, "the shell has no terminal");
    wait_for_state(first, 'T')?;
    kill(guardian, Signal::SIGCONT)?;
    shown.read_until("\x1b[?1049h")?;
    wait_for_state(first, 'S')?;
    ensure!(!shown.is_for_lines()?, "the program has no terminal");
    Ok(())
}

fn wait_for_state(pid: Pid, wanted: char) -> anyhow::Result<()> {
    let start = Instant::now();
    loop {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let state = status
            .lines()
            .find_map(|line| line.strip_prefix("State:\t"));
        if state.is_some_and(|state| state.starts_with(wanted)) {
            return Ok(());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "{state:?}, not {wanted}"
        );
        std::thread::yield_now();
    }
}

/// Orphans of other sessions vanish; a child of ours stays until its owner waits for it.
fn orphans_are_reaped_and_children_are_not() -> anyhow::Result<()> {
    let mut child = Command::new("true").spawn()?;
    wait_for_state(Pid::from_raw(child.id().try_into()?), 'Z')?;
    ensure!(child.wait()?.success());
    // A shell of another session that leaves a process behind, as a learner's does.
    let orphan: i32 = tools::shell("setsid sh -c 'sleep 1000 >/dev/null 2>&1 & echo $!'")?
        .trim()
        .parse()?;
    kill(Pid::from_raw(orphan), Signal::SIGKILL)?;
    let start = Instant::now();
    while fs::exists(format!("/proc/{orphan}"))? {
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "the orphan is a zombie"
        );
        std::thread::yield_now();
    }
    Ok(())
}
