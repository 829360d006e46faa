//! Mistakes that teach something about one step, and what is said to them.

/// Lines that are no part of the lesson.
pub struct Detour {
    /// The lesson.
    pub lesson: &'static str,
    /// Its step, from 1.
    pub step: usize,
    /// They come before this line of the lesson, from 0; [`AFTER`] them all.
    pub before: usize,
    /// Do they stand for all of the lesson's own lines?
    pub instead: bool,
    /// Each with what the screen says to it.
    pub lines: &'static [(&'static str, &'static str)],
}

/// Behind the last line of the step.
const AFTER: usize = usize::MAX;

/// A detour, after which the lesson's own lines go on.
const fn detour(
    lesson: &'static str,
    step: usize,
    before: usize,
    lines: &'static [(&'static str, &'static str)],
) -> Detour {
    Detour {
        lesson,
        step,
        before,
        instead: false,
        lines,
    }
}

/// Another way through a step.
const fn instead(
    lesson: &'static str,
    step: usize,
    lines: &'static [(&'static str, &'static str)],
) -> Detour {
    Detour {
        instead: true,
        ..detour(lesson, step, 0, lines)
    }
}

/// All of them.
pub const TABLE: &[Detour] = &[
    detour(
        "stack",
        9,
        0,
        &[
            (
                "iptables --new-chain my-new-rul",
                "there is no chain my-new-rule of filter in host; found INPUT, FORWARD, OUTPUT, my-new-rul",
            ),
            ("iptables -N INPUT", "The chain INPUT is there already"),
        ],
    ),
    detour(
        "netns",
        1,
        0,
        &[
            ("ip netns add app2", "there is no namespace app1"),
            (
                "ip link set lo1 up",
                "Nothing is called lo1. Did you mean lo?",
            ),
        ],
    ),
    instead(
        "netns",
        5,
        &[
            ("ip addr add 127.0.0.2 dev lo", "found down, wanted up"),
            ("exit", ""),
            ("sudo ip -netns app1 link set dev lo up", ""),
        ],
    ),
    detour(
        "veth",
        1,
        0,
        &[
            (
                "ip link add hlink1 type veth peer name clink2",
                "found its other end clink2 in host, wanted clink1 in host",
            ),
            ("ip link add hlink1 type veth peer name clink1", "hlink1"),
            ("ip link del clink2", ""),
        ],
    ),
    instead(
        "veth",
        4,
        &[
            (
                "ip addr add 172.16.0.10/24 dev hlink1",
                "found 172.16.0.10/24 on hlink1, wanted 172.16.0.10/16 on hlink1",
            ),
            ("ip link set hlink1 up", ""),
            ("ip addr add 172.16.0.10/16 dev hlink1", ""),
            ("ip addr del 172.16.0.10/24 dev hlink1", ""),
        ],
    ),
    detour(
        "subnet",
        1,
        8,
        &[(
            "ip addr add 172.16.0.21 dev clink2",
            "Without a prefix length it became 172.16.0.21/32",
        )],
    ),
    detour(
        "bridge",
        1,
        7,
        &[
            (
                "ip addr add 172.16.0.30/24 dev clink3",
                "found 172.16.0.30/24 on clink3, wanted 172.16.0.30/16 on clink3",
            ),
            (
                "ip addr del 172.16.0.30/24 dev clink3",
                "found nothing, wanted 172.16.0.30/16",
            ),
        ],
    ),
    instead(
        "bridge",
        2,
        &[
            (
                "ip link add hlink4 up type veth peer name clink4",
                "there is no namespace app4",
            ),
            ("ip netns add app4", ""),
            (
                "ip -n app4 addr add 172.16.0.40/16 dev clink4",
                "clink4 is in host",
            ),
            (
                "ip link set clink4 netns app4",
                "found down, has no carrier, wanted up, has a carrier",
            ),
            (
                "ip netns exec app4 ip addr add 172.16.0.40/16 dev clink4",
                "",
            ),
            ("ip -n app4 link set clink4 up", ""),
        ],
    ),
    detour(
        "bridge",
        4,
        0,
        &[
            (
                "ip link set hlink3 master br1",
                "No namespace has a device br1",
            ),
            ("ip link add br0 type bridge", "found down, wanted up"),
            ("ip link set hlink4 master br0", ""),
        ],
    ),
    detour(
        "bridge",
        4,
        AFTER,
        &[
            ("ip link set br0 down", "found down, wanted up"),
            ("ip link set br0 up", ""),
        ],
    ),
    detour(
        "gateway",
        2,
        0,
        &[
            (
                "ip addr add 172.16.0.1 dev br0",
                "found 172.16.0.1/32 on br0, wanted 172.16.0.1/16 on br0",
            ),
            ("ip addr del 172.16.0.1/32 dev br0", ""),
            (
                "ip addr add 172.16.0.1/16 dev hlink3",
                "found 172.16.0.1/16 on hlink3, wanted 172.16.0.1/16 on br0",
            ),
            ("ip addr del 172.16.0.1/16 dev hlink3", ""),
        ],
    ),
    detour(
        "gateway",
        4,
        0,
        &[
            (
                "nsenter --net=/run/netns/app3 ip route add default via 192.168.64.1",
                "A router must be reachable directly, and app3 has no network with 192.168.64.1 in it",
            ),
            (
                "ip -n app3 route add default via 172.16.0.10",
                "found via 172.16.0.10, wanted via 172.16.0.1",
            ),
            ("ip -n app3 route del default", ""),
        ],
    ),
    detour(
        "nat",
        2,
        0,
        &[(
            "sysctl -w net.ipv4.ip_forwards=1",
            "There is no setting net.ipv4.ip_forwards. Did you mean net.ipv4.ip_forward?",
        )],
    ),
    detour(
        "nat",
        4,
        0,
        &[
            (
                "iptables -t nat -A POSTROUTNG -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
                "There is no chain POSTROUTNG. Did you mean POSTROUTING?",
            ),
            (
                "iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE",
                "found -s 172.17.0.0/16, wanted -s 172.16.0.0/16",
            ),
        ],
    ),
    detour(
        "nat",
        7,
        0,
        &[
            (
                "iptables -A FORWARD -i br1 -j ACCEPT",
                "found -i br1, wanted -i br0",
            ),
            (
                "iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "",
            ),
        ],
    ),
];
