//! A program in a session's namespaces, on the terminal that the visitor has.

mod job;

use std::env;
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sched::{CloneFlags, setns};
use nix::sys::signal::Signal;
use nix::sys::stat::{fstat, stat};
use nix::sys::wait::WaitStatus;

use crate::kernel::terminal::environment;
use crate::world::Ns;
use job::Job;

/// A program that was not found, as a shell says it.
const NOT_FOUND: u8 = 127;
/// A program that cannot be executed, as a shell says it.
const NOT_EXECUTED: u8 = 126;

/// Milliseconds that a session's connection may take to close after its processes were killed.
/// They are killed when its descriptors are closed (`do_exit` of `kernel/exit.c`), but for other
/// threads that are just then on their way out.
const CLOSING: u8 = 200;

/// The right to go in.
#[derive(Debug)]
pub struct Visit {
    /// Open as long as the session lives.
    connection: UnixStream,
    ns: Ns,
    user: OwnedFd,
    mnt: OwnedFd,
    pid: OwnedFd,
    net: OwnedFd,
}

/// How a program within came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, or by a signal: its status as a shell has it.
    Status(u8),
    /// With the session.
    WithSession,
    /// Its namespaces were dropped, and the session goes on with new ones.
    WithSandbox,
}

impl Visit {
    /// With what the session has handed over.
    pub(super) fn new(connection: UnixStream, ns: Ns, rooms: Vec<OwnedFd>) -> Result<Self> {
        let [user, mnt, pid, net] = <[OwnedFd; 4]>::try_from(rooms)
            .map_err(|rooms| anyhow!("four namespaces were expected, not {}", rooms.len()))?;
        Ok(Self {
            connection,
            ns,
            user,
            mnt,
            pid,
            net,
        })
    }

    /// Runs `program` with `arguments` there, on this process's terminal and descriptors, and waits
    /// for it.
    ///
    /// Must be called while the process has one thread, which then stands in the session's
    /// namespaces itself.
    ///
    /// # Errors
    /// If the namespaces cannot be entered.
    pub fn run(self, program: &OsString, arguments: &[OsString]) -> Result<Ended> {
        self.go_in()?;
        let mut command = Command::new(program);
        command.args(arguments);
        environment(&mut command, &self.ns);
        let job = match Job::start(command) {
            Ok(job) => job,
            Err(_) if self.session_has_ended() => return Ok(Ended::WithSession),
            Err(error) => return cannot_run(program, &error),
        };
        let (ended, hung_up) = job.wait(&self.connection)?;
        let status = match ended {
            _ if hung_up => return Ok(Ended::WithSandbox),
            WaitStatus::Signaled(_, Signal::SIGKILL, _) if self.session_has_ended() => {
                return Ok(Ended::WithSession);
            }
            WaitStatus::Signaled(_, signal, _) => 128 + signal as i32,
            WaitStatus::Exited(_, status) => status,
            other => bail!("the program ended in an unknown way: {other:?}"),
        };
        Ok(Ended::Status(u8::try_from(status).unwrap_or(u8::MAX)))
    }

    /// Joins the namespaces. The one of process ids takes hold with the next process.
    fn go_in(&self) -> Result<()> {
        let here = env::current_dir();
        // First, because it gives the right to the others; root's session has the machine's own,
        // and nobody may join the one that he stands in (`userns_install`, `user_namespace.c`).
        let own = stat("/proc/self/ns/user").context("/proc is not there")?;
        let own = (own.st_dev, own.st_ino);
        let theirs = fstat(&self.user).context("the session's user namespace")?;
        if own != (theirs.st_dev, theirs.st_ino) {
            join(&self.user, CloneFlags::CLONE_NEWUSER, "user")?;
        }
        join(&self.mnt, CloneFlags::CLONE_NEWNS, "mount")?;
        join(&self.pid, CloneFlags::CLONE_NEWPID, "pid")?;
        join(&self.net, CloneFlags::CLONE_NEWNET, "network")?;
        // Files are the machine's own, under the same names.
        let here = here.and_then(env::set_current_dir);
        here.or_else(|_| env::set_current_dir(Path::new("/")))
            .context("no directory to stand in")
    }

    fn session_has_ended(&self) -> bool {
        let mut polled = [PollFd::new(self.connection.as_fd(), PollFlags::POLLIN)];
        poll(&mut polled, CLOSING).is_ok_and(|ready| ready > 0)
    }
}

fn join(namespace: &OwnedFd, kind: CloneFlags, name: &str) -> Result<()> {
    setns(namespace, kind)
        .with_context(|| format!("the session's {name} namespace cannot be entered"))
}

/// A program that does not even start has the status that a shell gives it.
fn cannot_run(program: &OsString, error: &io::Error) -> Result<Ended> {
    let status = match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::ENOENT) => NOT_FOUND,
        Some(Errno::EACCES | Errno::ENOEXEC | Errno::EISDIR | Errno::ENOTDIR) => NOT_EXECUTED,
        _ => bail!("{} cannot be run: {error}", program.display()),
    };
    eprintln!("tutor: {}: {error}", program.display());
    Ok(Ended::Status(status))
}
