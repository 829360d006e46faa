//! Which rule drops or refuses a packet: chains walked as the kernel walks them, with the counters
//! of before and after as witnesses.

use std::net::IpAddr;

use ipnet::Ipv4Net;

use super::packet::Packet;
use super::scene::Scene;
use crate::world::Ns;
use crate::world::ruleset::rule::{Not, Ports, Rule, Target};
use crate::world::ruleset::{Chain, Counters, Entry, Family, Opaque, Table};

/// Where packets meet chains (`NF_INET_*` of `linux/netfilter.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hook {
    Prerouting = 0,
    Input = 1,
    Forward = 2,
    Output = 3,
    Postrouting = 4,
}

/// Between which devices a packet passes a chain.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Between<'a> {
    pub iif: Option<&'a str>,
    pub oif: Option<&'a str>,
}

/// The rule, or the policy, that a packet ended at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// As `iptables -S` prints it; of another table than `filter` with that table, of IPv6 with the
    /// name of its program.
    pub rule: String,
    /// Is it a chain's policy?
    pub policy: bool,
    /// The chain.
    pub chain: String,
    /// Does it send an error back?
    pub refuses: bool,
    /// What was counted before and after, where something counts.
    pub counted: Option<(u64, u64)>,
}

/// Does something fit?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fits {
    Yes,
    No,
    /// It asks for something that is not understood.
    Perhaps,
}

/// How a chain ends for a packet.
enum End {
    Accepted,
    Fallen,
    Hit(Hit),
}

impl Scene<'_> {
    /// The rule that drops `packet` at `hook` of `ns`, if one does.
    pub fn filtered(
        &self,
        ns: &Ns,
        hook: Hook,
        packet: &Packet,
        between: Between<'_>,
    ) -> Option<Hit> {
        let tables = &self.space(ns)?.ruleset.tables;
        let mut chains: Vec<(&Table, &Chain, i32)> = Vec::new();
        for table in tables.iter().filter(|table| sees(table.family, packet.dst)) {
            for chain in &table.chains {
                if let Some(base) = &chain.base
                    && base.hook == hook as u32
                    && base.kind != "nat"
                {
                    chains.push((table, chain, base.priority));
                }
            }
        }
        chains.sort_by_key(|(_, _, priority)| *priority);
        chains.into_iter().find_map(|(table, chain, _)| {
            let walk = Walk {
                table,
                before: self.table_before(ns, table),
                packet,
                between,
            };
            match walk.chain(chain, 0) {
                End::Hit(hit) => Some(hit),
                End::Accepted => None,
                End::Fallen => walk.policy(chain),
            }
        })
    }

    fn table_before(&self, ns: &Ns, table: &Table) -> Option<&Table> {
        let before = &self.evidence.before.spaces.get(ns)?.ruleset;
        (before.tables.iter()).find(|it| it.family == table.family && it.name == table.name)
    }
}

/// How deep chains may call each other (the kernel allows 16).
const DEEPEST: usize = 16;

struct Walk<'a> {
    table: &'a Table,
    before: Option<&'a Table>,
    packet: &'a Packet,
    between: Between<'a>,
}

impl Walk<'_> {
    fn chain(&self, chain: &Chain, depth: usize) -> End {
        for entry in &chain.rules {
            let counted = self.counted(chain, entry);
            let fits = self.fits(entry);
            // What counts and has not counted has not been met; of what is not understood only a
            // counter can tell that it has been.
            let met = match (fits, counted) {
                (Fits::No, _) | (Fits::Perhaps, None) => false,
                (Fits::Yes, None) => true,
                (Fits::Yes | Fits::Perhaps, Some((before, after))) => after > before,
            };
            if !met {
                continue;
            }
            match &entry.rule.target {
                None | Some(Target::Masquerade | Target::Snat(..) | Target::Dnat(..)) => {}
                Some(Target::Accept) => return End::Accepted,
                Some(Target::Return) => return End::Fallen,
                Some(Target::Drop) => return self.hit(chain, entry, false, counted),
                Some(Target::Reject { .. }) => return self.hit(chain, entry, true, counted),
                Some(Target::Chain(name)) => {
                    let called = self.table.chain(name).filter(|_| depth < DEEPEST);
                    match called.map(|called| self.chain(called, depth + 1)) {
                        None | Some(End::Fallen) => {}
                        Some(end) => return end,
                    }
                }
            }
        }
        End::Fallen
    }

    fn hit(&self, chain: &Chain, entry: &Entry, refuses: bool, counted: Option<(u64, u64)>) -> End {
        End::Hit(Hit {
            rule: self.named(format!("-A {}{entry}", chain.name)),
            policy: false,
            chain: chain.name.clone(),
            refuses,
            counted,
        })
    }

    fn policy(&self, chain: &Chain) -> Option<Hit> {
        let base = chain.base.as_ref().filter(|base| base.drop)?;
        let before = (self.before)
            .and_then(|table| table.chain(&chain.name)?.base.as_ref()?.counters)
            .unwrap_or_default();
        let counted = base.counters.map(|after| (before.packets, after.packets));
        // A policy that counts and has not counted has not been met.
        let met = self.before.is_none() || counted.is_none_or(|(before, after)| after > before);
        met.then(|| Hit {
            rule: self.named(format!("-P {} DROP", chain.name)),
            policy: true,
            chain: chain.name.clone(),
            refuses: false,
            counted,
        })
    }

    fn named(&self, line: String) -> String {
        match (self.table.family, self.table.name.as_str()) {
            (Family::Ip, "filter") => line,
            (Family::Ip, other) => format!("-t {other} {line}"),
            (Family::Ip6, "filter") => format!("ip6tables {line}"),
            (Family::Ip6, other) => format!("ip6tables -t {other} {line}"),
            (family, name) => format!("{line} (table {} {name})", family.name()),
        }
    }

    /// What the rule had counted before and after, where both are known.
    fn counted(&self, chain: &Chain, entry: &Entry) -> Option<(u64, u64)> {
        let after = entry.counters?;
        let old = self.before?.chain(&chain.name);
        let before = old
            .and_then(|chain| chain.rules.iter().find(|it| it.handle == entry.handle))
            .map_or(Counters::default(), |old| old.counters.unwrap_or_default());
        Some((before.packets, after.packets))
    }

    fn fits(&self, entry: &Entry) -> Fits {
        if !fits(&entry.rule, self.packet, self.between) {
            return Fits::No;
        }
        // A target that is not understood does what nobody knows; a match asks for more.
        if entry.other.iter().any(asks) {
            return Fits::Perhaps;
        }
        Fits::Yes
    }
}

fn asks(other: &Opaque) -> bool {
    match other {
        Opaque::Match(name) => name != "comment",
        Opaque::Target(_) | Opaque::Expression(_) => true,
    }
}

fn sees(family: Family, ip: IpAddr) -> bool {
    match family {
        Family::Inet => true,
        Family::Ip => ip.is_ipv4(),
        Family::Ip6 => ip.is_ipv6(),
        Family::Arp | Family::Netdev | Family::Bridge | Family::Other(_) => false,
    }
}

/// Does every match of a rule fit?
pub(super) fn fits(rule: &Rule, packet: &Packet, between: Between<'_>) -> bool {
    misfit(rule, packet, between).is_none()
}

/// The first match of a rule that does not fit, as `iptables` writes it.
pub(super) fn misfit(rule: &Rule, packet: &Packet, between: Between<'_>) -> Option<String> {
    let net = |not: &Option<Not<Ipv4Net>>, ip: Option<IpAddr>, option: &str| {
        let not = not.as_ref()?;
        let inside = matches!(ip, Some(IpAddr::V4(ip)) if not.is.contains(&ip));
        (inside == not.not).then(|| written(not.not, option, &not.is.trunc()))
    };
    let device = |not: &Option<Not<String>>, dev: Option<&str>, option: &str| {
        let not = not.as_ref()?;
        (is_device(&not.is, dev) == not.not).then(|| written(not.not, option, &not.is))
    };
    let ports = |not: &Option<Not<Ports>>, port: Option<u16>, option: &str| {
        let not = not.as_ref()?;
        let inside = port.is_some_and(|port| (not.is.first..=not.is.last).contains(&port));
        (inside == not.not).then(|| written(not.not, option, &not.is))
    };
    let proto = || {
        let not = rule.proto.as_ref()?;
        let same = not.is.number() == packet.proto;
        (same == not.not).then(|| written(not.not, "-p", &not.is))
    };
    let state = || {
        let not = rule.ctstate.as_ref()?;
        let inside = not.is.intersects(packet.state);
        (inside == not.not).then(|| written(not.not, "--ctstate", &not.is))
    };
    net(&rule.src, packet.src, "-s")
        .or_else(|| net(&rule.dst, Some(packet.dst), "-d"))
        .or_else(|| device(&rule.iif, between.iif, "-i"))
        .or_else(|| device(&rule.oif, between.oif, "-o"))
        .or_else(proto)
        .or_else(|| ports(&rule.sport, packet.sport, "--sport"))
        .or_else(|| ports(&rule.dport, packet.dport, "--dport"))
        .or_else(state)
}

fn written(not: bool, option: &str, value: &dyn std::fmt::Display) -> String {
    format!("{}{option} {value}", if not { "! " } else { "" })
}

/// `veth+` is every device whose name begins so.
fn is_device(pattern: &str, dev: Option<&str>) -> bool {
    dev.is_some_and(|dev| match pattern.strip_suffix('+') {
        Some(start) => dev.starts_with(start),
        None => dev == pattern,
    })
}
