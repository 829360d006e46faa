//! The request has arrived, and the answer has no way back: no route, or no address translation.

use super::forwarding::capital;
use super::rules::Between;
use super::scene::is_private;
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis};
use crate::world::Ns;

impl Walk<'_> {
    /// This namespace does not know the way to whoever asked.
    pub fn no_way_back(&self) -> Diagnosis {
        self.no_nat().unwrap_or_else(|| {
            let (ns, to) = (&self.ns, self.packet.dst);
            let who = if self.iif.is_some() {
                format!("The answer comes as far as {ns}, and {ns} has no route to {to}")
            } else {
                format!("The packet arrives, but {ns} has no route back to {to}")
            };
            let sentence =
                format!("{who}: a ping needs two ways, and whoever answers needs a route as well.");
            let lines = self.scene.route_lines(ns, to.is_ipv4());
            Diagnosis::of(Cause::NoWayBack, ns, sentence).shown_by(lines)
        })
    }

    /// The sender's private address went out into the world, where nobody has a route to it.
    fn no_nat(&self) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let router = self.there.iter().rev().find(|node| node.iif.is_some())?;
        let changed = self.rewritten.iter().any(|it| it.src.is_some());
        if !is_private(to) || changed {
            return None;
        }
        let iif = router.iif.as_ref().map(|iif| scene.name(iif));
        let oif = scene.name(&router.out);
        let between = Between {
            iif: iif.as_deref(),
            oif: Some(&oif),
        };
        let miss = scene.near_miss(&router.ns, &router.packet, between);
        // Within one's own networks routes are what is wanted, not translation.
        if miss.is_none() && self.ns != Ns::Internet {
            return None;
        }
        let why = match &miss {
            Some((rule, misfit)) => format!(
                "there is the rule `{rule}`, but its `{misfit}` does not fit this packet, so the \
                 sender is left as it is"
            ),
            None => format!("{} gives it no other sender (no MASQUERADE)", router.ns),
        };
        let sentence = format!(
            "{} leaves {} by {oif} with the private sender {to}, to which nobody out there has a \
             route, so no answer finds its way back: {why}.",
            capital(&format!("the packet to {}", scene.evidence.question.to)),
            router.ns
        );
        let rule = miss.map(|(rule, _)| format!("{}: {rule}", router.ns));
        Some(
            scene
                .at(Cause::NoNat, &router.out, sentence)
                .shown_by([format!("{}: {} by {oif}", router.ns, router.packet.ends())])
                .shown_by(rule)
                .shown_by(scene.route_lines(&self.ns, to.is_ipv4())),
        )
    }
}
