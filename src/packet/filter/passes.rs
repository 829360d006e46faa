//! Does a frame pass?

use std::net::IpAddr;

use super::{Expr, Facts, Family, Join, Kind, Side, Term, Transport};
use crate::packet::number::{ethertype, proto};
use crate::packet::{Medium, Sighting};
use crate::world::Ns;

/// Where a frame was seen: its namespace's and its device's name.
#[derive(Clone, Copy)]
struct Place<'a> {
    ns: Option<&'a Ns>,
    dev: &'a str,
}

/// A question's answer, and what the words behind `and` are about.
struct Answer<'a> {
    holds: bool,
    about: Option<Facts<'a>>,
}

impl Expr {
    /// Is this frame wanted?
    pub fn passes(&self, seen: &Sighting) -> bool {
        let place = Place {
            ns: Some(&seen.ns),
            dev: &seen.dev,
        };
        let facts = Facts::of(seen.medium, &seen.bytes);
        self.ask(Some(facts), place).holds
    }

    /// Is a frame wanted of which these are the facts, wherever it was seen?
    pub fn holds(&self, facts: Facts<'_>) -> bool {
        let place = Place { ns: None, dev: "" };
        self.ask(Some(facts), place).holds
    }

    /// `about` is nothing behind the `vxlan and` of a frame that has none within.
    fn ask<'a>(&self, about: Option<Facts<'a>>, place: Place<'_>) -> Answer<'a> {
        match self {
            Self::Term(term) => term.ask(about, place),
            Self::Not(inner) => Answer {
                holds: !inner.ask(about, place).holds,
                about,
            },
            Self::Chain(first, rest) => {
                let mut so_far = first.ask(about, place);
                for (join, expr) in rest {
                    so_far = match join {
                        Join::And => {
                            let also = expr.ask(so_far.about, place);
                            Answer {
                                holds: so_far.holds && also.holds,
                                ..also
                            }
                        }
                        Join::Or => Answer {
                            holds: so_far.holds || expr.ask(about, place).holds,
                            about,
                        },
                    };
                }
                so_far
            }
        }
    }
}

impl Term {
    fn ask<'a>(&self, about: Option<Facts<'a>>, place: Place<'_>) -> Answer<'a> {
        if let Self::Vxlan(wanted) = self {
            let within = about.and_then(|facts| facts.within);
            let within = within.filter(|(vni, _)| wanted.is_none_or(|wanted| wanted == *vni));
            return Answer {
                holds: within.is_some(),
                about: within.map(|(_, inner)| Facts::of(Medium::Ethernet, inner)),
            };
        }
        Answer {
            holds: match self {
                Self::Dev(dev) => place.dev == dev,
                Self::Ns(ns) => place.ns == Some(ns),
                Self::Kind(_)
                | Self::Vxlan(_)
                | Self::Host(..)
                | Self::Net(..)
                | Self::Port(..)
                | Self::Ether(..) => about.is_some_and(|facts| facts.meet(self)),
            },
            about,
        }
    }
}

impl Facts<'_> {
    fn meet(&self, term: &Term) -> bool {
        match term {
            Term::Kind(kind) => self.are(*kind),
            Term::Host(family, side, addr) => {
                self.stand_in(*family) && side.holds(self.hosts, |host| host == addr)
            }
            Term::Net(family, side, net) => {
                let inside = |host: &IpAddr| net.contains(host);
                self.stand_in(*family) && side.holds(self.hosts, inside)
            }
            Term::Port(transport, side, ports) => {
                let carried = match transport {
                    None => true,
                    Some(Transport::Tcp) => self.proto == Some(proto::TCP),
                    Some(Transport::Udp) => self.proto == Some(proto::UDP),
                };
                carried && side.holds(self.ports, |port| (ports.from..=ports.to).contains(port))
            }
            Term::Ether(side, mac) => side.holds(self.macs, |known| known == mac),
            Term::Vxlan(_) | Term::Dev(_) | Term::Ns(_) => false,
        }
    }

    fn stand_in(&self, family: Option<Family>) -> bool {
        family.is_none_or(|family| self.are(family.into()))
    }

    fn are(&self, kind: Kind) -> bool {
        match kind {
            Kind::Arp => self.kind == Some(ethertype::ARP),
            Kind::Ip => self.kind == Some(ethertype::IPV4),
            Kind::Ip6 => self.kind == Some(ethertype::IPV6),
            Kind::Icmp => self.are(Kind::Ip) && self.proto == Some(proto::ICMP),
            Kind::Icmp6 => self.are(Kind::Ip6) && self.proto == Some(proto::ICMPV6),
            Kind::Tcp => self.proto == Some(proto::TCP),
            Kind::Udp => self.proto == Some(proto::UDP),
        }
    }
}

impl Side {
    /// Does it hold for the sender's, the receiver's, or both, if they are known?
    fn holds<T>(self, pair: Option<[T; 2]>, test: impl Fn(&T) -> bool) -> bool {
        pair.is_some_and(|[src, dst]| match self {
            Self::Either => test(&src) || test(&dst),
            Self::Src => test(&src),
            Self::Dst => test(&dst),
            Self::Both => test(&src) && test(&dst),
        })
    }
}
