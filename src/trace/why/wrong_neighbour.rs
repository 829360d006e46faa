//! The neighbour table holds a hardware address that is not the owner's, or no longer.

use super::segment::{Path, Segment};
use super::walk::{Node, Walk};
use crate::trace::{Cause, Diagnosis};
use crate::world::Ns;
use crate::world::cable::End;
use crate::world::link::Mac;
use crate::world::neigh::nud;

/// A hardware address that a packet is sent to, though it should be another.
struct Wrong<'a> {
    node: &'a Node<'a>,
    owner: &'a End,
    mac: Mac,
    right: Mac,
}

impl Walk<'_> {
    /// It is sent to a hardware address at which the owner takes it in.
    pub fn knows_the_right_mac(
        &self,
        node: &Node<'_>,
        owner: &End,
        segment: &Segment,
    ) -> Result<(), Diagnosis> {
        let scene = self.scene;
        // What was seen on the frame itself comes before what the table holds by now.
        let known = || self.known(node)?.mac;
        let sent = scene.trail.sent_to(self.packet.leg, &node.out);
        let (Some(mac), Some(right)) = (sent.or_else(known), scene.mac(owner)) else {
            return Ok(());
        };
        // A namespace answers for its addresses at each device.
        let mut devices = segment.reached().filter(|(end, _)| end.ns == owner.ns);
        if devices.any(|(end, path)| self.takes_in(end, path, mac)) {
            return Ok(());
        }
        let wrong = Wrong {
            node,
            owner,
            mac,
            right,
        };
        Err(self.wrong_neighbour(&wrong))
    }

    /// Does `end` take in frames to `mac` that come to it that way? A bridge does so for its own
    /// address, and for the address of the port that they come in by (`eth_type_trans` calls them
    /// this host's there); what is addressed to another of its ports its IP layer throws away
    /// (`br_handle_frame` of `net/bridge/br_input.c`).
    fn takes_in(&self, end: &End, path: &Path, mac: Mac) -> bool {
        let is = |end: &End| self.scene.mac(end) == Some(mac);
        let port = path.ends.iter().rev().nth(1);
        is(end) || self.scene.is_bridge(end) && port.is_some_and(is)
    }

    fn wrong_neighbour(&self, wrong: &Wrong<'_>) -> Diagnosis {
        let (scene, Wrong { node, owner, .. }) = (self.scene, wrong);
        let known = self.known(node);
        let is_static = known.is_some_and(|known| known.state & nud::PERMANENT != 0);
        let sentence = if is_static {
            self.never_right(wrong)
        } else {
            self.no_longer_right(wrong)
        };
        let foreign = (scene.trail.seen.iter())
            .filter(|seen| seen.is_foreign() && seen.leg == self.packet.leg)
            // What a bridge passes on is foreign to its ports, and to itself where it is captured on.
            .find(|seen| seen.at == **owner || scene.is_end(&seen.at))
            .map(|seen| {
                format!(
                    "{}: seen at {} with another host's hardware address",
                    seen.at.ns, seen.dev
                )
            });
        let lines = [
            scene.neighbour_line(&node.out, node.next),
            format!("{}: {} has {}", owner.ns, scene.name(owner), wrong.right),
        ];
        scene
            .at(Cause::WrongNeighbour, &node.out, sentence)
            .shown_by(lines)
            .shown_by(foreign)
    }

    /// Somebody wrote it into the table.
    fn never_right(&self, wrong: &Wrong<'_>) -> String {
        let Wrong { node, mac, .. } = wrong;
        format!(
            "The neighbour table of {} has a static entry that says {} is at {mac}, but {} has \
             {}. The frame is sent to a hardware address that is not its own, and nobody takes it. \
             A static entry stays until somebody deletes it: `{} neigh del {} dev {}`.",
            node.ns,
            node.next,
            self.scene.place(wrong.owner),
            wrong.right,
            ip_in(&node.ns),
            node.next,
            self.scene.name(&node.out)
        )
    }

    /// It was right when it was asked for.
    fn no_longer_right(&self, wrong: &Wrong<'_>) -> String {
        let scene = self.scene;
        let Wrong {
            node,
            owner,
            mac,
            right,
        } = wrong;
        let whose = self.whose(owner, *mac);
        let whose = whose.map_or_else(String::new, |whose| format!(" ({mac} is {whose})"));
        let borrowed = self.borrows(owner, *right);
        let (reason, keep) = if borrowed {
            let keep = format!(
                "; `{} link set {} address {right}` gives the bridge an address that it keeps",
                ip_in(&owner.ns),
                scene.name(owner)
            );
            let reason = " A bridge takes the lowest hardware address of its ports for its own, so \
                          it changes as ports come and go.";
            (reason, keep)
        } else {
            ("", String::new())
        };
        format!(
            "The neighbour table of {} says that {} is at {mac}, but {} has {right} by now{whose}.\
             {reason} {} has not asked again since, so {} goes to the old one, and nobody takes it. \
             It does ask again by itself within a minute; `{} neigh flush dev {}` makes it ask at \
             once{keep}.",
            node.ns,
            node.next,
            scene.place(owner),
            node.ns,
            self.packet.called(),
            ip_in(&node.ns),
            scene.name(&node.out),
        )
    }

    /// Who has that hardware address, of those in the owner's namespace.
    fn whose(&self, owner: &End, mac: Mac) -> Option<String> {
        let scene = self.scene;
        let mut links = scene.space(&owner.ns)?.links.values();
        let end = links.find(|link| link.mac == Some(mac)).map(|link| End {
            ns: owner.ns.clone(),
            index: link.index,
        })?;
        let bridge = scene.bridge_of(&end).map(|bridge| scene.name(&bridge));
        let port = bridge.map_or_else(String::new, |bridge| format!(", a port of {bridge}"));
        Some(scene.place(&end) + &port)
    }

    /// Is it a bridge that has its hardware address from one of its ports
    /// (`br_stp_recalculate_bridge_id` of `net/bridge/br_stp_if.c`)?
    fn borrows(&self, owner: &End, mac: Mac) -> bool {
        let links = self.scene.space(&owner.ns).into_iter();
        let mut links = links.flat_map(|space| space.links.values());
        self.scene.is_bridge(owner)
            && links.any(|link| link.master == Some(owner.index) && link.mac == Some(mac))
    }
}

/// `ip`, for that namespace when typed in the host's.
fn ip_in(ns: &Ns) -> String {
    match ns {
        Ns::Named(name) => format!("ip -n {name}"),
        Ns::Host | Ns::Internet => "ip".to_owned(),
    }
}
