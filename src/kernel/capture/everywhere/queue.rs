//! A packet socket whose frames wait in its queue: open in no time, and with little room.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::time::Duration;

use nix::libc;
use nix::sys::socket::{ControlMessageOwned, LinkAddr, MsgFlags, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;
use socket2::{Domain, Socket, Type};

use super::option::set;
use super::post::Raw;
use crate::kernel::capture::socket::{SNAPSHOT, address};
use crate::kernel::watch::send_inside;

/// Room for frames not yet read, bytes as the kernel counts them.
const ROOM: usize = 2 << 20;

/// The socket, and a buffer for a frame.
pub struct Queue {
    socket: Socket,
    buffer: Vec<u8>,
}

impl Queue {
    /// Opens one inside a namespace, on all its devices: hears from when this comes back.
    ///
    /// # Errors
    /// Outer: the namespace cannot be entered. Inner: what the kernel refused.
    pub fn open(ns: BorrowedFd<'_>) -> anyhow::Result<io::Result<Self>> {
        send_inside(ns, open)
    }

    /// Reads so many frames at most, those that are there; how many there were.
    pub fn read(&mut self, most: usize, mut each: impl FnMut(&Socket, &Raw<'_>)) -> usize {
        for count in 0..most {
            if receive(&self.socket, &mut self.buffer, &mut each).is_err() {
                return count;
            }
        }
        most
    }

    /// The socket, to wait for frames.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// The socket, to ask it things.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }
}

fn open() -> io::Result<Queue> {
    // Protocol 0: nothing is received before the socket is bound.
    let socket = Socket::new(Domain::PACKET, Type::RAW, None)?;
    socket.set_nonblocking(true)?;
    // More than the machine's limit where allowed; up to the limit otherwise.
    if setsockopt(&socket, sockopt::RcvBufForce, &ROOM).is_err() {
        setsockopt(&socket, sockopt::RcvBuf, &ROOM)?;
    }
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    let on: libc::c_int = 1;
    set(&socket, libc::PACKET_AUXDATA, &on)?;
    socket.bind(&address(0)?)?;
    Ok(Queue {
        socket,
        buffer: vec![0; SNAPSHOT],
    })
}

fn receive(
    socket: &Socket,
    buffer: &mut [u8],
    each: &mut impl FnMut(&Socket, &Raw<'_>),
) -> io::Result<()> {
    let room = buffer.len();
    let mut space = nix::cmsg_space!(TimeSpec, libc::tpacket_auxdata);
    let mut parts = [IoSliceMut::new(buffer)];
    // With MSG_TRUNC the length is that on the wire.
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
    let message = recvmsg::<LinkAddr>(socket.as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let (mut at, mut tag) = (Duration::ZERO, None);
    for control in message.cmsgs()? {
        match control {
            ControlMessageOwned::ScmTimestampns(time) => at = Duration::from(time),
            ControlMessageOwned::Unknown(other)
                if other.cmsg_header.cmsg_type == libc::PACKET_AUXDATA =>
            {
                tag = vlan_tag(&other.data_bytes);
            }
            _ => {} // nothing else was asked for
        }
    }
    let (length, link) = (message.bytes, message.address);
    let raw = Raw {
        at,
        index: link.map_or(0, |link| u32::try_from(link.ifindex()).unwrap_or(0)),
        pkttype: link.map_or(0, |link| link.pkttype()),
        hatype: link.map_or(0, |link| link.hatype()),
        tag,
        bytes: buffer.get(..length.min(room)).unwrap_or_default(),
        length,
    };
    each(socket, &raw);
    Ok(())
}

/// The tag of a frame, which the kernel has taken out: `tp_status`, `tp_vlan_tci` and `tp_vlan_tpid`
/// of a `tpacket_auxdata`.
fn vlan_tag(bytes: &[u8]) -> Option<(u16, u16)> {
    let status = u32::from_ne_bytes(*bytes.first_chunk()?);
    let tci = u16::from_ne_bytes(*bytes.get(16..)?.first_chunk()?);
    let tpid = u16::from_ne_bytes(*bytes.get(18..)?.first_chunk()?);
    super::post::tag(status, tci, tpid)
}
