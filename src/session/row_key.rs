//! The key of each table's rows, in one place: what marks a row as changed and what draws it must
//! agree.

use super::state::RowKey;
use crate::world::addr::Addr;
use crate::world::conntrack::Flow;
use crate::world::fdb::FdbEntry;
use crate::world::link::Link;
use crate::world::neigh::Neigh;
use crate::world::route::Route;

impl From<&Link> for RowKey {
    fn from(link: &Link) -> Self {
        Self::Link(link.index)
    }
}

impl From<&Addr> for RowKey {
    fn from(addr: &Addr) -> Self {
        Self::Addr(addr.link, addr.net.to_string())
    }
}

impl From<&Route> for RowKey {
    fn from(route: &Route) -> Self {
        Self::Route(
            route.table,
            route.dst.to_string(),
            route.dev,
            route.metric.unwrap_or(0),
        )
    }
}

impl From<&Neigh> for RowKey {
    fn from(neigh: &Neigh) -> Self {
        Self::Neigh(neigh.link, neigh.dst.to_string())
    }
}

impl From<&FdbEntry> for RowKey {
    fn from(entry: &FdbEntry) -> Self {
        Self::Fdb(entry.link, entry.mac.to_string(), entry.master)
    }
}

impl From<&Flow> for RowKey {
    fn from(flow: &Flow) -> Self {
        Self::Flow(flow.id)
    }
}
