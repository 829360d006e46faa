//! What a bridge has learnt: `9a:…:03  hlink3  learnt`.

use super::{Part, Row, Table, keys, left_out};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::fdb::FdbEntry;
use crate::world::link::{LinkKind, Mac};
use crate::world::neigh::nud;

pub(super) fn table(space: &Space) -> Table {
    let switching = space
        .links
        .values()
        .any(|link| matches!(link.kind, LinkKind::Bridge | LinkKind::Vxlan { .. }));
    let (hidden, shown): (Vec<&FdbEntry>, Vec<&FdbEntry>) =
        space.fdb.iter().partition(|entry| is_own(space, entry));
    Table {
        title: "fdb",
        rows: if switching {
            shown.iter().map(|entry| row(space, entry)).collect()
        } else {
            Vec::new()
        },
        empty: switching.then_some("nothing learnt"),
        hidden: switching.then(|| left_out(hidden.len(), "own")).flatten(),
        there: keys(&space.fdb),
        // Learnt by a bridge; what a device takes for itself is noise.
        owns: |key| matches!(key, RowKey::Fdb(_, _, Some(_))),
    }
}

/// Multicast groups and the ports' own addresses: always there, and nothing is learnt by them.
fn is_own(space: &Space, entry: &FdbEntry) -> bool {
    let multicast = entry.mac.0[0] & 1 == 1;
    let own = space
        .links
        .values()
        .any(|link| link.mac == Some(entry.mac) && entry.state == nud::PERMANENT);
    (multicast && entry.mac != Mac([0xff; 6])) || own
}

fn row(space: &Space, entry: &FdbEntry) -> Row {
    let how = if entry.state & nud::PERMANENT == 0 {
        "learnt"
    } else {
        "permanent"
    };
    Row {
        key: Some(entry.into()),
        cells: vec![
            Part::new(Slot::Text, entry.mac.to_string()),
            Part::new(Slot::Code, space.link_name(entry.link)),
            Part::new(Slot::Dim, how),
        ],
        tail: entry
            .dst
            .map(|dst| Part::new(Slot::Dim, format!("dst {dst}")))
            .into_iter()
            .collect(),
    }
}
