//! rtnetlink without a runtime: the few requests that make a sandbox, sent as one datagram.
//!
//! What lessons ask for goes through `kernel::netlink`. This stands below it, as sandboxes are made
//! and tried (`tutor doctor`) before there is a runtime.

use std::collections::BTreeSet;
use std::io;

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{LinkAttribute, LinkFlags, LinkMessage, State};
use netlink_sys::protocols::NETLINK_ROUTE;
use netlink_sys::{Socket, SocketAddr};
use nix::errno::Errno;
use nix::libc;
use nix::sys::socket::{setsockopt, sockopt};
use nix::sys::time::{TimeVal, TimeValLike};

use crate::kernel::netlink::message::{append, messages};

/// ifindex of `lo`, the first device of every namespace.
pub const LO: u32 = 1;

/// `RTNLGRP_LINK` of `linux/rtnetlink.h`.
const LINK_NEWS: u32 = 1;
/// Seconds after which an answer or news is not coming any more.
const PATIENCE: i64 = 5;
/// Room for what the kernel answers at once, bytes (`NLMSG_GOODSIZE` is at most 8 KiB, dumps 32).
const ROOM: usize = 32 << 10;

/// An rtnetlink socket in the namespace that it was opened in.
pub struct Wire {
    socket: Socket,
    sequence: u32,
    /// Devices that are operationally up, as news said, which may have come among answers.
    up: BTreeSet<u32>,
}

impl Wire {
    /// Opens one in this thread's namespace.
    pub fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        setsockopt(
            &socket,
            sockopt::ReceiveTimeout,
            &TimeVal::seconds(PATIENCE),
        )?;
        Ok(Self {
            socket,
            sequence: 0,
            up: BTreeSet::new(),
        })
    }

    /// Sends these requests, in order, and waits until all are answered. Later ones are carried
    /// out even if an earlier one is refused, and the first refusal is the error.
    pub fn ask(&mut self, requests: &[RouteNetlinkMessage]) -> io::Result<()> {
        let first = self.sequence + 1;
        let mut datagram = Vec::new();
        for request in requests {
            self.sequence += 1;
            append_request(&mut datagram, request, self.sequence);
        }
        self.socket.send(&datagram, 0)?;
        let mut refused = None;
        let mut answered = first - 1;
        while answered < self.sequence {
            self.receive(|message| {
                if let NetlinkPayload::Error(error) = &message.payload {
                    answered = answered.max(message.header.sequence_number);
                    if error.code.is_some() && refused.is_none() {
                        refused = Some(error.to_io());
                    }
                }
            })?;
        }
        refused.map_or(Ok(()), Err)
    }

    /// From now on news of devices can be waited for.
    pub fn listen(&mut self) -> io::Result<()> {
        self.socket.add_membership(LINK_NEWS)
    }

    /// Waits until this device is operationally up, which is news after [`Self::listen`].
    pub fn wait_until_up(&mut self, index: u32) -> io::Result<()> {
        while !self.up.contains(&index) {
            match self.receive(|_| ()) {
                // There was no room for all news (netlink(7)), so the device itself is asked for.
                Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => self.look(index)?,
                other => other?,
            }
        }
        Ok(())
    }

    /// Asks for a device; what is answered is noted as news are.
    fn look(&mut self, index: u32) -> io::Result<()> {
        let mut link = LinkMessage::default();
        link.header.index = index;
        let mut message = NetlinkMessage::from(RouteNetlinkMessage::GetLink(link));
        message.header.flags = NLM_F_REQUEST;
        let mut datagram = Vec::new();
        append(&mut datagram, message);
        self.socket.send(&datagram, 0).map(drop)
    }

    fn note(&mut self, link: &LinkMessage) {
        if link
            .attributes
            .contains(&LinkAttribute::OperState(State::Up))
        {
            self.up.insert(link.header.index);
        } else {
            self.up.remove(&link.header.index);
        }
    }

    /// Receives one datagram, and hands on every message that we understand.
    fn receive(
        &mut self,
        mut each: impl FnMut(&NetlinkMessage<RouteNetlinkMessage>),
    ) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(ROOM);
        let length = match self.socket.recv(&mut buffer, 0) {
            // Nothing has come within PATIENCE.
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => {
                return Err(Errno::ETIMEDOUT.into());
            }
            other => other?,
        };
        for message in messages(buffer.get(..length).unwrap_or_default()) {
            if let NetlinkPayload::InnerMessage(RouteNetlinkMessage::NewLink(link)) =
                &message.payload
            {
                self.note(link);
            }
            each(&message);
        }
        Ok(())
    }
}

/// `RTM_SETLINK` that sets a device up.
pub fn set_up(index: u32) -> RouteNetlinkMessage {
    let mut link = LinkMessage::default();
    link.header.index = index;
    link.header.flags = LinkFlags::Up;
    link.header.change_mask = LinkFlags::Up;
    RouteNetlinkMessage::SetLink(link)
}

/// Appends a request with its header. What makes something makes it new.
fn append_request(datagram: &mut Vec<u8>, request: &RouteNetlinkMessage, sequence: u32) {
    let mut message = NetlinkMessage::from(request.clone());
    message.header.flags = NLM_F_REQUEST | NLM_F_ACK;
    if let RouteNetlinkMessage::NewLink(_)
    | RouteNetlinkMessage::NewAddress(_)
    | RouteNetlinkMessage::NewRoute(_) = request
    {
        message.header.flags |= NLM_F_CREATE | NLM_F_EXCL;
    }
    message.header.sequence_number = sequence;
    append(datagram, message);
}
