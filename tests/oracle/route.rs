//! `ip route`, `ip rule`, `route -n`

use tutor::command::arp::NetTools;
use tutor::command::policy::Policy;
use tutor::command::route::{Select, ShowRoutes, Table};
use tutor::command::{Family, View};

use crate::frame::Case;
use crate::ours::same;
use crate::tools::shell;
use crate::twins::{alike, both, twins};

pub const CASES: &[Case] = &crate::cases![
    route_show_is_ips,
    rule_show_is_ips,
    route_changes_are_ips,
    route_flush_is_ips
];

const FAMILIES: [(Option<Family>, &str); 3] = [
    (None, "ip"),
    (Some(Family::V4), "ip -4"),
    (Some(Family::V6), "ip -6"),
];

fn route_show_is_ips() -> anyhow::Result<()> {
    all_forms()?;
    shell("ip link set lo up")?;
    all_forms()?;
    shell(
        "ip netns add b
         ip link add v0 type veth peer name v1 netns b
         ip link add v2 type veth peer name v3
         ip link set v0 up; ip link set v2 up
         ip -n b link set v1 up
         ip addr add 172.16.0.10/16 dev v0
         ip addr add 172.16.0.11/16 dev v2
         ip addr add 2001:db8::1/64 dev v0 nodad
         ip route add default via 172.16.0.20
         ip route add default dev v0 metric 9
         ip route add 10.0.0.0/8 via 172.16.0.20 metric 100 mtu 1400
         ip route add 10.0.0.0/8 via 172.16.0.20 metric 50 src 172.16.0.10 proto static
         ip route add 10.2.0.0/16 dev v0
         ip route add 10.3.0.0/16 dev v0 table 100
         ip route add 10.3.0.0/16 dev v0 table 1000
         ip route add 10.3.0.0/16 via 172.16.0.20 table local
         ip route add local 10.4.0.0/16 dev lo
         ip route add blackhole 10.5.0.0/16
         ip route add unreachable 10.6.0.0/16 metric 7
         ip route add prohibit 10.7.0.0/16
         ip route add unreachable 10.7.7.7
         ip route add throw 10.8.0.0/16 table 100
         ip route add 10.9.0.0/16 via 9.9.9.9 dev v0 onlink
         ip route add 10.10.10.10 dev v0
         ip route add 10.11.0.0/16 via inet6 fe80::1 dev v0
         ip route add broadcast 10.12.0.2 dev v0 table main
         ip -6 route add default via 2001:db8::2
         ip -6 route add 2001:dead::/32 via fe80::1 dev v0
         ip -6 route add 2001:beef::/32 dev v0 metric 5 mtu 1400
         ip -6 route add blackhole 2001:bad::/32
         ip -6 route add unreachable 2001:bae::/32
         ip -6 route add prohibit 2001:baf::/32 table 100
         ip -6 route add 2001:c::/32 via 2001:db8::2 src 2001:db8::1",
    )?;
    all_forms()?;
    shell("ip link set v2 down")?;
    all_forms()
}

fn all_forms() -> anyhow::Result<()> {
    for (family, ip) in FAMILIES {
        for details in [false, true] {
            let view = View {
                family,
                details,
                ..View::default()
            };
            let d = if details { " -d" } else { "" };
            forms(view, &format!("{ip}{d}"))?;
        }
    }
    same(&NetTools::Route { numeric: true }, "route -n")
}

fn forms(view: View, ip: &str) -> anyhow::Result<()> {
    let all = ShowRoutes {
        view,
        ..ShowRoutes::default()
    };
    same(&all, &format!("{ip} route"))?;
    for (id, word) in [
        (Table::All, "all"),
        (Table::Id(253), "default"),
        (Table::Id(254), "main"),
        (Table::Id(255), "local"),
        (Table::Id(100), "100"),
        (Table::Id(1000), "1000"),
        (Table::Id(77), "77"),
    ] {
        let one = ShowRoutes {
            table: Some(id),
            ..all.clone()
        };
        same(&one, &format!("{ip} route show table {word}"))?;
    }
    for dev in ["lo", "v0", "v2", "nope"] {
        let one = ShowRoutes {
            dev: Some(dev.to_owned()),
            ..all.clone()
        };
        same(&one, &format!("{ip} route show dev {dev}"))?;
    }
    for (proto, word) in [(2, "kernel"), (3, "boot"), (4, "static"), (77, "77")] {
        let one = ShowRoutes {
            proto: Some(proto),
            ..all.clone()
        };
        same(&one, &format!("{ip} route show proto {word}"))?;
    }
    for (scope, word) in [(0, "global"), (253, "link"), (254, "host")] {
        let one = ShowRoutes {
            scope: Some(scope),
            ..all.clone()
        };
        same(&one, &format!("{ip} route show scope {word}"))?;
    }
    selected(&all, ip)
}

fn selected(all: &ShowRoutes, ip: &str) -> anyhow::Result<()> {
    let v6 = all.view.family == Some(Family::V6);
    let (prefixes, via) = if v6 {
        (["::/0", "2001::/16", "2001:db8::/64"], "2001:db8::2")
    } else {
        (["0.0.0.0/0", "10.0.0.0/8", "10.7.7.7/32"], "172.16.0.20")
    };
    for dst in prefixes {
        for (select, word) in [
            (Select::Exact, ""),
            (Select::Root, "root "),
            (Select::Match, "match "),
        ] {
            let some = ShowRoutes {
                dst: Some(dst.parse()?),
                select,
                ..all.clone()
            };
            same(&some, &format!("{ip} route show {word}{dst}"))?;
        }
    }
    let default = ShowRoutes {
        dst: Some("0.0.0.0/0".parse()?),
        ..all.clone()
    };
    same(&default, &format!("{ip} route show default"))?;
    let through = ShowRoutes {
        via: Some(via.parse()?),
        ..all.clone()
    };
    same(&through, &format!("{ip} route show via {via}"))
}

fn rule_show_is_ips() -> anyhow::Result<()> {
    shell(
        "ip link add v0 type veth peer name v1
         ip rule add from 10.0.0.0/8 table 100
         ip rule add to 10.1.0.0/16 iif v0 lookup 200 pref 500
         ip rule add fwmark 7 blackhole
         ip rule add fwmark 0x7/0xff prohibit
         ip rule add oif v0 unreachable
         ip rule add oif nope nop proto static
         ip rule add from 1.2.3.4 goto 32766
         ip rule add from 1.2.3.4 goto 40000
         ip rule add not from 1.2.3.4 lookup local
         ip -6 rule add from 2001:db8::/64 table 33",
    )?;
    for (family, ip) in FAMILIES {
        for details in [false, true] {
            let view = View {
                family,
                details,
                ..View::default()
            };
            let d = if details { " -d" } else { "" };
            same(&Policy { view }, &format!("{ip}{d} rule"))?;
        }
    }
    Ok(())
}

fn route_changes_are_ips() -> anyhow::Result<()> {
    twins()?;
    both("addr add 172.16.0.10/16 dev v0")?;
    both("addr add 2001:db8::1/64 dev v0")?;
    alike(&[
        "route add default via 172.16.0.20",
        "route add default via 172.16.0.20",
        "route add default via 10.9.9.9",
        "route add default via 2001:db8::2",
        "route add 10.0.0.0/8 via 172.16.0.10",
        "route add 10.0.0.0/8 via 172.16.0.20 dev nope",
        "route add 10.0.0.0/8",
        "route add 10.0.0.0/8 via 172.16.0.20 metric 100 mtu 1400",
        "route add 10.0.0.0/8 via 172.16.0.20 metric 50 src 172.16.0.10 proto static",
        "route add 10.1.0.0/16 dev v0 scope link",
        "route add 10.2.0.0/16 dev v0",
        "route add 10.3.0.0/16 dev v0 table 100",
        "route add 10.3.0.0/16 dev v0 table 1000",
        "route add 10.3.0.0/16 via 172.16.0.20 table local",
        "route add local 10.4.0.0/16 dev lo",
        "route add blackhole 10.5.0.0/16",
        "route add unreachable 10.6.0.0/16 metric 7",
        "route add prohibit 10.7.0.0/16",
        "route add throw 10.8.0.0/16 table 100",
        "route add 10.9.0.0/16 via 9.9.9.9 dev v0 onlink",
        "route add 10.9.1.0/24 via 9.9.9.9 dev v0",
        "route add 10.10.10.10 dev v0",
        "route add 10.11.0.0/16 dev v0 src 1.2.3.4",
        "route add 10.11.0.1/16 dev v0",
        "route replace 10.1.0.0/16 via 172.16.0.20",
        "route replace 10.12.0.0/16 via 172.16.0.20",
        "route change 10.1.0.0/16 via 172.16.0.20 mtu 1300",
        "route change 10.99.0.0/16 via 172.16.0.20",
        "route del 10.99.0.0/16",
        "route del default via 1.1.1.1",
        "route del 10.0.0.0/8 metric 50",
        "route del 10.0.0.0/8",
        "route del blackhole 10.5.0.0/16",
        "route del 10.6.0.0/16",
        "route del 10.3.0.0/16 table 1000",
        "route del local 10.4.0.0/16 dev lo",
        "route del 10.10.10.10",
        "route del default",
        "-6 route add default via 2001:db8::3",
        "-6 route add default via 2001:db8::2 metric 5",
        "-6 route add default via 2001:db9::2",
        "-6 route add 2001:dead::/32 via fe80::1",
        "-6 route add 2001:dead::/32 via fe80::1 dev v0",
        "route add 2001:beef::/32 dev v0 metric 5 mtu 1400",
        "-6 route add blackhole 2001:bad::/32",
        "-6 route add unreachable 2001:bae::/32",
        "-6 route add prohibit 2001:baf::/32 table 100",
        "-6 route add 2001:c::/32 via 2001:db8::2 src 2001:db8::1",
        "-6 route replace 2001:c::/32 via 2001:db8::3",
        "-6 route change 2001:99::/32 via 2001:db8::2",
        "-6 route del 2001:99::/32",
        "-6 route del 2001:bae::/32",
        "-6 route del default",
    ])
}

fn route_flush_is_ips() -> anyhow::Result<()> {
    twins()?;
    for line in [
        "addr add 172.16.0.10/16 dev v0",
        "addr add 2001:db8::1/64 dev v0",
        "route add default via 172.16.0.20",
        "route add 10.0.0.0/8 via 172.16.0.20 metric 100 mtu 1400",
        "route add 10.0.0.0/8 via 172.16.0.20 metric 50",
        "route add 10.1.0.0/16 dev v0",
        "route add 10.2.0.0/16 dev v1",
        "route add 10.3.0.0/16 dev v0 table 100",
        "route add 10.3.0.0/16 dev v0 table 1000",
        "route add blackhole 10.5.0.0/16",
        "route add 10.6.0.0/16 via inet6 fe80::1 dev v0",
        "-6 route add default via 2001:db8::2",
        "-6 route add blackhole 2001:bad::/32",
        "-6 route add 2001:c::/32 via 2001:db8::2 src 2001:db8::1",
    ] {
        both(line)?;
    }
    alike(&[
        "route flush 10.0.0.0/8",
        "route flush root 10.0.0.0/14",
        "route flush dev v1",
        "route flush dev nope",
        "route flush table 1000",
        "route flush table 100",
        "route flush proto static",
        "-6 route flush root 2001::/16",
        "route flush scope global",
        "-6 route flush dev v0",
        "route flush dev v0",
        "route flush table main",
        "route flush table all",
    ])
}
