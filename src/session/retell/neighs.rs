//! Neighbours that somebody has put there: permanent ones. What was learnt is the kernel's.

use super::Tale;
use crate::command::Command;
use crate::command::neigh::Neigh as Verb;
use crate::world::neigh::{Neigh, nud};
use crate::world::{Ns, Space};

impl Tale {
    /// Deletes what is too many, then adds what is missing.
    pub(super) fn change_neighbours(&mut self) {
        for ns in self.spaces() {
            let (have, wanted) = (made(&self.now.spaces[&ns]), made(&self.aim.spaces[&ns]));
            for row in &have {
                if !wanted.iter().any(|other| same(row, other)) {
                    let dev = self.dev(&ns, row);
                    self.say(&ns, Command::Neigh(Verb::Del { to: row.dst, dev }));
                }
            }
            for row in &wanted {
                if have.iter().any(|it| same(it, row) && it.mac == row.mac) {
                    continue;
                }
                // One that was learnt may stand in its place.
                let command = Command::Neigh(Verb::Set {
                    replace: true,
                    to: row.dst,
                    mac: row.mac,
                    dev: self.dev(&ns, row),
                    state: None,
                });
                self.say(&ns, command);
            }
        }
    }

    fn dev(&self, ns: &Ns, row: &Neigh) -> String {
        self.now.spaces[ns].link_name(row.link)
    }
}

fn made(space: &Space) -> Vec<Neigh> {
    let rows = space.neighs.iter();
    let there = rows.filter(|row| space.links.contains_key(&row.link));
    there
        .filter(|row| row.state == nud::PERMANENT)
        .cloned()
        .collect()
}

fn same(a: &Neigh, b: &Neigh) -> bool {
    (a.link, a.dst) == (b.link, b.dst)
}
