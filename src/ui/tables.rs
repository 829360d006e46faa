//! The live tables of a namespace, in the short form of a pane.
//!
//! iproute2's own lines are too long for a pane and say everything; here a row says what a lesson
//! is about, and what is wrong with it in a word. What IPv6 brings by itself (loopback, link-local
//! and multicast rows) is counted beside the title instead of shown.

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

use std::collections::BTreeSet;
use std::net::IpAddr;

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
pub(in crate::ui) struct Table {
    /// What it holds.
    pub(super) title: &'static str,
    /// Its rows.
    pub(super) rows: Vec<Row>,
    /// What it means that there are none; absent where an empty table is not worth a line.
    pub(super) empty: Option<&'static str>,
    /// What was left out.
    pub(super) hidden: Option<String>,
    /// The keys of every row that is there, also of those left out.
    pub(super) there: BTreeSet<RowKey>,
    /// Would a row with this key stand here, if it were there?
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

/// The keys of these rows.
fn keys<'a, T: 'a>(rows: impl IntoIterator<Item = &'a T>) -> BTreeSet<RowKey>
where
    RowKey: From<&'a T>,
{
    rows.into_iter().map(RowKey::from).collect()
}

/// An address or prefix that IPv6 brings by itself: loopback, link-local or multicast.
fn is_noise(net: &str) -> bool {
    let address = net.split_once('/').map_or(net, |(address, _)| address);
    match address.parse() {
        Ok(IpAddr::V6(v6)) => v6.is_loopback() || v6.is_unicast_link_local() || v6.is_multicast(),
        Ok(IpAddr::V4(_)) | Err(_) => false,
    }
}

/// `+2 IPv6-local`, if there are any.
fn left_out(count: usize, what: &str) -> Option<String> {
    (count > 0).then(|| format!("+{count} {what}"))
}
