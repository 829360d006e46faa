//! Packet filter rules: the tables behind `iptables -S` and `nft list ruleset`.

pub mod lines;
pub mod reject;
pub mod rule;
pub mod spec;

use rule::{Rule, Target};

/// nf_tables of one namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruleset {
    /// Tables, in the kernel's order.
    pub tables: Vec<Table>,
}

impl Ruleset {
    /// The table `name` that iptables works on, if it has been made.
    pub fn ip(&self, name: &str) -> Option<&Table> {
        self.tables
            .iter()
            .find(|table| table.family == Family::Ip && table.name == name)
    }

    /// Without counters, whose changes bring no news.
    #[must_use]
    pub fn lasting(mut self) -> Self {
        for chain in self.tables.iter_mut().flat_map(|it| &mut it.chains) {
            if let Some(base) = &mut chain.base {
                base.counters = None;
            }
            for entry in &mut chain.rules {
                entry.counters = None;
            }
        }
        self
    }
}

/// Which packets a table sees (`NFPROTO_*` of `linux/netfilter.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4 and IPv6.
    Inet,
    /// IPv4: the only one that `iptables` knows.
    Ip,
    /// ARP.
    Arp,
    /// One device's, before anything else.
    Netdev,
    /// Bridged frames.
    Bridge,
    /// IPv6.
    Ip6,
    /// Another, by number.
    Other(u8),
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Which packets it sees.
    pub family: Family,
    /// Its name (`filter`, `nat`).
    pub name: String,
    /// Its chains, in the kernel's order.
    pub chains: Vec<Chain>,
}

impl Table {
    /// The chain called `name`.
    pub fn chain(&self, name: &str) -> Option<&Chain> {
        self.chains.iter().find(|chain| chain.name == name)
    }

    /// How many rules jump to chain `name`.
    pub fn references(&self, name: &str) -> usize {
        self.chains
            .iter()
            .flat_map(|chain| &chain.rules)
            .filter(|entry| matches!(&entry.rule.target, Some(Target::Chain(to)) if to == name))
            .count()
    }
}

/// One chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// Kernel's number for it.
    pub handle: u64,
    /// Where packets enter it; absent for one that is only jumped to.
    pub base: Option<Base>,
    /// Its rules, first to last.
    pub rules: Vec<Entry>,
}

/// Where packets enter a base chain, and what becomes of those that reach its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its kind: `filter`, `nat` or `route`.
    pub kind: String,
    /// `NF_INET_*`: 0 prerouting, 1 input, 2 forward, 3 output, 4 postrouting.
    pub hook: u32,
    /// Lower comes first: -100 dstnat, 0 filter, 100 srcnat.
    pub priority: i32,
    /// Is what reaches its end dropped?
    pub drop: bool,
    /// What has reached its end, if the kernel was asked to count that.
    pub counters: Option<Counters>,
}

/// Packets and bytes counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Packets.
    pub packets: u64,
    /// Bytes, IP header included.
    pub bytes: u64,
}

/// One rule as it stands in a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Kernel's number for it, unique in its table.
    pub handle: u64,
    /// What has matched it, if it counts.
    pub counters: Option<Counters>,
    /// What was understood of it.
    pub rule: Rule,
    /// What was not.
    pub other: Vec<Opaque>,
    /// Is it written in expressions that real `iptables` would not have used, so that it refuses
    /// the table?
    pub native: bool,
}

/// A part of a rule that is not understood, but known by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opaque {
    /// A match of iptables (`-m NAME`).
    Match(String),
    /// A target of iptables (`-j NAME`).
    Target(String),
    /// An expression of nft, as `nft --debug=netlink` would begin it.
    Expression(String),
}
