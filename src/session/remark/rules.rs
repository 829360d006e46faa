//! Refusals of `iptables`.

use super::Case;
use crate::command::iptables::{Iptables, Op, Table};
use crate::lesson::report::meant;

/// Chains that are there before anybody makes one (iptables(8)).
const FILTER: [&str; 3] = ["INPUT", "FORWARD", "OUTPUT"];
const NAT: [&str; 4] = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"];

pub(super) fn refused(case: Case<'_>, command: &Iptables) -> Option<String> {
    match &command.op {
        Op::NewChain(name) if case.says("already exists") => Some(format!(
            "The chain {name} is there already; `-A {name} …` adds a rule to it."
        )),
        Op::Delete(chain, _) if case.says("Bad rule") => Some(format!(
            "{chain} has no rule that is exactly so. `iptables{} -S {chain}` lists those that it has.",
            option(command.table)
        )),
        Op::DeleteNumber(chain, number) if case.says("too big") => Some(format!(
            "{chain} has fewer than {number} rules. `iptables{} -L {chain} -n --line-numbers` numbers them.",
            option(command.table)
        )),
        Op::DeleteChain(_) if case.says("not empty") || case.says("Device or resource busy") => {
            Some("A chain is deleted only when it holds no rule and none jumps to it.".to_owned())
        }
        Op::Policy(chain, _) if case.says("Bad built-in") => Some(format!(
            "Only a chain that the kernel itself calls has a policy, and {chain} is none: its packets go back to where they came from."
        )),
        Op::Append(chain, _)
        | Op::Insert(chain, ..)
        | Op::Delete(chain, _)
        | Op::DeleteNumber(chain, _)
        | Op::Flush(Some(chain))
        | Op::DeleteChain(Some(chain))
        | Op::ListRules(Some(chain))
        | Op::List {
            chain: Some(chain), ..
        } => no_chain(case, command.table, chain),
        Op::Policy(..)
        | Op::Flush(None)
        | Op::NewChain(_)
        | Op::DeleteChain(None)
        | Op::ListRules(None)
        | Op::List { chain: None, .. } => None,
    }
}

fn option(table: Table) -> &'static str {
    match table {
        Table::Filter => "",
        Table::Nat => " -t nat",
    }
}

/// The chain is not there, or is one of the other table.
fn no_chain(case: Case<'_>, table: Table, chain: &str) -> Option<String> {
    let (name, other) = match table {
        Table::Filter => ("filter", Table::Nat),
        Table::Nat => ("nat", Table::Filter),
    };
    let there = chains(case, table);
    if there.iter().any(|it| it == chain) {
        return None;
    }
    if chains(case, other).iter().any(|it| it == chain) {
        let with = if option(other).is_empty() {
            "without -t nat"
        } else {
            "with -t nat"
        };
        return Some(format!(
            "The table {name} has no chain {chain}; the line is right {with}."
        ));
    }
    if let Some(near) = meant(chain, there.iter().map(String::as_str)) {
        return Some(format!("There is no chain {chain}. Did you mean {near}?"));
    }
    Some(format!(
        "The table {name} has no chain {chain}; it has {}. `iptables{} -N {chain}` makes one.",
        there.join(", "),
        option(table)
    ))
}

fn chains(case: Case<'_>, table: Table) -> Vec<String> {
    let (name, built_in) = match table {
        Table::Filter => ("filter", &FILTER[..]),
        Table::Nat => ("nat", &NAT[..]),
    };
    let mut all: Vec<String> = built_in.iter().map(|it| (*it).to_owned()).collect();
    let made = case.space.and_then(|space| space.ruleset.ip(name));
    for chain in made.into_iter().flat_map(|table| &table.chains) {
        if !all.contains(&chain.name) {
            all.push(chain.name.clone());
        }
    }
    all
}
