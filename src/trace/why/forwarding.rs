//! A namespace that does not pass on what is not its own; the reverse path filter; a circle.

use super::fib::{Wanted, Way, leaves_by};
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis};
use crate::world::cable::End;

impl Walk<'_> {
    /// This namespace passes on what comes in by `iif`.
    pub fn forwards(&self, iif: &End) -> Result<(), Diagnosis> {
        let (scene, ns, packet) = (self.scene, &self.ns, &self.packet);
        let name = scene.name(iif);
        if self.has_left() || scene.forwards(ns, &name, packet.dst) {
            return Ok(());
        }
        let before = self.nodes.last();
        let misled = before.and_then(|it| self.better_router(&it.ns, it.route, &it.out));
        if let Some(misled) = misled {
            return Err(misled);
        }
        let all = scene.setting(ns, "net.ipv4.ip_forward");
        let setting = if packet.dst.is_ipv6() {
            "net.ipv6.conf.all.forwarding".to_owned()
        } else if all == Some(0) {
            "net.ipv4.ip_forward".to_owned()
        } else {
            format!("net.ipv4.conf.{name}.forwarding")
        };
        let sentence = format!(
            "{} comes in by {name} in {ns} and is for somebody else, but {ns} is no router: \
             {setting} is 0, so it throws the packet away.",
            capital(&packet.called())
        );
        let line = format!("{ns}: {setting} = 0");
        let found = Diagnosis {
            at: Some((ns.clone(), Some(name))),
            ..Diagnosis::of(Cause::ForwardingOff, ns, sentence)
        };
        Err(found.shown_by([line]))
    }

    /// The reverse path filter lets it in.
    ///
    /// Source validation, RFC 3704; `rp_filter` in `networking/ip-sysctl.rst` of the kernel. Of the
    /// two settings, `all` and the device's, the larger counts.
    pub fn passes_reverse_path(&self, iif: &End) -> Result<(), Diagnosis> {
        let (scene, ns) = (self.scene, &self.ns);
        let Some(src) = self
            .packet
            .src
            .filter(|_| !self.has_left() && !self.arrives)
        else {
            return Ok(());
        };
        if scene.is_local(ns, src) {
            return Err(self.own_source(iif, src));
        }
        if !src.is_ipv4() {
            return Ok(()); // there is no such setting for IPv6
        }
        let name = scene.name(iif);
        let device = format!("net.ipv4.conf.{}.rp_filter", name.replace('.', "/"));
        let all = scene
            .setting(ns, "net.ipv4.conf.all.rp_filter")
            .unwrap_or(0);
        let own = scene.setting(ns, &device).unwrap_or(0);
        let mode = all.max(own);
        if mode == 0 {
            return Ok(());
        }
        let wanted = Wanted {
            to: src,
            from: Some(self.packet.dst),
            iif: Some(&name),
        };
        let back = scene.way(ns, wanted);
        let (strict, line) = match back {
            Way::On(route) => (
                leaves_by(ns, route).as_ref() != Some(iif),
                Some(scene.route_line(ns, route)),
            ),
            Way::Here => (false, None),
            Way::Refused(_) | Way::Forbidden(_) | Way::None => (true, None),
        };
        if !strict || (mode == 2 && line.is_some()) {
            return Ok(());
        }
        let there = match &line {
            Some(line) => format!("its route back to {src} is `{line}`"),
            None => format!("it has no route back to {src}"),
        };
        let setting = if own >= all {
            format!("net.ipv4.conf.{name}.rp_filter")
        } else {
            "net.ipv4.conf.all.rp_filter".to_owned()
        };
        let sentence = format!(
            "{} comes in by {name} in {ns}, but {there}. The reverse path filter ({setting} = \
             {mode}) takes that for a forged sender and throws the packet away.",
            capital(&self.packet.called())
        );
        let evidence = [
            format!("{ns}: {setting} = {mode}"),
            format!("{ns}: {} came in by {name}", self.packet.ends()),
        ];
        Err(scene
            .at(Cause::ReversePath, iif, sentence)
            .shown_by(evidence))
    }

    /// The way leads back to where the packet has been.
    pub fn in_a_circle(&self) -> Diagnosis {
        let scene = self.scene;
        let again = self
            .nodes
            .iter()
            .rev()
            .take_while(|node| node.ns != self.ns);
        let mut names: Vec<String> = again.map(|node| node.ns.to_string()).collect();
        names.push(self.ns.to_string());
        names.reverse();
        names.dedup();
        let routes = self.nodes.iter().rev().take(2);
        let routes: Vec<String> = routes
            .map(|node| {
                format!(
                    "{}: route {}",
                    node.ns,
                    scene.route_line(&node.ns, node.route)
                )
            })
            .collect();
        let sentence = format!(
            "{} goes round in a circle between {}: each takes the other for the way there, until \
             the packet's time to live (TTL) is used up.",
            capital(&self.packet.called()),
            super::say::listed(&names)
        );
        Diagnosis::of(Cause::Loop, &self.ns, sentence).shown_by(routes)
    }
}

/// With a capital letter at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
