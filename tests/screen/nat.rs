//! A host with an uplink, a bridge, NAT and a connection through it, by hand.

use std::net::{IpAddr, Ipv4Addr};

use tutor::session::{RowKey, Session};
use tutor::world::conntrack::{Flow, Tuple};
use tutor::world::link::{Link, LinkFlags, LinkKind, OperState};
use tutor::world::route::{Route, RouteKind};
use tutor::world::ruleset::rule::{Not, Rule, Target};
use tutor::world::ruleset::{Base, Chain, Entry, Family, Ruleset, Table};
use tutor::world::{Ns, Space, World};

use super::lesson::NOW;
use super::{session, world};

/// The screen after `ping 8.8.8.8` from `app3`.
pub fn session() -> Session {
    let mut session = session::done();
    session.world = tables();
    session.fresh.clear();
    session.fresh.insert((Ns::Host, RowKey::Flow(7)), NOW);
    session.fresh.insert((Ns::Host, RowKey::Ruleset), NOW);
    session
        .latest
        .insert(Ns::Host, (NOW, vec![RowKey::Flow(7), RowKey::Ruleset]));
    session
}

fn tables() -> World {
    let mut world = world::plugged();
    if let Some(host) = world.spaces.get_mut(&Ns::Host) {
        uplink(host);
        host.flows = vec![flow()];
        host.ruleset = masquerade();
        host.sysctls
            .insert("net.ipv4.ip_forward".to_owned(), "1".to_owned());
    }
    let mut internet = Space::default();
    internet.links.insert(1, cable(1, "eth0"));
    internet.addrs = vec![
        world::addr(1, "192.168.64.1/24"),
        world::addr(1, "8.8.8.8/32"),
    ];
    internet.routes = vec![
        world::route("192.168.64.0/24", 1, None),
        Route {
            kind: RouteKind::Unreachable,
            dev: None,
            ..world::route("10.0.0.0/8", 1, None)
        },
    ];
    world.spaces.insert(Ns::Internet, internet);
    world
}

fn cable(index: u32, name: &str) -> Link {
    Link {
        index,
        name: name.to_owned(),
        flags: LinkFlags::UP | LinkFlags::RUNNING | LinkFlags::LOWER_UP,
        mtu: 1500,
        state: OperState::Up,
        mac: Some(world::mac(0xe1)),
        kind: LinkKind::Veth,
        ..Link::default()
    }
}

fn uplink(host: &mut Space) {
    host.links.insert(2, cable(2, "enp0s1"));
    host.addrs.push(world::addr(6, "172.16.0.1/16"));
    host.addrs.push(world::addr(2, "192.168.64.3/24"));
    let mut default = world::route("0.0.0.0/0", 2, None);
    default.via = Some(Ipv4Addr::new(192, 168, 64, 1).into());
    host.routes = vec![
        default,
        world::route("172.16.0.0/16", 6, Some(1)),
        world::route("192.168.64.0/24", 2, None),
    ];
}

fn flow() -> Flow {
    let tuple = |src: [u8; 4], dst: [u8; 4]| Tuple {
        src: IpAddr::from(src),
        dst: IpAddr::from(dst),
        src_port: 77,
        dst_port: 0x0800,
    };
    Flow {
        id: 7,
        proto: 1,
        original: tuple([172, 16, 0, 30], [8, 8, 8, 8]),
        reply: tuple([8, 8, 8, 8], [192, 168, 64, 3]),
        status: 2,
        tcp: None,
        timeout: None,
        mark: None,
        uses: None,
    }
}

fn masquerade() -> Ruleset {
    let rule = Rule {
        src: Some(Not {
            not: false,
            is: "172.16.0.0/16".parse().expect("a prefix"),
        }),
        oif: Some(Not {
            not: true,
            is: "br0".to_owned(),
        }),
        target: Some(Target::Masquerade),
        ..Rule::default()
    };
    let chain = |name: &str, kind: &str, hook: u32, drop: bool, rules: Vec<Entry>| Chain {
        name: name.to_owned(),
        handle: 1,
        base: Some(Base {
            kind: kind.to_owned(),
            hook,
            priority: 0,
            drop,
            counters: None,
        }),
        rules,
    };
    let entry = Entry {
        handle: 2,
        rule,
        ..Entry::default()
    };
    let table = |name: &str, chain: Chain| Table {
        family: Family::Ip,
        name: name.to_owned(),
        chains: vec![chain],
    };
    Ruleset {
        tables: vec![
            table("nat", chain("POSTROUTING", "nat", 4, false, vec![entry])),
            table("filter", chain("FORWARD", "filter", 2, true, Vec::new())),
        ],
    }
}
