//! `iptables -L`: columns as iptables 1.8.9 lays them out.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::Shown;
use crate::command::iptables::services::service;
use crate::command::iptables::{Not, Ports, Proto, Rule, Target};
use crate::world::ruleset::spec::Mapped;
use crate::world::ruleset::{Counters, Entry, Opaque, reject};

/// Which columns, and how.
#[derive(Clone, Copy)]
pub struct Columns {
    /// `-n`: no names for numbers.
    pub numeric: bool,
    /// `-v`: counters and devices too.
    pub verbose: bool,
    /// `--line-numbers`
    pub numbers: bool,
}

impl Columns {
    /// The chains, with an empty line between.
    pub fn list(self, chains: &[Shown<'_>]) -> String {
        let blocks: Vec<String> = chains.iter().map(|chain| self.chain(chain)).collect();
        blocks.join("\n")
    }

    fn chain(self, chain: &Shown<'_>) -> String {
        let about = match chain.base {
            Some(policy) if self.verbose => format!(
                "policy {} {} packets, {} bytes",
                policy.name(),
                short(policy.counters.packets).trim_start(),
                short(policy.counters.bytes).trim_start()
            ),
            Some(policy) => format!("policy {}", policy.name()),
            None => format!("{} references", chain.references),
        };
        let mut out = format!("Chain {} ({about})\n", chain.name);
        if self.numbers {
            out += "num  ";
        }
        if self.verbose {
            out += " pkts bytes ";
        }
        out += "target     prot opt ";
        if self.verbose {
            out += "in     out     ";
        }
        out += "source               destination         \n";
        for (number, entry) in (1..).zip(chain.rules) {
            self.rule(number, entry, &mut out);
            out.push('\n');
        }
        out
    }

    fn rule(self, number: usize, entry: &Entry, out: &mut String) {
        let rule = entry.rule.canonical();
        let Counters { packets, bytes } = entry.counters.unwrap_or_default();
        if self.numbers {
            let _ = write!(out, "{number:<4} ");
        }
        if self.verbose {
            let _ = write!(out, "{} {} ", short(packets), short(bytes));
        }
        let target = rule.target.as_ref();
        let target = target.map_or_else(|| foreign_target(entry), Target::name);
        let not = mark(rule.proto.is_some_and(|proto| proto.not));
        let proto = self.proto(rule.proto.map(|proto| proto.is));
        let _ = write!(out, "{target:<9} {not}{proto:<4} -- ");
        if self.verbose {
            let _ = write!(out, " {:<6} ", self.device(rule.iif.as_ref()));
            let _ = write!(out, "{:<6} ", self.device(rule.oif.as_ref()));
        }
        for net in [rule.src, rule.dst] {
            let not = mark(net.is_some_and(|net| net.not));
            let _ = write!(out, "{not}{:<19} ", self.prefix(net.map(|net| net.is)));
        }
        self.extensions(&rule, entry, out);
    }

    /// Everything that follows the columns; each part with a blank before it.
    fn extensions(self, rule: &Rule, entry: &Entry, out: &mut String) {
        if rule.ctstate_first {
            states(rule, out);
        }
        if let Some(proto) = rule.proto
            && (rule.sport.is_some() || rule.dport.is_some())
        {
            let _ = write!(out, " {}", proto.is);
            for (what, ports) in [("spt", rule.sport), ("dpt", rule.dport)] {
                if let Some(ports) = ports.filter(|ports| ports.is != Ports::ALL) {
                    out.push_str(&self.ports(what, proto.is, ports));
                }
            }
        }
        if !rule.ctstate_first {
            states(rule, out);
        }
        for it in &entry.other {
            let _ = write!(out, " {it}");
        }
        match &rule.target {
            Some(Target::Reject { with }) => {
                let with = with.as_deref().unwrap_or(reject::DEFAULT.name);
                let _ = write!(out, " reject-with {with}");
            }
            Some(Target::Snat(addr, ports) | Target::Dnat(addr, ports)) => {
                let _ = write!(out, " to:{}", Mapped(*addr, *ports));
            }
            Some(
                Target::Accept
                | Target::Drop
                | Target::Return
                | Target::Masquerade
                | Target::Chain(_),
            )
            | None => {}
        }
    }

    fn proto(self, proto: Option<Proto>) -> String {
        match proto {
            Some(proto) if self.numeric => proto.number().to_string(),
            Some(proto) => proto.to_string(),
            None if self.numeric => "0".to_owned(),
            None => "all".to_owned(),
        }
    }

    fn device(self, device: Option<&Not<String>>) -> String {
        match device {
            Some(Not { not, is }) => format!("{}{is}", if *not { "!" } else { "" }),
            None if self.numeric => "*".to_owned(),
            None => "any".to_owned(),
        }
    }

    fn prefix(self, net: Option<Ipv4Net>) -> String {
        match net {
            None if self.numeric => "0.0.0.0/0".to_owned(),
            None => "anywhere".to_owned(),
            Some(net) => {
                let name = (!self.numeric).then(|| network(net)).flatten();
                let name = name.map_or_else(|| net.addr().to_string(), str::to_owned);
                match net.prefix_len() {
                    32 => name,
                    bits => format!("{name}/{bits}"),
                }
            }
        }
    }

    fn ports(self, what: &str, proto: Proto, ports: Not<Ports>) -> String {
        let name = |port: u16| {
            let name = (!self.numeric).then(|| service(proto, port)).flatten();
            name.map_or_else(|| port.to_string(), str::to_owned)
        };
        let not = if ports.not { "!" } else { "" };
        let Ports { first, last } = ports.is;
        if first == last {
            format!(" {what}:{not}{}", name(first))
        } else {
            format!(" {what}s:{not}{}:{}", name(first), name(last))
        }
    }
}

fn mark(not: bool) -> char {
    if not { '!' } else { ' ' }
}

fn states(rule: &Rule, out: &mut String) {
    if let Some(Not { not, is }) = rule.ctstate {
        let _ = write!(out, "{} ctstate {is}", if not { " !" } else { "" });
    }
}

/// Of a rule whose target is not understood.
fn foreign_target(entry: &Entry) -> &str {
    let name = entry.other.iter().find_map(|it| match it {
        Opaque::Target(name) => Some(name.as_str()),
        Opaque::Match(_) | Opaque::Expression(_) => None,
    });
    name.unwrap_or_default()
}

/// Names that hosts(5) and networks(5) commonly give.
fn network(net: Ipv4Net) -> Option<&'static str> {
    match (net.addr().octets(), net.prefix_len()) {
        (octets, 32) if octets == Ipv4Addr::LOCALHOST.octets() => Some("localhost"),
        ([127, 0, 0, 0], 8) => Some("loopback"),
        ([169, 254, 0, 0], 16) => Some("link-local"),
        _ => None,
    }
}

/// A count in five columns: rounded, with K, M, G or T, where it would not fit.
fn short(count: u64) -> String {
    /// Largest count that is written whole.
    const WHOLE: u64 = 99_999;
    /// Largest number before a letter; only T may have more.
    const MOST: u64 = 9_999;
    if count <= WHOLE {
        return format!("{count:>5}");
    }
    let rounded = |unit: u64| count / unit + u64::from(count % unit >= unit / 2);
    for (unit, letter) in [(1_000, 'K'), (1_000_000, 'M'), (1_000_000_000, 'G')] {
        if rounded(unit) <= MOST {
            return format!("{:>4}{letter}", rounded(unit));
        }
    }
    format!("{:>4}T", rounded(1_000_000_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_rounded_as_iptables_rounds_them() {
        // What `iptables -c P B -A …` and then `-L -nv` show.
        for (count, text) in [
            (0, "    0"),
            (99_999, "99999"),
            (100_000, " 100K"),
            (1_234_567, "1235K"),
            (9_999_499, "9999K"),
            (9_999_500, "  10M"),
            (99_994_990, " 100M"),
            (999_950_000, "1000M"),
            (9_999_500_000, "  10G"),
            (9_999_499_000_000, "9999G"),
            (9_999_500_000_000, "  10T"),
            (99_994_990_000_000_000, "99995T"),
        ] {
            assert_eq!(short(count), text, "{count}");
        }
    }
}
