//! A packet socket (packet(7)) that stands in a namespace.

use std::io::{self, IoSliceMut};
use std::mem;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::Duration;

use nix::libc;
use nix::sys::socket::{ControlMessageOwned, LinkAddr, MsgFlags, recvmsg, sockopt};
use nix::sys::time::TimeSpec;
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

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
    cooked: bool,
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

/// A frame in the buffer.
struct Arrival {
    bytes: usize,
    length: usize,
    at: Duration,
    link: Option<LinkAddr>,
}

impl PacketSocket {
    /// Opens one inside a namespace, on a device or on all of them.
    ///
    /// # Errors
    /// Outer: the namespace cannot be entered. Inner: what the kernel refused; `ENODEV` where there
    /// is no such device, `ENETDOWN` where it is down.
    pub fn open(ns: BorrowedFd<'_>, dev: Option<&str>) -> anyhow::Result<io::Result<Self>> {
        let opened = send_inside(ns, || open(dev))?;
        Ok(opened.and_then(watch).map(|fd| Self {
            fd,
            cooked: dev.is_none(),
            buffer: vec![0; SNAPSHOT],
            name: None,
        }))
    }

    /// Comes back when there is something to be [taken](Self::take).
    ///
    /// # Errors
    /// The runtime's.
    pub async fn ready(&self) -> io::Result<()> {
        self.fd.readable().await?.retain_ready();
        Ok(())
    }

    /// The next frame, if it has come already.
    ///
    /// # Errors
    /// The kernel's; `ENETDOWN` when the device is gone or down.
    pub fn take(&mut self) -> io::Result<Option<Captured<'_>>> {
        let buffer = &mut self.buffer;
        // Where nothing is there this forgets the readiness.
        let arrival = match (self.fd).try_io(Interest::READABLE, |fd| receive(fd, buffer)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            got => got?,
        };
        let index = arrival.link.map_or(0, |link| link.ifindex());
        if self.cooked {
            let index = u32::try_from(index).unwrap_or(0);
            self.name = device_name(self.fd.get_ref(), index);
        }
        Ok(Some(self.captured(&arrival, index)))
    }

    fn captured(&self, arrival: &Arrival, index: usize) -> Captured<'_> {
        let direction = direction(arrival.link.map_or(0, |link| link.pkttype()));
        let link = if self.cooked {
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
                bytes: self.buffer.get(..arrival.bytes).unwrap_or_default(),
                length: arrival.length,
            },
        }
    }

    /// Frames for which there was no room.
    pub fn dropped(&self) -> u64 {
        // SAFETY: all-zero bytes are a valid `tpacket_stats`, two counters.
        let mut counts: libc::tpacket_stats = unsafe { mem::zeroed() };
        let mut length = length_of(&counts);
        // SAFETY: the descriptor is open; the kernel writes at most `length` bytes to `counts`.
        let done = unsafe {
            libc::getsockopt(
                self.fd.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                (&raw mut counts).cast(),
                &raw mut length,
            )
        };
        if done == 0 { counts.tp_drops.into() } else { 0 }
    }
}

fn open(dev: Option<&str>) -> io::Result<Socket> {
    let kind = if dev.is_some() {
        Type::RAW
    } else {
        Type::DGRAM
    };
    // Protocol 0: nothing is received before the socket is bound to its device.
    let socket = Socket::new(Domain::PACKET, kind, None)?;
    socket.set_nonblocking(true)?;
    // More than the machine's limit where allowed; what there is otherwise.
    let _ = nix::sys::socket::setsockopt(&socket, sockopt::RcvBufForce, &ROOM);
    nix::sys::socket::setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    let index = match dev {
        Some(dev) => nix::net::if_::if_nametoindex(dev)?,
        None => 0,
    };
    let index = i32::try_from(index).map_err(io::Error::other)?;
    socket.bind(&address(index)?)?;
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    if index != 0 {
        promiscuous(&socket, index)?;
    }
    Ok(socket)
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
    // SAFETY: the descriptor is open, and the kernel reads one `packet_mreq`.
    let done = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_ADD_MEMBERSHIP,
            (&raw const wish).cast(),
            length_of(&wish),
        )
    };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// The length of a socket option's value.
pub fn length_of<T>(value: &T) -> libc::socklen_t {
    libc::socklen_t::try_from(size_of_val(value)).unwrap_or_default()
}

fn receive(socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrival> {
    let room = buffer.len();
    let mut space = nix::cmsg_space!(TimeSpec);
    let mut parts = [IoSliceMut::new(buffer)];
    // With MSG_TRUNC the length is that on the wire.
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
    let message = recvmsg::<LinkAddr>(socket.as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let at = message.cmsgs()?.find_map(|control| match control {
        ControlMessageOwned::ScmTimestampns(time) => Some(Duration::from(time)),
        _ => None,
    });
    Ok(Arrival {
        bytes: message.bytes.min(room),
        length: message.bytes,
        at: at.unwrap_or_default(),
        link: message.address,
    })
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
