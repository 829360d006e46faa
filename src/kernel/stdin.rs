//! Standard input without a thread that waits for it, and without changing it for others.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Standard input.
pub struct Stdin(Source);

enum Source {
    /// A terminal, a pipe, a socket: the kernel says when there is something.
    Told(AsyncFd<OwnedFd>),
    /// A file, which epoll(7) refuses (EPERM) since it never has to be waited for.
    File(OwnedFd),
}

impl Stdin {
    /// This process's standard input.
    ///
    /// The file is left as it is: `O_NONBLOCK` would be set for everybody who has it open, such as
    /// the shell that we were started from (fcntl(2)).
    ///
    /// # Errors
    /// If it is closed, or the kernel cannot tell when there is something to be read.
    pub fn open() -> Result<Self> {
        let own = io::stdin().as_fd().try_clone_to_owned();
        let own = own.context("standard input is closed")?;
        // SAFETY: the descriptor is owned, so it stays what it is until the `AsyncFd` that owns it
        // is dropped, which deregisters it before it is closed.
        match unsafe { AsyncFd::register_with_interest(own, Interest::READABLE) } {
            Ok(told) => Ok(Self(Source::Told(told))),
            Err(refused) => match refused.into_parts() {
                (file, error) if error.raw_os_error() == Some(Errno::EPERM as i32) => {
                    Ok(Self(Source::File(file)))
                }
                (_, error) => Err(error).context("listening to standard input"),
            },
        }
    }

    /// Waits until there is something, and reads it; nothing means that there is no more. Dropped
    /// while it waits, it has taken nothing.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn read(&self, chunk: &mut [u8]) -> io::Result<usize> {
        let told = match &self.0 {
            Source::Told(told) => told,
            Source::File(file) => return read(file.as_fd(), chunk),
        };
        loop {
            let mut guard = told.readable().await?;
            // Asked again: to read what somebody else has taken meanwhile would be to wait.
            if is_readable(told.get_ref().as_fd())? {
                return read(told.get_ref().as_fd(), chunk);
            }
            guard.clear_ready();
        }
    }
}

/// Is there something to be read, or the end of it, at this moment?
fn is_readable(fd: BorrowedFd<'_>) -> io::Result<bool> {
    let mut polled = [PollFd::new(fd, PollFlags::POLLIN)];
    Ok(poll(&mut polled, PollTimeout::ZERO)? > 0)
}

fn read(fd: BorrowedFd<'_>, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match nix::unistd::read(fd, chunk) {
            Ok(count) => return Ok(count),
            Err(Errno::EINTR) => {}
            // A terminal that was hung up has no more to say (tty_ioctl(4)).
            Err(Errno::EIO) => return Ok(0),
            Err(error) => return Err(error.into()),
        }
    }
}
