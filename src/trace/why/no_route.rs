//! No route, and what it may come of: a device that is down, no address, a prefix that is too short.

use ipnet::IpNet;

use super::forwarding::capital;
use super::say::no_address;
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis};
use crate::world::cable::End;
use crate::world::policy::PolicyRule;
use crate::world::route::{Route, RouteKind};

impl Walk<'_> {
    /// No route fits in this namespace.
    pub fn no_route(&self) -> Diagnosis {
        let devices = self.scene.devices(&self.ns);
        (self.loopback_down())
            .or_else(|| self.device_beside())
            .or_else(|| self.lost_its_route(&devices))
            .or_else(|| self.all_down(&devices))
            .or_else(|| self.no_address(&devices))
            .or_else(|| devices.iter().find_map(|end| self.prefix_too_long(end)))
            .unwrap_or_else(|| {
                if self.is_answer() {
                    self.no_way_back()
                } else {
                    self.just_no_route(&devices)
                }
            })
    }

    /// What a namespace sends to itself goes by `lo`, and that is down.
    pub fn loopback_down(&self) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let lo = scene.loopback(&self.ns).filter(|lo| !scene.is_up(lo))?;
        let own = scene.holders(to).iter().any(|(end, _)| end.ns == self.ns);
        if self.iif.is_some() || !(to.is_loopback() || own) {
            return None;
        }
        let sentence = format!(
            "{to} is an address of {} itself. What a namespace sends to itself goes by its loopback \
             device, lo, and that is down.",
            self.ns
        );
        let lines = [scene.link_line(&lo)];
        Some(scene.at(Cause::DeviceDown, &lo, sentence).shown_by(lines))
    }

    /// A device stands next to whoever has the address, and its state or its address keeps the
    /// packet from taking it.
    pub fn device_beside(&self) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let near = scene.next_to(&self.ns, to);
        near.iter().find_map(|(device, holder)| {
            let addrs = scene.addrs(device, to);
            if !scene.is_up(device) {
                return Some(self.down(device));
            }
            if addrs.is_empty() {
                return Some(self.bare(device, Some(holder)));
            }
            let short = addrs.iter().all(|addr| !addr.net.contains(&to));
            short.then(|| self.prefix_misses(device, holder)).flatten()
        })
    }

    /// A device that is down took its routes with it.
    fn lost_its_route(&self, devices: &[End]) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let down = devices.iter().find(|end| {
            let mut addrs = scene.addrs(end, to).into_iter();
            !scene.is_up(end) && addrs.any(|addr| addr.net.contains(&to))
        })?;
        Some(self.down(down))
    }

    fn all_down(&self, devices: &[End]) -> Option<Diagnosis> {
        let first = devices.first()?;
        let all = devices.iter().all(|end| !self.scene.is_up(end));
        all.then(|| self.down(first))
    }

    fn down(&self, end: &End) -> Diagnosis {
        let place = self.scene.place(end);
        let sentence = format!(
            "{} cannot leave: {place} is down. A device that is down carries nothing, and the \
             kernel drops the routes that use it.",
            capital(&self.packet.called())
        );
        self.scene
            .at(Cause::DeviceDown, end, sentence)
            .shown_by([self.scene.link_line(end)])
            .shown_by(self.scene.route_lines(&end.ns, self.packet.dst.is_ipv4()))
    }

    fn no_address(&self, devices: &[End]) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let first = devices.iter().find(|end| scene.is_up(end))?;
        let none = devices.iter().all(|end| scene.addrs(end, to).is_empty());
        none.then(|| self.bare(first, None))
    }

    /// A device without an address.
    pub fn bare(&self, end: &End, beside: Option<&End>) -> Diagnosis {
        let scene = self.scene;
        let beside = beside.map(|holder| {
            format!(
                ", though {} in {} has that address and is on the same network",
                scene.name(holder),
                holder.ns
            )
        });
        let sentence = format!(
            "{} has {}. With an address comes a route to its network; without one, {} does not go \
             that way{}.",
            scene.place(end),
            no_address(self.packet.dst),
            self.packet.called(),
            beside.unwrap_or_default()
        );
        scene
            .at(Cause::NoAddress, end, sentence)
            .shown_by([scene.addr_line(end, self.packet.dst)])
            .shown_by(scene.route_lines(&end.ns, self.packet.dst.is_ipv4()))
    }

    /// Its prefix leaves out a neighbour that counts it in.
    fn prefix_misses(&self, device: &End, holder: &End) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let own = scene.addrs(device, to).first()?.net;
        let theirs = scene.addrs(holder, to).into_iter();
        let theirs = theirs.map(|addr| addr.net).find(|net| net.addr() == to)?;
        theirs
            .contains(&own.addr())
            .then(|| self.prefix_differs(device, own, theirs))
    }

    /// Its neighbours, who count it in, have a shorter prefix than it, and it leaves them out.
    fn prefix_too_long(&self, device: &End) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let own = scene.addrs(device, to).first()?.net;
        let (alike, other) = self.others(device, own);
        let left_out = other.iter().find(|net| !own.contains(&net.addr()))?;
        (other.len() > alike).then(|| self.prefix_differs(device, own, *left_out))
    }

    /// How many neighbours agree about the prefix, and those who do not.
    fn others(&self, device: &End, own: IpNet) -> (usize, Vec<IpNet>) {
        let segment = self.scene.segment(device);
        let stations = segment.reached().map(|(end, _)| end);
        let nets = stations.filter(|end| end.ns != device.ns).flat_map(|end| {
            let addrs = self.scene.addrs(end, own.addr());
            addrs.into_iter().map(|addr| addr.net)
        });
        let nets = nets.filter(|net| net.contains(&own.addr()) || own.contains(&net.addr()));
        let (alike, other): (Vec<IpNet>, Vec<IpNet>) =
            nets.partition(|net| net.prefix_len() == own.prefix_len());
        (alike.len(), other)
    }

    /// The device that is left by has a prefix that differs from all its neighbours'.
    pub fn wrong_prefix(&self, out: &End) -> Option<Diagnosis> {
        let own = self.scene.addrs(out, self.packet.dst).first()?.net;
        let (alike, other) = self.others(out, own);
        let first = *other.first()?;
        let all = other
            .iter()
            .all(|net| net.prefix_len() == first.prefix_len());
        let to = &self.packet.dst;
        (alike == 0 && all && own.contains(to) != first.contains(to))
            .then(|| self.prefix_differs(out, own, first))
    }

    fn prefix_differs(&self, device: &End, own: IpNet, theirs: IpNet) -> Diagnosis {
        let scene = self.scene;
        let network = theirs.trunc();
        let sentence = format!(
            "The address {own} of {} has another prefix length than its neighbours in {network} \
             have: to it {} is {} its network, so {} goes another way than it should, or none.",
            scene.place(device),
            self.packet.dst,
            if own.contains(&self.packet.dst) {
                "in"
            } else {
                "outside"
            },
            self.packet.called()
        );
        scene
            .at(Cause::WrongPrefix, device, sentence)
            .shown_by([
                scene.addr_line(device, own.addr()),
                format!("a neighbour on the same network has {theirs}"),
            ])
            .shown_by(scene.route_lines(&device.ns, own.addr().is_ipv4()))
    }

    fn just_no_route(&self, devices: &[End]) -> Diagnosis {
        let (ns, to) = (&self.ns, self.packet.dst);
        let what = self.packet.called();
        let sentence = if devices.is_empty() {
            format!("{ns} has no device but its loopback: there is no way out for {what}.")
        } else if self.iif.is_some() {
            format!(
                "{} comes to {ns}, and {ns} has no route to {to}: none of its routes fits, and it \
                 has no default route.",
                capital(&what)
            )
        } else {
            format!(
                "{ns} has no route to {to}: none of its routes fits, and it has no default route. \
                 Nothing is sent at all."
            )
        };
        let lines = self.scene.route_lines(ns, to.is_ipv4());
        Diagnosis::of(Cause::NoRoute, ns, sentence).shown_by(lines)
    }

    /// A route says no.
    pub fn refused_by_route(&self, route: &Route) -> Diagnosis {
        let line = self.scene.route_line(&self.ns, route);
        let does = if route.kind == RouteKind::Blackhole {
            "throws the packet away without a word"
        } else {
            "refuses the packet with an error"
        };
        let sentence = format!(
            "The route `{line}` in {} fits {}, and it {does}.",
            self.ns,
            self.packet.called()
        );
        Diagnosis::of(Cause::WrongRoute, &self.ns, sentence)
            .shown_by([format!("{}: route {line}", self.ns)])
    }

    /// A rule of routing policy says no.
    pub fn forbidden(&self, rule: &PolicyRule) -> Diagnosis {
        let sentence = format!(
            "The routing rule with priority {} in {} fits {}, and forbids it (`ip rule` shows it).",
            rule.priority,
            self.ns,
            self.packet.called()
        );
        Diagnosis::of(Cause::WrongRoute, &self.ns, sentence)
    }
}
