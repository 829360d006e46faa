//! Several things wrong at once: the earliest on the way is named. And nothing wrong at all.

use std::time::Instant;

use anyhow::{Result, ensure};
use tutor::trace::{Cause, tell};

use crate::bench::{Bench, Send};
use crate::broken::{Broken, each, told};
use crate::nets::{NAT, ROW};
use crate::traced::run;

/// The first on the way, not the worst.
pub fn faults() -> Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &[
                    "iptables -D FORWARD -i br0 -j ACCEPT",
                    "iptables -t nat -F POSTROUTING",
                    "sysctl -w net.ipv4.ip_forward=0",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::ForwardingOff,
                at: "host/br0",
                says: "*net.ipv4.ip_forward is 0*",
            },
            Broken {
                lines: &[
                    "iptables -D FORWARD -i br0 -j ACCEPT",
                    "iptables -t nat -F POSTROUTING",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "host",
                says: "*the chain FORWARD*",
            },
            Broken {
                lines: &[
                    "ip link set hlink4 down",
                    "sysctl -w net.ipv4.ip_forward=0",
                    "ip route del default",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::NoCarrier,
                at: "app4/clink4",
                says: "*hlink4 in host, is down*",
            },
            Broken {
                lines: &["ip -n app4 route del default", "ip link set enp0s1 down"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Tcp(53, None),
                cause: Cause::NoRoute,
                at: "app4",
                says: "app4 has no route to 8.8.8.8*",
            },
        ],
    ))
}

/// A network that works has nothing that is wrong.
pub fn health() -> Result<()> {
    run(async {
        let mut bench = Bench::new(NAT).await?;
        for (from, to, send) in [
            ("app4", "8.8.8.8", Send::Patient),
            ("app4", "172.16.0.30", Send::Patient),
            ("app3", "192.168.64.3", Send::Patient),
            ("host", "172.16.0.40", Send::Large(1400)),
            ("app4", "172.16.0.30", Send::Tcp(80, Some("app3"))),
        ] {
            let story = bench.story(from, to, send).await?;
            ensure!(story.diagnosis.is_none(), "{}", told(&story));
        }
        bench.build(ROW).await?;
        let story = bench.story("left", "10.2.0.2", Send::Patient).await?;
        ensure!(story.diagnosis.is_none(), "{}", told(&story));
        Ok(())
    })
}

/// Twelve namespaces on a bridge, the last of which has something to tell.
pub fn cost() -> Result<()> {
    let mut lines: Vec<String> = Vec::new();
    for number in 5..13 {
        lines.push(format!("ip netns add app{number}"));
        lines.push(format!(
            "ip link add hlink{number} type veth peer name clink{number} netns app{number}"
        ));
        lines.push(format!("ip link set hlink{number} master br0 up"));
        lines.push(format!(
            "ip -n app{number} addr add 172.16.0.{number}0/16 dev clink{number}"
        ));
        lines.push(format!("ip -n app{number} link set clink{number} up"));
        lines.push(format!(
            "ip -n app{number} route add default via 172.16.0.1"
        ));
    }
    lines.push("iptables -t nat -F POSTROUTING".to_owned());
    let all: Vec<&str> = NAT
        .iter()
        .copied()
        .chain(lines.iter().map(String::as_str))
        .collect();
    run(async {
        // At once: more devices come than there is room for news of.
        let mut bench = Bench::new(&all).await?;
        let evidence = bench.evidence("app12", "8.8.8.8", Send::Ping).await?;
        ensure!(
            evidence.after.spaces.len() == 12,
            "host, internet, ten more"
        );
        let begun = Instant::now();
        let story = tell(&evidence);
        let took = begun.elapsed();
        eprintln!("told in {took:?}");
        let cause = story.diagnosis.as_ref().map(|found| found.cause);
        ensure!(cause == Some(Cause::NoNat), "{}", told(&story));
        Ok(())
    })
}

/// What is found out only with the answer, or at the very end of its way.
pub fn late() -> Result<()> {
    run(each(
        NAT,
        &[
            Broken {
                lines: &["ip -n app3 addr add 172.16.0.40/16 dev clink3"],
                from: "app4",
                to: "172.16.0.30",
                send: Send::Ping,
                cause: Cause::DuplicateAddress,
                at: "app3/clink3",
                says: "*172.16.0.40*",
            },
            Broken {
                lines: &["ip netns exec app4 iptables -P INPUT DROP"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "app4",
                says: "In app4, no rule of the chain INPUT lets the answer to 172.16.0.40 pass*",
            },
            Broken {
                lines: &[
                    "ip link add back type veth peer name eth1 netns app4",
                    "ip link set back up",
                    "ip -n app4 link set eth1 up",
                    "ip route add 172.16.0.40 dev back",
                    "sysctl -w net.ipv4.conf.br0.rp_filter=1",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::ReversePath,
                at: "host/br0",
                says: "*comes in by br0 in host, but its route back to 172.16.0.40 is*",
            },
            Broken {
                lines: &["ip link set hlink4 mtu 1000"],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Large(1200),
                cause: Cause::TooBig,
                at: "host/hlink4",
                says: "*hlink4 in host, whose MTU is only 1000*",
            },
            Broken {
                lines: &[
                    "ip neigh replace 172.16.0.40 lladdr 02:00:00:00:00:98 dev br0 nud permanent",
                ],
                from: "app4",
                to: "8.8.8.8",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "host/br0",
                says: "The neighbour table of host has a static entry*",
            },
        ],
    ))
}
