//! Hops, as they come.

use super::super::sight::Sight;
use super::super::text;
use super::Walk;
use crate::trace::hop::{Decision, Hop, What};
use crate::world::Ns;

impl<'w> Walk<'w> {
    pub(super) fn see_all(&mut self, sights: &'w [Sight<'w>]) {
        for sight in sights {
            self.see_in_turn(sight);
        }
    }

    /// A sighting, and before it that it went into a tunnel, or was taken out of one.
    pub(super) fn see_in_turn(&mut self, sight: &'w Sight<'w>) {
        let vni = sight.tunnel.as_ref().map(|tunnel| tunnel.vni);
        match (vni, self.tunnel()) {
            (Some(vni), None) if sight.is_out() => self.tunnelled(sight, true, vni),
            (None, Some(vni)) if !sight.is_out() => self.tunnelled(sight, false, vni),
            _ => {}
        }
        self.see(sight);
    }

    /// The tunnel that it was in when it was seen last, on this leg.
    fn tunnel(&self) -> Option<u32> {
        let decided = self.hops.iter().rev().filter(|hop| hop.leg == self.leg);
        let mut turns = decided.filter_map(|hop| match &hop.what {
            What::Decided(Decision::Tunnelled { into, vni }) => Some((*into, *vni)),
            What::Decided(_) | What::Seen { .. } => None,
        });
        turns.next().filter(|(into, _)| *into).map(|(_, vni)| vni)
    }

    fn tunnelled(&mut self, sight: &Sight, into: bool, vni: u32) {
        self.decide(sight.ns(), None, Decision::Tunnelled { into, vni });
    }

    pub(super) fn see(&mut self, sight: &Sight) {
        let ip = sight.ip();
        self.hops.push(Hop {
            leg: self.leg,
            ns: sight.ns().clone(),
            dev: Some(sight.seen.dev.clone()),
            at: Some(sight.at()),
            what: What::Seen {
                out: sight.is_out(),
                packet: text::text(sight),
                src: ip.map(|ip| ip.src),
                dst: ip.map(|ip| ip.dst),
                ttl: ip.map(|ip| ip.ttl),
            },
        });
    }

    pub(super) fn decide(&mut self, ns: &Ns, dev: Option<&str>, decision: Decision) {
        self.hops.push(Hop {
            leg: self.leg,
            ns: ns.clone(),
            dev: dev.map(ToOwned::to_owned),
            at: None,
            what: What::Decided(decision),
        });
    }
}
