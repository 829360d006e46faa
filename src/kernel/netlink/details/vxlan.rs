//! A VXLAN device's properties, in the order of `ip -d link`.

use std::net::IpAddr;

use netlink_packet_route::link::{InfoVxlan, VxlanDf};

use super::{detail, in_order, number};
use crate::world::link::{Detail, Value};

const VXLAN: [&str; 22] = [
    "id",
    "group",
    "remote",
    "local",
    "dev",
    "srcport",
    "dstport",
    "nolearning",
    "proxy",
    "rsc",
    "l2miss",
    "l3miss",
    "tos",
    "ttl",
    "df",
    "flowlabel",
    "ageing",
    "maxaddr",
    "udpcsum",
    "udp6zerocsumtx",
    "udp6zerocsumrx",
    "gbp",
];

/// A VXLAN device's.
pub fn vxlan(attributes: &[InfoVxlan]) -> Vec<Detail> {
    let inherits = attributes.contains(&InfoVxlan::TtlInherit(1));
    let found = (attributes.iter())
        .filter_map(|attribute| match attribute {
            InfoVxlan::Ttl(_) if inherits => Some(detail("ttl", Value::Word("inherit"))),
            other => of_vxlan(other),
        })
        .collect();
    in_order(found, &VXLAN)
}

/// What is at its default is mostly not printed.
fn of_vxlan(attribute: &InfoVxlan) -> Option<Detail> {
    Some(match attribute {
        InfoVxlan::Id(id) => number("id", *id),
        InfoVxlan::Group(ip) => remote(IpAddr::V4(*ip)),
        InfoVxlan::Group6(ip) => remote(IpAddr::V6(*ip)),
        InfoVxlan::Local(ip) => detail("local", Value::Addr(IpAddr::V4(*ip))),
        InfoVxlan::Local6(ip) => detail("local", Value::Addr(IpAddr::V6(*ip))),
        InfoVxlan::Link(index) if *index != 0 => detail("dev", Value::Device(*index)),
        InfoVxlan::PortRange((low, high)) => {
            detail("srcport", Value::Pair((*low).into(), (*high).into()))
        }
        InfoVxlan::Port(port) => number("dstport", *port),
        InfoVxlan::Learning(false) => set("nolearning"),
        InfoVxlan::Proxy(true) => set("proxy"),
        InfoVxlan::Rsc(true) => set("rsc"),
        InfoVxlan::L2Miss(true) => set("l2miss"),
        InfoVxlan::L3Miss(true) => set("l3miss"),
        InfoVxlan::Tos(1) => detail("tos", Value::Word("inherit")),
        InfoVxlan::Tos(tos) if *tos != 0 => detail("tos", Value::Prefixed((*tos).into())),
        InfoVxlan::Ttl(0) => detail("ttl", Value::Word("auto")),
        InfoVxlan::Ttl(hops) => number("ttl", *hops),
        InfoVxlan::Df(VxlanDf::Set) => detail("df", Value::Word("set")),
        InfoVxlan::Df(VxlanDf::Inherit) => detail("df", Value::Word("inherit")),
        InfoVxlan::Label(label) if *label != 0 => {
            detail("flowlabel", Value::Prefixed((*label).into()))
        }
        InfoVxlan::Ageing(0) => detail("ageing", Value::Word("none")),
        InfoVxlan::Ageing(seconds) => number("ageing", *seconds),
        InfoVxlan::Limit(most) if *most != 0 => number("maxaddr", *most),
        InfoVxlan::UDPCsum(on) => detail("udpcsum", Value::Flag(*on)),
        InfoVxlan::UDPZeroCsumTX(on) => detail("udp6zerocsumtx", Value::Flag(*on)),
        InfoVxlan::UDPZeroCsumRX(on) => detail("udp6zerocsumrx", Value::Flag(*on)),
        InfoVxlan::Gbp => set("gbp"),
        _ => return None,
    })
}

fn set(name: &'static str) -> Detail {
    detail(name, Value::Flag(true))
}

/// `ip` calls a multicast address a group.
fn remote(ip: IpAddr) -> Detail {
    let name = if ip.is_multicast() { "group" } else { "remote" };
    detail(name, Value::Addr(ip))
}
