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
