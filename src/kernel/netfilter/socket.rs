//! A socket of nfnetlink: dumps, single questions and atomic batches.
//!
//! nfnetlink does all its work within `sendmsg` and `recvmsg`, so its answer is there when the call
//! returns: nothing here waits, and nothing has to be awaited. Only news
//! ([`News`](super::News)) comes by itself.

use std::io;
use std::os::fd::BorrowedFd;

use anyhow::Context as _;
use netlink_packet_core::{
    NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR, NetlinkBuffer,
};
use netlink_sys::protocols::NETLINK_NETFILTER;
use netlink_sys::{Socket, SocketAddr};
use nix::sys::socket::MsgFlags;

use super::attr::Attrs;
use crate::kernel::sandbox;

/// Room for one `recvmsg`: more than the largest piece of a dump (32 KiB).
const ROOM: usize = 1 << 16;
/// `NFNL_MSG_BATCH_BEGIN` and `NFNL_MSG_BATCH_END` of `linux/netfilter/nfnetlink.h`.
const BATCH: [u16; 2] = [0x10, 0x11];
/// `NFNL_BATCH_GENID`: the batch is refused (ERESTART) when this is no longer the generation.
const BATCH_GENERATION: u16 = 1;
/// `NFNL_SUBSYS_NFTABLES`.
const NF_TABLES: u16 = 10;

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Subsystem in the high byte, message in the low one.
    pub kind: u16,
    /// `NLM_F_*` beside REQUEST, ACK and DUMP, which are set by how it is sent.
    pub flags: u16,
    /// `NFPROTO_*`.
    pub family: u8,
    /// What it says.
    pub attrs: Attrs,
}

/// A message that has come.
#[derive(Clone, Debug)]
pub struct Message {
    /// Subsystem in the high byte, message in the low one.
    pub kind: u16,
    /// `NLM_F_*`.
    pub flags: u16,
    /// `NFPROTO_*`.
    pub family: u8,
    /// Its attributes.
    pub payload: Vec<u8>,
}

/// How a batch was refused: nothing of it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which message, from 0; absent when it was the batch as a whole.
    pub index: Option<usize>,
    /// Positive errno.
    pub errno: i32,
}

/// Opens a socket that belongs to `ns` and can be used from anywhere.
///
/// # Errors
/// When the namespace cannot be entered, or the kernel has no nfnetlink.
pub fn open(ns: BorrowedFd<'_>) -> anyhow::Result<Socket> {
    bound(ns, 0)
}

/// The same, told of what happens in these groups (a bit each) from its beginning.
///
/// # Errors
/// When the namespace cannot be entered, or the groups cannot be joined.
pub fn bound(ns: BorrowedFd<'_>, groups: u32) -> anyhow::Result<Socket> {
    sandbox::inside(ns, || {
        let mut socket = Socket::new(NETLINK_NETFILTER)
            .context("this kernel has no nfnetlink (CONFIG_NETFILTER_NETLINK)")?;
        socket.bind(&SocketAddr::new(0, groups))?;
        socket.set_cap_ack(true)?;
        Ok(socket)
    })?
}

/// All messages that answer a dump; done again while the tables change under it.
pub fn dump(socket: &Socket, draft: &Draft) -> io::Result<Vec<Message>> {
    loop {
        send(socket, &encode(draft, NLM_F_DUMP, 1))?;
        let mut found = Vec::new();
        let torn = loop {
            let bytes = receive(socket, MsgFlags::empty())?;
            let mut end = None;
            for (header, payload) in messages(&bytes) {
                match header.kind {
                    NLMSG_DONE => end = Some(header.flags & NLM_F_DUMP_INTR != 0),
                    NLMSG_ERROR => return Err(io::Error::from_raw_os_error(errno(payload))),
                    _ => found.extend(message(header, payload)),
                }
            }
            if let Some(torn) = end {
                break torn || found.iter().any(|it| it.flags & NLM_F_DUMP_INTR != 0);
            }
        };
        if !torn {
            return Ok(found);
        }
    }
}

/// The answer to one question.
pub fn ask(socket: &Socket, draft: &Draft) -> io::Result<Message> {
    send(socket, &encode(draft, 0, 1))?;
    let bytes = receive(socket, MsgFlags::empty())?;
    for (header, payload) in messages(&bytes) {
        if header.kind == NLMSG_ERROR {
            return Err(io::Error::from_raw_os_error(errno(payload)));
        }
        if let Some(message) = message(header, payload) {
            return Ok(message);
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// Does all of `drafts` at once, or nothing.
///
/// # Errors
/// The outer one when the socket fails, the inner one when the kernel refuses.
pub fn batch(
    socket: &Socket,
    generation: Option<u32>,
    drafts: &[Draft],
) -> io::Result<Result<(), Refused>> {
    let frame = |kind, attrs| Draft {
        kind,
        flags: 0,
        family: 0,
        attrs,
    };
    let mut begin = Attrs::default();
    if let Some(generation) = generation {
        begin.number(BATCH_GENERATION, generation);
    }
    let mut bytes = encode(&frame(BATCH[0], begin), 0, 0);
    for (seq, draft) in (1..).zip(drafts) {
        bytes.extend(encode(draft, NLM_F_ACK, seq));
    }
    bytes.extend(encode(&frame(BATCH[1], Attrs::default()), 0, u32::MAX));
    send(socket, &bytes)?;

    let mut refused = None;
    loop {
        let bytes = match receive(socket, MsgFlags::MSG_DONTWAIT) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            other => other?,
        };
        for (header, payload) in messages(&bytes) {
            if header.kind == NLMSG_ERROR && errno(payload) != 0 && refused.is_none() {
                let index = usize::try_from(header.seq).unwrap_or(usize::MAX);
                refused = Some(Refused {
                    index: index.checked_sub(1).filter(|at| *at < drafts.len()),
                    errno: errno(payload),
                });
            }
        }
    }
    Ok(refused.map_or(Ok(()), Err))
}

/// What is left of a netlink header once its message is cut out.
#[derive(Clone, Copy)]
pub struct Header {
    kind: u16,
    flags: u16,
    seq: u32,
}

/// The messages of one datagram; what comes after a broken one is left out.
pub fn messages(bytes: &[u8]) -> impl Iterator<Item = (Header, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let packet = NetlinkBuffer::new_checked(rest).ok()?;
        let length = usize::try_from(packet.length()).ok()?;
        let header = Header {
            kind: packet.message_type(),
            flags: packet.flags(),
            seq: packet.sequence_number(),
        };
        let payload = packet.payload();
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((header, payload))
    })
}

/// One message of nfnetlink: family, version, resource, attributes.
pub fn message(header: Header, payload: &[u8]) -> Option<Message> {
    Some(Message {
        kind: header.kind,
        flags: header.flags,
        family: *payload.first()?,
        payload: payload.get(4..)?.to_vec(),
    })
}

/// One datagram.
pub fn receive(socket: &Socket, flags: MsgFlags) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(ROOM);
    loop {
        match socket.recv(&mut bytes, flags.bits()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => bytes.clear(),
            other => return other.map(|_| bytes),
        }
    }
}

fn send(socket: &Socket, bytes: &[u8]) -> io::Result<()> {
    loop {
        match socket.send(bytes, 0) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other.map(|_| ()),
        }
    }
}

fn encode(draft: &Draft, flags: u16, seq: u32) -> Vec<u8> {
    let attrs = draft.attrs.as_bytes();
    // A batch names its subsystem in the resource, which is big-endian.
    let resource = if BATCH.contains(&draft.kind) {
        NF_TABLES
    } else {
        0
    };
    let length = u32::try_from(20 + attrs.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(20 + attrs.len());
    bytes.extend(length.to_ne_bytes());
    bytes.extend(draft.kind.to_ne_bytes());
    bytes.extend((NLM_F_REQUEST | flags | draft.flags).to_ne_bytes());
    bytes.extend(seq.to_ne_bytes());
    bytes.extend(0u32.to_ne_bytes());
    bytes.extend([draft.family, 0]);
    bytes.extend(resource.to_be_bytes());
    bytes.extend(attrs);
    bytes
}

/// Positive errno of an `NLMSG_ERROR`; 0 is an acknowledgement.
fn errno(payload: &[u8]) -> i32 {
    let code = payload
        .first_chunk()
        .map_or(0, |it| i32::from_ne_bytes(*it));
    code.saturating_neg()
}
