//! What has changed in the last moments, so that panes can mark it.

use std::time::Duration;

use super::state::{RowKey, Session};
use crate::world::{Change, Ns, Space};

/// A change is marked for this long.
pub const FRESH: Duration = Duration::from_secs(4);

/// The rows that `change` makes new or different, or takes away, `known` being the tables before it.
fn touched(known: &Space, change: &Change) -> Vec<RowKey> {
    match change {
        Change::Link(row) if known.links.get(&row.index) == Some(row) => Vec::new(),
        Change::Link(row) => vec![RowKey::Link(row.index)],
        Change::Addr(row) => new_row(&known.addrs, row),
        Change::Route(row) => new_row(&known.routes, row),
        Change::Addrs(rows) => new_rows(&known.addrs, rows),
        Change::Routes(rows) => new_rows(&known.routes, rows),
        Change::Neigh(row) => new_row(&known.neighs, row),
        Change::Fdb(row) => new_row(&known.fdb, row),
        Change::Flow(row) if known.flows.contains(row) => Vec::new(),
        Change::Flow(row) => vec![RowKey::Flow(row.id)],
        Change::Flows(rows) => new_rows(&known.flows, rows),
        Change::Ruleset(all) if **all == known.ruleset => Vec::new(),
        Change::Ruleset(_) => vec![RowKey::Ruleset],
        Change::Sysctl(name, value) if known.sysctls.get(name).is_none_or(|old| old == value) => {
            Vec::new()
        }
        Change::Sysctl(name, _) => vec![RowKey::Sysctl(name.clone())],
        Change::Appeared(space) => space
            .links
            .keys()
            .map(|index| RowKey::Link(*index))
            .collect(),
        Change::LinkGone(index) => vec![RowKey::Link(*index)],
        Change::AddrGone(row) => vec![row.into()],
        Change::RouteGone(row) => vec![row.into()],
        Change::NeighGone(row) => vec![row.into()],
        Change::FdbGone(row) => vec![row.into()],
        Change::FlowGone(row) => vec![row.into()],
        Change::Vanished
        | Change::Resync(_)
        | Change::Policy(_)
        | Change::PolicyGone(_)
        | Change::Nsids(_) => Vec::new(),
    }
}

fn new_row<T: PartialEq>(rows: &[T], row: &T) -> Vec<RowKey>
where
    for<'a> RowKey: From<&'a T>,
{
    one_way(rows, std::slice::from_ref(row))
}

/// All rows are told anew: those that were not there, and those that are there no more.
fn new_rows<T: PartialEq>(known: &[T], rows: &[T]) -> Vec<RowKey>
where
    for<'a> RowKey: From<&'a T>,
{
    let mut keys = one_way(known, rows);
    keys.extend(one_way(rows, known));
    keys
}

/// The rows that `known` does not hold.
fn one_way<T: PartialEq>(known: &[T], rows: &[T]) -> Vec<RowKey>
where
    for<'a> RowKey: From<&'a T>,
{
    let new = rows.iter().filter(|row| !known.contains(row));
    new.map(RowKey::from).collect()
}

impl Session {
    /// Marks what `change` makes new or different.
    pub(super) fn mark(&mut self, ns: &Ns, change: &Change) {
        let empty = Space::default();
        let known = self.world.spaces.get(ns).unwrap_or(&empty);
        let keys = touched(known, change);
        if keys.is_empty() {
            return;
        }
        for key in &keys {
            self.fresh.insert((ns.clone(), key.clone()), self.now);
        }
        match self.latest.get_mut(ns) {
            Some((at, latest)) if *at == self.now => latest.extend(keys),
            Some(_) | None => {
                self.latest.insert(ns.clone(), (self.now, keys));
            }
        }
    }

    /// Forgets marks that are old.
    pub(super) fn fade(&mut self) {
        let now = self.now;
        self.fresh.retain(|_, since| now < *since + FRESH);
    }

    /// When the next mark grows old.
    pub(super) fn next_fade(&self) -> Option<Duration> {
        self.fresh.values().min().map(|since| *since + FRESH)
    }

    /// Is this row marked?
    pub fn is_fresh(&self, ns: &Ns, key: &RowKey) -> bool {
        self.fresh.contains_key(&(ns.clone(), key.clone()))
    }
}
