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
            let chains = table.ordered();
            lines.extend(chains.iter().map(|chain| chain.line()));
            for chain in chains {
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

#[cfg(test)]
mod tests {
    use super::super::rule::{Not, Rule, Target};
    use super::super::{Base, Entry, Opaque};
    use super::*;

    #[test]
    fn lines_stand_as_iptables_save_writes_them() {
        let counters = Some(Counters {
            packets: 1,
            bytes: 84,
        });
        let rule = Rule {
            src: "172.16.0.0/16"
                .parse()
                .ok()
                .map(|is| Not { not: false, is }),
            oif: Some(Not {
                not: true,
                is: "br0".to_owned(),
            }),
            target: Some(Target::Masquerade),
            ..Rule::default()
        };
        let entry = |rule, other| Entry {
            counters,
            rule,
            other,
            ..Entry::default()
        };
        let comment = vec![Opaque::Match("comment".to_owned())];
        let user = Chain {
            name: "AAA".to_owned(),
            handle: 1,
            base: None,
            rules: vec![entry(Rule::default(), comment)],
        };
        let base = Chain {
            name: "POSTROUTING".to_owned(),
            handle: 2,
            base: Some(Base {
                kind: "nat".to_owned(),
                hook: 4,
                priority: 100,
                drop: false,
                counters: None,
            }),
            rules: vec![entry(rule, Vec::new())],
        };
        let table = |family, name: &str, chains| Table {
            family,
            name: name.to_owned(),
            chains,
        };
        let ruleset = Ruleset {
            tables: vec![
                table(Family::Ip, "nat", vec![user.clone(), base]),
                table(Family::Ip, "filter", Vec::new()),
                table(Family::Inet, "mine", vec![user]),
            ],
        };
        let lines = ruleset.lines();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "*nat",
                ":POSTROUTING ACCEPT",
                ":AAA -",
                "-A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
                "-A AAA -m comment",
                "table inet mine",
                ":AAA -",
                "-A AAA -m comment",
            ]
        );
        assert_eq!(lines[3].counters, counters);
    }
}
