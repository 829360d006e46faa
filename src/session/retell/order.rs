//! In what order devices come to their networks: of two equal connected routes the first wins, and
//! that is the one of the device that came first.

use ipnet::IpNet;

use super::Tale;
use super::by_itself::stands_on;
use super::kin::link;
use super::routes::is_connected;
use crate::command::link::Setting;
use crate::world::link::Link;
use crate::world::route::Route;
use crate::world::{Ns, Space};

/// What makes connected routes equal.
type Rank = (IpNet, u32);

impl Tale {
    /// Where equal connected routes have changed places, somebody has switched a device off and on
    /// again: it is switched off here, and comes back with its addresses.
    pub(super) fn reorder(&mut self) {
        for ns in self.spaces() {
            for index in self.late(&ns) {
                let key = (ns.clone(), index);
                let on = link(&self.now, &key).is_some_and(Link::is_up);
                if let Some(dev) = self.name(&key).filter(|_| on) {
                    self.set(&ns, dev, vec![Setting::Down]);
                    self.down(&key);
                }
            }
        }
    }

    /// The devices whose connected routes stand too early by now.
    fn late(&self, ns: &Ns) -> Vec<u32> {
        let (now, aim) = (&self.now.spaces[ns], &self.aim.spaces[ns]);
        let mut late = Vec::new();
        let mut seen: Vec<Rank> = Vec::new();
        for row in aim.routes.iter().filter(|row| is_connected(row)) {
            let rank = rank(row);
            if seen.contains(&rank) {
                continue;
            }
            seen.push(rank);
            let wanted = devices(aim, rank);
            let have: Vec<u32> = (devices(now, rank).into_iter())
                .filter(|index| wanted.contains(index))
                .collect();
            let new = wanted.iter().filter(|index| !have.contains(index));
            let by_itself: Vec<u32> = have.iter().chain(new).copied().collect();
            let first = (wanted.iter().zip(&by_itself)).position(|(a, b)| a != b);
            let after = first.map_or(&[][..], |at| &wanted[at..]);
            late.extend(after.iter().filter(|index| have.contains(index)));
        }
        late
    }

    /// The devices of a namespace as their networks come, what others stand on first.
    pub(super) fn in_order(&self, ns: &Ns) -> Vec<u32> {
        let aim = &self.aim.spaces[ns];
        let rank = |link: &Link| {
            let connected = |row: &Route| row.dev == Some(link.index) && is_connected(row);
            let at = aim.routes.iter().position(connected);
            (at.unwrap_or(usize::MAX), link.index)
        };
        let mut links: Vec<&Link> = aim.links.values().collect();
        links.sort_by_key(|link| rank(link));
        let mut order: Vec<u32> = Vec::new();
        while order.len() < links.len() {
            let waits = |link: &Link| {
                let mut others = links.iter().filter(|other| !order.contains(&other.index));
                others.any(|other| other.index != link.index && stands_on(link, other.index))
            };
            let left = || links.iter().filter(|link| !order.contains(&link.index));
            let next = left().find(|link| !waits(link)).or(left().next());
            order.extend(next.map(|link| link.index));
        }
        order
    }
}

fn rank(row: &Route) -> Rank {
    (row.dst, row.metric.unwrap_or(0))
}

/// The devices with a connected route of this rank, the first one first.
fn devices(space: &Space, wanted: Rank) -> Vec<u32> {
    let given = |row: &Route| {
        let own = |it: &crate::world::addr::Addr| {
            Some(it.link) == row.dev && Some(it.net.addr()) == row.src
        };
        space.addrs.iter().any(own)
    };
    let rows = space.routes.iter();
    rows.filter(|row| is_connected(row) && rank(row) == wanted && given(row))
        .filter_map(|row| row.dev)
        .collect()
}
