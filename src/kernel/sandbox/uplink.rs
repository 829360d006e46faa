//! The way out of `host`: `enp0s1`, and what stands behind it in `internet`.
//!
//! `internet` plays the router and the world. It has no route to anything behind `host`, so what
//! leaves there with a private address gets no answer, as on the real Internet.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use anyhow::Context;
use netlink_packet_route::address::{AddressAttribute, AddressMessage, AddressScope};
use netlink_packet_route::link::{
    InfoData, InfoKind, InfoVeth, LinkAttribute, LinkInfo, LinkMessage,
};
use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteHeader, RouteMessage, RouteProtocol, RouteScope, RouteType,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use nix::errno::Errno;

use super::wire::{LO, Wire, set_up};
use super::{Spaces, inside};
use crate::world::Ns;

/// The device in `host`.
const NAME: &str = "enp0s1";
/// Its ifindex, as on a machine with one card.
const INDEX: u32 = 2;
/// Its hardware address.
const MAC: [u8; 6] = [0x06, 0xc5, 0x4b, 0xb4, 0x32, 0xaa];
/// Its address, in a /24.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 168, 64, 3);
/// Metric of all that DHCP would have brought.
const METRIC: u32 = 100;

/// The router's device in `internet`.
const ROUTER_NAME: &str = "router0";
/// Another ifindex than at the other end: with equal ones the kernel (`linkwatch_urgent_event` of
/// `net/core/link_watch.c`) takes the end for a device without a lower one, and carrier comes up to
/// a second late.
const ROUTER_INDEX: u32 = 3;
/// The router's hardware address.
const ROUTER_MAC: [u8; 6] = [0x06, 0xc5, 0x4b, 0xb4, 0x32, 0x01];
/// The router's address, in the same /24.
const ROUTER: Ipv4Addr = Ipv4Addr::new(192, 168, 64, 1);
/// Addresses that answer far away.
const WORLD: [Ipv4Addr; 2] = [Ipv4Addr::new(8, 8, 8, 8), Ipv4Addr::new(1, 1, 1, 1)];

/// The network of both ends.
const PREFIX: u8 = 24;

/// A cable whose both ends were set up, and which comes up by itself.
#[must_use = "it is not up yet"]
pub struct Uplink {
    here: Wire,
    there: Wire,
    index: u32,
}

impl Uplink {
    /// Returns when both ends are operationally up.
    ///
    /// # Errors
    /// When the link stays down for seconds.
    pub fn wait(mut self) -> anyhow::Result<()> {
        (self.here.wait_until_up(self.index))
            .and_then(|()| self.there.wait_until_up(ROUTER_INDEX))
            .with_context(|| format!("{NAME} does not come up"))
    }
}

/// Connects `host` to `internet`.
///
/// # Errors
/// When the kernel refuses.
pub fn uplink(spaces: &mut Spaces) -> anyhow::Result<Uplink> {
    let internet = spaces.internet()?;
    let host_ns = spaces.fd(&Ns::Host)?;
    let mut here = open(&host_ns).context("host")?;
    let mut there = open(&internet).context("internet")?;
    let index = plug(&mut here, &host_ns, internet.as_raw_fd())
        .with_context(|| format!("{NAME} cannot be made"))?;
    there
        .ask(&router())
        .context("the router in internet cannot be set up")?;
    here.ask(&host(index))
        .with_context(|| format!("{NAME} cannot be set up"))?;
    Ok(Uplink { here, there, index })
}

/// A listening socket in `ns`.
fn open(ns: &OwnedFd) -> anyhow::Result<Wire> {
    let wire = inside(ns.as_fd(), || {
        let mut wire = Wire::open()?;
        wire.listen()?;
        Ok::<_, io::Error>(wire)
    })?;
    wire.context("no rtnetlink socket can be opened")
}

/// Makes the cable, and returns the ifindex of our end.
fn plug(here: &mut Wire, host: &OwnedFd, internet: RawFd) -> anyhow::Result<u32> {
    match here.ask(&[cable(Some(INDEX), internet)]) {
        // A machine with tunnel modules gives every namespace devices of theirs, which may hold
        // our ifindex (`net.core.fb_tunnels_only_for_init_net`).
        Err(error) if is_taken(&error) => {
            here.ask(&[cable(None, internet)])?;
            let index = inside(host.as_fd(), || nix::net::if_::if_nametoindex(NAME))?;
            Ok(index?)
        }
        other => Ok(other.map(|()| INDEX)?),
    }
}

fn is_taken(error: &io::Error) -> bool {
    let taken = [Errno::EEXIST, Errno::EBUSY];
    taken
        .iter()
        .any(|errno| error.raw_os_error() == Some(*errno as i32))
}

/// A veth pair whose other end is born in `internet`: moving it there would take ten times as long.
fn cable(index: Option<u32>, internet: RawFd) -> RouteNetlinkMessage {
    let mut peer = end(ROUTER_NAME, ROUTER_INDEX, ROUTER_MAC);
    peer.attributes.push(LinkAttribute::NetNsFd(internet));
    let mut link = end(NAME, index.unwrap_or_default(), MAC);
    link.attributes.push(LinkAttribute::LinkInfo(vec![
        LinkInfo::Kind(InfoKind::Veth),
        LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))),
    ]));
    RouteNetlinkMessage::NewLink(link)
}

fn end(name: &str, index: u32, mac: [u8; 6]) -> LinkMessage {
    let mut link = LinkMessage::default();
    link.header.index = index;
    link.attributes = vec![
        LinkAttribute::IfName(name.to_owned()),
        LinkAttribute::Address(mac.to_vec()),
    ];
    link
}

/// What the router is told.
fn router() -> Vec<RouteNetlinkMessage> {
    let mut requests = vec![set_up(LO)];
    requests.extend(WORLD.map(|far| address(LO, far, 32, None)));
    requests.push(address(ROUTER_INDEX, ROUTER, PREFIX, None));
    requests.push(set_up(ROUTER_INDEX));
    requests
}

/// What `host` is told: what DHCP would have brought it.
fn host(index: u32) -> Vec<RouteNetlinkMessage> {
    let mut to_router = route(index, RouteScope::Link);
    to_router.header.destination_prefix_length = 32;
    let router = RouteAddress::Inet(ROUTER);
    to_router
        .attributes
        .push(RouteAttribute::Destination(router.clone()));
    let mut default = route(index, RouteScope::Universe);
    default.attributes.push(RouteAttribute::Gateway(router));
    vec![
        address(index, ADDRESS, PREFIX, Some(METRIC)),
        set_up(index),
        RouteNetlinkMessage::NewRoute(to_router),
        RouteNetlinkMessage::NewRoute(default),
    ]
}

/// `ip addr add ADDRESS/PREFIX [metric METRIC] brd + dev …`
fn address(index: u32, ip: Ipv4Addr, prefix: u8, metric: Option<u32>) -> RouteNetlinkMessage {
    let mut message = AddressMessage::default();
    message.header.family = AddressFamily::Inet;
    message.header.prefix_len = prefix;
    message.header.scope = AddressScope::Universe;
    message.header.index = index;
    message.attributes = vec![
        AddressAttribute::Local(IpAddr::V4(ip)),
        AddressAttribute::Address(IpAddr::V4(ip)),
    ];
    if prefix < 31 {
        let broadcast = Ipv4Addr::from_bits(ip.to_bits() | (u32::MAX >> prefix));
        message
            .attributes
            .push(AddressAttribute::Broadcast(broadcast));
    }
    message
        .attributes
        .extend(metric.map(AddressAttribute::RoutePriority));
    RouteNetlinkMessage::NewAddress(message)
}

/// `ip route add … dev … proto dhcp scope … src … metric …`
fn route(index: u32, scope: RouteScope) -> RouteMessage {
    let mut message = RouteMessage::default();
    message.header.address_family = AddressFamily::Inet;
    message.header.table = RouteHeader::RT_TABLE_MAIN;
    message.header.protocol = RouteProtocol::Dhcp;
    message.header.scope = scope;
    message.header.kind = RouteType::Unicast;
    message.attributes = vec![
        RouteAttribute::Oif(index),
        RouteAttribute::PrefSource(RouteAddress::Inet(ADDRESS)),
        RouteAttribute::Priority(METRIC),
    ];
    message
}
