//! Devices, cables and bridges that are broken.

use tutor::trace::Cause;

use crate::bench::Send;
use crate::broken::{Broken, each};
use crate::nets::{NAT, ROW};
use crate::traced::run;

/// Makes a device the port of another bridge than its neighbours.
const INTO_ANOTHER_BRIDGE: &[&str] = &[
    "ip link add br1 type bridge",
    "ip link set br1 up",
    "ip link set hlink4 master br1",
];

/// Devices that are down, at either end.
pub fn devices() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["ip -n app4 link set clink4 down"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::DeviceDown,
                at: "app4/clink4",
                says: "*clink4 in app4 is down.*",
            },
            Broken {
                lines: &["ip link set hlink4 down"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoCarrier,
                at: "app4/clink4",
                says: "clink4 in app4 is up, but the other end of its cable, hlink4 in host, is down.*",
            },
            Broken {
                lines: &["ip -n app3 link set clink3 down"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::NoCarrier,
                at: "host/hlink3",
                says: "*the other end of its cable, clink3 in app3, is down.*",
            },
            Broken {
                lines: &["ip link set hlink3 down"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Tcp(80, Some("app3")),
                cause: Cause::DeviceDown,
                at: "host/hlink3",
                says: "hlink3 in host is down*",
            },
            Broken {
                lines: &["ip link set br0 down"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::DeviceDown,
                at: "host/br0",
                says: "br0 in host is down*",
            },
            Broken {
                lines: &["ip link set br0 down"],
                from: "host",
                to: "172.16.0.40",
                send: Send::Ping,
                cause: Cause::DeviceDown,
                at: "host/br0",
                says: "*br0 in host is down*",
            },
            Broken {
                lines: &["ip link set enp0s1 down"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::DeviceDown,
                at: "host/enp0s1",
                says: "*enp0s1 in host is down*",
            },
        ],
    ))
}

/// Cables in the wrong bridge, or in none.
pub fn ports() -> anyhow::Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["ip link set hlink4 nomaster"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NotAPort,
                at: "host/hlink4",
                says: "hlink4 in host is not a port of the bridge br0*",
            },
            Broken {
                lines: &["ip link set hlink4 nomaster"],
                from: "app3",
                to: "172.16.0.40",
                send: Send::Patient,
                cause: Cause::NotAPort,
                at: "host/hlink4",
                says: "hlink4 in host is not a port of the bridge br0*",
            },
            Broken {
                lines: INTO_ANOTHER_BRIDGE,
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::NotAPort,
                at: "host/hlink4",
                says: "hlink4 in host is a port of br1, not of br0*",
            },
            Broken {
                lines: INTO_ANOTHER_BRIDGE,
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NotAPort,
                at: "host/hlink4",
                says: "hlink4 in host is a port of br1, not of br0*",
            },
        ],
    ))
}

/// Cables between routers.
pub fn rows() -> anyhow::Result<()> {
    run(each(
        ROW,
        &[
            Broken {
                lines: &["ip -n mid link set m1 down"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Ping,
                cause: Cause::DeviceDown,
                at: "mid/m1",
                says: "*m1 in mid is down*",
            },
            Broken {
                lines: &["ip -n right link set r0 down"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Tcp(80, None),
                cause: Cause::NoCarrier,
                at: "mid/m1",
                says: "m1 in mid is up, but the other end of its cable, r0 in right, is down.*",
            },
            Broken {
                lines: &["ip netns exec mid sysctl -w net.ipv4.ip_forward=0"],
                from: "left",
                to: "10.2.0.2",
                send: Send::Ping,
                cause: Cause::ForwardingOff,
                at: "mid/m0",
                says: "*mid is no router: net.ipv4.ip_forward is 0*",
            },
        ],
    ))
}
