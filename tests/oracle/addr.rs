//! `ip address`

use tutor::command::addr::ShowAddrs;
use tutor::command::{Family, View};

use crate::frame::Case;
use crate::ours::same;
use crate::tools::{run, shell};
use crate::twins::{alike, twins};

pub const CASES: &[Case] = &crate::cases![
    addr_show_is_ips,
    addr_changes_are_ips,
    flush_spares_no_promoted_address
];

/// Every kind of address that a lesson or a learner may meet, and how they are asked for.
fn addr_show_is_ips() -> anyhow::Result<()> {
    same(&ShowAddrs::default(), "ip addr")?;
    shell(
        "ip link set lo up
         ip netns add app1
         ip link add v0 type veth peer name v1
         ip link add h1 type veth peer name c1 netns app1
         ip link add br0 type bridge
         ip link set h1 master br0
         ip link set v0 up; ip link set v1 up; ip link set h1 up
         ip addr add 172.16.0.10/16 dev v0
         ip addr add 172.16.0.11/16 dev v0
         ip addr add 172.16.0.10 dev v0
         ip addr add 10.0.0.1/24 brd + dev v0
         ip addr add 10.1.0.1 peer 10.1.0.2 dev v0
         ip addr add 10.2.0.1 peer 10.2.0.2/24 dev v0
         ip addr add 172.17.0.1/16 brd 172.17.255.255 scope link dev v0
         ip addr add 10.3.0.1/24 dev h1 valid_lft 100 preferred_lft 50 noprefixroute
         ip addr add 2001:db8::1/64 dev v0 nodad
         ip addr add 2001:db8::2/64 dev v0
         ip addr add 2001:db8::9/128 dev v1 nodad valid_lft 100 preferred_lft 0
         ip addr add 2001:db8::8/64 dev v1 nodad noprefixroute home mngtmpaddr
         ip addr add 2001:db8::7 peer 2001:db8::6/64 dev v1",
    )?;
    let families = [
        (None, "ip"),
        (Some(Family::V4), "ip -4"),
        (Some(Family::V6), "ip -6"),
    ];
    for (family, ip) in families {
        for (brief, details, stats, options) in [
            (false, false, false, ""),
            (true, false, false, " -br"),
            (false, true, false, " -d"),
            (false, false, true, " -s"),
        ] {
            let view = View {
                family,
                brief,
                details,
                stats,
            };
            let ip = format!("{ip}{options}");
            let all = ShowAddrs {
                view,
                ..ShowAddrs::default()
            };
            // For all devices of IPv6 `ip -s` shows what IPv6 itself has counted, by chance: there
            // the devices' counters are ours.
            let counts = !(stats && family == Some(Family::V6));
            if counts {
                same(&all, &format!("{ip} addr"))?;
            }
            for dev in ["v0", "v1", "h1", "br0", "lo", "nope"] {
                let one = ShowAddrs {
                    dev: Some(dev.to_owned()),
                    ..all.clone()
                };
                same(&one, &format!("{ip} addr show dev {dev}"))?;
            }
            for (scope, word) in [(0, "global"), (253, "link"), (254, "host")] {
                let some = ShowAddrs {
                    scope: Some(scope),
                    up: true,
                    ..all.clone()
                };
                if counts {
                    same(&some, &format!("{ip} addr show up scope {word}"))?;
                }
            }
        }
    }
    Ok(())
}

fn addr_changes_are_ips() -> anyhow::Result<()> {
    twins()?;
    alike(&[
        "addr add 172.16.0.10/16 dev v0",
        "addr add 172.16.0.10/16 dev v0",
        "addr add 172.16.0.10/16 dev nope",
        "addr add 172.16.0.10 dev v0",
        "addr add 172.16.0.11/16 dev v0",
        "addr add 172.16.0.12/16 dev v0",
        "addr add 10.0.0.1/24 brd + dev v0",
        "addr add 10.0.1.1/31 brd + dev v0",
        "addr add 10.0.2.1/24 brd 10.0.2.99 dev v0",
        "addr add 10.1.0.1 peer 10.1.0.2 dev v0",
        "addr add 10.2.0.1 peer 10.2.0.2/24 dev v0",
        "addr add 10.3.0.1/24 scope link dev v0",
        "addr add 127.0.0.2/8 dev lo",
        "addr add 224.0.0.1/32 dev v0",
        "addr add 0.0.0.0/0 dev v0",
        "addr add 2001:db8::1/64 dev v0",
        "addr add 2001:db8::1/64 dev v0",
        "addr add 2001:db8::2 dev v0",
        "addr add 2001:db8::3/64 dev v0 nodad",
        "addr add 2001:db8::4/64 dev v0 noprefixroute",
        "addr add 2001:db8:1::1 peer 2001:db8:1::2/64 dev v0",
        "addr add ff02::1/128 dev lo",
        "-6 addr add 2001:db8:3::1/64 dev v1",
        "addr del 1.2.3.4/24 dev v0",
        "addr del 2001:db8::99/64 dev v0",
        "addr del 172.16.0.10/32 dev v0",
        "addr del 172.16.0.11/16 dev v0",
        "addr del 10.0.0.1 dev v0",
        "addr del 10.0.0.1 dev v0",
        "addr del 10.1.0.1 peer 10.1.0.2 dev v0",
        "addr del 2001:db8::1/64 dev v0",
        "addr del 1.2.3.4/24 dev nope",
        "-6 addr flush dev v1",
        "addr flush dev v0 scope link",
        "addr flush dev v0",
        "addr flush dev v0",
        "addr flush dev nope",
    ])
}

/// With `promote_secondaries` an older address does not take the younger ones with it.
fn flush_spares_no_promoted_address() -> anyhow::Result<()> {
    twins()?;
    for ns in ["ours", "real"] {
        run(&format!(
            "ip netns exec {ns} sysctl -qw net.ipv4.conf.all.promote_secondaries=1"
        ))?;
    }
    alike(&[
        "addr add 172.16.0.10/16 dev v0",
        "addr add 172.16.0.11/16 dev v0",
        "addr add 172.16.0.12/16 dev v0",
        "addr del 172.16.0.10/16 dev v0",
        "addr add 172.16.0.10/16 dev v0",
        "addr flush dev v0",
    ])
}
