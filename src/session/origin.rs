//! Where a change can have come from, which tells what has to be looked at because of it.

use crate::world::Change;

/// Where a change can have come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// From packets alone: connections, and names that follow from what else is there.
    Packets,
    /// From packets (a probe's own among them), from being read, or from somebody who has set it.
    Either,
    /// From somebody: only this can change what a probe is answered. Did more count, what probes
    /// bring about would send them again without end.
    Somebody,
}

impl Origin {
    /// That of `change`.
    pub(super) fn of(change: &Change) -> Self {
        match change {
            Change::Flow(_) | Change::FlowGone(_) | Change::Flows(_) | Change::Nsids(_) => {
                Self::Packets
            }
            Change::Neigh(_)
            | Change::NeighGone(_)
            | Change::Fdb(_)
            | Change::FdbGone(_)
            | Change::Sysctl(..) => Self::Either,
            Change::Appeared(_)
            | Change::Vanished
            | Change::Resync(_)
            | Change::Link(_)
            | Change::LinkGone(_)
            | Change::Addr(_)
            | Change::AddrGone(_)
            | Change::Addrs(_)
            | Change::Route(_)
            | Change::Routes(_)
            | Change::RouteGone(_)
            | Change::Policy(_)
            | Change::PolicyGone(_)
            | Change::Ruleset(_) => Self::Somebody,
        }
    }
}
