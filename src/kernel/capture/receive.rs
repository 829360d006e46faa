//! What a packet socket says of a frame that it gives (packet(7), `recvmsg`).

use std::io::{self, IoSliceMut};
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::libc;
use nix::sys::socket::{ControlMessageOwned, LinkAddr, MsgFlags, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;
use socket2::Socket;

use super::option::set;

/// A frame that was written to a buffer.
pub struct Arrival {
    /// When, since 1970.
    pub at: Duration,
    /// Tag protocol and tag, which the kernel has taken out.
    pub tag: Option<(u16, u16)>,
    /// Its length on the wire, but for that tag; what the buffer had no room for is missing.
    pub length: usize,
    /// Device, direction, kind.
    pub link: Option<LinkAddr>,
}

/// Asks for stamps and tags, which are given only then.
///
/// # Errors
/// What the kernel refused.
pub fn ask(socket: &Socket) -> io::Result<()> {
    setsockopt(socket, sockopt::ReceiveTimestampns, &true)?;
    let on: libc::c_int = 1;
    set(socket, libc::PACKET_AUXDATA, &on)
}

/// The next frame, if it has come already.
///
/// # Errors
/// The kernel's; `EAGAIN` where there is none.
pub fn receive(socket: &Socket, buffer: &mut [u8]) -> io::Result<Arrival> {
    let mut space = nix::cmsg_space!(TimeSpec, libc::tpacket_auxdata);
    let mut parts = [IoSliceMut::new(buffer)];
    // With MSG_TRUNC the length is that on the wire.
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
    let message = recvmsg::<LinkAddr>(socket.as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let mut arrival = Arrival {
        at: Duration::ZERO,
        tag: None,
        length: message.bytes,
        link: message.address,
    };
    for control in message.cmsgs()? {
        match control {
            ControlMessageOwned::ScmTimestampns(time) => arrival.at = Duration::from(time),
            ControlMessageOwned::Unknown(other)
                if other.cmsg_header.cmsg_type == libc::PACKET_AUXDATA =>
            {
                arrival.tag = told_tag(&other.data_bytes);
            }
            _ => {} // nothing else was asked for
        }
    }
    Ok(arrival)
}

/// The tag of a frame, which the kernel has taken out: `tp_status`, `tp_vlan_tci` and `tp_vlan_tpid`
/// of a `tpacket_auxdata`.
fn told_tag(bytes: &[u8]) -> Option<(u16, u16)> {
    let status = u32::from_ne_bytes(*bytes.first_chunk()?);
    let tci = u16::from_ne_bytes(*bytes.get(16..)?.first_chunk()?);
    let tpid = u16::from_ne_bytes(*bytes.get(18..)?.first_chunk()?);
    tag(status, tci, tpid)
}

/// The tag that the kernel has taken out of a frame, if there was one: `tp_status` and the two
/// fields of packet(7).
pub fn tag(status: u32, tci: u16, tpid: u16) -> Option<(u16, u16)> {
    const DOT1Q: u16 = 0x8100;
    let valid = status & libc::TP_STATUS_VLAN_VALID != 0;
    let told = status & libc::TP_STATUS_VLAN_TPID_VALID != 0;
    valid.then_some((if told { tpid } else { DOT1Q }, tci))
}

/// The frame with the tag where it was on the wire, behind both addresses, which is this many bytes
/// longer; absent where it ends before that.
pub fn retagged(bytes: &[u8], (protocol, tag): (u16, u16)) -> Option<Vec<u8>> {
    const ADDRESSES: usize = 12;
    let (addresses, rest) = bytes.split_at_checked(ADDRESSES)?;
    Some([addresses, &protocol.to_be_bytes(), &tag.to_be_bytes(), rest].concat())
}

/// Length of a tag.
pub const TAG: usize = 4;
