//! `RTM_NEWLINK` -> what only `ip -d link` and `ip -s link` print.

mod bridge;
mod vxlan;

use netlink_packet_route::link::{
    AfSpecInet6, AfSpecUnspec, InfoData, InfoMacVlan, InfoPortData, LinkAttribute, LinkInfo,
    LinkMessage, MacVlanFlags, Stats64,
};

use super::link::macvlan_mode;
use crate::world::link::{Counters, Detail, Details, Stats, Value};

/// The details that a message tells of.
pub fn details(message: &LinkMessage) -> Details {
    let mut row = Details::default();
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::Promiscuity(users) => row.promiscuity = *users,
            LinkAttribute::AllMulticast(users) => row.allmulti = *users,
            LinkAttribute::MinMtu(mtu) => row.min_mtu = *mtu,
            LinkAttribute::MaxMtu(mtu) => row.max_mtu = *mtu,
            LinkAttribute::NumTxQueues(queues) => row.tx_queues = *queues,
            LinkAttribute::NumRxQueues(queues) => row.rx_queues = *queues,
            LinkAttribute::GsoMaxSize(bytes) => row.gso_max_size = *bytes,
            LinkAttribute::GsoMaxSegs(segments) => row.gso_max_segs = *segments,
            LinkAttribute::TsoMaxSize(bytes) => row.tso_max_size = *bytes,
            LinkAttribute::TsoMaxSegs(segments) => row.tso_max_segs = *segments,
            LinkAttribute::GroMaxSize(bytes) => row.gro_max_size = *bytes,
            LinkAttribute::AfSpecUnspec(specs) => row.addr_gen_mode = addr_gen_mode(specs),
            LinkAttribute::LinkInfo(infos) => kinds(&mut row, infos),
            _ => {}
        }
    }
    row
}

/// The counters that a message tells of.
pub fn stats(message: &LinkMessage) -> Option<Stats> {
    let told = message
        .attributes
        .iter()
        .find_map(|attribute| match attribute {
            LinkAttribute::Stats64(stats) => Some(stats),
            _ => None,
        })?;
    Some(Stats {
        rx: received(told),
        tx: sent(told),
    })
}

/// iproute2 counts as dropped and missed what the kernel counts so, each by itself.
fn received(told: &Stats64) -> Counters {
    Counters {
        bytes: told.rx_bytes,
        packets: told.rx_packets,
        errors: told.rx_errors,
        dropped: told.rx_dropped,
        lost: told.rx_missed_errors,
        other: told.multicast,
    }
}

fn sent(told: &Stats64) -> Counters {
    Counters {
        bytes: told.tx_bytes,
        packets: told.tx_packets,
        errors: told.tx_errors,
        dropped: told.tx_dropped,
        lost: told.tx_carrier_errors,
        other: told.collisions,
    }
}

fn addr_gen_mode(specs: &[AfSpecUnspec]) -> Option<u8> {
    let inet6 = specs.iter().find_map(|spec| match spec {
        AfSpecUnspec::Inet6(attributes) => Some(attributes),
        _ => None,
    })?;
    inet6.iter().find_map(|attribute| match attribute {
        AfSpecInet6::AddrGenMode(mode) => Some(u8::from(mode)),
        _ => None,
    })
}

fn kinds(row: &mut Details, infos: &[LinkInfo]) {
    for info in infos {
        match info {
            LinkInfo::Data(InfoData::Bridge(attributes)) => row.kind = bridge::bridge(attributes),
            LinkInfo::Data(InfoData::Vxlan(attributes)) => row.kind = vxlan::vxlan(attributes),
            LinkInfo::Data(InfoData::MacVlan(attributes)) => row.kind = macvlan(attributes),
            LinkInfo::PortData(InfoPortData::BridgePort(attributes)) => {
                row.port = bridge::port(attributes);
            }
            _ => {}
        }
    }
}

fn macvlan(attributes: &[InfoMacVlan]) -> Vec<Detail> {
    let mut found = Vec::new();
    for attribute in attributes {
        match attribute {
            InfoMacVlan::Mode(mode) => found.push(detail("mode", Value::Word(macvlan_mode(*mode)))),
            InfoMacVlan::Flags(flags) => {
                for (flag, name) in [
                    (MacVlanFlags::NoPromisc, "nopromisc"),
                    (MacVlanFlags::NoDst, "nodst"),
                ] {
                    if flags.contains(flag) {
                        found.push(detail(name, Value::Flag(true)));
                    }
                }
            }
            InfoMacVlan::BcQueueLen(packets) => {
                found.push(number("bcqueuelen", *packets));
            }
            InfoMacVlan::BcQueueLenUsed(packets) => {
                found.push(number("usedbcqueuelen", *packets));
            }
            _ => {}
        }
    }
    in_order(
        found,
        &["mode", "nopromisc", "nodst", "bcqueuelen", "usedbcqueuelen"],
    )
}

fn detail(name: &'static str, value: Value) -> Detail {
    Detail { name, value }
}

fn number(name: &'static str, value: impl Into<u64>) -> Detail {
    detail(name, Value::Number(value.into()))
}

/// The kernel's order is not that of `ip`.
fn in_order(mut found: Vec<Detail>, order: &[&str]) -> Vec<Detail> {
    found.sort_by_key(|detail| order.iter().position(|name| *name == detail.name));
    found
}
