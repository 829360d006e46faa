//! A packet socket (packet(7)) that stands in a namespace.

use std::io;
use std::mem;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use nix::libc;
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::option::{set, statistics};
use super::receive::{Arrival, TAG, ask, receive, retagged};
use crate::command::tcpdump::print::{Cooked, Direction, Frame, Link};
use crate::kernel::watch::{device_name, send_inside, watch};

/// Bytes captured of a frame at most, as tcpdump does.
pub const SNAPSHOT: usize = 262_144;
/// Room for frames not yet read, bytes.
const ROOM: usize = 2 << 20;
/// The loopback device's ifindex, in every namespace.
const LOOPBACK: usize = 1;

/// A socket that gets every frame of a device, or of all devices.
pub struct PacketSocket {
    fd: AsyncFd<Socket>,
    /// ifindex; none where it hears all devices.
    device: Option<u32>,
    buffer: Vec<u8>,
    name: Option<String>,
}

/// A frame, and when it passed (since 1970).
pub struct Captured<'a> {
    /// When.
    pub at: Duration,
    /// It goes out on `lo`, and will come in as well.
    pub looped: bool,
    /// The frame.
    pub frame: Frame<'a>,
}

impl PacketSocket {
    /// Opens one inside a namespace, on a device or on all of them.
    ///
    /// # Errors
    /// Outer: the namespace cannot be entered. Inner: what the kernel refused; `ENODEV` where there
    /// is no such device, `ENETDOWN` where it is down.
    pub fn open(ns: BorrowedFd<'_>, dev: Option<&str>) -> anyhow::Result<io::Result<Self>> {
        let opened = send_inside(ns, || open(dev))?;
        Ok(opened.and_then(|(socket, device)| {
            Ok(Self {
                fd: watch(socket)?,
                device,
                buffer: vec![0; SNAPSHOT],
                name: None,
            })
        }))
    }

    /// The ifindex of its device; none where it hears all of them.
    pub fn device(&self) -> Option<u32> {
        self.device
    }

    /// Comes back when there is something to be [taken](Self::take).
    ///
    /// # Errors
    /// The runtime's.
    pub async fn ready(&self) -> io::Result<()> {
        let news = Interest::READABLE | Interest::ERROR;
        self.fd.ready(news).await?.retain_ready();
        Ok(())
    }

    /// The next frame, if it has come already.
    ///
    /// # Errors
    /// The kernel's; `ENETDOWN` once when the device has gone down, or is gone.
    pub fn take(&mut self) -> io::Result<Option<Captured<'_>>> {
        let buffer = &mut self.buffer;
        // Where nothing is there this forgets the readiness.
        let mut arrival = match (self.fd).try_io(Interest::READABLE, |fd| receive(fd, buffer)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return self.broken(),
            got => got?,
        };
        let index = arrival.link.map_or(0, |link| link.ifindex());
        if self.device.is_none() {
            let index = u32::try_from(index).unwrap_or(0);
            self.name = device_name(self.fd.get_ref(), index);
        }
        self.put_tag_back(&mut arrival);
        Ok(Some(self.captured(&arrival, index)))
    }

    /// No frame; or that the device has gone down, which poll(2) tells as an error and nothing else.
    fn broken(&self) -> io::Result<Option<Captured<'_>>> {
        let told = (self.fd).try_io(Interest::ERROR, |fd| match fd.take_error()? {
            Some(error) => Err(error),
            None => Err(io::ErrorKind::WouldBlock.into()),
        });
        match told {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            other => other,
        }
    }

    /// What the kernel has taken out is shown all the same, but not on `any`, where there is no
    /// Ethernet header in which it could stand, and tcpdump leaves it out as well.
    fn put_tag_back(&mut self, arrival: &mut Arrival) {
        let Some(tag) = arrival.tag.filter(|_| self.device.is_some()) else {
            return;
        };
        let captured = self.buffer.get(..arrival.length).unwrap_or(&self.buffer);
        if let Some(bytes) = retagged(captured, tag) {
            for (place, byte) in self.buffer.iter_mut().zip(bytes) {
                *place = byte;
            }
            arrival.length += TAG;
        }
    }

    fn captured(&self, arrival: &Arrival, index: usize) -> Captured<'_> {
        let direction = direction(arrival.link.map_or(0, |link| link.pkttype()));
        let link = if self.device.is_none() {
            Link::Cooked(Cooked {
                dev: self.name.as_deref(),
                index: u32::try_from(index).unwrap_or(0),
                direction,
                address: arrival
                    .link
                    .filter(|link| link.halen() == 6)
                    .and_then(|link| link.addr()),
                protocol: u16::from_be(arrival.link.map_or(0, |link| link.protocol())),
            })
        } else {
            Link::Ethernet
        };
        Captured {
            at: arrival.at,
            looped: direction == Direction::Out && index == LOOPBACK,
            frame: Frame {
                link,
                bytes: self.buffer.get(..arrival.length).unwrap_or(&self.buffer),
                length: arrival.length,
            },
        }
    }

    /// Frames for which there was no room.
    pub fn dropped(&self) -> u64 {
        statistics(self.fd.get_ref()).1
    }
}

/// The socket, and the ifindex of its device.
fn open(dev: Option<&str>) -> io::Result<(Socket, Option<u32>)> {
    let kind = if dev.is_some() {
        Type::RAW
    } else {
        Type::DGRAM
    };
    // Protocol 0: nothing is received before the socket is bound to its device.
    let socket = Socket::new(Domain::PACKET, kind, None)?;
    socket.set_nonblocking(true)?;
    // More than the machine's limit where allowed; what there is otherwise.
    let _ = setsockopt(&socket, sockopt::RcvBufForce, &ROOM);
    ask(&socket)?;
    let device = dev.map(nix::net::if_::if_nametoindex).transpose()?;
    let index = i32::try_from(device.unwrap_or(0)).map_err(io::Error::other)?;
    socket.bind(&address(index)?)?;
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    if device.is_some() {
        promiscuous(&socket, index)?;
    }
    Ok((socket, device))
}

/// All protocols of one device, or of all with index 0.
///
/// # Errors
/// None on Linux.
pub fn address(index: i32) -> io::Result<SockAddr> {
    let all = u16::try_from(libc::ETH_P_ALL).map_err(io::Error::other)?;
    let family = u16::try_from(libc::AF_PACKET).map_err(io::Error::other)?;
    // SAFETY: the storage is at least as long and as aligned as a `sockaddr_ll`, of which all-zero
    // bytes are a valid one, and the length written is that of what was filled in.
    let ((), address) = unsafe {
        SockAddr::try_init(|storage, length| {
            let link = storage.cast::<libc::sockaddr_ll>();
            (*link).sll_family = family;
            (*link).sll_protocol = all.to_be();
            (*link).sll_ifindex = index;
            *length = length_of(&*link);
            Ok(())
        })?
    };
    Ok(address)
}

/// Frames for other hosts too, while the socket is open.
fn promiscuous(socket: &Socket, index: i32) -> io::Result<()> {
    // SAFETY: all-zero bytes are a valid `packet_mreq`.
    let mut wish: libc::packet_mreq = unsafe { mem::zeroed() };
    wish.mr_ifindex = index;
    wish.mr_type = u16::try_from(libc::PACKET_MR_PROMISC).map_err(io::Error::other)?;
    set(socket, libc::PACKET_ADD_MEMBERSHIP, &wish)
}

/// The length of a socket option's value.
pub fn length_of<T>(value: &T) -> libc::socklen_t {
    libc::socklen_t::try_from(size_of_val(value)).unwrap_or_default()
}

/// `sll_pkttype` of packet(7).
pub fn direction(kind: u8) -> Direction {
    match kind {
        libc::PACKET_BROADCAST => Direction::Broadcast,
        libc::PACKET_MULTICAST => Direction::Multicast,
        libc::PACKET_OTHERHOST => Direction::Other,
        libc::PACKET_OUTGOING => Direction::Out,
        _ => Direction::In,
    }
}
