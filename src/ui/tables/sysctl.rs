//! Settings that have been read: `net.ipv4.ip_forward = 1`.

use super::{Part, Row, Table};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;

pub(super) fn table(space: &Space) -> Table {
    Table {
        title: "settings",
        rows: space
            .sysctls
            .iter()
            .map(|(name, value)| Row {
                key: Some(RowKey::Sysctl(name.clone())),
                cells: vec![
                    Part::new(Slot::Text, name)
                        .and(Slot::Dim, " = ")
                        .and(Slot::Code, value),
                ],
                tail: Vec::new(),
            })
            .collect(),
        empty: None,
        hidden: None,
        there: space.sysctls.keys().cloned().map(RowKey::Sysctl).collect(),
        owns: |key| matches!(key, RowKey::Sysctl(_)),
    }
}
