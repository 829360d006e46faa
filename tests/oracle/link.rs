//! `ip link` and `bridge`: what we print, what we do, and what we are refused, beside the real
//! tools'.

use std::fs::File;
use std::os::fd::AsFd;

use anyhow::{Context, ensure};
use serde_json::Value;
use tutor::command::link::{Add, AddKind, Link};
use tutor::command::netns::Netns;
use tutor::command::{Change, Command, Printed, Show, Tables, parse};
use tutor::kernel::netlink::Rtnl;
use tutor::kernel::sandbox::Spaces;
use tutor::world::Space;

use crate::deeds;
use crate::frame::{Case, block_on};
use crate::ours::{self, real, same};
use crate::tools::{json, run, shell};

pub const CASES: &[Case] = &crate::cases![
    link_show_is_ips,
    bridge_tables_are_bridges,
    link_verbs_do_what_ips_do,
    link_refusals_are_ips,
    netns_list_is_ips,
    a_batch_is_answered_one_by_one,
];

/// What `line` prints is what the real tool prints.
fn same_line(line: &str) -> anyhow::Result<()> {
    let command = parse(line)?.command.context("a command")?;
    let show: &dyn Show = match &command {
        Command::Link(Link::Show(shown)) => shown,
        Command::Bridge(bridge) => bridge,
        _ => anyhow::bail!("{line} shows nothing"),
    };
    same(show, line).with_context(|| line.to_owned())
}

fn link_show_is_ips() -> anyhow::Result<()> {
    all_links()?;
    shell(
        "ip netns add app1
         ip netns add app2
         ip link add hlink1 type veth peer name clink1
         ip link set clink1 netns app1",
    )?;
    all_links()?;
    shell("ip link set hlink1 up")?;
    all_links()?;
    shell(
        "ip -n app1 link set clink1 up
         ip link add hlink2 type veth peer name clink2 netns app2
         ip link add br0 type bridge
         ip link set br0 up
         ip link set hlink1 master br0
         ip link set hlink2 master br0
         ip link add one type veth peer name two mtu 1400
         ip link set one up
         ip link set two promisc on
         ip link add mv0 link one type macvlan mode bridge
         ip link add mv1 link one type macvlan mode private
         ip link set mv1 up
         ip link add vx0 type vxlan id 5 remote 10.0.0.1 dstport 4789 dev one
         ip link add vx1 type vxlan id 6 group 239.1.1.1 local 10.0.0.9 dev one nolearning dstport 0
         ip link add vx2 type vxlan id 7 remote 2001:db8::1 dstport 4790 ttl 5 tos inherit
         ip link set vx0 master br0
         ip link set lo up
         ip addr add 127.9.9.9/8 dev lo",
    )?;
    run("ping -c 3 -i 0.01 127.9.9.9")?;
    all_links()?;
    for line in [
        "ip -n app1 link set clink1 down",
        "ip link set hlink1 nomaster",
    ] {
        run(line)?;
    }
    all_links()
}

fn all_links() -> anyhow::Result<()> {
    for options in [
        "", "-br", "-d", "-s", "-d -s", "-br -d", "-br -s", "-4", "-6", "-4 -d",
    ] {
        for words in [
            "link show",
            "l",
            "link list up",
            "link show dev lo",
            "link show hlink1",
            "link show type veth",
            "link show type bridge",
            "link show type vxlan up",
            "link show master br0",
            "link show dev nope",
        ] {
            same_line(&format!("ip {options} {words}").replace("  ", " "))?;
        }
    }
    Ok(())
}

fn bridge_tables_are_bridges() -> anyhow::Result<()> {
    all_bridges()?;
    shell(
        "ip netns add app3
         ip netns add app4
         ip link add dummy0 type veth peer name dummy1
         ip link add br0 type bridge
         ip link add hlink3 type veth peer name clink3 netns app3
         ip link add hlink4 type veth peer name clink4 netns app4
         ip link set hlink3 master br0
         ip link set hlink4 master br0
         ip link add vx0 type vxlan id 5 remote 10.0.0.1 dstport 4789 dev hlink3
         ip link add mv0 link dummy0 type macvlan
         ip link set mv0 up
         ip -n app3 addr add 172.16.0.30/16 dev clink3
         ip -n app4 addr add 172.16.0.40/16 dev clink4
         ip -n app3 link set clink3 up
         ip -n app4 link set clink4 up
         ip link set hlink3 up
         ip link set hlink4 up",
    )?;
    all_bridges()?;
    run("ip link set br0 up")?;
    // The first ping waits for the ports; after it the bridge has learnt both addresses.
    run("ip netns exec app3 ping -c 1 -W 5 172.16.0.40")?;
    all_bridges()
}

fn all_bridges() -> anyhow::Result<()> {
    for options in ["", "-d", "-s", "-d -s"] {
        for words in [
            "link",
            "link show dev hlink3",
            "link show dev lo",
            "link show dev nope",
            "fdb",
            "fdb show br br0",
            "fdb show brport hlink3",
            "fdb show dev hlink4",
            "fdb show dev br0",
            "fdb show dev nope",
            "fdb show br nope",
        ] {
            same_line(&format!("bridge {options} {words}").replace("  ", " "))?;
        }
    }
    Ok(())
}

/// Each group of lines is carried out by us in one namespace and by `ip` in another, from the same
/// start, and must come out the same.
fn link_verbs_do_what_ips_do() -> anyhow::Result<()> {
    for lines in [
        "ip link add one type veth peer name two",
        "ip link add type veth",
        "ip link add one mtu 1300 address 02:00:00:00:00:01 type veth peer name two mtu 1200",
        "ip link add one type veth peer name two address 02:00:00:00:00:02",
        "ip link add one type veth peer name two netns app1",
        "ip link add one netns app1 type veth peer name two",
        "ip link add one netns app1 type veth peer name two netns app2",
        "ip link add one netns app1 type veth peer name two netns app1",
        "ip link add one up type bridge",
        "ip link add br0 type bridge
         ip link add br1 mtu 1280 type bridge",
        "ip link add one type veth peer name two
         ip link set one up
         ip link set dev two up
         ip link set two down",
        "ip link add one type veth peer name two
         ip link set two netns app1
         ip link set one up",
        "ip link add one type veth peer name two
         ip link set two netns app1 up
         ip link set one netns app2 name three",
        "ip link add one type veth peer name two
         ip link add br0 type bridge
         ip link set one master br0
         ip link set br0 up
         ip link set one up
         ip link set two up",
        "ip link add one type veth peer name two
         ip link add br0 type bridge
         ip link set one master br0
         ip link set one nomaster",
        "ip link add br0 type bridge
         ip link add one master br0 type veth peer name two master br0",
        "ip link add one type veth peer name two
         ip link set one promisc on
         ip link set two promisc on
         ip link set two promisc off",
        "ip link add one type veth peer name two
         ip link set one name three
         ip link set two address 02:00:00:00:00:09 mtu 1400 name four up",
        "ip link add one type veth peer name two
         ip link del one",
        "ip link add br0 type bridge
         ip link delete dev br0",
        "ip link add one type veth peer name two
         ip link add mv0 link one type macvlan
         ip link add mv1 link one type macvlan mode bridge
         ip link add mv2 link one type macvlan mode vepa
         ip link add mv3 link one up type macvlan mode private",
        "ip link add one type veth peer name two
         ip link add mv0 link one netns app1 type macvlan mode passthru",
        "ip link add one type veth peer name two
         ip link add vx0 type vxlan id 5 remote 10.0.0.1 dstport 4789 dev one
         ip link add vx1 type vxlan id 6 group 239.1.1.1 local 10.0.0.9 dev one nolearning dstport 0
         ip link add vx2 type vxlan id 7 remote 2001:db8::1 dstport 4790 local 2001:db8::2
         ip link add vx3 type vxlan id 8",
        "ip link set lo up",
    ] {
        deeds::same_outcome(lines, state).with_context(|| lines.to_owned())?;
    }
    Ok(())
}

/// All that the real tool tells of devices, without what is different each time.
fn state() -> anyhow::Result<Value> {
    let mut all = Vec::new();
    for ns in ["", "-n app1 ", "-n app2 "] {
        let mut links = json(&format!("ip {ns}-j -d link"))?;
        mask(&mut links);
        all.push(links);
    }
    Ok(Value::Array(all))
}

/// Hides random hardware addresses, identifiers made of them, and timers.
fn mask(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::Object(map) => {
            map.retain(|key, _| !key.ends_with("_timer"));
            map.values_mut().for_each(mask);
        }
        Value::String(text) => {
            let is_mac = text.len() >= 17 && text.matches(':').count() == 5;
            // Random ones are locally administered; the ones in the lines begin with 02:00.
            if is_mac && !text.starts_with("02:00:") && !text.starts_with("ff:") {
                "MAC".clone_into(text);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn link_refusals_are_ips() -> anyhow::Result<()> {
    shell(
        "ip netns add app1
         ip link add one type veth peer name two
         ip link add three type veth peer name four
         ip -n app1 link add three type bridge
         ip link add br0 type bridge
         ip link add br1 type bridge
         ip link set one up; ip link set two up",
    )?;
    for line in [
        "ip link add one type veth peer name six",
        "ip link add six type veth peer name one",
        "ip link add br0 type bridge",
        "ip link add six type veth peer name three netns app1",
        "ip link add six type veth peer name seven netns nope",
        "ip link add six up type veth peer name seven up",
        "ip link add six mtu 10 type veth peer name seven",
        "ip link add six address 01:00:00:00:00:00 type veth peer name seven",
        "ip link add six master nope type bridge",
        "ip link add mv0 link nope type macvlan",
        "ip link add mv0 link lo type macvlan mode bridge",
        "ip link add vx0 type vxlan id 5 dev nope dstport 4789",
        "ip link add vx0 type vxlan id 5 dev nope",
        "ip link add one type vxlan id 5 dstport 4789",
        "ip link set nope up",
        "ip link set one master nope",
        "ip link set nope master nope",
        "ip link set one master two",
        "ip link set lo master br0",
        "ip link set br1 master br0",
        "ip link set one netns nope",
        "ip link set three netns app1",
        "ip link set lo netns app1",
        "ip link set one name two",
        "ip link set one mtu 10",
        "ip link set one mtu 100000",
        "ip link set one address ff:ff:ff:ff:ff:ff",
        "ip link set br0 address 00:00:00:00:00:00",
        "ip link del nope",
        "ip link del lo",
    ] {
        let theirs = real(line)?;
        ensure!(theirs.status != 0, "{line} was not refused");
        let ours: Printed = deeds::ours(line)?;
        ensure!(ours == theirs, "{line}\nours {ours:?}\nreal {theirs:?}");
    }
    Ok(())
}

fn netns_list_is_ips() -> anyhow::Result<()> {
    let same = |spaces: &Spaces| {
        let known = ours::space(Tables::LINKS)?;
        let ours = Netns::print_list(&spaces.names()?, &known);
        let real = real("ip netns list")?;
        ensure!(ours == real, "ours {ours:?}\nreal {real:?}");
        Ok(())
    };
    let spaces = Spaces::new()?;
    same(&spaces)?;
    shell("ip netns add app2; ip netns add app1; ip netns add app3")?;
    same(&spaces)?;
    shell(
        "ip link add hlink3 type veth peer name clink3 netns app3
         ip link add hlink1 type veth peer name clink1 netns app1",
    )?;
    same(&spaces)
}

/// Requests in flight together: a refused one neither stops nor hides the others.
fn a_batch_is_answered_one_by_one() -> anyhow::Result<()> {
    let bridge = |name: String| {
        Link::Add(Add {
            name: Some(name),
            below: None,
            with: Vec::new(),
            kind: AddKind::Bridge,
        })
    };
    let mut requests = Vec::new();
    for number in 0..100 {
        // Each third one has the name of the one before it.
        let name = format!("br{}", number - usize::from(number % 3 == 2));
        let lowered = bridge(name).lower(&Space::default());
        requests.extend(lowered.map_err(|refusal| anyhow::anyhow!(refusal.text))?);
    }
    let ns = File::open("/proc/self/ns/net")?;
    let done = block_on(async {
        let rtnl = Rtnl::open(ns.as_fd())?;
        rtnl.apply_batch(&requests, &mut |_| anyhow::bail!("no other namespace"))
            .await
    })?;
    ensure!(done.len() == requests.len());
    for (number, done) in done.iter().enumerate() {
        let errno = done.as_ref().err().map(|refused| refused.errno);
        ensure!(
            errno == (number % 3 == 2).then_some(17),
            "{number}: {done:?}"
        );
    }
    Ok(())
}
