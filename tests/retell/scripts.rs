//! Scripts as people write them.

use anyhow::ensure;

use crate::frame::Case;
use crate::twice::{same_tables, shown};

pub const CASES: &[Case] = &crate::cases![
    nothing, links, moves, names, addresses, routes, neighbours, rules, settings, spaces, kinds,
];

/// Each script follows the same start; none of it may be lost.
fn all(start: &str, changes: &[&str]) -> anyhow::Result<()> {
    for change in changes {
        let told = same_tables(start, change)?;
        ensure!(told.lost.is_empty(), "{change}: {}", shown(&told));
    }
    Ok(())
}

fn nothing() -> anyhow::Result<()> {
    for start in ["", NETWORK] {
        let told = same_tables(
            start,
            "ip link; iptables -S >/dev/null; ping -c1 -W1 8.8.8.8",
        )?;
        ensure!(
            told.commands.is_empty() && told.lost.is_empty(),
            "{}",
            shown(&told)
        );
    }
    Ok(())
}

pub const NETWORK: &str = "
    ip netns add app1
    ip netns add app2
    ip link add hlink1 type veth peer name clink1
    ip link set clink1 netns app1
    ip link add hlink2 type veth peer name clink2 netns app2
    ip -n app1 addr add 172.16.0.11/16 dev clink1
    ip -n app2 addr add 172.16.0.12/16 dev clink2
    ip addr add 172.16.0.10/16 dev hlink1
    ip link set hlink1 up
    ip link set hlink2 up
    ip -n app1 link set clink1 up
    ip -n app2 link set clink2 up
    ip -n app1 link set lo up
    ip -n app1 route add default via 172.16.0.10
    ip -n app1 route add 10.0.0.0/8 via 172.16.0.99 metric 7
";

fn links() -> anyhow::Result<()> {
    all(
        "",
        &[
            "ip link add v1 type veth peer name v2",
            "ip link add v1 type veth peer name v2; ip link set v1 up; ip link set v2 up",
            "ip link add v1 type bridge; ip link add v2 type veth peer name v3; ip link set v2 master v1; ip link set v1 up",
            "ip link set lo up",
            "ip link add v1 mtu 1400 type veth peer name v2; ip link set v1 promisc on",
            "ip link add br0 type bridge; ip link add v1 mtu 1400 type veth peer name v2 mtu 1300; ip link set v1 master br0; ip link set v2 master br0",
            "ip link add br0 type bridge; ip link set br0 mtu 1200; ip link add v1 type veth peer name v2; ip link set v1 master br0",
            "ip link add v1 address 02:00:00:00:00:01 type veth peer name v2 address aa:bb:cc:dd:ee:ff",
        ],
    )?;
    all(
        NETWORK,
        &[
            "ip link del hlink1",
            "ip link set hlink1 down",
            "ip link set hlink1 down; ip link set hlink1 up",
            "ip -n app1 link set clink1 down; ip -n app1 link set clink1 up",
            "ip link set enp0s1 down",
            "ip link del enp0s1",
            "ip link del hlink1; ip link add hlink1 type veth peer name clink1 netns app2",
            "ip link add br0 type bridge; ip link set hlink1 master br0; ip link set hlink2 master br0; ip addr flush dev hlink1; ip addr add 172.16.0.10/16 dev br0; ip link set br0 up",
            "ip link set hlink1 mtu 1400; ip -n app1 link set clink1 mtu 1400",
            "ip -n app1 link set clink1 address 02:00:00:00:00:11",
        ],
    )
}

fn moves() -> anyhow::Result<()> {
    all(
        NETWORK,
        &[
            "ip link set hlink1 netns app2",
            "ip -n app1 link set clink1 netns app2; ip -n app2 addr add 10.0.0.1/24 dev clink1; ip -n app2 link set clink1 up",
            "ip -n app1 link set clink1 netns 1",
            "ip -n app1 link set clink1 netns 1; ip link set clink1 name other; ip link set other up",
            "ip netns add app3; ip -n app2 link set clink2 netns app3; ip netns del app2",
            "ip link set hlink1 netns app1; ip link set hlink2 netns app2; ip -n app1 link set hlink1 name x",
        ],
    )
}

fn names() -> anyhow::Result<()> {
    all(
        NETWORK,
        &[
            "ip link set hlink1 name cable",
            "ip link set hlink1 down; ip link set hlink1 name cable",
            "ip -n app1 link set clink1 name eth0",
            "ip link set hlink1 name x; ip link set hlink2 name hlink1; ip link set x name hlink2",
            "ip -n app2 link set clink2 name clink1; ip -n app2 link set clink1 netns app1 name eth7",
        ],
    )
}

fn addresses() -> anyhow::Result<()> {
    all(
        NETWORK,
        &[
            "ip addr add 172.16.0.20/16 dev hlink1; ip addr add 172.16.0.21/16 dev hlink1; ip addr add 10.1.0.1/24 brd + dev hlink1",
            "ip addr del 172.16.0.10/16 dev hlink1; ip addr add 172.16.0.20/16 dev hlink1; ip addr add 172.16.0.10/16 dev hlink1",
            "ip addr add 172.16.0.20/16 dev hlink1; ip addr del 172.16.0.10/16 dev hlink1",
            "ip -n app1 addr flush dev clink1",
            "ip -n app1 addr add 10.0.0.1/24 dev clink1; ip -n app1 addr del 172.16.0.11/16 dev clink1",
            "ip addr add 10.0.0.1 peer 10.0.0.2 dev hlink2; ip addr add 10.5.0.1 peer 10.5.0.2/24 dev hlink2",
            "ip addr add 2001:db8::1/64 nodad dev hlink1; ip addr add 2001:db8::2/64 nodad dev hlink1; ip addr add 2001:db8:1::1/48 dev hlink2 nodad",
            "ip addr add 10.0.0.1/24 scope link dev hlink1; ip addr add 10.0.1.1/24 brd 10.0.1.7 dev hlink1; ip addr add 10.9.0.1/24 noprefixroute dev hlink1",
            "ip link set lo up; ip addr add 127.0.0.2/8 dev lo; ip addr add 10.10.10.10/32 dev lo",
            "ip link set lo up; ip addr del 127.0.0.1/8 dev lo",
            "ip -n app1 addr del 127.0.0.1/8 dev lo",
            "ip -n app1 link set lo down",
            "ip addr add 172.16.0.12/16 dev hlink2",
            "ip link set hlink1 down; ip addr add 172.16.0.12/16 dev hlink2; ip link set hlink1 up",
            "ip addr del 192.168.64.3/24 dev enp0s1",
        ],
    )
}

fn routes() -> anyhow::Result<()> {
    all(
        NETWORK,
        &[
            "ip route add 10.0.0.0/8 via 172.16.0.11; ip route add 10.1.0.0/16 dev hlink2",
            "ip -n app1 route del default; ip -n app1 route del 10.0.0.0/8",
            "ip -n app1 route replace default via 172.16.0.1",
            "ip -n app1 route add default via 172.16.0.2 metric 100",
            "ip -n app1 route replace 10.0.0.0/8 via 172.16.0.98 metric 7; ip -n app1 route add 10.0.0.0/8 via 172.16.0.97 metric 5",
            "ip route add unreachable 10.9.0.0/16; ip route add blackhole 10.8.0.0/16; ip route add prohibit 10.7.0.0/16 metric 5",
            "ip route add 10.0.0.0/8 via 10.99.0.1 dev hlink1 onlink; ip route add 11.0.0.0/8 dev hlink1 src 172.16.0.10 mtu 1300",
            "ip route add 10.0.0.0/8 dev hlink1 table 100; ip route add default via 172.16.0.11 table 100 proto static",
            "ip route del 172.16.0.0/16 dev hlink1",
            "ip route del 172.16.0.0/16 dev hlink1; ip route add 172.16.0.0/16 dev hlink2",
            "ip route add 172.16.0.0/16 dev hlink2 metric 5",
            "ip addr add 2001:db8::1/64 nodad dev hlink1; ip -6 route add default via 2001:db8::2; ip -6 route add 2001:db8:5::/48 dev hlink1 metric 5; ip -6 route add unreachable 2001:db8:7::/48",
            "ip link set lo up; ip route add local 10.3.0.0/16 dev lo",
            "ip route del default",
            "ip route replace default dev enp0s1",
            "ip route change default via 192.168.64.7 dev enp0s1 metric 100",
            "ip -n app1 link set clink1 down; ip -n app1 link set clink1 up; ip -n app1 route add default via 172.16.0.10",
        ],
    )
}

fn neighbours() -> anyhow::Result<()> {
    all(
        NETWORK,
        &[
            "ip neigh add 172.16.0.77 lladdr 02:00:00:00:00:77 dev hlink1",
            "ping -c1 -W1 172.16.0.11; ip neigh replace 172.16.0.11 lladdr 02:00:00:00:00:77 dev hlink1 nud permanent",
            "ping -c1 -W1 172.16.0.11; ip neigh flush dev hlink1",
        ],
    )?;
    let start = format!("{NETWORK}\nip neigh add 172.16.0.77 lladdr 02:00:00:00:00:77 dev hlink1");
    all(
        &start,
        &[
            "ip neigh del 172.16.0.77 dev hlink1",
            "ip neigh replace 172.16.0.77 lladdr 02:00:00:00:00:78 dev hlink1",
            "ip link set hlink1 down",
            "ip link set hlink1 name cable",
            "ip link set hlink1 address 02:00:00:00:00:07",
        ],
    )
}

fn rules() -> anyhow::Result<()> {
    let filled = "
        iptables -A FORWARD -i hlink1 -j ACCEPT
        iptables -A FORWARD -p tcp --dport 80 -j DROP
        iptables -A FORWARD -i hlink1 -j ACCEPT
        iptables -t nat -A POSTROUTING -s 172.16.0.0/16 -j MASQUERADE
        iptables -N MINE
        iptables -A MINE -j RETURN
        iptables -A INPUT -p icmp -j MINE
        iptables -P FORWARD DROP";
    all(
        "",
        &[
            filled,
            "iptables -P INPUT DROP",
            "iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A INPUT -p udp ! --sport 53 -j REJECT",
            "iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.16.0.11:80; iptables -t nat -A POSTROUTING -o enp0s1 -j SNAT --to-source 192.168.64.3",
            "iptables -N A; iptables -N B; iptables -A A -j B; iptables -A B -j ACCEPT; iptables -A FORWARD -j A",
            "ip netns add x; ip netns exec x iptables -A INPUT -j ACCEPT",
        ],
    )?;
    all(
        filled,
        &[
            "iptables -F",
            "iptables -F; iptables -X; iptables -t nat -F",
            "iptables -D FORWARD 3",
            "iptables -D FORWARD 1",
            "iptables -I FORWARD 2 -p icmp -j ACCEPT",
            "iptables -I FORWARD -j DROP; iptables -A FORWARD -j ACCEPT",
            "iptables -D FORWARD -p tcp --dport 80 -j DROP; iptables -A FORWARD -p tcp --dport 80 -j DROP",
            "iptables -P FORWARD ACCEPT; iptables -D INPUT 1; iptables -F MINE; iptables -X MINE",
            "iptables -R FORWARD 2 -p tcp --dport 81 -j DROP",
            "nft flush ruleset",
            "nft delete table ip nat",
        ],
    )
}

fn settings() -> anyhow::Result<()> {
    all(
        NETWORK,
        &[
            "sysctl -w net.ipv4.ip_forward=1",
            "sysctl -w net.ipv4.conf.all.rp_filter=2",
            "sysctl -w net.ipv6.conf.all.forwarding=1",
            "ip netns exec app1 sysctl -w net.ipv4.ip_forward=1",
        ],
    )
}

fn spaces() -> anyhow::Result<()> {
    all(
        "",
        &[
            "ip netns add a",
            "ip netns add a; ip -n a link set lo up",
            NETWORK,
        ],
    )?;
    all(
        NETWORK,
        &[
            "ip netns del app1",
            "ip netns del app1; ip netns del app2",
            "ip netns del app2; ip netns add app3; ip link add x type veth peer name y netns app3",
            "ip netns del app1; ip netns add app1",
            "ip link del hlink1; ip netns del app1; ip netns add app1; ip link add hlink1 type veth peer name clink1 netns app1; ip link set hlink1 up",
        ],
    )
}

fn kinds() -> anyhow::Result<()> {
    let start = "ip link add v1 type veth peer name v2; ip link set v1 up; ip link set v2 up; ip addr add 10.0.0.9/24 dev v1";
    all(
        start,
        &[
            "ip link add m0 link v1 type macvlan mode bridge; ip link add m1 link v1 type macvlan mode private; ip link set m0 up",
            "ip netns add x; ip link add m0 link v1 type macvlan mode bridge; ip link set m0 netns x; ip -n x link set m0 up",
            "ip link add vx0 type vxlan id 5 remote 10.0.0.1 dstport 4789 dev v1; ip link set vx0 up",
            "ip link add vx1 type vxlan id 6 group 239.1.1.1 local 10.0.0.9 dev v1 nolearning dstport 0",
            "ip link add vx2 type vxlan id 7 remote 2001:db8::1 dstport 4790; ip link set vx2 mtu 1300",
            "ip link add br0 type bridge; ip link add vx0 type vxlan id 5 dstport 4789; ip link set vx0 master br0; ip link set v1 master br0",
        ],
    )?;
    let more = format!(
        "{start}; ip link add m0 link v1 type macvlan mode bridge; ip link add vx0 type vxlan id 5 dstport 4789 dev v1"
    );
    all(
        &more,
        &[
            "ip link del v1",
            "ip link del m0; ip link del vx0",
            "ip link set v1 down",
            "ip link set v1 mtu 1300",
        ],
    )
}
