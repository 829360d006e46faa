//! `RTM_NEWROUTE` -> a row of routes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use netlink_packet_route::AddressFamily;
use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteMessage, RouteMetric, RouteType, RouteVia,
};

use crate::world::route::{Route, RouteKind};

/// The row that a message tells of; `None` for other families than IPv4 and IPv6, and for kinds
/// of route that Linux has given up.
///
/// A table above 255 does not fit in the header and is told by `RTA_TABLE`; a default route has no
/// `RTA_DST`.
pub fn row(message: &RouteMessage) -> Option<Route> {
    let header = &message.header;
    let any = match header.address_family {
        AddressFamily::Inet => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        AddressFamily::Inet6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        _ => return None,
    };
    let mut dst = any;
    let mut row = Route {
        table: u32::from(header.table),
        kind: kind(header.kind)?,
        proto: header.protocol.into(),
        scope: header.scope.into(),
        flags: header.flags.bits(),
        ..Route::default()
    };
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(to) => dst = address(to)?,
            RouteAttribute::Gateway(to) => row.via = address(to),
            RouteAttribute::Via(RouteVia::Inet(ip)) => row.via = Some(IpAddr::V4(*ip)),
            RouteAttribute::Via(RouteVia::Inet6(ip)) => row.via = Some(IpAddr::V6(*ip)),
            RouteAttribute::PrefSource(from) => row.src = address(from),
            RouteAttribute::Oif(index) => row.dev = Some(*index),
            RouteAttribute::Priority(metric) => row.metric = Some(*metric),
            RouteAttribute::Table(table) => row.table = *table,
            RouteAttribute::Metrics(metrics) => row.mtu = metrics.iter().find_map(mtu),
            RouteAttribute::Preference(pref) => row.pref = Some((*pref).into()),
            _ => {}
        }
    }
    row.dst = IpNet::new(dst, header.destination_prefix_length).ok()?;
    Some(row)
}

fn address(address: &RouteAddress) -> Option<IpAddr> {
    match address {
        RouteAddress::Inet(ip) => Some(IpAddr::V4(*ip)),
        RouteAddress::Inet6(ip) => Some(IpAddr::V6(*ip)),
        _ => None,
    }
}

fn mtu(metric: &RouteMetric) -> Option<u32> {
    match metric {
        RouteMetric::Mtu(mtu) => Some(*mtu),
        _ => None,
    }
}

fn kind(kind: RouteType) -> Option<RouteKind> {
    match kind {
        RouteType::Unicast => Some(RouteKind::Unicast),
        RouteType::Local => Some(RouteKind::Local),
        RouteType::Broadcast => Some(RouteKind::Broadcast),
        RouteType::Anycast => Some(RouteKind::Anycast),
        RouteType::Multicast => Some(RouteKind::Multicast),
        RouteType::BlackHole => Some(RouteKind::Blackhole),
        RouteType::Unreachable => Some(RouteKind::Unreachable),
        RouteType::Prohibit => Some(RouteKind::Prohibit),
        RouteType::Throw => Some(RouteKind::Throw),
        _ => None,
    }
}
