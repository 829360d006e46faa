//! Which addresses a namespace rewrites: as conntrack has it, or else as the rules say.

use std::net::IpAddr;

use super::packet::Packet;
use super::rules::{Between, Hook, fits, misfit};
use super::scene::Scene;
use crate::world::Ns;
use crate::world::cable::End;
use crate::world::conntrack::Flow;
use crate::world::ruleset::rule::Target;
use crate::world::ruleset::{Chain, Entry};

/// Who gets a packet instead of the one whom it was sent to.
pub(super) struct Receiver {
    pub addr: IpAddr,
    /// Another port, if the rule names one.
    pub port: Option<u16>,
    /// The rule, as `iptables -S` prints it.
    pub rule: Option<String>,
}

impl Scene<'_> {
    /// The receiver that `ns` puts in the place of the packet's (`DNAT`), before it looks for a
    /// route.
    pub fn new_receiver(
        &self,
        ns: &Ns,
        hook: Hook,
        packet: &Packet,
        iif: Option<&str>,
    ) -> Option<Receiver> {
        let between = Between { iif, oif: None };
        let by_rule = self
            .translates(ns, hook, packet, between)
            .and_then(|(chain, entry)| receiver(chain, entry));
        let Some(flow) = self.flow(ns, packet) else {
            return by_rule;
        };
        // A connection stays with what the rule was when it began.
        let rule = by_rule.filter(|by_rule| by_rule.addr == flow.reply.src);
        let port = packet.dport.map(|_| flow.reply.src_port);
        ((flow.reply.src, port) != (packet.dst, packet.dport)).then(|| Receiver {
            addr: flow.reply.src,
            port,
            rule: rule.and_then(|by_rule| by_rule.rule),
        })
    }

    /// The sender that `ns` puts in the place of the packet's (`SNAT`, `MASQUERADE`) when it leaves
    /// by `oif`. `arrived` is the packet as it came in, by which conntrack knows it.
    pub fn new_sender(
        &self,
        ns: &Ns,
        packet: &Packet,
        arrived: &Packet,
        iif: Option<&str>,
        oif: &End,
    ) -> Option<IpAddr> {
        let src = packet.src?;
        if let Some(flow) = self.flow(ns, arrived) {
            return (flow.reply.dst != src).then_some(flow.reply.dst);
        }
        let name = self.name(oif);
        let between = Between {
            iif,
            oif: Some(&name),
        };
        let (_, entry) = self.translates(ns, Hook::Postrouting, packet, between)?;
        match &entry.rule.target {
            Some(Target::Snat(to, _)) => Some((*to).into()),
            Some(Target::Masquerade) => {
                let addrs = self.addrs(oif, src);
                addrs.first().map(|addr| addr.net.addr())
            }
            Some(
                Target::Accept
                | Target::Drop
                | Target::Reject { .. }
                | Target::Return
                | Target::Dnat(..)
                | Target::Chain(_),
            )
            | None => None,
        }
    }

    /// What conntrack of `ns` knows of a packet.
    fn flow(&self, ns: &Ns, packet: &Packet) -> Option<&Flow> {
        let flows = &self.space(ns)?.flows;
        // The youngest: an earlier one to the same address may have been rewritten otherwise.
        let known = flows.iter().filter(|flow| {
            flow.proto == packet.proto
                && Some(flow.original.src) == packet.src
                && flow.original.dst == packet.dst
                && (packet
                    .sport
                    .is_none_or(|port| port == flow.original.src_port))
                && (packet
                    .dport
                    .is_none_or(|port| port == flow.original.dst_port))
        });
        known.max_by_key(|flow| flow.timeout)
    }

    /// The rule of the nat table that translates a packet at `hook`.
    fn translates(
        &self,
        ns: &Ns,
        hook: Hook,
        packet: &Packet,
        between: Between<'_>,
    ) -> Option<(&Chain, &Entry)> {
        let rules = self.translators(ns, hook);
        rules
            .into_iter()
            .find(|(_, entry)| entry.other.is_empty() && fits(&entry.rule, packet, between))
    }

    /// Every rule of the chains at `hook` that decide about addresses.
    fn translators(&self, ns: &Ns, hook: Hook) -> Vec<(&Chain, &Entry)> {
        let tables = self.space(ns).into_iter().flat_map(|it| &it.ruleset.tables);
        let chains = tables.flat_map(|table| &table.chains).filter(|chain| {
            let base = chain.base.as_ref();
            base.is_some_and(|base| base.kind == "nat" && base.hook == hook as u32)
        });
        chains
            .flat_map(|chain| chain.rules.iter().map(move |entry| (chain, entry)))
            .collect()
    }

    /// A rule that would give the packet another sender and does not fit it: its line, and what of
    /// it does not fit.
    pub fn near_miss(
        &self,
        ns: &Ns,
        packet: &Packet,
        between: Between<'_>,
    ) -> Option<(String, String)> {
        let rules = self.translators(ns, Hook::Postrouting);
        rules.into_iter().find_map(|(chain, entry)| {
            let rewrites = matches!(
                entry.rule.target,
                Some(Target::Masquerade | Target::Snat(..))
            );
            let misfit = misfit(&entry.rule, packet, between)?;
            rewrites.then(|| (format!("-t nat -A {}{entry}", chain.name), misfit))
        })
    }
}

/// Whom a rule sends a packet on to.
fn receiver(chain: &Chain, entry: &Entry) -> Option<Receiver> {
    match &entry.rule.target {
        Some(Target::Dnat(to, ports)) => Some(Receiver {
            addr: (*to).into(),
            port: ports.as_ref().map(|ports| ports.first),
            rule: Some(format!("-t nat -A {}{entry}", chain.name)),
        }),
        Some(
            Target::Accept
            | Target::Drop
            | Target::Reject { .. }
            | Target::Return
            | Target::Masquerade
            | Target::Snat(..)
            | Target::Chain(_),
        )
        | None => None,
    }
}
