//! Going along the way, and saying between the sightings what was decided.

mod conclude;
mod leave;
mod say;

use std::net::IpAddr;

use super::filter::{self, FORWARD, INPUT, OUTPUT, POSTROUTING, PREROUTING, Passing};
use super::ground;
use super::key::{self, Key};
use super::ledger::Ledger;
use super::pick::Picked;
use super::sight::Sight;
use super::visit::{Visit, visits};
use crate::packet::number::proto;
use crate::trace::hop::{Decision, Hop, Leg};
use crate::trace::{Evidence, NextHop, Query};
use crate::world::{Ns, Space};

/// The way, as far as the answers in `ledger` tell it.
pub(super) fn walk(evidence: &Evidence, picked: &Picked, ledger: &Ledger) -> Vec<Hop> {
    let mut walk = Walk {
        evidence,
        picked,
        ledger,
        leg: Leg::Request,
        hops: Vec::new(),
    };
    let question = &evidence.question;
    let delivered = walk.go(&picked.request, &question.from, picked.key);
    walk.leg = Leg::Reply;
    match (delivered, picked.reply.first()) {
        (Some((ns, key)), _) => _ = walk.go(&picked.reply, ns, Some(key)),
        (None, Some(first)) => _ = walk.go(&picked.reply, first.ns(), None),
        (None, None) => {}
    }
    walk.leg = Leg::Error;
    for sight in &picked.errors {
        walk.see(sight);
    }
    walk.hops
}

/// A packet on its way.
struct Walk<'w> {
    evidence: &'w Evidence,
    picked: &'w Picked<'w>,
    ledger: &'w Ledger<'w>,
    leg: Leg,
    hops: Vec<Hop>,
}

/// A packet within a namespace.
#[derive(Clone, Copy)]
struct Inside<'w> {
    ns: &'w Ns,
    space: &'w Space,
    /// The device that it came in by.
    iif: Option<&'w str>,
    /// What it carries, before this namespace rewrites anything.
    key: Key,
}

impl<'w> Walk<'w> {
    /// Goes along one leg, which begins in `from`; where it was delivered, and what it carried then.
    fn go(
        &mut self,
        sights: &'w [Sight<'w>],
        from: &'w Ns,
        key: Option<Key>,
    ) -> Option<(&'w Ns, Key)> {
        let visits = visits(sights);
        let first = visits.first().copied().unwrap_or(Visit {
            ns: from,
            ins: &[],
            outs: &[],
        });
        let mut delivered = None;
        if first.ins.is_empty() {
            delivered = self.depart(first, key);
        }
        for visit in visits.iter().filter(|visit| !visit.ins.is_empty()) {
            delivered = self.arrive(*visit);
        }
        delivered
    }

    /// It is sent here.
    fn depart(&mut self, visit: Visit<'w, 'w>, key: Option<Key>) -> Option<(&'w Ns, Key)> {
        let seen = visit.outs.first().and_then(|out| self.key(out));
        // Nothing was seen: what it is to carry is known as far as the question says it.
        let to = match (self.leg, key) {
            (Leg::Reply, Some(key)) => key.src,
            (Leg::Reply, None) => seen?.ends(Leg::Reply).1,
            (Leg::Request | Leg::Error | Leg::Ask, _) => self.evidence.question.to,
        };
        let from = match self.leg {
            Leg::Reply => key.or(seen).map(|key| key.dst),
            Leg::Request | Leg::Error | Leg::Ask => None,
        };
        let query = Query {
            ns: visit.ns.clone(),
            to,
            from,
            iif: None,
        };
        let space = ground::space(&self.evidence.after, visit.ns);
        let next = match self.ledger.ask(query)? {
            Ok(next) => next,
            Err(no) => {
                if visit.outs.is_empty() {
                    self.decide(
                        visit.ns,
                        None,
                        Decision::NoRoute {
                            text: no.text.clone(),
                        },
                    );
                }
                self.see_all(visit.outs);
                return None;
            }
        };
        let unsure = Key {
            proto: if to.is_ipv4() {
                proto::ICMP
            } else {
                proto::ICMPV6
            },
            src: next.src.unwrap_or(to),
            dst: to,
            sport: 0,
            dport: 0,
        };
        let inside = Inside {
            ns: visit.ns,
            space,
            iif: None,
            key: seen.or(key).unwrap_or(unsure),
        };
        if next.dev == "lo" {
            self.route(inside, to, next);
            self.see_all(visit.outs);
            self.decide(visit.ns, None, Decision::Delivered);
            return Some((visit.ns, inside.key));
        }
        // A reply that was never seen may never have been sent.
        let sure = !visit.outs.is_empty() || self.leg == Leg::Request;
        self.leave(inside, visit.outs, (to, next), &[OUTPUT, POSTROUTING], sure);
        None
    }

    /// It comes in here.
    fn arrive(&mut self, visit: Visit<'w, 'w>) -> Option<(&'w Ns, Key)> {
        self.see_all(visit.ins);
        let last = visit.ins.last()?;
        let space = ground::space(&self.evidence.after, visit.ns);
        let key = self.key(last)?;
        let inside = Inside {
            ns: visit.ns,
            space,
            iif: Some(&last.seen.dev),
            key,
        };
        if ground::bridge_of(space, last.seen.index).is_some() {
            self.cross(inside, last, visit.outs);
            return None;
        }
        if last.tunnel.is_some() {
            // Still within another packet, on whose way this namespace stands.
            self.see_all(visit.outs);
            return None;
        }
        if last.is_for_another() {
            let mac = last.ether.map(|ether| ether.dst.to_string());
            let mac = mac.unwrap_or_default();
            self.decide(visit.ns, Some(&last.seen.dev), Decision::NotTaken { mac });
            return None;
        }
        let translated = key::translated(space, key, self.leg);
        let (src, dst) = key.ends(self.leg);
        let to = translated.map_or(dst, |key| key.ends(self.leg).1);
        if to != dst {
            let nat = Decision::DestinationNat { from: dst, to };
            self.decide(visit.ns, inside.iif, nat);
        }
        let query = Query {
            ns: visit.ns.clone(),
            to,
            from: Some(src),
            iif: Some(last.seen.dev.clone()),
        };
        let next = match self.ledger.ask(query)? {
            Ok(next) => next,
            Err(no) => {
                if visit.outs.is_empty() {
                    let why = conclude::refused(space, &last.seen.dev, src, to, no);
                    self.decide(visit.ns, inside.iif, why);
                }
                self.see_all(visit.outs);
                return None;
            }
        };
        if next.dev == "lo" {
            return self.deliver(inside, translated.unwrap_or(key));
        }
        if visit.outs.is_empty() && ground::forwards(space, &last.seen.dev, to) == Some(false) {
            self.decide(visit.ns, inside.iif, Decision::ForwardingOff);
            return None;
        }
        let hooks = [PREROUTING, FORWARD, POSTROUTING];
        self.leave(inside, visit.outs, (to, next), &hooks, true);
        None
    }

    /// It is for this namespace itself, if the packet filter lets it in.
    fn deliver(&mut self, inside: Inside<'w>, key: Key) -> Option<(&'w Ns, Key)> {
        let came_of_it = match self.leg {
            Leg::Request => !self.picked.reply.is_empty(),
            Leg::Reply | Leg::Error | Leg::Ask => self.evidence.answer.is_reply(),
        };
        let passing = inside.passing(self.leg, None);
        let dropped = filter::dropped(self.evidence, passing, &[PREROUTING, INPUT]);
        if let Some(dropped) = dropped.filter(|_| !came_of_it) {
            self.decide(inside.ns, inside.iif, dropped);
            return None;
        }
        self.decide(inside.ns, inside.iif, Decision::Delivered);
        Some((inside.ns, key))
    }

    fn route(&mut self, inside: Inside<'w>, to: IpAddr, next: &'w NextHop) {
        let routed = Decision::Routed {
            route: ground::route_text(inside.space, to, next),
            dev: next.dev.clone(),
            via: next.via,
        };
        self.decide(inside.ns, inside.iif, routed);
    }

    fn key(&self, sight: &Sight) -> Option<Key> {
        Key::of(sight.ip()?, self.leg)
    }
}

impl<'w> Inside<'w> {
    fn passing(self, leg: Leg, oif: Option<&'w str>) -> Passing<'w> {
        Passing {
            ns: self.ns,
            key: self.key,
            leg,
            iif: self.iif,
            oif,
        }
    }
}
