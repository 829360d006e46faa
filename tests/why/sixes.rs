//! The same by IPv6.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tutor::trace::Cause;
use tutor::world::Ns;

use crate::bench::{Bench, Send};
use crate::broken::{Broken, each, told};
use crate::like::is_like;
use crate::nets::row6;
use crate::traced::run;

/// Routes, neighbour discovery, forwarding, filters.
pub fn sixes() -> anyhow::Result<()> {
    run(each(
        &row6(),
        &[
            Broken {
                lines: &["ip -n left route del default via fd00:1::1"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Ping,
                cause: Cause::NoRoute,
                at: "left",
                says: "left has no route to fd00:2::2*",
            },
            Broken {
                lines: &["ip -n right route del default via fd00:2::1"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Ping,
                cause: Cause::NoWayBack,
                at: "right",
                says: "The packet arrives, but right has no route back to fd00:1::2*",
            },
            Broken {
                lines: &[],
                from: "left",
                to: "fd00:1::9",
                send: Send::Patient,
                cause: Cause::Unresolved,
                at: "left/l0",
                says: "left asks by l0 who has fd00:1::9 (NDP), and nobody answers*",
            },
            Broken {
                lines: &["ip netns exec mid sysctl -w net.ipv6.conf.all.forwarding=0"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Ping,
                cause: Cause::ForwardingOff,
                at: "mid/m0",
                says: "*mid is no router: net.ipv6.conf.all.forwarding is 0*",
            },
            Broken {
                lines: &["real ip netns exec mid ip6tables -A FORWARD -p ipv6-icmp -j DROP"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "mid",
                says: "In mid, the rule `ip6tables -A FORWARD -p ipv6-icmp -j DROP` fits*",
            },
            Broken {
                lines: &["real ip netns exec mid ip6tables -P FORWARD DROP"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Tcp(80, Some("right")),
                cause: Cause::Filtered,
                at: "mid",
                says: "*the chain's policy, DROP*`ip6tables -P FORWARD DROP`*",
            },
            Broken {
                lines: &["real ip netns exec mid ip6tables -A FORWARD -d fd00:2::2 -j DROP"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Ping,
                cause: Cause::Filtered,
                at: "mid",
                says: "In mid, the rule `ip6tables -A FORWARD * -j DROP` fits*",
            },
            Broken {
                lines: &["ip -n right link set r0 down"],
                from: "left",
                to: "fd00:2::2",
                send: Send::Ping,
                cause: Cause::NoCarrier,
                at: "mid/m1",
                says: "*the other end of its cable, r0 in right, is down*",
            },
            Broken {
                lines: &[
                    "ip -n left route del default via fd00:1::1",
                    "ip -n left addr del fd00:1::2/64 dev l0",
                ],
                from: "left",
                to: "fd00:1::1",
                send: Send::Ping,
                cause: Cause::NoAddress,
                at: "left/l0",
                says: "l0 in left has no IPv6 address beyond its link.*",
            },
            Broken {
                lines: &[],
                from: "left",
                to: "fd00:2::2",
                send: Send::Tcp(80, None),
                cause: Cause::PortClosed,
                at: "right",
                says: "The packet arrives in right, but nobody listens on port 80 of fd00:2::2*",
            },
        ],
    ))
}

/// An address that somebody else had when it was added is not used, even when that one has gone.
pub fn not_unique() -> anyhow::Result<()> {
    /// `IFA_F_DADFAILED` of `linux/if_addr.h`.
    const FAILED: u32 = 8;
    run(async {
        let mut bench = Bench::new(&row6()).await?;
        bench
            .line("ip -n mid addr add fd00:2::7/64 dev m1 nodad")
            .await?;
        bench
            .line("ip -n right addr add fd00:2::7/64 dev r0")
            .await?;
        let begun = Instant::now();
        loop {
            let evidence = bench.evidence("right", "fd00:2::1", Send::Ping).await?;
            let right = &evidence.after.spaces[&Ns::from_name("right")];
            let mut addrs = right.addrs.iter();
            if addrs.any(|addr| addr.flags & FAILED != 0) {
                break;
            }
            ensure!(begun.elapsed() < Duration::from_secs(15), "{right:?}");
        }
        bench.line("ip -n mid addr del fd00:2::7/64 dev m1").await?;
        let story = bench.story("left", "fd00:2::7", Send::Patient).await?;
        let found = story.diagnosis.as_ref().context("no diagnosis")?;
        let right = found.cause == Cause::DuplicateAddress
            && is_like(
                &found.sentence,
                "r0 in right does not use its address fd00:2::7: when it was added, somebody else on \
                 that network had it already (duplicate address detection, DAD).*",
            );
        ensure!(right, "{}", told(&story));
        Ok(())
    })
}

/// Of one device's own setting the kernel asks nothing: there is one switch for all.
pub fn one_switch_for_all() -> anyhow::Result<()> {
    run(async {
        let mut bench = Bench::new(&row6()).await?;
        bench
            .line("ip netns exec mid sysctl -w net.ipv6.conf.m0.forwarding=0")
            .await?;
        let story = bench.story("left", "fd00:2::2", Send::Ping).await?;
        ensure!(story.diagnosis.is_none(), "{}", told(&story));
        bench.line("ip -n right link set r0 down").await?;
        let story = bench.story("left", "fd00:2::2", Send::Ping).await?;
        let cause = story.diagnosis.as_ref().map(|found| found.cause);
        ensure!(cause == Some(Cause::NoCarrier), "{}", told(&story));
        Ok(())
    })
}
