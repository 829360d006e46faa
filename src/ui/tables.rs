//! The live tables of a namespace, in the short form of a pane.
//!
//! iproute2's own lines are too long for a pane and say everything; here a row says what a lesson
//! is about, and what is wrong with it in a word. The kernel's own noise (IPv6 link-local and
//! multicast rows) is counted beside the title instead of shown.

mod addr;
mod block;
mod conntrack;
mod fdb;
mod link;
mod neigh;
mod peer;
mod policy;
mod route;
mod ruleset;
mod sysctl;

use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::{Ns, World};

pub(super) use block::{block, is_fresh};

/// A piece of a row, never broken: text of one or more meanings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part(pub(super) Vec<(Slot, String)>);

impl Part {
    fn new(slot: Slot, text: impl Into<String>) -> Self {
        Self(vec![(slot, text.into())])
    }

    fn and(mut self, slot: Slot, text: impl Into<String>) -> Self {
        self.0.push((slot, text.into()));
        self
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Marks it when it has changed.
    pub(super) key: Option<RowKey>,
    /// In columns, where there is room.
    pub(super) cells: Vec<Part>,
    /// Behind them, or on a line of their own.
    pub(super) tail: Vec<Part>,
}

/// A table.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Table {
    /// What it holds.
    pub(super) title: &'static str,
    /// Its rows.
    pub(super) rows: Vec<Row>,
    /// What it means that there are none; absent where an empty table is not worth a line.
    pub(super) empty: Option<&'static str>,
    /// What was left out.
    pub(super) hidden: Option<String>,
    /// Is this the key of one of its rows, also of one that is gone?
    pub(super) owns: fn(&RowKey) -> bool,
}

/// Every table of a namespace.
pub(in crate::ui) fn tables(world: &World, ns: &Ns) -> Vec<Table> {
    let Some(space) = world.spaces.get(ns) else {
        return Vec::new();
    };
    vec![
        link::table(world, ns, space),
        addr::table(space),
        route::table(space),
        policy::table(space),
        neigh::table(space),
        fdb::table(space),
        ruleset::table(space),
        conntrack::table(space),
        sysctl::table(space),
    ]
}

/// `+2 link-local`, if there are any.
fn left_out(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| format!("+{count} {what}"))
}
