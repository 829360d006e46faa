//! A shell's thread: it starts the shell, carries bytes both ways, and sees the end.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, tcgetpgrp};
use tokio::sync::mpsc::UnboundedSender;

use super::Shared;
use super::program::{self, Program};
use super::pty::Started;
use crate::session::shell::{ShellEnd, Size};
use crate::session::{Event, Ticket};
use crate::world::Ns;

/// So much is taken in before the screen may be looked at, bytes.
const CHUNK: usize = 32 * 1024;

/// What a shell wrote last is read to its end, but for no more than this: something that it has
/// left behind may go on writing.
const LAST_WORDS: usize = 32;

/// A shell that is hung up on has so long to say goodbye (bash writes its history).
const GOODBYE: Duration = Duration::from_millis(500);

/// What a shell's thread is to do.
pub struct Job {
    pub ticket: Ticket,
    pub ns: Ns,
    pub space: OwnedFd,
    pub size: Size,
    pub all_colors: bool,
    pub shared: Arc<Shared>,
    pub events: UnboundedSender<Event>,
}

/// Begins it, on a thread of its own.
pub fn begin(job: Job) {
    let (ticket, events) = (job.ticket, job.events.clone());
    let thread = std::thread::Builder::new().name("shell".to_owned());
    if let Err(error) = thread.spawn(move || live(job)) {
        let end = ShellEnd::Failed(format!("no thread could be started: {error}"));
        let _ = events.send(Event::ShellEnded { ticket, end });
    }
}

/// The thread's whole life. Of a shell that was hung up on nothing is told any more.
fn live(job: Job) {
    let (ticket, events) = (job.ticket, job.events.clone());
    let end = match start(job) {
        Ok(mut shell) => shell.serve(),
        Err(why) => Some(ShellEnd::Failed(why)),
    };
    if let Some(end) = end {
        let _ = events.send(Event::ShellEnded { ticket, end });
    }
}

fn start(job: Job) -> Result<Shell, String> {
    let program = Program::find()?;
    let mut command = Command::new(&program.path);
    program::environment(&mut command, &job.ns);
    program::emulated(&mut command, job.all_colors);
    command.env("SHELL", &program.path);
    let started = Started::new(command, job.space.as_fd(), job.size)
        .map_err(|error| format!("{error:#}. Name another: SHELL=/path/to/shell tutor …"))?;
    job.shared.emulator.lock().set_shell(&program.name());
    job.shared.tell();
    if let Some(text) = program.remark {
        let ticket = job.ticket;
        let _ = job.events.send(Event::ShellSays { ticket, text });
    }
    // `job.space` is dropped here: an open descriptor would keep a deleted namespace.
    Ok(Shell {
        started,
        shared: job.shared,
        outbox: Vec::new(),
        closing: None,
    })
}

/// A shell that runs.
struct Shell {
    started: Started,
    shared: Arc<Shared>,
    /// What the shell has not taken yet.
    outbox: Vec<u8>,
    /// It was hung up on: when it is killed.
    closing: Option<Instant>,
}

/// What there is to do.
struct Ready {
    read: bool,
    wanted: bool,
    ended: bool,
}

impl Shell {
    /// Until the shell has ended; how, if anybody wants to know.
    fn serve(&mut self) -> Option<ShellEnd> {
        let mut chunk = vec![0; CHUNK];
        loop {
            let ready = match self.wait() {
                Ok(ready) => ready,
                Err(errno) => {
                    self.signal(Signal::SIGKILL);
                    return Some(ShellEnd::Failed(format!("its terminal failed: {errno}")));
                }
            };
            if ready.wanted {
                self.heed();
            }
            if ready.read {
                self.read(&mut chunk);
            }
            self.show_held();
            self.write();
            if ready.ended {
                return self.last(&mut chunk);
            }
            if self.closing.is_some_and(|at| at <= Instant::now()) {
                self.signal(Signal::SIGKILL);
            }
        }
    }

    /// Waits until there is something to do, or a time has come.
    fn wait(&self) -> Result<Ready, Errno> {
        let mut terminal = PollFlags::POLLIN;
        terminal.set(PollFlags::POLLOUT, !self.outbox.is_empty());
        let mut polled = [
            PollFd::new(self.started.master.as_fd(), terminal),
            PollFd::new(self.shared.inbox.ear(), PollFlags::POLLIN),
            PollFd::new(self.started.ended.as_fd(), PollFlags::POLLIN),
        ];
        let held = self.shared.emulator.lock().held_until();
        let until = self.closing.into_iter().chain(held).min();
        let timeout = until.map_or(PollTimeout::NONE, |until| {
            let left = until.saturating_duration_since(Instant::now());
            // Rounded up: one too short would be waited for again and again.
            let left = left + Duration::from_millis(1);
            PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
        });
        match poll(&mut polled, timeout) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
        let [terminal, ear, ended] = polled.map(|one| one.revents().unwrap_or(PollFlags::empty()));
        Ok(Ready {
            read: terminal.intersects(PollFlags::POLLIN),
            wanted: !ear.is_empty(),
            ended: !ended.is_empty(),
        })
    }

    /// Does what the loop wants.
    fn heed(&mut self) {
        let wanted = self.shared.inbox.take(self.outbox.len());
        let mut emulator = self.shared.emulator.lock();
        let before = emulator.back();
        if let Some(size) = wanted.size {
            emulator.resize(size);
            self.started.resize(size);
        }
        for input in &wanted.inputs {
            self.outbox.extend(emulator.input(input));
        }
        // What is typed changes nothing that is seen: what the shell makes of it does.
        let moved = wanted.size.is_some() || emulator.back() != before;
        drop(emulator);
        self.shared.inbox.holds(self.outbox.len());
        if moved {
            self.shared.tell();
        }
        if wanted.close && self.closing.is_none() {
            self.closing = Some(Instant::now() + GOODBYE);
            self.signal(Signal::SIGHUP);
            self.signal(Signal::SIGCONT);
        }
    }

    /// Reads what there is, up to a chunk; returns whether there may be more.
    fn read(&mut self, chunk: &mut [u8]) -> bool {
        let mut filled = 0;
        while filled < chunk.len() {
            match self.started.master.read(&mut chunk[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break, // nothing more now
            }
        }
        if filled > 0 {
            let answers = self.shared.emulator.lock().write(&chunk[..filled]);
            self.outbox.extend(answers);
            self.shared.tell();
        }
        filled == chunk.len()
    }

    /// Shows what a program has held back for too long (synchronized output, mode 2026).
    fn show_held(&mut self) {
        let mut emulator = self.shared.emulator.lock();
        if emulator.held_until().is_some_and(|at| at <= Instant::now()) {
            let answers = emulator.show_held();
            drop(emulator);
            self.outbox.extend(answers);
            self.shared.tell();
        }
    }

    /// Writes as much as the shell takes.
    fn write(&mut self) {
        while !self.outbox.is_empty() {
            match self.started.master.write(&self.outbox) {
                Ok(count) => {
                    self.outbox.drain(..count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break, // it takes nothing now
            }
        }
        self.shared.inbox.holds(self.outbox.len());
    }

    /// The shell has ended: its last words, and how it ended.
    fn last(&mut self, chunk: &mut [u8]) -> Option<ShellEnd> {
        for _ in 0..LAST_WORDS {
            if !self.read(chunk) {
                break;
            }
        }
        let end = match self.started.child.wait() {
            Ok(status) => how(status),
            Err(error) => ShellEnd::Failed(format!("it cannot be waited for: {error}")),
        };
        self.closing.is_none().then_some(end)
    }

    /// Sends a signal to the shell and to what it runs in the foreground.
    fn signal(&self, signal: Signal) {
        // Whoever has ended meanwhile needs none.
        if let Ok(group) = tcgetpgrp(&self.started.master) {
            killpg(group, signal).ok();
        }
        if let Ok(pid) = i32::try_from(self.started.child.id()) {
            kill(Pid::from_raw(pid), signal).ok();
        }
    }
}

fn how(status: ExitStatus) -> ShellEnd {
    match (status.code(), status.signal()) {
        (Some(code), _) => ShellEnd::Exited(code),
        (None, Some(number)) => ShellEnd::Killed(
            Signal::try_from(number)
                .map_or_else(|_| format!("signal {number}"), |signal| signal.to_string()),
        ),
        (None, None) => ShellEnd::Exited(0),
    }
}
