//! The article's rows: what happened to each of its packets.

use anyhow::{Result, ensure};
use tutor::trace::answer::Answer;
use tutor::trace::{Decision, What};

use crate::traced::{Desk, ensure_just, ensure_way, run};

/// Both ways answer: asked for, sent, delivered, and the same back.
pub fn first_pings() -> Result<()> {
    run(async {
        let line = "nsenter --net=/run/netns/app1 ping -c 2 172.16.0.10";
        let mut desk = Desk::through("veth", line).await?;
        desk.line("ip neigh flush all").await?;
        desk.line("ip -n app1 neigh flush all").await?;
        let there = desk.ping("app1", "172.16.0.10").await?;
        ensure_just(
            &there,
            &[
                "app1 → routed: 172.16.0.0/16 dev clink1 proto kernel scope link src 172.16.0.11",
                "app1/clink1 ? out: who has 172.16.0.10? tell 172.16.0.11",
                "host/hlink1 ? out: 172.16.0.10 is at *",
                "app1/clink1 → resolved: 172.16.0.10 is at *",
                "app1/clink1 → out: echo request 172.16.0.11 → 172.16.0.10",
                "host/hlink1 → in: echo request 172.16.0.11 → 172.16.0.10",
                "host/hlink1 → delivered",
                "host ← routed: 172.16.0.0/16 dev hlink1 proto kernel scope link src 172.16.0.10",
                "host/hlink1 ← out: echo reply 172.16.0.10 → 172.16.0.11",
                "app1/clink1 ← in: echo reply 172.16.0.10 → 172.16.0.11",
                "app1/clink1 ← delivered",
            ],
        )?;
        let times: Vec<_> = there.way.iter().filter_map(|hop| hop.at).collect();
        ensure!(times.is_sorted(), "{times:?}");
        let back = desk.ping("host", "172.16.0.11").await?;
        ensure_just(
            &back,
            &[
                "host → routed: 172.16.0.0/16 dev hlink1 *",
                "host/hlink1 → out: echo request 172.16.0.10 → 172.16.0.11",
                "app1/clink1 → in: echo request *",
                "app1/clink1 → delivered",
                "app1 ← routed: 172.16.0.0/16 dev clink1 *",
                "app1/clink1 ← out: echo reply *",
                "host/hlink1 ← in: echo reply *",
                "host/hlink1 ← delivered",
            ],
        )
    })
}

/// Nothing is sent.
pub fn no_route() -> Result<()> {
    run(async {
        let line = "nsenter --net=/run/netns/app1 ping -c 1 192.168.64.3";
        let mut desk = Desk::through("veth", line).await?;
        let story = desk.ping("app1", "192.168.64.3").await?;
        ensure_just(&story, &["app1 → no route: Network is unreachable"])
    })
}

/// The request arrives; the reply goes out by the other cable, where nobody has that address.
pub fn two_cables_one_prefix() -> Result<()> {
    run(async {
        let mut desk = Desk::through("subnet", "ip route get 172.16.0.21").await?;
        let lost = desk.ping("app2", "172.16.0.20").await?;
        ensure_way(
            &lost,
            &[
                "app2 → routed: 172.16.0.0/16 dev clink2 *",
                "app2/clink2 → out: echo request 172.16.0.21 → 172.16.0.20",
                "host/hlink2 → in: echo request 172.16.0.21 → 172.16.0.20",
                "host/hlink2 → delivered",
                "host ← routed: 172.16.0.0/16 dev hlink1 proto kernel scope link src 172.16.0.10",
                "host/hlink1 ? out: who has 172.16.0.21? tell 172.16.0.20*",
                "app1/clink1 ? in: who has 172.16.0.21? tell 172.16.0.20",
                "host/hlink1 ← unresolved: nobody tells the hardware address of 172.16.0.21",
            ],
        )?;
        let answered = desk.ping("app1", "172.16.0.20").await?;
        ensure_way(
            &answered,
            &[
                "host/hlink1 → in: echo request 172.16.0.11 → 172.16.0.20",
                "host/hlink1 → delivered",
                "app1/clink1 ← delivered",
            ],
        )?;
        let unknown = desk.ping("app1", "172.16.0.21").await?;
        ensure_way(
            &unknown,
            &[
                "app1/clink1 ? out: who has 172.16.0.21? tell 172.16.0.11*",
                "host/hlink1 ? in: who has 172.16.0.21? tell 172.16.0.11",
                "app1/clink1 → unresolved: nobody tells the hardware address of 172.16.0.21",
            ],
        )
    })
}

/// Without a bridge between the cables the question comes out, and nobody is there.
pub fn no_switch() -> Result<()> {
    run(async {
        let mut desk = Desk::through("bridge", "ping -c 1 172.16.0.40").await?;
        let line = "nsenter --net=/run/netns/app3 ping -c 1 -W 1 172.16.0.40";
        let story = desk.follow(line).await?;
        ensure_just(
            &story,
            &[
                "app3 → routed: 172.16.0.0/16 dev clink3 *",
                "app3/clink3 ? out: who has 172.16.0.40? tell 172.16.0.30*",
                "host/hlink3 ? in: who has 172.16.0.40? tell 172.16.0.30",
                "app3/clink3 → unresolved: nobody tells the hardware address of 172.16.0.40",
            ],
        )
    })
}

/// Over the bridge, from port to port; to the port that it knows.
pub fn one_bridge() -> Result<()> {
    run(async {
        let mut desk = Desk::through("bridge", "tcpdump -n -c 8 -i br0 icmp &").await?;
        let story = desk.ping("app3", "172.16.0.40").await?;
        ensure_way(
            &story,
            &[
                "app3 → routed: 172.16.0.0/16 dev clink3 *",
                "app3/clink3 → out: echo request 172.16.0.30 → 172.16.0.40",
                "host/hlink3 → in: echo request 172.16.0.30 → 172.16.0.40",
                "host/br0 → switched to port hlink4",
                "host/hlink4 → out: echo request 172.16.0.30 → 172.16.0.40",
                "app4/clink4 → in: echo request 172.16.0.30 → 172.16.0.40",
                "app4/clink4 → delivered",
                "app4 ← routed: 172.16.0.0/16 dev clink4 *",
                "app4/clink4 ← out: echo reply 172.16.0.40 → 172.16.0.30",
                "host/hlink4 ← in: echo reply *",
                "host/br0 ← switched to port hlink3",
                "host/hlink3 ← out: echo reply *",
                "app3/clink3 ← in: echo reply *",
                "app3/clink3 ← delivered",
            ],
        )
    })
}

/// A policy of the packet filter stops what only crosses the bridge.
pub fn bridged_packets_meet_iptables() -> Result<()> {
    run(async {
        let mut desk = Desk::through("bridge", "iptables -P FORWARD DROP").await?;
        let story = desk.ping("app3", "172.16.0.40").await?;
        ensure_way(
            &story,
            &[
                "app3/clink3 → out: echo request 172.16.0.30 → 172.16.0.40",
                "host/hlink3 → in: echo request 172.16.0.30 → 172.16.0.40",
                "host/br0 → dropped by -P FORWARD DROP (its counter went up by 1)",
            ],
        )?;
        let last = story.way.last().map(|hop| &hop.what);
        let dropped = matches!(last, Some(What::Decided(Decision::Dropped { .. })));
        ensure!(dropped, "{last:?}");
        desk.line("iptables -P FORWARD ACCEPT").await?;
        let story = desk.ping("app3", "172.16.0.40").await?;
        ensure_way(&story, &["app3/clink3 ← delivered"])
    })
}

/// The host's request leaves by the uplink; with an address on the bridge it takes the bridge.
pub fn host_joins_in() -> Result<()> {
    run(async {
        let mut desk = Desk::through("gateway", "ping -c 2 -W 1 172.16.0.30").await?;
        let before = desk.ping("host", "172.16.0.30").await?;
        ensure_way(
            &before,
            &[
                "host → routed: default via 192.168.64.1 dev enp0s1 *",
                "host/enp0s1 → out: echo request 192.168.64.3 → 172.16.0.30",
                "internet/router0 → in: echo request 192.168.64.3 → 172.16.0.30",
                "internet/router0 → dropped: it is for another host, and forwarding is off here",
            ],
        )?;
        desk.line("ip addr add 172.16.0.1/16 dev br0").await?;
        let after = desk.ping("host", "172.16.0.30").await?;
        ensure_way(
            &after,
            &[
                "host → routed: 172.16.0.0/16 dev br0 proto kernel scope link src 172.16.0.1",
                "host/br0 → out: echo request 172.16.0.1 → 172.16.0.30",
                "host/br0 → switched to port hlink3",
                "host/hlink3 → out: echo request 172.16.0.1 → 172.16.0.30",
                "app3/clink3 → in: echo request 172.16.0.1 → 172.16.0.30",
                "app3/clink3 → delivered",
                "app3/clink3 ← out: echo reply 172.16.0.30 → 172.16.0.1",
                "host/hlink3 ← in: echo reply *",
                "host/br0 ← in: echo reply *",
                "host/br0 ← delivered",
            ],
        )
    })
}

/// With a default route the host's other address is reached; without forwarding nothing beyond.
pub fn default_routes() -> Result<()> {
    run(async {
        let line = "nsenter --net=/run/netns/app3 ip route add default via 172.16.0.1";
        let mut desk = Desk::through("gateway", line).await?;
        let near = desk.ping("app3", "192.168.64.3").await?;
        ensure_way(
            &near,
            &[
                "app3 → routed: default via 172.16.0.1 dev clink3",
                "app3/clink3 → out: echo request 172.16.0.30 → 192.168.64.3",
                "host/hlink3 → in: echo request 172.16.0.30 → 192.168.64.3",
                "host/br0 → in: echo request 172.16.0.30 → 192.168.64.3",
                "host/br0 → delivered",
                "host ← routed: 172.16.0.0/16 dev br0 *",
                "app3/clink3 ← delivered",
            ],
        )?;
        let far = desk.ping("app3", "8.8.8.8").await?;
        ensure_way(
            &far,
            &[
                "host/br0 → in: echo request 172.16.0.30 → 8.8.8.8",
                "host/br0 → dropped: it is for another host, and forwarding is off here",
            ],
        )
    })
}

/// The request arrives with a private source, to which the internet has no way back.
pub fn forwarding_is_not_enough() -> Result<()> {
    run(async {
        let line = "echo 1 > /proc/sys/net/ipv4/ip_forward";
        let mut desk = Desk::through("nat", line).await?;
        let story = desk.ping("app4", "8.8.8.8").await?;
        ensure_way(
            &story,
            &[
                "app4/clink4 → out: echo request 172.16.0.40 → 8.8.8.8",
                "host/hlink4 → in: echo request 172.16.0.40 → 8.8.8.8",
                "host/br0 → in: echo request 172.16.0.40 → 8.8.8.8",
                "host/br0 → routed: default via 192.168.64.1 dev enp0s1 *",
                "host/enp0s1 → out: echo request 172.16.0.40 → 8.8.8.8",
                "internet/router0 → in: echo request 172.16.0.40 → 8.8.8.8",
                "internet/router0 → delivered",
                "internet ← no route: Network is unreachable",
            ],
        )
    })
}

/// With the rule it leaves with the host's address, and the answer finds back; Docker's policy
/// stops it.
pub fn masquerade() -> Result<()> {
    run(async {
        let rule = "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE";
        let mut desk = Desk::through("nat", rule).await?;
        let story = desk.ping("app4", "8.8.8.8").await?;
        ensure!(matches!(story.answer, Answer::Reply { .. }), "{story:#?}");
        ensure_way(
            &story,
            &[
                "app4 → routed: default via 172.16.0.1 dev clink4",
                "app4/clink4 → out: echo request 172.16.0.40 → 8.8.8.8",
                "host/hlink4 → in: echo request 172.16.0.40 → 8.8.8.8",
                "host/br0 → in: echo request 172.16.0.40 → 8.8.8.8",
                "host/br0 → routed: default via 192.168.64.1 dev enp0s1 *",
                "host/enp0s1 → source is now 192.168.64.3 (MASQUERADE)",
                "host/enp0s1 → out: echo request 192.168.64.3 → 8.8.8.8",
                "internet/router0 → in: echo request 192.168.64.3 → 8.8.8.8",
                "internet/router0 → delivered",
                "internet ← routed: 192.168.64.0/24 dev router0 *",
                "internet/router0 ← out: echo reply 8.8.8.8 → 192.168.64.3",
                "host/enp0s1 ← in: echo reply 8.8.8.8 → 192.168.64.3",
                "host/enp0s1 ← destination is now 172.16.0.40",
                "host/enp0s1 ← routed: 172.16.0.0/16 dev br0 *",
                "host/br0 ← out: echo reply 8.8.8.8 → 172.16.0.40",
                "host/br0 ← switched to port hlink4",
                "host/hlink4 ← out: echo reply 8.8.8.8 → 172.16.0.40",
                "app4/clink4 ← in: echo reply 8.8.8.8 → 172.16.0.40",
                "app4/clink4 ← delivered",
            ],
        )?;
        let ttls: Vec<u8> = (story.way.iter())
            .filter_map(|hop| match hop.what {
                What::Seen { ttl, .. } => ttl,
                What::Decided(_) => None,
            })
            .collect();
        ensure!(ttls == [64, 64, 64, 63, 63, 64, 64, 63, 63, 63], "{ttls:?}");
        let mut desk = Desk::through("nat", "iptables -P FORWARD DROP").await?;
        let docker = desk.ping("app4", "8.8.8.8").await?;
        ensure_way(
            &docker,
            &[
                "host/br0 → in: echo request 172.16.0.40 → 8.8.8.8",
                "host/br0 → routed: default via 192.168.64.1 dev enp0s1 *",
                "host/br0 → dropped by -P FORWARD DROP (its counter went up by *)",
            ],
        )
    })
}
