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
