//! The network stack, and a second one.

use anyhow::ensure;

use crate::lived::Lived;

/// Devices, routes and rules of the host, as the real tools print them.
pub fn three_tables() -> anyhow::Result<()> {
    Lived::through("stack", "ip link show")?.ensure_said_just(
        "host",
        "ip link show",
        &[
            "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN *",
            "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
            "2: enp0s1@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 * state UP *",
            "    link/ether 06:c5:4b:b4:32:aa brd ff:ff:ff:ff:ff:ff link-netnsid 0",
        ],
    )?;
    Lived::through("stack", "ip route list")?.ensure_said_just(
        "host",
        "ip route list",
        &[
            "default via 192.168.64.1 dev enp0s1 proto dhcp src 192.168.64.3 metric 100",
            "192.168.64.0/24 dev enp0s1 proto kernel scope link src 192.168.64.3 metric 100",
            "192.168.64.1 dev enp0s1 proto dhcp scope link src 192.168.64.3 metric 100",
        ],
    )?;
    let filter = ["-P INPUT ACCEPT", "-P FORWARD ACCEPT", "-P OUTPUT ACCEPT"];
    let nat = [
        "-P PREROUTING ACCEPT",
        "-P INPUT ACCEPT",
        "-P OUTPUT ACCEPT",
        "-P POSTROUTING ACCEPT",
    ];
    let rules = Lived::through("stack", "iptables --list-rules")?;
    rules.ensure_said_just("host", "iptables --list-rules", &filter)?;
    rules.ensure_said_just("host", "iptables -t nat --list-rules", &nat)
}

/// A chain of one's own is listed behind the policies.
pub fn user_chain() -> anyhow::Result<()> {
    let chain = Lived::through("stack", "iptables --new-chain my-new-rule")?;
    let listed = [
        "-P INPUT ACCEPT",
        "-P FORWARD ACCEPT",
        "-P OUTPUT ACCEPT",
        "-N my-new-rule",
    ];
    chain.ensure_said_just("host", "iptables --list-rules", &listed)
}

/// In a new namespace there is only `lo`, and it is down; no routes, policies that accept.
pub fn new_namespace() -> anyhow::Result<()> {
    let made = Lived::through("netns", "ip netns add app1")?;
    made.ensure_said_just("host", "ip netns list", &["app1"])?;
    Lived::through("netns", "nsenter --net=/run/netns/app1 bash")?.ensure_said_just(
        "app1",
        "ip link list",
        &[
            "1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000",
            "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        ],
    )?;
    let inside = Lived::through("netns", "iptables --list-rules")?;
    let routes = inside.said("app1", "ip route list")?;
    ensure!(routes.is_empty(), "{routes:?}");
    let policies = ["-P INPUT ACCEPT", "-P FORWARD ACCEPT", "-P OUTPUT ACCEPT"];
    inside.ensure_said_just("app1", "iptables --list-rules", &policies)
}
