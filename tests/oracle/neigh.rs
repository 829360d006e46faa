//! `ip neighbour`, `arp -n`

use tutor::command::arp::NetTools;
use tutor::command::neigh::ShowNeighs;
use tutor::command::{Family, View};

use crate::frame::Case;
use crate::ours::same;
use crate::tools::{attempt, shell};
use crate::twins::{alike, both, twins};

pub const CASES: &[Case] = &crate::cases![neigh_show_is_ips, neigh_changes_are_ips];

/// Neighbours in every state, those that a packet has found included.
fn neigh_show_is_ips() -> anyhow::Result<()> {
    all_forms()?;
    shell(
        "ip link set lo up
         ip netns add b
         ip link add v0 type veth peer name v1 netns b
         ip link add v2 type veth peer name v3
         ip link set v0 up; ip link set v2 up; ip link set v3 up
         ip -n b link set v1 up
         ip addr add 172.16.0.10/16 dev v0
         ip -n b addr add 172.16.0.20/16 dev v1
         ip -n b addr add 2001:db8::2/64 dev v1 nodad
         ip addr add 2001:db8::1/64 dev v0 nodad
         ip neigh add 172.16.0.30 lladdr 02:00:00:00:00:01 dev v0
         ip neigh add 172.16.0.31 lladdr 02:00:00:00:00:02 dev v0 nud stale
         ip neigh add 172.16.0.32 lladdr 02:00:00:00:00:03 dev v0 nud reachable
         ip neigh add 172.16.0.33 dev v0 nud none
         ip neigh add 172.16.0.34 lladdr 02:00:00:00:00:04 dev v0 nud noarp
         ip neigh add 172.16.0.36 lladdr 02:00:00:00:00:05 dev v3
         ip neigh add 172.16.0.37 lladdr 02:00:00:00:00:06 dev v0 extern_learn
         ip neigh add 172.16.0.38 lladdr 02:00:00:00:00:04 dev v0 nud failed
         ip neigh add 172.16.0.39 lladdr 02:00:00:00:00:04 dev lo
         ip neigh add 2001:db8::30 lladdr 02:00:00:00:00:01 dev v0 router",
    )?;
    for line in [
        "ping -c 1 -W 1 172.16.0.20",
        "ping -c 1 -W 1 2001:db8::2",
        "ping -c 1 -W 1 172.16.0.21",
    ] {
        attempt(line)?;
    }
    all_forms()
}

fn all_forms() -> anyhow::Result<()> {
    for (family, ip) in [
        (None, "ip"),
        (Some(Family::V4), "ip -4"),
        (Some(Family::V6), "ip -6"),
    ] {
        for brief in [false, true] {
            let view = View {
                family,
                brief,
                ..View::default()
            };
            let br = if brief { " -br" } else { "" };
            forms(view, &format!("{ip}{br}"))?;
        }
    }
    for (dev, option) in [(None, ""), (Some("v0"), " -i v0"), (Some("v2"), " -i v2")] {
        let arp = NetTools::Arp {
            dev: dev.map(str::to_owned),
        };
        same(&arp, &format!("arp -n{option}"))?;
    }
    Ok(())
}

fn forms(view: View, ip: &str) -> anyhow::Result<()> {
    let all = ShowNeighs {
        view,
        ..ShowNeighs::default()
    };
    same(&all, &format!("{ip} neigh"))?;
    for dev in ["v0", "v2", "v3", "nope"] {
        let one = ShowNeighs {
            dev: Some(dev.to_owned()),
            ..all.clone()
        };
        same(&one, &format!("{ip} neigh show dev {dev}"))?;
    }
    for (state, word) in [
        (u16::MAX, "all"),
        (0, "none"),
        (0x04, "stale"),
        (0x20, "failed"),
        (0x40, "noarp"),
        (0x80, "permanent"),
    ] {
        let some = ShowNeighs {
            state: Some(state),
            ..all.clone()
        };
        same(&some, &format!("{ip} neigh show nud {word}"))?;
    }
    if view.family != Some(Family::V6) {
        for to in ["172.16.0.30/32", "172.16.0.0/27"] {
            let some = ShowNeighs {
                to: Some(to.parse()?),
                ..all.clone()
            };
            same(&some, &format!("{ip} neigh show {to}"))?;
        }
    }
    Ok(())
}

fn neigh_changes_are_ips() -> anyhow::Result<()> {
    twins()?;
    both("addr add 172.16.0.10/16 dev v0")?;
    both("addr add 2001:db8::1/64 dev v0")?;
    alike(&[
        "neigh add 172.16.0.30 lladdr 02:00:00:00:00:01 dev v0",
        "neigh add 172.16.0.30 lladdr 02:00:00:00:00:01 dev v0",
        "neigh add 172.16.0.31 lladdr 02:00:00:00:00:02 dev v0 nud stale",
        "neigh add 172.16.0.32 lladdr 02:00:00:00:00:03 dev v0 nud reachable",
        "neigh add 172.16.0.33 dev v0",
        "neigh add 172.16.0.34 lladdr 02:00:00:00:00:04 dev v0 nud noarp",
        "neigh add 172.16.0.35 lladdr 02:00:00:00:00:04 dev nope",
        "neigh add 172.16.0.36 lladdr 02:00:00:00:00:04 dev v1",
        "neigh add 2001:db8::30 lladdr 02:00:00:00:00:01 dev v0",
        "neigh add 2001:db8::31 lladdr 02:00:00:00:00:01 dev v0 nud stale",
        "neigh replace 172.16.0.30 lladdr 02:00:00:00:00:09 dev v0",
        "neigh replace 172.16.0.41 lladdr 02:00:00:00:00:09 dev v0",
        "neigh del 172.16.0.49 dev v0",
        "neigh del 172.16.0.49 dev nope",
        "neigh del 172.16.0.41 dev v0",
        "neigh flush dev v0 nud stale",
        "-6 neigh flush dev v0",
        "neigh flush 172.16.0.32",
        "neigh flush dev v0",
        "neigh flush dev nope",
        "neigh flush dev v0 nud permanent",
        "neigh flush all",
    ])
}
