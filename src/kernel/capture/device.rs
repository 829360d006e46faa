//! Waiting for the end of a device that is down.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use anyhow::Result;
use nix::sys::socket::{MsgFlags, recv};
use socket2::Socket;
use tokio::io::unix::AsyncFd;

use crate::kernel::netlink::socket::listen_to_links;
use crate::kernel::watch::{device_name, watch};

/// Of a message so much is read; what it says does not matter.
const ENOUGH: usize = 64;

/// A device that a packet socket is bound to.
///
/// A packet socket is told when its device goes down, hears again when it is up, and is not told
/// when it goes for good meanwhile (`packet_notifier` of `net/packet/af_packet.c`): rtnetlink is.
pub struct Device {
    news: AsyncFd<Socket>,
    index: u32,
}

impl Device {
    /// The one with this ifindex in `ns`.
    ///
    /// # Errors
    /// The namespace cannot be entered, or has no rtnetlink.
    pub fn watch(ns: BorrowedFd<'_>, index: u32) -> Result<Self> {
        let news = listen_to_links(ns)?.as_fd().try_clone_to_owned()?;
        Ok(Self {
            news: watch(Socket::from(news))?,
            index,
        })
    }

    /// Comes back when it has been deleted or has left its namespace.
    ///
    /// # Errors
    /// The runtime's.
    pub async fn gone(&self) -> io::Result<()> {
        while device_name(self.news.get_ref(), self.index).is_some() {
            let mut said = [0; ENOUGH];
            let mut ready = self.news.readable().await?;
            // That something was said is enough, even where there was no room for what.
            let _ = ready.try_io(|news| {
                let read = recv(news.as_raw_fd(), &mut said, MsgFlags::empty());
                Ok(read.map(drop)?)
            });
        }
        Ok(())
    }
}
