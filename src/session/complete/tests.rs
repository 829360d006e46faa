use super::*;
use crate::world::Space;
use crate::world::addr::Addr;
use crate::world::link::{Link, LinkFlags, LinkKind, Mac};
use crate::world::route::Route;

fn link(index: u32, name: &str, kind: LinkKind, up: bool, master: Option<u32>) -> Link {
    Link {
        index,
        name: name.to_owned(),
        kind,
        flags: if up {
            LinkFlags::UP
        } else {
            LinkFlags::empty()
        },
        mac: Some(Mac([2, 0, 0, 0, 0, u8::try_from(index).unwrap_or(0)])),
        master,
        ..Link::default()
    }
}

fn addr(link: u32, net: &str) -> Addr {
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

/// A bridge with one cable plugged in, whose other end is in `app3`; `my net` is odd but allowed.
fn world() -> World {
    let host = Space {
        links: [
            link(1, "lo", LinkKind::None, true, None),
            link(2, "br0", LinkKind::Bridge, true, None),
            link(3, "hlink3", LinkKind::Veth, false, Some(2)),
            link(4, "my$dev", LinkKind::Veth, true, None),
        ]
        .map(|link| (link.index, link))
        .into(),
        addrs: vec![
            addr(1, "127.0.0.1/8"),
            addr(2, "172.16.0.1/16"),
            addr(2, "fe80::1/64"),
        ],
        routes: vec![Route {
            dst: "172.16.0.0/16".parse().expect("a prefix"),
            table: 254,
            dev: Some(2),
            ..Route::default()
        }],
        ..Space::default()
    };
    let app3 = Space {
        links: [link(2, "clink3", LinkKind::Veth, true, None)]
            .map(|link| (link.index, link))
            .into(),
        addrs: vec![addr(2, "172.16.0.30/16")],
        ..Space::default()
    };
    let app4 = Space {
        links: [link(2, "clink4", LinkKind::Veth, true, None)]
            .map(|link| (link.index, link))
            .into(),
        addrs: vec![addr(2, "10.1.0.40/24")],
        ..Space::default()
    };
    let named = |name: &str| Ns::Named(name.to_owned());
    World {
        spaces: [
            (Ns::Host, host),
            (named("app3"), app3),
            (named("app4"), app4),
        ]
        .into(),
    }
}

fn found(prefix: &str) -> Completion {
    let world = world();
    let lessons = ["bridge", "nat", "netns"].map(str::to_owned);
    complete(
        prefix,
        Around {
            at: &Ns::Host,
            world: &world,
            lessons: &lessons,
            steps: 3,
        },
    )
}

fn words(prefix: &str) -> Vec<String> {
    found(prefix)
        .items
        .into_iter()
        .map(|item| item.word)
        .collect()
}

#[test]
fn the_grammar_and_the_world_complete_a_line() {
    for (prefix, wanted) in [
        ("ip l", &["link"][..]),
        ("ip ne", &["neighbor", "netns"]),
        ("ip -n ", &["app3", "app4"]),
        ("sudo ip netns exec app", &["app3", "app4"]),
        ("ip netns del app3", &["app3"]),
        ("ip link set hl", &["hlink3"]),
        ("ip link set my", &["'my$dev'"]),
        ("ip -n app3 link set c", &["clink3"]),
        ("ip link set hlink3 master ", &["br0"]),
        ("ip link set clink3 netns ", &["app3", "app4"]),
        ("ip link add x type ve", &["veth"]),
        ("ip addr del 1", &["127.0.0.1/8", "172.16.0.1/16"]),
        ("ip addr add 10.0.0.1/8 dev h", &["hlink3"]),
        ("ip route del 1", &["172.16.0.0/16"]),
        ("ip route add 10", &["10.1.0.0/24"]),
        ("ip route add def", &["default"]),
        ("ip route add default via 1", &["172.16.0.30"]),
        ("ip -n app3 route add default via 1", &["172.16.0.1"]),
        ("ping -c 1 172", &["172.16.0.30", "172.16.0.1"]),
        ("ping 10.9", &[]),
        ("iptables -A F", &["FORWARD"]),
        ("iptables -t nat -A P", &["PREROUTING", "POSTROUTING"]),
        ("iptables -t ", &["filter", "nat"]),
        ("iptables -A FORWARD -j MA", &["MASQUERADE"]),
        (
            "nsenter --net=/run/netns/",
            &["--net=/run/netns/app3", "--net=/run/netns/app4"],
        ),
        ("sysctl -w net.ipv4.ip_f", &["net.ipv4.ip_forward"]),
        ("sysctl net.", &["net.bridge.", "net.ipv4.", "net.ipv6."]),
        (
            "sysctl net.ipv4.conf.hlink3.rp",
            &["net.ipv4.conf.hlink3.rp_filter"],
        ),
        (
            "echo 1 > /proc/sys/net/ipv4/ip_f",
            &["/proc/sys/net/ipv4/ip_forward"],
        ),
        ("tcpdump -i ", &["lo", "br0", "hlink3", "'my$dev'"]),
        ("ip lnk ", &[]),
        ("ip link 'hl", &[]),
        ("ip link # ", &[]),
        (":un", &[":undo"]),
        (":re", &[":redo", ":reset"]),
        (":goto ", &["1", "2", "3"]),
        (":lesson n", &["nat", "netns"]),
        (":undo ", &[]),
        (":nonsense ", &[]),
    ] {
        assert_eq!(words(prefix), wanted, "{prefix}");
    }
}

#[test]
fn words_are_told_with_what_they_mean() {
    let meaning = |prefix: &str| found(prefix).items[0].meaning.clone();
    assert_eq!(meaning("ip link set br"), "up, bridge, 172.16.0.1/16");
    assert_eq!(meaning("ip link set hl"), "down, veth, in br0");
    assert_eq!(meaning("ip netns exec app3"), "1 device");
    assert_eq!(meaning("ping 172.16.0.3"), "clink3 in app3");
    assert_eq!(meaning("ip route add default via "), "clink3 in app3");
    assert_eq!(meaning("ip route del 1"), "dev br0");
    assert!(meaning("sysctl net.ipv4.ip_forward").contains("router"));
}

#[test]
fn options_are_offered_to_whoever_begins_one() {
    assert!(words("ip ").iter().all(|word| !word.starts_with('-')));
    assert!(words("ip -").iter().all(|word| word.starts_with('-')));
    assert!(words("iptables ").contains(&"-A".to_owned()));
}

#[test]
fn what_all_have_in_common() {
    assert_eq!(found("ip netns exec a").common(), "app");
    assert_eq!(found("ping 172").common(), "172.16.0.");
    assert_eq!(found("ip lnk ").common(), "");
    assert_eq!(found("ip netns exec a").at, 14..15);
}
