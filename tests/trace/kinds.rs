//! Other packets, and other ways to be lost.

use anyhow::{Result, ensure};
use tutor::lesson::probe::{Expect, Probe, What};
use tutor::world::Ns;

use crate::traced::{Desk, ensure_just, ensure_way, ping, run};

/// Two namespaces with a cable between them.
const CABLE: &[&str] = &[
    "ip netns add a",
    "ip netns add b",
    "ip link add v1 netns a type veth peer name v2 netns b",
    "ip -n a addr add 10.0.0.1/24 dev v1",
    "ip -n b addr add 10.0.0.2/24 dev v2",
    "ip -n a link set v1 up",
    "ip -n b link set v2 up",
];
/// A tunnel over it.
const TUNNEL: &[&str] = &[
    "ip -n a link add vx0 type vxlan id 7 remote 10.0.0.2 dstport 4789",
    "ip -n b link add vx0 type vxlan id 7 remote 10.0.0.1 dstport 4789",
    "ip -n a addr add 192.168.9.1/24 dev vx0",
    "ip -n b addr add 192.168.9.2/24 dev vx0",
    "ip -n a link set vx0 up",
    "ip -n b link set vx0 up",
];
/// A router `r` in the middle of `a` and `b`.
pub const ROUTER: &[&str] = &[
    "ip netns add a",
    "ip netns add r",
    "ip netns add b",
    "ip link add ea netns a type veth peer name ra netns r",
    "ip link add eb netns b type veth peer name rb netns r",
    "ip -n a addr add 10.1.0.2/24 dev ea",
    "ip -n r addr add 10.1.0.1/24 dev ra",
    "ip -n r addr add 10.2.0.1/24 dev rb",
    "ip -n b addr add 10.2.0.2/24 dev eb",
    "ip -n a link set ea up",
    "ip -n r link set ra up",
    "ip -n r link set rb up",
    "ip -n b link set eb up",
    "ip -n a route add default via 10.1.0.1",
    "ip -n b route add default via 10.2.0.1",
    "ip netns exec r sysctl -w net.ipv4.ip_forward=1",
];

/// A connection that is wanted.
pub fn tcp(from: &str, to: &str, port: u16, listen: Option<&str>) -> Probe {
    let listen = listen.map(Ns::from_name);
    Probe {
        what: What::Tcp { port, listen },
        ..ping(from, to, Expect::Reply)
    }
}

/// A connection that comes about, and one that is refused.
pub fn ports() -> Result<()> {
    run(async {
        let probes = vec![
            tcp("a", "10.0.0.2", 80, Some("b")),
            tcp("a", "10.0.0.2", 81, None),
        ];
        let mut desk = Desk::free(CABLE, probes).await?;
        let stories = desk.check().await?;
        ensure_way(
            &stories[0],
            &[
                "a → routed: 10.0.0.0/24 dev v1 *",
                "a/v1 → out: TCP SYN 10.0.0.1:* → 10.0.0.2:80",
                "b/v2 → in: TCP SYN 10.0.0.1:* → 10.0.0.2:80",
                "b/v2 → delivered",
                "b/v2 ← out: TCP SYN-ACK 10.0.0.2:80 → 10.0.0.1:*",
                "a/v1 ← in: TCP SYN-ACK 10.0.0.2:80 → 10.0.0.1:*",
                "a/v1 ← delivered",
            ],
        )?;
        ensure_way(
            &stories[1],
            &[
                "b/v2 → in: TCP SYN 10.0.0.1:* → 10.0.0.2:81",
                "b/v2 ← out: TCP reset 10.0.0.2:81 → 10.0.0.1:*",
                "a/v1 ← in: TCP reset 10.0.0.2:81 → 10.0.0.1:*",
            ],
        )
    })
}

/// Into the tunnel's packet and out of it again.
pub fn tunnel() -> Result<()> {
    run(async {
        let mut desk = Desk::free(&[CABLE, TUNNEL].concat(), Vec::new()).await?;
        let story = desk.ping("a", "192.168.9.2").await?;
        ensure_way(
            &story,
            &[
                "a → routed: 192.168.9.0/24 dev vx0 *",
                "a/vx0 → out: echo request 192.168.9.1 → 192.168.9.2",
                "a → put into a packet of the tunnel (VXLAN 7)",
                "a/v1 → out: VXLAN 7 10.0.0.1 → 10.0.0.2: echo request *",
                "b/v2 → in: VXLAN 7 10.0.0.1 → 10.0.0.2: echo request *",
                "b → taken out of the tunnel's packet (VXLAN 7)",
                "b/vx0 → in: echo request 192.168.9.1 → 192.168.9.2",
                "b/vx0 → delivered",
                "b ← put into a packet of the tunnel (VXLAN 7)",
                "a ← taken out of the tunnel's packet (VXLAN 7)",
                "a/vx0 ← delivered",
            ],
        )
    })
}

/// Neighbour discovery in the place of ARP.
pub fn ipv6() -> Result<()> {
    run(async {
        let mut desk = Desk::free(CABLE, Vec::new()).await?;
        desk.line("ip -n a addr add fd00::1/64 dev v1 nodad")
            .await?;
        desk.line("ip -n b addr add fd00::2/64 dev v2 nodad")
            .await?;
        // The kernel joins the group of an address that is asked for after it has been added, in its
        // own time (`addrconf_dad_work`): one question may get lost.
        desk.line("ip netns exec a ping -c 1 -W 4 fd00::2").await?;
        desk.line("ip -n a neigh flush dev v1").await?;
        let story = desk.ping("a", "fd00::2").await?;
        ensure_way(
            &story,
            &[
                "a → routed: fd00::/64 dev v1 proto kernel metric 256 pref medium",
                "a/v1 ? out: who has fd00::2? tell fd00::1",
                "b/v2 ? out: fd00::2 is at *",
                "a/v1 → resolved: fd00::2 is at *",
                "a/v1 → out: echo request fd00::1 → fd00::2",
                "b/v2 → in: echo request fd00::1 → fd00::2",
                "b/v2 → delivered",
                "b/v2 ← out: echo reply fd00::2 → fd00::1",
                "a/v1 ← delivered",
            ],
        )?;
        let nobody = desk.ping("a", "fd00::9").await?;
        ensure_way(
            &nobody,
            &[
                "a/v1 ? out: who has fd00::9? tell fd00::1*",
                "a/v1 → unresolved: nobody tells the hardware address of fd00::9",
            ],
        )
    })
}

/// The destination is rewritten on the way there, the source on the way back.
pub fn forwarded_port() -> Result<()> {
    run(async {
        let mut lines = ROUTER.to_vec();
        lines.push(
            "ip netns exec r iptables -t nat -A PREROUTING -d 10.1.0.1 -p icmp -j DNAT --to-destination 10.2.0.2",
        );
        let mut desk = Desk::free(&lines, Vec::new()).await?;
        let story = desk.ping("a", "10.1.0.1").await?;
        ensure_way(
            &story,
            &[
                "a/ea → out: echo request 10.1.0.2 → 10.1.0.1",
                "r/ra → in: echo request 10.1.0.2 → 10.1.0.1",
                "r/ra → destination is now 10.2.0.2",
                "r/ra → routed: 10.2.0.0/24 dev rb *",
                "r/rb → out: echo request 10.1.0.2 → 10.2.0.2",
                "b/eb → in: echo request 10.1.0.2 → 10.2.0.2",
                "b/eb → delivered",
                "b/eb ← out: echo reply 10.2.0.2 → 10.1.0.2",
                "r/rb ← in: echo reply 10.2.0.2 → 10.1.0.2",
                "r/rb ← routed: 10.1.0.0/24 dev ra *",
                "r/ra ← source is now 10.1.0.1",
                "r/ra ← out: echo reply 10.1.0.1 → 10.1.0.2",
                "a/ea ← delivered",
            ],
        )
    })
}

/// A rule that refuses says so with an error, which comes back.
pub fn a_rule_refuses() -> Result<()> {
    run(async {
        let mut lines = ROUTER.to_vec();
        lines.push("ip netns exec r iptables -A FORWARD -s 10.9.0.0/16 -j DROP");
        lines.push("ip netns exec r iptables -A FORWARD -p icmp -d 10.2.0.2 -j REJECT");
        let mut desk = Desk::free(&lines, Vec::new()).await?;
        let story = desk.ping("a", "10.2.0.2").await?;
        ensure_way(
            &story,
            &[
                "r/ra → in: echo request 10.1.0.2 → 10.2.0.2",
                "r/ra → routed: 10.2.0.0/24 dev rb *",
                "r/ra → dropped by -A FORWARD -d 10.2.0.2/32 -p icmp -j REJECT* (its counter went up by 1)",
                "r/ra ! out: 10.1.0.1 says: nobody listens on that port",
                "a/ea ! in: 10.1.0.1 says: nobody listens on that port",
            ],
        )
    })
}

/// The router's filter asks whether the source would be reached by where it comes from.
pub fn reverse_path() -> Result<()> {
    run(async {
        let mut lines = ROUTER.to_vec();
        lines.extend([
            "ip -n a addr add 10.7.0.2/32 dev lo",
            "ip -n a link set lo up",
            "ip -n r route add 10.7.0.0/24 via 10.2.0.2",
            "ip netns exec r sysctl -w net.ipv4.conf.all.rp_filter=1",
        ]);
        let mut desk = Desk::free(&lines, Vec::new()).await?;
        // So that the router's hardware address is known: it would not answer that source.
        desk.ping("a", "10.2.0.2").await?;
        let line = "ip netns exec a ping -c 1 -W 1 -I 10.7.0.2 10.2.0.2";
        let story = desk.follow(line).await?;
        ensure_way(
            &story,
            &[
                "a/ea → out: echo request 10.7.0.2 → 10.2.0.2",
                "r/ra → in: echo request 10.7.0.2 → 10.2.0.2",
                "r/ra → dropped: its source is not reached by the device that it came in by (rp_filter)",
            ],
        )
    })
}

/// A neighbour entry with a wrong hardware address: the frame arrives where nobody takes it in.
pub fn answered_by_a_stranger() -> Result<()> {
    run(async {
        let mut lines = CABLE.to_vec();
        lines.push("ip -n a neigh add 10.0.0.2 lladdr 02:00:00:00:00:99 dev v1 nud permanent");
        let mut desk = Desk::free(&lines, Vec::new()).await?;
        let story = desk.ping("a", "10.0.0.2").await?;
        ensure!(!story.way.is_empty());
        ensure_just(
            &story,
            &[
                "a → routed: 10.0.0.0/24 dev v1 *",
                "a/v1 → out: echo request 10.0.0.1 → 10.0.0.2",
                "b/v2 → in: echo request 10.0.0.1 → 10.0.0.2",
                "b/v2 → not taken in: the frame is addressed to 02:00:00:00:00:99, not to this device",
            ],
        )
    })
}
