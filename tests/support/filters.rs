//! Filters of every kind, made up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use tutor::packet::filter::{Expr, Family, Join, Kind, Ports, Side, Term, Transport};
use tutor::world::Ns;
use tutor::world::link::Mac;

/// In the words of tcpdump.
pub fn tcpdump() -> BoxedStrategy<Expr> {
    expression(term())
}

/// In the words of the pane.
#[allow(dead_code, reason = "not everybody who makes filters makes these")]
pub fn pane() -> BoxedStrategy<Expr> {
    let name = || "[a-z(!'&][ !#-.0-~]{0,8}";
    let more = prop_oneof![
        of(0..1_u32 << 24).prop_map(Term::Vxlan),
        name().prop_map(Term::Dev),
        name().prop_map(|name| Term::Ns(Ns::from_name(&name))),
    ];
    expression(prop_oneof![3 => term(), 1 => more].boxed())
}

fn expression(term: BoxedStrategy<Term>) -> BoxedStrategy<Expr> {
    let join = prop_oneof![Just(Join::And), Just(Join::Or)];
    let chained = move |inner: BoxedStrategy<Expr>| {
        prop_oneof![
            inner.clone().prop_map(|expr| !expr),
            (inner.clone(), join.clone(), inner)
                .prop_map(|(first, join, second)| first.join(join, second)),
        ]
    };
    term.prop_map(Expr::Term)
        .prop_recursive(5, 12, 2, chained)
        .boxed()
}

fn term() -> BoxedStrategy<Term> {
    let kind = select(
        &[
            Kind::Arp,
            Kind::Ip,
            Kind::Ip6,
            Kind::Icmp,
            Kind::Icmp6,
            Kind::Tcp,
            Kind::Udp,
        ][..],
    );
    let transport = || of(select(&[Transport::Tcp, Transport::Udp][..]));
    let ports = (any::<u16>(), any::<u16>()).prop_map(|(one, other)| Ports {
        from: one.min(other),
        to: one.max(other),
    });
    prop_oneof![
        kind.prop_map(Term::Kind),
        (address(), any::<bool>(), side())
            .prop_map(|(addr, told, side)| { Term::Host(family(addr, told), side, addr) }),
        (address(), 0..=32_u8, any::<bool>(), side()).prop_map(|(addr, bits, told, side)| {
            let net = IpNet::new(addr, bits).expect("no more than an address has");
            Term::Net(family(addr, told), side, net.trunc())
        }),
        (transport(), side(), any::<u16>()).prop_map(|(transport, side, port)| Term::Port(
            transport,
            side,
            Ports::one(port)
        )),
        (transport(), side(), ports)
            .prop_map(|(transport, side, ports)| Term::Port(transport, side, ports)),
        (side(), any::<[u8; 6]>()).prop_map(|(side, mac)| Term::Ether(side, Mac(mac))),
    ]
    .boxed()
}

fn side() -> impl Strategy<Value = Side> {
    select(&[Side::Either, Side::Src, Side::Dst, Side::Both][..])
}

/// Addresses near each other, so that they are met.
fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        (0..4_u8).prop_map(|last| Ipv4Addr::new(10, 0, 0, last).into()),
        any::<[u8; 4]>().prop_map(|bytes| Ipv4Addr::from(bytes).into()),
        any::<[u8; 16]>().prop_map(|bytes| Ipv6Addr::from(bytes).into()),
    ]
}

fn family(addr: IpAddr, told: bool) -> Option<Family> {
    let family = if addr.is_ipv4() {
        Family::Ip
    } else {
        Family::Ip6
    };
    told.then_some(family)
}
