//! Diagnoses in words, and the lines of tables that show them.

use std::net::IpAddr;

use super::scene::Scene;
use crate::trace::{Cause, Diagnosis};
use crate::world::Ns;
use crate::world::cable::End;
use crate::world::link::{Link, LinkFlags};
use crate::world::neigh::nud;
use crate::world::route::table;

impl Scene<'_> {
    /// A cause at a device.
    pub fn at(&self, cause: Cause, end: &End, sentence: String) -> Diagnosis {
        Diagnosis {
            cause,
            at: Some((end.ns.clone(), Some(self.name(end)))),
            sentence,
            evidence: Vec::new(),
        }
    }

    /// The device's line, as `ip link` begins it.
    pub fn link_line(&self, end: &End) -> String {
        let state = self.link(end).map_or("not there", carries);
        format!("{}: link {} is {state}", end.ns, self.name(end))
    }

    /// The addresses of a device that are of `to`'s kind, or that it has none.
    pub fn addr_line(&self, end: &End, to: IpAddr) -> String {
        let addrs = self.addrs(end, to).into_iter();
        let addrs: Vec<String> = addrs.map(|addr| addr.net.to_string()).collect();
        let text = if addrs.is_empty() {
            no_address(to).to_owned()
        } else {
            addrs.join(", ")
        };
        format!("{}: {} has {text}", end.ns, self.name(end))
    }

    /// What is known of a neighbour, as `ip neigh` prints it.
    pub fn neighbour_line(&self, end: &End, ip: IpAddr) -> String {
        let (ns, dev) = (&end.ns, self.name(end));
        let Some(known) = self.neighbour(end, ip) else {
            return format!("{ns}: no neighbour {ip} on {dev}");
        };
        let mac = known.mac.map(|mac| format!(" lladdr {mac}"));
        let state = nud::NAMES.iter().find(|(bit, _)| known.state & bit != 0);
        let state = state.map_or("NONE", |(_, name)| name);
        format!(
            "{ns}: neighbour {ip} dev {dev}{} {state}",
            mac.unwrap_or_default()
        )
    }

    /// The routes of a namespace, as `ip route` begins their lines.
    pub fn route_lines(&self, ns: &Ns, v4: bool) -> Vec<String> {
        let routes = self.space(ns).into_iter().flat_map(|it| &it.routes);
        let shown = routes.filter(|it| it.table == table::MAIN && it.dst.addr().is_ipv4() == v4);
        let lines: Vec<String> = shown
            .map(|route| format!("{ns}: route {}", self.route_line(ns, route)))
            .collect();
        if lines.is_empty() {
            vec![format!("{ns}: no routes")]
        } else {
            lines
        }
    }
}

/// What a device has that lacks an address of `to`'s kind. One of IPv6 for its own link it has all the
/// same, where it is up.
pub(super) fn no_address(to: IpAddr) -> &'static str {
    if to.is_ipv4() {
        "no IPv4 address"
    } else {
        "no IPv6 address beyond its link"
    }
}

impl Diagnosis {
    /// For a namespace as a whole.
    pub(super) fn of(cause: Cause, ns: &Ns, sentence: String) -> Self {
        Self {
            cause,
            at: Some((ns.clone(), None)),
            sentence,
            evidence: Vec::new(),
        }
    }

    /// With these lines as evidence.
    pub(super) fn shown_by(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.evidence.extend(lines);
        self
    }
}

/// Does it carry packets, in a word?
fn carries(link: &Link) -> &'static str {
    if !link.is_up() {
        "DOWN"
    } else if link.flags.contains(LinkFlags::LOWER_UP) {
        "UP"
    } else {
        "UP, NO-CARRIER"
    }
}

/// A list in words: `a`, `a and b`, `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
