//! Containers on one bridge, and the host among them.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};

use crate::like::is_like;
use crate::lived::Lived;

/// The host's ends are plugs: they have a master and no address.
pub fn one_bridge() -> anyhow::Result<()> {
    let routes = Lived::through("bridge", "ip netns add app4")?.said("host", "ip route")?;
    ensure!(
        !routes.iter().any(|line| line.contains("172.16.")),
        "{routes:?}"
    );
    let lived = Lived::through("bridge", "ip link add br0 type bridge")?;
    let plugs = [
        "*: hlink3@if*: <BROADCAST,MULTICAST,UP,LOWER_UP> * master br0 state UP *",
        "*: hlink4@if*: <BROADCAST,MULTICAST,UP,LOWER_UP> * master br0 state UP *",
        "*: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> * state UP *",
    ];
    lived.ensure_said("host", "ip link", &plugs)?;
    let ports = [
        "*: hlink3@if*: * master br0 state forwarding *",
        "*: hlink4@if*: * master br0 state forwarding *",
    ];
    lived.ensure_said("host", "bridge link", &ports)?;
    let host = lived.space("host")?;
    let addresses = host.addrs.iter().filter(|addr| addr.net.addr().is_ipv4());
    let devices: BTreeSet<String> = addresses.map(|addr| host.link_name(addr.link)).collect();
    ensure!(
        devices == ["enp0s1", "lo"].map(str::to_owned).into(),
        "{devices:?}"
    );
    Ok(())
}

/// A policy of DROP in FORWARD stops what is only bridged, where `br_netfilter` is.
pub fn bridged_packets_meet_iptables() -> anyhow::Result<()> {
    let setting = "sysctl net.bridge.bridge-nf-call-iptables";
    let ping = "nsenter --net=/run/netns/app3 ping -c 1 -W 1 172.16.0.40";
    let lived = Lived::through("bridge", setting)?;
    let lines = lived.space("host")?.ruleset.lines();
    let dropped = lines.iter().any(|line| line.text == ":FORWARD DROP");
    ensure!(dropped, "{lines:?}");
    let on = lived.said("host", setting)? == ["net.bridge.bridge-nf-call-iptables = 1"];
    let summary = if on {
        "1 packets transmitted, 0 received, 100% packet loss, *"
    } else {
        "1 packets transmitted, 1 received, 0% packet loss, *"
    };
    lived.ensure_said("host", ping, &[summary])?;
    let again = "nsenter --net=/run/netns/app3 ping -c 2 172.16.0.40";
    let passing = Lived::through("bridge", "iptables -P FORWARD ACCEPT")?;
    passing.ensure_said("host", again, &["2 packets transmitted, 2 received, *"])
}

/// Two pings of two requests each: eight lines, in order, with id, seq and length.
pub fn capture_on_the_bridge() -> anyhow::Result<()> {
    let lived = Lived::through("bridge", "tcpdump -n -c 8 -i br0 icmp &")?;
    let lines = lived.all();
    let mut ids = Vec::new();
    let mut seen = Vec::new();
    for line in lines.iter().filter(|line| line.contains(": ICMP echo ")) {
        let (time, rest) = line.split_once(" IP ").context("no time")?;
        let digits = time
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c });
        let shape: String = digits.collect();
        ensure!(shape == "00:00:00.000000", "no time of day: {line}");
        let (what, rest) = rest.split_once(", id ").context("no id")?;
        let (id, rest) = rest.split_once(", ").context("no seq")?;
        ids.push(id.parse::<u16>()?);
        seen.push(format!("{what}, {rest}"));
    }
    let (three, four) = ("172.16.0.30", "172.16.0.40");
    let mut wanted = Vec::new();
    for (from, to) in [(three, four), (four, three)] {
        for seq in [1, 2] {
            wanted.push(format!(
                "{from} > {to}: ICMP echo request, seq {seq}, length 64"
            ));
            wanted.push(format!(
                "{to} > {from}: ICMP echo reply, seq {seq}, length 64"
            ));
        }
    }
    ensure!(seen == wanted, "{seen:#?}");
    let one = |ids: &[u16]| ids.iter().all(|id| *id == ids[0]);
    ensure!(
        one(&ids[..4]) && one(&ids[4..]) && ids[0] != ids[4],
        "{ids:?}"
    );
    ensure!(lived.count("8 packets captured") == 1);
    Ok(())
}

/// Each container knows the other's hardware address, in both forms.
pub fn neighbours() -> anyhow::Result<()> {
    let arp = "nsenter --net=/run/netns/app3 arp -n";
    let lived = Lived::through("bridge", arp)?;
    let mac = |ns: &str, name: &str| {
        let link = lived.space(ns)?.link(name).context("no such device")?;
        let mac = link.mac.context("no hardware address")?;
        anyhow::Ok(mac.to_string())
    };
    let (three, four) = (mac("app3", "clink3")?, mac("app4", "clink4")?);
    let row = format!("172.16.0.40 * ether   {four}   C * clink3");
    let head = "Address                  HWtype  HWaddress           Flags Mask            Iface";
    lived.ensure_said_just("host", arp, &[head, &row])?;
    let known = |line: &str, start: &str| -> anyhow::Result<()> {
        let lines = lived.said("host", line)?;
        let states = ["REACHABLE", "DELAY", "STALE", "PROBE"];
        let mut rows = states.map(|state| format!("{start} {state}")).into_iter();
        let there = rows.any(|row| lines.iter().any(|line| is_like(line, &row)));
        ensure!(
            there,
            "`{line}` does not print `{start}` and a state: {lines:?}"
        );
        Ok(())
    };
    let line = "nsenter --net=/run/netns/app3 ip neigh";
    known(line, &format!("172.16.0.40 dev clink3 lladdr {four}"))?;
    let line = "nsenter --net=/run/netns/app4 ip neigh";
    known(line, &format!("172.16.0.30 dev clink4 lladdr {three}"))?;
    Lived::through("bridge", "bridge fdb show br br0")?.ensure_said(
        "host",
        "bridge fdb show br br0",
        &["* dev hlink3 master br0", "* dev hlink4 master br0"],
    )
}

/// The host reaches app3 only when the bridge has an address.
pub fn host_joins_in() -> anyhow::Result<()> {
    let before = Lived::through("gateway", "ping -c 2 -W 1 172.16.0.30")?;
    let way = ["172.16.0.30 via 192.168.64.1 dev enp0s1 src 192.168.64.3 *"];
    before.ensure_said("host", "ip route get 172.16.0.30", &way)?;
    let lost = ["2 packets transmitted, 0 received, 100% packet loss, *"];
    before.ensure_said("host", "ping -c 2 -W 1 172.16.0.30", &lost)?;
    let after = Lived::through("gateway", "ip addr add 172.16.0.1/16 dev br0")?;
    let route = ["172.16.0.0/16 dev br0 proto kernel scope link src 172.16.0.1"];
    after.ensure_said("host", "ip route", &route)?;
    let answered = ["2 packets transmitted, 2 received, 0% packet loss, *"];
    after.ensure_said("host", "ping -c 2 172.16.0.30", &answered)
}
