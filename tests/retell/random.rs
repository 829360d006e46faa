//! Sequences that nobody would write.

use crate::frame::Case;
use crate::scripts::NETWORK;
use crate::twice::same_tables;

pub const CASES: &[Case] = &crate::cases![random_sequences];

/// Sequences tried, and commands of each.
const SEQUENCES: u64 = 14;
const LENGTH: usize = 7;

const LINES: &[&str] = &[
    "ip link set hlink1 down",
    "ip link set hlink1 up",
    "ip link set hlink2 down",
    "ip link set hlink2 up",
    "ip -n app1 link set clink1 down",
    "ip -n app1 link set clink1 up",
    "ip -n app1 link set lo down",
    "ip link set hlink1 name cable",
    "ip link set cable name hlink1",
    "ip link add br0 type bridge",
    "ip link set br0 up",
    "ip link del br0",
    "ip link set hlink1 master br0",
    "ip link set hlink2 master br0",
    "ip link set hlink1 nomaster",
    "ip link set hlink1 mtu 1400",
    "ip link set hlink2 netns app1",
    "ip -n app1 link set hlink2 netns 1",
    "ip link add w1 type veth peer name w2",
    "ip link set w1 up",
    "ip link set w2 netns app2",
    "ip link del w1",
    "ip netns del app2",
    "ip netns add app3",
    "ip addr add 172.16.0.20/16 dev hlink1",
    "ip addr add 172.16.0.12/16 dev hlink2",
    "ip addr del 172.16.0.10/16 dev hlink1",
    "ip addr add 10.1.0.1/24 dev hlink2",
    "ip addr add 10.1.0.1/24 dev br0",
    "ip addr flush dev hlink1",
    "ip -n app1 addr add 10.1.0.2/24 dev clink1",
    "ip addr add 2001:db8::1/64 nodad dev hlink1",
    "ip addr add 2001:db8::2/64 nodad dev br0",
    "ip -6 route add 2001:db8:9::/48 via 2001:db8::9",
    "ip route add 10.2.0.0/16 via 172.16.0.11",
    "ip route add 10.3.0.0/16 dev hlink2",
    "ip route replace 10.2.0.0/16 dev hlink1",
    "ip route del 10.2.0.0/16",
    "ip -n app1 route del default",
    "ip -n app1 route add default via 172.16.0.20",
    "ip neigh replace 172.16.0.77 lladdr 02:00:00:00:00:77 dev hlink1",
    "ip neigh del 172.16.0.77 dev hlink1",
    "iptables -A FORWARD -i hlink1 -j ACCEPT",
    "iptables -I FORWARD -p icmp -j DROP",
    "iptables -D FORWARD 1",
    "iptables -P FORWARD DROP",
    "iptables -N MINE",
    "iptables -A INPUT -j MINE",
    "iptables -F",
    "iptables -t nat -A POSTROUTING -o hlink1 -j MASQUERADE",
    "sysctl -qw net.ipv4.ip_forward=1",
    "sysctl -qw net.ipv4.ip_forward=0",
];

/// What follows each: what the kernel refuses changes nothing, and the rest goes on.
const REFUSED: &str = " 2>/dev/null || true\n";

/// Numbers without a pattern, the same each time (Numerical Recipes' linear congruential generator).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(self.0 >> 16).unwrap_or(0) % sides
    }
}

fn random_sequences() -> anyhow::Result<()> {
    for seed in 1..=SEQUENCES {
        let mut dice = Dice(seed * 7919);
        let mut script = |length: usize| -> String {
            let lines = (0..length).map(|_| LINES[dice.throw(LINES.len())]);
            lines.flat_map(|line| [line, REFUSED]).collect()
        };
        let (more, change) = (script(LENGTH / 2), script(LENGTH));
        same_tables(&format!("{NETWORK}\n{more}"), &change)
            .map_err(|error| error.context(format!("seed {seed}, after\n{more}")))?;
    }
    Ok(())
}
