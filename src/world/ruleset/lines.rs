//! Rules as lines for a pane: each table, its chains, their rules, with what they have counted.

use super::{Chain, Counters, Family, Ruleset, Table};

/// One line of the rules, with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it shows.
    pub kind: Kind,
    /// As iptables-save(8) would write it, without its counters.
    pub text: String,
    /// What has been counted, where something counts.
    pub counters: Option<Counters>,
}

/// What a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A table's name.
    Table,
    /// A chain, with its policy.
    Chain,
    /// A rule.
    Rule,
}

impl Ruleset {
    /// Every table's chains and rules, in iptables' order; nothing of tables without chains.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for table in self.tables.iter().filter(|it| !it.chains.is_empty()) {
            lines.push(Line {
                kind: Kind::Table,
                text: table.title(),
                counters: None,
            });
            for chain in table.ordered() {
                lines.push(chain.line());
                lines.extend(chain.rules.iter().map(|entry| Line {
                    kind: Kind::Rule,
                    text: format!("-A {}{entry}", chain.name),
                    counters: entry.counters,
                }));
            }
        }
        lines
    }
}

impl Table {
    /// `*nat`, as iptables-save names its tables; `table inet name`, as nft names all others.
    fn title(&self) -> String {
        match self.family {
            Family::Ip => format!("*{}", self.name),
            other => format!("table {} {}", other.name(), self.name),
        }
    }

    /// Its chains as iptables lists them: base chains as packets meet them, then the user's, by
    /// name.
    pub fn ordered(&self) -> Vec<&Chain> {
        let mut chains: Vec<&Chain> = self.chains.iter().collect();
        chains.sort_by(|a, b| a.place().cmp(&b.place()));
        chains
    }
}

impl Chain {
    /// Base chains by hook, then the others by name.
    fn place(&self) -> (bool, u32, &str) {
        match &self.base {
            Some(base) => (false, base.hook, ""),
            None => (true, 0, &self.name),
        }
    }

    fn line(&self) -> Line {
        let policy = match &self.base {
            Some(base) if base.drop => "DROP",
            Some(_) => "ACCEPT",
            None => "-",
        };
        Line {
            kind: Kind::Chain,
            text: format!(":{} {policy}", self.name),
            counters: self.base.as_ref().and_then(|base| base.counters),
        }
    }
}

impl Family {
    /// As nft names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inet => "inet",
            Self::Ip => "ip",
            Self::Arp => "arp",
            Self::Netdev => "netdev",
            Self::Bridge => "bridge",
            Self::Ip6 => "ip6",
            Self::Other(_) => "unknown",
        }
    }
}
