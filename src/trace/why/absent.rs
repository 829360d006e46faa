//! Nobody answers for the next hop's address: what lies between, or who should have it.

use std::net::IpAddr;

use super::say::no_address;
use super::segment::{Cut, Segment};
use super::walk::{Node, Walk};
use crate::trace::{Cause, Diagnosis};
use crate::world::Ns;
use crate::world::addr::Addr;
use crate::world::cable::End;
use crate::world::route::Route;

/// `RTPROT_KERNEL` of `linux/rtnetlink.h`: the route came with an address.
const BY_KERNEL: u8 = 2;
/// `IFA_F_DADFAILED` and `IFA_F_TENTATIVE` of `linux/if_addr.h`.
const DAD_FAILED: u32 = 0x08;
const TENTATIVE: u32 = 0x40;

impl Walk<'_> {
    /// Nobody who has the next hop's address is reached by the device.
    pub fn absent(&self, node: &Node<'_>, segment: &Segment) -> Diagnosis {
        (self.not_unique(node, segment))
            .or_else(|| self.cut_off(node, segment))
            .or_else(|| self.router_without_address(node, segment))
            .or_else(|| self.prefix_too_wide(node))
            .or_else(|| self.elsewhere(node))
            .or_else(|| self.one_without_address(node, segment))
            .unwrap_or_else(|| self.unresolved(node))
    }

    /// Whoever has it does not use it: it was found to be somebody else's when it was added (RFC 4862,
    /// 5.4), or that has not been found out yet.
    fn not_unique(&self, node: &Node<'_>, segment: &Segment) -> Option<Diagnosis> {
        let (scene, next) = (self.scene, node.next);
        let holders = scene.holders(next);
        let (end, addr) = holders.iter().find(|(end, addr)| {
            let there = segment.reached().any(|(station, _)| station == end);
            there && addr.flags & (TENTATIVE | DAD_FAILED) != 0
        })?;
        let place = scene.place(end);
        let line = scene.addr_line(end, next);
        if addr.flags & DAD_FAILED == 0 {
            let sentence = format!(
                "{place} does not use its address {next} yet: it first asks whether somebody else on \
                 that network has it (duplicate address detection, DAD), which takes a second or two."
            );
            let line = line + " (tentative)";
            return Some(scene.at(Cause::NoAddress, end, sentence).shown_by([line]));
        }
        let (prefix, dev) = (addr.net, scene.name(end));
        let sentence = format!(
            "{place} does not use its address {next}: when it was added, somebody else on that \
             network had it already (duplicate address detection, DAD). It stays unused until it is \
             deleted and added again (`ip addr del {prefix} dev {dev}`, `ip addr add {prefix} dev {dev}`), \
             even if that other one has gone."
        );
        let line = line + " (dadfailed)";
        Some((scene.at(Cause::DuplicateAddress, end, sentence)).shown_by([line]))
    }

    /// Whoever has it would be reached, if something on the way did not cut it off.
    fn cut_off(&self, node: &Node<'_>, segment: &Segment) -> Option<Diagnosis> {
        let holders = self.scene.holders_on(segment, node.next, &node.ns);
        let (_, path) = holders.min_by_key(|(_, path)| path.cost())?;
        Some(self.cut(path.cuts.first()?))
    }

    /// What a cut is called.
    pub fn cut(&self, cut: &Cut) -> Diagnosis {
        let scene = self.scene;
        let what = self.packet.called();
        match cut {
            Cut::Down(end) => {
                let place = scene.place(end);
                let sentence = format!("{place} is down: {what} gets no further than there.");
                let line = scene.link_line(end);
                scene.at(Cause::DeviceDown, end, sentence).shown_by([line])
            }
            Cut::OtherEndDown { end, other } => {
                let sentence = format!(
                    "{} is up, but the other end of its cable, {}, is down. A cable carries nothing \
                     unless both its ends are up, so {what} gets no further than there.",
                    scene.place(end),
                    scene.place(other)
                );
                let lines = [scene.link_line(end), scene.link_line(other)];
                scene.at(Cause::NoCarrier, end, sentence).shown_by(lines)
            }
            Cut::Blocked(end) => self.blocked(end),
            Cut::Unplugged { end, bridge } => self.unplugged(end, bridge),
            Cut::Isolated { from, end } => self.isolated(from, end),
            Cut::Misfit { end, other, misfit } => self.misfit(end, other, misfit),
        }
    }

    fn blocked(&self, end: &End) -> Diagnosis {
        let scene = self.scene;
        let bridge = scene.bridge_of(end).map(|bridge| scene.name(&bridge));
        let bridge = bridge.unwrap_or_else(|| "a bridge".to_owned());
        let state = scene.link(end).and_then(|link| link.port);
        let state = state.map_or_else(String::new, |state| format!("{state:?}").to_lowercase());
        let sentence = format!(
            "{} is a port of {bridge}, but its state is {state}, not forwarding: the bridge lets no \
             frame pass there, so {} gets no further.",
            scene.place(end),
            self.packet.called()
        );
        let line = format!(
            "{}: port {} of {bridge} is {state}",
            end.ns,
            scene.name(end)
        );
        scene.at(Cause::PortBlocked, end, sentence).shown_by([line])
    }

    /// Two ports that the bridge keeps apart.
    fn isolated(&self, from: &End, end: &End) -> Diagnosis {
        let scene = self.scene;
        let bridge = scene.bridge_of(end).map(|bridge| scene.name(&bridge));
        let bridge = bridge.unwrap_or_else(|| "a bridge".to_owned());
        let ports = [from, end].map(|end| scene.name(end));
        let sentence = format!(
            "{} and {} in {} are both isolated ports of {bridge}: the bridge passes no frame from one \
             isolated port to another, so {} gets no further. Through the bridge itself both can be \
             reached.",
            ports[0],
            ports[1],
            end.ns,
            self.packet.called()
        );
        let lines = ports.map(|port| format!("{}: port {port} of {bridge} is isolated", end.ns));
        (scene.at(Cause::PortBlocked, end, sentence)).shown_by(lines)
    }

    /// A cable's end in the wrong bridge, or in none.
    pub fn unplugged(&self, end: &End, bridge: &End) -> Diagnosis {
        let scene = self.scene;
        let (name, wanted) = (scene.place(end), scene.name(bridge));
        let now = scene.bridge_of(end).map(|bridge| scene.name(&bridge));
        let is = match &now {
            Some(now) => format!("is a port of {now}, not of {wanted}"),
            None => format!("is not a port of the bridge {wanted}"),
        };
        let sentence = format!(
            "{name} {is}: it is not plugged into the switch that leads on, so {} does not pass \
             between them.",
            self.packet.called()
        );
        let master = now.map_or_else(|| "no master".to_owned(), |now| format!("master {now}"));
        let line = format!("{}: link {} has {master}", end.ns, scene.name(end));
        scene.at(Cause::NotAPort, end, sentence).shown_by([line])
    }

    /// The router's device on that network has lost its address.
    fn router_without_address(&self, node: &Node<'_>, segment: &Segment) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let via = node.route.via?;
        if !scene.holders(via).is_empty() {
            return None;
        }
        let mut bare = segment.reached().map(|(end, _)| end).filter(|end| {
            end.ns != node.ns && scene.addrs(end, to).is_empty() && scene.bridge_of(end).is_none()
        });
        let end = bare.find(|end| scene.devices(&end.ns).len() > 1)?;
        let sentence = format!(
            "{} sends {} to the router {via}, but nobody has that address. {} is on that network \
             and has {}.",
            node.ns,
            self.packet.called(),
            scene.place(end),
            no_address(to)
        );
        let lines = [
            scene.addr_line(end, to),
            scene.neighbour_line(&node.out, via),
        ];
        Some(scene.at(Cause::NoAddress, end, sentence).shown_by(lines))
    }

    /// It takes for its own network what its neighbours do not.
    fn prefix_too_wide(&self, node: &Node<'_>) -> Option<Diagnosis> {
        let connected = node.route.proto == BY_KERNEL && node.route.via.is_none();
        connected.then(|| self.wrong_prefix(&node.out)).flatten()
    }

    /// Whoever has the address is not on the network that the route names.
    fn elsewhere(&self, node: &Node<'_>) -> Option<Diagnosis> {
        let scene = self.scene;
        let holders = scene.holders(node.next);
        let away = || holders.iter().filter(|(end, _)| end.ns != node.ns);
        let (holder, _) = away().next()?;
        let own = scene.addrs(&node.out, node.next);
        let connected = node.route.proto == BY_KERNEL && node.route.via.is_none();
        // Whoever has it may have it twice, with prefixes of different length.
        let fits = |addr: &Addr| own.iter().any(|own| addr.net.contains(&own.net.addr()));
        if let Some((holder, _)) = away().find(|(_, addr)| connected && fits(addr)) {
            return Some(self.not_joined(node, holder));
        }
        Some(self.leads_elsewhere(&node.ns, node.route, &node.out, node.next, holder))
    }

    /// Both are of the same network by their addresses, and nothing joins them.
    fn not_joined(&self, node: &Node<'_>, holder: &End) -> Diagnosis {
        let scene = self.scene;
        let (next, dev) = (node.next, scene.name(&node.out));
        let asks = if next.is_ipv4() { "ARP" } else { "NDP" };
        let sentence = format!(
            "{} asks by {dev} who has {next} ({asks}), and nobody answers: that is {}, and no cable \
             or bridge joins the two.",
            node.ns,
            scene.place(holder)
        );
        let lines = [
            scene.neighbour_line(&node.out, next),
            scene.addr_line(holder, next),
        ];
        (scene.at(Cause::Unresolved, &node.out, sentence)).shown_by(lines)
    }

    fn leads_elsewhere(
        &self,
        ns: &Ns,
        route: &Route,
        out: &End,
        next: IpAddr,
        holder: &End,
    ) -> Diagnosis {
        let scene = self.scene;
        let line = scene.route_line(ns, route);
        let sentence = format!(
            "The route `{line}` in {ns} sends {} out through {}, but nobody there answers for \
             {next}: that is {}, which is not on that network.",
            self.packet.called(),
            scene.name(out),
            scene.place(holder)
        );
        let lines = [
            format!("{ns}: route {line}"),
            scene.neighbour_line(out, next),
            scene.addr_line(holder, next),
        ];
        scene.at(Cause::WrongRoute, out, sentence).shown_by(lines)
    }

    /// Nobody has it, and one device on that network has no address.
    fn one_without_address(&self, node: &Node<'_>, segment: &Segment) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, node.next);
        let stations = segment.stations.iter().filter(|(end, path)| {
            !path.is_unplugged() && end.ns != node.ns && !scene.is_bridge(end)
        });
        let mut bare = stations.filter(|(end, _)| scene.addrs(end, to).is_empty());
        let (end, path) = bare.next()?;
        if bare.next().is_some() {
            return None;
        }
        if let Some(cut) = path.cuts.first() {
            return Some(self.cut(cut));
        }
        let sentence = format!(
            "Nobody has the address {to}. {} is on that network and has {}, so it answers nobody \
             who asks for one.",
            scene.place(end),
            no_address(to)
        );
        let lines = [
            scene.addr_line(end, to),
            scene.neighbour_line(&node.out, to),
        ];
        Some(scene.at(Cause::NoAddress, end, sentence).shown_by(lines))
    }

    fn unresolved(&self, node: &Node<'_>) -> Diagnosis {
        let scene = self.scene;
        let (next, dev) = (node.next, scene.name(&node.out));
        let asks = if next.is_ipv4() { "ARP" } else { "NDP" };
        let role = match node.route.via {
            Some(_) => format!(
                "the router {next}, to which {} is to go",
                self.packet.called()
            ),
            None => next.to_string(),
        };
        let sentence = format!(
            "{} asks by {dev} who has {next} ({asks}), and nobody answers: there is no {role} on \
             that network, so the packet cannot be sent.",
            node.ns
        );
        let lines = [
            format!(
                "{}: route {}",
                node.ns,
                scene.route_line(&node.ns, node.route)
            ),
            scene.neighbour_line(&node.out, next),
        ];
        scene
            .at(Cause::Unresolved, &node.out, sentence)
            .shown_by(lines)
    }
}
