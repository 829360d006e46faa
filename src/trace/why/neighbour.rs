//! From one namespace to the next over cables and bridges: who answers for the next hop, and
//! whether the frame goes to them.

use std::net::IpAddr;

use super::forwarding::capital;
use super::segment::Segment;
use super::walk::{Node, Walk};
use crate::trace::{Cause, Diagnosis};
use crate::world::cable::End;
use crate::world::link::Mac;
use crate::world::neigh::{Neigh, nud};

impl Walk<'_> {
    /// To the device by which the next namespace takes the packet in.
    pub fn cross(&mut self, node: &Node<'_>) -> Result<End, Diagnosis> {
        let scene = self.scene;
        let segment = scene.segment(&node.out);
        let owners = self.owners(node, &segment);
        let Some(owner) = self.chosen(node, &owners) else {
            let came_in = |end: &&End| scene.trail.came_in(self.packet.leg, end);
            let seen = segment.reached().map(|(end, _)| end).find(came_in);
            return match seen {
                Some(seen) if !self.packet_dies_at(seen) => Ok(seen.clone()),
                Some(_) | None => Err(self.absent(node, &segment)),
            };
        };
        let beside = self.beside_its_bridge(node, &owner);
        self.suspect(beside, true);
        if self.arrives || scene.trail.came_in(self.packet.leg, &owner) && owners.len() == 1 {
            return Ok(owner);
        }
        if owners.len() > 1 && !self.is_the_right_one(&owner) {
            return Err(self.duplicate(node, &owners));
        }
        self.knows_the_right_mac(node, &owner, &segment)?;
        let path = &segment.stations[&owner];
        self.passes_bridges(&path.crossings(scene))?;
        self.passes_tunnels(path)?;
        self.passes_links(path)?;
        Ok(owner)
    }

    /// A namespace answers for its addresses at each of its devices, so also at a cable's end that is
    /// not plugged into the bridge that has the address. Whatever is made for the bridge, rules and
    /// the way back, then does not fit.
    fn beside_its_bridge(&self, node: &Node<'_>, owner: &End) -> Option<Diagnosis> {
        let scene = self.scene;
        let holders = scene.holders(node.next);
        let (bridge, _) = (holders.iter())
            .find(|(end, _)| end.ns == owner.ns && end != owner && scene.is_bridge(end))?;
        if let Some(other) = scene.is_bridge(owner).then_some(owner) {
            let segment = scene.segment(&node.out);
            let port = segment
                .stations
                .get(other)?
                .ends
                .iter()
                .rev()
                .nth(1)?
                .clone();
            return Some(self.unplugged(&port, bridge));
        }
        scene
            .is_pluggable(owner)
            .then(|| self.unplugged(owner, bridge))
    }

    /// Somebody took it in who could not do anything with it.
    fn packet_dies_at(&self, seen: &End) -> bool {
        !self.scene.trail.left(self.packet.leg, &seen.ns)
            && !self.scene.is_local(&seen.ns, self.packet.dst)
    }

    /// Who answers for the next hop, one device for each namespace.
    fn owners(&self, node: &Node<'_>, segment: &Segment) -> Vec<End> {
        let scene = self.scene;
        let mut owners: Vec<End> = Vec::new();
        for (end, _) in segment.reached() {
            if end.ns == node.ns || !scene.is_local(&end.ns, node.next) {
                continue;
            }
            let holds = |end: &End| {
                let addrs = scene.addrs(end, node.next);
                addrs.iter().any(|addr| addr.net.addr() == node.next)
            };
            match owners.iter_mut().find(|known| known.ns == end.ns) {
                Some(known) if holds(end) => *known = end.clone(),
                Some(_) => {}
                None => owners.push(end.clone()),
            }
        }
        owners
    }

    /// The one to whom the frame goes: whose hardware address is known.
    fn chosen(&self, node: &Node<'_>, owners: &[End]) -> Option<End> {
        let known = self.known(node).and_then(|known| known.mac);
        let meant = owners
            .iter()
            .find(|end| known.is_some() && self.scene.mac(end) == known);
        meant.or(owners.first()).cloned()
    }

    /// The entry by which it is sent there, if there is one that is used.
    pub fn known(&self, node: &Node<'_>) -> Option<&Neigh> {
        let known = self.scene.neighbour(&node.out, node.next)?;
        (known.state & nud::VALID != 0).then_some(known)
    }

    /// Of several who have the address: is this the one that was meant?
    fn is_the_right_one(&self, owner: &End) -> bool {
        let scene = self.scene;
        if self.is_answer() {
            let asker = &scene.evidence.question.from;
            owner.ns == *asker && scene.trail.came_in(self.packet.leg, owner)
        } else {
            !scene.is_local(&owner.ns, self.packet.dst)
                && scene.forwards(&owner.ns, &scene.name(owner), self.packet.dst)
        }
    }

    fn duplicate(&self, node: &Node<'_>, owners: &[End]) -> Diagnosis {
        let scene = self.scene;
        let places: Vec<String> = owners.iter().map(|end| scene.place(end)).collect();
        let at = owners
            .iter()
            .find(|end| !self.is_the_right_one(end) && !self.is_asker(end))
            .unwrap_or(&owners[0]);
        let sentence = format!(
            "{} have the same address, {}. When {} asks who has it, both answer, and what is meant \
             for the one goes to the other.",
            super::say::listed(&places),
            node.next,
            node.ns
        );
        let lines = owners.iter().map(|end| {
            let mac = scene.mac(end).unwrap_or_default();
            format!("{}: {} on {} ({mac})", end.ns, node.next, scene.name(end))
        });
        scene
            .at(Cause::DuplicateAddress, at, sentence)
            .shown_by(lines)
            .shown_by([scene.neighbour_line(&node.out, node.next)])
            .shown_by(self.answers(node.next))
    }

    fn is_asker(&self, end: &End) -> bool {
        end.ns == self.scene.evidence.question.from
    }

    /// Hardware addresses that were told for an address while the probe was under way.
    fn answers(&self, ip: IpAddr) -> Option<String> {
        let macs = self.scene.trail.macs_of(ip);
        let macs: Vec<String> = macs.iter().map(Mac::to_string).collect();
        (!macs.is_empty()).then(|| format!("seen: {ip} is at {}", super::say::listed(&macs)))
    }

    /// A packet comes in with an address of this namespace as its sender.
    pub fn own_source(&self, iif: &End, src: IpAddr) -> Diagnosis {
        let scene = self.scene;
        let holders = scene.holders(src);
        let here = holders.iter().find(|(end, _)| end.ns == iif.ns);
        let here = here.map_or(iif, |(end, _)| end);
        let sentence = format!(
            "{} comes in by {} with the sender {src}, which is an address of {} as well ({}). The \
             same address stands in two places; the kernel throws such a packet away.",
            capital(&self.packet.called()),
            scene.place(iif),
            iif.ns,
            scene.name(here)
        );
        let lines = holders
            .iter()
            .map(|(end, addr)| format!("{}: {} on {}", end.ns, addr.net, scene.name(end)));
        scene
            .at(Cause::DuplicateAddress, here, sentence)
            .shown_by(lines)
    }
}
