//! Folding: one change into one namespace's tables.
//!
//! Every fold may come twice, late, or for a row that is not there: after joining the kernel's
//! groups everything is read once, and messages from before that reading still arrive.

use super::addr::Addr;
use super::conntrack::Flow;
use super::fdb::FdbEntry;
use super::link::Link;
use super::neigh::Neigh;
use super::policy::PolicyRule;
use super::route::Route;
use super::{Change, Ns, Space, World};

impl World {
    /// Folds one change of namespace `ns` in. A change in a namespace that has not appeared (or is
    /// gone) does nothing.
    pub fn apply(&mut self, ns: &Ns, change: Change) {
        match change {
            Change::Appeared(space) | Change::Resync(space) => {
                self.spaces.insert(ns.clone(), *space);
            }
            Change::Vanished => {
                self.spaces.remove(ns);
            }
            change => {
                if let Some(space) = self.spaces.get_mut(ns) {
                    space.apply(change);
                }
            }
        }
    }
}

impl Space {
    /// Folds one change in.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Appeared(space) | Change::Resync(space) => *self = *space,
            Change::Vanished => *self = Self::default(),
            Change::Link(link) => {
                self.links.insert(link.index, *link);
            }
            Change::LinkGone(index) => self.unplug(index),
            Change::Addr(addr) => put(&mut self.addrs, addr, same_addr),
            Change::AddrGone(addr) => self.addrs.retain(|row| !same_addr(row, &addr)),
            Change::Addrs(addrs) => self.addrs = addrs,
            Change::Route(route) => put(&mut self.routes, route, same_route),
            Change::RouteGone(route) => self.routes.retain(|row| !same_route(row, &route)),
            Change::Routes(routes) => self.routes = routes,
            Change::Neigh(neigh) => put(&mut self.neighs, neigh, same_neigh),
            Change::NeighGone(neigh) => self.neighs.retain(|row| !same_neigh(row, &neigh)),
            Change::Fdb(entry) => put(&mut self.fdb, entry, same_entry),
            Change::FdbGone(entry) => self.fdb.retain(|row| !same_entry(row, &entry)),
            Change::Policy(rule) => self.put_policy(rule),
            Change::PolicyGone(rule) => self.policy.retain(|row| *row != rule),
            Change::Ruleset(ruleset) => self.ruleset = *ruleset,
            Change::Flow(flow) => put(&mut self.flows, flow, same_flow),
            Change::FlowGone(flow) => self.flows.retain(|row| !same_flow(row, &flow)),
            Change::Flows(flows) => self.flows = flows,
            Change::Sysctl(name, value) => {
                self.sysctls.insert(name, value);
            }
            Change::Nsids(names) => self.nsids = names,
        }
    }

    /// Without what no notification brings: counters, timers and the details of a dump. Two of
    /// these are equal when nothing has changed between them.
    #[must_use]
    pub fn lasting(mut self) -> Self {
        self.links = (self.links.into_iter())
            .map(|(index, link)| (index, link.lasting()))
            .collect();
        self.neighs.retain(Neigh::is_told);
        self.fdb.retain(FdbEntry::is_told);
        for entry in &mut self.fdb {
            entry.ages = None;
        }
        self.ruleset = self.ruleset.lasting();
        for flow in &mut self.flows {
            flow.timeout = None;
            flow.mark = None;
            flow.uses = None;
        }
        self
    }

    /// A device takes with it all that refers to it.
    fn unplug(&mut self, index: u32) {
        self.links.remove(&index);
        self.addrs.retain(|row| row.link != index);
        self.routes.retain(|row| row.dev != Some(index));
        self.neighs.retain(|row| row.link != index);
        self.fdb
            .retain(|row| row.link != index && row.master != Some(index));
    }

    /// Rules stand in the order of their families and priorities; of equal ones the first added
    /// comes first.
    fn put_policy(&mut self, rule: PolicyRule) {
        if self.policy.contains(&rule) {
            return;
        }
        let place = |row: &PolicyRule| (row.v6, row.priority);
        let at = (self.policy).partition_point(|row| place(row) <= place(&rule));
        self.policy.insert(at, rule);
    }
}

impl Link {
    /// Without what no notification brings.
    #[must_use]
    pub fn lasting(mut self) -> Self {
        self.details = None;
        self.stats = None;
        self
    }
}

impl FdbEntry {
    /// Does the kernel tell when it comes and goes? It does for what bridges and VXLAN devices
    /// know, and does not for the addresses that a device itself listens to.
    pub fn is_told(&self) -> bool {
        self.master.is_some() || self.dst.is_some()
    }
}

impl Neigh {
    /// Does the kernel tell when it comes and goes? It does not for what needs no asking, such as
    /// multicast addresses (`NUD_NOARP`), and `ip neigh` does not show those either.
    pub fn is_told(&self) -> bool {
        self.state != 64
    }
}

/// Replaces the row that is the same one, or adds it at the end.
fn put<Row>(rows: &mut Vec<Row>, new: Row, same: fn(&Row, &Row) -> bool) {
    match rows.iter_mut().find(|row| same(row, &new)) {
        Some(row) => *row = new,
        None => rows.push(new),
    }
}

fn same_addr(a: &Addr, b: &Addr) -> bool {
    (a.link, a.net, a.peer) == (b.link, b.net, b.peer)
}

/// What tells two routes apart. The kernel allows several to one prefix (RFC 1812's "more than one
/// route"), which differ in metric, device or next router.
fn same_route(a: &Route, b: &Route) -> bool {
    (a.table, a.dst, a.metric.unwrap_or(0), a.dev, a.via, a.kind)
        == (b.table, b.dst, b.metric.unwrap_or(0), b.dev, b.via, b.kind)
}

fn same_neigh(a: &Neigh, b: &Neigh) -> bool {
    (a.link, a.dst) == (b.link, b.dst)
}

fn same_entry(a: &FdbEntry, b: &FdbEntry) -> bool {
    let key = |row: &FdbEntry| (row.mac, row.vlan, row.master, row.dst);
    // A bridge knows an address once, whichever port it is behind.
    key(a) == key(b) && (a.link == b.link || a.master.is_some())
}

fn same_flow(a: &Flow, b: &Flow) -> bool {
    a.id == b.id
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::super::link::{Mac, PortState};
    use super::*;

    fn address(text: &str, link: u32) -> Addr {
        Addr {
            link,
            net: text.parse().expect("a prefix"),
            peer: None,
            broadcast: None,
            scope: 0,
            flags: 0,
            label: None,
            valid: u32::MAX,
            preferred: u32::MAX,
            proto: 0,
        }
    }

    fn route(dst: &str, dev: u32) -> Route {
        Route {
            dst: dst.parse().expect("a prefix"),
            table: 254,
            dev: Some(dev),
            ..Route::default()
        }
    }

    fn neigh(dst: &str, state: u16) -> Neigh {
        Neigh {
            link: 3,
            dst: dst.parse::<IpAddr>().expect("an address"),
            mac: None,
            state,
            flags: 0,
        }
    }

    fn device(index: u32, name: &str) -> Change {
        Change::Link(Box::new(Link {
            index,
            name: name.to_owned(),
            ..Link::default()
        }))
    }

    fn space(changes: impl IntoIterator<Item = Change>) -> Space {
        let mut space = Space::default();
        for change in changes {
            space.apply(change);
        }
        space
    }

    #[test]
    fn news_of_an_unknown_namespace_does_nothing() {
        let mut world = World::default();
        world.apply(&Ns::Host, device(1, "lo"));
        assert_eq!(world, World::default());
        world.apply(&Ns::Host, Change::Appeared(Box::default()));
        world.apply(&Ns::Host, device(1, "lo"));
        assert!(world.spaces[&Ns::Host].link("lo").is_some());
        world.apply(&Ns::Host, Change::Vanished);
        world.apply(&Ns::Host, Change::Vanished);
        assert_eq!(world, World::default());
    }

    #[test]
    fn each_change_may_come_twice() {
        let once = [
            device(3, "hlink1"),
            Change::Addr(address("172.16.0.10/16", 3)),
            Change::Route(route("172.16.0.0/16", 3)),
            Change::Neigh(neigh("172.16.0.11", 2)),
            Change::Policy(PolicyRule::default()),
            Change::Fdb(FdbEntry::default()),
        ];
        let twice = once
            .iter()
            .flat_map(|change| [change.clone(), change.clone()]);
        assert_eq!(space(once.clone()), space(twice));
    }

    #[test]
    fn a_row_that_is_not_there_may_go() {
        let gone = space([
            Change::LinkGone(9),
            Change::AddrGone(address("172.16.0.10/16", 3)),
            Change::RouteGone(route("172.16.0.0/16", 3)),
            Change::NeighGone(neigh("172.16.0.11", 2)),
            Change::FdbGone(FdbEntry::default()),
            Change::PolicyGone(PolicyRule::default()),
        ]);
        assert_eq!(gone, Space::default());
    }

    #[test]
    fn of_two_routes_to_one_prefix_the_first_stays_first() {
        let (first, second) = (route("172.16.0.0/16", 3), route("172.16.0.0/16", 5));
        let mut space = space([Change::Route(first.clone()), Change::Route(second.clone())]);
        assert_eq!(space.routes, [first.clone(), second.clone()]);
        space.apply(Change::Routes(vec![second.clone(), first.clone()]));
        assert_eq!(space.routes, [second.clone(), first.clone()]);
        space.apply(Change::RouteGone(second));
        assert_eq!(space.routes, [first]);
    }

    #[test]
    fn a_device_takes_its_rows_with_it() {
        let mut space = space([
            device(3, "hlink1"),
            device(4, "br0"),
            Change::Addr(address("172.16.0.10/16", 3)),
            Change::Addr(address("172.16.0.1/16", 4)),
            Change::Route(route("172.16.0.0/16", 3)),
            Change::Neigh(neigh("172.16.0.11", 2)),
            Change::Fdb(FdbEntry {
                link: 3,
                master: Some(4),
                ..FdbEntry::default()
            }),
        ]);
        space.apply(Change::LinkGone(3));
        assert_eq!(space.links.len(), 1);
        assert_eq!(space.addrs, [address("172.16.0.1/16", 4)]);
        assert!(space.routes.is_empty() && space.neighs.is_empty() && space.fdb.is_empty());
    }

    #[test]
    fn a_neighbour_changes_in_place() {
        let space = space([
            Change::Neigh(neigh("172.16.0.11", 2)),
            Change::Neigh(neigh("172.16.0.12", 2)),
            Change::Neigh(neigh("172.16.0.11", 4)),
        ]);
        assert_eq!(
            space.neighs,
            [neigh("172.16.0.11", 4), neigh("172.16.0.12", 2)]
        );
    }

    #[test]
    fn a_bridge_knows_an_address_behind_one_port() {
        let behind = |link| FdbEntry {
            link,
            mac: Mac([2, 0, 0, 0, 0, 1]),
            master: Some(4),
            ..FdbEntry::default()
        };
        let space = space([Change::Fdb(behind(2)), Change::Fdb(behind(3))]);
        assert_eq!(space.fdb, [behind(3)]);
    }

    #[test]
    fn policy_stands_in_the_order_of_priorities() {
        let rule = |v6, priority| PolicyRule {
            v6,
            priority,
            ..PolicyRule::default()
        };
        let rules = [
            rule(true, 0),
            rule(false, 32766),
            rule(false, 0),
            rule(false, 5),
        ];
        let space = space(rules.map(Change::Policy));
        let order: Vec<_> = (space.policy.iter())
            .map(|rule| (rule.v6, rule.priority))
            .collect();
        assert_eq!(order, [(false, 0), (false, 5), (false, 32766), (true, 0)]);
    }

    #[test]
    fn what_no_notification_brings_does_not_last() {
        let mut space = Space::default();
        space.links.insert(
            3,
            Link {
                port: Some(PortState::Forwarding),
                details: Some(Box::default()),
                stats: Some(Box::default()),
                ..Link::default()
            },
        );
        space.neighs.push(neigh("224.0.0.22", 64));
        space.fdb.push(FdbEntry::default());
        let lasting = space.lasting();
        assert_eq!(lasting.links[&3].details, None);
        assert_eq!(lasting.links[&3].port, Some(PortState::Forwarding));
        assert!(lasting.neighs.is_empty() && lasting.fdb.is_empty());
    }
}
