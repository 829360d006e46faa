//! Connections: `icmp  172.16.0.30 → 8.8.8.8`, then what NAT made of it.

use super::{Part, Row, Table, keys};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::conntrack::{Flow, Tuple};

/// `IPS_SEEN_REPLY` of `linux/netfilter/nf_conntrack_common.h`.
const SEEN_REPLY: u32 = 2;

pub(super) fn table(space: &Space) -> Table {
    Table {
        title: "conntrack",
        rows: space.flows.iter().map(row).collect(),
        empty: None,
        hidden: None,
        there: keys(&space.flows),
        owns: |key| matches!(key, RowKey::Flow(_)),
    }
}

fn row(flow: &Flow) -> Row {
    let ports = matches!(flow.proto, 6 | 17);
    let proto = match flow.proto {
        1 => "icmp".to_owned(),
        6 => "tcp".to_owned(),
        17 => "udp".to_owned(),
        58 => "icmpv6".to_owned(),
        other => format!("proto {other}"),
    };
    let way = Part::new(Slot::Text, end(&flow.original, true, ports))
        .and(Slot::Dim, " → ")
        .and(Slot::Text, end(&flow.original, false, ports));
    let mut tail = Vec::new();
    if flow.reply.dst != flow.original.src {
        let seen = end(&flow.reply, false, ports);
        tail.push(Part::new(Slot::Dim, "seen there as ").and(Slot::Code, seen));
    }
    if flow.reply.src != flow.original.dst {
        let sent = end(&flow.reply, true, ports);
        tail.push(Part::new(Slot::Dim, "sent on to ").and(Slot::Code, sent));
    }
    if flow.status & SEEN_REPLY == 0 {
        tail.push(Part::new(Slot::Bad, "UNREPLIED"));
    }
    Row {
        key: Some(flow.into()),
        cells: vec![Part::new(Slot::Dim, proto), way],
        tail,
    }
}

/// Source or destination, with its port where it has one.
fn end(tuple: &Tuple, source: bool, ports: bool) -> String {
    let (address, port) = if source {
        (tuple.src, tuple.src_port)
    } else {
        (tuple.dst, tuple.dst_port)
    };
    if ports {
        std::net::SocketAddr::new(address, port).to_string()
    } else {
        address.to_string()
    }
}
