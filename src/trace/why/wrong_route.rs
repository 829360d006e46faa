//! A route that leads elsewhere, though another one, or another router, would lead there.

use std::net::IpAddr;

use super::fib::{Wanted, Way, leaves_by};
use super::scene::Scene;
use super::segment::{Path, Segment};
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis};
use crate::world::Ns;
use crate::world::cable::End;
use crate::world::route::Route;

/// Further than this no way is thought through.
const FARTHEST: usize = 12;

impl Scene<'_> {
    /// Would packets to `to` that `ns` sends by `route` come to whoever has that address, if every
    /// device were up and every router forwarded? With `plugged`, also if every cable were in the
    /// right bridge.
    fn leads(&self, ns: &Ns, to: IpAddr, route: &Route, plugged: bool, far: usize) -> bool {
        let Some(out) = leaves_by(ns, route).filter(|_| far < FARTHEST) else {
            return false;
        };
        let next = route.via.unwrap_or(to);
        let segment = self.segment(&out);
        let mut holders = self.holders_on(&segment, next, ns);
        holders.any(|(end, path)| {
            let reached = plugged || !path.is_unplugged();
            reached && self.leads_from(end, to, plugged, far + 1)
        })
    }

    /// And if they came in at `end`?
    fn leads_from(&self, end: &End, to: IpAddr, plugged: bool, far: usize) -> bool {
        if (self.holders(to).iter()).any(|(holder, _)| holder.ns == end.ns) {
            return true;
        }
        let wanted = Wanted {
            to,
            from: None,
            iif: None,
        };
        match self.way(&end.ns, wanted) {
            Way::Here => true,
            Way::On(route) => self.leads(&end.ns, to, route, plugged, far),
            Way::Refused(_) | Way::Forbidden(_) | Way::None => false,
        }
    }

    /// The stations of a segment at which somebody other than `ns` has `ip`, whether it is up or
    /// not.
    pub fn holders_on<'s>(
        &self,
        segment: &'s Segment,
        ip: IpAddr,
        ns: &Ns,
    ) -> impl Iterator<Item = (&'s End, &'s Path)> {
        let holders = self.holders(ip);
        let stations = segment.stations.iter();
        stations.filter(move |(end, _)| {
            // A namespace answers for all its addresses at each of its devices.
            let there = |holder: &End| holder == *end || self.is_local(&end.ns, ip);
            let mut holders = holders.iter().filter(|(holder, _)| holder.ns == end.ns);
            end.ns != *ns && holders.any(|(holder, _)| there(holder))
        })
    }

    /// A device of `ns` by which whoever has `to` would be reached directly, and who that is.
    pub fn next_to(&self, ns: &Ns, to: IpAddr) -> Vec<(End, End)> {
        let mut found = Vec::new();
        for device in self.devices(ns) {
            let segment = self.segment(&device);
            let holders = self.holders_on(&segment, to, ns);
            let near = holders.filter(|(_, path)| !path.is_unplugged());
            found.extend(near.map(|(holder, _)| (device.clone(), holder.clone())));
        }
        found
    }
}

impl Walk<'_> {
    /// The route that is chosen leads there, or nothing better is in sight.
    pub fn goes_right(&mut self, route: &Route, out: &End) -> Result<(), Diagnosis> {
        let (scene, ns, to) = (self.scene, self.ns.clone(), self.packet.dst);
        if self.arrives {
            return Ok(());
        }
        if scene.leads(&ns, to, route, false, 0) {
            let suspicion = self.wrong_prefix(out);
            self.suspect(suspicion, false);
            return Ok(());
        }
        // A cable in the wrong bridge is what is wrong, unless there is a way that needs no router.
        let unplugged = scene.leads(&ns, to, route, true, 0);
        let better = scene.covering(&ns, to).into_iter().find(|other| {
            *other != route
                && (!unplugged || other.via.is_none())
                && scene.leads(&ns, to, other, false, 0)
        });
        if let Some(better) = better {
            return Err(self.stands_before(route, better));
        }
        if unplugged {
            return Ok(());
        }
        if let Some(found) = self.device_beside() {
            return Err(found);
        }
        match self.better_router(&ns, route, out) {
            Some(found) => Err(found),
            None => Ok(()),
        }
    }

    /// Two routes fit, and the wrong one wins.
    fn stands_before(&self, route: &Route, better: &Route) -> Diagnosis {
        let (scene, ns) = (self.scene, &self.ns);
        let dev = leaves_by(ns, route).map(|end| scene.name(&end));
        let (line, other) = (scene.route_line(ns, route), scene.route_line(ns, better));
        let order = if route.dst.prefix_len() > better.dst.prefix_len() {
            "it has the longer prefix"
        } else if route.metric.unwrap_or(0) < better.metric.unwrap_or(0) {
            "it has the smaller metric"
        } else {
            "it stands first"
        };
        let nobody = match route.via {
            Some(via) => format!("that router, {via}, does not lead there"),
            None => format!("nobody there answers ARP for {}", self.packet.dst),
        };
        let what = if self.is_answer() {
            "The reply"
        } else {
            "The packet"
        };
        let by = dev.clone().unwrap_or_default();
        let sentence = format!(
            "{what} to {} goes out through {by} in {ns}, since the route `{line}` fits and {order}; \
             {nobody}. `{other}` would have been the way.",
            self.packet.dst
        );
        let mut evidence = vec![
            format!("{ns}: route {line}"),
            format!("{ns}: route {other}"),
        ];
        if let Some(out) = leaves_by(ns, route) {
            let next = route.via.unwrap_or(self.packet.dst);
            evidence.push(scene.neighbour_line(&out, next));
        }
        Diagnosis {
            cause: Cause::WrongRoute,
            at: Some((ns.clone(), dev)),
            sentence,
            evidence,
        }
    }

    /// Somebody else on that network would be the router.
    pub fn better_router(&self, ns: &Ns, route: &Route, out: &End) -> Option<Diagnosis> {
        let (scene, to) = (self.scene, self.packet.dst);
        let via = route.via?;
        let segment = scene.segment(out);
        let (router, addr) = segment.reached().find_map(|(end, _)| {
            let addr = scene.addrs(end, to).first()?.net.addr();
            let forwards = scene.forwards(&end.ns, &scene.name(end), to);
            let leads = addr != via && end.ns != *ns && scene.leads_from(end, to, false, 0);
            (leads && forwards).then_some((end.clone(), addr))
        })?;
        let who = match scene.holders(via).first() {
            Some((end, _)) if *ns == end.ns => "which is an address of its own".to_owned(),
            Some((end, _)) => format!("that is {}, which does not pass it on", scene.place(end)),
            None => "an address that nobody has".to_owned(),
        };
        let line = scene.route_line(ns, route);
        let sentence = format!(
            "The route `{line}` in {ns} sends {} to {via}, {who}. The router on that network is \
             {addr}, {}.",
            self.packet.called(),
            scene.place(&router)
        );
        let evidence = [
            format!("{ns}: route {line}"),
            scene.neighbour_line(out, via),
            scene.addr_line(&router, to),
        ];
        Some(
            scene
                .at(Cause::WrongRoute, out, sentence)
                .shown_by(evidence),
        )
    }
}

impl Path {
    /// Would it be a way only if a cable were plugged in elsewhere?
    pub fn is_unplugged(&self) -> bool {
        use super::segment::Cut;
        self.cuts.iter().any(|cut| match cut {
            Cut::Unplugged { .. } => true,
            Cut::Down(_)
            | Cut::OtherEndDown { .. }
            | Cut::Blocked(_)
            | Cut::Isolated { .. }
            | Cut::Misfit { .. } => false,
        })
    }
}
