//! `ip neighbour show`, as iproute2 prints it.

use std::fmt::Write;
use std::net::IpAddr;

use ipnet::IpNet;

use super::ShowNeighs;
use crate::command::Family;
use crate::command::request::device;
use crate::command::task::{Printed, Refusal, Show, Tables};
use crate::world::Space;
use crate::world::neigh::{Neigh, nud};

/// `NTF_*` names in the order in which iproute2 shows them.
const FLAGS: [(u8, &str); 4] = [
    (0x80, "router"),
    (PROXY, "proxy"),
    (EXT_LEARNED, "extern_learn"),
    (0x20, "offload"),
];
const PROXY: u8 = 0x08;
const EXT_LEARNED: u8 = 0x10;

/// All states but `NOARP` and none, which say nothing of the neighbour.
const SHOWN: u16 = 0xbf;
/// iproute2's own bit for "no state at all", which it sets for `nud none` (0).
const NONE: u16 = 0x100;

impl Show for ShowNeighs {
    fn tables(&self) -> Tables {
        Tables::LINKS | Tables::NEIGHS
    }

    fn print(&self, known: &Space) -> Printed {
        match self.chosen(known, self.state.unwrap_or(SHOWN)) {
            Ok(rows) => Printed::table(rows.into_iter().map(|row| self.line(row, known)).collect()),
            Err(refusal) => refusal.into(),
        }
    }
}

impl ShowNeighs {
    /// The neighbours in one of `states` that are meant, in the kernel's order, IPv4 first.
    ///
    /// # Errors
    /// The device does not exist.
    pub(super) fn chosen<'a>(
        &self,
        known: &'a Space,
        states: u16,
    ) -> Result<Vec<&'a Neigh>, Refusal> {
        let dev = match &self.dev {
            Some(name) => Some(device(known, name)?),
            None => None,
        };
        let (four, six): (Vec<_>, Vec<_>) = known
            .neighs
            .iter()
            .filter(|row| dev.is_none_or(|dev| row.link == dev))
            .filter(|row| self.to.is_none_or(|to| to.contains(&IpNet::from(row.dst))))
            .filter(|row| in_states(row, states) && self.wants_family(row.dst))
            .partition(|row| row.dst.is_ipv4());
        Ok(four.into_iter().chain(six).collect())
    }

    fn wants_family(&self, ip: IpAddr) -> bool {
        match self.view.family {
            Some(Family::V4) => ip.is_ipv4(),
            Some(Family::V6) => ip.is_ipv6(),
            None => true,
        }
    }

    /// The device is left out where it was asked for.
    fn line(&self, row: &Neigh, known: &Space) -> String {
        if self.view.brief {
            return self.brief(row, known);
        }
        let mut text = format!("{} ", row.dst);
        if self.dev.is_none() {
            let _ = write!(text, "dev {} ", known.link_name(row.link));
        }
        if let Some(mac) = row.mac {
            let _ = write!(text, "lladdr {mac} ");
        }
        for (_, name) in FLAGS.iter().filter(|(bit, _)| row.flags & bit != 0) {
            let _ = write!(text, "{name} ");
        }
        for (_, name) in nud::NAMES.iter().filter(|(bit, _)| row.state & bit != 0) {
            let _ = write!(text, "{name} ");
        }
        text.push('\n');
        text
    }

    fn brief(&self, row: &Neigh, known: &Space) -> String {
        let mut text = format!("{:<39} ", row.dst);
        if self.dev.is_none() {
            let _ = write!(text, "{:<16} ", known.link_name(row.link));
        }
        if let Some(mac) = row.mac {
            let _ = write!(text, "{mac}");
        }
        text.push('\n');
        text
    }
}

fn in_states(row: &Neigh, states: u16) -> bool {
    row.state & states != 0
        || row.flags & (PROXY | EXT_LEARNED) != 0
        || row.state == 0 && (states & NONE != 0 || states == 0)
}
