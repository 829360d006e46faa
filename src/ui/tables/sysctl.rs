//! Settings that have been read: `net.ipv4.ip_forward = 1`.

use super::{Part, Row, Table, left_out};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;

/// The switch that makes a router; the kernel knows it by a second name too.
const FORWARD: &str = "net.ipv4.ip_forward";
const FORWARD_TOO: &str = "net.ipv4.conf.all.forwarding";

pub(super) fn table(space: &Space) -> Table {
    let (shown, hidden): (Vec<_>, Vec<_>) = space
        .sysctls
        .iter()
        .filter(|(name, _)| *name != FORWARD_TOO)
        .partition(|(name, value)| *name == FORWARD || *value != "0");
    Table {
        title: "settings",
        rows: shown
            .into_iter()
            .map(|(name, value)| row(name, value))
            .collect(),
        empty: None,
        hidden: left_out(hidden.len(), "at 0"),
        there: space.sysctls.keys().cloned().map(RowKey::Sysctl).collect(),
        owns: |key| matches!(key, RowKey::Sysctl(_)),
    }
}

fn row(name: &str, value: &str) -> Row {
    Row {
        key: Some(RowKey::Sysctl(name.to_owned())),
        cells: vec![
            Part::new(Slot::Text, name)
                .and(Slot::Dim, " = ")
                .and(Slot::Code, value),
        ],
        tail: Vec::new(),
    }
}
