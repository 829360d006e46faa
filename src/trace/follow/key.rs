//! What tells the packets of one conversation from others: addresses and ports, or the identifier
//! of an echo, through address translation.

use std::net::IpAddr;

use crate::packet::number::proto::{ICMP, ICMPV6, TCP};
use crate::packet::{Body, Ip};
use crate::trace::hop::Leg;
use crate::world::conntrack::{Flow, Tuple};
use crate::world::{Space, World};

/// One side of a conversation as its request carries it; a reply has it turned round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub proto: u8,
    /// Of the request.
    pub src: IpAddr,
    /// Of the request.
    pub dst: IpAddr,
    /// Source port of the request, or the identifier.
    pub sport: u16,
    /// Destination port of the request; 0 for an echo.
    pub dport: u16,
}

impl Key {
    /// The key of a packet taken for a request, or for a reply. Nothing where it can be neither.
    pub fn of(ip: &Ip, leg: Leg) -> Option<Self> {
        let replied = leg == Leg::Reply;
        let (proto, sport, dport) = match &ip.body {
            Body::Echo { reply, id, .. } if *reply == replied => (ip.proto, *id, 0),
            Body::Tcp(tcp) if replied => (TCP, tcp.dst, tcp.src),
            Body::Tcp(tcp) => (TCP, tcp.src, tcp.dst),
            Body::Echo { .. }
            | Body::Error(_)
            | Body::Solicit { .. }
            | Body::Advert { .. }
            | Body::Icmp { .. }
            | Body::Udp { .. }
            | Body::Other
            | Body::Cut => return None,
        };
        let (src, dst) = if replied {
            (ip.dst, ip.src)
        } else {
            (ip.src, ip.dst)
        };
        Some(Self {
            proto,
            src,
            dst,
            sport,
            dport,
        })
    }

    /// The addresses of a packet of this conversation: source and destination.
    pub fn ends(&self, leg: Leg) -> (IpAddr, IpAddr) {
        match leg {
            Leg::Request | Leg::Ask => (self.src, self.dst),
            Leg::Reply | Leg::Error => (self.dst, self.src),
        }
    }
}

/// The keys of a flow: as its first packet comes in, and as it goes out.
pub(super) fn keys(flow: &Flow) -> (Key, Key) {
    let (Tuple { src, dst, .. }, reply) = (flow.original, flow.reply);
    let echo = matches!(flow.proto, ICMP | ICMPV6);
    let before = Key {
        proto: flow.proto,
        src,
        dst,
        sport: flow.original.src_port,
        dport: if echo { 0 } else { flow.original.dst_port },
    };
    let after = Key {
        proto: flow.proto,
        src: reply.dst,
        dst: reply.src,
        sport: if echo { reply.src_port } else { reply.dst_port },
        dport: if echo { 0 } else { reply.src_port },
    };
    (before, after)
}

/// The key that `key` has once it has passed this namespace's address translation.
pub(super) fn translated(space: &Space, key: Key, leg: Leg) -> Option<Key> {
    let found = space.flows.iter().map(keys).find_map(|(before, after)| {
        let (from, to) = match leg {
            Leg::Request | Leg::Ask => (before, after),
            Leg::Reply | Leg::Error => (after, before),
        };
        (from == key).then_some(to)
    });
    found.filter(|to| *to != key)
}

/// Every key that a conversation has anywhere, beginning with `first`.
pub(super) fn closure(world: &World, first: Key) -> Vec<Key> {
    let mut known = vec![first];
    let flows = world.spaces.values().flat_map(|space| &space.flows);
    let pairs: Vec<(Key, Key)> = flows.map(keys).filter(|(a, b)| a != b).collect();
    let mut next = 0;
    while let Some(key) = known.get(next).copied() {
        next += 1;
        for (before, after) in &pairs {
            for (from, to) in [(before, after), (after, before)] {
                if *from == key && !known.contains(to) {
                    known.push(*to);
                }
            }
        }
    }
    known
}
