//! Bridges: captured on, and with ports that are kept apart.

use tutor::trace::Cause;

use crate::bench::Send;
use crate::broken::{Broken, each};
use crate::nets::SWITCH;
use crate::traced::run;

/// Whoever captures on a bridge makes it take in what is for others; the cause is the same.
pub fn captured() -> anyhow::Result<()> {
    run(each(
        SWITCH,
        &[
            Broken {
                lines: &[
                    "ip -n b neigh add 10.0.0.2 lladdr 02:00:00:00:00:99 dev eb",
                    "tcpdump -n -i br0 arp &",
                ],
                from: "b",
                to: "10.0.0.2",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "b/eb",
                says: "The neighbour table of b has a static entry*",
            },
            Broken {
                lines: &[
                    "ip netns exec a iptables -A INPUT -p icmp -j DROP",
                    "tcpdump -n -i br0 arp &",
                ],
                from: "b",
                to: "10.0.0.2",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "a",
                says: "In a, the rule `-A INPUT -p icmp -j DROP` fits*",
            },
            Broken {
                lines: &["tcpdump -n -i br0 arp &", "ip -n a link set ea down"],
                from: "b",
                to: "10.0.0.2",
                send: Send::Ping,
                cause: Cause::NoCarrier,
                at: "host/ha",
                says: "ha in host is up, but the other end of its cable, ea in a, is down*",
            },
        ],
    ))
}

/// A bridge in a namespace of its own, at whose ports two containers are.
const APART: &[&str] = &[
    "ip netns add sw",
    "ip netns add a",
    "ip netns add b",
    "ip -n sw link add br1 type bridge",
    "ip -n sw link set br1 up",
    "ip link add pa netns sw type veth peer name ea netns a",
    "ip link add pb netns sw type veth peer name eb netns b",
    "ip -n sw link set pa master br1 up",
    "ip -n sw link set pb master br1 up",
    "ip -n a link set ea up",
    "ip -n b link set eb up",
    "ip -n a addr add 10.0.0.2/24 dev ea",
    "ip -n b addr add 10.0.0.3/24 dev eb",
];

/// A port whose state keeps frames off, and two that are isolated from each other.
pub fn kept_apart() -> anyhow::Result<()> {
    run(each(
        APART,
        &[
            Broken {
                lines: &[
                    "real ip netns exec sw bridge link set dev pa isolated on",
                    "real ip netns exec sw bridge link set dev pb isolated on",
                ],
                from: "a",
                to: "10.0.0.3",
                send: Send::Ping,
                cause: Cause::PortBlocked,
                at: "sw/pb",
                says: "pa and pb in sw are both isolated ports of br1: the bridge passes no frame from one \
                    isolated port to another, so the packet to 10.0.0.3 gets no further.*",
            },
            Broken {
                lines: &[
                    // A spanning tree listens and learns before it lets a port forward, 15 s each.
                    "real ip -n sw link set br1 type bridge stp_state 1",
                    "ip -n sw link set pb down",
                    "ip -n sw link set pb up",
                ],
                from: "a",
                to: "10.0.0.3",
                send: Send::Ping,
                cause: Cause::PortBlocked,
                at: "sw/pb",
                says: "pb in sw is a port of br1, but its state is listening, not forwarding*",
            },
            Broken {
                lines: &[
                    // Its carrier has been seen by then, which would make it forward again.
                    "ip netns exec a ping -c 1 10.0.0.3",
                    "real ip netns exec sw bridge link set dev pa state 0",
                ],
                from: "a",
                to: "10.0.0.3",
                send: Send::Ping,
                cause: Cause::PortBlocked,
                at: "sw/pa",
                says: "pa in sw is a port of br1, but its state is disabled, not forwarding*",
            },
        ],
    ))
}
