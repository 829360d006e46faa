//! Tunnels: their two ends, and what lies between.

use tutor::trace::Cause;

use crate::bench::Send;
use crate::broken::{Broken, each};
use crate::nets::{ROW, TUNNEL};
use crate::traced::run;

/// What carries the tunnel's packets is broken, or what it carries is stopped before or behind it.
pub fn tunnels() -> anyhow::Result<()> {
    run(each(
        &[ROW, TUNNEL].concat(),
        &[
            Broken {
                lines: &["ip -n right link set r0 down"],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::NoCarrier,
                at: "mid/m1",
                says: "The tunnel vx0 in left carries the packet to 192.168.9.2 within a packet to \
                    10.2.0.2, and that one does not arrive. m1 in mid is up, but the other end of its \
                    cable, r0 in right, is down.*",
            },
            Broken {
                lines: &["ip netns exec mid sysctl -w net.ipv4.ip_forward=0"],
                from: "left",
                to: "192.168.9.2",
                send: Send::Patient,
                cause: Cause::ForwardingOff,
                at: "mid/m0",
                says: "The tunnel vx0 in left*mid is no router*",
            },
            Broken {
                lines: &["ip netns exec right iptables -A INPUT -p udp --dport 4789 -j DROP"],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "right",
                says: "The tunnel vx0 in left*the rule `-A INPUT -p udp -m udp --dport 4789 -j DROP` fits*",
            },
            Broken {
                lines: &["ip -n right link set vx0 down"],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::DeviceDown,
                at: "right/vx0",
                says: "vx0 in right is down*",
            },
            Broken {
                lines: &[
                    "ip -n left link set vx0 mtu 1500",
                    "ip -n left link add br1 type bridge",
                    "ip -n left link set br1 up",
                    "ip -n left addr del 192.168.9.1/24 dev vx0",
                    "ip -n left addr add 192.168.9.1/24 dev br1",
                    "ip -n left link set vx0 mtu 1450",
                    "ip netns add box",
                    "ip link add bx type veth peer name eb netns box",
                    "ip link set bx netns left",
                    "ip -n left link set bx master br1 up",
                    "ip -n left link set vx0 master br1",
                    "ip -n box link set eb up",
                    "ip -n box addr add 192.168.9.3/24 dev eb",
                ],
                from: "box",
                to: "192.168.9.2",
                send: Send::Large(1472),
                cause: Cause::TooBig,
                at: "left/vx0",
                says: "*leaves by eb in box, whose MTU is 1500*it meets vx0 in left, whose MTU is only \
                    1450*",
            },
            Broken {
                lines: &["ip netns exec left iptables -A INPUT -p udp --dport 4789 -j DROP"],
                from: "left",
                to: "192.168.9.2",
                send: Send::Patient,
                cause: Cause::Filtered,
                at: "left",
                says: "The tunnel vx0 in right carries the answer to 192.168.9.1 within a packet to \
                    10.1.0.2*In left, the rule*",
            },
            Broken {
                lines: &["ip netns exec right iptables -A INPUT -p icmp -j DROP"],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "right",
                says: "In right, the rule `-A INPUT -p icmp -j DROP` fits*",
            },
        ],
    ))
}

/// The two ends do not fit together.
pub fn tunnel_ends() -> anyhow::Result<()> {
    run(each(
        &[ROW, TUNNEL].concat(),
        &[
            Broken {
                lines: &[
                    "ip -n right link del vx0",
                    "ip -n right link add vx0 type vxlan id 8 remote 10.1.0.2 dstport 4789",
                    "ip -n right addr add 192.168.9.2/24 dev vx0",
                    "ip -n right link set vx0 up",
                ],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::Tunnel,
                at: "left/vx0",
                says: "The two ends of the tunnel do not fit together: vx0 in left has the number (VNI) 7, \
                    vx0 in right has 8*",
            },
            Broken {
                lines: &[
                    "ip -n right link del vx0",
                    "ip -n right link add vx0 type vxlan id 7 remote 10.1.0.2 dstport 8472",
                    "ip -n right addr add 192.168.9.2/24 dev vx0",
                    "ip -n right link set vx0 up",
                ],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::Tunnel,
                at: "left/vx0",
                says: "The two ends of the tunnel do not fit together: vx0 in left sends to UDP port 4789, \
                    vx0 in right listens on 8472*",
            },
            Broken {
                lines: &[
                    "ip -n left link del vx0",
                    "ip -n left link add vx0 type vxlan id 7 remote 10.2.0.9 dstport 4789",
                    "ip -n left addr add 192.168.9.1/24 dev vx0",
                    "ip -n left link set vx0 up",
                ],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::Tunnel,
                at: "left/vx0",
                says: "The tunnel vx0 in left sends its packets to 10.2.0.9, but its other end, vx0 in \
                    right, is at 10.2.0.2*",
            },
            Broken {
                lines: &[
                    "ip -n left link del vx0",
                    "ip -n left link add vx0 type vxlan id 7 dstport 4789",
                    "ip -n left addr add 192.168.9.1/24 dev vx0",
                    "ip -n left link set vx0 up",
                ],
                from: "left",
                to: "192.168.9.2",
                send: Send::Ping,
                cause: Cause::Tunnel,
                at: "left/vx0",
                says: "The tunnel vx0 in left does not know where its other end is: it has no remote \
                    address, and its forwarding table (`bridge fdb`) no entry*",
            },
        ],
    ))
}
