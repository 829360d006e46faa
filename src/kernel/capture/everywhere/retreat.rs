//! Where the threads of the capture stand, and what keeps the kernel's stamps on.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, Result};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, setsockopt, socket, sockopt::ReceiveTimestampns,
};

use crate::kernel::sandbox::THREAD_NETNS;

/// An empty namespace of the program's own, in which nothing can be heard.
///
/// A thread that stood in `host` would keep it alive beyond a rebuild, with all its devices.
///
/// A socket in it wants to know when packets came, and gets none. The kernel stamps packets only
/// while some socket wants to know, and begins a moment after it was asked (`net_enable_timestamp`
/// of `net/core/dev.c` leaves it to a worker): packets of that moment are stamped when they are
/// read, and so in a wrong order.
#[derive(Debug)]
pub struct Retreat {
    space: OwnedFd,
    _stamped: OwnedFd,
}

impl Retreat {
    /// Makes it; the calling thread then stands in it.
    ///
    /// # Errors
    /// If the kernel refuses the namespace or the socket.
    pub fn make() -> Result<Self> {
        unshare(CloneFlags::CLONE_NEWNET).context("no namespace for the capture")?;
        let space = File::open(THREAD_NETNS).context("opening it")?.into();
        let flags = SockFlag::SOCK_CLOEXEC;
        let stamped = socket(AddressFamily::Inet, SockType::Datagram, flags, None)?;
        setsockopt(&stamped, ReceiveTimestampns, &true).context("stamps of packets")?;
        Ok(Self {
            space,
            _stamped: stamped,
        })
    }

    /// Takes the calling thread there.
    ///
    /// # Errors
    /// When the kernel refuses it.
    pub fn enter(&self) -> Result<()> {
        setns(self.space.as_fd(), CloneFlags::CLONE_NEWNET).context("entering the capture's own")
    }
}
