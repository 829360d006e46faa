//! `iptables …` as one line.

use std::fmt::Display;

use super::{Iptables, Op, Table};
use crate::command::canonical::Words;
use crate::world::ruleset::rule::{CtStates, Not, Ports, Proto, Rule, Target};

impl Iptables {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        words.word("iptables");
        match self.table {
            Table::Filter => {}
            Table::Nat => {
                words.word("-t nat");
            }
        }
        match &self.op {
            Op::Append(chain, rule) => write_rule(rule, words.pair("-A", chain)),
            Op::Insert(chain, place, rule) => {
                write_rule(rule, words.pair("-I", chain).value(place));
            }
            Op::Delete(chain, rule) => write_rule(rule, words.pair("-D", chain)),
            Op::DeleteNumber(chain, place) => {
                words.pair("-D", chain).value(place);
            }
            Op::Policy(chain, drop) => {
                words
                    .pair("-P", chain)
                    .word(if *drop { "DROP" } else { "ACCEPT" });
            }
            Op::Flush(chain) => write_chain("-F", chain.as_ref(), words),
            Op::NewChain(chain) => write_chain("-N", Some(chain), words),
            Op::DeleteChain(chain) => write_chain("-X", chain.as_ref(), words),
            Op::ListRules(chain) => write_chain("-S", chain.as_ref(), words),
            Op::List {
                chain,
                numeric,
                verbose,
                numbers,
            } => {
                write_chain("-L", chain.as_ref(), words);
                words
                    .flag("-n", *numeric)
                    .flag("-v", *verbose)
                    .flag("--line-numbers", *numbers);
            }
        }
    }
}

fn write_chain(option: &str, chain: Option<&String>, words: &mut Words) {
    words.word(option);
    if let Some(chain) = chain {
        words.value(chain);
    }
}

fn condition<T>(
    words: &mut Words,
    key: &str,
    condition: Option<&Not<T>>,
    value: impl Fn(&T) -> String,
) {
    if let Some(Not { not, is }) = condition {
        words.flag("!", *not).pair(key, value(is));
    }
}

fn write_rule(rule: &Rule, words: &mut Words) {
    condition(words, "-s", rule.src.as_ref(), ToString::to_string);
    condition(words, "-d", rule.dst.as_ref(), ToString::to_string);
    condition(words, "-i", rule.iif.as_ref(), Clone::clone);
    condition(words, "-o", rule.oif.as_ref(), Clone::clone);
    condition(words, "-p", rule.proto.as_ref(), |is| proto(*is));
    if rule.ctstate_first {
        write_states(rule.ctstate.as_ref(), words);
    }
    condition(words, "--sport", rule.sport.as_ref(), |is| ports(*is, ':'));
    condition(words, "--dport", rule.dport.as_ref(), |is| ports(*is, ':'));
    if !rule.ctstate_first {
        write_states(rule.ctstate.as_ref(), words);
    }
    if let Some(target) = &rule.target {
        write_target(target, words.word("-j"));
    }
}

fn write_states(states: Option<&Not<CtStates>>, words: &mut Words) {
    words.flag("-m conntrack", states.is_some());
    condition(words, "--ctstate", states, |is| {
        let names: Vec<&str> = is.iter_names().map(|(name, _)| name).collect();
        names.join(",")
    });
}

fn proto(proto: Proto) -> String {
    match proto {
        Proto::Icmp => "icmp".to_owned(),
        Proto::Tcp => "tcp".to_owned(),
        Proto::Udp => "udp".to_owned(),
        Proto::Other(number) => number.to_string(),
    }
}

fn ports(ports: Ports, between: char) -> String {
    if ports.first == ports.last {
        ports.first.to_string()
    } else {
        format!("{}{between}{}", ports.first, ports.last)
    }
}

fn write_target(target: &Target, words: &mut Words) {
    match target {
        Target::Accept => words.word("ACCEPT"),
        Target::Drop => words.word("DROP"),
        Target::Reject { with } => words.word("REJECT").option("--reject-with", with.as_ref()),
        Target::Return => words.word("RETURN"),
        Target::Masquerade => words.word("MASQUERADE"),
        Target::Snat(to, with) => words.word("SNAT").pair("--to-source", rewritten(to, *with)),
        Target::Dnat(to, with) => words
            .word("DNAT")
            .pair("--to-destination", rewritten(to, *with)),
        Target::Chain(chain) => words.value(chain),
    };
}

fn rewritten(address: &impl Display, with: Option<Ports>) -> String {
    match with {
        None => address.to_string(),
        Some(with) => format!("{address}:{}", ports(with, '-')),
    }
}
