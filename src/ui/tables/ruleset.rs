//! Packet filter rules, as `iptables -S` says them.

use super::Table;
use crate::session::RowKey;
use crate::world::Space;

pub(super) fn table(_space: &Space) -> Table {
    Table {
        title: "rules",
        rows: Vec::new(),
        empty: None,
        hidden: None,
        owns: |key| matches!(key, RowKey::Ruleset),
    }
}
