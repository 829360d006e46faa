//! `ip route add|del|replace|change|flush|get` -> requests.

use std::net::IpAddr;

use ipnet::IpNet;
use netlink_packet_core::{NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE};
use netlink_packet_route::route::{
    RouteAttribute, RouteFlags, RouteMessage, RouteMetric, RouteType, RouteVia,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};

use super::{Edit, Get, Route, Spec, family_of};
use crate::command::Family;
use crate::command::request::device;
use crate::command::task::{Change, Needs, Refusal, Request, Tables};
use crate::world::Space;
use crate::world::route::{self, RouteKind};

const MAIN: u32 = 254;
const LOCAL: u32 = 255;
const BOOT: u8 = 3;
const GLOBAL: u8 = 0;
const LINK: u8 = 253;
const HOST: u8 = 254;
const NOWHERE: u8 = 255;
const ONLINK: u32 = 4;
/// `RTM_F_LOOKUP_TABLE`: the answer tells the table that was used, not just "main".
const LOOKUP_TABLE: u32 = 0x1000;

impl Change for Route {
    fn needs(&self) -> Needs {
        match self {
            Self::Change(_, spec) => Needs {
                devices: spec.dev.iter().cloned().collect(),
                tables: Tables::empty(),
            },
            Self::Flush(_) => Needs {
                devices: Vec::new(),
                tables: Tables::LINKS | Tables::ROUTES,
            },
            Self::Get(get) => get.needs(),
            Self::Show(_) => Needs::default(),
        }
    }

    fn lower(&self, known: &Space) -> Result<Vec<Request>, Refusal> {
        match self {
            Self::Change(edit, spec) => Ok(vec![edited(*edit, spec, known)?]),
            Self::Flush(which) => Ok(which.chosen(known)?.into_iter().map(flushed).collect()),
            Self::Get(get) => Ok(vec![get.request(known)?]),
            Self::Show(_) => Ok(Vec::new()),
        }
    }

    fn refused(&self, errno: i32, text: Option<&str>) -> Refusal {
        Refusal::kernel(errno, text)
    }
}

fn edited(edit: Edit, spec: &Spec, known: &Space) -> Result<Request, Refusal> {
    let mut message = described(spec);
    if let Some(dev) = &spec.dev {
        message
            .attributes
            .push(RouteAttribute::Oif(device(known, dev)?));
    }
    let scope = spec.scope.unwrap_or_else(|| default_scope(edit, spec));
    message.header.scope = scope.into();
    Ok(match edit {
        Edit::Add => added(message, spec, NLM_F_CREATE | NLM_F_EXCL),
        Edit::Replace => added(message, spec, NLM_F_CREATE | NLM_F_REPLACE),
        Edit::Change => added(message, spec, NLM_F_REPLACE),
        Edit::Del => {
            message.header.protocol = spec.proto.unwrap_or(0).into();
            if spec.kind == RouteKind::Unicast {
                // Not asked for: whatever kind stands there.
                message.header.kind = RouteType::Unspec;
            }
            Request::new(RouteNetlinkMessage::DelRoute(message), 0)
        }
    })
}

fn added(mut message: RouteMessage, spec: &Spec, flags: u16) -> Request {
    message.header.protocol = spec.proto.unwrap_or(BOOT).into();
    Request::new(RouteNetlinkMessage::NewRoute(message), flags)
}

/// What every edit of a route says: all but device, scope and protocol.
fn described(spec: &Spec) -> RouteMessage {
    let family = spec.family();
    let default_table = match spec.kind {
        RouteKind::Local | RouteKind::Broadcast | RouteKind::Anycast => LOCAL,
        _ => MAIN,
    };
    let mut message = message(family, spec.dst, spec.table.unwrap_or(default_table));
    message.header.kind = kind(spec.kind);
    if spec.onlink {
        message.header.flags = RouteFlags::from_bits_retain(ONLINK);
    }
    let attributes = &mut message.attributes;
    attributes.extend(spec.via.map(|ip| gateway(family, ip)));
    attributes.extend(spec.src.map(|ip| RouteAttribute::PrefSource(ip.into())));
    attributes.extend(spec.metric.map(RouteAttribute::Priority));
    attributes.extend(
        spec.mtu
            .map(|mtu| RouteAttribute::Metrics(vec![RouteMetric::Mtu(mtu)])),
    );
    message
}

impl Spec {
    /// The family that the line tells: of its destination, else of its other addresses.
    fn family(&self) -> Family {
        let told = match self.dst {
            Some(IpNet::V4(_)) => Some(Family::V4),
            Some(IpNet::V6(_)) => Some(Family::V6),
            None => self.view.family.or(self.via.or(self.src).map(family_of)),
        };
        told.unwrap_or(Family::V4)
    }
}

/// iproute2's choice where the line names no scope: a neighbour is reached on the link, this
/// machine's own addresses on the host, all else through a router.
fn default_scope(edit: Edit, spec: &Spec) -> u8 {
    if spec.family() == Family::V6 {
        return GLOBAL;
    }
    match spec.kind {
        RouteKind::Local => HOST,
        RouteKind::Broadcast | RouteKind::Multicast | RouteKind::Anycast => LINK,
        RouteKind::Unicast if edit == Edit::Del => NOWHERE,
        RouteKind::Unicast if spec.via.is_none() => LINK,
        RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit | RouteKind::Throw
            if edit == Edit::Del =>
        {
            NOWHERE
        }
        RouteKind::Unicast
        | RouteKind::Blackhole
        | RouteKind::Unreachable
        | RouteKind::Prohibit
        | RouteKind::Throw => GLOBAL,
    }
}

fn message(family: Family, dst: Option<IpNet>, table: u32) -> RouteMessage {
    let mut message = RouteMessage::default();
    message.header.address_family = match family {
        Family::V4 => AddressFamily::Inet,
        Family::V6 => AddressFamily::Inet6,
    };
    // A table that does not fit in the header goes in an attribute.
    match u8::try_from(table) {
        Ok(table) => message.header.table = table,
        Err(_) => message.attributes.push(RouteAttribute::Table(table)),
    }
    if let Some(dst) = dst {
        message.header.destination_prefix_length = dst.prefix_len();
        message
            .attributes
            .push(RouteAttribute::Destination(dst.addr().into()));
    }
    message
}

/// A router of the other family (RFC 8950) has an attribute of its own.
fn gateway(family: Family, ip: IpAddr) -> RouteAttribute {
    match (family, ip) {
        (Family::V4, IpAddr::V6(ip)) => RouteAttribute::Via(RouteVia::Inet6(ip)),
        (Family::V6, IpAddr::V4(ip)) => RouteAttribute::Via(RouteVia::Inet(ip)),
        (Family::V4, IpAddr::V4(_)) | (Family::V6, IpAddr::V6(_)) => {
            RouteAttribute::Gateway(ip.into())
        }
    }
}

fn flushed(row: &route::Route) -> Request {
    let family = family_of(row.dst.addr());
    let mut message = message(family, Some(row.dst), row.table);
    message.header.kind = kind(row.kind);
    message.header.protocol = row.proto.into();
    message.header.scope = row.scope.into();
    let attributes = &mut message.attributes;
    attributes.extend(row.via.map(|ip| gateway(family, ip)));
    attributes.extend(row.dev.map(RouteAttribute::Oif));
    attributes.extend(row.src.map(|ip| RouteAttribute::PrefSource(ip.into())));
    attributes.extend(row.metric.map(RouteAttribute::Priority));
    Request::new(RouteNetlinkMessage::DelRoute(message), 0)
}

impl Get {
    /// What must be known before it can be asked.
    pub fn needs(&self) -> Needs {
        Needs {
            devices: self.iif.iter().chain(&self.oif).cloned().collect(),
            tables: Tables::LINKS,
        }
    }

    /// The question; the kernel answers with one route.
    ///
    /// # Errors
    /// A device does not exist.
    pub fn request(&self, known: &Space) -> Result<Request, Refusal> {
        let family = family_of(self.to);
        let mut message = message(family, Some(self.to.into()), 0);
        if family == Family::V4 {
            message.header.flags = RouteFlags::from_bits_retain(LOOKUP_TABLE);
        }
        if let Some(from) = self.from {
            message.header.source_prefix_length = IpNet::from(from).prefix_len();
            message.attributes.push(RouteAttribute::Source(from.into()));
        }
        if let Some(dev) = &self.iif {
            message
                .attributes
                .push(RouteAttribute::Iif(device(known, dev)?));
        }
        if let Some(dev) = &self.oif {
            message
                .attributes
                .push(RouteAttribute::Oif(device(known, dev)?));
        }
        let mut request = Request::new(RouteNetlinkMessage::GetRoute(message), 0);
        // The answer is the route; an acknowledgement would come behind it.
        request.message.header.flags &= !netlink_packet_core::NLM_F_ACK;
        Ok(request)
    }

    /// What `ip route get` prints when the kernel answers `errno` (positive).
    pub fn refused(&self, errno: i32, text: Option<&str>) -> Refusal {
        Refusal::kernel(errno, text)
    }
}

fn kind(kind: RouteKind) -> RouteType {
    match kind {
        RouteKind::Unicast => RouteType::Unicast,
        RouteKind::Local => RouteType::Local,
        RouteKind::Broadcast => RouteType::Broadcast,
        RouteKind::Anycast => RouteType::Anycast,
        RouteKind::Multicast => RouteType::Multicast,
        RouteKind::Blackhole => RouteType::BlackHole,
        RouteKind::Unreachable => RouteType::Unreachable,
        RouteKind::Prohibit => RouteType::Prohibit,
        RouteKind::Throw => RouteType::Throw,
    }
}
