//! A packet thought along its way, from namespace to namespace, up to the first thing that stops it.
//!
//! The tables say where it goes; what was seen overrules them: where the packet was seen to have
//! passed, nothing that the tables tell can have stopped it.

use std::net::IpAddr;

use super::fib::{Wanted, Way, leaves_by};
use super::filtered::Passage;
use super::packet::{Packet, Rewritten};
use super::rules::Hook;
use super::scene::Scene;
use crate::trace::Diagnosis;
use crate::world::Ns;
use crate::world::cable::End;
use crate::world::route::Route;

/// More namespaces than this no packet passes without going round in a circle.
const FARTHEST: usize = 64;

/// A namespace that sent the packet on.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub ns: Ns,
    /// Where it came in; nothing where it was made.
    pub iif: Option<End>,
    pub route: &'a Route,
    pub out: End,
    /// The address whose hardware address is asked for.
    pub next: IpAddr,
    /// As it left.
    pub packet: Packet,
}

/// A packet that is where it was to go.
#[derive(Clone, Debug)]
pub(super) struct Arrival<'a> {
    pub ns: Ns,
    /// As it came.
    pub packet: Packet,
    /// What was rewritten on its way.
    pub rewritten: Vec<Rewritten>,
    pub nodes: Vec<Node<'a>>,
}

/// Something that looks wrong, and lets a packet pass.
pub(super) struct Suspicion {
    pub found: Diagnosis,
    /// Is it the cause of whatever goes wrong later? Or only of what may come of being led astray?
    pub of_all: bool,
}

/// A packet under way.
pub(super) struct Walk<'a> {
    pub scene: &'a Scene<'a>,
    pub packet: Packet,
    pub ns: Ns,
    pub iif: Option<End>,
    pub nodes: Vec<Node<'a>>,
    /// Of an answer: the namespaces that sent the request on.
    pub there: Vec<Node<'a>>,
    /// What the request's way has rewritten, or, for the request, has so far.
    pub rewritten: Vec<Rewritten>,
    /// It is known to have arrived: nothing on its way can have stopped it.
    pub arrives: bool,
    /// What looked wrong before, without stopping it there and then.
    pub suspicion: Option<Suspicion>,
    /// Tunnels around it.
    pub depth: usize,
}

impl<'a> Walk<'a> {
    /// From `ns`, which makes the packet.
    pub fn new(scene: &'a Scene<'a>, ns: Ns, packet: Packet, rewritten: Vec<Rewritten>) -> Self {
        Self {
            scene,
            packet,
            ns,
            iif: None,
            nodes: Vec::new(),
            there: Vec::new(),
            rewritten,
            arrives: false,
            suspicion: None,
            depth: 0,
        }
    }

    /// To its end, or to what stops it.
    pub fn run(mut self) -> Result<Arrival<'a>, Diagnosis> {
        for _ in 0..FARTHEST {
            if self.round_again() {
                return Err(self.in_a_circle());
            }
            match self.step() {
                Ok(false) => {}
                Ok(true) => {
                    return Ok(Arrival {
                        ns: self.ns,
                        packet: self.packet,
                        rewritten: self.rewritten,
                        nodes: self.nodes,
                    });
                }
                Err(found) => {
                    let found = self.rather_the_earlier(found);
                    return Err(self.with_its_rule(found));
                }
            }
        }
        Err(self.in_a_circle())
    }

    /// What goes wrong at a place is wrong there, unless it stands to reason that something before
    /// it led the packet there.
    fn rather_the_earlier(&mut self, found: Diagnosis) -> Diagnosis {
        match self.suspicion.take() {
            Some(earlier) if earlier.of_all || found.cause.may_follow() => earlier.found,
            Some(_) | None => found,
        }
    }

    /// Something looks wrong; the first such thing is remembered.
    pub fn suspect(&mut self, found: Option<Diagnosis>, of_all: bool) {
        if self.suspicion.is_none() {
            self.suspicion = found.map(|found| Suspicion { found, of_all });
        }
    }

    /// Through one namespace; says whether it has arrived there.
    fn step(&mut self) -> Result<bool, Diagnosis> {
        let arrived = self.packet.clone();
        if self.iif.is_some() {
            self.come_in()?;
        }
        self.new_receiver();
        let way = self.scene.way(&self.ns, self.wanted());
        if let Some(iif) = self.iif.clone() {
            self.passes_reverse_path(&iif)?;
        }
        let route = match way {
            Way::Here => {
                if let Some(found) = self.loopback_down() {
                    return Err(found);
                }
                self.passes(Passage::of(Hook::Input, self.iif.as_ref(), None))?;
                return Ok(true);
            }
            Way::On(route) => route,
            Way::Refused(route) => return Err(self.refused_by_route(route)),
            Way::Forbidden(rule) => return Err(self.forbidden(rule)),
            Way::None => return Err(self.no_route()),
        };
        let Some(out) = leaves_by(&self.ns, route) else {
            return Err(self.no_route());
        };
        if self.packet.src.is_none() {
            self.packet.src = self.own_address(route, &out);
        }
        self.goes_right(route, &out)?;
        if let Some(iif) = &self.iif {
            self.forwards(iif)?;
        }
        let hook = if self.iif.is_some() {
            Hook::Forward
        } else {
            Hook::Output
        };
        self.passes(Passage::of(hook, self.iif.as_ref(), Some(&out)))?;
        self.new_sender(&arrived, &out);
        let node = Node {
            ns: self.ns.clone(),
            iif: self.iif.clone(),
            route,
            next: route.via.unwrap_or(self.packet.dst),
            out,
            packet: self.packet.clone(),
        };
        self.fits(&node.out)?;
        self.nodes.push(node.clone());
        let came_in = self.cross(&node)?;
        self.ns = came_in.ns.clone();
        self.iif = Some(came_in);
        Ok(false)
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            to: self.packet.dst,
            from: self.packet.src,
            iif: self.iif_name(),
        }
    }

    fn iif_name(&self) -> Option<&'a str> {
        let iif = self.iif.as_ref()?;
        Some(self.scene.link(iif)?.name.as_str())
    }

    /// Chains that see it before its way is chosen; and the receiver that the request had as its
    /// sender is put back in the answer.
    fn come_in(&mut self) -> Result<(), Diagnosis> {
        self.passes(Passage::of(Hook::Prerouting, self.iif.as_ref(), None))?;
        if self.is_answer() {
            let here = self.rewritten.iter().filter(|it| it.ns == self.ns);
            here.for_each(|it| it.put_back_receiver(&mut self.packet));
        }
        Ok(())
    }

    fn new_receiver(&mut self) {
        if self.is_answer() {
            return;
        }
        let hook = if self.iif.is_some() {
            Hook::Prerouting
        } else {
            Hook::Output
        };
        let iif = self.iif_name();
        let new = self.scene.new_receiver(&self.ns, hook, &self.packet, iif);
        if let Some(new) = new {
            self.rewritten.push(Rewritten {
                ns: self.ns.clone(),
                src: None,
                dst: Some((self.packet.dst, new.addr)),
                port: self.packet.dport.map(|old| (old, new.port.unwrap_or(old))),
                rule: new.rule,
            });
            self.packet.dst = new.addr;
            self.packet.dport = self.packet.dport.map(|old| new.port.unwrap_or(old));
        }
    }

    fn new_sender(&mut self, arrived: &Packet, out: &End) {
        if self.is_answer() {
            let here = self.rewritten.iter().filter(|it| it.ns == self.ns);
            here.for_each(|it| it.put_back_sender(&mut self.packet));
            return;
        }
        let iif = self.iif_name();
        let arrived = Packet {
            src: arrived.src.or(self.packet.src),
            ..arrived.clone()
        };
        let new = (self.scene).new_sender(&self.ns, &self.packet, &arrived, iif, out);
        if let Some(new) = new {
            let old = self.packet.src.unwrap_or(new);
            self.rewritten.push(Rewritten {
                ns: self.ns.clone(),
                src: Some((old, new)),
                dst: None,
                port: None,
                rule: None,
            });
            self.packet.src = Some(new);
        }
    }

    /// The address that the sender's kernel chooses (RFC 6724, for IPv4 the first that is in the
    /// next hop's network).
    fn own_address(&self, route: &Route, out: &End) -> Option<IpAddr> {
        let next = route.via.unwrap_or(self.packet.dst);
        let addrs = self.scene.addrs(out, next);
        let near = addrs.iter().find(|addr| addr.net.contains(&next));
        let there = near.or(addrs.first()).map(|addr| addr.net.addr());
        let anywhere = || {
            let devices = self.scene.devices(&self.ns);
            let mut addrs = devices.iter().flat_map(|end| self.scene.addrs(end, next));
            addrs.next().map(|addr| addr.net.addr())
        };
        route.src.or(there).or_else(anywhere)
    }

    pub fn is_answer(&self) -> bool {
        self.packet.is_answer()
    }

    /// Was the packet seen to leave this namespace, or is it known to have arrived?
    pub fn has_left(&self) -> bool {
        self.arrives || self.scene.trail.left(self.packet.leg, &self.ns)
    }

    fn round_again(&self) -> bool {
        let here = (self.nodes.iter())
            .filter(|node| node.ns == self.ns && node.iif == self.iif && self.iif.is_some());
        here.count() > 1
    }

    /// The device that this namespace would send it by.
    pub fn way_out(&self) -> Option<End> {
        match self.scene.way(&self.ns, self.wanted()) {
            Way::On(route) => leaves_by(&self.ns, route),
            Way::Here | Way::Refused(_) | Way::Forbidden(_) | Way::None => None,
        }
    }
}
