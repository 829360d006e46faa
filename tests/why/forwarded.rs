//! Ports that are forwarded to where nothing is.

use tutor::trace::Cause;

use crate::bench::Send;
use crate::broken::{Broken, each};
use crate::nets::ROW;
use crate::traced::run;

/// A port is sent on to an address that nobody has, that no route leads to, that a rule keeps from
/// it, or where nobody listens.
pub fn to_nobody() -> anyhow::Result<()> {
    run(each(
        ROW,
        &[
            Broken {
                lines: &[
                    "ip netns exec mid iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.2.0.9:80",
                ],
                from: "left",
                to: "10.1.0.1",
                send: Send::Tcp(8080, None),
                cause: Cause::Unresolved,
                at: "mid/m1",
                says: "mid asks by m1 who has 10.2.0.9 (ARP), and nobody answers: there is no 10.2.0.9 on \
                    that network*. The packet was for 10.1.0.1 port 8080; mid sends it on to \
                    10.2.0.9 port 80, as the rule `-t nat -A PREROUTING -p tcp -m tcp --dport 8080 -j \
                    DNAT --to-destination 10.2.0.9:80` says.",
            },
            Broken {
                lines: &[
                    "ip netns exec mid iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.2.0.2:80",
                ],
                from: "left",
                to: "10.1.0.1",
                send: Send::Tcp(8080, None),
                cause: Cause::PortClosed,
                at: "right",
                says: "The packet arrives in right, but nobody listens on port 80 of 10.2.0.2: the kernel \
                    there refuses the connection (RST). The packet was for 10.1.0.1 port 8080; mid \
                    sends it on*",
            },
            Broken {
                lines: &[
                    "ip netns exec mid iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.9.0.9",
                ],
                from: "left",
                to: "10.1.0.1",
                send: Send::Tcp(8080, None),
                cause: Cause::NoRoute,
                at: "mid",
                says: "*mid has no route to 10.9.0.9*The packet was for 10.1.0.1 port 8080; mid sends it on \
                    to 10.9.0.9, as the rule*",
            },
            Broken {
                lines: &[
                    "ip netns exec mid iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.2.0.2:80",
                    "ip netns exec mid iptables -A FORWARD -p tcp --dport 80 -j DROP",
                ],
                from: "left",
                to: "10.1.0.1",
                send: Send::Tcp(8080, Some("right")),
                cause: Cause::Filtered,
                at: "mid",
                says: "In mid, the rule `-A FORWARD -p tcp -m tcp --dport 80 -j DROP`*The packet was for \
                    10.1.0.1 port 8080;*",
            },
            Broken {
                lines: &[
                    "ip netns exec mid iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.2.0.2:80",
                    "ip netns exec mid iptables -A FORWARD -s 10.2.0.2 -j DROP",
                ],
                from: "left",
                to: "10.1.0.1",
                send: Send::Tcp(8080, Some("right")),
                cause: Cause::Filtered,
                at: "mid",
                says: "In mid, the rule `-A FORWARD -s 10.2.0.2/32 -j DROP` fits the answer to 10.1.0.2 and*",
            },
            Broken {
                lines: &[
                    "ip netns exec mid iptables -t nat -A PREROUTING -p icmp -d 10.1.0.1 -j DNAT --to-destination 10.2.0.9",
                ],
                from: "left",
                to: "10.1.0.1",
                send: Send::Patient,
                cause: Cause::Unresolved,
                at: "mid/m1",
                says: "*The packet was for 10.1.0.1; mid sends it on to 10.2.0.9, as the rule*",
            },
        ],
    ))
}
