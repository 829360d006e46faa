//! What is heard in one namespace.

use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nix::libc;

use super::names::Names;
use super::source::Source;
use crate::kernel::capture::option::statistics;
use crate::kernel::capture::receive::{TAG, retagged};
use crate::kernel::capture::socket::direction;
use crate::kernel::watch::device_name;
use crate::packet::{Medium, Sighting};
use crate::world::Ns;

/// A frame as a packet socket gives it.
pub struct Raw<'a> {
    /// When, since 1970.
    pub at: Duration,
    /// Ifindex of the device.
    pub index: u32,
    /// `sll_pkttype` of packet(7).
    pub pkttype: u8,
    /// `sll_hatype`: what it begins with.
    pub hatype: u16,
    /// Tag protocol and tag, which the kernel has taken out.
    pub tag: Option<(u16, u16)>,
    /// What was captured.
    pub bytes: &'a [u8],
    /// Its length on the wire.
    pub length: usize,
}

/// A namespace that is listened to.
pub struct Post {
    ns: Ns,
    source: Source,
    names: Names,
    /// Frames that the kernel has given to the socket.
    queued: u64,
    /// Frames that were read from it.
    read: u64,
}

impl Post {
    /// Listens to `ns` through this socket, which stands in it.
    pub fn new(ns: Ns, source: Source) -> Self {
        Self {
            ns,
            source,
            names: Names::default(),
            queued: 0,
            read: 0,
        }
    }

    /// What to wait on.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.source.fd()
    }

    /// Reads so many frames or some more, those that are there; gives how many had no room.
    pub fn visit(
        &mut self,
        most: usize,
        numbers: &AtomicU64,
        heard: &mut Vec<Arc<Sighting>>,
    ) -> u64 {
        let missed = self.count();
        let (ns, names) = (&self.ns, &mut self.names);
        names.doubt();
        let read = self.source.read(most, |socket, raw| {
            let dev = names.name(raw.index, || device_name(socket, raw.index));
            let number = numbers.fetch_add(1, Ordering::Relaxed);
            heard.push(Arc::new(sighting(ns, dev, number, raw)));
        });
        self.read += u64::try_from(read).unwrap_or_default();
        if read < most && self.source.is_exhausted_when_empty() {
            // Nothing waits any more, whatever was counted.
            self.read = self.read.max(self.queued);
        }
        missed
    }

    /// How far it has to be read for everything to be read that has passed before now.
    pub fn mark(&mut self) -> (u64, u64) {
        let missed = self.count();
        (self.queued, missed)
    }

    /// Is it read so far?
    pub fn has_passed(&self, mark: u64) -> bool {
        self.read >= mark
    }

    /// Counts what the kernel has given to the socket since it was asked last; gives how many it
    /// could not give.
    fn count(&mut self) -> u64 {
        let (all, dropped) = statistics(self.source.socket());
        self.queued += all.saturating_sub(dropped);
        dropped
    }
}

fn sighting(ns: &Ns, dev: &str, number: u64, raw: &Raw<'_>) -> Sighting {
    let medium = medium(raw.hatype);
    let tag = raw.tag.filter(|_| medium == Medium::Ethernet);
    let (bytes, more) = match tag.and_then(|tag| retagged(raw.bytes, tag)) {
        Some(bytes) => (bytes, TAG),
        None => (raw.bytes.to_vec(), 0),
    };
    Sighting {
        number,
        at: raw.at,
        ns: ns.clone(),
        index: raw.index,
        dev: dev.to_owned(),
        direction: direction(raw.pkttype),
        medium,
        bytes,
        length: raw.length + more,
    }
}

/// What frames of a device begin with. Those of tunnels (`ip6tnl`, `gre`, …) begin with the outer
/// packet, where they have one, and so with the network layer as well.
fn medium(hatype: u16) -> Medium {
    match hatype {
        libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK => Medium::Ethernet,
        _ => Medium::Bare,
    }
}
