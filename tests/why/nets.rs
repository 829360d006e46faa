//! Networks that work.

/// The network of the lesson `nat`: two containers on a bridge, the host their router, which hides
/// them behind its own address.
pub const NAT: &[&str] = &[
    "ip link add br0 type bridge",
    "ip link set br0 up",
    "ip addr add 172.16.0.1/16 dev br0",
    "ip netns add app3",
    "ip link add hlink3 type veth peer name clink3",
    "ip link set hlink3 master br0 up",
    "ip link set clink3 netns app3",
    "ip -n app3 link set lo up",
    "ip -n app3 link set clink3 up",
    "ip -n app3 addr add 172.16.0.30/16 dev clink3",
    "ip -n app3 route add default via 172.16.0.1",
    "ip netns add app4",
    "ip link add hlink4 type veth peer name clink4",
    "ip link set hlink4 master br0 up",
    "ip link set clink4 netns app4",
    "ip -n app4 link set lo up",
    "ip -n app4 link set clink4 up",
    "ip -n app4 addr add 172.16.0.40/16 dev clink4",
    "ip -n app4 route add default via 172.16.0.1",
    "sysctl -w net.ipv4.ip_forward=1",
    "iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
    "iptables -P FORWARD DROP",
    "iptables -A FORWARD -i br0 -j ACCEPT",
    "iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
];

/// Three namespaces in a row: `left`, `mid`, a router, and `right`.
pub const ROW: &[&str] = &[
    "ip netns add left",
    "ip netns add mid",
    "ip netns add right",
    "ip link add l0 type veth peer name m0",
    "ip link add r0 type veth peer name m1",
    "ip link set l0 netns left",
    "ip link set m0 netns mid",
    "ip link set m1 netns mid",
    "ip link set r0 netns right",
    "ip -n left link set l0 up",
    "ip -n mid link set m0 up",
    "ip -n mid link set m1 up",
    "ip -n right link set r0 up",
    "ip -n left addr add 10.1.0.2/24 dev l0",
    "ip -n mid addr add 10.1.0.1/24 dev m0",
    "ip -n mid addr add 10.2.0.1/24 dev m1",
    "ip -n right addr add 10.2.0.2/24 dev r0",
    "ip -n left route add default via 10.1.0.1",
    "ip -n right route add default via 10.2.0.1",
    "ip netns exec mid sysctl -w net.ipv4.ip_forward=1",
];

/// Three containers on a bridge that has its hardware address from `ha`, the lowest of its ports.
pub const SWITCH: &[&str] = &[
    "ip link add br0 type bridge",
    "ip link set br0 up",
    "ip addr add 10.0.0.1/24 dev br0",
    "ip netns add a",
    "ip netns add b",
    "ip netns add c",
    "ip link add ha address 02:00:00:00:00:0a type veth peer name ea netns a",
    "ip link add hb address 02:00:00:00:00:0b type veth peer name eb netns b",
    "ip link add hc address 02:00:00:00:00:0c type veth peer name ec netns c",
    "ip link set ha master br0 up",
    "ip link set hb master br0 up",
    "ip link set hc master br0 up",
    "ip -n a link set ea up",
    "ip -n b link set eb up",
    "ip -n c link set ec up",
    "ip -n a addr add 10.0.0.2/24 dev ea",
    "ip -n b addr add 10.0.0.3/24 dev eb",
    "ip -n c addr add 10.0.0.4/24 dev ec",
];

/// The same row of three by IPv6. Who forwards asks for a neighbour with its link-local address,
/// which is not used before it is known to be unique; here that is taken for granted.
pub fn row6() -> Vec<&'static str> {
    let (spaces, rest) = ROW.split_at(3);
    let unique = [
        "ip netns exec left sysctl -w net.ipv6.conf.default.accept_dad=0",
        "ip netns exec mid sysctl -w net.ipv6.conf.default.accept_dad=0",
    ];
    [spaces, &unique, rest, ROW6].concat()
}

/// What the row has by IPv6.
const ROW6: &[&str] = &[
    "ip -n left addr add fd00:1::2/64 dev l0 nodad",
    "ip -n mid addr add fd00:1::1/64 dev m0 nodad",
    "ip -n mid addr add fd00:2::1/64 dev m1 nodad",
    "ip -n right addr add fd00:2::2/64 dev r0 nodad",
    "ip -n left route add default via fd00:1::1",
    "ip -n right route add default via fd00:2::1",
    "ip netns exec mid sysctl -w net.ipv6.conf.all.forwarding=1",
    // The kernel joins the group of an address that is asked for after it has been added, in its own
    // time: one question may get lost.
    "ip netns exec left ping -c 1 -W 4 fd00:2::2",
];

/// A VXLAN tunnel between the two outer ones of that row; at either end a container on a bridge.
pub const TUNNEL: &[&str] = &[
    "ip -n left link add vx0 type vxlan id 7 remote 10.2.0.2 dstport 4789",
    "ip -n left addr add 192.168.9.1/24 dev vx0",
    "ip -n left link set vx0 up",
    "ip -n right link add vx0 type vxlan id 7 remote 10.1.0.2 dstport 4789",
    "ip -n right addr add 192.168.9.2/24 dev vx0",
    "ip -n right link set vx0 up",
];
