//! rtnetlink: requests, dumps, notifications.
//!
//! An [`Rtnl`] asks and changes; [`Notifications`] tells what has changed. They are two sockets,
//! since the kernel would mix the answers to a long dump with the news, and lose news when a dump
//! fills the buffer.
//!
//! The kernel puts the news of a change in every listener's buffer before it acknowledges the
//! request that made it, so the tables are current when a [`Fence`] has let a command through.

pub mod addr;
mod details;
mod direct;
mod dump;
mod empty;
pub mod fdb;
pub mod link;
pub mod message;
pub mod neigh;
mod news;
pub mod policy;
pub mod route;
mod service;
pub mod socket;
mod turn;
mod watch;

use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use futures::{Stream, StreamExt, stream};
use netlink_packet_core::{NetlinkMessage, NetlinkPayload};
use netlink_packet_route::RouteNetlinkMessage;
use netlink_packet_route::link::{InfoData, InfoVeth, LinkAttribute, LinkInfo, LinkMessage};
use netlink_proto::sys::SocketAddr;
use netlink_sys::Socket;

pub use empty::empty;
pub use message::{Netconf, Refused, Rtm};
pub use watch::{Fence, Listening, Names, Notifications};

use crate::command::task::Request;
use crate::world::Ns;
use direct::Direct;
use service::Served;

/// Requests sent at once; the acknowledgements of more might not fit the buffer.
const BATCH: usize = 32;

/// A namespace's rtnetlink, for requests and dumps. It keeps its namespace alive: a clone that is
/// kept after `ip netns del` keeps the devices too.
#[derive(Clone, Debug)]
pub struct Rtnl {
    way: Way,
}

/// Who sends.
#[derive(Clone, Debug)]
enum Way {
    /// A thread of its own, so that nobody waits.
    Served(Rc<Served>),
    /// Whoever asks.
    Direct(Rc<Direct>),
}

impl Rtnl {
    /// Opens a socket inside `ns`, served by a thread of its own. It is closed, and lets go of the
    /// namespace, when the last clone is dropped.
    ///
    /// # Errors
    /// The namespace cannot be entered, or has no rtnetlink.
    pub fn open(ns: BorrowedFd<'_>) -> Result<Self> {
        Ok(Self::served(socket::open(ns)?))
    }

    /// The same for whoever may wait: what is asked is done on the calling thread, and what is
    /// awaited here is there at once.
    ///
    /// # Errors
    /// The namespace cannot be entered, or has no rtnetlink.
    pub fn direct(ns: BorrowedFd<'_>) -> Result<Self> {
        let direct = Direct::new(socket::open(ns)?)?;
        let way = Way::Direct(Rc::new(direct));
        Ok(Self { way })
    }

    fn served(socket: Socket) -> Self {
        let way = Way::Served(Rc::new(Served::new(socket)));
        Self { way }
    }

    /// Carries out requests in order; the first that the kernel refuses ends it.
    ///
    /// `fd` opens a namespace that a device is moved to or born in.
    ///
    /// # Errors
    /// A namespace that cannot be opened, or a lost connection.
    pub async fn apply(
        &self,
        requests: &[Request],
        fd: &mut dyn FnMut(&Ns) -> Result<OwnedFd>,
    ) -> Result<Result<(), Refused>> {
        for request in requests {
            let done = self.apply_batch(std::slice::from_ref(request), fd).await?;
            if let Some(Err(refused)) = done.into_iter().next() {
                return Ok(Err(refused));
            }
        }
        Ok(Ok(()))
    }

    /// Carries out requests in order, many in flight, whether or not one is refused; tells of each.
    ///
    /// # Errors
    /// A namespace that cannot be opened, or a lost connection.
    pub async fn apply_batch(
        &self,
        requests: &[Request],
        fd: &mut dyn FnMut(&Ns) -> Result<OwnedFd>,
    ) -> Result<Vec<Result<(), Refused>>> {
        let mut results = Vec::with_capacity(requests.len());
        for batch in requests.chunks(BATCH) {
            // The descriptors stay open until the answers are there.
            let mut open = Vec::new();
            let mut messages = Vec::with_capacity(batch.len());
            for request in batch {
                messages.push(filled(request, fd, &mut open)?);
            }
            let mut answers = self.send(messages)?;
            let before = results.len();
            while let Some(answer) = answers.next().await {
                if let NetlinkPayload::Error(error) = &answer.payload {
                    results.push(Refused::read(&answer.header, error).map_or(Ok(()), Err));
                }
            }
            if results.len() - before != batch.len() {
                bail!("the kernel did not answer every request");
            }
        }
        Ok(results)
    }

    /// Sends messages at once; the stream ends when all are answered.
    fn send(
        &self,
        messages: Vec<NetlinkMessage<Rtm>>,
    ) -> Result<impl Stream<Item = NetlinkMessage<Rtm>> + use<>> {
        Ok(match &self.way {
            Way::Served(served) => (served.handle()?)
                .request_batch(messages, SocketAddr::new(0, 0))
                .context("rtnetlink has closed")?
                .left_stream(),
            Way::Direct(direct) => stream::iter(direct.exchange(messages)?).right_stream(),
        })
    }
}

impl Rtnl {
    /// Sends a request for a whole table; the stream ends with the table.
    async fn read(
        &self,
        asked: NetlinkMessage<Rtm>,
    ) -> Result<impl Stream<Item = NetlinkMessage<Rtm>> + Unpin + use<>> {
        Ok(match &self.way {
            Way::Served(served) => served.read(asked).await?.left_stream(),
            Way::Direct(direct) => stream::iter(direct.exchange(vec![asked])?).right_stream(),
        })
    }
}

/// The message with its namespaces' descriptors in place of 0.
fn filled(
    request: &Request,
    fd: &mut dyn FnMut(&Ns) -> Result<OwnedFd>,
    open: &mut Vec<OwnedFd>,
) -> Result<NetlinkMessage<Rtm>> {
    let NetlinkPayload::InnerMessage(mut message) = request.message.payload.clone() else {
        bail!("a request without a message");
    };
    if let RouteNetlinkMessage::NewLink(link) | RouteNetlinkMessage::SetLink(link) = &mut message {
        for place in places(link) {
            let ns = if place.peer {
                &request.peer_into
            } else {
                &request.into
            };
            let ns = fd(ns.as_ref().context("a device that goes to no namespace")?)?;
            *place.fd = ns.as_raw_fd();
            open.push(ns);
        }
    }
    Ok(message::with_flags(
        message.into(),
        request.message.header.flags,
    ))
}

/// A place for a namespace's descriptor.
struct Place<'a> {
    fd: &'a mut i32,
    /// Is it within a veth's peer?
    peer: bool,
}

/// The device's own place and its peer's.
fn places(link: &mut LinkMessage) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    for attribute in &mut link.attributes {
        match attribute {
            LinkAttribute::NetNsFd(fd) => found.push(Place { fd, peer: false }),
            LinkAttribute::LinkInfo(infos) => {
                for info in infos {
                    if let LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))) = info {
                        found.extend(places(peer).into_iter().map(|place| Place {
                            peer: true,
                            ..place
                        }));
                    }
                }
            }
            _ => {}
        }
    }
    found
}
