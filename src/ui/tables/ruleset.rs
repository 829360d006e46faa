//! Packet filter rules, as `iptables -S` says them, without what stands there from the start.

use std::collections::BTreeSet;

use super::{Part, Row, Table};
use crate::command::iptables::print::print;
use crate::command::iptables::{self, Iptables, Op};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::ruleset::{self, Ruleset};

/// The tables that `iptables` works on, with their names.
const TABLES: [(iptables::Table, &str); 2] = [
    (iptables::Table::Filter, "filter"),
    (iptables::Table::Nat, "nat"),
];

pub(super) fn table(space: &Space) -> Table {
    let ruleset = &space.ruleset;
    let mut rows: Vec<Row> = TABLES
        .into_iter()
        .flat_map(|(table, name)| spoken(table, name, ruleset))
        .collect();
    rows.extend(ruleset.tables.iter().filter_map(foreign));
    Table {
        title: "rules",
        rows,
        empty: None,
        hidden: None,
        there: BTreeSet::new(),
        owns: |key| matches!(key, RowKey::Ruleset),
    }
}

/// The lines of `iptables -S`.
fn spoken(table: iptables::Table, name: &str, ruleset: &Ruleset) -> Vec<Row> {
    let list = Iptables {
        table,
        op: Op::ListRules(None),
    };
    let printed = print(&list, ruleset);
    printed
        .out
        .lines()
        .filter(|line| !(line.starts_with("-P ") && line.ends_with(" ACCEPT")))
        .map(|line| {
            let slot = if line.starts_with("-P ") {
                Slot::Bad
            } else {
                Slot::Text
            };
            row(name, slot, line)
        })
        .collect()
}

/// A table that `iptables` does not know or refuses: only how much it holds.
fn foreign(table: &ruleset::Table) -> Option<Row> {
    let ours =
        table.family == ruleset::Family::Ip && TABLES.iter().any(|(_, name)| *name == table.name);
    let rules: usize = table.chains.iter().map(|chain| chain.rules.len()).sum();
    (!ours).then(|| row(&table.name, Slot::Dim, &format!("{rules} rules of nft")))
}

fn row(table: &str, slot: Slot, text: &str) -> Row {
    Row {
        key: None,
        cells: vec![Part::new(Slot::Dim, table), Part::new(slot, text)],
        tail: Vec::new(),
    }
}
