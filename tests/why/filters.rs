//! Filters, address translation, and the reverse path filter.

use tutor::trace::Cause;

use crate::bench::Send;
use crate::broken::{Broken, each};
use crate::nets::{NAT, ROW};
use crate::traced::run;

/// Rules and policies.
pub fn rules() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["iptables -D FORWARD -i br0 -j ACCEPT"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, no rule of the chain FORWARD lets the packet to 8.8.8.8 pass*`iptables -P FORWARD DROP`*",
            },
            // A chain of one's own that is left again decides nothing.
            Broken {
                lines: &[
                    "iptables -D FORWARD -i br0 -j ACCEPT",
                    "iptables -N OURS",
                    "iptables -A OURS -j RETURN",
                    "iptables -A OURS -j ACCEPT",
                    "iptables -I FORWARD -j OURS",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, no rule of the chain FORWARD lets the packet to 8.8.8.8 pass*",
            },
            // Whether this one fits is not understood; it has counted.
            Broken {
                lines: &["real iptables -I FORWARD -m length --length 0:2000 -j DROP"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, the rule `-A FORWARD*length*-j DROP`*",
            },
            Broken {
                lines: &[
                    "iptables -D FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, no rule of the chain FORWARD lets the answer to 172.16.0.40 pass*",
            },
            Broken {
                lines: &["iptables -I FORWARD -s 172.16.0.40 -j DROP"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Tcp(53, None),
                cause: Cause::Filtered,
                at: "host",
                says: "In host, the rule `-A FORWARD -s 172.16.0.40/32 -j DROP` fits the packet*throws it away without a word.",
            },
            Broken {
                lines: &["iptables -I FORWARD -p icmp -j REJECT"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, the rule `-A FORWARD -p icmp -j REJECT --reject-with icmp-port-unreachable` fits*refuses it with an error.",
            },
            Broken {
                lines: &["iptables -D FORWARD -i br0 -j ACCEPT"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, no rule of the chain FORWARD*bridged packets are filtered as well.",
            },
            Broken {
                lines: &["ip netns exec app4 iptables -P OUTPUT DROP"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "app4",
                says: "In app4, no rule of the chain OUTPUT*",
            },
            Broken {
                lines: &[
                    "iptables -N OURS",
                    "iptables -A OURS -p icmp -j DROP",
                    "iptables -I FORWARD -j OURS",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "In host, the rule `-A OURS -p icmp -j DROP` fits*",
            },
        ],
    ))
}

/// Rules for a port, ports that are rewritten, and ports at which nobody listens.
pub fn port_rules() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["ip netns exec app3 iptables -A INPUT -p tcp --dport 80 -j DROP"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Tcp(80, Some("app3")),
                cause: Cause::Filtered,
                at: "app3",
                says: "In app3, the rule `-A INPUT -p tcp -m tcp --dport 80 -j DROP` fits*",
            },
            Broken {
                lines: &[
                    "ip netns exec app3 iptables -A INPUT -p tcp --dport 80 -j REJECT --reject-with tcp-reset",
                ],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Tcp(80, Some("app3")),
                cause: Cause::Filtered,
                at: "app3",
                says: "In app3, the rule `-A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with tcp-reset` fits*",
            },
            Broken {
                lines: &[
                    "ip netns exec app3 iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.16.0.30:8080",
                ],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Tcp(80, Some("app3")),
                cause: Cause::PortClosed,
                at: "app3",
                says: "The packet arrives in app3, but nobody listens on port 8080 of 172.16.0.30*was for 172.16.0.30 port 80; app3 sends it on to 172.16.0.30 port 8080, as the rule*",
            },
            Broken {
                lines: &[
                    "ip netns exec app3 iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.16.0.30:8080",
                    "ip netns exec app3 iptables -A INPUT -p tcp --dport 8080 -j DROP",
                ],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Tcp(80, None),
                cause: Cause::Filtered,
                at: "app3",
                says: "In app3, the rule `-A INPUT -p tcp -m tcp --dport 8080 -j DROP` fits*",
            },
            Broken {
                lines: &[],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Tcp(80, None),
                cause: Cause::PortClosed,
                at: "app3",
                says: "The packet arrives in app3, but nobody listens on port 80 of 172.16.0.30*",
            },
        ],
    ))
}

/// Address translation that is missing, or fits other packets.
pub fn translation() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["iptables -t nat -D POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoNat,
                at: "host/enp0s1",
                says: "The packet to 8.8.8.8 leaves host by enp0s1 with the private sender 172.16.0.40*(no MASQUERADE).",
            },
            Broken {
                lines: &[
                    "iptables -t nat -D POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
                    "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoNat,
                at: "host/enp0s1",
                says: "*its `-s 172.17.0.0/16` does not fit this packet*",
            },
            Broken {
                lines: &[
                    "iptables -t nat -D POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
                    "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 -o br0 -j MASQUERADE",
                ],
                from: "app3",
                to: "1.1.1.1",
                send: Send::Tcp(53, None),
                cause: Cause::NoNat,
                at: "host/enp0s1",
                says: "*its `-o br0` does not fit this packet*",
            },
        ],
    ))
}

/// The reverse path filter, forwarding, sizes, neighbours.
pub fn settings() -> anyhow::Result<()> {
    run(each(
        ROW,
        &[
            Broken {
                lines: &[
                    "ip -n mid route add 10.1.0.2/32 dev m1",
                    "ip netns exec mid sysctl -w net.ipv4.conf.m0.rp_filter=1",
                ],
                from: "left",
                to: "10.2.0.2",
                send: Send::Ping,
                cause: Cause::ReversePath,
                at: "mid/m0",
                says: "*comes in by m0 in mid, but its route back to 10.1.0.2 is `10.1.0.2 dev m1`*net.ipv4.conf.m0.rp_filter = 1*",
            },
            Broken {
                lines: &["ip -n right link set r0 mtu 1200"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Large(1400),
                cause: Cause::TooBig,
                at: "right/r0",
                says: "*has 1428 bytes and leaves by m1 in mid, whose MTU is 1500.*r0 in right, whose MTU is only 1200*",
            },
            // What just fits is not too big.
            Broken {
                lines: &[
                    "ip -n left link set l0 mtu 1428",
                    "ip netns exec mid iptables -P FORWARD DROP",
                ],
                from: "left",
                to: "10.2.0.2",
                send: Send::Large(1400),
                cause: Cause::Filtered,
                at: "mid",
                says: "In mid, no rule of the chain FORWARD*",
            },
            Broken {
                lines: &["ip -n mid link set m1 mtu 1200"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Large(1400),
                cause: Cause::TooBig,
                at: "mid/m1",
                says: "*too big for m1 in mid.*more than 1200 bytes*",
            },
            Broken {
                lines: &["ip -n left link set l0 mtu 1200"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Large(1400),
                cause: Cause::TooBig,
                at: "left/l0",
                says: "*too big for l0 in left.*more than 1200 bytes*",
            },
            Broken {
                lines: &[
                    "ip -n left neigh replace 10.1.0.1 dev l0 lladdr 02:00:00:00:00:99 nud permanent",
                ],
                from: "left",
                to: "10.2.0.2",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "left/l0",
                says: "The neighbour table of left has a static entry that says 10.1.0.1 is at 02:00:00:00:00:99, but m0 in mid has*",
            },
            Broken {
                lines: &[
                    "ip -n mid neigh replace 10.1.0.2 dev m0 lladdr 02:00:00:00:00:99 nud permanent",
                ],
                from: "left",
                to: "10.2.0.2",
                send: Send::Tcp(80, None),
                cause: Cause::WrongNeighbour,
                at: "mid/m0",
                says: "The neighbour table of mid has a static entry*",
            },
            Broken {
                lines: &[
                    "ip -n mid route add 10.9.0.0/24 via 10.1.0.2",
                    "ip netns exec left sysctl -w net.ipv4.ip_forward=1",
                ],
                from: "left",
                to: "10.9.0.1",
                send: Send::Ping,
                cause: Cause::Loop,
                at: "mid",
                says: "*round in a circle between*",
            },
        ],
    ))
}
