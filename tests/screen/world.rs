//! The tables of the bridge lesson, by hand.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use tutor::world::addr::Addr;
use tutor::world::fdb::FdbEntry;
use tutor::world::link::{Link, LinkFlags, LinkKind, Mac, OperState, PortState};
use tutor::world::neigh::Neigh;
use tutor::world::route::Route;
use tutor::world::{Ns, Space, World};

pub fn mac(last: u8) -> Mac {
    Mac([0x6a, 0x1f, 0x9c, 0x40, 0x0e, last])
}

fn ip(last: u8) -> IpAddr {
    Ipv4Addr::new(172, 16, 0, last).into()
}

const UP: LinkFlags = LinkFlags::UP
    .union(LinkFlags::RUNNING)
    .union(LinkFlags::LOWER_UP);

fn lo(up: bool) -> Link {
    Link {
        index: 1,
        name: "lo".to_owned(),
        flags: if up {
            LinkFlags::LOOPBACK.union(UP)
        } else {
            LinkFlags::LOOPBACK
        },
        mtu: 65_536,
        mac: Some(Mac::default()),
        ..Link::default()
    }
}

fn veth(index: u32, name: &str, peer: u32, nsid: i32, last: u8) -> Link {
    Link {
        index,
        name: name.to_owned(),
        flags: UP,
        mtu: 1500,
        state: OperState::Up,
        mac: Some(mac(last)),
        peer: Some(peer),
        peer_ns: Some(nsid),
        kind: LinkKind::Veth,
        ..Link::default()
    }
}

fn space(links: Vec<Link>) -> Space {
    Space {
        links: links.into_iter().map(|link| (link.index, link)).collect(),
        ..Space::default()
    }
}

pub fn addr(link: u32, net: &str) -> Addr {
    Addr {
        link,
        net: net.parse().expect("an address"),
        peer: None,
        broadcast: None,
        scope: 0,
        flags: 0,
        label: None,
        valid: u32::MAX,
        preferred: u32::MAX,
        proto: 0,
    }
}

pub fn route(dst: &str, dev: u32, src: Option<u8>) -> Route {
    Route {
        dst: dst.parse().expect("a prefix"),
        table: 254,
        dev: Some(dev),
        src: src.map(ip),
        ..Route::default()
    }
}

fn neigh(link: u32, last: u8, known: Option<u8>, state: u16) -> Neigh {
    Neigh {
        link,
        dst: ip(last),
        mac: known.map(mac),
        state,
        flags: 0,
    }
}

fn app(name: &str, last: u8) -> Space {
    let mut app = space(vec![
        lo(true),
        veth(
            2,
            &format!("clink{name}"),
            u32::from(last / 10) + 1,
            0,
            last,
        ),
    ]);
    app.addrs = vec![
        addr(1, "127.0.0.1/8"),
        addr(2, &format!("172.16.0.{last}/16")),
        addr(2, "fe80::681f:9cff:fe40:e03/64"),
    ];
    app.routes = vec![
        route("172.16.0.0/16", 2, Some(last)),
        route("fe80::/64", 2, None),
    ];
    app
}

/// `host`, `app3` and `app4`, the bridge made and nothing plugged in.
pub fn start() -> World {
    let mut br0 = veth(6, "br0", 0, 0, 0x99);
    br0.kind = LinkKind::Bridge;
    br0.peer = None;
    br0.peer_ns = None;
    br0.flags = LinkFlags::UP;
    let mut host = space(vec![
        lo(true),
        veth(4, "hlink3", 2, 0, 0x33),
        veth(5, "hlink4", 2, 1, 0x44),
        br0,
    ]);
    host.nsids = BTreeMap::from([(0, "app3".to_owned()), (1, "app4".to_owned())]);
    host.addrs = vec![addr(1, "127.0.0.1/8")];
    let spaces = BTreeMap::from([
        (Ns::Host, host),
        (Ns::from_name("app3"), app("3", 30)),
        (Ns::from_name("app4"), app("4", 40)),
    ]);
    World { spaces }
}

/// Both plugged in, and they have talked.
pub fn plugged() -> World {
    let mut world = start();
    if let Some(host) = world.spaces.get_mut(&Ns::Host) {
        for index in [4, 5] {
            if let Some(link) = host.links.get_mut(&index) {
                link.master = Some(6);
                link.port = Some(PortState::Forwarding);
            }
        }
        if let Some(br0) = host.links.get_mut(&6) {
            br0.flags = UP;
        }
        host.fdb = vec![fdb(4, 30, 2), fdb(5, 40, 2), fdb(4, 0x33, 128)];
        host.sysctls = BTreeMap::from([("net.ipv4.ip_forward".to_owned(), "0".to_owned())]);
    }
    for (name, other, last) in [("app3", 40, 40), ("app4", 30, 30)] {
        if let Some(app) = world.spaces.get_mut(&Ns::from_name(name)) {
            app.neighs = vec![neigh(2, other, Some(last), 2)];
        }
    }
    world
}

fn fdb(link: u32, last: u8, state: u16) -> FdbEntry {
    FdbEntry {
        link,
        mac: mac(last),
        master: Some(6),
        state,
        ..FdbEntry::default()
    }
}

/// The cable of app4 is not plugged in and nobody answers.
pub fn failing() -> World {
    let mut world = plugged();
    if let Some(host) = world.spaces.get_mut(&Ns::Host) {
        if let Some(link) = host.links.get_mut(&5) {
            link.flags = LinkFlags::empty();
            link.master = None;
            link.port = None;
        }
        host.fdb.remove(1);
        let mut route = route("10.9.0.0/24", 5, None);
        route.flags = 16;
        host.routes = vec![route];
    }
    if let Some(app3) = world.spaces.get_mut(&Ns::from_name("app3")) {
        app3.neighs = vec![neigh(2, 40, None, 32)];
    }
    if let Some(app4) = world.spaces.get_mut(&Ns::from_name("app4"))
        && let Some(link) = app4.links.get_mut(&2)
    {
        link.flags = LinkFlags::UP;
    }
    world
}
