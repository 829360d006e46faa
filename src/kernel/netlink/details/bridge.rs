//! A bridge's and a bridge port's properties, in the order of `ip -d link`.

use netlink_packet_route::link::{
    BridgeBooleanOptionFlags, BridgeId, BridgeStpState, InfoBridge, InfoBridgePort, VlanProtocol,
};

use super::{detail, in_order, number};
use crate::world::link::{Detail, Mac, Value};

const BRIDGE: [&str; 45] = [
    "forward_delay",
    "hello_time",
    "max_age",
    "ageing_time",
    "stp_state",
    "priority",
    "vlan_filtering",
    "vlan_protocol",
    "bridge_id",
    "designated_root",
    "root_port",
    "root_path_cost",
    "topology_change",
    "topology_change_detected",
    "hello_timer",
    "tcn_timer",
    "topology_change_timer",
    "gc_timer",
    "vlan_default_pvid",
    "vlan_stats_enabled",
    "vlan_stats_per_port",
    "group_fwd_mask",
    "group_address",
    "mcast_snooping",
    "no_linklocal_learn",
    "mcast_vlan_snooping",
    "mcast_router",
    "mcast_query_use_ifaddr",
    "mcast_querier",
    "mcast_hash_elasticity",
    "mcast_hash_max",
    "mcast_last_member_count",
    "mcast_startup_query_count",
    "mcast_last_member_interval",
    "mcast_membership_interval",
    "mcast_querier_interval",
    "mcast_query_interval",
    "mcast_query_response_interval",
    "mcast_startup_query_interval",
    "mcast_stats_enabled",
    "mcast_igmp_version",
    "mcast_mld_version",
    "nf_call_iptables",
    "nf_call_ip6tables",
    "nf_call_arptables",
];

/// A bridge's.
pub fn bridge(attributes: &[InfoBridge]) -> Vec<Detail> {
    let mut found: Vec<Detail> = attributes.iter().filter_map(of_bridge).collect();
    for attribute in attributes {
        if let InfoBridge::MultiBoolOpt(options) = attribute {
            for (flag, name) in [
                (
                    BridgeBooleanOptionFlags::NoLinkLocalLearn,
                    "no_linklocal_learn",
                ),
                (
                    BridgeBooleanOptionFlags::VlanMulticastSnooping,
                    "mcast_vlan_snooping",
                ),
            ] {
                if options.mask.contains(flag) {
                    found.push(number(name, options.value.contains(flag)));
                }
            }
        }
    }
    in_order(found, &BRIDGE)
}

fn of_bridge(attribute: &InfoBridge) -> Option<Detail> {
    Some(match attribute {
        InfoBridge::ForwardDelay(v) => number("forward_delay", *v),
        InfoBridge::HelloTime(v) => number("hello_time", *v),
        InfoBridge::MaxAge(v) => number("max_age", *v),
        InfoBridge::AgeingTime(v) => number("ageing_time", *v),
        InfoBridge::StpState(v) => number("stp_state", stp_state(*v)),
        InfoBridge::Priority(v) => number("priority", *v),
        InfoBridge::VlanFiltering(v) => number("vlan_filtering", *v),
        InfoBridge::VlanProtocol(v) => detail("vlan_protocol", Value::Word(vlan_protocol(*v))),
        InfoBridge::BridgeId(id) => detail("bridge_id", bridge_id(id)),
        InfoBridge::RootId(id) => detail("designated_root", bridge_id(id)),
        InfoBridge::RootPort(v) => number("root_port", *v),
        InfoBridge::RootPathCost(v) => number("root_path_cost", *v),
        InfoBridge::TopologyChange(v) => number("topology_change", *v),
        InfoBridge::TopologyChangeDetected(v) => number("topology_change_detected", *v),
        InfoBridge::HelloTimer(v) => detail("hello_timer", Value::Timer(*v)),
        InfoBridge::TcnTimer(v) => detail("tcn_timer", Value::Timer(*v)),
        InfoBridge::TopologyChangeTimer(v) => detail("topology_change_timer", Value::Timer(*v)),
        InfoBridge::GcTimer(v) => detail("gc_timer", Value::Timer(*v)),
        InfoBridge::VlanDefaultPvid(v) => number("vlan_default_pvid", *v),
        InfoBridge::VlanStatsEnabled(v) => number("vlan_stats_enabled", *v),
        InfoBridge::VlanStatsPerPort(v) => number("vlan_stats_per_port", *v),
        InfoBridge::GroupFwdMask(v) => detail("group_fwd_mask", Value::Hex((*v).into())),
        InfoBridge::GroupAddr(v) => detail("group_address", Value::Mac(Mac(*v))),
        InfoBridge::NfCallIpTables(v) => number("nf_call_iptables", *v),
        InfoBridge::NfCallIp6Tables(v) => number("nf_call_ip6tables", *v),
        InfoBridge::NfCallArpTables(v) => number("nf_call_arptables", *v),
        other => return multicast(other),
    })
}

/// What a bridge does about multicast groups.
fn multicast(attribute: &InfoBridge) -> Option<Detail> {
    Some(match attribute {
        InfoBridge::MulticastSnooping(v) => number("mcast_snooping", *v),
        InfoBridge::MulticastRouter(v) => number("mcast_router", u8::from(*v)),
        InfoBridge::MulticastQueryUseIfaddr(v) => number("mcast_query_use_ifaddr", *v),
        InfoBridge::MulticastQuerier(v) => number("mcast_querier", *v),
        InfoBridge::MulticastHashElasticity(v) => number("mcast_hash_elasticity", *v),
        InfoBridge::MulticastHashMax(v) => number("mcast_hash_max", *v),
        InfoBridge::MulticastLastMemberCount(v) => number("mcast_last_member_count", *v),
        InfoBridge::MulticastStartupQueryCount(v) => number("mcast_startup_query_count", *v),
        InfoBridge::MulticastLastMemberInterval(v) => number("mcast_last_member_interval", *v),
        InfoBridge::MulticastMembershipInterval(v) => number("mcast_membership_interval", *v),
        InfoBridge::MulticastQuerierInterval(v) => number("mcast_querier_interval", *v),
        InfoBridge::MulticastQueryInterval(v) => number("mcast_query_interval", *v),
        InfoBridge::MulticastQueryResponseInterval(v) => {
            number("mcast_query_response_interval", *v)
        }
        InfoBridge::MulticastStartupQueryInterval(v) => number("mcast_startup_query_interval", *v),
        InfoBridge::MulticastStatsEnabled(v) => number("mcast_stats_enabled", *v),
        InfoBridge::MulticastIgmpVersion(v) => number("mcast_igmp_version", *v),
        InfoBridge::MulticastMldVersion(v) => number("mcast_mld_version", *v),
        _ => return None,
    })
}

const PORT: [&str; 33] = [
    "state",
    "priority",
    "cost",
    "hairpin",
    "guard",
    "root_block",
    "fastleave",
    "learning",
    "flood",
    "port_id",
    "port_no",
    "designated_port",
    "designated_cost",
    "designated_bridge",
    "designated_root",
    "hold_timer",
    "message_age_timer",
    "forward_delay_timer",
    "topology_change_ack",
    "config_pending",
    "proxy_arp",
    "proxy_arp_wifi",
    "mcast_router",
    "mcast_fast_leave",
    "mcast_flood",
    "bcast_flood",
    "mcast_to_unicast",
    "neigh_suppress",
    "group_fwd_mask",
    "group_fwd_mask_str",
    "vlan_tunnel",
    "isolated",
    "locked",
];

/// A bridge port's.
pub fn port(attributes: &[InfoBridgePort]) -> Vec<Detail> {
    let found = attributes.iter().flat_map(of_port).collect();
    in_order(found, &PORT)
}

/// `ip` prints some attributes twice, under two names.
fn of_port(attribute: &InfoBridgePort) -> Vec<Detail> {
    let on = |name, value: &bool| vec![detail(name, Value::Switch(*value))];
    match attribute {
        InfoBridgePort::State(state) => {
            vec![detail("state", Value::Word(state_name(u8::from(*state))))]
        }
        InfoBridgePort::Priority(v) => vec![number("priority", *v)],
        InfoBridgePort::Cost(v) => vec![number("cost", *v)],
        InfoBridgePort::HairpinMode(v) => on("hairpin", v),
        InfoBridgePort::Guard(v) => on("guard", v),
        InfoBridgePort::Protect(v) => on("root_block", v),
        InfoBridgePort::FastLeave(v) => [on("fastleave", v), on("mcast_fast_leave", v)].concat(),
        InfoBridgePort::Learning(v) => on("learning", v),
        InfoBridgePort::UnicastFlood(v) => on("flood", v),
        InfoBridgePort::PortId(v) => vec![detail("port_id", Value::Hex((*v).into()))],
        InfoBridgePort::PortNumber(v) => vec![detail("port_no", Value::Hex((*v).into()))],
        InfoBridgePort::DesignatedPort(v) => vec![number("designated_port", *v)],
        InfoBridgePort::DesignatedCost(v) => vec![number("designated_cost", *v)],
        InfoBridgePort::BridgeId(id) => vec![detail("designated_bridge", bridge_id(id))],
        InfoBridgePort::RootId(id) => vec![detail("designated_root", bridge_id(id))],
        InfoBridgePort::HoldTimer(v) => vec![detail("hold_timer", Value::Timer(*v))],
        InfoBridgePort::MessageAgeTimer(v) => vec![detail("message_age_timer", Value::Timer(*v))],
        InfoBridgePort::ForwardDelayTimer(v) => {
            vec![detail("forward_delay_timer", Value::Timer(*v))]
        }
        InfoBridgePort::TopologyChangeAck(v) => vec![number("topology_change_ack", *v)],
        InfoBridgePort::ConfigPending(v) => vec![number("config_pending", *v)],
        InfoBridgePort::ProxyARP(v) => on("proxy_arp", v),
        InfoBridgePort::ProxyARPWifi(v) => on("proxy_arp_wifi", v),
        InfoBridgePort::MulticastRouter(v) => vec![number("mcast_router", u8::from(*v))],
        InfoBridgePort::MulticastFlood(v) => on("mcast_flood", v),
        InfoBridgePort::BroadcastFlood(v) => on("bcast_flood", v),
        InfoBridgePort::MulticastToUnicast(v) => on("mcast_to_unicast", v),
        InfoBridgePort::NeighSupress(v) => on("neigh_suppress", v),
        InfoBridgePort::GroupFwdMask(v) => vec![
            detail("group_fwd_mask", Value::Hex((*v).into())),
            detail("group_fwd_mask_str", Value::Prefixed((*v).into())),
        ],
        InfoBridgePort::VlanTunnel(v) => on("vlan_tunnel", v),
        InfoBridgePort::Isolated(v) => on("isolated", v),
        InfoBridgePort::Locked(v) => on("locked", v),
        _ => Vec::new(),
    }
}

fn bridge_id(id: &BridgeId) -> Value {
    Value::BridgeId(id.priority, Mac(id.address))
}

fn stp_state(state: BridgeStpState) -> u32 {
    state.into()
}

fn vlan_protocol(protocol: VlanProtocol) -> &'static str {
    match protocol {
        VlanProtocol::Ieee8021Ad => "802.1ad",
        _ => "802.1Q",
    }
}

fn state_name(state: u8) -> &'static str {
    match state {
        0 => "disabled",
        1 => "listening",
        2 => "learning",
        3 => "forwarding",
        _ => "blocking",
    }
}
