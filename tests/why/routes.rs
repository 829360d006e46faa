//! Addresses and routes that are wrong.

use tutor::trace::Cause;

use crate::bench::Send;
use crate::broken::{Broken, each};
use crate::nets::{NAT, ROW};
use crate::traced::run;

/// Addresses that are missing.
pub fn addresses() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["ip -n app4 addr del 172.16.0.40/16 dev clink4"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoAddress,
                at: "app4/clink4",
                says: "clink4 in app4 has no IPv4 address.*",
            },
            Broken {
                lines: &["ip -n app4 addr del 172.16.0.40/16 dev clink4"],
                from: "app3",
                to: "172.16.0.40",
                send: Send::Patient,
                cause: Cause::NoAddress,
                at: "app4/clink4",
                says: "Nobody has the address 172.16.0.40. clink4 in app4*has no IPv4 address*",
            },
            Broken {
                lines: &["ip addr del 172.16.0.1/16 dev br0"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoAddress,
                at: "host/br0",
                says: "*to the router 172.16.0.1, but nobody has that address. br0 in host*no IPv4 address.",
            },
            Broken {
                lines: &["ip addr del 172.16.0.1/16 dev br0"],
                from: "host",
                to: "172.16.0.40",
                send: Send::Ping,
                cause: Cause::NoAddress,
                at: "host/br0",
                says: "br0 in host has no IPv4 address.*",
            },
        ],
    ))
}

/// Addresses whose prefix is too long or too short, or that are there twice.
pub fn prefixes() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &[
                    "ip -n app4 addr del 172.16.0.40/16 dev clink4",
                    "ip -n app4 addr add 172.16.0.40/32 dev clink4",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongPrefix,
                at: "app4/clink4",
                says: "The address 172.16.0.40/32 of clink4 in app4 has another prefix length*",
            },
            Broken {
                lines: &[
                    "ip -n app4 addr del 172.16.0.40/16 dev clink4",
                    "ip -n app4 addr add 172.16.0.40/28 dev clink4",
                ],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::WrongPrefix,
                at: "app4/clink4",
                says: "The address 172.16.0.40/28 of clink4 in app4*",
            },
            Broken {
                lines: &[
                    "ip -n app4 addr del 172.16.0.40/16 dev clink4",
                    "ip -n app4 addr add 172.16.0.40/28 dev clink4",
                ],
                from: "app3",
                to: "172.16.0.40",
                send: Send::Tcp(80, None),
                cause: Cause::WrongPrefix,
                at: "app4/clink4",
                says: "The address 172.16.0.40/28 of clink4 in app4*",
            },
            Broken {
                lines: &[
                    "ip addr del 172.16.0.1/16 dev br0",
                    "ip addr add 172.16.0.1/28 dev br0",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongPrefix,
                at: "host/br0",
                says: "The address 172.16.0.1/28 of br0 in host*",
            },
            Broken {
                lines: &[
                    "ip -n app4 addr del 172.16.0.40/16 dev clink4",
                    "ip -n app4 addr add 172.16.0.40/4 dev clink4",
                ],
                from: "app4",
                to: "172.217.0.1",
                send: Send::Ping,
                cause: Cause::WrongPrefix,
                at: "app4/clink4",
                says: "The address 172.16.0.40/4 of clink4 in app4*",
            },
            Broken {
                lines: &[
                    "ip -n app3 link set clink3 address 02:00:00:00:00:03",
                    "ip -n app3 addr add 172.16.0.40/16 dev clink3",
                    "ip neigh replace 172.16.0.40 dev br0 lladdr 02:00:00:00:00:03 nud permanent",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::DuplicateAddress,
                at: "app3/clink3",
                says: "clink3 in app3 and clink4 in app4 have the same address, 172.16.0.40.*",
            },
        ],
    ))
}

/// Routes that are missing, or lead elsewhere.
pub fn routes() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["ip -n app4 route del default"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoRoute,
                at: "app4",
                says: "app4 has no route to 8.8.8.8*Nothing is sent at all.",
            },
            Broken {
                lines: &[
                    "ip -n app4 route del default",
                    "ip -n app4 route add default via 172.16.0.99",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongRoute,
                at: "app4/clink4",
                says: "*an address that nobody has. The router on that network is 172.16.0.1, br0 in host.",
            },
            Broken {
                lines: &[
                    "ip -n app4 route del default",
                    "ip -n app4 route add default via 172.16.0.30",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Tcp(53, None),
                cause: Cause::WrongRoute,
                at: "app4/clink4",
                says: "*that is clink3 in app3*The router on that network is 172.16.0.1, br0 in host.",
            },
            Broken {
                lines: &["ip route del default"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoRoute,
                at: "host",
                says: "*comes to host, and host has no route to 8.8.8.8*",
            },
            Broken {
                lines: &["ip route add 8.8.8.0/24 dev br0"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongRoute,
                at: "host/br0",
                says: "*goes out through br0 in host, since the route `8.8.8.0/24 dev br0` fits and it has the longer prefix*",
            },
            Broken {
                lines: &["ip route add 172.16.0.32/27 dev enp0s1"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongRoute,
                at: "host/enp0s1",
                says: "The reply to 172.16.0.40 goes out through enp0s1 in host*`172.16.0.0/16 dev br0` would have been the way.",
            },
            Broken {
                lines: &["ip route add blackhole 8.8.8.8"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongRoute,
                at: "host",
                says: "The route `blackhole 8.8.8.8` in host*",
            },
            Broken {
                lines: &[],
                from: "app4",
                to: "172.16.0.99",
                send: Send::Patient,
                cause: Cause::Unresolved,
                at: "app4/clink4",
                says: "app4 asks by clink4 who has 172.16.0.99 (ARP), and nobody answers*",
            },
        ],
    ))
}

/// Ways back.
pub fn back() -> anyhow::Result<()> {
    run(each(
        ROW,
        &[
            Broken {
                lines: &["ip -n right route del default"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Ping,
                cause: Cause::NoWayBack,
                at: "right",
                says: "The packet arrives, but right has no route back to 10.1.0.2*",
            },
            Broken {
                lines: &["ip -n right route del default"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Tcp(80, Some("right")),
                cause: Cause::NoWayBack,
                at: "right",
                says: "The packet arrives, but right has no route back to 10.1.0.2*",
            },
            Broken {
                lines: &[
                    "ip -n mid addr add 10.1.0.9/24 dev m1",
                    "ip -n mid addr del 10.1.0.1/24 dev m0",
                ],
                from: "right",
                to: "10.1.0.2",
                send: Send::Ping,
                cause: Cause::NoAddress,
                at: "mid/m0",
                says: "*",
            },
            Broken {
                lines: &["ip -n right route replace default via 10.2.0.7"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Ping,
                cause: Cause::WrongRoute,
                at: "right/r0",
                says: "*an address that nobody has. The router on that network is 10.2.0.1, m1 in mid.",
            },
        ],
    ))
}
