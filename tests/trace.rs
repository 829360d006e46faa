//! The way of one packet, on the real kernel: where it was seen, in which order, and what was
//! decided between.

#[path = "trace/article.rs"]
mod article;
#[path = "trace/beside.rs"]
mod beside;
#[path = "support/frame.rs"]
mod frame;
#[path = "trace/kinds.rs"]
mod kinds;
#[path = "support/like.rs"]
mod like;
#[path = "support/traced.rs"]
mod traced;

use std::process::ExitCode;

use article::{
    bridged_packets_meet_iptables, default_routes, first_pings, forwarding_is_not_enough,
    host_joins_in, masquerade, no_route, no_switch, one_bridge, two_cables_one_prefix,
};
use beside::{
    a_flood_beside_it, captured_on_its_bridge, connections_at_once, deleted_meanwhile,
    probes_at_once,
};
use kinds::{
    a_rule_refuses, answered_by_a_stranger, forwarded_port, ipv6, ports, reverse_path, tunnel,
};

/// Most of a case's time is spent waiting for answers that do not come.
const AT_ONCE: usize = 8;

fn main() -> ExitCode {
    frame::main_at_once(
        AT_ONCE,
        &cases![
            first_pings,
            no_route,
            two_cables_one_prefix,
            no_switch,
            one_bridge,
            bridged_packets_meet_iptables,
            host_joins_in,
            default_routes,
            forwarding_is_not_enough,
            masquerade,
            ports,
            tunnel,
            ipv6,
            forwarded_port,
            a_rule_refuses,
            reverse_path,
            answered_by_a_stranger,
            probes_at_once,
            connections_at_once,
            a_flood_beside_it,
            captured_on_its_bridge,
            deleted_meanwhile,
        ],
    )
}
