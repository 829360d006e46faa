//! Retelling, on tables made up for it.

use super::*;
use crate::world::Space;
use crate::world::addr::Addr;
use crate::world::fdb::FdbEntry;
use crate::world::link::{Link, LinkFlags, LinkKind, Mac};
use crate::world::neigh::Neigh;
use crate::world::policy::PolicyRule;
use crate::world::ruleset::{Chain, Family, Table};

fn link(index: u32, name: &str, kind: LinkKind) -> Link {
    Link {
        index,
        name: name.to_owned(),
        kind,
        mtu: 1500,
        mac: u8::try_from(index)
            .ok()
            .map(|index| Mac([0x8e, index, 0x17, 0xc4, 0x5b, 0x91])),
        ..Link::default()
    }
}

fn up(link: Link) -> Link {
    Link {
        flags: link.flags | LinkFlags::UP,
        ..link
    }
}

fn cable(index: u32, name: &str, peer: u32, nsid: Option<i32>) -> Link {
    Link {
        peer: Some(peer),
        peer_ns: nsid,
        ..link(index, name, LinkKind::Veth)
    }
}

fn space(links: Vec<Link>) -> Space {
    let lo = Link {
        flags: LinkFlags::LOOPBACK,
        mtu: 65536,
        ..link(1, "lo", LinkKind::None)
    };
    let all = std::iter::once(lo).chain(links);
    Space {
        links: all.map(|link| (link.index, link)).collect(),
        ..Space::default()
    }
}

fn world(host: Space) -> World {
    World {
        spaces: [(Ns::Host, host)].into(),
    }
}

/// `hlink1` (4) in `host`, `clink1` (3) in `app1`.
fn two() -> World {
    let mut host = space(vec![cable(4, "hlink1", 3, Some(0))]);
    host.nsids.insert(0, "app1".to_owned());
    let mut world = world(host);
    let app = space(vec![cable(3, "clink1", 4, Some(0))]);
    world.spaces.insert(Ns::from_name("app1"), app);
    world
}

/// The commands as lines, with their namespaces unless that is `host`.
fn lines(told: &Retold) -> Vec<String> {
    let lines = told.commands.iter();
    lines
        .map(|(ns, command)| match ns {
            Ns::Host => command.to_string(),
            other => format!("{other}: {command}"),
        })
        .collect()
}

fn told(before: &World, after: &World) -> Vec<String> {
    let told = retell(before, after);
    assert_eq!(told.lost, Vec::<String>::new());
    lines(&told)
}

fn host(world: &mut World) -> &mut Space {
    world.spaces.get_mut(&Ns::Host).expect("host")
}

#[test]
fn what_follows_by_itself_is_not_told() {
    let before = two();
    let mut after = two();
    let space = host(&mut after);
    let it = space.links.get_mut(&4).expect("hlink1");
    it.flags |= LinkFlags::LOWER_UP | LinkFlags::RUNNING;
    space.neighs.push(Neigh {
        link: 4,
        dst: "172.16.0.11".parse().expect("an address"),
        mac: Some(Mac([2; 6])),
        state: 2,
        flags: 0,
    });
    space.addrs.push(Addr {
        link: 4,
        net: "fe80::8c04:17ff:fec4:5b91/64".parse().expect("a prefix"),
        peer: None,
        broadcast: None,
        scope: 253,
        flags: 0x80,
        label: None,
        valid: u32::MAX,
        preferred: u32::MAX,
        proto: 3,
    });
    space.fdb.push(FdbEntry {
        link: 4,
        mac: Mac([4; 6]),
        master: Some(9),
        state: 2,
        ..FdbEntry::default()
    });
    space
        .sysctls
        .insert("net.ipv4.conf.hlink1.proxy_arp".to_owned(), "1".to_owned());
    assert!(told(&before, &after).is_empty());
}

#[test]
fn a_cable_is_made_with_its_other_end_in_its_place() {
    let mut before = world(space(Vec::new()));
    assert_eq!(
        told(&before, &two()),
        [
            "ip netns add app1",
            "ip link add name hlink1 type veth peer name clink1 netns app1"
        ]
    );
    let app1 = Ns::from_name("app1");
    before.spaces.insert(app1.clone(), space(Vec::new()));
    let mut after = two();
    let clink = after.spaces.get_mut(&app1).expect("app1");
    clink.links.get_mut(&3).expect("clink1").flags |= LinkFlags::UP;
    assert_eq!(
        told(&before, &after),
        [
            "ip link add name hlink1 type veth peer name clink1 netns app1",
            "app1: ip link set dev clink1 up"
        ]
    );
}

/// The kernel destroys the devices of a deleted namespace later, and the end that is left goes then.
#[test]
fn a_cable_that_dies_with_a_namespace_is_deleted_once() {
    let mut dying = two();
    dying.spaces.remove(&Ns::from_name("app1"));
    assert_eq!(told(&two(), &dying), ["ip netns del app1"]);
    let after = world(space(Vec::new()));
    assert!(told(&dying, &after).is_empty());
}

#[test]
fn an_end_that_goes_where_no_name_leads_is_lost() {
    let mut after = two();
    let app1 = after.spaces.get_mut(&Ns::from_name("app1")).expect("app1");
    app1.links.remove(&3);
    let told = retell(&two(), &after);
    assert_eq!(lines(&told), Vec::<String>::new());
    assert_eq!(
        told.lost,
        ["in host: the other end of hlink1 has gone where no name leads"]
    );
}

#[test]
fn names_are_changed_by_way_of_a_third() {
    let bridges = |names: [&str; 2]| {
        let link = |index, name| link(index, name, LinkKind::Bridge);
        world(space(vec![up(link(2, names[0])), link(3, names[1])]))
    };
    assert_eq!(
        told(&bridges(["a1", "a2"]), &bridges(["a2", "a1"])),
        [
            "ip link set dev a1 down",
            "ip link set dev a1 name tmp2",
            "ip link set dev a2 name a1",
            "ip link set dev tmp2 name a2",
            "ip link set dev a2 up",
        ]
    );
}

#[test]
fn only_an_address_with_a_pattern_was_chosen() {
    let with = |mac| {
        let mut bridge = link(2, "br0", LinkKind::Bridge);
        bridge.mac = Some(Mac(mac));
        world(space(vec![bridge]))
    };
    let empty = || world(space(Vec::new()));
    let drawn = told(&empty(), &with([0x8e, 0x21, 0x17, 0xc4, 0x5b, 0x91]));
    assert_eq!(drawn, ["ip link add name br0 type bridge"]);
    for mac in [
        [2, 0, 0, 0, 0, 1],
        [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff],
        [2, 0x42, 0xac, 0x11, 0x53, 2],
        [0, 0x16, 0x3e, 0x5f, 0x21, 0x90],
    ] {
        let chosen = told(&empty(), &with(mac));
        let line = format!("ip link set dev br0 address {}", Mac(mac));
        assert_eq!(chosen, ["ip link add name br0 type bridge", &line]);
    }
}

#[test]
fn one_switch_turns_all_forwarding() {
    let with = |on: &str, names: &[&str]| {
        let mut host = space(vec![link(2, "br0", LinkKind::Bridge)]);
        let all = names.iter().map(|name| ((*name).to_owned(), on.to_owned()));
        host.sysctls.extend(all);
        world(host)
    };
    let (switch, all) = ("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding");
    let (default, own) = (
        "net.ipv4.conf.default.forwarding",
        "net.ipv4.conf.br0.forwarding",
    );
    let (before, after) = (
        with("0", &[switch, all]),
        with("1", &[switch, all, default, own]),
    );
    assert_eq!(told(&before, &after), ["sysctl -w net.ipv4.ip_forward=1"]);
    let (before, after) = (with("0", &[switch, all, own]), with("0", &[switch, all]));
    assert!(told(&before, &after).is_empty());
}

#[test]
fn what_cannot_be_said_is_named_once() {
    let mut after = two();
    let space = host(&mut after);
    let tun = link(9, "tun0", LinkKind::Other("tun".to_owned()));
    space.links.insert(9, tun);
    space.policy.push(PolicyRule {
        priority: 100,
        ..PolicyRule::default()
    });
    space.ruleset.tables.push(Table {
        family: Family::Inet,
        name: "mine".to_owned(),
        chains: vec![Chain {
            name: "c".to_owned(),
            handle: 1,
            base: None,
            rules: Vec::new(),
        }],
    });
    space.fdb.push(FdbEntry {
        link: 4,
        mac: Mac([2, 0, 0, 0, 0, 7]),
        master: Some(4),
        state: 0x40,
        ..FdbEntry::default()
    });
    let mut before = two();
    host(&mut before).policy.push(PolicyRule::default());
    let lost = retell(&before, &after).lost;
    assert_eq!(
        lost,
        [
            "in host: tun0 is of the kind tun, which cannot be made here",
            "in host: the forwarding entry for 02:00:00:00:00:07, which `bridge fdb` cannot change here",
            "in host: the routing policy, which `ip rule` cannot change here",
            "in host: the table inet mine of nftables, which `iptables` cannot change here",
        ]
    );
    assert_eq!(retell(&after, &after), Retold::default());
}
