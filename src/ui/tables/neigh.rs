//! Neighbours: `172.16.0.10  br0  REACHABLE`, then the hardware address.

use super::{Part, Row, Table, is_noise, keys, left_out};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::neigh::{Neigh, nud};

pub(super) fn table(space: &Space) -> Table {
    let (hidden, shown): (Vec<&Neigh>, Vec<&Neigh>) = space
        .neighs
        .iter()
        .filter(|neigh| neigh.state != nud::NOARP && neigh.state != 0)
        .partition(|neigh| is_noise(&neigh.dst.to_string()));
    Table {
        title: "neighbours",
        rows: shown.iter().map(|neigh| row(space, neigh)).collect(),
        empty: None,
        hidden: left_out(hidden.len(), "IPv6-local"),
        there: keys(&space.neighs),
        owns: |key| matches!(key, RowKey::Neigh(_, dst) if !is_noise(dst)),
    }
}

fn row(space: &Space, neigh: &Neigh) -> Row {
    let (slot, state) = match neigh.state {
        1 => (Slot::Pending, "INCOMPLETE"),
        2 => (Slot::Ok, "REACHABLE"),
        4 => (Slot::Dim, "STALE"),
        8 => (Slot::Dim, "DELAY"),
        16 => (Slot::Pending, "PROBE"),
        32 => (Slot::Bad, "FAILED"),
        128 => (Slot::Ok, "PERMANENT"),
        _ => (Slot::Dim, "NONE"),
    };
    Row {
        key: Some(neigh.into()),
        cells: vec![
            Part::new(Slot::Text, neigh.dst.to_string()),
            Part::new(Slot::Code, space.link_name(neigh.link)),
            Part::new(slot, state),
        ],
        tail: neigh
            .mac
            .map(|mac| Part::new(Slot::Dim, mac.to_string()))
            .into_iter()
            .collect(),
    }
}
