//! Routing policy, where there is more than the three rules that each namespace is born with.

use std::collections::BTreeSet;

use super::{Part, Row, Table};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::names;
use crate::world::policy::{PolicyAction, PolicyRule};

/// Priorities of the rules that the kernel makes: local, main, default.
const BORN: [u32; 3] = [0, 32_766, 32_767];

pub(super) fn table(space: &Space) -> Table {
    Table {
        title: "ip rules",
        rows: space
            .policy
            .iter()
            .filter(|rule| !BORN.contains(&rule.priority))
            .map(row)
            .collect(),
        empty: None,
        hidden: None,
        there: BTreeSet::new(),
        owns: |_: &RowKey| false,
    }
}

fn row(rule: &PolicyRule) -> Row {
    let from = rule
        .src
        .map_or_else(|| "all".to_owned(), |src| src.to_string());
    let mut text = format!("from {from}");
    for (word, value) in [
        ("to", rule.dst.map(|dst| dst.to_string())),
        ("iif", rule.iif.clone()),
        ("oif", rule.oif.clone()),
        ("fwmark", rule.mark.map(|(mark, _)| format!("{mark:#x}"))),
    ] {
        if let Some(value) = value {
            text = format!("{text} {word} {value}");
        }
    }
    let action = match rule.action {
        PolicyAction::Lookup => format!("lookup {}", names::table(rule.table)),
        PolicyAction::Goto(priority) => format!("goto {priority}"),
        PolicyAction::Nop => "nop".to_owned(),
        PolicyAction::Blackhole => "blackhole".to_owned(),
        PolicyAction::Unreachable => "unreachable".to_owned(),
        PolicyAction::Prohibit => "prohibit".to_owned(),
    };
    Row {
        key: None,
        cells: vec![
            Part::new(Slot::Dim, format!("{}:", rule.priority)),
            Part::new(Slot::Text, text),
        ],
        tail: vec![Part::new(Slot::Text, action)],
    }
}
