//! What has changed and cannot be said: forwarding entries, policy rules, the tables of nft.

use super::Tale;
use crate::world::fdb::FdbEntry;
use crate::world::link::Mac;
use crate::world::neigh::nud;
use crate::world::ruleset::{Family, Ruleset, Table};
use crate::world::{Ns, Space};

/// By this a bridge marks a static entry.
const STATIC: u16 = nud::NOARP;

impl Tale {
    /// Says what the commands leave out.
    pub(super) fn name_the_rest(&mut self) {
        for ns in self.spaces() {
            self.name_entries(&ns);
            self.name_policy(&ns);
            self.name_tables(&ns);
        }
    }

    fn name_entries(&mut self, ns: &Ns) {
        let (now, aim) = (&self.now.spaces[ns], &self.aim.spaces[ns]);
        let (have, wanted) = (made(now), made(aim));
        let lost: Vec<Mac> = (have.iter().filter(|mac| !wanted.contains(mac)))
            .chain(wanted.iter().filter(|mac| !have.contains(mac)))
            .copied()
            .collect();
        for mac in lost {
            self.lose(format!(
                "in {ns}: the forwarding entry for {mac}, which `bridge fdb` cannot change here"
            ));
        }
    }

    fn name_policy(&mut self, ns: &Ns) {
        if self.now.spaces[ns].policy != self.aim.spaces[ns].policy
            // A new namespace's are the kernel's three, of which nothing is known yet.
            && !self.now.spaces[ns].policy.is_empty()
        {
            self.lose(format!(
                "in {ns}: the routing policy, which `ip rule` cannot change here"
            ));
        }
    }

    /// Tables that `iptables` here does not know, or nobody's iptables does.
    fn name_tables(&mut self, ns: &Ns) {
        let (now, aim) = (&self.now.spaces[ns].ruleset, &self.aim.spaces[ns].ruleset);
        let (have, wanted) = (foreign(now), foreign(aim));
        let lost: Vec<String> = (wanted.iter().filter(|table| !have.contains(table)))
            .chain((have.iter()).filter(|had| !wanted.iter().any(|it| name(it) == name(had))))
            .map(name)
            .collect();
        for name in lost {
            self.lose(format!(
                "in {ns}: the table {name} of nftables, which `iptables` cannot change here"
            ));
        }
    }
}

/// Static entries that somebody has put there; the kernel keeps one for each device of its own.
fn made(space: &Space) -> Vec<Mac> {
    let own: Vec<Mac> = space.links.values().filter_map(|link| link.mac).collect();
    let remote = |entry: &FdbEntry| entry.dst.is_some() && entry.mac == Mac::default();
    let group = |entry: &FdbEntry| entry.mac.0[0] & 1 == 1;
    let rows = space.fdb.iter().filter(|entry| entry.is_told());
    rows.filter(|entry| entry.state & (STATIC | nud::PERMANENT) != 0)
        .filter(|entry| !remote(entry) && !group(entry) && !own.contains(&entry.mac))
        .map(|entry| entry.mac)
        .collect()
}

/// Tables that hold something, and are not those of our `iptables`.
fn foreign(ruleset: &Ruleset) -> Vec<Table> {
    let ours = |table: &Table| {
        table.family == Family::Ip && matches!(table.name.as_str(), "filter" | "nat")
    };
    let tables = ruleset.clone().lasting().tables.into_iter();
    tables
        .filter(|table| !ours(table) && !table.chains.is_empty())
        .collect()
}

fn name(table: &Table) -> String {
    format!("{} {}", table.family.name(), table.name)
}
