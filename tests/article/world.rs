//! From the containers to the host's other address, and out into the world.

use anyhow::ensure;

use crate::like::is_like;
use crate::lived::Lived;

/// With a default route the containers reach every address of the host.
pub fn default_routes() -> anyhow::Result<()> {
    let before = Lived::through("gateway", "ping -c 1 192.168.64.3")?;
    let refused = ["ping: connect: Network is unreachable"];
    before.ensure_said_just("app3", "ping -c 1 192.168.64.3", &refused)?;
    let line = "nsenter --net=/run/netns/app3 ip route add default via 172.16.0.1";
    let after = Lived::through("gateway", line)?;
    for ns in ["app3", "app4"] {
        let routes = &after.space(ns)?.routes;
        let default = routes
            .iter()
            .find(|route| route.dst.prefix_len() == 0 && route.via.is_some());
        let via = default
            .and_then(|route| route.via)
            .map(|via| via.to_string());
        ensure!(via.as_deref() == Some("172.16.0.1"), "{ns}: {routes:?}");
    }
    let ping = "nsenter --net=/run/netns/app3 ping -c 2 192.168.64.3";
    after.ensure_said("host", ping, &["2 packets transmitted, 2 received, *"])
}

/// Without forwarding the requests stop at the bridge; with it they leave with a private sender,
/// and nothing comes back.
pub fn forwarding_is_not_enough() -> anyhow::Result<()> {
    let lost = "2 packets transmitted, 0 received, 100% packet loss, *";
    let request = "* IP 172.16.0.40 > 8.8.8.8: ICMP echo request, *";
    let off = Lived::through("nat", "tcpdump -n -c 2 -i br0 icmp &")?;
    off.ensure_said(
        "host",
        "sysctl net.ipv4.ip_forward",
        &["net.ipv4.ip_forward = 0"],
    )?;
    let on = Lived::through("nat", "echo 1 > /proc/sys/net/ipv4/ip_forward")?;
    for lived in [off, on] {
        ensure!(lived.count(request) == 2, "{:#?}", lived.all());
        ensure!(lived.count("*echo reply*") == 0, "{:#?}", lived.all());
        ensure!(lived.count(lost) == 1, "{:#?}", lived.all());
    }
    Ok(())
}

/// With the rule 8.8.8.8 answers, and conntrack knows who has borrowed the host's address. Docker's
/// policy stops it, and two rules let it pass.
pub fn masquerade() -> anyhow::Result<()> {
    let rule = "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE";
    let ping = "nsenter --net=/run/netns/app4 ping -c 2 8.8.8.8";
    let replies = [
        "64 bytes from 8.8.8.8: icmp_seq=1 ttl=63 time=* ms",
        "64 bytes from 8.8.8.8: icmp_seq=2 ttl=63 time=* ms",
    ];
    let lived = Lived::through("nat", rule)?;
    lived.ensure_said("host", ping, &replies)?;
    let lines = lived.space("host")?.ruleset.lines();
    let written = "-A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE";
    ensure!(lines.iter().any(|line| line.text == written), "{lines:?}");

    let uplink = Lived::through("nat", "tcpdump -n -c 4 -i enp0s1 icmp &")?;
    ensure!(uplink.count("* IP 192.168.64.3 > 8.8.8.8: ICMP echo request, *") == 2);
    ensure!(uplink.count("* IP 8.8.8.8 > 192.168.64.3: ICMP echo reply, *") == 2);
    let flows = &uplink.space("host")?.flows;
    let flows: Vec<String> = flows.iter().map(ToString::to_string).collect();
    let both_halves = "icmp *src=172.16.0.40 dst=8.8.8.8 *src=8.8.8.8 dst=192.168.64.3 *";
    let followed = flows.iter().any(|flow| is_like(flow, both_halves));
    ensure!(followed, "{flows:#?}");

    let docker = Lived::through("nat", "iptables -P FORWARD DROP")?;
    ensure!(docker.count("1 packets transmitted, 0 received, 100% packet loss, *") == 1);
    ensure!(docker.count("Chain FORWARD (policy DROP 1 packets, 84 bytes)") == 1);
    let allowed = Lived::through("nat", "iptables -A FORWARD -i br0 -j ACCEPT")?;
    allowed.ensure_said("host", ping, &replies)
}
