//! Connection tracking (`ctnetlink`) read as [`Flow`]s.
//!
//! A namespace follows connections only while something asks it to: a rule with `-m conntrack`, or
//! a chain of the nat table. Before that there is nothing to be read.

use std::io;
use std::net::IpAddr;

use netlink_sys::Socket;

use super::attr::{Attrs, Fields};
use super::socket::{Draft, Message, ask, dump};
use crate::world::conntrack::{Flow, Tuple};

/// `NFNL_SUBSYS_CTNETLINK`, as the high byte of a message's kind.
const CTNETLINK: u16 = 1 << 8;
/// `IPCTNL_MSG_CT_NEW`: of a dump, and of news.
pub const NEW: u16 = CTNETLINK;
/// `IPCTNL_MSG_CT_GET`.
const GET: u16 = CTNETLINK | 1;
/// `IPCTNL_MSG_CT_DELETE`.
pub const DELETE: u16 = CTNETLINK | 2;

/// `IPCTNL_MSG_CT_GET_STATS`: how many there are in the whole namespace.
const GET_STATS: u16 = CTNETLINK | 5;
/// `CTA_STATS_GLOBAL_ENTRIES`.
const ENTRIES: u16 = 1;

/// Every connection that is followed in this namespace.
///
/// All namespaces share one hash table, and for a list the kernel walks through all of it (5 ms for
/// 262,144 buckets), so it is first asked whether there is anything to be listed.
pub fn read(socket: &Socket) -> io::Result<Vec<Flow>> {
    let counted = ask(socket, &question(GET_STATS));
    if counted.is_ok_and(|told| Fields::read(&told.payload).number(ENTRIES) == Some(0)) {
        return Ok(Vec::new());
    }
    let messages = dump(socket, &question(GET))?;
    Ok(messages.iter().filter_map(flow).collect())
}

fn question(kind: u16) -> Draft {
    Draft {
        kind,
        flags: 0,
        family: 0,
        attrs: Attrs::default(),
    }
}

/// The connection that a message is about; `CTA_*` of `linux/netfilter/nfnetlink_conntrack.h`.
pub fn flow(message: &Message) -> Option<Flow> {
    let fields = Fields::read(&message.payload);
    let (proto, original) = tuple(&fields.nest(1))?;
    let (_, reply) = tuple(&fields.nest(2))?;
    Some(Flow {
        id: fields.number(12)?,
        proto,
        original,
        reply,
        status: fields.number(3).unwrap_or_default(),
        tcp: fields.nest(4).nest(1).byte(1),
        timeout: fields.number(7),
        mark: fields.number(8),
        uses: fields.number(11),
    })
}

/// `CTA_TUPLE_*`: addresses, and what tells connections between them apart.
fn tuple(fields: &Fields<'_>) -> Option<(u8, Tuple)> {
    let ip = fields.nest(1);
    let proto = fields.nest(2);
    let address = |v4, v6| ip.bytes(v4).or(ip.bytes(v6)).and_then(address);
    let number = proto.byte(1)?;
    // CTA_PROTO_ICMP_ID, _TYPE and _CODE; those of ICMPv6 follow.
    let icmp = match number {
        1 => Some([4, 5, 6]),
        58 => Some([7, 8, 9]),
        _ => None,
    };
    let ports = match icmp {
        Some([id, kind, code]) => [
            proto.short(id),
            proto
                .byte(kind)
                .zip(proto.byte(code))
                .map(|(kind, code)| u16::from_be_bytes([kind, code])),
        ],
        None => [proto.short(2), proto.short(3)],
    };
    let tuple = Tuple {
        src: address(1, 3)?,
        dst: address(2, 4)?,
        src_port: ports[0].unwrap_or_default(),
        dst_port: ports[1].unwrap_or_default(),
    };
    Some((number, tuple))
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => Some(<[u8; 4]>::try_from(bytes).ok()?.into()),
        16 => Some(<[u8; 16]>::try_from(bytes).ok()?.into()),
        _ => None,
    }
}
