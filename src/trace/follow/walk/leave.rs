//! Going out of a namespace, by the network layer or across a bridge.

use std::net::IpAddr;

use super::super::ask::{self, Asked};
use super::super::filter::{self, FORWARD, POSTROUTING, PREROUTING, Passing};
use super::super::ground;
use super::super::prune::Flood;
use super::super::sight::Sight;
use super::{Inside, Walk, conclude};
use crate::trace::NextHop;
use crate::trace::hop::{Decision, Leg};
use crate::world::Ns;
use crate::world::neigh::Neigh;

impl<'w> Walk<'w> {
    /// It is to leave by a route; says why it did not, where it was not seen to.
    pub(super) fn leave(
        &mut self,
        inside: Inside<'w>,
        outs: &'w [Sight<'w>],
        (to, next): (IpAddr, &'w NextHop),
        hooks: &[u32],
        sure: bool,
    ) {
        let as_routed = outs.first().is_none_or(|out| out.seen.dev == next.dev);
        if !as_routed {
            self.see_all(outs);
            return;
        }
        let before = self.hops.len();
        self.route(inside, to, next);
        let hop = next.via.unwrap_or(to);
        let place = (inside.ns, next.dev.as_str());
        let asked = self.asked(place, hop, outs.first());
        let known = ground::neighbour(inside.space, &next.dev, hop);
        let Some(first) = outs.first() else {
            let passing = inside.passing(self.leg, Some(&next.dev));
            let why = match filter::dropped(self.evidence, passing, hooks) {
                Some(dropped) => Some((inside.iif, dropped)),
                None if !asked.answered && known.is_some_and(Neigh::is_unanswered) => {
                    Some((Some(next.dev.as_str()), Decision::Unresolved { to: hop }))
                }
                None => None,
            };
            if why.is_none() && !sure {
                self.hops.truncate(before);
                return;
            }
            self.hops.extend(asked.hops);
            if let Some((dev, why)) = why {
                self.decide(inside.ns, dev, why);
            }
            return;
        };
        if !asked.hops.is_empty()
            && let Some(mac) = known.and_then(|known| known.mac)
        {
            self.hops.extend(asked.hops);
            let mac = mac.to_string();
            let resolved = Decision::Resolved { to: hop, mac };
            self.decide(inside.ns, Some(&next.dev), resolved);
        }
        let was = inside.key.ends(self.leg).0;
        if let Some(is) = first.ip().map(|ip| ip.src)
            && is != was
        {
            let how = match self.leg {
                Leg::Request => {
                    let passing = inside.passing(self.leg, Some(&next.dev));
                    filter::source_nat(self.evidence, passing)
                }
                Leg::Reply | Leg::Error | Leg::Ask => String::new(),
            };
            let nat = Decision::SourceNat {
                from: was,
                to: is,
                how,
            };
            self.decide(inside.ns, Some(&next.dev), nat);
        }
        self.send(inside, outs);
    }

    /// The question for the next hop that it waited for. Where an error came of that, what is asked
    /// later is asked for others: it is told if nothing else is, but has no place in this one's times.
    fn asked(&self, place: (&Ns, &str), hop: IpAddr, out: Option<&Sight>) -> Asked {
        let about = |until| ask::about(self.evidence, &self.picked.asks, place, hop, until);
        if let Some(out) = out {
            return about(Some(out.at()));
        }
        let asked = about(self.picked.errors.first().map(Sight::at));
        if !asked.hops.is_empty() || self.picked.errors.is_empty() {
            return asked;
        }
        let mut later = about(None);
        later.hops.iter_mut().for_each(|hop| hop.at = None);
        later
    }

    /// It goes out; by a bridge, also by that bridge's port.
    fn send(&mut self, inside: Inside<'w>, outs: &'w [Sight<'w>]) {
        let mut bridge = None;
        for out in outs {
            let port_of = ground::bridge_of(inside.space, out.seen.index);
            if bridge.is_some() && port_of.map(|link| link.index) == bridge {
                self.switch(inside, out);
            }
            self.see_in_turn(out);
            bridge = ground::is_bridge(inside.space, out.seen.index).then_some(out.seen.index);
        }
        let last = outs.last();
        if let Some(index) = bridge.filter(|_| last.is_some()) {
            let name = inside.space.link_name(index);
            let text = conclude::no_port(inside.space, index, last.and_then(|out| out.ether));
            self.decide(inside.ns, Some(&name), Decision::Blocked { text });
        }
    }

    /// It came in by a bridge's port and was not handed up.
    pub(super) fn cross(&mut self, inside: Inside<'w>, last: &'w Sight<'w>, outs: &'w [Sight<'w>]) {
        let Some(bridge) = ground::bridge_of(inside.space, last.seen.index) else {
            return;
        };
        if let Some(first) = outs.first() {
            self.switch(inside, first);
            self.see_all(outs);
            return;
        }
        let passing = inside.passing(self.leg, None);
        let bridged = Passing {
            iif: Some(&bridge.name),
            oif: Some(&bridge.name),
            ..passing
        };
        let hooks = [PREROUTING, FORWARD, POSTROUTING];
        let dropped = conclude::filters_bridges(inside.space)
            .then(|| filter::dropped(self.evidence, bridged, &hooks))
            .flatten();
        let why = dropped.unwrap_or_else(|| Decision::Blocked {
            text: conclude::not_bridged(inside.space, bridge, last),
        });
        self.decide(inside.ns, Some(&bridge.name), why);
    }

    /// A bridge sends it out by that port.
    fn switch(&mut self, inside: Inside<'w>, out: &'w Sight<'w>) {
        let Some(bridge) = ground::bridge_of(inside.space, out.seen.index) else {
            return;
        };
        let flood = Flood {
            ns: inside.ns.clone(),
            bridge: bridge.index,
        };
        let switched = Decision::Switched {
            bridge: bridge.name.clone(),
            port: (!self.picked.floods.contains(&flood)).then(|| out.seen.dev.clone()),
        };
        self.decide(inside.ns, Some(&bridge.name), switched);
    }
}
