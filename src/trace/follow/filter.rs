//! Which rule did it: rules are gone through as the kernel does, and their counters say which of
//! them matched.

use std::net::IpAddr;

use super::key::Key;
use crate::trace::Evidence;
use crate::trace::hop::{Decision, Leg};
use crate::world::ruleset::rule::{Not, Ports, Proto, Rule, Target};
use crate::world::ruleset::{Base, Chain, Entry, Family, Opaque, Table};
use crate::world::{Ns, World};

/// `NF_INET_*` hooks.
pub(super) const PREROUTING: u32 = 0;
pub(super) const INPUT: u32 = 1;
pub(super) const FORWARD: u32 = 2;
pub(super) const OUTPUT: u32 = 3;
pub(super) const POSTROUTING: u32 = 4;

/// User chains may call each other; deeper than this the kernel refuses (`NFT_JUMP_STACK_SIZE`).
const DEEPEST: usize = 16;

/// A packet as rules see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing<'a> {
    pub ns: &'a Ns,
    pub key: Key,
    pub leg: Leg,
    /// In by this device.
    pub iif: Option<&'a str>,
    /// Out by this device.
    pub oif: Option<&'a str>,
}

/// What a chain does with a packet.
enum Verdict {
    Accepted,
    Dropped {
        rule: String,
        packets: u64,
    },
    /// It went through to the end.
    Through,
}

/// The rule, or the policy, that drops it at one of these hooks.
pub(super) fn dropped(evidence: &Evidence, passing: Passing, hooks: &[u32]) -> Option<Decision> {
    hooks.iter().find_map(|hook| {
        let chains = chains(&evidence.after, passing, *hook, "filter");
        chains.into_iter().find_map(|(table, chain, base)| {
            let rules = Rules {
                before: &evidence.before,
                table,
                passing,
            };
            match rules.meet(chain, DEEPEST) {
                Verdict::Dropped { rule, packets } => Some(Decision::Dropped { rule, packets }),
                Verdict::Through if base.drop => rules.policy(chain, base),
                Verdict::Accepted | Verdict::Through => None,
            }
        })
    })
}

/// How the rule that rewrote its source does that.
pub(super) fn source_nat(evidence: &Evidence, passing: Passing) -> String {
    let chains = chains(&evidence.after, passing, POSTROUTING, "nat");
    let mut found = chains.into_iter().filter_map(|(table, chain, _)| {
        let rules = Rules {
            before: &evidence.before,
            table,
            passing,
        };
        rules.rewriter(chain, DEEPEST)
    });
    found.next().unwrap_or_default()
}

/// The base chains that see it at that hook, in order.
fn chains<'a>(
    world: &'a World,
    passing: Passing,
    hook: u32,
    kind: &str,
) -> Vec<(&'a Table, &'a Chain, &'a Base)> {
    let own = match passing.key.src {
        IpAddr::V4(_) => Family::Ip,
        IpAddr::V6(_) => Family::Ip6,
    };
    let tables = (world.spaces.get(passing.ns).into_iter())
        .flat_map(|space| &space.ruleset.tables)
        .filter(|table| table.family == own || table.family == Family::Inet);
    let mut found: Vec<_> = tables
        .flat_map(|table| table.chains.iter().map(move |chain| (table, chain)))
        .filter_map(|(table, chain)| Some((table, chain, chain.base.as_ref()?)))
        .filter(|(_, _, base)| base.hook == hook && base.kind == kind)
        .collect();
    found.sort_by_key(|(_, _, base)| base.priority);
    found
}

/// The rules of one table, met by one packet.
struct Rules<'a> {
    before: &'a World,
    table: &'a Table,
    passing: Passing<'a>,
}

impl Rules<'_> {
    fn meet(&self, chain: &Chain, depth: usize) -> Verdict {
        for entry in &chain.rules {
            let packets = self.counted(chain, entry);
            if packets == Some(0) || !self.matches(&entry.rule) {
                continue;
            }
            let opaque = |it: &Opaque| matches!(it, Opaque::Match(_) | Opaque::Expression(_));
            if packets.is_none() && entry.other.iter().any(opaque) {
                continue; // what it compares is not understood, and it does not count
            }
            match &entry.rule.target {
                Some(Target::Drop | Target::Reject { .. }) => {
                    return Verdict::Dropped {
                        rule: format!("-A {}{entry}", chain.name),
                        packets: packets.unwrap_or(0),
                    };
                }
                Some(Target::Accept) => return Verdict::Accepted,
                Some(Target::Return) => return Verdict::Through,
                Some(Target::Chain(name)) => match self.table.chain(name) {
                    Some(inner) if depth > 0 => match self.meet(inner, depth - 1) {
                        Verdict::Through => {}
                        verdict => return verdict,
                    },
                    Some(_) | None => {}
                },
                Some(Target::Masquerade | Target::Snat(..) | Target::Dnat(..)) | None => {}
            }
        }
        Verdict::Through
    }

    /// The policy, unless its counter says that nothing has met it.
    fn policy(&self, chain: &Chain, base: &Base) -> Option<Decision> {
        let before = (self.chain_before(chain))
            .and_then(|chain| chain.base.as_ref()?.counters)
            .map_or(0, |counters| counters.packets);
        let packets = (base.counters).map(|counters| counters.packets.saturating_sub(before));
        (packets != Some(0)).then(|| Decision::Dropped {
            rule: format!("-P {} DROP", chain.name),
            packets: packets.unwrap_or(0),
        })
    }

    fn rewriter(&self, chain: &Chain, depth: usize) -> Option<String> {
        let matching = (chain.rules.iter()).filter(|entry| self.matches(&entry.rule));
        for entry in matching {
            match &entry.rule.target {
                Some(target @ (Target::Masquerade | Target::Snat(..))) => {
                    return Some(target.name().to_owned());
                }
                Some(Target::Chain(name)) if depth > 0 => {
                    let inner = self.table.chain(name)?;
                    if let Some(found) = self.rewriter(inner, depth - 1) {
                        return Some(found);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn chain_before(&self, chain: &Chain) -> Option<&Chain> {
        let space = self.before.spaces.get(self.passing.ns)?;
        let mut tables = space.ruleset.tables.iter();
        tables
            .find(|table| table.family == self.table.family && table.name == self.table.name)?
            .chain(&chain.name)
    }

    /// How many packets have matched a rule meanwhile; nothing where it does not count.
    fn counted(&self, chain: &Chain, entry: &Entry) -> Option<u64> {
        let before = self.chain_before(chain).and_then(|chain| {
            let mut rules = chain.rules.iter();
            rules.find(|rule| rule.handle == entry.handle)?.counters
        });
        let before = before.map_or(0, |counters| counters.packets);
        let after = entry.counters?;
        Some(after.packets.saturating_sub(before))
    }

    /// Does it match, as far as can be told without the state of the connection?
    fn matches(&self, rule: &Rule) -> bool {
        let Passing { key, leg, .. } = self.passing;
        let (src, dst) = key.ends(leg);
        let (sport, dport) = match leg {
            Leg::Request | Leg::Ask => (key.sport, key.dport),
            Leg::Reply | Leg::Error => (key.dport, key.sport),
        };
        let within = |net: &Option<Not<ipnet::Ipv4Net>>, addr: IpAddr| {
            holds(net.as_ref(), |net| match addr {
                IpAddr::V4(addr) => net.contains(&addr),
                IpAddr::V6(_) => false,
            })
        };
        let device = |name: &Option<Not<String>>, dev: Option<&str>| {
            holds(name.as_ref(), |name| match name.strip_suffix('+') {
                Some(begin) => dev.is_some_and(|dev| dev.starts_with(begin)),
                None => dev == Some(name.as_str()),
            })
        };
        let ports = |ports: &Option<Not<Ports>>, port: u16| {
            holds(ports.as_ref(), |ports| {
                (ports.first..=ports.last).contains(&port)
            })
        };
        within(&rule.src, src)
            && within(&rule.dst, dst)
            && device(&rule.iif, self.passing.iif)
            && device(&rule.oif, self.passing.oif)
            && holds(rule.proto.as_ref(), |proto| {
                *proto == Proto::from_number(key.proto)
            })
            && ports(&rule.sport, sport)
            && ports(&rule.dport, dport)
    }
}

/// Does a match hold, if there is one?
fn holds<T>(it: Option<&Not<T>>, test: impl FnOnce(&T) -> bool) -> bool {
    it.is_none_or(|it| test(&it.is) != it.not)
}
