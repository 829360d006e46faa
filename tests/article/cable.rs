//! A cable between two namespaces, and a second one in the same prefix.

use anyhow::ensure;

use crate::like::is_like;
use crate::lived::Lived;

/// Both ends in one namespace, one end moved, one end up, both ends up.
pub fn moved_veth() -> anyhow::Result<()> {
    let pair = Lived::through("veth", "ip link add hlink1 type veth peer name clink1")?;
    pair.ensure_said(
        "host",
        "ip link list",
        &[
            "*: clink1@hlink1: <BROADCAST,MULTICAST,M-DOWN> * state DOWN *",
            "*: hlink1@clink1: <BROADCAST,MULTICAST,M-DOWN> * state DOWN *",
        ],
    )?;
    let moved = Lived::through("veth", "ip link set clink1 netns app1")?;
    let (here, there) = (
        index(&moved, "host", "hlink1")?,
        index(&moved, "app1", "clink1")?,
    );
    let end = format!("{here}: hlink1@if{there}: <BROADCAST,MULTICAST> * state DOWN *");
    moved.ensure_said("host", "ip link list", &[&end, "* link-netns app1"])?;
    let left = moved.said("host", "ip link list")?;
    ensure!(
        !left.iter().any(|line| is_like(line, "*clink1@*")),
        "{left:?}"
    );
    let end = format!("{there}: clink1@if{here}: <BROADCAST,MULTICAST> * state DOWN *");
    moved.ensure_said("host", "ip -n app1 link list", &[&end, "* link-netnsid 0"])?;
    Lived::through("veth", "ip link set clink1 up")?.ensure_said(
        "app1",
        "ip addr show dev clink1",
        &[
            "*: clink1@if*: <NO-CARRIER,BROADCAST,MULTICAST,UP> * state LOWERLAYERDOWN *",
            "    inet 172.16.0.11/16 scope global clink1",
        ],
    )?;
    Lived::through("veth", "ip link set hlink1 up")?.ensure_said(
        "host",
        "ip addr show dev hlink1",
        &[
            "*: hlink1@if*: <BROADCAST,MULTICAST,UP,LOWER_UP> * state UP *",
            "    inet 172.16.0.10/16 scope global hlink1",
        ],
    )
}

fn index(lived: &Lived, ns: &str, name: &str) -> anyhow::Result<u32> {
    let links = &lived.space(ns)?.links;
    let index = links.values().find(|link| link.name == name);
    index
        .map(|link| link.index)
        .ok_or_else(|| anyhow::anyhow!("{name} is not in {ns}"))
}

/// The address brings the route; the loopback comes up with its own.
pub fn prefix_brings_route() -> anyhow::Result<()> {
    let lo = Lived::through("netns", "ip link set lo up")?;
    let address = [
        "1: lo: <LOOPBACK,UP,LOWER_UP> *",
        "    inet 127.0.0.1/8 scope host lo",
    ];
    lo.ensure_said("app1", "ip addr show dev lo", &address)?;
    let routes = Lived::through("veth", "ip -n app1 route")?;
    let route = ["172.16.0.0/16 dev clink1 proto kernel scope link src 172.16.0.11"];
    routes.ensure_said_just("host", "ip -n app1 route", &route)?;
    let route = ["172.16.0.0/16 dev hlink1 proto kernel scope link src 172.16.0.10"];
    routes.ensure_said("host", "ip route", &route)
}

/// Both ways answer.
pub fn first_pings() -> anyhow::Result<()> {
    let line = "nsenter --net=/run/netns/app1 ping -c 2 172.16.0.10";
    let pings = Lived::through("veth", line)?;
    for (line, to) in [
        (line, "172.16.0.10"),
        ("ping -c 2 172.16.0.11", "172.16.0.11"),
    ] {
        let wanted = [
            format!("PING {to} ({to}) 56(84) bytes of data."),
            format!("64 bytes from {to}: icmp_seq=1 ttl=64 time=* ms"),
            format!("64 bytes from {to}: icmp_seq=2 ttl=64 time=* ms"),
            "2 packets transmitted, 2 received, 0% packet loss, time *ms".to_owned(),
        ];
        pings.ensure_said("host", line, &wanted.each_ref().map(String::as_str))?;
    }
    Ok(())
}

/// Another address of the same host is unreachable, at once: there is no route.
pub fn no_route() -> anyhow::Result<()> {
    let line = "nsenter --net=/run/netns/app1 ping -c 1 192.168.64.3";
    let lived = Lived::through("veth", line)?;
    lived.ensure_said_just("host", line, &["ping: connect: Network is unreachable"])
}

/// Two cables with one prefix: the first route wins, so app2 gets no reply.
pub fn two_cables_one_prefix() -> anyhow::Result<()> {
    let line = "tcpdump -n -c 2 -i hlink2 icmp &";
    let capture = Lived::through("subnet", line)?;
    let requests = capture.count("* IP 172.16.0.21 > 172.16.0.20: ICMP echo request, *");
    ensure!(requests == 2, "{requests} requests: {:#?}", capture.all());
    ensure!(capture.count("*echo reply*") == 0, "{:#?}", capture.all());
    ensure!(capture.count("2 packets transmitted, 0 received, 100% packet loss, *") == 1);

    let cause = Lived::through("subnet", "ip route get 172.16.0.21")?;
    let choice = ["172.16.0.21 dev hlink1 src 172.16.0.10 *"];
    cause.ensure_said("host", "ip route get 172.16.0.21", &choice)?;
    let both = [
        "172.16.0.0/16 dev hlink1 proto kernel scope link src 172.16.0.10",
        "172.16.0.0/16 dev hlink2 proto kernel scope link src 172.16.0.20",
    ];
    cause.ensure_said_just("host", "ip route show 172.16.0.0/16", &both)?;

    let calls = Lived::through("subnet", "tcpdump -n -c 2 -i hlink1 arp &")?;
    ensure!(calls.count("* ARP, Request who-has 172.16.0.21 tell 172.16.0.20, *") == 2);

    let line = "ip netns exec app1 ping -c 2 172.16.0.20";
    let app1 = Lived::through("subnet", line)?;
    app1.ensure_said("host", line, &["64 bytes from 172.16.0.20: icmp_seq=1 *"])?;
    let line = "ip netns exec app1 ping -c 2 172.16.0.21";
    let said = [
        "From 172.16.0.11 icmp_seq=1 Destination Host Unreachable",
        "From 172.16.0.11 icmp_seq=2 Destination Host Unreachable",
        "2 packets transmitted, 0 received, +2 errors, 100% packet loss, *",
    ];
    app1.ensure_said("host", line, &said)?;
    app1.ensure_said(
        "host",
        "ip -n app1 neigh",
        &["172.16.0.21 dev clink1 FAILED"],
    )
}
