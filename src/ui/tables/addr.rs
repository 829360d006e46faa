//! Addresses: `172.16.0.11/16  ceth3`.

use super::{Part, Row, Table, is_noise, keys, left_out};
use crate::session::RowKey;
use crate::theme::Slot;
use crate::world::Space;
use crate::world::addr::Addr;

/// `IFA_F_DADFAILED` of `linux/if_addr.h`: somebody else has it.
const DAD_FAILED: u32 = 0x08;
/// `IFA_F_TENTATIVE`: it is being asked whether somebody else has it.
const TENTATIVE: u32 = 0x40;

pub(super) fn table(space: &Space) -> Table {
    let (hidden, shown): (Vec<&Addr>, Vec<&Addr>) = space
        .addrs
        .iter()
        .partition(|addr| is_noise(&addr.net.to_string()));
    Table {
        title: "addresses",
        rows: shown.iter().map(|addr| row(space, addr)).collect(),
        empty: Some("none"),
        hidden: left_out(hidden.len(), "IPv6-local"),
        there: keys(&space.addrs),
        owns: |key| matches!(key, RowKey::Addr(_, net) if !is_noise(net)),
    }
}

fn row(space: &Space, addr: &Addr) -> Row {
    let mut tail = Vec::new();
    if let Some(peer) = addr.peer {
        tail.push(Part::new(Slot::Dim, format!("peer {peer}")));
    }
    if addr.flags & DAD_FAILED != 0 {
        tail.push(Part::new(Slot::Bad, "DUPLICATE"));
    } else if addr.flags & TENTATIVE != 0 {
        tail.push(Part::new(Slot::Pending, "tentative"));
    }
    Row {
        key: Some(addr.into()),
        cells: vec![
            Part::new(Slot::Text, addr.net.to_string()),
            Part::new(Slot::Code, space.link_name(addr.link)),
        ],
        tail,
    }
}
