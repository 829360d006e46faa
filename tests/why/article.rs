//! The failing pings of the article, in the lessons that teach it.

use anyhow::{Context, Result, ensure};
use tutor::trace::Cause;

use crate::broken::told;
use crate::like::is_like;
use crate::traced::{Desk, run};

/// A lesson's line, after whose step this ping is sent, and what is said of it.
type Row = (
    &'static str,
    &'static str,
    (&'static str, &'static str),
    Option<(Cause, &'static str)>,
);

/// Cables: no route, the /16 conflict, and what comes of taking the first route away.
pub fn cables() -> Result<()> {
    each(&[
        (
            "veth",
            "nsenter --net=/run/netns/app1 ping -c 2 172.16.0.10",
            ("app1", "172.16.0.10"),
            None,
        ),
        (
            "veth",
            "nsenter --net=/run/netns/app1 ping -c 2 172.16.0.10",
            ("app1", "192.168.64.3"),
            Some((Cause::NoRoute, "app1 has no route to 192.168.64.3*")),
        ),
        (
            "subnet",
            "tcpdump -n -c 2 -i hlink2 icmp &",
            ("app2", "172.16.0.20"),
            Some((
                Cause::WrongRoute,
                "The reply to 172.16.0.21 goes out through hlink1 in host, since the route \
                 `172.16.0.0/16 dev hlink1` fits and it stands first; nobody there answers ARP for \
                 172.16.0.21. `172.16.0.0/16 dev hlink2` would have been the way.",
            )),
        ),
        (
            "subnet",
            "ip route del 172.16.0.0/16 dev hlink1",
            ("app1", "172.16.0.10"),
            Some((
                Cause::Unresolved,
                "host asks by hlink2 who has 172.16.0.11*",
            )),
        ),
    ])
}

/// The bridge: nothing to plug into, then a filter that sees bridged packets.
pub fn switch() -> Result<()> {
    each(&[
        (
            "bridge",
            "ip netns add app4",
            ("app3", "172.16.0.40"),
            Some((
                Cause::Unresolved,
                "app3 asks by clink3 who has 172.16.0.40 (ARP), and nobody answers: that is clink4 \
                 in app4, and no cable or bridge joins the two.",
            )),
        ),
        (
            "bridge",
            "ip link add br0 type bridge",
            ("app3", "172.16.0.40"),
            None,
        ),
        (
            "bridge",
            "iptables -P FORWARD DROP",
            ("app3", "172.16.0.40"),
            Some((Cause::Filtered, "*bridged packets are filtered as well.")),
        ),
    ])
}

/// The gateway: no address on the switch, no default route, no forwarding.
pub fn gateway() -> Result<()> {
    each(&[
        (
            "gateway",
            "ip route get 172.16.0.30",
            ("host", "172.16.0.30"),
            Some((Cause::NoAddress, "br0 in host has no IPv4 address.*")),
        ),
        (
            "gateway",
            "ping -c 1 192.168.64.3",
            ("app3", "192.168.64.3"),
            Some((Cause::NoRoute, "app3 has no route to 192.168.64.3*")),
        ),
        (
            "gateway",
            "ip route get 8.8.8.8",
            ("app4", "8.8.8.8"),
            Some((
                Cause::ForwardingOff,
                "*host is no router: net.ipv4.ip_forward is 0*",
            )),
        ),
    ])
}

/// Out into the world: no translation, then with it, then the policy.
pub fn world() -> Result<()> {
    each(&[
        (
            "nat",
            "echo 1 > /proc/sys/net/ipv4/ip_forward",
            ("app4", "8.8.8.8"),
            Some((
                Cause::NoNat,
                "The packet to 8.8.8.8 leaves host by enp0s1 with the private sender 172.16.0.40*",
            )),
        ),
        (
            "nat",
            "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
            ("app4", "8.8.8.8"),
            None,
        ),
        (
            "nat",
            "iptables -P FORWARD DROP",
            ("app4", "8.8.8.8"),
            Some((Cause::Filtered, "*`iptables -P FORWARD DROP`*")),
        ),
    ])
}

fn each(rows: &'static [Row]) -> Result<()> {
    run(async {
        for (lesson, line, (from, to), wanted) in rows {
            let mut desk = Desk::through(lesson, line).await?;
            let story = desk.ping(from, to).await?;
            let found = story.diagnosis.as_ref();
            let told = told(&story);
            let Some((cause, says)) = wanted else {
                ensure!(found.is_none(), "{lesson}, {line}: {told}");
                continue;
            };
            let found = found.with_context(|| format!("{lesson}, {line}: {told}"))?;
            let right = found.cause == *cause && is_like(&found.sentence, says);
            ensure!(right, "{lesson}, {line}: wanted {cause}: {told}");
        }
        Ok(())
    })
}
